import type { Sql, Statement, Tx } from "../db/client.ts";
import { assert } from "../kernel/assert.ts";
import { type ChurchId, type EventId, newId, uuidOf } from "../kernel/ids.ts";
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
  const eventId = newId("event");
  const [row] = await announceStatement(tx.sql, church, announcement, at, eventId);
  return { eventId, deliveries: Number(row?.deliveries ?? 0) };
}

/** The same as a statement not yet sent, for what goes together with its commit. */
export function announceStatement(
  sql: Sql,
  church: ChurchId,
  announcement: Announcement,
  at: Date,
  eventId: EventId = newId("event"),
): Statement {
  const { type, objectId, sequence } = announcement;
  assert(Number.isSafeInteger(sequence) && sequence > 0, "an announcement's sequence counts from 1");
  const data = JSON.stringify(announcement.data);
  assert(
    // A UTF-16 unit is three bytes at most, so short texts need no counting.
    data.length * 3 <= dataBytesMost || utf8.encode(data).length <= dataBytesMost,
    "an announcement stays under 20 kB",
  );
  const event = uuidOf(eventId);
  const churchUuid = uuidOf(church);
  const following = followersOf(type, announcement.data);
  // What nobody in our house follows is written without a thought of them.
  const followed =
    following.length === 0
      ? sql``
      : sql`, followed as (
      insert into followings (church_id, event_id, follower, tries, next_at)
      select ${churchUuid}, ${event}, name, 0, ${at} from unnest(${[...following]}::text[]) as name
    )`;
  // A delivery's id is a UUIDv7 too: the event's time, then random bits, so that it is made beside its row.
  return sql`
    with event as (
      insert into events (church_id, id, type, object_id, sequence, data, created_at)
      values (${churchUuid}, ${event}, ${type}, ${objectId}, ${sequence}, ${data}::jsonb, ${at})
    ), delivery as (
      insert into deliveries (church_id, id, event_id, endpoint_id, state, tries, next_at, created_at)
      select e.church_id, (left(${event}, 15) || substr(gen_random_uuid()::text, 16))::uuid, ${event}::uuid, e.id,
             'pending', 0, ${at}::timestamptz, ${at}::timestamptz
      from webhook_endpoints e
      where e.church_id = ${churchUuid} and e.status = 'enabled'
        and (e.event_types = '{}' or ${type} = any (e.event_types))
      returning 1
    )${followed}
    select count(*)::int as deliveries from delivery`;
}
