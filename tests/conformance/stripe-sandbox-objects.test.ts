import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { hours } from "../../src/kernel/clock.ts";
import { refusal, sandboxWorld } from "../support/stripe-sandbox.ts";

const order: Stripe.PaymentIntentCreateParams = {
  amount: 10_000,
  currency: "usd",
  allowed_payment_method_types: ["card"],
};
const paid = { ...order, payment_method: "pm_card_visa", confirm: true };
const spei = {
  amount: 50_000,
  currency: "mxn",
  allowed_payment_method_types: ["customer_balance" as const, "card" as const],
  payment_method_data: { type: "customer_balance" as const },
  payment_method_options: {
    customer_balance: {
      funding_type: "bank_transfer" as const,
      bank_transfer: { type: "mx_bank_transfer" as const },
    },
  },
  confirm: true,
};

describe("a PaymentIntent", () => {
  it("changes until it is paid, and keeps, sets and clears what it is told to", async () => {
    const { us } = sandboxWorld();
    const customer = await us.customers.create({});
    const made = await us.paymentIntents.create({ ...order, description: "x", metadata: { a: "1", b: "2" } });
    const changed = await us.paymentIntents.update(made.id, {
      amount: 12_000,
      customer: customer.id,
      description: "",
      metadata: { a: "", c: "3" },
      receipt_email: "ana@example.org",
      payment_method: "pm_card_visa",
    });
    expect(changed).toMatchObject({
      amount: 12_000,
      customer: customer.id,
      description: null,
      metadata: { b: "2", c: "3" },
      status: "requires_confirmation",
    });
    expect((await us.paymentIntents.update(made.id, { metadata: "" })).metadata).toEqual({});
    expect((await refusal(us.paymentIntents.update(made.id, { amount: 10 }))).code).toBe("amount_too_small");
    expect((await refusal(us.paymentIntents.update(made.id, { customer: "cus_none" }))).code).toBe(
      "resource_missing",
    );
    await us.paymentIntents.confirm(made.id);
    expect((await refusal(us.paymentIntents.update(made.id, { amount: 5000 }))).code).toBe(
      "payment_intent_unexpected_state",
    );
    expect((await refusal(us.paymentIntents.confirm(made.id))).message).toContain("already succeeded");
  });

  it("left to automatic methods offers what the account and currency allow, and asks for a return address", async () => {
    const { us, mx } = sandboxWorld();
    const made = await us.paymentIntents.create({ amount: 5000, currency: "usd" });
    expect(made.payment_method_types).toEqual(["card", "link", "us_bank_account", "amazon_pay", "crypto"]);
    expect((await mx.paymentIntents.create({ amount: 5000, currency: "mxn" })).payment_method_types).toEqual([
      "card",
      "link",
      "oxxo",
    ]);
    const error = await refusal(us.paymentIntents.confirm(made.id, { payment_method: "pm_card_visa" }));
    expect(error.param).toBe("return_url");
    const returned = { payment_method: "pm_card_visa", return_url: "https://give.test" };
    expect((await us.paymentIntents.confirm(made.id, returned)).status).toBe("succeeded");
    const never = await us.paymentIntents.create({
      amount: 5000,
      currency: "usd",
      automatic_payment_methods: { enabled: true, allow_redirects: "never" },
      excluded_payment_method_types: ["us_bank_account"],
    });
    expect(never.payment_method_types).toEqual(["card", "link"]);
    expect((await us.paymentIntents.confirm(never.id, { payment_method: "pm_card_visa" })).status).toBe(
      "succeeded",
    );
  });

  it.each<[string, object, string | undefined]>([
    ["nothing to pay with", {}, "payment_intent_unexpected_state"],
    [
      "a kind of payment it does not allow",
      { payment_method: "pm_usBankAccount_success" },
      "payment_intent_incompatible_payment_method",
    ],
    ["two things to pay with", { payment_method: "pm_card_visa", confirmation_token: "ctoken_1" }, undefined],
    ["an unknown confirmation token", { confirmation_token: "ctoken_1" }, "resource_missing"],
    [
      "a kind the simulator's account has not activated",
      { payment_method_data: { type: "klarna" } },
      undefined,
    ],
    ["a card number from a server", { payment_method_data: { type: "card" } }, undefined],
  ])("is not confirmed with %s", async (_what, params, code) => {
    const { us } = sandboxWorld();
    const made = await us.paymentIntents.create(order);
    const error = await refusal(us.paymentIntents.confirm(made.id, params));
    expect(error.statusCode).toBe(400);
    if (code) expect(error.code).toBe(code);
    expect((await us.paymentIntents.retrieve(made.id)).status).toBe("requires_payment_method");
  });

  it("waiting for a transfer can be paid by card instead, and gives the transfer's part back", async () => {
    const { mx, control } = sandboxWorld();
    const ana = await mx.customers.create({ name: "Ana" });
    const waiting = await mx.paymentIntents.create({ ...spei, customer: ana.id });
    await control.transfer(ana.id, 10_000);
    const done = await mx.paymentIntents.confirm(waiting.id, { payment_method: "pm_card_visa" });
    expect(done.status).toBe("succeeded");
    const balance = await mx.customers.retrieve(ana.id, { expand: ["cash_balance"] });
    expect(balance).toMatchObject({ cash_balance: { available: { mxn: 10_000 } } });
    expect((await refusal(mx.paymentIntents.cancel(done.id))).code).toBe("payment_intent_unexpected_state");
  });

  it("asked for proof when already cancelled, or to capture what is not held, refuses by state", async () => {
    const { us } = sandboxWorld();
    const made = await us.paymentIntents.create(order);
    for (const wrong of [
      us.paymentIntents.verifyMicrodeposits(made.id, { descriptor_code: "SM11AA" }),
      us.paymentIntents.capture(made.id),
    ]) {
      expect((await refusal(wrong)).code).toBe("payment_intent_unexpected_state");
    }
    expect((await refusal(us.paymentIntents.verifyMicrodeposits(made.id))).statusCode).toBe(400);
    const held = await us.paymentIntents.create({ ...paid, capture_method: "manual" });
    expect((await refusal(us.paymentIntents.capture(held.id, { amount_to_capture: 10_001 }))).code).toBe(
      "amount_too_large",
    );
  });

  it("is paid with Link, and in the browser asks for 3-D Secure without a redirect of its own", async () => {
    const { us, call, control } = sandboxWorld();
    const link = await us.paymentIntents.create({
      ...order,
      allowed_payment_method_types: ["link", "card"],
      payment_method_data: {
        type: "link",
        billing_details: { email: "ana@example.org", address: { country: "US" } },
      },
      confirm: true,
    });
    expect(link.status).toBe("succeeded");
    const made = await us.paymentIntents.create(order);
    const body = `client_secret=${made.client_secret}&payment_method_data[type]=card&payment_method_data[card][number]=4000002760003184&payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=40`;
    const asked = await call("POST", `/v1/payment_intents/${made.id}/confirm`, "pk_test_us_demo", body);
    expect(await asked.json()).toMatchObject({ next_action: { type: "use_stripe_sdk" } });
    expect(await control.passChallenge(made.id)).toMatchObject({ ok: true, value: { status: "succeeded" } });
  });

  it("follows the card's wish for 3-D Secure and its elevated risk", async () => {
    const { us } = sandboxWorld();
    const asked = await us.paymentIntents.create({
      ...paid,
      payment_method: "pm_card_threeDSecureOptional",
      payment_method_options: { card: { request_three_d_secure: "any" } },
    });
    expect(asked.status).toBe("requires_action");
    const risky = await us.paymentIntents.create({
      ...paid,
      payment_method: "pm_card_riskLevelElevated",
      expand: ["latest_charge"],
    });
    expect(risky.latest_charge).toMatchObject({ outcome: { risk_level: "elevated" } });
  });
});

describe("customers and payment methods", () => {
  it("are made, changed, found by e-mail and by metadata", async () => {
    const { us } = sandboxWorld();
    const ana = await us.customers.create({
      email: "ana@example.org",
      name: "Ana",
      metadata: { donor_reference: "dnr_1" },
      address: { country: "MX", city: "Puebla" },
      cash_balance: { settings: { reconciliation_mode: "manual" } },
    });
    await us.customers.create({ email: "eva@example.org" });
    const changed = await us.customers.update(ana.id, { name: "", phone: "+52", address: "" });
    expect(changed).toMatchObject({ name: null, phone: "+52", address: null, email: "ana@example.org" });
    expect((await us.customers.list({ email: "ana@example.org" })).data.map((one) => one.id)).toEqual([
      ana.id,
    ]);
    const found = await us.customers.search({ query: "metadata['donor_reference']:'dnr_1'" });
    expect(found.data.map((one) => one.id)).toEqual([ana.id]);
    expect((await us.customers.search({ query: "email:'eva@example.org'" })).data).toHaveLength(1);
    expect((await refusal(us.customers.retrieve("cus_none"))).statusCode).toBe(404);
  });

  it("keep a transfer on the balance where reconciliation is manual", async () => {
    const { mx, control } = sandboxWorld();
    const ana = await mx.customers.create({
      cash_balance: { settings: { reconciliation_mode: "manual" } },
    });
    const waiting = await mx.paymentIntents.create({ ...spei, customer: ana.id });
    await control.transfer(ana.id, 50_000);
    expect((await mx.paymentIntents.retrieve(waiting.id)).status).toBe("requires_action");
    const [line] = (await mx.customers.listCashBalanceTransactions(ana.id)).data;
    expect(await mx.customers.retrieveCashBalanceTransaction(ana.id, line?.id ?? "")).toMatchObject({
      type: "funded",
    });
    const wrong = { amount: 100, currency: "usd" };
    expect((await refusal(mx.testHelpers.customers.fundCashBalance(ana.id, wrong))).param).toBe("currency");
    expect(await control.transfer("cus_none", 100)).toMatchObject({ ok: false });
    expect(await control.transfer(ana.id, 0)).toMatchObject({ ok: false });
  });

  it("tie a card to one customer, who alone may use it", async () => {
    const { us, usBrowser } = sandboxWorld();
    const [ana, eva] = [await us.customers.create({}), await us.customers.create({})];
    const card = { number: "4242424242424242", exp_month: 12, exp_year: 2030, cvc: "123" };
    const method = await usBrowser.paymentMethods.create({ type: "card", card });
    await us.paymentMethods.attach(method.id, { customer: ana.id });
    expect((await us.paymentMethods.retrieve(method.id)).customer).toBe(ana.id);
    expect((await refusal(us.paymentMethods.attach(method.id, { customer: eva.id }))).code).toBe(
      "payment_method_unexpected_state",
    );
    const stolen = { ...paid, payment_method: method.id, customer: eva.id };
    expect((await refusal(us.paymentIntents.create(stolen))).param).toBe("payment_method");
    const kept = await us.paymentIntents.create({
      ...paid,
      customer: ana.id,
      setup_future_usage: "off_session",
    });
    const own = await us.paymentMethods.retrieve(String(kept.payment_method));
    expect(own.customer).toBe(ana.id);
    expect((await us.charges.list({ customer: ana.id })).data).toHaveLength(1);
    expect((await refusal(us.paymentMethods.attach(method.id, { customer: "cus_none" }))).code).toBe(
      "resource_missing",
    );
  });

  it.each([
    [{ exp_month: 13 }, "invalid_expiry_month"],
    [{ exp_year: 2026, exp_month: 1 }, "invalid_expiry_month"],
    [{ cvc: "99" }, "invalid_cvc"],
    [{ number: "1234" }, "incorrect_number"],
  ])("refuse a card with %o", async (wrong, code) => {
    const { usBrowser } = sandboxWorld();
    const card = { number: "4242424242424242", exp_month: 12, exp_year: 2030, cvc: "123", ...wrong };
    expect((await refusal(usBrowser.paymentMethods.create({ type: "card", card }))).code).toBe(code);
  });

  it("refuse a bank account without holder, number or routing", async () => {
    const { us } = sandboxWorld();
    const type = "us_bank_account" as const;
    const billing_details = { name: "John Doe" };
    const number = { account_number: "000123456789", routing_number: "021000021" };
    const asked = [
      { type, us_bank_account: number },
      { type, billing_details },
      { type, billing_details, us_bank_account: number },
    ];
    const codes = [];
    for (const one of asked) codes.push((await refusal(us.paymentMethods.create(one))).code);
    expect(codes).toEqual(["parameter_missing", "parameter_missing", "routing_number_invalid"]);
  });

  it("make confirmation tokens on the server too, which lapse after half a day", async () => {
    const { us, clock } = sandboxWorld();
    const made = await us.testHelpers.confirmationTokens.create({ payment_method: "pm_card_visa" });
    expect((await us.confirmationTokens.retrieve(made.id)).payment_method_preview?.card?.last4).toBe("4242");
    clock.advance(hours(13));
    const late = { ...order, confirm: true, confirmation_token: made.id };
    expect((await refusal(us.paymentIntents.create(late))).code).toBe("confirmation_token_already_used");
    const bank = await us.testHelpers.confirmationTokens.create({
      payment_method: "pm_usBankAccount_success",
    });
    const debit = await us.paymentIntents.create({
      ...order,
      allowed_payment_method_types: ["us_bank_account"],
      confirm: true,
      confirmation_token: bank.id,
    });
    expect(debit.status).toBe("processing");
  });
});
