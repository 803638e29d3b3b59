import { createMiddleware } from "hono/factory";
import { type HonoEnv, refuse } from "../context.ts";

/** Largest JSON body read, in bytes. A donation is under 4 kB. */
export const maxJsonBytes = 256 * 1024;

/**
 * Guards the JSON endpoints: right content type, bounded size whatever the length header claims, and parseable,
 * before any schema looks at it.
 */
export const jsonBodyGuard = createMiddleware<HonoEnv>(async (c, next) => {
  if (c.req.method === "GET" || c.req.method === "HEAD" || c.req.method === "DELETE") return next();
  const tooLarge = { code: "body_too_large", detail: `send at most ${maxJsonBytes} bytes` } as const;
  if (Number(c.req.header("content-length") ?? 0) > maxJsonBytes) refuse(tooLarge);
  const text = await c.req.text();
  if (text.length > maxJsonBytes) refuse(tooLarge);
  if (text === "") return next();
  const type = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    refuse({ code: "unsupported_media_type", detail: "send the body as application/json" });
  }
  try {
    JSON.parse(text);
  } catch {
    refuse({
      code: "malformed_json",
      detail: "the body could not be parsed: check quotes, commas and braces",
    });
  }
  return next();
});
