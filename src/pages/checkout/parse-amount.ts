import { type CurrencyCode, exponentOf } from "../../kernel/currency.ts";
import { type Money, money } from "../../kernel/money.ts";
import { err, ok, type Result } from "../../kernel/result.ts";

/** Why an amount a donor typed was not taken. `ambiguous` carries both readings, as plain decimals. */
export type AmountFault =
  | { readonly kind: "missing" | "unreadable" | "not_positive" | "too_large" }
  | { readonly kind: "too_many_decimals"; readonly decimals: number }
  | { readonly kind: "ambiguous"; readonly thousands: string; readonly decimal: string };

/** The largest amount the API's JSON can carry: 2^53 − 1 minor units. */
const most = BigInt(Number.MAX_SAFE_INTEGER);
const refuse = (kind: "missing" | "unreadable" | "not_positive" | "too_large") => err<AmountFault>({ kind });

/**
 * Reads an amount as a donor of `locale` types it, exactly and without floats: `1,234.50` or `$1,234.5` in Mexico,
 * `1.234,50` in Colombia. The other spelling is taken where it can mean only one thing (`50,5`, `1.234,50`);
 * where it cannot (`1.500` in Mexico) nothing is guessed about money: the fault holds both readings.
 */
export function parseAmount(
  typed: string,
  currency: CurrencyCode,
  locale: string,
): Result<Money, AmountFault> {
  const text = bareNumber(typed, currency);
  if (text === "") return refuse("missing");
  if (/^[-−(]/.test(text)) return refuse("not_positive");
  const read = splitNumber(text, decimalMark(locale), exponentOf(currency));
  if (!read.ok) return read;
  const { whole, fraction } = read.value;
  const decimals = exponentOf(currency);
  const kept = fraction.replace(/0+$/, "");
  if (kept.length > decimals) return err({ kind: "too_many_decimals", decimals });
  const digits = whole + kept.padEnd(decimals, "0");
  if (digits.length > 40) return refuse("too_large");
  const minor = BigInt(digits);
  if (minor === 0n) return refuse("not_positive");
  return minor > most ? refuse("too_large") : ok(money(minor, currency));
}

/** Without the signs people put around amounts: spaces, currency signs and the currency's own code. */
function bareNumber(typed: string, currency: CurrencyCode): string {
  return typed
    .slice(0, 100)
    .normalize("NFKC")
    .replace(/[\s'’_]/g, "")
    .replace(new RegExp(`^${currency}|${currency}$`, "i"), "")
    .replace(/^(?:(?:US|MX|R|AR|CO|C)?\$|€|£)|[$€£]$/i, "")
    .replace(new RegExp(`^${currency}|${currency}$`, "i"), "");
}

function decimalMark(locale: string): "." | "," {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
  return parts.find((part) => part.type === "decimal")?.value === "," ? "," : ".";
}

type Parts = { readonly whole: string; readonly fraction: string };

function splitNumber(text: string, mark: "." | ",", decimals: number): Result<Parts, AmountFault> {
  if (/^\d+$/.test(text)) return ok({ whole: text, fraction: "" });
  if (!/^\d*(?:[.,]\d+)*[.,]?$/.test(text)) return refuse("unreadable");
  const marks = text.replace(/\d/g, "");
  const last = marks.at(-1) ?? "";
  const [head, tail] = [text.slice(0, text.lastIndexOf(last)), text.slice(text.lastIndexOf(last) + 1)];
  if (marks.length === 1) return oneMark(head, tail, last === mark, decimals);
  const sameMarks = new Set(marks).size === 1;
  if (sameMarks) return groupedWhole(text, last);
  // `1.234,50`: two kinds of mark, so the last one can only be the decimal mark.
  const group = last === "," ? "." : ",";
  if (marks.slice(0, -1).includes(last)) return refuse("unreadable");
  const whole = groupedWhole(head, group);
  return whole.ok ? ok({ whole: whole.value.whole, fraction: tail }) : whole;
}

function oneMark(
  head: string,
  tail: string,
  isDecimalMark: boolean,
  decimals: number,
): Result<Parts, AmountFault> {
  const couldGroup = tail.length === 3 && /^[1-9]\d{0,2}$/.test(head);
  if (couldGroup && !isDecimalMark) return ok({ whole: head + tail, fraction: "" });
  if (couldGroup && decimals < 3) {
    return err({ kind: "ambiguous", thousands: head + tail, decimal: `${head}.${tail.slice(0, decimals)}` });
  }
  if (head === "" && tail === "") return refuse("unreadable");
  return ok({ whole: head === "" ? "0" : head, fraction: tail });
}

function groupedWhole(text: string, group: string): Result<Parts, AmountFault> {
  const [first = "", ...rest] = text.split(group);
  const good = /^\d{1,3}$/.test(first) && rest.length > 0 && rest.every((part) => /^\d{3}$/.test(part));
  return good ? ok({ whole: first + rest.join(""), fraction: "" }) : refuse("unreadable");
}
