import type { OpenAPIHono } from "@hono/zod-openapi";
import { type Door, receiveDelivery } from "../../webhooks/receive.ts";
import { type HonoEnv, refuse, unwrap } from "../context.ts";
import { boundedBody } from "../middleware/bounded-body.ts";
import { newRouter } from "../router.ts";

/** Largest delivery read, in bytes; gateways send a few kB. */
const maxBytes = 512 * 1024;

/** Longest path and query after the endpoint's token. */
const targetMost = 2048;

/** `POST /webhooks/{gateway}/{endpoint}`: 200 only after the raw delivery is durable. */
export function gatewayWebhookRoutes(door: Door): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  const bounded = boundedBody(maxBytes, "a delivery is");
  // Some gateways add words of their own to the address we gave them: a Pix provider posts to `…/pix`.
  app.post("/webhooks/:gateway/:endpoint{[\\w-]+}/:rest{.*}?", bounded, async (c) => {
    const body = new Uint8Array(await c.req.arrayBuffer());
    const { gateway, endpoint, rest } = c.req.param();
    const query = c.req.url.indexOf("?");
    const target = `${rest ? `/${rest}` : ""}${query < 0 ? "" : c.req.url.slice(query)}`;
    if (target.length > targetMost) {
      refuse({ code: "invalid_request", detail: `the address is longer than ${targetMost} characters` });
    }
    const delivery = { headers: Object.fromEntries(c.req.raw.headers), target, body };
    const written = unwrap(await receiveDelivery(door, gateway, endpoint, delivery));
    return c.json({ received: true, seen_before: written === "seen" });
  });
  return app;
}
