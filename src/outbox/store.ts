import { and, asc, count, desc, eq, inArray, lt, type SQL } from "drizzle-orm";
import type { Tx } from "../db/client.ts";
import type { ChurchId, DeliveryId, EventId, WebhookEndpointId } from "../kernel/ids.ts";
import type { Sealed } from "../privacy/vault.ts";
import { deliveries, type deliveryStates, deliveryTries, events, webhookEndpoints } from "./tables.ts";

export { deliveryStates } from "./tables.ts";

export type EndpointRow = typeof webhookEndpoints.$inferSelect;
export type EventRow = typeof events.$inferSelect;
export type DeliveryRow = typeof deliveries.$inferSelect;
export type DeliveryTryRow = typeof deliveryTries.$inferSelect;
export type DeliveryState = (typeof deliveryStates)[number];

/** Rows come newest first, after `before` when given; ids are time-ordered. */
export type Page<Id> = { readonly limit: number; readonly before: Id | undefined };

const endpointKey = (church: ChurchId, id: WebhookEndpointId) =>
  and(eq(webhookEndpoints.churchId, church), eq(webhookEndpoints.id, id));

export async function insertEndpoint(tx: Tx, row: EndpointRow): Promise<void> {
  await tx.orm.insert(webhookEndpoints).values(row);
}

export async function countEndpoints(tx: Tx, church: ChurchId): Promise<number> {
  const [row] = await tx.orm
    .select({ n: count() })
    .from(webhookEndpoints)
    .where(eq(webhookEndpoints.churchId, church));
  return Number(row?.n ?? 0);
}

export async function endpointById(
  tx: Tx,
  church: ChurchId,
  id: WebhookEndpointId,
): Promise<EndpointRow | undefined> {
  const [row] = await tx.orm.select().from(webhookEndpoints).where(endpointKey(church, id));
  return row;
}

/** The endpoint, held against every other change until the transaction ends. */
export async function lockEndpoint(
  tx: Tx,
  church: ChurchId,
  id: WebhookEndpointId,
): Promise<EndpointRow | undefined> {
  const [row] = await tx.orm
    .select()
    .from(webhookEndpoints)
    .where(endpointKey(church, id))
    .for("no key update");
  return row;
}

export async function listEndpoints(
  tx: Tx,
  church: ChurchId,
  page: Page<WebhookEndpointId>,
): Promise<EndpointRow[]> {
  return tx.orm
    .select()
    .from(webhookEndpoints)
    .where(
      and(
        eq(webhookEndpoints.churchId, church),
        page.before === undefined ? undefined : lt(webhookEndpoints.id, page.before),
      ),
    )
    .orderBy(desc(webhookEndpoints.id))
    .limit(page.limit);
}

export type EndpointChange = Partial<
  Pick<EndpointRow, "url" | "eventTypes" | "status" | "disabledReason" | "failingSince">
>;

export async function updateEndpoint(
  tx: Tx,
  church: ChurchId,
  id: WebhookEndpointId,
  change: EndpointChange,
): Promise<EndpointRow | undefined> {
  const [row] = await tx.orm.update(webhookEndpoints).set(change).where(endpointKey(church, id)).returning();
  return row;
}

export async function replaceSecrets(
  tx: Tx,
  church: ChurchId,
  id: WebhookEndpointId,
  sealed: Sealed,
): Promise<void> {
  await tx.orm
    .update(webhookEndpoints)
    .set({ secrets: sealed.bytes, keyVersion: sealed.keyVersion })
    .where(endpointKey(church, id));
}

/** Deletes the endpoint with its deliveries and their tries; the events stay. False when there was none. */
export async function deleteEndpointRow(tx: Tx, church: ChurchId, id: WebhookEndpointId): Promise<boolean> {
  const rows = await tx.orm
    .delete(webhookEndpoints)
    .where(endpointKey(church, id))
    .returning({ id: webhookEndpoints.id });
  return rows.length > 0;
}

export async function eventById(tx: Tx, church: ChurchId, id: EventId): Promise<EventRow | undefined> {
  const [row] = await tx.orm
    .select()
    .from(events)
    .where(and(eq(events.churchId, church), eq(events.id, id)));
  return row;
}

export type EventFilter = { readonly type?: string | undefined; readonly objectId?: string | undefined };

export async function listEvents(
  tx: Tx,
  church: ChurchId,
  filter: EventFilter,
  page: Page<EventId>,
): Promise<EventRow[]> {
  return tx.orm
    .select()
    .from(events)
    .where(
      and(
        eq(events.churchId, church),
        filter.type === undefined ? undefined : eq(events.type, filter.type),
        filter.objectId === undefined ? undefined : eq(events.objectId, filter.objectId),
        page.before === undefined ? undefined : lt(events.id, page.before),
      ),
    )
    .orderBy(desc(events.id))
    .limit(page.limit);
}

export type DeliveryOverview = DeliveryRow & { readonly eventType: string };

const overview = {
  churchId: deliveries.churchId,
  id: deliveries.id,
  eventId: deliveries.eventId,
  endpointId: deliveries.endpointId,
  state: deliveries.state,
  tries: deliveries.tries,
  nextAt: deliveries.nextAt,
  createdAt: deliveries.createdAt,
  eventType: events.type,
};

function selectDeliveries(tx: Tx, where: SQL | undefined) {
  return tx.orm
    .select(overview)
    .from(deliveries)
    .innerJoin(events, and(eq(events.churchId, deliveries.churchId), eq(events.id, deliveries.eventId)))
    .where(where)
    .orderBy(desc(deliveries.id));
}

export async function listDeliveries(
  tx: Tx,
  church: ChurchId,
  endpoint: WebhookEndpointId,
  state: DeliveryState | undefined,
  page: Page<DeliveryId>,
): Promise<DeliveryOverview[]> {
  return selectDeliveries(
    tx,
    and(
      eq(deliveries.churchId, church),
      eq(deliveries.endpointId, endpoint),
      state === undefined ? undefined : eq(deliveries.state, state),
      page.before === undefined ? undefined : lt(deliveries.id, page.before),
    ),
  ).limit(page.limit);
}

/** What became of one event: at most `limit` deliveries, newest first. */
export async function deliveriesOfEvent(
  tx: Tx,
  church: ChurchId,
  event: EventId,
  limit: number,
): Promise<DeliveryOverview[]> {
  return selectDeliveries(tx, and(eq(deliveries.churchId, church), eq(deliveries.eventId, event))).limit(
    limit,
  );
}

/** The tries of the deliveries named, in the order they were made. */
export async function triesOf(
  tx: Tx,
  church: ChurchId,
  ids: readonly DeliveryId[],
): Promise<DeliveryTryRow[]> {
  if (ids.length === 0) return [];
  return tx.orm
    .select()
    .from(deliveryTries)
    .where(and(eq(deliveryTries.churchId, church), inArray(deliveryTries.deliveryId, [...ids])))
    .orderBy(asc(deliveryTries.deliveryId), asc(deliveryTries.number));
}

export async function insertDeliveries(tx: Tx, rows: readonly DeliveryRow[]): Promise<void> {
  if (rows.length > 0) await tx.orm.insert(deliveries).values([...rows]);
}
