import { createHash } from "node:crypto";
import { z } from "zod";
import type { Database, Tx } from "../db/client.ts";
import type { AccountToDebit } from "../gateway/debit-files.ts";
import { checkAbaRouting } from "../kernel/bank-numbers/aba-routing.ts";
import { type ChurchId, type DebitAccountId, newId, toId } from "../kernel/ids.ts";
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
 *
 * The same account sent again with the same `once`, a secret of the form it came with, is the same: a form sent twice
 * is one gift. Another account with it has a name of its own.
 */
export async function keepAccount(
  parts: { readonly db: Database; readonly vault: ChurchVault },
  church: ChurchId,
  order: AccountOrder,
  now: Date,
  once?: string,
): Promise<Result<KeptAccount, Problem>> {
  const account = checkAccount(order);
  if (!account.ok) {
    return err({ code: "invalid_request", detail: "the account is not right", errors: account.error });
  }
  const display = maskNumber(account.value.number);
  const { authorization } = order;
  const id = await parts.db.inChurch(church, async (tx) => {
    const keep = async (name: DebitAccountId): Promise<boolean> => {
      const sealed = await parts.vault.seal(tx, church, at(name), JSON.stringify(account.value));
      return insertAccount(tx, church, { id: name, sealed, display, authorization, now });
    };
    const first = once === undefined ? newId("debitAccount") : nameFor(church, once);
    if (await keep(first)) return first;
    const before = await openKeptAccount(tx, parts.vault, church, first);
    if (before && isSame(before.account, account.value)) return first;
    const other = newId("debitAccount");
    await keep(other);
    return other;
  });
  return ok({ id, display });
}

/** A UUID of version 8 (RFC 9562) out of a form's secret: the same at every repeat, and nobody's guess. */
function nameFor(church: ChurchId, once: string): DebitAccountId {
  const hex = createHash("sha256").update(`${church} ${once}`).digest("hex");
  const [a, b, c, d, e] = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(13, 16),
    hex.slice(17, 20),
    hex.slice(20, 32),
  ];
  return toId("debitAccount", `${a}-${b}-8${c}-8${d}-${e}`);
}

const isSame = (a: AccountToDebit, b: AccountToDebit): boolean =>
  a.routing === b.routing && a.number === b.number && a.kind === b.kind && a.holder === b.holder;

/** The account as it is written into a file, or what is wrong with it, by the fields of the API. */
export function checkAccount(order: AccountOrder): Result<AccountToDebit, readonly FieldError[]> {
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
