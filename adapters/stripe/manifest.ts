import type { GatewayManifest } from "../../src/gateway/manifest.ts";
import { hours } from "../../src/kernel/clock.ts";
import { stripeAmountRules } from "./amounts.ts";
import { stripeBarred } from "./manifest-barred.ts";
import { stripeFees } from "./manifest-fees.ts";
import { stripeMethods } from "./manifest-methods.ts";

/**
 * Stripe as data: accounts in eight countries, donors in twenty. Methods and limits: facts: methods §3 and
 * Stripe's docs named in `documents`.
 */
export const stripeManifest: GatewayManifest = {
  id: "stripe",
  name: "Stripe",
  accountCountries: ["mx", "us", "br", "ca", "gb", "es", "pt", "de"],
  amounts: stripeAmountRules,
  methods: stripeMethods,
  fees: stripeFees,
  repeatsSafely: true,
  // "Occasionally, propagation of new or updated data can be up to an hour behind during outages."
  lookupSettlesAfterMs: hours(1),
  confirmedBy: "gateway",
  barred: stripeBarred,
  documents: [
    "Stripe API 2026-10-28.endive as typed by stripe 23.1.0",
    "Stripe OpenAPI 2022-11-15",
    "docs.stripe.com/declines/codes",
    "docs.stripe.com/error-codes",
    "docs.stripe.com/currencies",
    "docs.stripe.com/search",
    "docs.stripe.com/payments/oxxo",
    "docs.stripe.com/payments/mx-bank-transfers",
    "docs.stripe.com/payments/ach-direct-debit",
    "docs.stripe.com/payments/boleto, /multibanco, /mb-way, /pay-by-bank, /revolut-pay, /amazon-pay",
    "docs.stripe.com/payments/sepa-debit, /bacs-debit, /acss-debit",
    "docs.stripe.com/payments/bank-transfers",
    "docs.stripe.com/payments/accept-stablecoin-payments",
    "docs.stripe.com/payments/save-and-reuse",
    "docs.stripe.com/webhooks/signature",
  ],
};
