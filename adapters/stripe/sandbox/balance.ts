import { feeOn } from "../../../src/gateway/fees.ts";
import type { MethodType } from "../../../src/gateway/methods.ts";
import { type CurrencyCode, isCurrency } from "../../../src/kernel/currency.ts";
import { type Money, money } from "../../../src/kernel/money.ts";
import type { AccountCountry } from "./accounts.ts";
import { exchangeRate, inCurrency } from "./exchange.ts";
import { invalid } from "./refusal.ts";
import { day, type Scene } from "./scene.ts";
import type { BalanceTransaction, Charge } from "./wire.ts";

/** Stripe writes currencies in lower case. */
export function currencyOf(code: string): CurrencyCode {
  const upper = code.toUpperCase();
  if (!isCurrency(upper)) {
    throw invalid(
      `Invalid currency: ${code}. Stripe currently supports these currencies: usd, mxn, eur, brl, cop and others.`,
      { param: "currency" },
    );
  }
  return upper;
}

export const moneyOf = (amount: number, currency: string): Money =>
  money(BigInt(amount), currencyOf(currency));

type Entry = {
  readonly amount: number;
  readonly currency: string;
  readonly type: BalanceTransaction["type"];
  readonly category: string;
  readonly source: string;
  readonly description: string | null;
  /** In what the account settles in, like `feeDetails`. */
  readonly fee?: number;
  readonly feeDetails?: BalanceTransaction["fee_details"];
  readonly availableOn?: number;
};

/**
 * Writes a line of the account's balance, in what the account settles in: an amount in another currency is
 * converted. `amount` and the fee are minor units; net is their difference.
 */
export async function book(scene: Scene, entry: Entry): Promise<BalanceTransaction> {
  const fee = entry.fee ?? 0;
  const home = scene.account.currency;
  const amount = inCurrency(entry.amount, entry.currency, home);
  const transaction: BalanceTransaction = {
    id: scene.house.ids.id("txn"),
    object: "balance_transaction",
    amount,
    available_on: entry.availableOn ?? scene.now,
    balance_type: "payments",
    created: scene.now,
    currency: home,
    description: entry.description,
    exchange_rate: entry.currency === home ? null : exchangeRate(entry.currency, home),
    fee,
    fee_details: entry.feeDetails ?? [],
    net: amount - fee,
    reporting_category: entry.category,
    source: entry.source,
    status: (entry.availableOn ?? scene.now) > scene.now ? "pending" : "available",
    type: entry.type,
  };
  await scene.documents.put("balance_transaction", transaction);
  return transaction;
}

/** The capture's line: gross, what Stripe keeps of it by the fee table (tax apart), and when it is available. */
export async function bookCharge(
  scene: Scene,
  charge: Charge,
  availableAtOnce = false,
): Promise<BalanceTransaction> {
  const method = methodTypeOf(charge);
  const home = scene.account.currency;
  const { fee, details } = feeOf(
    scene,
    inCurrency(charge.amount_captured, charge.currency, home),
    home,
    method,
  );
  const card = method === "card" || method === "apple_pay" || method === "google_pay" || method === "link";
  return book(scene, {
    amount: charge.amount_captured,
    currency: charge.currency,
    type: card ? "charge" : "payment",
    category: "charge",
    source: charge.id,
    description: charge.description,
    fee,
    feeDetails: details,
    availableOn: availableAtOnce
      ? scene.now
      : endOfDay(scene.now) + settlementDays[scene.account.country] * day,
  });
}

const settlementDays: Readonly<Record<AccountCountry, number>> = {
  us: 2,
  mx: 4,
  br: 30,
  ca: 3,
  gb: 3,
  es: 3,
  pt: 3,
  de: 3,
};
const endOfDay = (at: number): number => at - (at % day) + day;

function feeOf(scene: Scene, amount: number, currency: string, method: MethodType) {
  const charged = moneyOf(amount, currency);
  const rule = scene.house.fees.find(
    (one) =>
      one.country === scene.account.country &&
      one.methods.includes(method) &&
      one.fixed.currency === charged.currency,
  );
  if (!rule) return { fee: 0, details: [] };
  const kept = feeOn(charged, rule);
  const tax = Number(kept.tax.minor);
  const fee = Number(kept.amount.minor);
  const line = (part: number, type: string, description: string) => ({
    amount: part,
    application: null,
    currency,
    description,
    type,
  });
  const details = [line(fee - tax, "stripe_fee", "Stripe processing fees")];
  if (tax > 0) details.push(line(tax, "tax", scene.account.country === "mx" ? "IVA" : "Tax"));
  return { fee, details };
}

const wallets = ["apple_pay", "google_pay", "link"] as const;
const methods: ReadonlyMap<string, MethodType> = new Map<string, MethodType>([
  ["oxxo", "oxxo"],
  ["boleto", "boleto"],
  ["multibanco", "multibanco"],
  ["mb_way", "mb_way"],
  ["us_bank_account", "ach_debit"],
  ["sepa_debit", "sepa_debit"],
  ["bacs_debit", "bacs_debit"],
  ["acss_debit", "acss_debit"],
  ["pay_by_bank", "pay_by_bank"],
  ["revolut_pay", "revolut_pay"],
  ["amazon_pay", "amazon_pay"],
  ["crypto", "crypto_stablecoin"],
  ["link", "link"],
]);

function methodTypeOf(charge: Charge): MethodType {
  const details = charge.payment_method_details;
  if (details?.type === "customer_balance") return charge.currency === "mxn" ? "spei" : "bank_transfer";
  const wallet = wallets.find((known) => known === details?.card?.wallet?.type);
  return wallet ?? methods.get(details?.type ?? "") ?? "card";
}
