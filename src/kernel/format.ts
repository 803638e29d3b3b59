import { exponentOf } from "./currency.ts";
import { decimalText, type Money } from "./money.ts";

/**
 * `$500.00 MXN`: always with the ISO code, since `$` alone names eight currencies of the Americas. The space does
 * not break, so that a narrow screen never parts an amount from its currency.
 */
export function amountText(amount: Money, locale: string): string {
  const { currency } = amount;
  const exact = decimalText(amount);
  // CLDR shows pesos of Colombia whole and would round: what is there is shown.
  const decimals = exponentOf(currency);
  const minimumFractionDigits = amount.minor % 10n ** BigInt(decimals) === 0n ? undefined : decimals;
  const options = {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    ...(minimumFractionDigits === undefined ? {} : { minimumFractionDigits }),
  } as const;
  const text = isDecimal(exact) ? new Intl.NumberFormat(locale, options).format(exact) : exact;
  return text.includes(currency) ? text : `${text}\u00a0${currency}`;
}

// Intl formats decimal text exactly, so no float is ever made.
const isDecimal = (text: string): text is `${number}` => /^-?\d+(\.\d+)?$/.test(text);

/** Day, month and year with the hour, in the church's time zone. */
export function instantText(at: Date, locale: string, timeZone: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short", timeZone }).format(at);
}

/** Day, month and year in the church's time zone. */
export function dateText(at: Date, locale: string, timeZone: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone }).format(at);
}

/** The digits in groups, for reading aloud: `1234 5678 90`. */
export function grouped(digits: string, size = 4): string {
  return digits.match(new RegExp(`.{1,${size}}`, "g"))?.join(" ") ?? digits;
}

/** A civil date (`YYYY-MM-DD`) with its weekday, `viernes, 5 de diciembre de 2026`; or `medium`, `5 dic 2026`. */
export function civilDateText(date: string, locale: string, dateStyle: "full" | "medium" = "full"): string {
  const at = new Date(`${date}T00:00Z`);
  return new Intl.DateTimeFormat(locale, { dateStyle, timeZone: "UTC" }).format(at);
}

/** A month (`YYYY-MM`) in words: `mayo de 2028`. */
export function monthText(month: string, locale: string): string {
  const at = new Date(`${month}-01T00:00Z`);
  return new Intl.DateTimeFormat(locale, { year: "numeric", month: "long", timeZone: "UTC" }).format(at);
}

/** The same without weekday and year, for the middle of a sentence: `5 de diciembre`. */
export function shortDateText(date: string, locale: string): string {
  const at = new Date(`${date}T00:00Z`);
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", timeZone: "UTC" }).format(at);
}
