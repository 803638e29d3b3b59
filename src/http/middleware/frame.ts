import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import { uuidv7 } from "uuidv7";
import type { Deps } from "../../deps.ts";
import { type HonoEnv, refuse } from "../context.ts";

const printableId = /^[\x21-\x7e]{1,128}$/;
const traceparent = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * The frame around every request: its ids (ours, and the trace of W3C `traceparent`), its log line, its metrics,
 * and the ceiling on what is worked on at once.
 */
export const frame = (deps: Deps) => {
  let inFlight = 0;
  return createMiddleware<HonoEnv>(async (c, next) => {
    const started = performance.now();
    const given = c.req.header("x-request-id");
    const requestId = given !== undefined && printableId.test(given) ? given : uuidv7();
    const traceId = traceparent.exec(c.req.header("traceparent") ?? "")?.[1] ?? requestId.replaceAll("-", "");
    c.set("requestId", requestId);
    c.set("traceId", traceId);
    c.set("deps", deps);
    c.set("log", deps.log.child({ request: requestId, trace: traceId }));
    if (inFlight >= deps.config.maxInFlight) {
      refuse({
        code: "overloaded",
        detail: "too many requests at once: try again shortly",
        retryAfterSeconds: 1,
      });
    }
    inFlight += 1;
    try {
      await next();
    } finally {
      inFlight -= 1;
      const seconds = (performance.now() - started) / 1000;
      const labels = { route: routePath(c, -1), method: c.req.method, status: String(c.res.status) };
      deps.metrics.count("ofrenda_http_requests_total", labels);
      deps.metrics.observe("ofrenda_http_request_seconds", { route: labels.route }, seconds);
      c.get("log").debug({ ...labels, ms: Math.round(seconds * 1000) }, "request answered");
    }
    c.res.headers.set("x-request-id", requestId);
  });
};
