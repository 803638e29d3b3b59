import type { FeeRule, GatewayManifest, MethodCapability } from "../../src/gateway/manifest.ts";
import { days, minutes } from "../../src/kernel/clock.ts";
import { zero } from "../../src/kernel/money.ts";
import { btcpayAmountRules } from "./amounts.ts";
import { places, units } from "./limits.ts";

/** BTCPay's own default: the rate is fixed for the donor for this long. */
export const expiresAfterMs = minutes(15);
/** How long after expiry the server still watches for coins, so that late ones are told of. */
export const watchedForMs = days(7);

const shared = {
  kind: "crypto",
  presentations: ["hosted", "instructions"],
  requires: [],
  refunds: "partial",
  expiresAfterMs,
  churches: "allowed",
  confidence: "medium",
} as const;

const methods: readonly MethodCapability[] = places.flatMap((place): MethodCapability[] => {
  const here = { ...shared, countries: [place.country], currencies: [place.currency] };
  return [
    { ...here, type: "bitcoin", minimum: [units(place, 5n)], maximum: [units(place, 50_000n)] },
    { ...here, type: "lightning", minimum: [units(place, 1n)], maximum: [units(place, 1_000n)] },
  ];
});

const fees: readonly FeeRule[] = places.map(({ country, currency }) => ({
  country,
  methods: ["bitcoin", "lightning"],
  percent: { numerator: 0n, scale: 2 },
  fixed: zero(currency),
  source:
    "The church's own BTCPay Server keeps nothing (docs.btcpayserver.org: no fees, self-hosted); the donor's wallet pays the network; read 2026-11-21. What the church later pays to move or sell the coins is not in here",
}));

/**
 * BTCPay Server as data: a church's own server, in any of these countries. Priced in the gift's currency, paid in
 * bitcoin at the store's rate. Facts: methods §6.6 and the rows `crypto_btc__btcpay` and `crypto_lightning__btcpay`.
 */
export const btcpayManifest: GatewayManifest = {
  id: "btcpay",
  name: "BTCPay Server",
  accountCountries: places.map(({ country }) => country),
  amounts: btcpayAmountRules,
  methods,
  fees,
  // There are no idempotency keys: the adapter looks before it makes, and a lost answer is looked up.
  repeatsSafely: false,
  // The search index is written with the invoice; a request can be under way for as long as a call may take.
  lookupSettlesAfterMs: minutes(2),
  confirmedBy: "gateway",
  barred: [],
  documents: [
    "BTCPay Greenfield API v1, OpenAPI: swagger.template.invoices, .webhooks, .pull-payments, .api-keys",
    "BTCPay Server source: GreenfieldInvoiceController, InvoiceState, WebhookSender, WebhookInvoiceEvent",
    "BTCPay Server changelog 2.1.2",
    "docs.btcpayserver.org/Development/GreenFieldExample",
    "BIP 21, BIP 173, BOLT 11",
  ],
};
