import { z } from "zod";
import type { Database, Rows, Statement, Tx } from "../db/client.ts";
import type { EventResult } from "../giving/apply-gateway-event.ts";
import { allOf } from "../kernel/all-of.ts";
import { present } from "../kernel/assert.ts";
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
  /** `undefined` when it does not open: changed, or sealed under a key that is lost. */
  readonly body: Uint8Array | undefined;
  readonly occurredAt: Date | undefined;
  /** This try's number, from 1. */
  readonly tries: number;
};

/** How long one event may be worked on before another process may take it: longer than any gateway deadline. */
const leaseMs = minutes(2);

/** One payment's queue: events in it are applied one after another. */
export type Lane = {
  readonly church: ChurchId;
  readonly account: GatewayAccountId;
  readonly orderKey: string;
  /** How many were found due. */
  readonly due: number;
};

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
  lane: Lane,
  now: Date,
): Promise<ClaimedEvent | undefined> {
  return db.inChurch(lane.church, async (tx) => {
    const [row] = await plannedAfresh(
      tx,
      tx.sql`
      update inbox set next_at = ${after(now, leaseMs)}, tries = tries + 1
      where church_id = ${uuidOf(lane.church)} and (next_at <= ${now}) is true and id = (
        ${earliest(tx, lane.church, uuidOf(lane.account), lane.orderKey, now)}
        for update)
      returning id, headers, target, key_version, body, occurred_at, tries`,
    );
    return row && claimedOf(tx, vault, lane.church, row);
  });
}

/**
 * What waits swings between nothing and, after an outage, tens of thousands. By a plan kept from when nothing waited each
 * payment's look-up would read all of it; so it would where the last statistics say that nothing does, which is why these
 * look-ups are by whole keys, one by one (`lateral … limit 1`), and ask for the time as no index can answer (`is true`).
 */
async function plannedAfresh({ sql }: Tx, statement: Statement): Promise<Rows> {
  const [, rows] = await allOf([sql`set local plan_cache_mode = force_custom_plan`, statement]);
  return rows;
}

/** An event and the queue it is the earliest of. */
type Look = { readonly event: ClaimedEvent; readonly lane: Lane };

/**
 * Settles the earliest events of these payments, all of one church, that say nothing to us: of what gateways send
 * they are the most, and so all of them cost one transaction. `quietOf` tells the remark to keep of one that does,
 * `undefined` of one that has to be applied. Answers what was settled, and the payments whose turn is to apply; those
 * that are in somebody's hands are in neither.
 */
export function settleQuiet(
  db: Database,
  vault: ChurchVault,
  lanes: readonly [Lane, ...Lane[]],
  quietOf: (look: Look) => { readonly remark: string | null } | undefined,
  now: Date,
): Promise<{ readonly quiet: readonly Look[]; readonly loud: readonly Lane[] }> {
  const [{ church }] = lanes;
  return db.inChurch(church, async (tx) => {
    // Who is held by another is passed over, so that two desks can never wait for each other.
    const rows = await plannedAfresh(
      tx,
      tx.sql`
      select lane.number, e.id, e.headers, e.target, e.key_version, e.body, e.occurred_at, e.tries
      from unnest(${lanes.map(({ account }) => uuidOf(account))}::uuid[], ${lanes.map((l) => l.orderKey)}::text[])
        with ordinality as lane (account, order_key, number)
      cross join lateral (${earliest(tx, church, tx.sql`lane.account`, tx.sql`lane.order_key`, now)}) as first
      cross join lateral (
        select * from inbox
        where church_id = ${uuidOf(church)} and id = first.id and (next_at <= ${now}) is true limit 1
        for update skip locked) as e`,
    );
    const quiet: (Look & { readonly remark: string | null })[] = [];
    const loud: Lane[] = [];
    for (const row of rows) {
      const lane = present(lanes[Number(row.number) - 1], "a row is of a lane that was asked for");
      const event = await claimedOf(tx, vault, church, row);
      const found = quietOf({ event, lane });
      if (found) quiet.push({ event, lane, ...found });
      else loud.push(lane);
    }
    if (quiet.length > 0) {
      await tx.sql`
        update inbox set state = 'ignored', next_at = null, tries = tries + 1, handled_at = ${now}, remark = done.remark
        from unnest(${quiet.map(({ event }) => uuidOf(event.id))}::uuid[], ${quiet.map((q) => q.remark)}::text[])
          as done (id, remark)
        where church_id = ${uuidOf(church)} and inbox.id = done.id`;
    }
    return { quiet, loud };
  });
}

/** The id of the earliest unapplied event of one payment, as part of a statement. */
const earliest = ({ sql }: Tx, church: ChurchId, account: Parameter, orderKey: Parameter, now: Date) => sql`
  select id from inbox
  where church_id = ${uuidOf(church)} and gateway_account_id = ${account} and order_key = ${orderKey}
    and next_at is not null and (state = 'received' or next_at <= ${now})
  order by occurred_at, received_at, id limit 1`;

/** A value, or the name of a column. */
type Parameter = string | Statement;

async function claimedOf(tx: Tx, vault: ChurchVault, church: ChurchId, row: unknown): Promise<ClaimedEvent> {
  const claimed = claimedRow.parse(row);
  const id = toId("inboxEvent", claimed.id);
  return {
    church,
    id,
    headers: claimed.headers,
    target: claimed.target,
    body: await opened(vault.open(tx, church, bodyAt(id), claimed.body, claimed.key_version)),
    occurredAt: claimed.occurred_at ?? undefined,
    tries: claimed.tries,
  };
}

async function opened(text: Promise<string>): Promise<Uint8Array | undefined> {
  try {
    return bodyOf(await text);
  } catch (error) {
    if (error instanceof Error && error.name === "SealError") return undefined;
    throw error;
  }
}

/** Marks an event done, in the transaction of its effects. */
export async function settleEvent(
  tx: Tx,
  event: ClaimedEvent,
  results: readonly EventResult[],
  now: Date,
): Promise<void> {
  const state = results.every((r) => r.kind === "ignored") ? "ignored" : "handled";
  await tx.sql`
    update inbox set state = ${state}, next_at = null, handled_at = ${now}, remark = ${remarkOf(results)}
    where church_id = ${uuidOf(event.church)} and id = ${uuidOf(event.id)}`;
}

/** What is kept of what became of an event. */
export const remarkOf = (results: readonly EventResult[]): string | null =>
  results
    .map((r) => r.remark)
    .filter(Boolean)
    .join("; ") || null;

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
