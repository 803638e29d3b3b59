import type { FeeRule, GatewayManifest, MethodCapability } from "../../src/gateway/adapter.ts";
import { hours } from "../../src/kernel/clock.ts";
import { money, type Rate } from "../../src/kernel/money.ts";
import { stripeAmountRules } from "./amounts.ts";

/** Eight digits is Stripe's limit for one charge: 999,999.99. */
const most = 99_999_999n;
const mxn = { currencies: ["MXN"], minimum: [money(1000n, "MXN")] } as const;
const usd = { currencies: ["USD"], minimum: [money(50n, "USD")] } as const;
const mxnMost = [money(most, "MXN")] as const;
const usdMost = [money(most, "USD")] as const;

const cardLike = ["embedded", "hosted", "token"] as const;

const methods: readonly MethodCapability[] = [
  ...(["card", "apple_pay", "google_pay"] as const).flatMap((type): MethodCapability[] => {
    const shared = {
      type,
      kind: type === "card" ? "card" : "wallet",
      presentations: cardLike,
      requires: [],
      refunds: "partial",
    } as const;
    return [
      { ...shared, ...mxn, countries: ["mx"], maximum: mxnMost },
      { ...shared, ...usd, countries: ["us"], maximum: usdMost },
    ];
  }),
  {
    type: "link",
    kind: "wallet",
    countries: ["us"],
    ...usd,
    maximum: usdMost,
    presentations: ["embedded", "hosted"],
    requires: ["email"],
    refunds: "partial",
  },
  {
    type: "oxxo",
    kind: "voucher",
    countries: ["mx"],
    ...mxn,
    maximum: [money(1_000_000n, "MXN")],
    presentations: ["instructions"],
    requires: ["name", "email"],
    refunds: "none",
    expiresAfterDays: 3,
  },
  {
    type: "spei",
    kind: "bank_transfer",
    countries: ["mx"],
    ...mxn,
    maximum: mxnMost,
    presentations: ["instructions"],
    requires: ["name", "email"],
    refunds: "partial",
    remembersDonor: true,
    refundWindowDays: 180,
  },
  {
    type: "ach_debit",
    kind: "bank_debit",
    countries: ["us"],
    ...usd,
    maximum: usdMost,
    presentations: cardLike,
    requires: ["name", "email"],
    refunds: "partial",
    refundWindowDays: 180,
  },
];

/** IVA on Stripe's fee for accounts in Mexico (Stripe support "Taxes on Stripe fees for Mexico-based businesses"). */
const iva: Rate = { numerator: 16n, scale: 2 };

const fees: readonly FeeRule[] = [
  {
    country: "mx",
    methods: ["card", "apple_pay", "google_pay"],
    percent: { numerator: 36n, scale: 3 },
    fixed: money(300n, "MXN"),
    taxOnFee: iva,
    source:
      "Stripe México list price for domestic cards, 3.6 % + 3.00 MXN + IVA; unverified: the pricing page was not readable on 2026-11-21, the figure is as several public projects quote it",
  },
  {
    country: "mx",
    methods: ["oxxo"],
    percent: { numerator: 36n, scale: 3 },
    fixed: money(300n, "MXN"),
    taxOnFee: iva,
    source:
      "Stripe México list price for OXXO, 3.6 % + 3.00 MXN + IVA; unverified, one public source, 2026-11-21",
  },
  {
    country: "mx",
    methods: ["spei"],
    percent: { numerator: 0n, scale: 2 },
    fixed: money(700n, "MXN"),
    taxOnFee: iva,
    source:
      "Stripe México bank transfers, flat 7.00 MXN + IVA; unverified: from memory, no source could be read on 2026-11-21",
  },
  {
    country: "us",
    methods: ["card", "apple_pay", "google_pay", "link"],
    percent: { numerator: 29n, scale: 3 },
    fixed: money(30n, "USD"),
    source:
      "stripe.com/pricing, 2.9 % + 0.30 USD for domestic cards, as read on 2026-09-20 by a public price index",
  },
  {
    country: "us",
    methods: ["ach_debit"],
    percent: { numerator: 8n, scale: 3 },
    fixed: money(0n, "USD"),
    cap: money(500n, "USD"),
    source:
      "stripe.com/pricing, ACH Direct Debit 0.8 %, at most 5.00 USD, as read on 2026-09-20 by a public price index",
  },
];

/**
 * Stripe as data: accounts in Mexico and the United States, seven methods, list prices. A church's own price is
 * what `captured.fee` says afterwards; this table only quotes. Methods and limits: facts: methods §3 and
 * Stripe's docs named in `documents`.
 */
export const stripeManifest: GatewayManifest = {
  id: "stripe",
  name: "Stripe",
  accountCountries: ["mx", "us"],
  amounts: stripeAmountRules,
  methods,
  fees,
  repeatsSafely: true,
  // "Occasionally, propagation of new or updated data can be up to an hour behind during outages."
  lookupSettlesAfterMs: hours(1),
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
    "docs.stripe.com/webhooks/signature",
  ],
};

/** How many days an OXXO voucher lives. Stripe takes 1 to 7 and its pages disagree on the default: always sent. */
export const oxxoExpiresAfterDays = 3;
