import type { SettingsFund } from "../../churches/church-settings.ts";
import type { Church } from "../../churches/churches.ts";
import type { CountryProfile } from "../../gateway/country-profile.ts";
import type { Presentation } from "../../gateway/methods.ts";
import type { CurrencyCode } from "../../kernel/currency.ts";
import type { OfferedMethod } from "../../routing/offered-methods.ts";
import type { Language } from "../i18n/language.ts";
import { isFrequency } from "./read-frequency.ts";

/** What one church offers its donors now, and the words and numbers it is said in. */
export type Offer = {
  readonly church: Church;
  readonly country: CountryProfile;
  readonly currency: CurrencyCode;
  /** What else a gift may be in here. */
  readonly otherCurrencies: readonly CurrencyCode[];
  /** In minor units of `currency`. */
  readonly suggestedAmounts: readonly bigint[];
  readonly language: Language;
  /** The donor's full locale, for amounts and dates. */
  readonly locale: string;
  /** Funds that take gifts now, in the church's order. */
  readonly funds: readonly SettingsFund[];
  /** In the country's order; limits and fee cover are for the amount in hand. */
  readonly methods: readonly OfferedMethod[];
  /** The same for giving again and again, in the rhythm asked about: each says whether it pulls or reminds. */
  readonly standing: readonly OfferedMethod[];
};

/** Every method there is, for once or again and again: what the form lists. */
export const everyMethod = ({ methods, standing }: Offer): readonly OfferedMethod[] => [
  ...methods,
  ...standing.filter(({ type }) => !methods.some((once) => once.type === type)),
];

/** The offer as it is for a gift of this frequency. */
export const offerOften = (offer: Offer, frequency: string): Offer =>
  isFrequency(frequency) ? { ...offer, methods: offer.standing } : offer;

/** How a method is shown to this browser: its instructions, the gateway's fields in our page, or its own page. */
export function presentationFor(method: OfferedMethod, hasScript: boolean): Presentation {
  if (method.takesAccount || (method.tokenFrom && hasScript)) return "token";
  const wanted: readonly Presentation[] = hasScript
    ? ["instructions", "embedded", "hosted"]
    : ["instructions", "hosted", "embedded"];
  return wanted.find((presentation) => method.presentations.includes(presentation)) ?? "hosted";
}
