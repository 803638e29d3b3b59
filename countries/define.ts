import type {
  AcknowledgmentWording,
  CountryProfile,
  DonorFieldRule,
  Localized,
} from "../src/gateway/country-profile.ts";
import type { CurrencyCode } from "../src/kernel/currency.ts";
import { money } from "../src/kernel/money.ts";

/** Gives a country's file its type; a country is data, so there is nothing to do. */
export const defineCountry = (profile: CountryProfile): CountryProfile => profile;

/** Text in Spanish, English and Portuguese. */
export const text = (es: string, en: string, pt: string): Localized => ({ es, en, pt });

/** A name that is the same in every language. */
export const sameName = (name: string): Localized => text(name, name, name);

/** Limits in minor units of `currency`, both included. */
export const limits = (currency: CurrencyCode, minimum: bigint, maximum: bigint) => ({
  ...atLeast(currency, minimum),
  ...atMost(currency, maximum),
});
/** A least amount alone, in minor units. */
export const atLeast = (currency: CurrencyCode, minimum: bigint) => ({ minimum: money(minimum, currency) });
/** A largest amount alone, in minor units. */
export const atMost = (currency: CurrencyCode, maximum: bigint) => ({ maximum: money(maximum, currency) });

type Field = DonorFieldRule["field"];

/** A field the method cannot do without. */
export const asks = (field: Field, why: Localized): DonorFieldRule => ({ field, required: true, why });
/** A field the donor may leave empty. */
export const mayAsk = (field: Field, why: Localized): DonorFieldRule => ({ field, required: false, why });

/**
 * The acknowledgment of a country where a gift to a church gives its donor nothing back by this paper alone.
 * `certificate` names the document that would, with its article, so that nobody takes one for the other
 * (facts: tax §0: the kinds are never mixed).
 */
export const acknowledgmentUnlike = (certificate: Localized): AcknowledgmentWording => ({
  title: text(
    "Constancia de donativo recibido",
    "Acknowledgment of a gift received",
    "Comprovante de doação recebida",
  ),
  statement: text(
    `Recibimos este donativo con gratitud. Esta constancia no es ${certificate.es} ni lo sustituye: por sí sola no tiene efectos fiscales.`,
    `We received this gift with gratitude. This acknowledgment is not ${certificate.en} and does not replace one: by itself it has no tax effect.`,
    `Recebemos esta doação com gratidão. Este comprovante não é ${certificate.pt} nem o substitui: por si só não tem efeitos fiscais.`,
  ),
});

/** What churches of Latin America, and of Portugal, call it. */
export const ofrenda: CountryProfile["words"] = {
  gift: text("ofrenda", "offering", "oferta"),
  tithe: text("diezmo", "tithe", "dízimo"),
};

/** What they call it where offering is a word of the service and gift the word of the giver. */
export const donativo: CountryProfile["words"] = {
  gift: text("donativo", "gift", "contribuição"),
  tithe: text("diezmo", "tithe", "dízimo"),
};
