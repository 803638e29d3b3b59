import { z } from "zod";
import type { Tx } from "../db/client.ts";
import { type ChurchId, type RecurringGiftId, toId, uuidOf } from "../kernel/ids.ts";
import type { Progress } from "./occurrence-store.ts";
import type { Collection } from "./recurring-gift.ts";

/** How many of what fell due came in. */
export type Kept = { readonly given: number; readonly due: number };

/** One gift's history: how far it has come, what it kept, and what of it is out and not answered yet. */
export type GiftHistory = Kept & {
  readonly progress: Progress;
  readonly open: readonly { readonly dueOn: string; readonly amountMinor: bigint }[];
};

const historyRow = z.object({
  id: z.uuid(),
  gifts: z.number(),
  total: z.bigint(),
  unsettled: z.number(),
  given: z.number(),
  due: z.number(),
  open: z.array(z.object({ due_on: z.string(), minor: z.string() })),
});

/** Of these gifts; `since` bounds what counts as kept or not, skipped and canceled periods count as neither. */
export async function historiesOf(
  tx: Tx,
  church: ChurchId,
  gifts: readonly RecurringGiftId[],
  since: string,
): Promise<ReadonlyMap<RecurringGiftId, GiftHistory>> {
  const rows = await tx.sql`
    select o.recurring_gift_id as id,
      (count(*) filter (where moving or state = 'succeeded'))::int as gifts,
      coalesce(sum(amount_minor) filter (where moving or state = 'succeeded'), 0)::bigint as total,
      (count(*) filter (where moving))::int as unsettled,
      (count(*) filter (where state = 'succeeded' and due_on >= ${since}))::int as given,
      (count(*) filter (where state in ('succeeded', 'failed') and due_on >= ${since}))::int as due,
      coalesce(json_agg(json_build_object('due_on', due_on, 'minor', amount_minor::text)) filter (where moving), '[]')
        as open
    from (select *, state in ('open', 'collecting', 'retrying') as moving from occurrences
          where church_id = ${uuidOf(church)} and recurring_gift_id = any(${gifts.map(uuidOf)}::uuid[])) o
    group by o.recurring_gift_id`;
  return new Map(
    rows.map((each) => {
      const { id, gifts: count, total, unsettled, given, due, open } = historyRow.parse(each);
      const progress = { gifts: count, totalMinor: total, unsettled };
      const waiting = open.map((one) => ({ dueOn: one.due_on, amountMinor: BigInt(one.minor) }));
      return [toId("recurringGift", id), { progress, given, due, open: waiting }] as const;
    }),
  );
}

const keptRow = z.object({
  collection: z.enum(["automatic", "reminder"]),
  given: z.number(),
  due: z.number(),
});

/** The whole church's, by how it is collected. */
export async function keptByCollection(
  tx: Tx,
  church: ChurchId,
  mode: "test" | "live",
  since: string,
): Promise<ReadonlyMap<Collection, Kept>> {
  const rows = await tx.sql`
    select g.collection, (count(*) filter (where o.state = 'succeeded'))::int as given, count(*)::int as due
    from occurrences o join recurring_gifts g on g.church_id = o.church_id and g.id = o.recurring_gift_id
    where o.church_id = ${uuidOf(church)} and g.mode = ${mode} and o.state in ('succeeded', 'failed')
      and o.due_on >= ${since}
    group by g.collection`;
  return new Map(
    rows.map((each) => {
      const { collection, ...kept } = keptRow.parse(each);
      return [collection, kept] as const;
    }),
  );
}
