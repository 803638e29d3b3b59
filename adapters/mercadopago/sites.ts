import type { CurrencyCode } from "../../src/kernel/currency.ts";

/** One country of Mercado Pago: its site, its only currency, how it names documents, how long money can go back. */
export type Site = {
  readonly country: string;
  readonly id: string;
  readonly currency: CurrencyCode;
  /** Days after the approval (facts: methods §4). */
  readonly refundWindowDays: number;
  /** Peru's pages speak of whole refunds only. */
  readonly refunds: "partial" | "full";
  /** Our names of documents that are not theirs in capitals. */
  readonly documents: Readonly<Record<string, string>>;
};

const site = (
  country: string,
  id: string,
  currency: CurrencyCode,
  refundWindowDays: number,
  more: Partial<Pick<Site, "refunds" | "documents">> = {},
): Site => ({ country, id, currency, refundWindowDays, refunds: "partial", documents: {}, ...more });

/** The seven sites, one seller account each (facts: methods §4; Mercado Pago OpenAPI, by-site documents). */
export const sites: readonly Site[] = [
  site("ar", "MLA", "ARS", 360),
  site("br", "MLB", "BRL", 180),
  site("cl", "MLC", "CLP", 330),
  site("co", "MCO", "COP", 180, { documents: { pp: "PAS" } }),
  site("mx", "MLM", "MXN", 180),
  site("pe", "MPE", "PEN", 90, { refunds: "full", documents: { ce: "C.E" } }),
  site("uy", "MLU", "UYU", 90),
];

export const siteOf = (country: string): Site | undefined => sites.find((one) => one.country === country);

/** The country of a site id such as `MLM`. */
export const countryOfSite = (id: string): string | undefined => sites.find((one) => one.id === id)?.country;

/** The gateway's name of a document, e.g. `pp` in Colombia is `PAS`. */
export const documentType = (at: Site, type: string): string => at.documents[type] ?? type.toUpperCase();

/** Each site has its own currency. */
export const countryOfCurrency = (currency: string): string | undefined =>
  sites.find((one) => one.currency === currency)?.country;
