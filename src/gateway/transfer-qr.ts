import { epcCode } from "../kernel/bank-numbers/epc-code.ts";
import type { DonorAction } from "./payment.ts";

/** A transfer as the text of a QR code, where the banks of its rail read one: so far euros to an IBAN. */
export function transferQr(
  action: Extract<DonorAction, { type: "display_bank_transfer" }>,
): string | undefined {
  const { account, route, beneficiary, amountRemaining: amount, reference } = action;
  if (account.kind !== "iban") return undefined;
  const bic = route?.kind === "bic" ? route.number : undefined;
  return epcCode({ iban: account.number, bic, beneficiary, amount, reference });
}
