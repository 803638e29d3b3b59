import { exponentOf } from "../../kernel/currency.ts";
import { decimalText, type Money } from "../../kernel/money.ts";
import type { Language } from "./language.ts";

/** The donor's full locale: their language as the church's country writes it (`en` in Mexico is `en-MX`). */
export function localeFor(language: Language, country: string, churchLocale: string): string {
  return churchLocale.slice(0, 2) === language ? churchLocale : `${language}-${country.toUpperCase()}`;
}

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
