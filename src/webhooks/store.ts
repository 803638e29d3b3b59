import { z } from "zod";
import type { Database, Tx } from "../db/client.ts";
import type { EventResult } from "../giving/apply-gateway-event.ts";
import { after, minutes } from "../kernel/clock.ts";
import {
  type ChurchId,
  type GatewayAccountId,
  type InboxEventId,
  parseId,
  toId,
  uuidOf,
} from "../kernel/ids.ts";
import type { ChurchVault } from "../privacy/vault.ts";
import { bodyAt, bodyOf } from "./write-inbox.ts";

/** An event held under a lease, with its raw bytes. */
export type ClaimedEvent = {
  readonly church: ChurchId;
  readonly id: InboxEventId;
  readonly headers: Readonly<Record<string, string>>;
  readonly target: string;
  readonly body: Uint8Array;
  readonly occurredAt: Date | undefined;
  /** This try's number, from 1. */
  readonly tries: number;
};

/** How long one event may be worked on before another process may take it: longer than any gateway deadline. */
const leaseMs = minutes(2);

const claimedRow = z.object({
  id: z.uuid(),
  headers: z.record(z.string(), z.string()),
  target: z.string(),
  key_version: z.number(),
  body: z.instanceof(Uint8Array),
  occurred_at: z.date().nullable(),
  tries: z.number(),
});

/**
 * Leases the earliest unapplied event of one payment. `undefined` when none is due, or when an earlier one is in
 * somebody's hands or waiting: order within a payment is kept. Parked events do not hold up the rest: the state table copes with disorder.
 */
export function claimNext(
  db: Database,
  vault: ChurchVault,
  lane: { readonly church: ChurchId; readonly account: GatewayAccountId; readonly orderKey: string },
  now: Date,
): Promise<ClaimedEvent | undefined> {
  return db.inChurch(lane.church, async (tx) => {
    const [row] = await tx.sql`
      update inbox set next_at = ${after(now, leaseMs)}, tries = tries + 1
      where church_id = ${uuidOf(lane.church)} and next_at <= ${now} and id = (
        select id from inbox
        where church_id = ${uuidOf(lane.church)} and gateway_account_id = ${uuidOf(lane.account)}
          and order_key = ${lane.orderKey} and next_at is not null and (state = 'received' or next_at <= ${now})
        order by occurred_at, received_at, id limit 1
        for update)
      returning id, headers, target, key_version, body, occurred_at, tries`;
    if (!row) return undefined;
    const claimed = claimedRow.parse(row);
    const id = toId("inboxEvent", claimed.id);
    return {
      church: lane.church,
      id,
      headers: claimed.headers,
      target: claimed.target,
      body: bodyOf(await vault.open(tx, lane.church, bodyAt(id), claimed.body, claimed.key_version)),
      occurredAt: claimed.occurred_at ?? undefined,
      tries: claimed.tries,
    };
  });
}

/** Marks an event done, in the transaction of its effects. */
export async function settleEvent(
  tx: Tx,
  event: ClaimedEvent,
  results: readonly EventResult[],
  now: Date,
): Promise<void> {
  const remark = results
    .map((r) => r.remark)
    .filter(Boolean)
    .join("; ");
  const state = results.every((r) => r.kind === "ignored") ? "ignored" : "handled";
  await tx.sql`
    update inbox set state = ${state}, next_at = null, handled_at = ${now}, remark = ${remark || null}
    where church_id = ${uuidOf(event.church)} and id = ${uuidOf(event.id)}`;
}

export async function park(
  tx: Tx,
  event: ClaimedEvent,
  how: { readonly state: "parked" | "dead"; readonly nextAt: Date | null; readonly remark: string },
): Promise<void> {
  await tx.sql`
    update inbox set state = ${how.state}, next_at = ${how.nextAt}, remark = ${how.remark}
    where church_id = ${uuidOf(event.church)} and id = ${uuidOf(event.id)}`;
}

export type DeadLetter = {
  readonly id: InboxEventId;
  readonly type: string | null;
  readonly eventKey: string | null;
  readonly receivedAt: Date;
  readonly tries: number;
  readonly remark: string | null;
};

/** Events that could not be applied, newest first. */
export async function deadLetters(tx: Tx, church: ChurchId, limit: number): Promise<readonly DeadLetter[]> {
  const rows = await tx.sql<
    {
      id: string;
      type: string | null;
      event_key: string | null;
      received_at: Date;
      tries: number;
      remark: string | null;
    }[]
  >`
    select id, type, event_key, received_at, tries, remark from inbox
    where church_id = ${uuidOf(church)} and state = 'dead' order by received_at desc limit ${limit}`;
  return rows.map((row) => ({
    id: toId("inboxEvent", row.id),
    type: row.type,
    eventKey: row.event_key,
    receivedAt: row.received_at,
    tries: row.tries,
    remark: row.remark,
  }));
}

/**
 * Puts events back in the queue as if they had just arrived: one by id, or every dead letter of the church.
 * Applied ones may be replayed too: their effects book once. Returns how many.
 */
export async function replayEvents(
  tx: Tx,
  church: ChurchId,
  which: { readonly id: string } | "dead",
  now: Date,
): Promise<number> {
  const id = which === "dead" ? undefined : parseId("inboxEvent", which.id);
  if (which !== "dead" && id === undefined) return 0;
  const replayed = await tx.sql`
    update inbox set state = 'received', tries = 0, next_at = ${now}, remark = 'replayed'
    where church_id = ${uuidOf(church)} and verdict = 'genuine'
      and ${id === undefined ? tx.sql`state = 'dead'` : tx.sql`id = ${uuidOf(id)}`}`;
  return replayed.count;
}
