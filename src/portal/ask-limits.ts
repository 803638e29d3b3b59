import { uuidv7 } from "uuidv7";
import type { Tx } from "../db/client.ts";
import { after, days, hours, minutes } from "../kernel/clock.ts";
import { type ChurchId, uuidOf } from "../kernel/ids.ts";

/** Who asks, as keyed hashes. */
export type Asker = { readonly address: Uint8Array; readonly client: string | null };

type Limit = {
  readonly of: "address" | "client" | "church";
  readonly withinMs: number;
  readonly most: number;
};

/**
 * How often a link may be asked for, in windows that slide. The network address has a wide one: a congregation
 * shares its hall's (facts: giving §0.13). All count askings, whether the address gives at the church or not.
 */
const limits: readonly Limit[] = [
  { of: "address", withinMs: minutes(15), most: 3 },
  { of: "address", withinMs: days(1), most: 10 },
  { of: "client", withinMs: hours(1), most: 60 },
  { of: "church", withinMs: hours(1), most: 1000 },
];
const longestMs = Math.max(...limits.map(({ withinMs }) => withinMs));

/**
 * Notes an asking, or tells how long to wait (ms) and notes nothing. Askers of one church take turns, so that two at
 * once cannot both be the last.
 */
export async function noteAsking(
  tx: Tx,
  church: ChurchId,
  asker: Asker,
  now: Date,
): Promise<number | undefined> {
  const { sql } = tx;
  await sql`select pg_advisory_xact_lock(hashtextextended(${`portal ask ${church}`}, 0))`;
  await sql`
    delete from portal_asks where church_id = ${uuidOf(church)} and asked_at <= ${after(now, -longestMs)}`;
  for (const limit of limits) {
    const since = await nthNewest(tx, church, asker, limit, now);
    if (since) return since.getTime() + limit.withinMs - now.getTime();
  }
  await sql`
    insert into portal_asks (church_id, id, asked_at, address, client)
    values (${uuidOf(church)}, ${uuidv7()}, ${now}, ${asker.address}, ${asker.client})`;
  return undefined;
}

/** When the asking was that must leave the window before another fits; `undefined` where there is room. */
async function nthNewest(
  { sql }: Tx,
  church: ChurchId,
  { address, client }: Asker,
  { of, withinMs, most }: Limit,
  now: Date,
): Promise<Date | undefined> {
  if (of === "client" && client === null) return undefined;
  const [row] = await sql<{ asked_at: Date }[]>`
    select asked_at from portal_asks
    where church_id = ${uuidOf(church)} and asked_at > ${after(now, -withinMs)}
      ${of === "address" ? sql`and address = ${address}` : of === "client" ? sql`and client = ${client}` : sql``}
    order by asked_at desc offset ${most - 1} limit 1`;
  return row?.asked_at;
}
