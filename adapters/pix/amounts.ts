import type { AmountRules } from "../../src/gateway/manifest.ts";
import { decimalText, isPositive, type Money, money } from "../../src/kernel/money.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";

/** The most one Pix of the API can be: ten digits of reais and two of centavos. */
export const most = 999_999_999_999n;

/** Amounts are text with exactly two decimals. */
export const pixAmountRules: AmountRules = {
  zeroDecimal: [],
  twoDecimalZeroed: [],
  threeDecimalRounded: false,
  maxDigits: 12,
};

/** `"123.45"`, or why the rail cannot take it. */
export function writeAmount(amount: Money): Result<string, string> {
  if (amount.currency !== "BRL") return err("Pix is paid in reais");
  if (!isPositive(amount)) return err("an amount is at least 0.01");
  return amount.minor <= most ? ok(decimalText(amount)) : err("an amount is at most 9999999999.99");
}

/** The API's text as money; `undefined` where it is not written as the API writes it. */
export function readAmount(text: string): Money | undefined {
  return /^\d{1,10}\.\d{2}$/.test(text) ? money(BigInt(text.replace(".", "")), "BRL") : undefined;
}
