import type { Language } from "./language.ts";

export {
  amountText,
  civilDateText,
  dateText,
  grouped,
  instantText,
  monthText,
} from "../../kernel/format.ts";

/** The donor's full locale: their language as the church's country writes it (`en` in Mexico is `en-MX`). */
export function localeFor(language: Language, country: string, churchLocale: string): string {
  return churchLocale.slice(0, 2) === language ? churchLocale : `${language}-${country.toUpperCase()}`;
}
