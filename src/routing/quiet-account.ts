import type { Database } from "../db/client.ts";
import { present } from "../kernel/assert.ts";
import type { Clock } from "../kernel/clock.ts";
import { type ChurchId, type GatewayAccountId, uuidOf } from "../kernel/ids.ts";
import type { RoutableAccount } from "./choose-route.ts";

type Parts = { readonly db: Database; readonly clock: Clock };

/** The first wait, doubled with each trouble in a row, and the longest, in seconds. */
const [firstWait, longestWait] = [30, 900] as const;

/**
 * A gateway account asked for quiet, or could not be reached: every process leaves it alone for a while, and longer each
 * time in a row. Many that meet the same trouble at once count as one. Answers until when.
 */
export async function hushAccount(
  { db, clock }: Parts,
  church: ChurchId,
  account: GatewayAccountId,
): Promise<Date> {
  const now = clock.now();
  const [row] = await db.inChurch(
    church,
    ({ sql }) => sql<{ quiet_until: Date }[]>`
      update gateway_accounts a set
        troubles = case when is_quiet then troubles else least(troubles + 1, 20) end,
        quiet_until = case when is_quiet then quiet_until else ${now}::timestamptz
          + make_interval(secs => least(${firstWait}::int * 2 ^ troubles, ${longestWait}::int)) end
      from (select coalesce(b.quiet_until > ${now}, false) as is_quiet from gateway_accounts b
            where b.church_id = ${uuidOf(church)} and b.id = ${uuidOf(account)} for update) as before
      where a.church_id = ${uuidOf(church)} and a.id = ${uuidOf(account)}
      returning a.quiet_until`,
  );
  return present(row, "the account that was just asked exists").quiet_until;
}

/** It answers again: what was remembered of its troubles is forgotten. */
export async function easeAccount(
  { db }: Pick<Parts, "db">,
  church: ChurchId,
  account: GatewayAccountId,
): Promise<void> {
  await db.inChurch(
    church,
    ({ sql }) => sql`
      update gateway_accounts set troubles = 0, quiet_until = null
      where church_id = ${uuidOf(church)} and id = ${uuidOf(account)} and troubles > 0`,
  );
}

/** Until when an account is left alone, as far as this process knows (a few seconds late); `undefined` when it is not. */
export const quietUntil = ({ quietUntil: until }: RoutableAccount, now: Date): Date | undefined =>
  until && until > now ? until : undefined;
