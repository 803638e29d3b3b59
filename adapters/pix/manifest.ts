import type { GatewayManifest, MethodCapability } from "../../src/gateway/manifest.ts";
import { hours, minutes } from "../../src/kernel/clock.ts";
import { money } from "../../src/kernel/money.ts";
import { most, pixAmountRules } from "./amounts.ts";
import { retriesMost, retryDays } from "./retries.ts";

/** How long a donor has to pay a code that has no due date: the API's own default, sent all the same. */
export const codeLivesMs = hours(24);
/** A devolução can be asked for in the 90 days after the Pix was settled (API Pix, `PixDevolucaoInvalida`). */
export const returnWindowDays = 90;

const shared = {
  countries: ["br"],
  currencies: ["BRL"],
  minimum: [money(1n, "BRL")],
  maximum: [money(most, "BRL")],
  refunds: "partial",
  refundWindowDays: returnWindowDays,
  churches: "not_stated",
  confidence: "high",
} as const;

const methods: readonly MethodCapability[] = [
  {
    ...shared,
    type: "pix",
    kind: "qr",
    presentations: ["instructions"],
    requires: [],
    donorCode: true,
    expiresAfterMs: codeLivesMs,
  },
  {
    ...shared,
    type: "pix_automatico",
    kind: "bank_debit",
    presentations: ["instructions"],
    // The mandate names its debtor: a name and a CPF or CNPJ.
    requires: ["name", "tax_id"],
    mandate: {
      cadences: ["weekly", "monthly", "quarterly", "half_yearly", "yearly"],
      presentations: ["instructions"],
      notice: { leastDays: 2, mostDays: 10 },
      fixedDay: true,
      fixedAmount: true,
      retries: { most: retriesMost, withinDays: retryDays, sameAmount: true },
      source: "API Pix 2.9.0, /rec and /cobr (politicaRetentativa PERMITE_3R_7D); facts: giving §4.4",
    },
  },
];

/**
 * The church's own Pix provider, by the central bank's API Pix, as data. There are no list prices: what a provider
 * asks for a Pix is agreed with each church and debited apart, so no fee is quoted; a Pix itself is credited whole.
 */
export const pixManifest: GatewayManifest = {
  id: "pix",
  name: "Pix",
  accountCountries: ["br"],
  amounts: pixAmountRules,
  methods,
  fees: [],
  // The txid is made from the attempt: a repeated PUT names the same claim, and one that is refused is looked up.
  repeatsSafely: true,
  lookupSettlesAfterMs: minutes(5),
  confirmedBy: "gateway",
  barred: [],
  documents: [
    "API Pix 2.9.0, OpenAPI document of the Banco Central do Brasil (bacen/pix-api, 2025-09-05)",
    "API Pix changelog up to 2.9.0",
    "Manual do BR Code, by way of public test vectors",
    "facts: methods §6.1, §6.2 and §7",
  ],
};
