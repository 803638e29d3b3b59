import type Stripe from "stripe";
import type { MethodType } from "../../src/gateway/methods.ts";

type IntentTypes = NonNullable<Stripe.PaymentIntentCreateParams["allowed_payment_method_types"]>;
type SessionTypes = NonNullable<Stripe.Checkout.SessionCreateParams["allowed_payment_method_types"]>;
export type StripeTypes = IntentTypes & SessionTypes;

/** Stripe's type words per method: wallets ride on `card`, Link needs `card` beside it (Stripe docs "Link"). */
const stripeTypes: ReadonlyMap<MethodType, StripeTypes> = new Map<MethodType, StripeTypes>([
  ["card", ["card"]],
  ["apple_pay", ["card"]],
  ["google_pay", ["card"]],
  ["link", ["link", "card"]],
  ["oxxo", ["oxxo"]],
  ["boleto", ["boleto"]],
  ["multibanco", ["multibanco"]],
  ["mb_way", ["mb_way"]],
  ["spei", ["customer_balance"]],
  ["bank_transfer", ["customer_balance"]],
  ["ach_debit", ["us_bank_account"]],
  ["sepa_debit", ["sepa_debit"]],
  ["bacs_debit", ["bacs_debit"]],
  ["acss_debit", ["acss_debit"]],
  ["pay_by_bank", ["pay_by_bank"]],
  ["revolut_pay", ["revolut_pay"]],
  ["amazon_pay", ["amazon_pay"]],
  ["crypto_stablecoin", ["crypto"]],
]);

/** What Stripe calls a method; empty for one this adapter does not carry. */
export const stripeTypesOf = (method: MethodType): StripeTypes => [...(stripeTypes.get(method) ?? [])];

const kinds = {
  /** Debits that need the donor's yes to a mandate, and fail days later. */
  debit: ["ach_debit", "sepa_debit", "bacs_debit", "acss_debit"],
  /** Confirmed at once; the donor goes on at the wallet's or the bank's own page. */
  redirect: ["pay_by_bank", "revolut_pay", "amazon_pay", "crypto_stablecoin"],
  /** Paid out of the donor's cash balance at Stripe, which a bank transfer fills. */
  balance: ["spei", "bank_transfer"],
} as const satisfies Record<string, readonly MethodType[]>;

const among = (some: readonly MethodType[]) => (method: MethodType) => some.includes(method);
export const isDebit = among(kinds.debit);
export const isRedirect = among(kinds.redirect);
export const isFromBalance = among(kinds.balance);

const debitTypes: ReadonlySet<string> = new Set([
  "us_bank_account",
  "sepa_debit",
  "bacs_debit",
  "acss_debit",
]);
/** The same of Stripe's own words on an intent. */
export const isBankDebit = (types: readonly string[]): boolean => types.some((type) => debitTypes.has(type));
