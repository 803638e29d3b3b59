import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { eventTypeSchema } from "../../outbox/event-types.ts";
import { redeliver } from "../../outbox/redeliver.ts";
import { deliveriesOfEvent, type EventRow, eventById, listEvents, triesOf } from "../../outbox/store.ts";
import { type HonoEnv, refuse, unwrap } from "../context.ts";
import { requires } from "../middleware/requires.ts";
import { idSchema, json, jsonBody, listOf, listQuery, newRouter, page, problemAnswers } from "../router.ts";
import { deliverySchema, renderDelivery } from "./deliveries.ts";

const eventSchema = z
  .object({
    id: z.string().openapi({ description: "Also the webhook-id of its deliveries" }),
    type: z.string(),
    object: z
      .string()
      .openapi({ description: "Id of what it is about", example: "don_0193b2c4d5e67f808a9bacbd" }),
    sequence: z.int().openapi({ description: "1, 2, 3 … per object: drop what is older than what you have" }),
    data: z.record(z.string(), z.unknown()).openapi({ description: "The object as it then was" }),
    created_at: z.iso.datetime(),
  })
  .openapi("Event", { description: "What happened, as announced to the church's endpoints" });
const eventWithLogSchema = eventSchema
  .extend({ deliveries: z.array(deliverySchema) })
  .openapi("EventWithLog");

const jsonObject = z.record(z.string(), z.unknown());

const renderEvent = (row: EventRow): z.infer<typeof eventSchema> => ({
  id: row.id,
  type: row.type,
  object: row.objectId,
  sequence: row.sequence,
  data: jsonObject.parse(row.data),
  created_at: row.createdAt.toISOString(),
});

const params = z.object({ id: idSchema("event") });
/** Deliveries shown with an event: the newest, after however many redeliveries. */
const deliveriesShown = 100;

const list = createRoute({
  method: "get",
  path: "/v1/events",
  summary: "List what was announced, newest first",
  middleware: [requires("webhooks:read")] as const,
  request: {
    query: listQuery.extend({
      cursor: idSchema("event").optional(),
      type: eventTypeSchema.optional(),
      object: z.string().max(64).optional().openapi({ description: "Only what is about this object" }),
    }),
  },
  responses: { 200: json(listOf(eventSchema), "A page of events"), ...problemAnswers },
});

const read = createRoute({
  method: "get",
  path: "/v1/events/{id}",
  summary: "Read an event with its deliveries and every try of them",
  middleware: [requires("webhooks:read")] as const,
  request: { params },
  responses: { 200: json(eventWithLogSchema, "The event"), ...problemAnswers },
});

const again = createRoute({
  method: "post",
  path: "/v1/events/{id}/redeliver",
  summary: "Send an event again, to one endpoint or to all that want it",
  middleware: [requires("webhooks:write")] as const,
  request: {
    params,
    body: {
      ...jsonBody(z.strictObject({ endpoint: idSchema("webhookEndpoint").optional() })),
      required: false,
    },
  },
  responses: {
    202: json(z.object({ deliveries: z.array(z.string()) }).openapi("Redelivery"), "Their deliveries"),
    ...problemAnswers,
  },
});

/** `/v1/events…` */
export function eventRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.openapi(list, async (c) => {
    const { limit, cursor: before, type, object } = c.req.valid("query");
    const church = c.get("principal").churchId;
    const rows = await c
      .get("deps")
      .db.inChurch(church, (tx) =>
        listEvents(tx, church, { type, objectId: object }, { limit: limit + 1, before }),
      );
    const { data, next_cursor } = page(rows, limit, (row) => row.id);
    return c.json({ data: data.map(renderEvent), next_cursor }, 200);
  });
  app.openapi(read, async (c) => {
    const church = c.get("principal").churchId;
    const { id } = c.req.valid("param");
    const found = await c.get("deps").db.inChurch(church, async (tx) => {
      const event = await eventById(tx, church, id);
      if (!event) return undefined;
      const deliveries = await deliveriesOfEvent(tx, church, id, deliveriesShown);
      const tries = await triesOf(
        tx,
        church,
        deliveries.map((row) => row.id),
      );
      return { event, deliveries, tries };
    });
    const { event, deliveries, tries } =
      found ?? refuse({ code: "not_found", detail: `this church has no event ${id}` });
    return c.json(
      { ...renderEvent(event), deliveries: deliveries.map((row) => renderDelivery(row, tries)) },
      200,
    );
  });
  app.openapi(again, async (c) => {
    const { db, clock, doorbell } = c.get("deps");
    const church = c.get("principal").churchId;
    const order = { eventId: c.req.valid("param").id, endpointId: c.req.valid("json").endpoint };
    const made = unwrap(await db.inChurch(church, (tx) => redeliver(tx, church, order, clock.now())));
    doorbell.ring("outbox");
    return c.json({ deliveries: [...made] }, 202);
  });
  return app;
}
