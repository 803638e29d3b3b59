import type { AmountRules } from "../../src/gateway/manifest.ts";
import { type CurrencyCode, exponentOf, isCurrency } from "../../src/kernel/currency.ts";
import { decimalText, type Money, money } from "../../src/kernel/money.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";

/**
 * How Mercado Pago writes amounts: decimal numbers, not minor units. Colombian pesos have two decimals in ISO 4217
 * and none here, Chilean pesos have none anywhere (facts: methods §4, §10.8).
 */
export const mercadoPagoAmountRules: AmountRules = {
  zeroDecimal: ["COP", "CLP"],
  twoDecimalZeroed: [],
  threeDecimalRounded: false,
  maxDigits: 12,
};

/** Twelve digits and two decimals are well inside what a JSON number keeps exactly (15 significant digits). */
const most = 10n ** BigInt(mercadoPagoAmountRules.maxDigits);

/**
 * The decimal number for an amount: `{minor: 12550n, MXN}` is `125.5`, `{minor: 500000n, COP}` is `5000`. `Err`
 * holds a sentence when Mercado Pago could not take it: not positive, cents where there are none, or too long.
 */
export function toDecimal(m: Money): Result<number, string> {
  if (m.minor <= 0n) return err("the amount is not positive");
  if (m.minor >= most) return err("the amount has more than 12 digits");
  const whole = mercadoPagoAmountRules.zeroDecimal.includes(m.currency);
  const unit = 10n ** BigInt(exponentOf(m.currency));
  if (whole && m.minor % unit !== 0n) return err(`${m.currency} has no decimals at Mercado Pago`);
  return ok(Number(decimalText(m)));
}

const decimalShape = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * Reads a decimal as the gateway spells it, in JSON or in a report. `undefined` for a currency ISO 4217 does not
 * know, or for more decimals than the currency has: such a text cannot be trusted. Negative amounts are fine.
 */
export function readDecimal(text: string, currency: string): Money | undefined {
  const code = currency.toUpperCase();
  const [, sign, units, fraction = ""] = decimalShape.exec(text) ?? [];
  if (!isCurrency(code) || units === undefined) return undefined;
  const exponent = exponentOf(code);
  const kept = fraction.replace(/0+$/, "");
  if (kept.length > exponent) return undefined;
  const minor = BigInt(units + kept.padEnd(exponent, "0"));
  return money(sign === "-" ? -minor : minor, code);
}

/** The same for a number of a JSON body: its shortest decimal spelling is exact for every amount taken here. */
export const fromDecimal = (value: number, currency: string): Money | undefined =>
  readDecimal(String(value), currency);

/** `undefined` for a number that is absent; see {@link fromDecimal}. */
export const optionalDecimal = (
  value: number | null | undefined,
  currency: CurrencyCode,
): Money | undefined => (value === null || value === undefined ? undefined : fromDecimal(value, currency));
