import { z } from "zod";
import type { Database, Tx } from "../db/client.ts";
import type { AccountToDebit } from "../gateway/debit-files.ts";
import { checkAbaRouting } from "../kernel/bank-numbers/aba-routing.ts";
import { type ChurchId, type DebitAccountId, newId } from "../kernel/ids.ts";
import type { FieldError, Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { maskNumber, plain } from "../kernel/written-number.ts";
import type { ChurchVault } from "../privacy/vault.ts";
import { findAccount, insertAccount } from "./store.ts";

export type AccountOrder = {
  readonly routing: string;
  readonly number: string;
  readonly kind: "checking" | "savings";
  readonly holder: string;
  readonly authorization: "online" | "written";
};

export type KeptAccount = { readonly id: DebitAccountId; readonly display: string };

const stored = z.object({
  routing: z.string(),
  number: z.string(),
  kind: z.enum(["checking", "savings"]),
  holder: z.string(),
});
const at = (row: DebitAccountId) => ({ table: "debit_accounts", column: "account", row });

/**
 * Seals a donor's account and gives it a name; nothing else ever hears the number. The name is what a gift is given
 * with, as its token. Every field at fault is named.
 */
export async function keepAccount(
  parts: { readonly db: Database; readonly vault: ChurchVault },
  church: ChurchId,
  order: AccountOrder,
  now: Date,
): Promise<Result<KeptAccount, Problem>> {
  const account = checked(order);
  if (!account.ok) {
    return err({ code: "invalid_request", detail: "the account is not right", errors: account.error });
  }
  const id = newId("debitAccount");
  const display = maskNumber(account.value.number);
  await parts.db.inChurch(church, async (tx) => {
    const sealed = await parts.vault.seal(tx, church, at(id), JSON.stringify(account.value));
    await insertAccount(tx, church, { id, sealed, display, authorization: order.authorization, now });
  });
  return ok({ id, display });
}

function checked(order: AccountOrder): Result<AccountToDebit, readonly FieldError[]> {
  const routing = checkAbaRouting(order.routing);
  const number = plain(order.number, " ");
  const holder = order.holder.trim();
  const errors: FieldError[] = [];
  if (!routing.ok) errors.push({ pointer: "/routing_number", detail: routing.error });
  if (!/^[0-9A-Z-]{4,17}$/.test(number)) {
    errors.push({ pointer: "/account_number", detail: "must be an account number of 4 to 17 digits" });
  }
  if (holder.length < 2 || holder.length > 100) {
    errors.push({ pointer: "/holder", detail: "must be the name the account is in" });
  }
  if (!routing.ok || errors.length > 0) return err(errors);
  return ok({ routing: routing.value, number, kind: order.kind, holder });
}

/** The account in the clear, for the moment a file is built; `undefined` when there is none or it was forgotten. */
export async function openKeptAccount(
  tx: Tx,
  vault: ChurchVault,
  church: ChurchId,
  id: DebitAccountId,
): Promise<{ readonly account: AccountToDebit; readonly authorization: "online" | "written" } | undefined> {
  const found = await findAccount(tx, church, id);
  if (!found?.account) return undefined;
  const text = await vault.open(tx, church, at(id), found.account, found.keyVersion);
  return { account: stored.parse(JSON.parse(text)), authorization: found.authorization };
}
