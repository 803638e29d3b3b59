import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { getEndpoint } from "../../outbox/endpoints.ts";
import { replayMost, replayRange } from "../../outbox/redeliver.ts";
import {
  type DeliveryOverview,
  type DeliveryTryRow,
  deliveryStates,
  listDeliveries,
  triesOf,
} from "../../outbox/store.ts";
import { type HonoEnv, unwrap } from "../context.ts";
import { requires } from "../middleware/requires.ts";
import { idSchema, json, jsonBody, listOf, listQuery, newRouter, page, problemAnswers } from "../router.ts";

const trySchema = z
  .object({
    number: z.int(),
    at: z.iso.datetime(),
    http_status: z.int().nullable(),
    duration_ms: z.int(),
    error: z.string().nullable(),
    excerpt: z.string().nullable().openapi({ description: "The beginning of what a refusing endpoint said" }),
  })
  .openapi("DeliveryTry");

/** One event on its way to one endpoint, with its log: a part of two resources. */
export const deliverySchema = z
  .object({
    id: z.string(),
    event: z.string(),
    event_type: z.string(),
    endpoint: z.string(),
    status: z
      .enum(deliveryStates)
      .openapi({ description: "dead: given up after the last try, or with its endpoint" }),
    next_try_at: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
    tries: z.array(trySchema),
  })
  .openapi("Delivery");

/** `tries` may hold those of other deliveries too. */
export const renderDelivery = (
  row: DeliveryOverview,
  tries: readonly DeliveryTryRow[],
): z.infer<typeof deliverySchema> => ({
  id: row.id,
  event: row.eventId,
  event_type: row.eventType,
  endpoint: row.endpointId,
  status: row.state,
  next_try_at: row.nextAt?.toISOString() ?? null,
  created_at: row.createdAt.toISOString(),
  tries: tries
    .filter((t) => t.deliveryId === row.id)
    .map((t) => ({
      number: t.number,
      at: t.at.toISOString(),
      http_status: t.status,
      duration_ms: t.durationMs,
      error: t.error,
      excerpt: t.excerpt,
    })),
});

const params = z.object({ id: idSchema("webhookEndpoint") });

const log = createRoute({
  method: "get",
  path: "/v1/webhook-endpoints/{id}/deliveries",
  summary: "List what was sent to an endpoint and how it answered, newest first",
  middleware: [requires("webhooks:read")] as const,
  request: {
    params,
    query: listQuery.extend({
      cursor: idSchema("delivery").optional(),
      status: z
        .enum(deliveryStates)
        .optional()
        .openapi({ description: "dead: given up, to be redelivered by hand" }),
    }),
  },
  responses: { 200: json(listOf(deliverySchema), "A page of deliveries"), ...problemAnswers },
});

const replay = createRoute({
  method: "post",
  path: "/v1/webhook-endpoints/{id}/replay",
  summary: `Send the events of a period again, oldest first, at most ${replayMost} in one call`,
  middleware: [requires("webhooks:write")] as const,
  request: {
    params,
    body: jsonBody(
      z.strictObject({
        from: z.iso.datetime().openapi({ description: "Included" }),
        to: z.iso.datetime().openapi({ description: "Not included" }),
        only_missed: z.boolean().default(true).openapi({
          description: "Leave out what this endpoint has received or still has coming",
        }),
        cursor: idSchema("event")
          .optional()
          .openapi({ description: "next_cursor of the call before, to go on" }),
      }),
    ),
  },
  responses: {
    202: json(
      z.object({ deliveries: z.int(), next_cursor: z.string().nullable() }).openapi("Replay"),
      "How many are on their way; next_cursor when more of the period is left",
    ),
    ...problemAnswers,
  },
});

/** `/v1/webhook-endpoints/{id}/deliveries` and `/replay` */
export function deliveryRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.openapi(log, async (c) => {
    const church = c.get("principal").churchId;
    const { id } = c.req.valid("param");
    const { limit, cursor: before, status } = c.req.valid("query");
    const read = await c.get("deps").db.inChurch(church, async (tx) => {
      unwrap(await getEndpoint(tx, church, id));
      const rows = await listDeliveries(tx, church, id, status, { limit: limit + 1, before });
      const shown = page(rows, limit, (row) => row.id);
      const tries = await triesOf(
        tx,
        church,
        shown.data.map((row) => row.id),
      );
      return { ...shown, tries };
    });
    const data = read.data.map((row) => renderDelivery(row, read.tries));
    return c.json({ data, next_cursor: read.next_cursor }, 200);
  });
  app.openapi(replay, async (c) => {
    const { db, clock, doorbell } = c.get("deps");
    const church = c.get("principal").churchId;
    const { from, to, only_missed: onlyMissed, cursor: after } = c.req.valid("json");
    const range = { from: new Date(from), to: new Date(to), onlyMissed, after };
    const order = { ...range, endpointId: c.req.valid("param").id };
    const made = unwrap(await db.inChurch(church, (tx) => replayRange(tx, church, order, clock.now())));
    doorbell.ring("outbox");
    return c.json({ deliveries: made.deliveries, next_cursor: made.last ?? null }, 202);
  });
  return app;
}
