import { describe, expect, test } from "vitest";
import { knownErrorCodes } from "../../adapters/stripe/error-codes.ts";
import { money } from "../../src/kernel/money.ts";
import { answers, type HttpAnswer } from "./recording-transport.ts";
import * as bodies from "./stripe-bodies.ts";
import { callAt, form, handleOf, now, orderOf, routes, stripeOn } from "./stripe-under-test.ts";

const ok = (body: unknown): HttpAnswer => answers(200, body);
const donor = { name: "Ana López", email: "ana@example.org", reference: "dnr-1" };
const oxxo = orderOf({ method: { type: "oxxo", presentation: "instructions" } });
const spei = orderOf({ method: { type: "spei", presentation: "instructions" }, donor });
const hosted = orderOf({ method: { type: "card", presentation: "hosted" } });

describe("cards", () => {
  test("captured with the fee and the IVA inside it, at the moment Stripe booked it", async () => {
    const { adapter } = stripeOn(() => ok(bodies.succeeded()));
    expect(await adapter.payments.collect(orderOf(), callAt())).toMatchObject({
      kind: "captured",
      gatewayPaymentId: "pi_1",
      amount: money(50_000n, "MXN"),
      fee: { amount: money(2_436n, "MXN"), tax: money(336n, "MXN") },
      capturedAt: new Date((bodies.created + 60) * 1000),
      funding: "direct",
    });
  });

  test("a fee in another settlement currency is left to the settlement lines", async () => {
    const booked = bodies.balanceTransaction({ currency: "usd" });
    const body = bodies.succeeded({ latest_charge: bodies.charge({ balance_transaction: booked }) });
    const outcome = await stripeOn(() => ok(body)).adapter.payments.collect(orderOf(), callAt());
    expect(outcome.kind).toBe("captured");
    expect(outcome).not.toHaveProperty("fee");
  });

  test("the form on our page gets the client token and the publishable key, and nothing is confirmed", async () => {
    const { adapter, requests } = stripeOn(() =>
      ok(bodies.intent({ metadata: { presentation: "embedded" } })),
    );
    const order = orderOf({ method: { type: "card", presentation: "embedded" } });
    expect(await adapter.payments.collect(order, callAt())).toMatchObject({
      kind: "action_required",
      action: { type: "use_sdk", clientToken: "pi_1_secret_abc", publishableKey: "pk_test_conformance" },
    });
    expect(form(requests[0]).get("confirm")).toBeNull();
  });

  test("a declined token names the intent Stripe made, and advice of the network overrides ours", async () => {
    const answer = answers(402, bodies.cardError("generic_decline", { advice_code: "try_again_later" }));
    const outcome = await stripeOn(() => answer).adapter.payments.collect(orderOf(), callAt());
    expect(outcome).toMatchObject({
      kind: "declined",
      gatewayPaymentId: "pi_1",
      decline: { reason: "declined_generic", retry: "later", rawCode: "generic_decline" },
    });
  });

  test("advice never makes a stolen card worth another try", async () => {
    const answer = answers(402, bodies.cardError("stolen_card", { advice_code: "try_again_later" }));
    const outcome = await stripeOn(() => answer).adapter.payments.collect(orderOf(), callAt());
    expect(outcome).toMatchObject({ decline: { reason: "blocked_fraud", retry: "never" } });
  });

  test.each(knownErrorCodes)(
    "the error code %s is a refusal or a decline, never unrecognized",
    async (code) => {
      const answer = answers(400, bodies.requestError(code));
      const outcome = await stripeOn(() => answer).adapter.payments.collect(orderOf(), callAt());
      expect(["refused", "declined"]).toContain(outcome.kind);
      expect(outcome.evidence.unrecognized).toBeUndefined();
    },
  );

  test("an error code of tomorrow is a refusal that raises an alert", async () => {
    const answer = answers(400, bodies.requestError("a_word_of_tomorrow"));
    expect(await stripeOn(() => answer).adapter.payments.collect(orderOf(), callAt())).toMatchObject({
      kind: "refused",
      problem: { reason: "invalid_request", rawCode: "a_word_of_tomorrow" },
      evidence: { unrecognized: "a_word_of_tomorrow" },
    });
  });

  test.each([
    [401, "authentication"],
    [403, "account_problem"],
    [429, "rate_limited"],
  ])("HTTP %i is refused as %s", async (status, reason) => {
    const answer = answers(status, bodies.requestError(undefined));
    const outcome = await stripeOn(() => answer).adapter.payments.collect(orderOf(), callAt());
    expect(outcome).toMatchObject({ kind: "refused", problem: { reason } });
  });

  test("the key used before with other parameters means Stripe has seen it: in doubt, never free to go elsewhere", async () => {
    const answer = answers(400, {
      error: { type: "idempotency_error", message: "Keys for idempotent requests" },
    });
    const outcome = await stripeOn(() => answer).adapter.payments.collect(orderOf(), callAt());
    expect(outcome).toMatchObject({ kind: "in_doubt", evidence: { rawCode: "idempotency_error" } });
  });
});

describe("Stripe's page", () => {
  test("redirects to the session, which stands in for the intent until the donor tries", async () => {
    const { adapter, requests } = stripeOn(() => ok(bodies.session()));
    expect(await adapter.payments.collect(hosted, callAt())).toMatchObject({
      kind: "action_required",
      gatewayPaymentId: "cs_test_1",
      action: { type: "redirect", url: "https://checkout.stripe.com/c/pay/cs_test_1" },
    });
    const sent = form(requests[0]);
    expect(sent.get("metadata[attempt_id]")).toBe(hosted.attemptId);
    expect(sent.get("payment_intent_data[metadata][attempt_id]")).toBe(hosted.attemptId);
    expect(sent.get("locale")).toBe("es-419");
  });
});

describe("OXXO", () => {
  test("a voucher with its number as text and barcode, and the end of its life", async () => {
    const body = bodies.intent({ status: "requires_action", next_action: bodies.voucher });
    const { adapter, requests } = stripeOn(() => ok(body));
    expect(await adapter.payments.collect(oxxo, callAt())).toMatchObject({
      kind: "action_required",
      action: {
        type: "display_voucher",
        reference: "12345678901234567890123456789012",
        barcode: { format: "code128", text: "12345678901234567890123456789012" },
        expiresAt: new Date((bodies.created + 259_200) * 1000),
      },
    });
    expect(form(requests[0]).get("payment_method_options[oxxo][expires_after_days]")).toBe("3");
  });

  test("without a name or an e-mail it is refused before anything is sent", async () => {
    const { adapter, requests } = stripeOn(() => ok(bodies.intent()));
    const { name, reference } = donor;
    const outcome = await adapter.payments.collect({ ...oxxo, donor: { name, reference } }, callAt());
    expect(outcome).toMatchObject({ kind: "refused", problem: { rawCode: "donor_missing" } });
    expect(requests).toHaveLength(0);
  });

  test("a voucher without its number is not shown: the body cannot be relied on", async () => {
    const blank = { ...bodies.voucher, oxxo_display_details: { number: null, expires_after: null } };
    const body = bodies.intent({ status: "requires_action", next_action: blank });
    const outcome = await stripeOn(() => ok(body)).adapter.payments.collect(oxxo, callAt());
    expect(outcome).toMatchObject({ kind: "in_doubt", gatewayPaymentId: "pi_1", cause: "unreadable_answer" });
  });
});

describe("SPEI", () => {
  const waiting = bodies.intent({
    status: "requires_action",
    next_action: bodies.clabe(20_000),
    customer: "cus_1",
    payment_method_types: ["customer_balance"],
  });
  const table = routes({
    "POST /v1/customers": ok({ id: "cus_1", object: "customer" }),
    "POST /v1/payment_intents": ok(waiting),
  });

  test("makes the customer under the key's own suffix, then shows the CLABE and what is still to be sent", async () => {
    const { adapter, requests } = stripeOn(table);
    expect(await adapter.payments.collect(spei, callAt())).toMatchObject({
      kind: "action_required",
      customerRef: "cus_1",
      action: {
        type: "display_bank_transfer",
        account: { kind: "clabe", number: "646180157000000004" },
        bank: "STP",
        beneficiary: "Stripe MX",
        reference: "XYZ123",
        amountRemaining: money(20_000n, "MXN"),
      },
    });
    expect(requests.map((request) => request.headers.get("idempotency-key"))).toEqual([
      "key-1:customer",
      "key-1",
    ]);
    expect(form(requests[1]).get("customer")).toBe("cus_1");
  });

  test("a donor Stripe already knows keeps the customer, and with it the CLABE", async () => {
    const { adapter, requests } = stripeOn(table);
    await adapter.payments.collect({ ...spei, donor: { ...donor, customerRef: "cus_old" } }, callAt());
    expect(requests).toHaveLength(1);
    expect(form(requests[0]).get("customer")).toBe("cus_old");
  });

  test("when only the customer's answer was lost no payment exists: safe elsewhere", async () => {
    const { adapter, requests } = stripeOn(() => ({ fails: "after_send" }));
    expect(await adapter.payments.collect(spei, callAt())).toMatchObject({
      kind: "not_sent",
      cause: "connection_lost",
    });
    expect(requests).toHaveLength(1);
  });

  test("money already on the donor's balance pays at once, and says so", async () => {
    const paid = bodies.succeeded({ payment_method_types: ["customer_balance"], customer: "cus_1" });
    const { adapter } = stripeOn(routes({ "POST /v1/payment_intents": ok(paid) }));
    const order = { ...spei, donor: { ...donor, customerRef: "cus_1" } };
    expect(await adapter.payments.collect(order, callAt())).toMatchObject({
      kind: "captured",
      funding: "balance",
    });
  });
});

describe("ACH debit", () => {
  const ach = orderOf({
    country: "us",
    amount: money(2_500n, "USD"),
    method: { type: "ach_debit", presentation: "token", token: "pm_bank" },
    mandateAcceptance: { ipAddress: "203.0.113.9", userAgent: "Mozilla/5.0" },
  });
  const bank = { currency: "usd", amount: 2_500, payment_method_types: ["us_bank_account"] };

  test("carries the donor's acceptance of the mandate, and is refused without it", async () => {
    const { adapter, requests } = stripeOn(() => ok(bodies.intent({ ...bank, status: "processing" })));
    expect(await adapter.payments.collect(ach, callAt())).toMatchObject({
      kind: "processing",
      answerDueAt: new Date(now.getTime() + 8 * 86_400_000),
    });
    expect(form(requests[0]).get("mandate_data[customer_acceptance][online][ip_address]")).toBe(
      "203.0.113.9",
    );
    const { mandateAcceptance: _, ...without } = ach;
    expect(await adapter.payments.collect(without, callAt())).toMatchObject({
      kind: "refused",
      problem: { rawCode: "mandate_missing" },
    });
    expect(requests).toHaveLength(1);
  });

  test("microdeposits send the donor to Stripe's page for ten days", async () => {
    const body = bodies.intent({ ...bank, status: "requires_action", next_action: bodies.microdeposits });
    const outcome = await stripeOn(() => ok(body)).adapter.payments.collect(ach, callAt());
    expect(outcome).toMatchObject({
      kind: "action_required",
      action: {
        type: "redirect",
        url: "https://payments.stripe.com/microdeposit/x",
        expiresAt: new Date((bodies.created + 86_400 + 864_000) * 1000),
      },
    });
  });

  test("a return before success is a decline by the bank's own code", async () => {
    const failed = {
      ...bank,
      metadata: { presentation: "embedded" },
      last_payment_error: { type: "invalid_request_error", code: "account_closed" },
    };
    const { adapter } = stripeOn(() => ok(bodies.intent(failed)));
    const handle = handleOf("pi_1");
    expect(await adapter.payments.lookup(handle, callAt())).toMatchObject({
      kind: "declined",
      decline: { reason: "account_invalid", rawCode: "account_closed" },
    });
  });
});
