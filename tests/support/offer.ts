import { countries } from "../../countries/index.ts";
import { present } from "../../src/kernel/assert.ts";
import type { CurrencyCode } from "../../src/kernel/currency.ts";
import { newId } from "../../src/kernel/ids.ts";
import type { Offer } from "../../src/pages/checkout/offer.ts";
import type { Language } from "../../src/pages/i18n/language.ts";
import type { OfferedMethod } from "../../src/routing/offered-methods.ts";

type Changes = {
  readonly language?: Language;
  readonly locale?: string;
  readonly currency?: CurrencyCode;
  readonly methods?: readonly OfferedMethod[];
  readonly standing?: readonly OfferedMethod[];
  readonly funds?: readonly string[];
};

/** Every method of a country, as if the church could be given to by each; funds by code. */
export function offerIn(code: string, changes: Changes = {}): Offer {
  const country = present(countries.get(code), `${code} is a country we serve`);
  const currency = changes.currency ?? country.currency;
  return {
    church: {
      id: newId("church"),
      platformId: null,
      slug: "luz",
      name: "Iglesia Luz",
      country: code,
      timeZone: country.timeZone,
      locale: present(country.locales[0], "a country has a locale"),
      brand: {},
      contactEmail: null,
      dunning: {},
      quietHours: { from: "21:00", until: "08:00" },
      createdAt: new Date(0),
    },
    country,
    currency,
    otherCurrencies: [],
    suggestedAmounts: country.suggestedAmounts,
    language: changes.language ?? "en",
    locale: changes.locale ?? "en-US",
    funds: (changes.funds ?? ["general"]).map((fund) => ({
      id: newId("fund"),
      code: fund,
      name: `The ${fund} fund`,
      restricted: false,
      active: true,
    })),
    methods:
      changes.methods ??
      country.methods
        .filter((method) => (method.currency ?? country.currency) === currency)
        .map((method) => offered(code, method.type)),
    standing: changes.standing ?? [],
  };
}

/** One method of a country as it would be offered. */
export function offered(code: string, type: string, changes: Partial<OfferedMethod> = {}): OfferedMethod {
  const country = present(countries.get(code), `${code} is a country we serve`);
  const method = present(
    country.methods.find((known) => known.type === type),
    `${code} has ${type}`,
  );
  const { minimum, maximum, currency = country.currency, gateways, ...rest } = method;
  return {
    ...rest,
    currency,
    minimum,
    maximum,
    recurring: undefined,
    gateway: gateways[0] ?? "none",
    banks: [],
    feeCover: undefined,
    ...changes,
  };
}
