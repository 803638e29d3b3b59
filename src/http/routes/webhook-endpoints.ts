import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Deps } from "../../deps.ts";
import {
  createEndpoint,
  deleteEndpoint,
  type EndpointDeps,
  editEndpoint,
  endpointsMost,
  getEndpoint,
  rotateSecret,
} from "../../outbox/endpoints.ts";
import { eventTypeSchema, eventTypes } from "../../outbox/event-types.ts";
import { type EndpointRow, listEndpoints } from "../../outbox/store.ts";
import { type HonoEnv, unwrap } from "../context.ts";
import { requires } from "../middleware/requires.ts";
import { idSchema, json, jsonBody, listOf, listQuery, newRouter, page, problemAnswers } from "../router.ts";

const endpointSchema = z
  .object({
    id: z.string(),
    url: z.string(),
    event_types: z.array(z.string()).openapi({ description: "Empty: every type" }),
    status: z.enum(["enabled", "disabled"]),
    disabled_reason: z.string().nullable(),
    failing_since: z.iso.datetime().nullable().openapi({ description: "No delivery has succeeded since" }),
    created_at: z.iso.datetime(),
  })
  .openapi("WebhookEndpoint", { description: "An address of the church's that events are sent to" });
const shownSchema = endpointSchema
  .extend({
    secret: z.string().openapi({
      description: "Signs what we send (Standard Webhooks). Shown this once: keep it now",
      example: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    }),
  })
  .openapi("NewWebhookEndpoint");

const renderEndpoint = (row: EndpointRow): z.infer<typeof endpointSchema> => ({
  id: row.id,
  url: row.url,
  event_types: row.eventTypes,
  status: row.status,
  disabled_reason: row.disabledReason,
  failing_since: row.failingSince?.toISOString() ?? null,
  created_at: row.createdAt.toISOString(),
});

const url = z.string().openapi({ example: "https://chms.example/ofrenda" });
const wantedTypes = z
  .array(eventTypeSchema)
  .max(eventTypes.length)
  .openapi({ description: "Only these types; empty: every type", example: ["donation.succeeded"] });
const params = z.object({ id: idSchema("webhookEndpoint") });

const list = createRoute({
  method: "get",
  path: "/v1/webhook-endpoints",
  summary: "List the church's webhook endpoints, newest first",
  middleware: [requires("webhooks:read")] as const,
  request: { query: listQuery.extend({ cursor: idSchema("webhookEndpoint").optional() }) },
  responses: { 200: json(listOf(endpointSchema), "A page of endpoints"), ...problemAnswers },
});

const create = createRoute({
  method: "post",
  path: "/v1/webhook-endpoints",
  summary: `Make a webhook endpoint (at most ${endpointsMost}); its secret is shown once`,
  middleware: [requires("webhooks:write")] as const,
  request: { body: jsonBody(z.strictObject({ url, event_types: wantedTypes.default([]) })) },
  responses: { 201: json(shownSchema, "The endpoint, with its secret"), ...problemAnswers },
});

const read = createRoute({
  method: "get",
  path: "/v1/webhook-endpoints/{id}",
  summary: "Read a webhook endpoint",
  middleware: [requires("webhooks:read")] as const,
  request: { params },
  responses: { 200: json(endpointSchema, "The endpoint"), ...problemAnswers },
});

const patch = createRoute({
  method: "patch",
  path: "/v1/webhook-endpoints/{id}",
  summary: "Change a webhook endpoint, or enable it again",
  middleware: [requires("webhooks:write")] as const,
  request: {
    params,
    body: jsonBody(
      z.strictObject({
        url: url.optional(),
        event_types: wantedTypes.optional(),
        status: z
          .enum(["enabled", "disabled"])
          .optional()
          .openapi({ description: "Disabling gives up what is still on its way" }),
      }),
    ),
  },
  responses: { 200: json(endpointSchema, "The endpoint"), ...problemAnswers },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/webhook-endpoints/{id}",
  summary: "Delete a webhook endpoint with its delivery log",
  middleware: [requires("webhooks:write")] as const,
  request: { params },
  responses: { 204: { description: "It is gone" }, ...problemAnswers },
});

const rotate = createRoute({
  method: "post",
  path: "/v1/webhook-endpoints/{id}/rotate-secret",
  summary: "Make a new secret, shown once; for 24 hours the old one signs beside it",
  middleware: [requires("webhooks:write")] as const,
  request: { params },
  responses: { 200: json(shownSchema, "The endpoint, with its new secret"), ...problemAnswers },
});

const endpointDeps = (deps: Deps): EndpointDeps => ({
  clock: deps.clock,
  vault: deps.vault,
  targets: { allowPrivateTargets: deps.config.sandbox },
});

/** `/v1/webhook-endpoints…`; the delivery log is in deliveries.ts. */
export function webhookEndpointRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.openapi(list, async (c) => {
    const { limit, cursor: before } = c.req.valid("query");
    const church = c.get("principal").churchId;
    const rows = await c
      .get("deps")
      .db.inChurch(church, (tx) => listEndpoints(tx, church, { limit: limit + 1, before }));
    const { data, next_cursor } = page(rows, limit, (row) => row.id);
    return c.json({ data: data.map(renderEndpoint), next_cursor }, 200);
  });
  app.openapi(create, async (c) => {
    const deps = c.get("deps");
    const church = c.get("principal").churchId;
    const { url, event_types: eventTypes } = c.req.valid("json");
    const made = unwrap(
      await deps.db.inChurch(church, (tx) =>
        createEndpoint(endpointDeps(deps), tx, church, { url, eventTypes }),
      ),
    );
    return c.json({ ...renderEndpoint(made.endpoint), secret: made.secret.reveal() }, 201);
  });
  app.openapi(read, async (c) => {
    const church = c.get("principal").churchId;
    const { id } = c.req.valid("param");
    const row = await c.get("deps").db.inChurch(church, (tx) => getEndpoint(tx, church, id));
    return c.json(renderEndpoint(unwrap(row)), 200);
  });
  app.openapi(patch, async (c) => {
    const deps = c.get("deps");
    const church = c.get("principal").churchId;
    const { id } = c.req.valid("param");
    const { url, event_types: eventTypes, status } = c.req.valid("json");
    const row = await deps.db.inChurch(church, (tx) =>
      editEndpoint(endpointDeps(deps), tx, church, id, { url, eventTypes, status }),
    );
    return c.json(renderEndpoint(unwrap(row)), 200);
  });
  app.openapi(remove, async (c) => {
    const church = c.get("principal").churchId;
    const { id } = c.req.valid("param");
    unwrap(await c.get("deps").db.inChurch(church, (tx) => deleteEndpoint(tx, church, id)));
    return c.body(null, 204);
  });
  app.openapi(rotate, async (c) => {
    const deps = c.get("deps");
    const church = c.get("principal").churchId;
    const { id } = c.req.valid("param");
    const made = unwrap(
      await deps.db.inChurch(church, (tx) => rotateSecret(endpointDeps(deps), tx, church, id)),
    );
    return c.json({ ...renderEndpoint(made.endpoint), secret: made.secret.reveal() }, 200);
  });
  return app;
}
