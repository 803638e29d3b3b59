import { type CountryProfile, inLanguage } from "../../gateway/country-profile.ts";
import type { MethodType } from "../../gateway/methods.ts";
import { assert } from "../../kernel/assert.ts";
import { amountText, civilDateText, instantText, monthText, shortDateText } from "../../kernel/format.ts";
import type { Money } from "../../kernel/money.ts";
import type { Words } from "./words/shape.ts";
import { wordsFor } from "./words/words.ts";

/** How a message speaks to its reader: the words of their language, and money and dates as they write them. */
export type Tongue = {
  readonly words: Words;
  /** Where the donor manages what repeats. */
  readonly manageUrl: string;
  /** Fills `{{places}}`; `{{church}}` is always at hand. Throws when a place stays open. */
  readonly fill: (text: string, values?: Readonly<Record<string, string>>) => string;
  readonly money: (amount: Money) => string;
  /** `viernes, 5 de diciembre de 2026`. */
  readonly date: (date: string) => string;
  /** `5 de diciembre`, for the middle of a sentence. */
  readonly day: (date: string) => string;
  readonly month: (month: string) => string;
  /** Day and hour in the church's time zone. */
  readonly instant: (iso: string) => string;
  /** The method's name in the church's country; undefined where it is not offered there. */
  readonly method: (type: MethodType | null | undefined) => string | undefined;
};

export type Place = {
  readonly church: string;
  readonly timeZone: string;
  readonly profile: Pick<CountryProfile, "methods" | "standingMethods"> | undefined;
  readonly manageUrl: string;
};

export function tongueFor(locale: string, place: Place): Tongue {
  const methods = [...(place.profile?.methods ?? []), ...(place.profile?.standingMethods ?? [])];
  return {
    words: wordsFor(locale),
    manageUrl: place.manageUrl,
    fill: (text, values = {}) => filled(text, { church: place.church, ...values }),
    money: (amount) => amountText(amount, locale),
    date: (date) => civilDateText(date, locale),
    day: (date) => shortDateText(date, locale),
    month: (month) => monthText(month, locale),
    instant: (iso) => instantText(new Date(iso), locale, place.timeZone),
    method: (type) => {
      const found = methods.find((each) => each.type === type);
      return found && inLanguage(found.label, locale);
    },
  };
}

// What is filled in is never read again, so a church named `{{name}}` stays just that.
const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\{\{(\w+)\}\}/g, (place, name: string) => {
    const value = values[name];
    assert(value !== undefined, `a message has nothing for ${place}`);
    return value;
  });
