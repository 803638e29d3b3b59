import { z } from "zod";
import type { Database, Tx } from "../db/client.ts";
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

/**
 * One turn of a follower: acts on its due events, at most `limit`, each in one transaction with its removal. An event
 * is acted on at least once and by one process at a time, so `act` must be safe to repeat; it calls nothing outside.
 */
export async function followDue(
  deps: Parts,
  follower: FollowerName,
  order: { readonly limit: number; readonly signal?: AbortSignal },
  act: (tx: Tx, event: FollowedEvent) => Promise<void>,
): Promise<Followed> {
  const now = deps.clock.now();
  const due = await deps.db.sweeping(
    ({ sql }) => sql<{ church_id: string; event_id: string }[]>`
      select church_id, event_id from followings where follower = ${follower} and next_at <= ${now}
      order by next_at, event_id limit ${order.limit}`,
  );
  const total = { acted: 0, failed: 0 };
  for (const row of due) {
    if (order.signal?.aborted) break;
    const key = { church: toId("church", row.church_id), event: toId("event", row.event_id), follower };
    try {
      if (await actOn(deps, key, act)) total.acted += 1;
    } catch (error) {
      await postpone(deps, key, error instanceof Error ? error.message : "failed");
      total.failed += 1;
    }
  }
  return total;
}

type Key = { readonly church: ChurchId; readonly event: EventId; readonly follower: FollowerName };

const eventRow = z.object({
  type: eventTypeSchema,
  object_id: z.string(),
  data: z.record(z.string(), z.unknown()),
  created_at: z.date(),
});

/** False when another process has it, or had it. */
async function actOn(
  { db, clock }: Parts,
  { church, event, follower }: Key,
  act: (tx: Tx, event: FollowedEvent) => Promise<void>,
): Promise<boolean> {
  return db.inChurch(church, async (tx) => {
    const [found] = await tx.sql`
      select e.type, e.object_id, e.data, e.created_at
      from followings f join events e on e.church_id = f.church_id and e.id = f.event_id
      where f.church_id = ${uuidOf(church)} and f.event_id = ${uuidOf(event)} and f.follower = ${follower}
        and f.next_at <= ${clock.now()}
      for update of f skip locked`;
    if (!found) return false;
    const { type, object_id, data, created_at } = eventRow.parse(found);
    await act(tx, { churchId: church, id: event, type, objectId: object_id, data, createdAt: created_at });
    await tx.sql`
      delete from followings
      where church_id = ${uuidOf(church)} and event_id = ${uuidOf(event)} and follower = ${follower}`;
    return true;
  });
}

async function postpone({ db, clock, log, metrics }: Parts, key: Key, fault: string): Promise<void> {
  const { church, event, follower } = key;
  const dead = await db.inChurch(church, async ({ sql }) => {
    const where = sql`church_id = ${uuidOf(church)} and event_id = ${uuidOf(event)} and follower = ${follower}`;
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
