import { z } from "zod";
import type { Tx } from "../db/client.ts";
import { type AttemptId, type ChurchId, type GatewayAccountId, toId, uuidOf } from "../kernel/ids.ts";
import type { AttemptState } from "./attempt-state.ts";

const row = z.object({ id: z.uuid() });

/** The account's attempts in one state, oldest first, after the one named. */
export async function attemptsInState(
  tx: Tx,
  church: ChurchId,
  account: GatewayAccountId,
  query: { readonly state: AttemptState; readonly after?: AttemptId; readonly limit: number },
): Promise<readonly AttemptId[]> {
  const { sql } = tx;
  const rows = await sql`
    select id from payment_attempts
    where church_id = ${uuidOf(church)} and gateway_account_id = ${uuidOf(account)} and state = ${query.state}
      ${query.after ? sql`and id > ${uuidOf(query.after)}` : sql``}
    order by id limit ${query.limit}`;
  return rows.map((each) => toId("attempt", row.parse(each).id));
}
