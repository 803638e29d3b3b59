import type { GatewayManifest } from "../../src/gateway/manifest.ts";
import { hours } from "../../src/kernel/clock.ts";
import { mercadoPagoAmountRules } from "./amounts.ts";
import { capabilities } from "./capabilities.ts";
import { mercadoPagoFees } from "./fee-table.ts";
import { sites } from "./sites.ts";

/** Mercado Pago as data: seven countries, one account each. Limits and codes: facts: methods §4, payment-methods. */
export const mercadoPagoManifest: GatewayManifest = {
  id: "mercadopago",
  name: "Mercado Pago",
  accountCountries: sites.map((site) => site.country),
  amounts: mercadoPagoAmountRules,
  methods: capabilities,
  fees: mercadoPagoFees,
  repeatsSafely: true,
  // No document says how far the search lags; an hour is what other gateways admit to on a bad day.
  lookupSettlesAfterMs: hours(1),
  confirmedBy: "gateway",
  barred: [],
  documents: [
    "Mercado Pago OpenAPI 3.1 (2026-06-24) and its seven by-site documents",
    "mercadopago 3.6.1, types and sources",
    "Mercado Pago Developers, Create payment (reference) and its error codes",
    "mercadopago/sdk-js, docs/fields.md and docs/core-methods.md",
    "Mercado Pago Developers, How to integrate 3DS with Checkout API",
    "Mercado Pago Developers, Payment status and status_detail",
    "Mercado Pago Developers, PSE: payment submission",
    "Mercado Pago Developers, Chargeback notifications",
    "Mercado Pago Developers, Account balance report: use, API and glossary",
    "Mercado Pago Developers, Releases report: use, API and glossary",
  ],
};
