import type { AmountRules } from "../../src/gateway/manifest.ts";
import { type CurrencyCode, exponentOf, isCurrency } from "../../src/kernel/currency.ts";
import { decimalText, type Money, money } from "../../src/kernel/money.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";

/** BTCPay takes any number of decimals as text; ISO 4217 decides how many we write. */
export const btcpayAmountRules: AmountRules = {
  zeroDecimal: [],
  twoDecimalZeroed: [],
  threeDecimalRounded: false,
  maxDigits: 19,
};

/** An exact decimal: `{units: 7765n, scale: 8}` is 0.00007765. */
export type Decimal = { readonly units: bigint; readonly scale: number };

/** What a Greenfield decimal looks like; the bound keeps a hostile number from costing anything. */
export const decimalShape = /^-?\d{1,30}(?:\.\d{1,30})?$/;

const power = (n: number): bigint => 10n ** BigInt(n);

/** Reads a decimal that has {@link decimalShape}; `undefined` for anything else. */
export function decimal(text: string): Decimal | undefined {
  if (!decimalShape.test(text)) return undefined;
  const [whole = "0", fraction = ""] = text.split(".");
  return { units: BigInt(whole + fraction), scale: fraction.length };
}

export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: a.units * power(scale - a.scale) - b.units * power(scale - b.scale), scale };
}

export function sumDecimals(all: readonly Decimal[]): Decimal {
  const nothing: Decimal = { units: 0n, scale: 0 };
  return all.reduce((a, b) => subtractDecimals(a, { ...b, units: -b.units }), nothing);
}

/** −1, 0 or 1. */
export const signOf = (a: Decimal): -1 | 0 | 1 => (a.units < 0n ? -1 : a.units > 0n ? 1 : 0);

/** `coins` at `rate` (fiat for one coin), rounded half away from zero to the currency's minor unit. */
export function worth(coins: Decimal, rate: Decimal, currency: CurrencyCode): Money {
  const product = coins.units * rate.units;
  const shift = coins.scale + rate.scale - exponentOf(currency);
  if (shift <= 0) return money(product * power(-shift), currency);
  const step = power(shift);
  const size = product < 0n ? -product : product;
  const rounded = (size + step / 2n) / step;
  return money(product < 0n ? -rounded : rounded, currency);
}

/** The most an invoice may be: `GreenfieldConstants.MaxAmount` is the largest unsigned 64-bit integer. */
const most = 2n ** 64n - 1n;

/** `{minor: 12550n, MXN}` as "125.50". `Err` holds a sentence when BTCPay could not take it. */
export function toBtcpayAmount(m: Money): Result<string, string> {
  if (m.minor <= 0n) return err("the amount is not positive");
  if (m.minor > most * power(exponentOf(m.currency))) return err("the amount is above BTCPay's largest");
  return ok(decimalText(m));
}

/**
 * Reads BTCPay's text back. `undefined` for a currency ISO 4217 does not know (a store may price in BTC or SATS), or
 * for more decimals than the currency has: such a price is not one we asked for.
 */
export function fromBtcpayAmount(text: string, currency: string): Money | undefined {
  const read = decimal(text);
  if (!read || !isCurrency(currency)) return undefined;
  const shift = exponentOf(currency) - read.scale;
  if (shift >= 0) return money(read.units * power(shift), currency);
  const step = power(-shift);
  return read.units % step === 0n ? money(read.units / step, currency) : undefined;
}
