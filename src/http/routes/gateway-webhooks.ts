import type { OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { type Door, receiveDelivery } from "../../webhooks/receive.ts";
import { type HonoEnv, refuse, unwrap } from "../context.ts";
import { newRouter } from "../router.ts";

/** Largest delivery read, in bytes; gateways send a few kB. */
const maxBytes = 512 * 1024;

/** `POST /webhooks/{gateway}/{endpoint}`: 200 only after the raw delivery is durable. */
export function gatewayWebhookRoutes(door: Door): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  const bounded = bodyLimit({
    maxSize: maxBytes,
    onError: () => refuse({ code: "body_too_large", detail: `a delivery is at most ${maxBytes} bytes` }),
  });
  app.post("/webhooks/:gateway/:endpoint", bounded, async (c) => {
    const body = new Uint8Array(await c.req.arrayBuffer());
    const delivery = { headers: Object.fromEntries(c.req.raw.headers), body };
    const { gateway, endpoint } = c.req.param();
    const written = unwrap(await receiveDelivery(door, gateway, endpoint, delivery));
    return c.json({ received: true, seen_before: written === "seen" });
  });
  return app;
}
