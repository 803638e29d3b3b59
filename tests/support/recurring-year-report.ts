import { z } from "zod";
import { churchOf, type MethodHouse } from "./method-house.ts";

const count = z.coerce.number();
const failedFirst = z.object({
  reason: z.string(),
  failed: count,
  recovered: count,
  days: z.coerce.number().nullable(),
});
const totals = z.object({
  collection: z.string(),
  due: count,
  first: count,
  succeeded: count,
  late: count,
  open: count,
  failed: count,
});
const counted = z.object({ name: z.string(), count });

export type YearReport = {
  /** What failed at the first try, by why, and how much of it came after all. */
  readonly failures: readonly z.infer<typeof failedFirst>[];
  readonly totals: readonly z.infer<typeof totals>[];
  readonly statuses: readonly z.infer<typeof counted>[];
  readonly messages: readonly z.infer<typeof counted>[];
  /** Periods paid more than once, by our books and by the gateway's: nothing but zero is right. */
  readonly doubleCharges: { readonly ours: number; readonly gateway: number };
  readonly mostTries: number;
  readonly books: unknown;
};

/** Reads the year from the database it was lived in. */
export async function reportOf(house: MethodHouse): Promise<YearReport> {
  const church = churchOf(house, "mx");
  const read = <S extends z.ZodType>(shape: S, query: string): Promise<readonly z.output<S>[]> =>
    house.db.inChurch(church.churchId, async ({ sql }) =>
      z.array(shape).parse([...(await sql.unsafe(query))]),
    );
  const tries = `
    with tries as (
      select o.id, o.state, o.due_on, o.settled_at, o.updated_at, g.collection,
             (select a.state from payment_attempts a where a.donation_id = o.donation_id and a.number = 1) as first,
             (select a.decline->>'reason' from payment_attempts a where a.donation_id = o.donation_id and a.number = 1)
               as reason,
             (select max(a.captured_at) from payment_attempts a where a.donation_id = o.donation_id) as captured_at
      from occurrences o
      join recurring_gifts g on g.church_id = o.church_id and g.id = o.recurring_gift_id
      where o.state not in ('skipped', 'canceled')
    )`;
  const failures = await read(
    failedFirst,
    `${tries}
    select coalesce(reason, 'unknown') as reason, count(*) as failed, count(captured_at) as recovered,
           round(avg(extract(epoch from captured_at - due_on::timestamp) / 86400)::numeric, 1) as days
    from tries where collection = 'automatic' and first = 'declined' group by 1 order by 2 desc`,
  );
  const all = await read(
    totals,
    `${tries}
    select collection, count(*) as due, count(*) filter (where first = 'captured') as first,
           count(captured_at) as succeeded,
           count(*) filter (where collection = 'reminder' and captured_at::date > due_on) as late,
           count(*) filter (where captured_at is null and state <> 'failed') as open,
           count(*) filter (where captured_at is null and state = 'failed') as failed
    from tries group by 1 order by 1`,
  );
  const ours = await read(
    z.object({ count }),
    `select count(*) as count from (
       select donation_id from payment_attempts where captured_minor > 0 group by 1 having count(*) > 1) twice`,
  );
  // The gateway's own word: a payment that succeeded there and is not a captured attempt here was not ours to take.
  const gateway = await read(
    z.object({ count }),
    `select count(*) as count from (
       select distinct order_key from inbox where type = 'payment_intent.succeeded'
       except select gateway_payment_id from payment_attempts where captured_minor > 0) extra`,
  );
  const most = await read(
    z.object({ count }),
    "select coalesce(max(tries), 0) as count from (select count(*) as tries from payment_attempts group by donation_id) t",
  );
  return {
    failures,
    totals: all,
    statuses: await read(
      counted,
      "select status as name, count(*) as count from recurring_gifts group by 1 order by 2 desc",
    ),
    messages: await read(
      counted,
      "select kind || ' ' || state as name, count(*) as count from messages group by 1 order by 2 desc",
    ),
    doubleCharges: { ours: ours[0]?.count ?? 0, gateway: gateway[0]?.count ?? 0 },
    mostTries: most[0]?.count ?? 0,
    books: (await house.ask(church, "GET", "/v1/ledger/trial-balance")).body,
  };
}
