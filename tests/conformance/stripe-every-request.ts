import type { CollectOrder, GatewayAdapter } from "../../src/gateway/adapter.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { callAt, now, orderOf } from "./stripe-under-test.ts";

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

/** Everything else the adapter can ask of Stripe, each reaching every request it may send. */
export const everyOther: Readonly<Record<string, (adapter: GatewayAdapter) => Promise<unknown>>> = {
  "look-up by intent": ({ payments }) =>
    payments.lookup({ attemptId: newId("attempt"), gatewayPaymentId: "pi_1" }, callAt()),
  "look-up by session": ({ payments }) =>
    payments.lookup({ attemptId: newId("attempt"), gatewayPaymentId: "cs_test_1" }, callAt()),
  "look-up by our own id": ({ payments }) => payments.lookup({ attemptId: newId("attempt") }, callAt()),
  "cancelling an intent": ({ payments }) =>
    payments.cancel({ attemptId: newId("attempt"), gatewayPaymentId: "pi_1" }, callAt()),
  "cancelling a session": ({ payments }) =>
    payments.cancel({ attemptId: newId("attempt"), gatewayPaymentId: "cs_test_1" }, callAt()),
  "refund of a part": ({ payments }) =>
    payments.refund(
      {
        refundId: newId("refund"),
        gatewayPaymentId: "pi_1",
        amount: money(10_000n, "MXN"),
        reason: "requested_by_donor",
      },
      callAt({ idempotencyKey: "refund-1" }),
    ),
  "look-up of a refund by Stripe's id": ({ payments }) =>
    payments.lookupRefund(
      { refundId: newId("refund"), gatewayPaymentId: "pi_1", gatewayRefundId: "re_1" },
      callAt(),
    ),
  "look-up of a refund by our id": ({ payments }) =>
    payments.lookupRefund({ refundId: newId("refund"), gatewayPaymentId: "pi_1" }, callAt()),
  "the credentials": ({ payments }) => payments.checkCredentials(callAt()),
  "settlement lines": async ({ settlements }) => {
    const window = { from: new Date(now.getTime() - 86_400_000), to: now };
    for await (const _ of settlements?.lines(window, callAt()) ?? []) break;
  },
};
