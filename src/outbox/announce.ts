import type { Rows, Sql, Statement, Tx } from "../db/client.ts";
import { given, writeTogether } from "../db/together.ts";
import { assert } from "../kernel/assert.ts";
import { type ChurchId, type EventId, newId, toId, uuidOf } from "../kernel/ids.ts";
import type { EventType } from "./event-types.ts";
import { followersOf } from "./followers.ts";

/** What happened, to be told to the church's systems. */
export type Announcement = {
  readonly type: EventType;
  /** Prefixed id of the object it is about: `don_…`, `rcp_…`. */
  readonly objectId: string;
  /** 1, 2, 3 … per object, taken from the object's own row in the same transaction. */
  readonly sequence: number;
  /** The object as the API shows it, as plain JSON: money as integer minor units, no donor's personal data. */
  readonly data: Readonly<Record<string, unknown>>;
};

/** Standard Webhooks recommends bodies under 20 kB; the envelope takes less than the difference. */
const dataBytesMost = 19_000;
const utf8 = new TextEncoder();

/** An announcement with the event it becomes. */
export type News = Announcement & { readonly eventId: EventId; readonly at: Date };

/**
 * Writes the event and one pending delivery per enabled endpoint that wants its type, in the caller's
 * transaction and in one statement, so that what was announced is exactly what was committed. Sends nothing:
 * ring `deliverDue` after the commit when `deliveries` is not 0.
 *
 * Throws when `data` is beyond 19 kB of JSON or the sequence is not a positive integer: both are bugs of ours.
 */
export async function announce(
  tx: Tx,
  church: ChurchId,
  announcement: Announcement,
  at: Date,
): Promise<{ eventId: EventId; deliveries: number }> {
  const news = newsOf(announcement, at);
  return { eventId: news.eventId, deliveries: await announceTogether(tx, church, news) };
}

const announceTogether = writeTogether(async ({ sql }, church, news: readonly News[]) => {
  const deliveries = deliveriesOf(await announceStatement(sql, church, news));
  return news.map(({ eventId }) => deliveries.get(eventId) ?? 0);
});

/** Throws as {@link announce} does. */
export function newsOf(announcement: Announcement, at: Date): News {
  const { data, sequence } = announcement;
  assert(Number.isSafeInteger(sequence) && sequence > 0, "an announcement's sequence counts from 1");
  const text = JSON.stringify(data);
  assert(
    // A UTF-16 unit is three bytes at most, so short texts need no counting.
    text.length * 3 <= dataBytesMost || utf8.encode(text).length <= dataBytesMost,
    "an announcement stays under 20 kB",
  );
  return { ...announcement, eventId: newId("event"), at };
}

/** The same for several as a statement not yet sent, for what goes together with its commit. */
export function announceStatement(sql: Sql, church: ChurchId, news: readonly News[]): Statement {
  const rows = news.map(({ eventId, type, objectId, sequence, data, at }) => ({
    id: uuidOf(eventId),
    type,
    object_id: objectId,
    sequence,
    data,
    at,
    followers: followersOf(type, data),
  }));
  const columns =
    "id uuid, type text, object_id text, sequence int, data jsonb, at timestamptz, followers text[]";
  const churchUuid = uuidOf(church);
  // What nobody in our house follows is written without a thought of them.
  const followed = rows.every(({ followers }) => followers.length === 0)
    ? sql``
    : sql`, followed as (
      insert into followings (church_id, event_id, follower, tries, next_at)
      select ${churchUuid}, n.id, follower, 0, n.at from news n cross join unnest(n.followers) as follower
    )`;
  // A delivery's id is a UUIDv7 too: the event's time, then random bits, so that it is made beside its row.
  return sql`
    with news as ${given(sql, columns, rows)}, event as (
      insert into events (church_id, id, type, object_id, sequence, data, created_at)
      select ${churchUuid}, id, type, object_id, sequence, data, at from news
    ), delivery as (
      insert into deliveries (church_id, id, event_id, endpoint_id, state, tries, next_at, created_at)
      select e.church_id, (left(n.id::text, 15) || substr(gen_random_uuid()::text, 16))::uuid, n.id, e.id,
             'pending', 0, n.at, n.at
      from news n
      join webhook_endpoints e on e.church_id = ${churchUuid} and e.status = 'enabled'
        and (e.event_types = '{}' or n.type = any (e.event_types))
      returning event_id
    )${followed}
    select event_id, count(*)::int as deliveries from delivery group by event_id`;
}

/** How many deliveries each event has, by what {@link announceStatement} answered; one without any is absent. */
export const deliveriesOf = (rows: Rows): ReadonlyMap<EventId, number> =>
  new Map(rows.map((row) => [toId("event", String(row.event_id)), Number(row.deliveries)]));
