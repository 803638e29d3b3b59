import type { GatewayManifest, MandateTerms, MethodCapability } from "../../src/gateway/manifest.ts";
import type { MethodType } from "../../src/gateway/methods.ts";
import { hours } from "../../src/kernel/clock.ts";
import type { CurrencyCode } from "../../src/kernel/currency.ts";
import { money } from "../../src/kernel/money.ts";
import { paypalAmountRules } from "./amounts.ts";
import { paypalFees } from "./fees.ts";

/** Where donors pay in the country's own currency, and where PayPal only carries dollars (facts: methods §5, §11). */
const own: Readonly<Record<string, CurrencyCode>> = {
  mx: "MXN",
  us: "USD",
  ca: "CAD",
  gb: "GBP",
  es: "EUR",
  pt: "EUR",
  de: "EUR",
};
const inDollars = ["co", "cl", "pe", "cr", "ec", "gt", "do", "pa"] as const;

/**
 * PayPal publishes no least amount; one unit of the currency keeps its fixed fee from eating the whole gift. The
 * most is what an account that has not asked for more may be sent at once, 10,000 US dollars or about as much
 * (PayPal help "sending limits"; unverified): the specification's own limit is 15 digits.
 */
const limits: Readonly<Record<string, readonly [bigint, bigint]>> = {
  USD: [100n, 1_000_000n],
  EUR: [100n, 800_000n],
  GBP: [100n, 800_000n],
  CAD: [100n, 1_250_000n],
  MXN: [1000n, 20_000_000n],
  BRL: [300n, 5_000_000n],
};

/** The wallets PayPal's vault keeps (`walletOf` in mandates.ts); a card is not among them. */
const vaulted: MandateTerms = {
  cadences: ["as_needed"],
  presentations: ["hosted"],
  notice: { leastDays: 0, mostDays: 0 },
  source: "PayPal Vault Payment Tokens v3 specification 3.1, usage_type MERCHANT",
};

type Confidence = MethodCapability["confidence"];

function capability(
  type: MethodType,
  countries: readonly string[],
  currency: CurrencyCode,
  confidence: Confidence,
): MethodCapability {
  const [least = 100n, most = 1_000_000n] = limits[currency] ?? [];
  return {
    type,
    kind: type === "card" ? "card" : "wallet",
    countries,
    currencies: [currency],
    presentations: ["hosted"],
    requires: [],
    minimum: [money(least, currency)],
    maximum: [money(most, currency)],
    refunds: "partial",
    refundWindowDays: 180,
    expiresAfterMs: hours(3),
    ...(type === "card" ? {} : { mandate: vaulted }),
    // PayPal takes donations, but an account may be told that the category DONATION is not for it.
    churches: "not_stated",
    confidence,
  };
}

const countriesOf = (currency: CurrencyCode): string[] =>
  Object.keys(own).filter((country) => own[country] === currency);

const currencies: readonly CurrencyCode[] = [...new Set(Object.values(own))];

const methods: readonly MethodCapability[] = [
  ...currencies.map((currency) => capability("paypal", countriesOf(currency), currency, "high")),
  // BRL moves only between a Brazilian account and Brazilian donors.
  capability("paypal", ["br"], "BRL", "medium"),
  capability("paypal", inDollars, "USD", "medium"),
  // Between two Argentine residents PayPal does not pay; dollars from abroad are said to arrive. Verify first.
  capability("paypal", ["ar"], "USD", "low"),
  capability("venmo", ["us"], "USD", "high"),
  // A card on PayPal's own page: whether a guest may pay without an account is PayPal's choice, donor by donor.
  ...currencies.map((currency) => capability("card", countriesOf(currency), currency, "medium")),
];

/**
 * PayPal as data. Rows: facts: methods (payment-methods.json, gateway `paypal`); the Italian MyBank and PayPal's
 * own coins are not offered: the first is of a country we do not serve, the second is in no specification.
 */
export const paypalManifest: GatewayManifest = {
  id: "paypal",
  name: "PayPal",
  accountCountries: [...Object.keys(own), "br", ...inDollars, "ar"],
  amounts: paypalAmountRules,
  methods,
  fees: paypalFees,
  repeatsSafely: true,
  // "It takes a maximum of three hours for executed transactions to appear in the list transactions call."
  lookupSettlesAfterMs: hours(4),
  confirmedBy: "gateway",
  barred: [],
  documents: [
    "PayPal Orders v2 specification 2.13",
    "PayPal Payments v2 specification 2.5",
    "PayPal Vault Payment Tokens v3 specification 3.1",
    "PayPal Transaction Search v1 specification 1.9",
    "PayPal Customer Disputes v1 specification 1.10",
    "PayPal Webhooks v1 specification 1.11",
    "@paypal/paypal-server-sdk 2.5.0",
    "developer.paypal.com/api/rest/reference/currency-codes",
    "developer.paypal.com/docs/transaction-search/transaction-event-codes",
    "developer.paypal.com/docs/checkout/apm/reference/handle-uncaptured-payments",
    "paypal.com/mx/webapps/mpp/merchant-fees",
  ],
};
