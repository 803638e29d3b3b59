import type { GatewayManifest, MethodCapability } from "../../src/gateway/manifest.ts";
import { days } from "../../src/kernel/clock.ts";
import { type CurrencyCode, exponentOf } from "../../src/kernel/currency.ts";
import { type Money, money } from "../../src/kernel/money.ts";

/** Where churches with a bank account of their own are served, and the money of the place (facts: methods §2). */
const currencyOf = {
  mx: "MXN",
  co: "COP",
  br: "BRL",
  ar: "ARS",
  us: "USD",
  cl: "CLP",
  pe: "PEN",
  uy: "UYU",
  py: "PYG",
  bo: "BOB",
  ec: "USD",
  cr: "CRC",
  gt: "GTQ",
  do: "DOP",
  pa: "USD",
  ca: "CAD",
  es: "EUR",
  pt: "EUR",
  gb: "GBP",
  de: "EUR",
} as const satisfies Readonly<Record<string, CurrencyCode>>;

/** One whole unit: banks set no least amount worth naming, and a donor's bank tells its own. */
const least = (currency: CurrencyCode): Money => money(10n ** BigInt(exponentOf(currency)), currency);
/** Twelve digits: more than any bank moves for a person, and well inside what JSON numbers hold. */
const most = (currency: CurrencyCode): Money => money(999_999_999_999n, currency);

function capability(
  method: Pick<MethodCapability, "type" | "countries" | "currencies"> & { readonly expiresAfterMs: number },
): MethodCapability {
  return {
    ...method,
    kind: "bank_transfer",
    presentations: ["instructions"],
    requires: [],
    minimum: method.currencies.map(least),
    maximum: method.currencies.map(most),
    // The bank account gives nothing back by itself: a person pays, after two have agreed.
    refunds: "none",
    churches: "allowed",
    confidence: "medium",
  };
}

/** The account's own country's money, and what correspondent banks carry everywhere. */
const wires = Object.entries(currencyOf).map(([country, own]) =>
  capability({
    type: "wire",
    countries: [country],
    currencies: [...new Set<CurrencyCode>([own, "USD", "EUR"])],
    expiresAfterMs: days(30),
  }),
);

export const transferManifest: GatewayManifest = {
  id: "transfer",
  name: "Bank transfer",
  accountCountries: Object.keys(currencyOf),
  amounts: { zeroDecimal: [], twoDecimalZeroed: [], threeDecimalRounded: false, maxDigits: 12 },
  methods: [
    capability({ type: "spei", countries: ["mx"], currencies: ["MXN"], expiresAfterMs: days(7) }),
    capability({ type: "bank_transfer", countries: ["ar"], currencies: ["ARS"], expiresAfterMs: days(7) }),
    capability({
      type: "bank_transfer",
      countries: ["es", "pt", "de"],
      currencies: ["EUR"],
      expiresAfterMs: days(14),
    }),
    capability({ type: "bank_transfer", countries: ["gb"], currencies: ["GBP"], expiresAfterMs: days(14) }),
    capability({ type: "sinpe_movil", countries: ["cr"], currencies: ["CRC"], expiresAfterMs: days(7) }),
    ...wires,
  ],
  fees: [],
  repeatsSafely: true,
  lookupSettlesAfterMs: 0,
  confirmedBy: "statement",
  barred: [],
  documents: [
    "ISO 11649:2009 (creditor reference)",
    "ISO 13616 (IBAN)",
    "ISO 9362 (BIC)",
    "facts: methods §6.4 (SPEI, CLABE: referencia of 7 digits)",
    "facts: methods §6.6 (wires by reference)",
  ],
};
