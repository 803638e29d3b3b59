import { z } from "zod";
import type { Database, Tx } from "../db/client.ts";
import { allOf } from "../kernel/all-of.ts";
import { after, type Clock, hours, minutes, seconds } from "../kernel/clock.ts";
import { type ChurchId, type EventId, toId, uuidOf } from "../kernel/ids.ts";
import type { Log } from "../kernel/log.ts";
import type { Metrics } from "../kernel/metrics.ts";
import { type EventType, eventTypeSchema } from "./event-types.ts";
import type { FollowerName } from "./followers.ts";

type Parts = {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
};

/** An event as it was announced. */
export type FollowedEvent = {
  readonly churchId: ChurchId;
  readonly id: EventId;
  readonly type: EventType;
  readonly objectId: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
};

export type Followed = { readonly acted: number; readonly failed: number };

/** Waits after a failure; after the last the row stays with its fault, for a person. */
const waits = [seconds(5), seconds(30), minutes(2), minutes(10), hours(1), hours(6)] as const;

/** How many of one church's events are acted on in one transaction. */
const together = 50;

/**
 * One turn of a follower: acts on its due events, at most `limit`, many of one church in one transaction with their
 * removal. Where one of them fails all are undone, and each is done by itself. An event is acted on at least once and by
 * one process at a time, so `act` must be safe to repeat; it calls nothing outside. What one object or one recurring
 * gift is about is acted on one after another, the rest side by side on the one connection.
 */
export async function followDue(
  deps: Parts,
  follower: FollowerName,
  order: { readonly limit: number; readonly signal?: AbortSignal },
  act: Act,
): Promise<Followed> {
  const now = deps.clock.now();
  const due = await deps.db.sweeping(
    ({ sql }) => sql<{ church_id: string; event_id: string }[]>`
      select church_id, event_id from followings where follower = ${follower} and next_at <= ${now}
      order by next_at, event_id limit ${order.limit}`,
  );
  const total = { acted: 0, failed: 0 };
  const work = async (batch: Batch): Promise<void> => {
    if (order.signal?.aborted) return;
    try {
      total.acted += await actOn(deps, batch, act);
    } catch (error) {
      const [event, ...others] = batch.events;
      if (event === undefined || others.length > 0) {
        for (const one of batch.events) await work({ ...batch, events: [one] });
        return;
      }
      await postpone(deps, { ...batch, event }, error instanceof Error ? error.message : "failed");
      total.failed += 1;
    }
  };
  for (const [church, rows] of Map.groupBy(due, (row) => row.church_id)) {
    for (let from = 0; from < rows.length; from += together) {
      const events = rows.slice(from, from + together).map((row) => row.event_id);
      await work({ church: toId("church", church), follower, events });
    }
  }
  return total;
}

type Act = (tx: Tx, event: FollowedEvent) => Promise<void>;
type Batch = {
  readonly church: ChurchId;
  readonly follower: FollowerName;
  readonly events: readonly string[];
};

const eventRow = z.object({
  id: z.string(),
  type: eventTypeSchema,
  object_id: z.string(),
  data: z.record(z.string(), z.unknown()),
  created_at: z.date(),
});

/** How many were acted on: those another process has, or had, are left to it. */
async function actOn({ db, clock }: Parts, { church, follower, events }: Batch, act: Act): Promise<number> {
  return db.inChurch(church, async (tx) => {
    const rows = await tx.sql`
      select e.id, e.type, e.object_id, e.data, e.created_at
      from followings f join events e on e.church_id = f.church_id and e.id = f.event_id
      where f.church_id = ${uuidOf(church)} and f.event_id = any(${[...events]}::uuid[]) and f.follower = ${follower}
        and f.next_at <= ${clock.now()}
      order by f.next_at, f.event_id for update of f skip locked`;
    const held = rows.map((row): FollowedEvent => {
      const { id, type, object_id, data, created_at } = eventRow.parse(row);
      return {
        churchId: church,
        id: toId("event", id),
        type,
        objectId: object_id,
        data,
        createdAt: created_at,
      };
    });
    const inTurn = async (all: readonly FollowedEvent[]) => {
      for (const event of all) await act(tx, event);
    };
    const about = Map.groupBy(held, ({ data, objectId }) => String(data.recurring_gift ?? objectId));
    await allOf([...about.values()].map(inTurn));
    await tx.sql`
      delete from followings
      where church_id = ${uuidOf(church)} and event_id = any(${held.map(({ id }) => uuidOf(id))}::uuid[])
        and follower = ${follower}`;
    return held.length;
  });
}

async function postpone(
  { db, clock, log, metrics }: Parts,
  { church, follower, event }: Omit<Batch, "events"> & { readonly event: string },
  fault: string,
): Promise<void> {
  const dead = await db.inChurch(church, async ({ sql }) => {
    const where = sql`church_id = ${uuidOf(church)} and event_id = ${event} and follower = ${follower}`;
    const [row] = await sql<{ tries: number }[]>`select tries from followings where ${where} for update`;
    const wait = waits[row?.tries ?? 0];
    await sql`
      update followings set tries = tries + 1, fault = ${fault.slice(0, 500)},
        next_at = ${wait === undefined ? null : after(clock.now(), wait)} where ${where}`;
    return wait === undefined;
  });
  metrics.count("ofrenda_followings_failed_total", { follower, result: dead ? "dead" : "retry" });
  const fields = { church, event, follower, fault };
  if (dead) log.error(fields, "an event could not be acted on: it waits for a person");
  else log.warn(fields, "an event will be acted on again");
}
