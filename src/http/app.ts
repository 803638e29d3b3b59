import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import type { Deps } from "../deps.ts";
import type { Door } from "../webhooks/receive.ts";
import { type HonoEnv, ProblemError } from "./context.ts";
import { frame } from "./middleware/frame.ts";
import { jsonBodyGuard } from "./middleware/json-body.ts";
import { problemResponse } from "./problems.ts";
import { rememberedRoutes } from "./remembered-routes.ts";
import { resources } from "./resources.ts";
import { newRouter } from "./router.ts";
import { gatewayWebhookRoutes } from "./routes/gateway-webhooks.ts";
import { healthRoutes } from "./routes/health.ts";
import { openApiRoutes } from "./routes/openapi.ts";
import { returnedMailRoutes } from "./routes/returned-mail.ts";

/** What the edge needs beside the use cases' dependencies. */
export type HttpParts = {
  readonly door: Door;
  /** Server-rendered pages: the checkout, and the sandbox where it is on. */
  readonly pages: readonly Hono<HonoEnv>[];
  readonly scrape: (() => Promise<string>) | undefined;
};

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

/** Whether a route of ours, not only middleware, takes this method at this path. */
const answers = (app: OpenAPIHono<HonoEnv>, method: string, path: string): boolean =>
  app.router.match(method, path)[0].some(([[, route]]) => route.method === method);

/** The HTTP face: middleware in order, one router per resource, and the only place problems are rendered. */
export function createHttpApp(deps: Deps, parts: HttpParts): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.router = rememberedRoutes(app.router);
  app.use(frame(deps));
  app.use(secureHeaders());
  app.use("/v1/*", jsonBodyGuard);
  for (const routes of resources) app.route("/", routes());
  app.route("/", gatewayWebhookRoutes(parts.door));
  app.route("/", returnedMailRoutes());
  app.route("/", healthRoutes(parts.scrape));
  app.route("/", openApiRoutes());
  for (const pages of parts.pages) app.route("/", pages);
  app.notFound((c) => {
    const requestId = c.get("requestId");
    const takes = methods.filter((method) => answers(app, method, c.req.path));
    if (takes.length === 0) {
      const detail = `nothing answers ${c.req.method} ${c.req.path}`;
      return problemResponse({ code: "not_found", detail }, requestId);
    }
    const detail = `${c.req.path} takes ${takes.join(", ")}`;
    const refused = problemResponse({ code: "method_not_allowed", detail }, requestId);
    refused.headers.set("allow", takes.join(", "));
    return refused;
  });
  app.onError((error, c) => {
    const requestId = c.get("requestId");
    if (error instanceof ProblemError) return problemResponse(error.problem, requestId);
    // Hono's own: a body that is missing where one is needed.
    if (error instanceof HTTPException && error.status === 400) {
      return problemResponse({ code: "malformed_json", detail: "send a JSON body" }, requestId);
    }
    c.get("log").error({ error: error.name, message: error.message, stack: error.stack }, "request failed");
    return problemResponse(
      {
        code: "internal_error",
        detail: "the request was not carried out: try again, or quote the request id",
      },
      requestId,
    );
  });
  return app;
}
