import type { Tx } from "../db/client.ts";
import {
  type ChurchId,
  type DeliveryId,
  type EventId,
  newId,
  type WebhookEndpointId,
} from "../kernel/ids.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { endpointsMost } from "./endpoints.ts";
import { insertReplay } from "./replay-store.ts";
import { type EndpointRow, endpointById, eventById, insertDeliveries, listEndpoints } from "./store.ts";

/**
 * Sends an event again, to the endpoint named or to every enabled one that wants it: fresh deliveries with the
 * whole retry schedule and the same `webhook-id`, so a receiver that had it can tell. `not_found` for an unknown
 * event or endpoint, `conflict` when there is nobody to send it to. Ring the outbox after the commit.
 */
export async function redeliver(
  tx: Tx,
  church: ChurchId,
  order: { readonly eventId: EventId; readonly endpointId: WebhookEndpointId | undefined },
  at: Date,
): Promise<Result<readonly DeliveryId[], Problem>> {
  const event = await eventById(tx, church, order.eventId);
  if (!event) return err({ code: "not_found", detail: `this church has no event ${order.eventId}` });
  const targets = await targetsOf(tx, church, event.type, order.endpointId);
  if (!targets.ok) return targets;
  const rows = targets.value.map((endpoint) => ({
    churchId: church,
    id: newId("delivery"),
    eventId: event.id,
    endpointId: endpoint.id,
    state: "pending" as const,
    tries: 0,
    nextAt: at,
    createdAt: at,
  }));
  await insertDeliveries(tx, rows);
  return ok(rows.map((row) => row.id));
}

async function targetsOf(
  tx: Tx,
  church: ChurchId,
  type: string,
  endpointId: WebhookEndpointId | undefined,
): Promise<Result<readonly EndpointRow[], Problem>> {
  if (endpointId !== undefined) {
    const endpoint = await enabledEndpoint(tx, church, endpointId);
    return endpoint.ok ? ok([endpoint.value]) : endpoint;
  }
  const all = await listEndpoints(tx, church, { limit: endpointsMost, before: undefined });
  const wanting = all.filter(
    (e) => e.status === "enabled" && (e.eventTypes.length === 0 || e.eventTypes.includes(type)),
  );
  return wanting.length > 0
    ? ok(wanting)
    : err({ code: "conflict", detail: `no enabled endpoint wants ${type}: add or enable one first` });
}

/** The endpoint (named or `not_found`), refused with `conflict` while it is disabled. */
async function enabledEndpoint(
  tx: Tx,
  church: ChurchId,
  id: WebhookEndpointId,
): Promise<Result<EndpointRow, Problem>> {
  const endpoint = await endpointById(tx, church, id);
  if (!endpoint) return err({ code: "not_found", detail: `this church has no webhook endpoint ${id}` });
  return endpoint.status === "enabled"
    ? ok(endpoint)
    : err({ code: "conflict", detail: "the endpoint is disabled: enable it first" });
}

/** Events announced from `from` (included) to `to` (not included). */
export type ReplayOrder = {
  readonly endpointId: WebhookEndpointId;
  readonly from: Date;
  readonly to: Date;
  /** True leaves out what this endpoint has received or still has coming. */
  readonly onlyMissed: boolean;
  /** Where the last replay of this range stopped. */
  readonly after: EventId | undefined;
};

/** Deliveries made by one replay; the rest of the range is had by asking again after `last`. */
export const replayMost = 1000;

/**
 * Sends a range of events to one endpoint again, oldest first, those of the types it wants, at most
 * {@link replayMost} in one call. For after an outage that outlived the retries.
 */
export async function replayRange(
  tx: Tx,
  church: ChurchId,
  order: ReplayOrder,
  at: Date,
): Promise<Result<{ deliveries: number; last: EventId | undefined }, Problem>> {
  if (order.to <= order.from) {
    return err(fieldProblem("invalid_request", "/to", "must be later than from"));
  }
  const endpoint = await enabledEndpoint(tx, church, order.endpointId);
  if (!endpoint.ok) return endpoint;
  return ok(
    await insertReplay(tx, church, { ...order, eventTypes: endpoint.value.eventTypes }, at, replayMost),
  );
}
