import { z } from "zod";
import type { Tx } from "../db/client.ts";
import { type AttemptId, type ChurchId, type GatewayAccountId, toId, uuidOf } from "../kernel/ids.ts";

const row = z.object({ reference: z.string(), id: z.uuid() });

/**
 * The attempts of an account whose donors were told one of these references, by reference. References stand before
 * the dot in the payment id (src/gateway/transfer-reference.ts); the index on payment ids is read through once, so
 * that many references are asked for together.
 */
export async function attemptsByReference(
  tx: Tx,
  church: ChurchId,
  account: GatewayAccountId,
  references: readonly string[],
): Promise<ReadonlyMap<string, readonly AttemptId[]>> {
  const found = new Map<string, AttemptId[]>();
  if (references.length === 0) return found;
  const rows = await tx.sql`
    select split_part(gateway_payment_id, '.', 1) as reference, id from payment_attempts
    where church_id = ${uuidOf(church)} and gateway_account_id = ${uuidOf(account)}
      and gateway_payment_id is not null
      and split_part(gateway_payment_id, '.', 1) = any(${[...references]}::text[])
    order by id`;
  for (const { reference, id } of rows.map((each) => row.parse(each))) {
    found.set(reference, [...(found.get(reference) ?? []), toId("attempt", id)]);
  }
  return found;
}
