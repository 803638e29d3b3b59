import type {
  CountryMethod,
  CountryProfile,
  DonorFieldRule,
  Localized,
} from "../src/gateway/country-profile.ts";
import type { CurrencyCode } from "../src/kernel/currency.ts";
import { money } from "../src/kernel/money.ts";

/** Gives a country's file its type; a country is data, so there is nothing to do. */
export const defineCountry = (profile: CountryProfile): CountryProfile => profile;

/** Text in Spanish and English. */
export const text = (es: string, en: string): Localized => ({ es, en });

/** Limits in minor units of `currency`, both included. */
export const limits = (currency: CurrencyCode, minimum: bigint, maximum: bigint) => ({
  minimum: money(minimum, currency),
  maximum: money(maximum, currency),
});

type Field = DonorFieldRule["field"];

/** A field the method cannot do without. */
export const asks = (field: Field, why: Localized): DonorFieldRule => ({ field, required: true, why });
/** A field the donor may leave empty. */
export const mayAsk = (field: Field, why: Localized): DonorFieldRule => ({ field, required: false, why });

/** How Apple Pay, Google Pay and Link are given through: as cards, with other names. */
export const wallet = (
  type: CountryMethod["type"],
  label: string,
  hint: Localized,
  donorFields: readonly DonorFieldRule[],
): CountryMethod => ({
  type,
  kind: "wallet",
  label: text(label, label),
  hint,
  gateways: ["stripe"],
  presentations: ["embedded", "hosted", "token"],
  donorFields,
  recurs: "card_on_file",
  confirms: "seconds",
});
