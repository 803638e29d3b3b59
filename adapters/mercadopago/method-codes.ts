import type { MethodType } from "../../src/gateway/methods.ts";
import { days, minutes } from "../../src/kernel/clock.ts";

/** How a payment is made and what the donor is shown then. */
export type Flow =
  /** A token of the donor's browser, answered at once. */
  | { readonly kind: "token"; readonly code?: string }
  /** Checkout Pro: a preference whose page shows only these types of means. */
  | { readonly kind: "checkout_pro"; readonly only: readonly string[]; readonly code?: string }
  /** A slip to pay somewhere. `itf`: a boleto's 44 digits; everything else prints Code 128. */
  | {
      readonly kind: "voucher";
      readonly code: string;
      readonly barcode: "code128" | "itf";
      readonly lastsMs: number;
    }
  | { readonly kind: "pix"; readonly code: string; readonly lastsMs: number }
  | { readonly kind: "clabe"; readonly code: string }
  /** The donor's bank, by redirect. */
  | {
      readonly kind: "bank_redirect";
      readonly code: string;
      readonly lastsMs: number;
      /** PSE: the bank is chosen before, and much is asked about who pays. */
      readonly pse?: true;
      readonly bank?: string;
    };

/** The default lapse is described as 3 to 5 days, so that it is always sent (facts: payment-methods). */
const slipLasts = days(3);
const slip = (code: string, barcode: "code128" | "itf" = "code128"): Flow => ({
  kind: "voucher",
  code,
  barcode,
  lastsMs: slipLasts,
});

/** Means of payment a Checkout Pro page can be asked to hide (Mercado Pago OpenAPI, `payment_type_id`). */
export const paymentTypes = [
  "account_money",
  "ticket",
  "bank_transfer",
  "atm",
  "credit_card",
  "debit_card",
  "prepaid_card",
  "digital_currency",
  "digital_wallet",
  "voucher_card",
] as const;

const cards = ["credit_card", "debit_card", "prepaid_card"] as const;

/** How long a Checkout Pro page is open: ours to say, so that an abandoned one closes. */
export const checkoutLastsMs = days(1);

const flows = {
  card: { kind: "token" },
  yape: { kind: "token", code: "yape" },
  mercado_pago: { kind: "checkout_pro", only: ["account_money"] },
  webpay: { kind: "checkout_pro", only: ["bank_transfer"], code: "webpay" },
  oxxo: slip("oxxo"),
  paycash: slip("paycash"),
  bbva_cash: slip("bancomer"),
  citibanamex_cash: slip("banamex"),
  efecty: slip("efecty"),
  boleto: slip("bolbradesco", "itf"),
  loterica: slip("pec"),
  rapipago: slip("rapipago"),
  pago_facil: slip("pagofacil"),
  pago_efectivo: slip("pagoefectivo_atm"),
  abitab: slip("abitab"),
  redpagos: slip("redpagos"),
  pix: { kind: "pix", code: "pix", lastsMs: days(1) },
  spei: { kind: "clabe", code: "clabe" },
  pse: { kind: "bank_redirect", code: "pse", lastsMs: minutes(15), pse: true },
  nequi: { kind: "bank_redirect", code: "pse", lastsMs: minutes(15), pse: true, bank: "1507" },
  fintoc: { kind: "bank_redirect", code: "fintoc", lastsMs: minutes(10) },
} as const satisfies Partial<Record<MethodType, Flow>>;

const table: Readonly<Partial<Record<MethodType, Flow>>> = flows;

/** How a method is carried; `undefined` for one Mercado Pago does not have. Codes: facts: payment-methods. */
export function flowOf(type: MethodType, presentation: string): Flow | undefined {
  if (type === "card" && presentation === "hosted") return { kind: "checkout_pro", only: cards };
  return table[type];
}

/** Whether an attempt in this method may be living on a Checkout Pro page. */
export const mayBeCheckoutPro = (type: MethodType): boolean =>
  type === "card" || table[type]?.kind === "checkout_pro";
