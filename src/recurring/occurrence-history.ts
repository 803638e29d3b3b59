import { and, desc, eq, inArray } from "drizzle-orm";
import type { Tx } from "../db/client.ts";
import {
  type ChurchId,
  type DonationId,
  type MandateId,
  type RecurringGiftId,
  toId,
  uuidOf,
} from "../kernel/ids.ts";
import { occurrences } from "./tables.ts";

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

/** What the last occurrence of a recurring gift asked for, in minor units; `undefined` where none was asked yet. */
export async function lastAmount(
  tx: Tx,
  church: ChurchId,
  gift: RecurringGiftId,
): Promise<bigint | undefined> {
  const [row] = await tx.orm
    .select({ amount: occurrences.amountMinor })
    .from(occurrences)
    .where(
      and(
        eq(occurrences.churchId, church),
        eq(occurrences.recurringGiftId, gift),
        inArray(occurrences.state, ["collecting", "retrying", "succeeded", "failed"]),
      ),
    )
    .orderBy(desc(occurrences.dueOn))
    .limit(1);
  return row?.amount;
}
