import { type CurrencyCode, exponentOf, isCurrency } from "../kernel/currency.ts";
import { type Money, money } from "../kernel/money.ts";

/**
 * An amount as banks write it, exactly: digits, with `separator` before the decimals. More decimals than the currency
 * has must be zeros (`8.8500` EUR). `undefined` for anything else: no sign, no grouping, no exponent.
 */
export function moneyFrom(text: string, separator: "." | ",", currency: string): Money | undefined {
  if (!isCurrency(currency)) return undefined;
  const [whole = "", decimals = "", ...more] = text.split(separator);
  if (more.length > 0 || !/^\d{1,18}$/.test(whole) || !/^\d{0,8}$/.test(decimals)) return undefined;
  const minor = minorUnits(whole, decimals, currency);
  return minor === undefined ? undefined : money(minor, currency);
}

function minorUnits(whole: string, decimals: string, currency: CurrencyCode): bigint | undefined {
  const exponent = exponentOf(currency);
  if (/[1-9]/.test(decimals.slice(exponent))) return undefined;
  const minor = BigInt(`${whole}${decimals.slice(0, exponent).padEnd(exponent, "0")}`);
  // What PostgreSQL's bigint and JSON's numbers both hold.
  return minor <= BigInt(Number.MAX_SAFE_INTEGER) ? minor : undefined;
}
