import type { FeeRule } from "../../src/gateway/manifest.ts";
import type { MethodType } from "../../src/gateway/methods.ts";
import type { CurrencyCode } from "../../src/kernel/currency.ts";
import { money, type Rate } from "../../src/kernel/money.ts";

/** IVA on Stripe's fee for accounts in Mexico (Stripe support "Taxes on Stripe fees for Mexico-based businesses"). */
const iva: Rate = { numerator: 16n, scale: 2 };
const cards: readonly MethodType[] = ["card", "apple_pay", "google_pay"];

const unread = "unverified: from memory, the pricing page could not be read on 2026-11-21";

/** `thousandths` of the amount, `fixed` and `cap` in minor units. */
function rule(
  country: string,
  currency: CurrencyCode,
  methods: readonly MethodType[],
  price: { readonly thousandths: bigint; readonly fixed: bigint; readonly cap?: bigint },
  source: string,
): FeeRule {
  return {
    country,
    methods,
    percent: { numerator: price.thousandths, scale: 3 },
    fixed: money(price.fixed, currency),
    ...(price.cap === undefined ? {} : { cap: money(price.cap, currency) }),
    ...(country === "mx" ? { taxOnFee: iva } : {}),
    source,
  };
}

const euroAccount = (country: string): readonly FeeRule[] => [
  rule(
    country,
    "EUR",
    [...cards, "link"],
    { thousandths: 15n, fixed: 25n },
    "Stripe list price in the euro area, 1.5 % + 0.25 EUR for standard cards of the EEA, as several public price tables quote it; unverified, 2026-11-21",
  ),
  rule(
    country,
    "EUR",
    ["sepa_debit"],
    { thousandths: 0n, fixed: 35n },
    "Stripe support, pricing update for Europe of 10 April 2023: SEPA Direct Debit 0.35 EUR",
  ),
  rule(
    country,
    "EUR",
    ["bank_transfer"],
    { thousandths: 5n, fixed: 0n, cap: 500n },
    "Stripe support, pricing update for Europe of 10 April 2023: bank transfers 0.5 %, at most 5.00 EUR",
  ),
];

/**
 * List prices by the account's country, in the account's own currency: a church's own price is what
 * `captured.fee` says afterwards; this table only quotes. Across a border or in another currency Stripe adds a
 * share for the foreign card (1.5 % at a United States account) and for the conversion (1–2 %), and keeps its
 * fee in the account's currency: no rule can say that in the donor's, so there is none. Methods whose price was
 * found nowhere (Multibanco, MB WAY, Pay by Bank, Revolut Pay) have none either.
 */
export const stripeFees: readonly FeeRule[] = [
  rule(
    "mx",
    "MXN",
    cards,
    { thousandths: 36n, fixed: 300n },
    "Stripe México list price for domestic cards, 3.6 % + 3.00 MXN + IVA; unverified: the pricing page was not readable on 2026-11-21, the figure is as several public projects quote it",
  ),
  rule(
    "mx",
    "MXN",
    ["oxxo"],
    { thousandths: 36n, fixed: 300n },
    "Stripe México list price for OXXO, 3.6 % + 3.00 MXN + IVA; unverified, one public source, 2026-11-21",
  ),
  rule(
    "mx",
    "MXN",
    ["spei"],
    { thousandths: 0n, fixed: 700n },
    "Stripe México bank transfers, flat 7.00 MXN + IVA; unverified: from memory, no source could be read on 2026-11-21",
  ),
  rule(
    "us",
    "USD",
    [...cards, "link"],
    { thousandths: 29n, fixed: 30n },
    "stripe.com/pricing, 2.9 % + 0.30 USD for domestic cards, as read on 2026-09-20 by a public price index",
  ),
  rule(
    "us",
    "USD",
    ["ach_debit"],
    { thousandths: 8n, fixed: 0n, cap: 500n },
    "stripe.com/pricing, ACH Direct Debit 0.8 %, at most 5.00 USD, as read on 2026-09-20 by a public price index",
  ),
  rule(
    "us",
    "USD",
    ["bank_transfer"],
    { thousandths: 5n, fixed: 0n, cap: 500n },
    `Stripe United States bank transfers by ACH credit, 0.5 %, at most 5.00 USD; ${unread}`,
  ),
  rule(
    "us",
    "USD",
    ["amazon_pay"],
    { thousandths: 29n, fixed: 30n },
    `Stripe United States Amazon Pay, priced as a domestic card, 2.9 % + 0.30 USD; ${unread}`,
  ),
  rule(
    "us",
    "USD",
    ["crypto_stablecoin"],
    { thousandths: 15n, fixed: 0n },
    `Stripe stablecoin payments, 1.5 % of the amount in USD; ${unread}`,
  ),
  {
    country: "br",
    methods: cards,
    percent: { numerator: 399n, scale: 4 },
    fixed: money(39n, "BRL"),
    source: `Stripe Brasil list price for domestic cards, 3.99 % + 0.39 BRL; ${unread}`,
  },
  rule(
    "br",
    "BRL",
    ["boleto"],
    { thousandths: 0n, fixed: 345n },
    `Stripe Brasil, 3.45 BRL for each boleto paid; ${unread}`,
  ),
  rule(
    "ca",
    "CAD",
    [...cards, "link"],
    { thousandths: 29n, fixed: 30n },
    "Stripe Canada list price for domestic cards, 2.9 % + 0.30 CAD, as a public price table quotes it; unverified, 2026-11-21",
  ),
  rule(
    "ca",
    "CAD",
    ["acss_debit"],
    { thousandths: 10n, fixed: 40n, cap: 460n },
    `Stripe Canada pre-authorized debit, 1 % + 0.40 CAD, at most 5.00 CAD in all; ${unread}`,
  ),
  rule(
    "gb",
    "GBP",
    [...cards, "link"],
    { thousandths: 15n, fixed: 20n },
    "Stripe United Kingdom list price for standard domestic cards, 1.5 % + 0.20 GBP, as a public price table quotes it; unverified, 2026-11-21",
  ),
  rule(
    "gb",
    "GBP",
    ["bacs_debit"],
    { thousandths: 10n, fixed: 0n, cap: 200n },
    "Stripe support, pricing update for Europe of 10 April 2023: Bacs Direct Debit 1 %, from 0.20 to 2.00 GBP; the least of 0.20 is not in this rule",
  ),
  rule(
    "gb",
    "GBP",
    ["bank_transfer"],
    { thousandths: 5n, fixed: 0n, cap: 500n },
    "Stripe support, pricing update for Europe of 10 April 2023: bank transfers 0.5 %, at most 5.00 in the local currency",
  ),
  ...["es", "pt", "de"].flatMap(euroAccount),
];
