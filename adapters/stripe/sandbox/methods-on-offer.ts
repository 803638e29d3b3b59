import { decimalText } from "../../../src/kernel/money.ts";
import { digitsFor } from "../amounts.ts";
import type { AccountCountry, AccountCurrency } from "./accounts.ts";
import { currencyOf, moneyOf } from "./balance.ts";
import { inCurrency } from "./exchange.ts";
import { invalid } from "./refusal.ts";
import type { Scene } from "./scene.ts";
import { type CreateIntent, type SimulatedType, simulatedTypes } from "./schemas.ts";

/** Smallest charges in minor units of what the account settles in (Stripe: minimum and maximum charge amounts). */
const minimum: Readonly<Record<AccountCurrency, number>> = {
  usd: 50,
  mxn: 1000,
  eur: 50,
  cad: 50,
  brl: 50,
  gbp: 30,
};
const shown = (minor: number, currency: string) => `$${decimalText(moneyOf(minor, currency))} ${currency}`;

/**
 * Refuses amounts that are not positive, over the digits Stripe takes, or worth less than the minimum in what the
 * account settles in; and currencies the account may not present: reais are all that Brazil's may.
 */
export function checkAmount(scene: Scene, amount: number, currency: string): void {
  const code = currencyOf(currency);
  const home = scene.account.currency;
  if (scene.account.country === "br" && currency !== home) {
    throw invalid(`The currency ${currency} is not supported for accounts in BR.`, { param: "currency" });
  }
  if (amount < 1) {
    throw invalid("This value must be greater than or equal to 1.", {
      code: "parameter_invalid_integer",
      param: "amount",
    });
  }
  const largest = 10 ** digitsFor(code) - 1;
  if (amount > largest) {
    throw invalid(`Amount must be no more than ${shown(largest, currency)}`, {
      code: "amount_too_large",
      param: "amount",
    });
  }
  const own = Object.entries(minimum).find(([listed]) => listed === currency)?.[1];
  if (own !== undefined && amount < own) {
    throw invalid(`Amount must be at least ${shown(own, currency)}`, {
      code: "amount_too_small",
      param: "amount",
    });
  }
  const least = minimum[home];
  if (inCurrency(amount, currency, home) < least) {
    throw invalid(`Amount must convert to at least ${shown(least, home)}.`, {
      code: "amount_too_small",
      param: "amount",
    });
  }
}

type Terms = Pick<
  CreateIntent,
  "allowed_payment_method_types" | "excluded_payment_method_types" | "capture_method"
> & {
  readonly amount: number;
  readonly currency: string;
  readonly customer: string | undefined;
  /** `never`: the donor must not be sent away from our page. */
  readonly redirects?: "always" | "never" | undefined;
};
const redirecting: ReadonlySet<SimulatedType> = new Set<SimulatedType>([
  "pay_by_bank",
  "revolut_pay",
  "amazon_pay",
  "crypto",
]);

/**
 * The types a payment on these terms can be made with: those allowed (or all the account has), without those
 * that the currency, the amount, the capture method or a missing customer rules out. None left is a 400.
 */
export function typesFor(scene: Scene, terms: Terms): SimulatedType[] {
  const asked = terms.allowed_payment_method_types;
  const named = asked
    ? simulatedTypes.filter((type) => asked.includes(type))
    : simulatedTypes.filter(
        (type) => type !== "customer_balance" && !(terms.redirects === "never" && redirecting.has(type)),
      );
  const left = named.filter(
    (type) => !terms.excluded_payment_method_types?.includes(type) && suits(scene, type, terms),
  );
  if (left.length > 0) return left;
  throw noneLeft(named, terms);
}

/** Where a type is offered: accounts, the currency, and the amounts in its minor units. */
type Offer = {
  readonly accounts: readonly AccountCountry[];
  readonly currency: string;
  readonly least?: number;
  readonly most?: number;
};
const euro = { accounts: ["es", "pt", "de"], currency: "eur" } as const;
const british = { accounts: ["gb"], currency: "gbp" } as const;
const american = { accounts: ["us"], currency: "usd" } as const;
const offers: Readonly<Partial<Record<SimulatedType, Offer>>> = {
  oxxo: { accounts: ["mx"], currency: "mxn", least: 1000, most: 1_000_000 },
  boleto: { accounts: ["br"], currency: "brl", least: 500, most: 4_999_999 },
  multibanco: { ...euro, least: 50, most: 9_999_900 },
  mb_way: { ...euro, least: 50, most: 500_000 },
  us_bank_account: american,
  sepa_debit: { ...euro, most: 1_000_000 },
  bacs_debit: { ...british, most: 10_000_000 },
  acss_debit: { accounts: ["ca"], currency: "cad" },
  pay_by_bank: { ...british, least: 50, most: 1_000_000 },
  revolut_pay: british,
  amazon_pay: american,
  crypto: { ...american, most: 1_000_000 },
};
/** Accounts that can take bank transfers, by the currency the transfer comes in. */
const transfers: readonly AccountCountry[] = ["mx", "us", "gb", "es", "pt", "de"];
const mayBeHeld: ReadonlySet<SimulatedType> = new Set<SimulatedType>([
  "card",
  "link",
  "revolut_pay",
  "amazon_pay",
]);

function suits(scene: Scene, type: SimulatedType, terms: Terms): boolean {
  if (terms.capture_method === "manual" && !mayBeHeld.has(type)) return false;
  const { country, currency } = scene.account;
  switch (type) {
    case "card":
      return true;
    case "link":
      return terms.currency === currency || terms.currency === "usd";
    case "customer_balance":
      return terms.currency === currency && transfers.includes(country) && terms.customer !== undefined;
    default: {
      const offer = offers[type];
      return (
        offer?.accounts.includes(country) === true &&
        terms.currency === offer.currency &&
        terms.amount >= (offer.least ?? 0) &&
        terms.amount <= (offer.most ?? Number.POSITIVE_INFINITY)
      );
    }
  }
}

function noneLeft(named: readonly SimulatedType[], terms: Terms): Error {
  const only = named.length === 1 ? named[0] : undefined;
  const offer = only && offers[only];
  if (offer?.most !== undefined && terms.currency === offer.currency && terms.amount > offer.most) {
    return invalid(`Amount must be no more than ${shown(offer.most, offer.currency)} for ${only}`, {
      code: "amount_too_large",
      param: "amount",
    });
  }
  if (offer?.least !== undefined && terms.currency === offer.currency && terms.amount < offer.least) {
    return invalid(`Amount must be at least ${shown(offer.least, offer.currency)} for ${only}`, {
      code: "amount_too_small",
      param: "amount",
    });
  }
  if (only === "customer_balance" && terms.customer === undefined) {
    return invalid("PaymentIntents with a `customer_balance` payment method require a `customer`.", {
      code: "parameter_missing",
      param: "customer",
    });
  }
  return invalid(
    `No valid payment method types for this Payment Intent. Please ensure that you have activated payment methods compatible with your chosen currency (${terms.currency}) in your dashboard.`,
    { param: "allowed_payment_method_types" },
  );
}
