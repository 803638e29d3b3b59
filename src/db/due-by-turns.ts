import { type ChurchId, type IdKind, type IdOf, toId } from "../kernel/ids.ts";
import type { Tx } from "./client.ts";

/** A queue in a table: `next_at` says when a row is due, and is null when there is nothing left to do. */
export type Queue<K extends IdKind> = { readonly table: string; readonly kind: K };

export type DueRow<K extends IdKind> = { readonly church: ChurchId; readonly id: IdOf<K> };

/**
 * Due rows of all churches, every church's oldest before any church's second: a flood from one church never hides
 * another's. Runs as the sweeper, who sees ids and dates. Hops from church to church on the partial index
 * `(church_id, next_at)`, so the cost follows the number of churches with work, not the length of their queues.
 */
export async function dueByTurns<K extends IdKind>(
  { sql }: Tx,
  queue: Queue<K>,
  now: Date,
  bound: { readonly perChurch: number; readonly limit: number },
): Promise<DueRow<K>[]> {
  const table = sql(queue.table);
  const rows = await sql<{ church_id: string; id: string }[]>`
    with recursive church as (
      (select church_id from ${table} where next_at is not null order by church_id limit 1)
      union all
      select (select q.church_id from ${table} q
              where q.next_at is not null and q.church_id > c.church_id order by q.church_id limit 1)
      from church c where c.church_id is not null
    )
    select due.church_id, due.id
    from church c cross join lateral (
      select q.*, row_number() over (order by q.next_at, q.id) as place
      from (select church_id, id, next_at from ${table}
            where church_id = c.church_id and next_at <= ${now} order by next_at, id limit ${bound.perChurch}) q
    ) due
    order by due.place, due.next_at
    limit ${bound.limit}`;
  return rows.map((row) => ({ church: toId("church", row.church_id), id: toId(queue.kind, row.id) }));
}
