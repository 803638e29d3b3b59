import type { FeeRule, GatewayManifest, MethodCapability } from "../../src/gateway/manifest.ts";
import { days, minutes } from "../../src/kernel/clock.ts";
import { money } from "../../src/kernel/money.ts";
import { epaycoAmountRules } from "./amounts.ts";

/** ePayco decides when a voucher lapses, about five days on; its answer says when. */
const expiresAfterMs = days(5);

const pesos = (whole: bigint) => money(whole * 100n, "COP");
const shared = {
  kind: "voucher",
  countries: ["co"],
  currencies: ["COP"],
  presentations: ["instructions"],
  requires: ["name", "email", "phone", "tax_id"],
  minimum: [pesos(5_000n)],
  refunds: "none",
  expiresAfterMs,
  churches: "not_stated",
  confidence: "low",
} as const;

/** Limits are ours, on the careful side: ePayco publishes none for these networks. */
const methods: readonly MethodCapability[] = [
  { ...shared, type: "baloto", maximum: [pesos(1_000_000n)] },
  { ...shared, type: "gana", maximum: [pesos(2_000_000n)] },
  { ...shared, type: "su_red", maximum: [pesos(2_000_000n)] },
];

const fees: readonly FeeRule[] = [
  {
    country: "co",
    methods: ["baloto", "gana", "su_red"],
    percent: { numerator: 299n, scale: 4 },
    fixed: pesos(900n),
    taxOnFee: { numerator: 19n, scale: 2 },
    source:
      "ePayco aggregator plan, 2.99 % + 900 COP + IVA 19 %; unverified: from memory, no price list could be read on 2026-11-21",
  },
];

/**
 * ePayco as data: three cash networks of Colombia, every one of them to be verified with a live account before it is
 * offered. Why ePayco and not PayU, and what is known of Baloto, stands in the README.
 */
export const epaycoManifest: GatewayManifest = {
  id: "epayco",
  name: "ePayco",
  accountCountries: ["co"],
  amounts: epaycoAmountRules,
  methods,
  fees,
  // There are no idempotency keys: the adapter looks before it makes, and a lost answer is looked up.
  repeatsSafely: false,
  // Nothing is published about how soon a search shows what was made; careful.
  lookupSettlesAfterMs: minutes(30),
  confirmedBy: "gateway",
  barred: [],
  documents: [
    "epayco-sdk-node, lib/gateways/msTransactionCash.js and msTransactionConfig.js (transactions API at apiflow.epayco.io)",
    "epayco-python, epaycosdk/mappers/cash.py",
    "docs.epayco.com, Páginas de Respuesta y Confirmación, 30 Oct 2025",
    "ePayco WooCommerce plugin 8.4.4, architecture notes (apify.epayco.co)",
    "PayU Latam documentation, notice of the end of Baloto on 25 May 2022",
  ],
};
