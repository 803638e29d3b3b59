import type { GatewayAdapter } from "../../src/gateway/adapter.ts";
import type { CollectOrder } from "../../src/gateway/payment.ts";
import { present } from "../../src/kernel/assert.ts";
import { money } from "../../src/kernel/money.ts";
import {
  callAt,
  chargeOf,
  handleOf,
  knownDonor,
  mandateOf,
  now,
  orderOf,
  refundOf,
} from "./stripe-under-test.ts";

const usd = { country: "us", amount: money(2_500n, "USD"), locale: "en-US" } as const;
const method = (
  type: CollectOrder["method"]["type"],
  presentation: CollectOrder["method"]["presentation"],
  token?: string,
): Pick<CollectOrder, "method"> => ({ method: { type, presentation, ...(token ? { token } : {}) } });

/** One order for every method and presentation of the manifest, and the ways a token can look. */
export const everyOrder: Readonly<Record<string, CollectOrder>> = {
  "card on our page": orderOf(method("card", "embedded")),
  "card by token": orderOf(method("card", "token", "pm_card_visa")),
  "card by confirmation token": orderOf(method("card", "token", "ctoken_123")),
  "card on Stripe's page": orderOf(method("card", "hosted")),
  "card in the United States": orderOf({ ...usd, ...method("card", "embedded") }),
  "Apple Pay": orderOf(method("apple_pay", "embedded")),
  "Google Pay on Stripe's page": orderOf(method("google_pay", "hosted")),
  "Link on our page": orderOf({ ...usd, ...method("link", "embedded") }),
  "Link on Stripe's page": orderOf({ ...usd, ...method("link", "hosted") }),
  ...Object.fromEntries(
    (
      [
        ["br", "BRL"],
        ["ca", "CAD"],
        ["gb", "GBP"],
        ["es", "EUR"],
        ["pt", "EUR"],
        ["de", "EUR"],
        ["co", "COP"],
        ["cl", "CLP"],
        ["py", "PYG"],
        ["uy", "UYU"],
        ["pa", "USD"],
      ] as const
    ).map(([country, currency]) => [
      `card of ${country}`,
      orderOf({ country, amount: money(1_000_000n, currency), ...method("card", "token", "pm_card_visa") }),
    ]),
  ),
  ...Object.fromEntries(
    (
      [
        ["boleto", "br", "BRL", "instructions"],
        ["multibanco", "pt", "EUR", "instructions"],
        ["mb_way", "pt", "EUR", "instructions"],
        ["mb_way", "pt", "EUR", "hosted"],
        ["bank_transfer", "us", "USD", "instructions"],
        ["bank_transfer", "gb", "GBP", "instructions"],
        ["bank_transfer", "es", "EUR", "instructions"],
        ["bank_transfer", "de", "EUR", "instructions"],
        ["pay_by_bank", "gb", "GBP", "hosted"],
        ["revolut_pay", "gb", "GBP", "hosted"],
        ["amazon_pay", "us", "USD", "hosted"],
        ["crypto_stablecoin", "co", "USD", "hosted"],
        ["sepa_debit", "es", "EUR", "embedded"],
        ["sepa_debit", "de", "EUR", "hosted"],
        ["bacs_debit", "gb", "GBP", "embedded"],
        ["bacs_debit", "gb", "GBP", "hosted"],
        ["acss_debit", "ca", "CAD", "embedded"],
        ["acss_debit", "ca", "CAD", "hosted"],
      ] as const
    ).map(([type, country, currency, presentation]) => [
      `${type} of ${country}, ${presentation}`,
      orderOf({
        country,
        amount: money(2_500n, currency),
        donor: knownDonor,
        ...method(type, presentation),
      }),
    ]),
  ),
  ...Object.fromEntries(
    (
      [
        ["sepa_debit", "pt", "EUR", "pm_success_pt"],
        ["bacs_debit", "gb", "GBP", "pm_bacsDebit_success"],
        ["acss_debit", "ca", "CAD", "pm_acssDebit_success"],
      ] as const
    ).map(([type, country, currency, token]) => [
      `${type} by token`,
      orderOf({
        country,
        amount: money(2_500n, currency),
        donor: knownDonor,
        mandateAcceptance: { ipAddress: "203.0.113.9", userAgent: "Mozilla/5.0" },
        ...method(type, "token", token),
      }),
    ]),
  ),
  OXXO: orderOf(method("oxxo", "instructions")),
  SPEI: orderOf(method("spei", "instructions")),
  "SPEI for a donor known to Stripe": orderOf({
    ...method("spei", "instructions"),
    donor: { name: "Ana López", email: "ana@example.org", reference: "dnr-1", customerRef: "cus_known" },
  }),
  "ACH on our page": orderOf({ ...usd, ...method("ach_debit", "embedded") }),
  "ACH on Stripe's page": orderOf({ ...usd, ...method("ach_debit", "hosted") }),
  "ACH by token": orderOf({
    ...usd,
    ...method("ach_debit", "token", "pm_usBankAccount_success"),
    mandateAcceptance: { ipAddress: "203.0.113.9", userAgent: "Mozilla/5.0" },
  }),
};

const saved = (mandates: GatewayAdapter["mandates"]) => present(mandates, "Stripe has mandates");

/** Everything else the adapter can ask of Stripe, each reaching every request it may send. */
export const everyOther: Readonly<Record<string, (adapter: GatewayAdapter) => Promise<unknown>>> = {
  "look-up by intent": ({ payments }) => payments.lookup(handleOf("pi_1"), callAt()),
  "look-up by session": ({ payments }) => payments.lookup(handleOf("cs_test_1"), callAt()),
  "look-up by our own id": ({ payments }) => payments.lookup(handleOf(), callAt()),
  "cancelling an intent": ({ payments }) => payments.cancel(handleOf("pi_1"), callAt()),
  "cancelling a session": ({ payments }) => payments.cancel(handleOf("cs_test_1"), callAt()),
  "refund of a part": ({ payments }) =>
    payments.refund(refundOf("pi_1"), callAt({ idempotencyKey: "refund-1" })),
  "look-up of a refund by Stripe's id": ({ payments }) =>
    payments.lookupRefund(refundOf("pi_1", { gatewayRefundId: "re_1" }), callAt()),
  "look-up of a refund by our id": ({ payments }) => payments.lookupRefund(refundOf("pi_1"), callAt()),
  "a mandate by token": ({ mandates }) =>
    saved(mandates).request(mandateOf("sepa_debit", "token", "pm_success_de"), callAt()),
  "a mandate on our page": ({ mandates }) => saved(mandates).request(mandateOf("card", "embedded"), callAt()),
  "a Canadian mandate on Stripe's page": ({ mandates }) =>
    saved(mandates).request(mandateOf("acss_debit", "hosted"), callAt()),
  "a Canadian mandate by token": ({ mandates }) =>
    saved(mandates).request(mandateOf("acss_debit", "token", "pm_acssDebit_success"), callAt()),
  ...Object.fromEntries(
    ["pm_1", "seti_1", "cs_test_setup", undefined].flatMap((id) => {
      const handle = { reference: "rcg_1", ...(id === undefined ? {} : { gatewayMandateId: id }) };
      return [
        [
          `look-up of the mandate ${id}`,
          ({ mandates }: GatewayAdapter) => saved(mandates).lookup(handle, callAt()),
        ],
        [
          `ending the mandate ${id}`,
          ({ mandates }: GatewayAdapter) => saved(mandates).cancel(handle, callAt()),
        ],
      ];
    }),
  ),
  "a charge under a mandate": ({ mandates }) => saved(mandates).charge(chargeOf("pm_1"), callAt()),
  "the credentials": ({ payments }) => payments.checkCredentials(callAt()),
  "settlement lines": async ({ settlements }) => {
    const window = { from: new Date(now.getTime() - 86_400_000), to: now };
    for await (const _ of settlements?.lines(window, callAt()) ?? []) break;
  },
};
