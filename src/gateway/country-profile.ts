import type { CurrencyCode } from "../kernel/currency.ts";
import type { Money } from "../kernel/money.ts";
import type { Result } from "../kernel/result.ts";
import type { MethodKind, MethodType, Presentation } from "./methods.ts";

/** Text in the languages we speak. */
export type Localized = { readonly es: string; readonly en: string; readonly pt: string };

/** The words in a person's language, by the first part of a BCP 47 tag; Spanish where we do not speak theirs. */
export function inLanguage(words: Localized, locale: string): string {
  const language = locale.slice(0, 2);
  return language === "en" || language === "pt" ? words[language] : words.es;
}

/** A country as data: what its churches can be given through, and what a donor is asked. No behaviour. */
export type CountryProfile = {
  /** ISO 3166-1 alpha-2, lower case. */
  readonly code: string;
  readonly name: Localized;
  readonly currency: CurrencyCode;
  readonly timeZone: string;
  /** First is the default. */
  readonly locales: readonly string[];
  /** In the order donors should see them. */
  readonly methods: readonly CountryMethod[];
  /** Methods that only a standing promise can use: nobody gives once by them. */
  readonly standingMethods?: readonly CountryMethod[];
  /** Donor documents that may be given as `tax_id`. */
  readonly donorDocuments: readonly IdentityDocument[];
  /** The registration a legal entity of this country has. */
  readonly entityDocument: IdentityDocument;
  /** Amounts the checkout suggests, in minor units of the currency. */
  readonly suggestedAmounts: readonly bigint[];
  readonly acknowledgment: AcknowledgmentWording;
  /** What people here call it, for headings and buttons: ofrenda, diezmo, dízimo… */
  readonly words: { readonly gift: Localized; readonly tithe: Localized };
  /** Days on which the country's bank rails rest, `YYYY-MM-DD`, weekends apart; ten years ahead. */
  readonly bankHolidays: readonly string[];
};

export type CountryMethod = {
  readonly type: MethodType;
  readonly kind: MethodKind;
  readonly label: Localized;
  /** One plain sentence for the donor: what happens next. */
  readonly hint: Localized;
  /** What is charged in, where the rail does not take the country's own currency (PayPal in Colombia: USD). */
  readonly currency?: CurrencyCode;
  /** Preferred first. */
  readonly gateways: readonly string[];
  readonly presentations: readonly Presentation[];
  /** Limits of the rail itself; the gateway's own come on top. */
  readonly minimum?: Money;
  readonly maximum?: Money;
  readonly donorFields: readonly DonorFieldRule[];
  /** Whether a standing promise can pull by itself, or only remind. */
  readonly recurs: "card_on_file" | "mandate" | "reminder" | "none";
  readonly confirms: "seconds" | "minutes" | "hours" | "next_business_day" | "days";
};

/** What a donor may be asked; `bank` is chosen from the gateway's list. */
export type DonorField = "name" | "email" | "phone" | "tax_id" | "address" | "bank";

export type DonorFieldRule = {
  readonly field: DonorField;
  readonly required: boolean;
  /** Why it is asked, shown to the donor. */
  readonly why: Localized;
};

export type IdentityDocument = {
  /** `rfc`, `ein` … */
  readonly type: string;
  readonly label: Localized;
  /** The compact form when the number is right, else a sentence on how to mend it. */
  readonly check: (text: string) => Result<string, string>;
  readonly format: (compact: string) => string;
  /** Enough to be recognised by its owner and nobody else: the last three characters. */
  readonly mask: (compact: string) => string;
  /** Why a donor would give it. */
  readonly why: Localized;
  readonly example: string;
};

/** What an acknowledgment of this country says; never a tax receipt (that is a later, separate document). */
export type AcknowledgmentWording = {
  readonly title: Localized;
  readonly statement: Localized;
};
