import { z } from "zod";
import type { Tx } from "../db/client.ts";
import { checkCbu } from "../kernel/bank-numbers/cbu.ts";
import { checkClabe } from "../kernel/bank-numbers/clabe.ts";
import { checkIban } from "../kernel/bank-numbers/iban.ts";
import type { ApprovalId, ChurchId } from "../kernel/ids.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { plain } from "../kernel/written-number.ts";
import type { ChurchVault, Sealed } from "../privacy/vault.ts";

export const payeeAccountKinds = ["clabe", "cbu", "iban", "account"] as const;

/** To whom money is paid by hand, and where. */
export type Payee = {
  readonly name: string;
  readonly account: { readonly kind: (typeof payeeAccountKinds)[number]; readonly number: string };
  /** Name or code of the bank: needed where the number does not find it. */
  readonly bank: string | undefined;
};

const stored = z.object({
  name: z.string(),
  account: z.object({ kind: z.enum(payeeAccountKinds), number: z.string() }),
  bank: z.string().nullable(),
});
const at = (row: ApprovalId) => ({ table: "approvals", column: "payee", row });

/** The payee with the account's number compact, when it is right. */
export function checkPayee(payee: Payee): Result<Payee, Problem> {
  const { kind, number } = payee.account;
  const checked = numberChecks[kind](number);
  if (!checked.ok) return err(fieldProblem("invalid_request", "/payee/account/number", checked.error));
  if (kind === "account" && payee.bank === undefined) {
    return err(fieldProblem("invalid_request", "/payee/bank", "name the bank: an account number finds none"));
  }
  return ok({ ...payee, account: { kind, number: checked.value } });
}

const numberChecks: Readonly<
  Record<(typeof payeeAccountKinds)[number], (text: string) => Result<string, string>>
> = {
  clabe: checkClabe,
  cbu: checkCbu,
  iban: checkIban,
  account: (text) => {
    const compact = plain(text);
    return /^[0-9A-Z]{4,34}$/.test(compact) ? ok(compact) : err("must be 4 to 34 digits and letters");
  },
};

export function sealPayee(
  vault: ChurchVault,
  tx: Tx,
  church: ChurchId,
  id: ApprovalId,
  payee: Payee,
): Promise<Sealed> {
  const plainText: z.input<typeof stored> = { ...payee, bank: payee.bank ?? null };
  return vault.seal(tx, church, at(id), JSON.stringify(plainText));
}

export async function openPayee(
  vault: ChurchVault,
  tx: Tx,
  church: ChurchId,
  id: ApprovalId,
  sealed: Sealed,
): Promise<Payee> {
  const text = await vault.open(tx, church, at(id), sealed.bytes, sealed.keyVersion);
  const read = stored.parse(JSON.parse(text));
  return { ...read, bank: read.bank ?? undefined };
}
