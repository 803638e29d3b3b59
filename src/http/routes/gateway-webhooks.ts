import type { OpenAPIHono } from "@hono/zod-openapi";
import { type Door, receiveDelivery } from "../../webhooks/receive.ts";
import { type HonoEnv, refuse, unwrap } from "../context.ts";
import { newRouter } from "../router.ts";

/** Largest delivery read, in bytes; gateways send a few kB. */
const maxBytes = 512 * 1024;

/** `POST /webhooks/{gateway}/{endpoint}`: 200 only after the raw delivery is durable. */
export function gatewayWebhookRoutes(door: Door): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.post("/webhooks/:gateway/:endpoint", async (c) => {
    const tooLarge = { code: "body_too_large", detail: `a delivery is at most ${maxBytes} bytes` } as const;
    if (Number(c.req.header("content-length") ?? 0) > maxBytes) refuse(tooLarge);
    const body = new Uint8Array(await c.req.arrayBuffer());
    if (body.byteLength > maxBytes) refuse(tooLarge);
    const delivery = { headers: Object.fromEntries(c.req.raw.headers), body };
    const { gateway, endpoint } = c.req.param();
    const written = unwrap(await receiveDelivery(door, gateway, endpoint, delivery));
    return c.json({ received: true, seen_before: written === "seen" });
  });
  return app;
}
