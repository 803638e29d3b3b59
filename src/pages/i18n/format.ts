import { formatMoney, type Money } from "../../kernel/money.ts";
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
  const text = formatMoney(amount, locale);
  return text.includes(amount.currency) ? text : `${text}\u00a0${amount.currency}`;
}

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
