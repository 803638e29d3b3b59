import type { Tx } from "../db/client.ts";
import type { GatewayAccountId, LegalEntityId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { listedAccount } from "../routing/gateway-accounts.ts";
import type { Who } from "./request-approval.ts";

/**
 * In whose books it is done: those of whose account the money came on. Test and live are never mixed: a key decides
 * about money of its own mode.
 */
export async function booksOf(
  tx: Tx,
  who: Who,
  account: GatewayAccountId,
): Promise<Result<LegalEntityId, Problem>> {
  const found = await listedAccount(tx, who.churchId, account);
  if (found?.mode === who.mode) return ok(found.legalEntityId);
  return err({
    code: "forbidden",
    detail: `this is ${found?.mode ?? "nobody's"} money, and the key is a ${who.mode} key`,
  });
}
