import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import type { Deps } from "../deps.ts";
import type { Door } from "../webhooks/receive.ts";
import { type HonoEnv, ProblemError } from "./context.ts";
import { frame } from "./middleware/frame.ts";
import { jsonBodyGuard } from "./middleware/json-body.ts";
import { problemResponse } from "./problems.ts";
import { newRouter } from "./router.ts";
import { apiKeyRoutes } from "./routes/api-keys.ts";
import { churchRoutes } from "./routes/churches.ts";
import { countryRoutes } from "./routes/countries.ts";
import { deliveryRoutes } from "./routes/deliveries.ts";
import { donationRoutes } from "./routes/donations.ts";
import { donorRoutes } from "./routes/donors.ts";
import { eventRoutes } from "./routes/events.ts";
import { fundRoutes } from "./routes/funds.ts";
import { gatewayWebhookRoutes } from "./routes/gateway-webhooks.ts";
import { healthRoutes } from "./routes/health.ts";
import { ledgerRoutes } from "./routes/ledger.ts";
import { legalEntityRoutes } from "./routes/legal-entities.ts";
import { webhookEndpointRoutes } from "./routes/webhook-endpoints.ts";

const resources = [
  donationRoutes,
  countryRoutes,
  churchRoutes,
  legalEntityRoutes,
  fundRoutes,
  donorRoutes,
  apiKeyRoutes,
  webhookEndpointRoutes,
  deliveryRoutes,
  eventRoutes,
  ledgerRoutes,
];

/** What the edge needs beside the use cases' dependencies. */
export type HttpParts = {
  readonly door: Door;
  /** Server-rendered pages: the checkout, and the sandbox where it is on. */
  readonly pages: readonly Hono<HonoEnv>[];
  readonly scrape: (() => Promise<string>) | undefined;
};

/** The HTTP face: middleware in order, one router per resource, and the only place problems are rendered. */
export function createHttpApp(deps: Deps, parts: HttpParts): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.use(frame(deps));
  app.use(secureHeaders());
  app.use("/v1/*", jsonBodyGuard);
  for (const routes of resources) app.route("/", routes());
  app.route("/", gatewayWebhookRoutes(parts.door));
  app.route("/", healthRoutes(parts.scrape));
  for (const pages of parts.pages) app.route("/", pages);
  app.notFound((c) => {
    return problemResponse(
      { code: "not_found", detail: `nothing answers ${c.req.method} ${c.req.path}` },
      c.get("requestId"),
    );
  });
  app.onError((error, c) => {
    const requestId = c.get("requestId");
    if (error instanceof ProblemError) return problemResponse(error.problem, requestId);
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
