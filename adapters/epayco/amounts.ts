import type { AmountRules } from "../../src/gateway/manifest.ts";
import { isCurrency } from "../../src/kernel/currency.ts";
import { type Money, money } from "../../src/kernel/money.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";

/** Colombian cash knows no centavos (facts: row `baloto_co__epayco`, gateway_decimals 0). */
export const epaycoAmountRules: AmountRules = {
  zeroDecimal: ["COP"],
  twoDecimalZeroed: [],
  threeDecimalRounded: false,
  maxDigits: 9,
};

/** `{minor: 2000000n, COP}` as "20000". `Err` holds a sentence when a cashier could not take it. */
export function toEpaycoAmount(m: Money): Result<string, string> {
  if (m.currency !== "COP") return err("vouchers are paid in Colombian pesos");
  if (m.minor <= 0n) return err("the amount is not positive");
  if (m.minor % 100n !== 0n) return err("a cashier takes whole pesos");
  const pesos = String(m.minor / 100n);
  return pesos.length > epaycoAmountRules.maxDigits ? err("the amount has more than 9 digits") : ok(pesos);
}

/**
 * Reads an amount back: ePayco writes 20000, "20000" and "20000.00". `undefined` for any other shape, and for a
 * number that binary fractions may have bent.
 */
export function fromEpaycoAmount(value: string | number, currency: string): Money | undefined {
  const text = typeof value === "number" ? (Number.isSafeInteger(value) ? String(value) : "") : value;
  const parts = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text);
  const code = currency.toUpperCase();
  if (!parts || !isCurrency(code) || code !== "COP") return undefined;
  return money(BigInt(parts[1] ?? "0") * 100n + BigInt((parts[2] ?? "").padEnd(2, "0")), code);
}
