import type { MethodType } from "../../src/gateway/methods.ts";

/** Our two methods and what BTCPay calls them (OpenAPI `PaymentMethodId`, `PayoutMethodId`). */
export const coinMethods = { bitcoin: "BTC-CHAIN", lightning: "BTC-LN" } as const;
export type CoinMethod = keyof typeof coinMethods;

export const isCoinMethod = (type: MethodType): type is CoinMethod => type in coinMethods;

/** `InvoiceStatus`, closed; a word of tomorrow is `undefined`. */
const invoiceStages = {
  New: "open",
  Processing: "confirming",
  Settled: "settled",
  Expired: "expired",
  Invalid: "invalid",
} as const;
export type InvoiceStage = (typeof invoiceStages)[keyof typeof invoiceStages];
export const invoiceStage = (status: string): InvoiceStage | undefined => known(invoiceStages, status);

/** `InvoiceAdditionalStatus`: only told as evidence; what came is read from the payments themselves. */
const additionalStatuses: readonly string[] = [
  "None",
  "PaidLate",
  "PaidPartial",
  "Marked",
  "Invalid",
  "PaidOver",
];
export const isKnownAddition = (status: string): boolean => additionalStatuses.includes(status);

/** `PaymentStatus`. `Invalid`: replaced or spent twice, no money. */
const paymentStages = { Invalid: "void", Processing: "confirming", Settled: "settled" } as const;
export type PaymentStage = (typeof paymentStages)[keyof typeof paymentStages];
export const paymentStage = (status: string): PaymentStage | undefined => known(paymentStages, status);

/** `PayoutState`: how far a donor's claim of their refund is. */
const payoutStages = {
  AwaitingApproval: "underway",
  AwaitingPayment: "underway",
  InProgress: "underway",
  Completed: "paid",
  Cancelled: "gone",
} as const;
export type PayoutStage = (typeof payoutStages)[keyof typeof payoutStages];
export const payoutStage = (state: string): PayoutStage | undefined => known(payoutStages, state);

function known<V>(table: Readonly<Record<string, V>>, word: string): V | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
