import type { Tx } from "../db/client.ts";
import { type ChurchId, type DonationId, type RecurringGiftId, uuidOf } from "../kernel/ids.ts";

/**
 * The civil date of the gift that comes after one that was given: one that is opened already and still ahead, else the
 * next to be opened. `undefined` where none is to come: it is paused, or over.
 */
export async function nextDateAfter(
  tx: Tx,
  church: ChurchId,
  given: { readonly recurringGift: RecurringGiftId; readonly donation: DonationId; readonly now: Date },
): Promise<string | undefined> {
  const [row] = await tx.sql<{ due_on: string | null }[]>`
    select coalesce(
      (select min(o.due_on) from occurrences o
       where o.church_id = g.church_id and o.recurring_gift_id = g.id
         and o.state in ('open', 'collecting', 'retrying')
         and o.donation_id is distinct from ${uuidOf(given.donation)}
         and o.due_on >= (${given.now}::timestamptz at time zone g.time_zone)::date),
      g.next_due_on)::text as due_on
    from recurring_gifts g
    where g.church_id = ${uuidOf(church)} and g.id = ${uuidOf(given.recurringGift)} and g.status = 'active'`;
  return row?.due_on ?? undefined;
}
