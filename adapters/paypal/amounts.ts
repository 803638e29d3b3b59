import type { AmountRules } from "../../src/gateway/manifest.ts";
import { exponentOf, isCurrency } from "../../src/kernel/currency.ts";
import { decimalText, type Money, money } from "../../src/kernel/money.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";

/**
 * How PayPal writes amounts (PayPal REST reference "Currency codes"; facts: methods §5): decimal text with at most
 * two decimals, and none at all in forint, yen and Taiwan dollar, though ISO gives the first and last two. Up to
 * 15 digits stand before the point (Orders v2 specification).
 */
export const paypalAmountRules: AmountRules = {
  zeroDecimal: ["HUF", "JPY", "TWD"],
  twoDecimalZeroed: [],
  threeDecimalRounded: false,
  maxDigits: 17,
};

/** An amount as PayPal's bodies carry it, in the SDK's spelling. */
export type PaypalAmount = { readonly currencyCode: string; readonly value: string };

const mostDigits = 15;

/**
 * `{minor: 12550n, MXN}` is `"125.50"`, `{minor: 500000n, HUF}` is `"5000"`. `Err` holds a sentence when PayPal
 * could not take it: not positive, a fraction where it knows none, three decimals, or too many digits.
 */
export function toPaypalAmount(m: Money): Result<PaypalAmount, string> {
  if (m.minor <= 0n) return err("the amount is not positive");
  if (exponentOf(m.currency) > 2) return err(`${m.currency} has three decimals, which PayPal does not take`);
  const [whole = "", fraction = ""] = decimalText(m).split(".");
  if (whole.length > mostDigits) return err(`the amount has more than ${mostDigits} digits`);
  if (!paypalAmountRules.zeroDecimal.includes(m.currency)) {
    return ok({ currencyCode: m.currency, value: fraction === "" ? whole : `${whole}.${fraction}` });
  }
  if (/[1-9]/.test(fraction)) return err(`${m.currency} has no decimals at PayPal`);
  return ok({ currencyCode: m.currency, value: whole });
}

const decimal = /^(-?)(\d{1,15})(?:\.(\d{1,6}))?$/;

/**
 * Reads PayPal's text back, negative amounts too (settlement lines). `undefined` for a currency ISO does not know,
 * a text that is no decimal, or more decimals than the currency has, unless they are zeros.
 */
export function fromPaypalAmount(value: string, currencyCode: string): Money | undefined {
  const parts = decimal.exec(value);
  if (!parts || !isCurrency(currencyCode)) return undefined;
  const [, sign = "", whole = "", fraction = ""] = parts;
  const exponent = exponentOf(currencyCode);
  if (/[1-9]/.test(fraction.slice(exponent))) return undefined;
  const minor = BigInt(whole + fraction.slice(0, exponent).padEnd(exponent, "0"));
  return money(sign === "-" ? -minor : minor, currencyCode);
}
