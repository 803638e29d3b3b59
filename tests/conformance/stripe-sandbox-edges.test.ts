import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { days, hours } from "../../src/kernel/clock.ts";
import { refusal, sandboxWorld, webhookSecret } from "../support/stripe-sandbox.ts";

/** What Stripe answers off the usual way: the refused, the late, the twice. */
type World = ReturnType<typeof sandboxWorld>;
const clientOf = ({ client }: World, country: string) => client(`sk_test_${country}_demo`);

const pay = (stripe: Stripe, more: object = {}) =>
  stripe.paymentIntents.create({
    amount: 10_000,
    currency: "usd",
    allowed_payment_method_types: ["card"],
    payment_method: "pm_card_visa",
    confirm: true,
    ...more,
  });

const chargeOf = (intent: Stripe.PaymentIntent): string => String(intent.latest_charge);

const transfers: readonly (readonly [country: string, currency: string, type: string])[] = [
  ["mx", "mxn", "mx_bank_transfer"],
  ["us", "usd", "us_bank_transfer"],
  ["gb", "gbp", "gb_bank_transfer"],
  ["es", "eur", "eu_bank_transfer"],
];

async function awaited(stripe: Stripe, currency: string, type: string, email?: string) {
  const customer = await stripe.customers.create(email ? { email } : {});
  return pay(stripe, {
    currency,
    customer: customer.id,
    allowed_payment_method_types: ["customer_balance"],
    payment_method: undefined,
    payment_method_data: { type: "customer_balance" },
    payment_method_options: {
      customer_balance: {
        funding_type: "bank_transfer",
        bank_transfer: {
          type,
          ...(type === "eu_bank_transfer" ? { eu_bank_transfer: { country: "ES" } } : {}),
        },
      },
    },
  });
}

describe("a refund", () => {
  it("is asked for by the charge as by the payment, and never by both", async () => {
    const { us } = sandboxWorld();
    const intent = await pay(us);
    const charge = chargeOf(intent);
    const both = await refusal(us.refunds.create({ charge, payment_intent: intent.id }));
    expect(both.message).toContain("only specify one");
    expect((await refusal(us.refunds.create({ charge: "ch_none" }))).code).toBe("resource_missing");
    const made = await us.refunds.create({
      charge,
      amount: 400,
      metadata: { gift: "1" },
      reason: "duplicate",
    });
    expect(made).toMatchObject({ charge, payment_intent: intent.id, reason: "duplicate" });
    expect((await us.refunds.list({ charge })).data.map(({ id }) => id)).toEqual([made.id]);
    expect((await us.refunds.list()).data).toHaveLength(1);
  });

  it("of a hold that was not captured is refused by name", async () => {
    const { us } = sandboxWorld();
    const held = await pay(us, { capture_method: "manual" });
    expect((await refusal(us.refunds.create({ charge: chargeOf(held) }))).code).toBe("charge_not_refundable");
  });

  it.each(transfers)(
    "of a transfer in %s (%s) asks the donor for an account",
    async (country, currency, type) => {
      const world = sandboxWorld();
      const stripe = clientOf(world, country);
      const intent = await awaited(stripe, currency, type, "ana@example.org");
      expect(await world.control.transfer(intent.id, 10_000)).toMatchObject({ ok: true });
      const refund = await stripe.refunds.create({ payment_intent: intent.id });
      expect(refund).toMatchObject({ status: "requires_action", destination_details: { type } });
      expect(refund.next_action?.display_details?.email_sent.email_sent_to).toBe("ana@example.org");
      world.clock.advance(days(46));
      await world.control.tick();
      expect((await stripe.refunds.retrieve(refund.id)).status).toBe("failed");
      expect(await world.control.failRefund(refund.id)).toMatchObject({ ok: false });
      expect(await world.control.succeedRefund(refund.id)).toMatchObject({ ok: false });
    },
  );

  it("of a transfer needs an address to write to", async () => {
    const { mx, control } = sandboxWorld();
    const intent = await awaited(mx, "mxn", "mx_bank_transfer");
    await control.transfer(intent.id, 10_000);
    expect((await refusal(mx.refunds.create({ payment_intent: intent.id }))).param).toBe(
      "instructions_email",
    );
    const asked = { payment_intent: intent.id, instructions_email: "ana@example.org" };
    expect((await mx.refunds.create(asked)).status).toBe("requires_action");
  });
});

describe("a dispute", () => {
  it("is found by its charge, answered once, and given up", async () => {
    const { us, control } = sandboxWorld();
    const intent = await pay(us);
    const opened = await control.openDispute(chargeOf(intent), { amount: 4000 });
    if (!opened.ok) throw new Error(opened.error);
    const { id } = opened.value;
    expect((await us.disputes.list({ charge: chargeOf(intent) })).data.map((one) => one.id)).toEqual([id]);
    const draft = await us.disputes.update(id, {
      evidence: { customer_name: "Ana", receipt: "" },
      submit: false,
    });
    expect(draft).toMatchObject({
      status: "needs_response",
      evidence: { customer_name: "Ana", receipt: null },
      evidence_details: { has_evidence: true, submission_count: 0 },
    });
    expect((await us.disputes.update(id, {})).status).toBe("under_review");
    expect((await refusal(us.disputes.update(id, { submit: true }))).param).toBe("evidence");
    expect((await us.disputes.close(id)).status).toBe("lost");
    expect((await us.disputes.close(id)).status).toBe("lost");
    expect(await control.closeDispute(id, "won")).toMatchObject({ ok: false });
    expect((await refusal(us.disputes.retrieve("dp_none"))).statusCode).toBe(404);
    expect((await refusal(us.disputes.close("dp_none"))).statusCode).toBe(404);
  });

  it("that is only an inquiry closes without money having moved", async () => {
    const { us, control } = sandboxWorld();
    const intent = await pay(us);
    const opened = await control.openDispute(intent.id, { inquiry: true });
    if (!opened.ok) throw new Error(opened.error);
    const answered = await us.disputes.update(opened.value.id, {
      evidence: { uncategorized_text: "losing_evidence" },
      submit: true,
    });
    expect(answered.status).toBe("warning_under_review");
    await control.tick();
    expect((await us.disputes.retrieve(opened.value.id)).status).toBe("warning_closed");
    expect((await us.balanceTransactions.list({ type: "adjustment" })).data).toEqual([]);
  });

  it("is lost on evidence that does not convince", async () => {
    const { us, control } = sandboxWorld();
    const intent = await pay(us, { payment_method: "pm_card_createDispute" });
    await control.tick();
    const [dispute] = (await us.disputes.list({ payment_intent: intent.id })).data;
    await us.disputes.update(dispute?.id ?? "", { evidence: { uncategorized_text: "losing_evidence" } });
    await control.tick();
    expect((await us.disputes.retrieve(dispute?.id ?? "")).status).toBe("lost");
  });
});

const line = (more: object = {}) => ({
  quantity: 1,
  price_data: { currency: "usd", unit_amount: 5000, product_data: { name: "Gift" }, ...more },
});
const opened = (stripe: Stripe, more: object = {}) =>
  stripe.checkout.sessions.create({
    mode: "payment",
    line_items: [line()],
    allowed_payment_method_types: ["card"],
    success_url: "https://give.test/done",
    ...more,
  });

describe("a page of Stripe's", () => {
  it.each<[string, object, string]>([
    ["embedded in ours", { ui_mode: "embedded_page" }, "ui_mode"],
    ["for a subscription", { mode: "subscription" }, "mode"],
    ["without lines", { line_items: undefined }, "line_items"],
    ["for a line without a price", { line_items: [{ quantity: 1 }] }, "line_items[0]"],
    ["to save, with something to pay", { mode: "setup" }, "line_items"],
    ["for a customer nobody knows", { customer: "cus_none" }, "customer"],
  ])("is refused %s", async (_what, asked, param) => {
    const { us } = sandboxWorld();
    expect(await refusal(opened(us, asked))).toMatchObject({ statusCode: 400, param });
  });

  it("knows its customer, and is found by them and by how it stands", async () => {
    const { us } = sandboxWorld();
    const customer = await us.customers.create({ email: "ana@example.org" });
    const theirs = await opened(us, { customer: customer.id });
    const other = await opened(us);
    expect(theirs).toMatchObject({ customer: customer.id, customer_creation: null });
    expect(other).toMatchObject({ customer: null, customer_creation: "if_required" });
    await us.checkout.sessions.expire(other.id);
    const ids = async (asked: Stripe.Checkout.SessionListParams) =>
      (await us.checkout.sessions.list(asked)).data.map(({ id }) => id);
    expect(await ids({ customer: customer.id })).toEqual([theirs.id]);
    expect(await ids({ status: "open" })).toEqual([theirs.id]);
    expect(await ids({})).toEqual([other.id, theirs.id]);
    expect((await refusal(us.checkout.sessions.retrieve("cs_none"))).statusCode).toBe(404);
  });

  it("closed after a decline takes its payment with it", async () => {
    const { us, control } = sandboxWorld();
    const session = await opened(us);
    const tried = await control.completeCheckout(session.id, { type: "card", number: "4000000000009995" });
    if (!tried.ok) throw new Error(tried.error);
    await us.checkout.sessions.expire(session.id);
    expect((await us.paymentIntents.retrieve(tried.value.intent.id)).status).toBe("canceled");
  });

  it("for saving ends what it asked for when its time is up", async () => {
    const { us, control, clock } = sandboxWorld();
    const session = await us.checkout.sessions.create({
      mode: "setup",
      currency: "usd",
      success_url: "https://give.test/done",
    });
    clock.advance(hours(25));
    await control.tick();
    expect((await us.setupIntents.retrieve(String(session.setup_intent))).status).toBe("canceled");
    const late = await control.completeCheckout(session.id, { type: "card", number: "4242424242424242" });
    expect(late).toMatchObject({ ok: false });
  });
});

describe("a list", () => {
  it.each([
    [{ starting_after: "pi_none" }, "starting_after"],
    [{ ending_before: "pi_none" }, "ending_before"],
  ])("after what is not there is refused: %o", async (asked, param) => {
    const { us } = sandboxWorld();
    expect((await refusal(us.paymentIntents.list(asked))).param).toBe(param);
    expect(
      (await refusal(us.paymentIntents.list({ starting_after: "a", ending_before: "b" }))).statusCode,
    ).toBe(400);
  });

  it("of charges is that of a payment, of a customer, or of all", async () => {
    const { us } = sandboxWorld();
    const customer = await us.customers.create({ email: "ana@example.org" });
    const first = await pay(us);
    const second = await pay(us, { customer: customer.id });
    const ids = async (asked: Stripe.ChargeListParams) =>
      (await us.charges.list(asked)).data.map(({ id }) => id);
    expect(await ids({})).toEqual([chargeOf(second), chargeOf(first)]);
    expect(await ids({ customer: customer.id })).toEqual([chargeOf(second)]);
    expect(await ids({ payment_intent: first.id })).toEqual([chargeOf(first)]);
    expect((await us.customers.list()).data).toHaveLength(1);
    expect((await us.customers.list({ email: "x@example.org" })).data).toEqual([]);
  });
});

describe("a payment method", () => {
  it("is taken from its customer once, and then nobody's", async () => {
    const { us } = sandboxWorld();
    const customer = await us.customers.create({});
    const method = await us.paymentMethods.create({ type: "link" });
    expect((await refusal(us.paymentMethods.detach(method.id))).param).toBe("payment_method");
    await us.paymentMethods.attach(method.id, { customer: customer.id });
    expect((await us.paymentMethods.detach(method.id)).customer).toBeNull();
    expect((await refusal(us.paymentMethods.detach("pm_none"))).statusCode).toBe(404);
    const again = pay(us, { allowed_payment_method_types: ["link"], payment_method: method.id });
    expect((await refusal(again)).message).toContain("detached");
  });

  it("numbers of a card come from browsers only", async () => {
    const { call } = sandboxWorld();
    const card =
      "[number]=4242424242424242&payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=2030";
    const form = `payment_method_data[type]=card&payment_method_data[card]${card}`;
    const asked = await call("POST", "/v1/test_helpers/confirmation_tokens", "sk_test_us_demo", form);
    expect(asked.status).toBe(402);
    const donor = await call("POST", "/v1/confirmation_tokens", "pk_test_us_demo", form);
    expect(donor.status).toBe(200);
  });
});

describe("the small deposits", () => {
  const typed = {
    currency: "usd",
    allowed_payment_method_types: ["us_bank_account" as const],
    payment_method: undefined,
    payment_method_data: {
      type: "us_bank_account" as const,
      billing_details: { name: "Ana" },
      us_bank_account: { account_number: "000123456789", routing_number: "110000000" },
    },
    mandate_data: {
      customer_acceptance: {
        type: "online" as const,
        online: { ip_address: "203.0.113.9", user_agent: "x" },
      },
    },
  };

  it.each([
    [{ amounts: [40, 41] }, "timeout"],
    [{ descriptor_code: "SM33CC" }, "attempts_exceeded"],
  ])("end the proof at once by Stripe's test values %o", async (proof, why) => {
    const { us } = sandboxWorld();
    const waiting = await pay(us, typed);
    const told = await refusal(us.paymentIntents.verifyMicrodeposits(waiting.id, proof));
    expect(told.code).toBe(`payment_method_microdeposit_verification_${why}`);
    const again = us.paymentIntents.verifyMicrodeposits(waiting.id, proof);
    expect((await refusal(again)).code).toBe("payment_intent_unexpected_state");
  });

  it("are called off with the payment, and asked about in one way only", async () => {
    const { us, control, clock } = sandboxWorld();
    const waiting = await pay(us, typed);
    const both = { amounts: [32, 45], descriptor_code: "SM11AA" };
    expect((await refusal(us.paymentIntents.verifyMicrodeposits(waiting.id, both))).statusCode).toBe(400);
    await us.paymentIntents.cancel(waiting.id);
    clock.advance(days(11));
    await control.tick();
    expect((await us.paymentIntents.retrieve(waiting.id)).status).toBe("canceled");
  });
});

describe("a transfer", () => {
  it("in the wrong currency's way, or for nobody, is refused", async () => {
    const { mx, us, control } = sandboxWorld();
    const wrong = await refusal(awaited(us, "usd", "mx_bank_transfer", "ana@example.org"));
    expect(wrong.param).toContain("[bank_transfer][type]");
    expect(await control.transfer("cus_none", 100)).toMatchObject({ ok: false });
    const card = await pay(mx, { currency: "mxn" });
    expect(await control.transfer(card.id, 100)).toMatchObject({ ok: false });
    const customer = await mx.customers.create({});
    expect(await control.transfer(customer.id, 0)).toMatchObject({ ok: false });
    const asked = { amount: 500, currency: "usd" };
    const funded = mx.testHelpers.customers.fundCashBalance(customer.id, asked);
    expect((await refusal(funded)).param).toBe("currency");
    const nothing = mx.customers.retrieveCashBalanceTransaction(customer.id, "ccsbtxn_none");
    expect((await refusal(nothing)).statusCode).toBe(404);
  });

  it("for a customer whose money waits is used when they ask, and kept by itself otherwise", async () => {
    const { mx, control } = sandboxWorld();
    const manual = await mx.customers.create({
      cash_balance: { settings: { reconciliation_mode: "manual" } },
    });
    expect(await control.transfer(manual.id, 7000)).toMatchObject({ ok: true });
    const kept = await mx.customers.retrieveCashBalance(manual.id);
    expect(kept).toMatchObject({ available: { mxn: 7000 }, settings: { reconciliation_mode: "manual" } });
    await mx.customers.update(manual.id, {
      cash_balance: { settings: { reconciliation_mode: "automatic" } },
    });
    expect(await mx.customers.retrieveCashBalance(manual.id)).toMatchObject({
      settings: { reconciliation_mode: "automatic" },
    });
  });
});

describe("a webhook endpoint", () => {
  it("is read, listed without its secret, and removed once", async () => {
    const { us, control } = sandboxWorld();
    const made = await control.registerWebhookEndpoint("sk_test_us_demo", {
      url: "https://x.test/w",
      secret: webhookSecret,
    });
    if (!made.ok) throw new Error(made.error);
    const { id } = made.value;
    const listed = (await us.webhookEndpoints.list()).data;
    expect(listed.map((one) => [one.id, one.secret])).toEqual([[id, undefined]]);
    expect((await us.webhookEndpoints.del(id)).deleted).toBe(true);
    expect((await refusal(us.webhookEndpoints.retrieve(id))).statusCode).toBe(404);
    expect((await refusal(us.webhookEndpoints.del(id))).statusCode).toBe(404);
    const byBrowser = { url: "https://x.test/w", secret: webhookSecret };
    expect(await control.registerWebhookEndpoint("pk_test_us_demo", byBrowser)).toMatchObject({ ok: false });
  });
});
