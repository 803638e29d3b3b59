import type { Tx } from "../db/client.ts";
import type { DueRow } from "../db/due-by-turns.ts";
import {
  type ChurchId,
  type DeliveryId,
  type EventId,
  toId,
  uuidOf,
  type WebhookEndpointId,
} from "../kernel/ids.ts";

/** The writes of sending. Order of locks, always: the endpoint first, then its deliveries. */

export const deliveryQueue = { table: "deliveries", kind: "delivery" } as const;
export type DueDelivery = DueRow<"delivery">;

/** One try of one delivery, ours until the lease ends. */
export type ClaimedDelivery = {
  readonly church: ChurchId;
  readonly id: DeliveryId;
  /** 1 for the first try. Also the fence: a slower worker with an older number changes nothing but the log. */
  readonly number: number;
  readonly event: {
    readonly id: EventId;
    readonly type: string;
    readonly objectId: string;
    readonly sequence: number;
    readonly data: Readonly<Record<string, unknown>>;
    readonly createdAt: Date;
  };
  readonly endpoint: {
    readonly id: WebhookEndpointId;
    readonly url: string;
    readonly enabled: boolean;
    readonly secrets: Uint8Array;
    readonly keyVersion: number;
  };
};

type ClaimRow = {
  tries: number;
  event_id: string;
  type: string;
  object_id: string;
  sequence: number;
  data: Record<string, unknown>;
  created_at: Date;
  endpoint_id: string;
  url: string;
  status: string;
  secrets: Uint8Array;
  key_version: number;
};

/** Takes the delivery if it is still due and nobody holds it; its next try moves to `leaseEnds`. */
export async function claimDelivery(
  tx: Tx,
  due: DueDelivery,
  now: Date,
  leaseEnds: Date,
): Promise<ClaimedDelivery | undefined> {
  const church = uuidOf(due.church);
  const [row] = await tx.sql<ClaimRow[]>`
    with due as (
      select id from deliveries
      where church_id = ${church} and id = ${uuidOf(due.id)} and state = 'pending' and next_at <= ${now}
      for update skip locked
    )
    update deliveries d set tries = d.tries + 1, next_at = ${leaseEnds}
    from due, events e, webhook_endpoints w
    where d.church_id = ${church} and d.id = due.id
      and e.church_id = d.church_id and e.id = d.event_id
      and w.church_id = d.church_id and w.id = d.endpoint_id
    returning d.tries, e.id as event_id, e.type, e.object_id, e.sequence, e.data, e.created_at,
              w.id as endpoint_id, w.url, w.status, w.secrets, w.key_version`;
  if (!row) return undefined;
  const claimed: ClaimedDelivery = {
    ...due,
    number: row.tries,
    event: {
      id: toId("event", row.event_id),
      type: row.type,
      objectId: row.object_id,
      sequence: row.sequence,
      data: row.data,
      createdAt: row.created_at,
    },
    endpoint: {
      id: toId("webhookEndpoint", row.endpoint_id),
      url: row.url,
      enabled: row.status === "enabled",
      secrets: row.secrets,
      keyVersion: row.key_version,
    },
  };
  if (claimed.number > 1) await logInterrupted(tx, claimed, now);
  return claimed;
}

/** The try before this one left no trace if its process died: the log says so rather than skipping a number. */
async function logInterrupted(tx: Tx, claimed: ClaimedDelivery, now: Date): Promise<void> {
  await logTry(tx, claimed, {
    number: claimed.number - 1,
    at: now,
    status: null,
    durationMs: 0,
    error: "interrupted: we stopped before the answer was recorded",
    excerpt: null,
  });
}

/** A line of the delivery log. `status` is the HTTP status when an answer came. */
export type TryLine = {
  readonly number: number;
  readonly at: Date;
  readonly status: number | null;
  readonly durationMs: number;
  readonly error: string | null;
  readonly excerpt: string | null;
};

/** Appends to the log; nothing when that number is already there or the delivery was deleted meanwhile. */
export async function logTry(tx: Tx, delivery: DueDelivery, line: TryLine): Promise<void> {
  await tx.sql`
    insert into delivery_tries (church_id, delivery_id, number, at, status, duration_ms, error, excerpt)
    select church_id, id, ${line.number}, ${line.at}, ${line.status}::smallint, ${line.durationMs},
           ${line.error}::text, ${line.excerpt}::text
    from deliveries where church_id = ${uuidOf(delivery.church)} and id = ${uuidOf(delivery.id)}
    on conflict do nothing`;
}

/** A 2xx settles the delivery whatever happened since, and ends the endpoint's failing. */
export async function settleDelivered(tx: Tx, claimed: ClaimedDelivery): Promise<void> {
  const church = uuidOf(claimed.church);
  await tx.sql`
    update webhook_endpoints set failing_since = null
    where church_id = ${church} and id = ${uuidOf(claimed.endpoint.id)} and failing_since is not null`;
  await tx.sql`
    update deliveries set state = 'succeeded', next_at = null
    where church_id = ${church} and id = ${uuidOf(claimed.id)} and state <> 'succeeded'`;
}

/** Marks the endpoint as failing and answers since when; `undefined` when it was deleted. Holds its row. */
export async function markFailing(tx: Tx, claimed: ClaimedDelivery, at: Date): Promise<Date | undefined> {
  const [row] = await tx.sql<{ failing_since: Date }[]>`
    update webhook_endpoints set failing_since = coalesce(failing_since, ${at})
    where church_id = ${uuidOf(claimed.church)} and id = ${uuidOf(claimed.endpoint.id)}
    returning failing_since`;
  return row?.failing_since;
}

/** After a failed try: again at `nextAt`, or dead when it is `undefined`. A newer try's outcome stands. */
export async function settleFailed(
  tx: Tx,
  claimed: ClaimedDelivery,
  nextAt: Date | undefined,
): Promise<void> {
  await tx.sql`
    update deliveries set state = ${nextAt ? "pending" : "dead"}, next_at = ${nextAt ?? null}
    where church_id = ${uuidOf(claimed.church)} and id = ${uuidOf(claimed.id)}
      and state = 'pending' and tries = ${claimed.number}`;
}

/** The receiver asked for quiet: nothing of this endpoint goes out before `until`, then over ten seconds. */
export async function holdEndpoint(tx: Tx, claimed: ClaimedDelivery, until: Date): Promise<void> {
  await tx.sql`
    update deliveries set next_at = ${until}::timestamptz + random() * interval '10 seconds'
    where church_id = ${uuidOf(claimed.church)} and endpoint_id = ${uuidOf(claimed.endpoint.id)}
      and state = 'pending' and next_at is not null and next_at < ${until} and id <> ${uuidOf(claimed.id)}`;
}

/** Disables an endpoint of ours to stop sending; the reason is shown to the church. False if it already was. */
export async function disableEndpoint(
  tx: Tx,
  church: ChurchId,
  endpoint: WebhookEndpointId,
  reason: string,
): Promise<boolean> {
  const rows = await tx.sql`
    update webhook_endpoints set status = 'disabled', disabled_reason = ${reason}
    where church_id = ${uuidOf(church)} and id = ${uuidOf(endpoint)} and status = 'enabled'
    returning 1`;
  await retireDeliveries(tx, church, endpoint);
  return rows.length > 0;
}

/** Gives up what is still on its way to an endpoint: listed as dead, to be redelivered by hand. */
export async function retireDeliveries(tx: Tx, church: ChurchId, endpoint: WebhookEndpointId): Promise<void> {
  await tx.sql`
    update deliveries set state = 'dead', next_at = null
    where church_id = ${uuidOf(church)} and endpoint_id = ${uuidOf(endpoint)}
      and state = 'pending' and next_at is not null`;
}
