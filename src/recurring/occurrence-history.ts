import type { Sql, Tx } from "../db/client.ts";
import {
  type ChurchId,
  type DonationId,
  type MandateId,
  type RecurringGiftId,
  toId,
  uuidOf,
} from "../kernel/ids.ts";

/** The donations that were made for occurrences under a mandate and moved since then. */
export async function donationsUnder(
  tx: Tx,
  church: ChurchId,
  mandate: MandateId,
  since: Date,
): Promise<readonly DonationId[]> {
  const rows = await tx.sql<{ donation_id: string }[]>`
    select o.donation_id from occurrences o
    join recurring_gifts g on g.church_id = o.church_id and g.id = o.recurring_gift_id
    where o.church_id = ${uuidOf(church)} and g.mandate_id = ${uuidOf(mandate)}
      and o.donation_id is not null and o.updated_at > ${since}`;
  return rows.map((row) => toId("donation", row.donation_id));
}

/** What the last occurrence of the recurring gift `g` asked for, in minor units; null where none was asked yet. */
export const lastAmountOf = (sql: Sql) => sql`
  (select o.amount_minor from occurrences o
   where o.church_id = g.church_id and o.recurring_gift_id = g.id
     and o.state in ('collecting', 'retrying', 'succeeded', 'failed')
   order by o.due_on desc limit 1)`;

/** The same of one; `undefined` where none was asked yet. */
export async function lastAmount(
  tx: Tx,
  church: ChurchId,
  gift: RecurringGiftId,
): Promise<bigint | undefined> {
  const [row] = await tx.sql<{ amount: bigint | null }[]>`
    select ${lastAmountOf(tx.sql)} as amount from recurring_gifts g
    where g.church_id = ${uuidOf(church)} and g.id = ${uuidOf(gift)}`;
  return row?.amount ?? undefined;
}
