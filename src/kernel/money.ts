import {
  allocate as allocateDinero,
  type Dinero,
  dinero,
  halfAwayFromZero,
  halfEven,
  multiply,
  toSnapshot,
  transformScale,
  up,
} from "dinero.js/bigint";
import { assert } from "./assert.ts";
import { type CurrencyCode, exponentOf } from "./currency.ts";

/**
 * An amount of one currency in its minor unit: `{minor: 12550n, currency: "MXN"}` is 125.50 pesos.
 * Plain data, immutable; whatever rounds or shares runs through dinero.js's bigint flavour, with the rounding named.
 */
export type Money = { readonly minor: bigint; readonly currency: CurrencyCode };

/** An exact ratio: `{numerator: 36n, scale: 3}` is 3.6 %. Never a float. */
export type Rate = { readonly numerator: bigint; readonly scale: number };

export type Rounding = "half_away_from_zero" | "half_even" | "up";
const rounders = { half_away_from_zero: halfAwayFromZero, half_even: halfEven, up } as const;

export const money = (minor: bigint, currency: CurrencyCode): Money => ({ minor, currency });
export const zero = (currency: CurrencyCode): Money => money(0n, currency);

const wrap = (m: Money): Dinero<bigint, string> =>
  dinero({
    amount: m.minor,
    currency: { code: m.currency, base: 10n, exponent: BigInt(exponentOf(m.currency)) },
  });

const unwrap = (d: Dinero<bigint, string>, currency: CurrencyCode): Money => {
  const snapshot = toSnapshot(d);
  assert(snapshot.scale === BigInt(exponentOf(currency)), "money left at another scale than its currency's");
  return money(snapshot.amount, currency);
};

function sameCurrency(a: Money, b: Money): CurrencyCode {
  assert(a.currency === b.currency, `amounts must be of one currency: ${a.currency} met ${b.currency}`);
  return a.currency;
}

/** a + b; throws when the currencies differ. */
export const add = (a: Money, b: Money): Money => money(a.minor + b.minor, sameCurrency(a, b));

/** a − b; throws when the currencies differ. May be negative. */
export const subtract = (a: Money, b: Money): Money => money(a.minor - b.minor, sameCurrency(a, b));

export const negate = (m: Money): Money => money(-m.minor, m.currency);

export function sum(amounts: readonly Money[], currency: CurrencyCode): Money {
  return amounts.reduce(add, zero(currency));
}

/** −1, 0 or 1; throws when the currencies differ. */
export function compare(a: Money, b: Money): -1 | 0 | 1 {
  sameCurrency(a, b);
  return a.minor < b.minor ? -1 : a.minor > b.minor ? 1 : 0;
}

export const equals = (a: Money, b: Money): boolean => a.currency === b.currency && a.minor === b.minor;
export const isZero = (m: Money): boolean => m.minor === 0n;
export const isPositive = (m: Money): boolean => m.minor > 0n;

/** `rate` of the amount, rounded to the minor unit in the way named. */
export function portion(m: Money, rate: Rate, rounding: Rounding): Money {
  const product = multiply(wrap(m), { amount: rate.numerator, scale: BigInt(rate.scale) });
  return unwrap(transformScale(product, BigInt(exponentOf(m.currency)), rounders[rounding]), m.currency);
}

/**
 * Splits an amount by integer weights so that the shares add up to it exactly; what does not divide goes, one
 * minor unit each, to the first shares. Weights must be non-negative with a positive sum.
 */
export function allocate(m: Money, weights: readonly bigint[]): readonly Money[] {
  assert(weights.length > 0 && weights.every((w) => w >= 0n), "weights are non-negative");
  assert(
    weights.some((w) => w > 0n),
    "at least one weight is positive",
  );
  return allocateDinero(wrap(m), [...weights]).map((share) => unwrap(share, m.currency));
}

/** The plain decimal spelling, "125.50": for gateways that want text and for reports. Never for arithmetic. */
export function decimalText({ minor, currency }: Money): string {
  const exponent = exponentOf(currency);
  const digits = String(minor < 0n ? -minor : minor).padStart(exponent + 1, "0");
  const point = digits.length - exponent;
  const text = exponent === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return minor < 0n ? `-${text}` : text;
}

/** The amount as a donor of `locale` reads it: `$125.50`, `US$125.50`, `R$ 125,50`. */
export function formatMoney(m: Money, locale: string): string {
  // `decimalText` is exact and Intl formats decimal strings exactly, so no float is ever made.
  const text = decimalText(m);
  assert(isDecimalText(text), "a decimal amount");
  // CLDR shows some currencies whole (COP) and would round: an amount keeps all its decimals.
  const decimals = exponentOf(m.currency);
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency: m.currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(text);
}

function isDecimalText(text: string): text is `${number}` {
  return /^-?\d+(\.\d+)?$/.test(text);
}

/** Money as CONTRACT writes it in JSON: integer minor units. Throws above 2^53 − 1, which the edge refuses. */
export function moneyJson(m: Money): { amount: number; currency: CurrencyCode } {
  const amount = Number(m.minor);
  assert(Number.isSafeInteger(amount), "an amount beyond 2^53 cannot be written as JSON");
  return { amount, currency: m.currency };
}
