import type { MandateTerms, MethodCapability } from "../../src/gateway/manifest.ts";
import { days, minutes } from "../../src/kernel/clock.ts";
import type { CurrencyCode } from "../../src/kernel/currency.ts";
import { type Money, money } from "../../src/kernel/money.ts";
import { digitsFor } from "./amounts.ts";

/*
 * What Stripe carries, by facts: methods §3 and payment-methods. Limits are in minor units of ISO 4217.
 */

/** Euro accounts share methods: a Spanish account may debit a Portuguese donor. */
const euro = ["es", "pt", "de"] as const;

/** The least Stripe charges in the currencies it lists (docs "Currencies", minimum charge amounts). */
const listed = { MXN: 1000n, USD: 50n, BRL: 50n, CAD: 50n, EUR: 50n, GBP: 30n } as const;
type Listed = keyof typeof listed;

const from = (minor: bigint, currency: CurrencyCode, most?: bigint) => ({
  currencies: [currency],
  minimum: [money(minor, currency)],
  maximum: [most === undefined ? largest(currency) : money(most, currency)],
});
const inListed = (currency: Listed, most?: bigint) => from(listed[currency], currency, most);

/** Eight digits in most currencies: 999,999.99. */
const largest = (currency: CurrencyCode): Money => money(10n ** BigInt(digitsFor(currency)) - 1n, currency);

const fieldsOnPage = ["embedded", "hosted", "token"] as const;

/** What is saved is charged at once, whenever and however much, up to what the donor agreed to. */
const saved: MandateTerms = {
  cadences: ["as_needed"],
  presentations: fieldsOnPage,
  notice: { leastDays: 0, mostDays: 0 },
  source: "docs.stripe.com/payments/setup-intents, off_session",
};
/** A bank debit that bounces may be presented twice more, within 180 days of the first (facts: intelligence §4). */
const debited: MandateTerms = {
  ...saved,
  retries: { most: 2, withinDays: 180, sameAmount: true },
  source: "facts: intelligence §4 (ACH re-presentment); docs.stripe.com/payments/bank-debits",
};
const sure = { churches: "allowed", confidence: "high" } as const;
const probable = { churches: "allowed", confidence: "medium" } as const;

type Home = {
  readonly countries: readonly string[];
  readonly accounts?: readonly string[];
  readonly currency: Listed;
};

/** Where Stripe has accounts that we serve; the euro countries also take from one another. */
const homes: readonly Home[] = [
  { countries: ["mx"], currency: "MXN" },
  { countries: ["us"], currency: "USD" },
  { countries: ["br"], currency: "BRL" },
  { countries: ["ca"], currency: "CAD" },
  { countries: ["gb"], currency: "GBP" },
  { countries: euro, accounts: euro, currency: "EUR" },
];

const at = ({ countries, accounts }: Home) => (accounts ? { countries, accounts } : { countries });

const cards: readonly MethodCapability[] = homes.flatMap((home): MethodCapability[] => {
  const shared = {
    ...at(home),
    ...inListed(home.currency),
    presentations: fieldsOnPage,
    refunds: "partial",
    mandate: saved,
  } as const;
  return [
    { ...shared, type: "card", kind: "card", requires: [], ...sure },
    // Apple's donate button is for nonprofits Apple has approved; Google lists donations as accepted.
    {
      ...shared,
      type: "apple_pay",
      kind: "wallet",
      requires: [],
      churches: "approval_needed",
      confidence: "high",
    },
    { ...shared, type: "google_pay", kind: "wallet", requires: [], ...sure },
  ];
});

/** Link where Stripe offers it for accounts of ours; seen for the United States, indirectly for the others. */
const link: readonly MethodCapability[] = homes
  .filter(({ currency }) => currency !== "MXN" && currency !== "BRL")
  .map((home) => ({
    ...at(home),
    ...inListed(home.currency),
    type: "link",
    kind: "wallet",
    presentations: ["embedded", "hosted"],
    requires: ["email"],
    refunds: "partial",
    ...(home.currency === "USD" ? sure : probable),
  }));

/**
 * Countries without Stripe accounts, by a card in their own currency on an account elsewhere: an account of
 * Brazil may charge reais only. Stripe asks that the amount be worth its minimum in the account's own currency
 * (0.50 USD, 10 MXN …), so the least here is about one dollar. Panama and Ecuador use the dollar itself.
 */
const presentingAbroad = ["us", "ca", "gb", "es", "pt", "de", "mx"] as const;
const abroad: readonly (readonly [country: string, currency: CurrencyCode, least: bigint, surer?: false])[] =
  [
    ["co", "COP", 500_000n],
    ["cl", "CLP", 1_000n],
    ["pe", "PEN", 400n],
    ["uy", "UYU", 4_500n],
    ["ar", "ARS", 200_000n, false],
    ["gt", "GTQ", 800n],
    ["cr", "CRC", 60_000n],
    ["do", "DOP", 7_000n],
    ["py", "PYG", 8_000n],
    ["bo", "BOB", 1_000n],
    ["pa", "USD", 100n],
    ["ec", "USD", 100n],
  ];
const crossBorder: readonly MethodCapability[] = abroad.map(([country, currency, least, surer]) => ({
  type: "card",
  kind: "card",
  countries: [country],
  accounts: presentingAbroad,
  ...from(least, currency),
  presentations: fieldsOnPage,
  requires: [],
  refunds: "partial",
  mandate: saved,
  churches: "allowed",
  confidence: surer === false ? "low" : "medium",
}));
const dollarCountries = abroad.flatMap(([country, currency]) => (currency === "USD" ? [country] : []));
/** Wallets and Link in dollars, where the dollar is the currency (facts: payment-methods, the rows of `*`). */
const dollarWallets: readonly MethodCapability[] = (["apple_pay", "google_pay", "link"] as const).map(
  (type) => ({
    type,
    kind: "wallet",
    countries: dollarCountries,
    accounts: presentingAbroad,
    ...from(100n, "USD"),
    presentations: type === "link" ? ["embedded", "hosted"] : fieldsOnPage,
    requires: type === "link" ? ["email"] : [],
    refunds: "partial",
    // Link is not among what can be saved (mandate-params).
    ...(type === "link" ? {} : { mandate: saved }),
    churches: type === "apple_pay" ? "approval_needed" : "allowed",
    confidence: "medium",
  }),
);

/** Days a voucher lives: Stripe's pages disagree on the defaults, so it is always said. */
export const voucherDays = { oxxo: 3, boleto: 3 } as const;

const vouchers: readonly MethodCapability[] = [
  {
    type: "oxxo",
    kind: "voucher",
    countries: ["mx"],
    ...inListed("MXN", 1_000_000n),
    presentations: ["instructions"],
    requires: ["name", "email"],
    refunds: "none",
    expiresAfterMs: days(voucherDays.oxxo),
    ...sure,
  },
  {
    type: "boleto",
    kind: "voucher",
    countries: ["br"],
    ...from(500n, "BRL", 4_999_999n),
    presentations: ["instructions"],
    requires: ["name", "email", "tax_id", "address"],
    refunds: "none",
    expiresAfterMs: days(voucherDays.boleto),
    ...sure,
  },
  {
    type: "multibanco",
    kind: "voucher",
    countries: ["pt"],
    accounts: euro,
    ...inListed("EUR", 9_999_900n),
    presentations: ["instructions"],
    requires: ["email"],
    refunds: "partial",
    refundWindowDays: 365,
    expiresAfterMs: days(7),
    ...sure,
  },
];

const transfer = {
  kind: "bank_transfer",
  presentations: ["instructions"],
  requires: ["name", "email"],
  refunds: "partial",
  remembersDonor: true,
  refundWindowDays: 180,
} as const;
const transfers: readonly MethodCapability[] = [
  { type: "spei", ...transfer, countries: ["mx"], ...inListed("MXN"), ...sure },
  { type: "bank_transfer", ...transfer, countries: ["us"], ...inListed("USD"), ...sure },
  { type: "bank_transfer", ...transfer, countries: ["gb"], ...inListed("GBP"), ...sure },
  // Stripe's IBANs are of BE, DE, ES, FR, IE or NL: a Portuguese donor has none of their own country.
  { type: "bank_transfer", ...transfer, countries: ["de"], accounts: euro, ...inListed("EUR"), ...sure },
  { type: "bank_transfer", ...transfer, countries: ["es"], accounts: euro, ...inListed("EUR"), ...probable },
];

const debit = {
  kind: "bank_debit",
  presentations: fieldsOnPage,
  requires: ["name", "email"],
  refunds: "partial",
  refundWindowDays: 180,
  mandate: debited,
  ...sure,
} as const;
const debits: readonly MethodCapability[] = [
  { type: "ach_debit", ...debit, countries: ["us"], ...inListed("USD") },
  { type: "sepa_debit", ...debit, countries: euro, accounts: euro, ...inListed("EUR", 1_000_000n) },
  { type: "bacs_debit", ...debit, countries: ["gb"], ...inListed("GBP", 10_000_000n) },
  { type: "acss_debit", ...debit, countries: ["ca"], ...inListed("CAD") },
];

const elsewhere: readonly MethodCapability[] = [
  {
    type: "mb_way",
    kind: "wallet",
    countries: ["pt"],
    accounts: euro,
    ...inListed("EUR", 500_000n),
    presentations: ["embedded", "hosted", "instructions"],
    requires: ["phone"],
    refunds: "partial",
    refundWindowDays: 365,
    expiresAfterMs: minutes(4),
    ...sure,
  },
  {
    type: "pay_by_bank",
    kind: "bank_redirect",
    countries: ["gb"],
    ...from(50n, "GBP", 1_000_000n),
    presentations: ["hosted"],
    requires: [],
    refunds: "partial",
    refundWindowDays: 730,
    ...sure,
  },
  {
    type: "revolut_pay",
    kind: "wallet",
    countries: ["gb"],
    ...inListed("GBP"),
    presentations: ["hosted"],
    requires: [],
    refunds: "partial",
    refundWindowDays: 180,
    churches: "not_stated",
    confidence: "high",
  },
  {
    type: "amazon_pay",
    kind: "wallet",
    countries: ["us"],
    ...inListed("USD"),
    presentations: ["hosted"],
    requires: [],
    refunds: "partial",
    refundWindowDays: 90,
    churches: "not_stated",
    confidence: "medium",
  },
  {
    type: "crypto_stablecoin",
    kind: "crypto",
    // Donors may be anywhere Stripe does not bar; only businesses of the United States may take it.
    countries: [...homes.flatMap(({ countries }) => countries), ...abroad.map(([country]) => country)],
    accounts: ["us"],
    ...inListed("USD", 1_000_000n),
    presentations: ["hosted"],
    requires: [],
    refunds: "partial",
    churches: "not_stated",
    confidence: "high",
  },
];

export const stripeMethods: readonly MethodCapability[] = [
  ...cards,
  ...link,
  ...crossBorder,
  ...dollarWallets,
  ...vouchers,
  ...transfers,
  ...debits,
  ...elsewhere,
];
