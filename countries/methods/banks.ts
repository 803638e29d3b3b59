import type { CountryMethod, DonorFieldRule } from "../../src/gateway/country-profile.ts";
import { limits, text } from "../define.ts";
import { emailForAccount, emailForMandate, nameOfHolder, nameOnTransfer } from "../fields.ts";

/*
 * The donor's bank: transfers they make, debits they allow, pages they approve on. Limits and times: facts: methods.
 */

type Transfer = Pick<CountryMethod, "type" | "label" | "hint" | "gateways" | "confirms"> &
  Partial<Pick<CountryMethod, "minimum" | "kind">>;

/** An account the donor transfers to, from their own bank. */
export const transfer = (
  said: Transfer,
  donorFields: readonly DonorFieldRule[] = [nameOnTransfer, emailForAccount],
): CountryMethod => ({
  kind: "bank_transfer",
  ...said,
  presentations: ["instructions"],
  donorFields,
  recurs: "reminder",
});

/** An account of the euro area: Stripe lends an IBAN, else the church's own with a creditor reference. */
export const sepaTransfer = transfer({
  type: "bank_transfer",
  label: text("Transferencia SEPA (IBAN)", "SEPA bank transfer (IBAN)", "Transferência SEPA (IBAN)"),
  hint: text(
    "Te damos un IBAN y una referencia; si tu banco tiene transferencia inmediata llega en segundos, si no, al siguiente día hábil.",
    "You get an IBAN and a reference; it arrives in seconds by instant transfer, else the next business day.",
    "Você recebe um IBAN e uma referência; por transferência imediata chega em segundos, senão no próximo dia útil.",
  ),
  gateways: ["stripe", "transfer"],
  confirms: "next_business_day",
});

type Debit = Pick<CountryMethod, "type" | "label" | "hint" | "gateways"> &
  Partial<Pick<CountryMethod, "minimum" | "maximum">>;

/** Taken from the donor's bank account with their standing permission. */
export const debit = (said: Debit, more: readonly DonorFieldRule[] = []): CountryMethod => ({
  ...said,
  kind: "bank_debit",
  presentations: ["embedded", "hosted", "token"],
  donorFields: [nameOfHolder, emailForMandate, ...more],
  recurs: "mandate",
  confirms: "days",
});

/** SEPA Direct Debit, core scheme: 10,000 EUR is Stripe's weekly ceiling for new accounts. */
export const sepaDebit = debit({
  type: "sepa_debit",
  label: text("Domiciliación bancaria (SEPA)", "Bank debit (SEPA)", "Débito direto (SEPA)"),
  hint: text(
    "Se carga a tu cuenta de banco; tarda unos seis días hábiles y puedes devolverlo durante ocho semanas.",
    "Taken from your bank account; it takes about six business days, and you can have it back for eight weeks.",
    "É debitado da sua conta; demora cerca de seis dias úteis e pode ser devolvido durante oito semanas.",
  ),
  gateways: ["stripe"],
  ...limits("EUR", 50n, 1_000_000n),
});

type BankRedirect = Pick<CountryMethod, "type" | "label" | "hint" | "gateways" | "confirms"> &
  Partial<Pick<CountryMethod, "minimum" | "maximum" | "kind">>;

/** The donor approves on a page of their bank (or of a network of banks). */
export const bankRedirect = (said: BankRedirect, donorFields: readonly DonorFieldRule[]): CountryMethod => ({
  kind: "bank_redirect",
  ...said,
  presentations: ["hosted"],
  donorFields,
  recurs: "reminder",
});
