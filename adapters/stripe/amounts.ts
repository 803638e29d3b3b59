import type { AmountRules } from "../../src/gateway/manifest.ts";
import { type CurrencyCode, exponentOf, isCurrency } from "../../src/kernel/currency.ts";
import { type Money, money } from "../../src/kernel/money.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";

/**
 * How Stripe writes amounts (Stripe docs "Currencies"; facts: methods §3.6). Ariary has two decimals in
 * ISO 4217 but none at Stripe, which is why the zero-decimal list is Stripe's and not ISO's.
 */
export const stripeAmountRules: AmountRules = {
  zeroDecimal: [
    "BIF",
    "CLP",
    "DJF",
    "GNF",
    "JPY",
    "KMF",
    "KRW",
    "MGA",
    "PYG",
    "RWF",
    "VND",
    "VUV",
    "XAF",
    "XOF",
    "XPF",
  ],
  twoDecimalZeroed: ["ISK", "UGX"],
  threeDecimalRounded: true,
  maxDigits: 8,
};

/**
 * How many digits Stripe takes in a currency: eight, but ten for card payments in Colombian pesos (docs
 * "Currencies"; facts: methods §3.6 say only that cards take more).
 */
export const digitsFor = (currency: CurrencyCode): number =>
  currency === "COP" ? 10 : stripeAmountRules.maxDigits;

/** Stripe's integer for an amount: `{minor: 12550n, MXN}` is `12550`, `{minor: 5n, ISK}` is `500`. */
export type StripeAmount = { readonly amount: number; readonly currency: string };

const power = (n: number): bigint => 10n ** BigInt(n);

function stripeExponent(m: Money): number {
  if (stripeAmountRules.zeroDecimal.includes(m.currency)) return 0;
  if (stripeAmountRules.twoDecimalZeroed.includes(m.currency)) return 2;
  return exponentOf(m.currency);
}

/**
 * Writes an amount as Stripe wants it. `Err` holds a sentence when Stripe could not take it: not positive, a
 * fraction the currency does not have there, a three-decimal amount that does not end in 0, or too many digits.
 */
export function toStripeAmount(m: Money): Result<StripeAmount, string> {
  if (m.minor <= 0n) return err("the amount is not positive");
  const shift = stripeExponent(m) - exponentOf(m.currency);
  const factor = power(Math.abs(shift));
  if (shift < 0 && m.minor % factor !== 0n) return err(`${m.currency} has no decimals at Stripe`);
  const units = shift < 0 ? m.minor / factor : m.minor * factor;
  if (stripeExponent(m) === 3 && units % 10n !== 0n) return err(`${m.currency} must end in 0 at Stripe`);
  const digits = digitsFor(m.currency);
  if (units >= power(digits)) return err(`the amount has more than ${digits} digits`);
  return ok({ amount: Number(units), currency: m.currency.toLowerCase() });
}

/**
 * Reads Stripe's integer back. `undefined` for a currency ISO 4217 does not know or a króna amount with a
 * fraction: the body cannot be trusted then. Negative amounts are fine (settlement lines).
 */
export function fromStripeAmount(amount: number, currency: string): Money | undefined {
  const code = currency.toUpperCase();
  if (!isCurrency(code) || !Number.isSafeInteger(amount)) return undefined;
  const units = BigInt(amount);
  const shift = stripeExponent(money(units, code)) - exponentOf(code);
  const factor = power(Math.abs(shift));
  if (shift > 0 && units % factor !== 0n) return undefined;
  return money(shift > 0 ? units / factor : units * factor, code);
}
