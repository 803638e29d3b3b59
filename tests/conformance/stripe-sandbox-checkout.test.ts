import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { hours } from "../../src/kernel/clock.ts";
import { refusal, sandboxWorld, webhookSecret } from "../support/stripe-sandbox.ts";

const session = (stripe: Stripe, more: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
  stripe.checkout.sessions.create({
    mode: "payment",
    line_items: [
      {
        quantity: 1,
        price_data: { currency: "mxn", unit_amount: 50_000, product_data: { name: "Donation" } },
      },
    ],
    allowed_payment_method_types: ["card", "oxxo"],
    success_url: "https://give.test/done?s={CHECKOUT_SESSION_ID}",
    cancel_url: "https://give.test/back",
    metadata: { attempt_id: "att_1" },
    payment_intent_data: { metadata: { attempt_id: "att_1" }, description: "Donation to Iglesia Demo" },
    ...more,
  });

async function world() {
  const made = sandboxWorld();
  await made.control.registerWebhookEndpoint("sk_test_mx_demo", {
    url: "https://x.test/w",
    secret: webhookSecret,
  });
  const sessionEvents = async () => {
    await made.control.flush();
    return made.received().filter((type) => type.startsWith("checkout."));
  };
  return { ...made, sessionEvents };
}

describe("a hosted checkout session", () => {
  it("makes its PaymentIntent when the donor pays, with the metadata it was given", async () => {
    const { mx, control, sessionEvents } = await world();
    const open = await session(mx);
    expect(open).toMatchObject({ status: "open", payment_status: "unpaid", payment_intent: null });
    expect(open.url).toContain(open.id);
    const paid = await control.completeCheckout(open.id, { type: "card", number: "4242424242424242" });
    if (!paid.ok) throw new Error(paid.error);
    expect(paid.value.redirectTo).toBe(`https://give.test/done?s=${open.id}`);
    expect(paid.value.intent.metadata).toMatchObject({ attempt_id: "att_1" });
    const done = await mx.checkout.sessions.retrieve(open.id, {
      expand: ["payment_intent.latest_charge.balance_transaction"],
    });
    expect(done).toMatchObject({
      status: "complete",
      payment_status: "paid",
      url: null,
      payment_intent: { status: "succeeded", latest_charge: { balance_transaction: { amount: 50_000 } } },
    });
    expect(await sessionEvents()).toEqual(["checkout.session.completed"]);
    expect(
      await control.completeCheckout(open.id, { type: "card", number: "4242424242424242" }),
    ).toMatchObject({
      ok: false,
    });
    const [listed] = (await mx.checkout.sessions.list({ payment_intent: paid.value.intent.id })).data;
    expect(listed?.id).toBe(open.id);
  });

  it("stays open after a decline and is paid with another card on the same intent", async () => {
    const { mx, control, sessionEvents } = await world();
    const open = await session(mx);
    const tried = await control.completeCheckout(open.id, { type: "card", number: "4000000000009995" });
    expect(tried).toMatchObject({ ok: true, value: { redirectTo: null } });
    expect((await mx.checkout.sessions.retrieve(open.id)).status).toBe("open");
    const paid = await control.completeCheckout(open.id, { type: "card", number: "4242424242424242" });
    if (!tried.ok || !paid.ok) throw new Error("refused");
    expect(paid.value.intent.id).toBe(tried.value.intent.id);
    expect(await sessionEvents()).toEqual(["checkout.session.completed"]);
  });

  it("completes after 3-D Secure only when the challenge is passed", async () => {
    const { mx, control } = await world();
    const open = await session(mx);
    const asked = await control.completeCheckout(open.id, { type: "card", number: "4000002760003184" });
    if (!asked.ok) throw new Error(asked.error);
    expect((await mx.checkout.sessions.retrieve(open.id)).status).toBe("open");
    await control.passChallenge(asked.value.intent.id);
    expect((await mx.checkout.sessions.retrieve(open.id)).payment_status).toBe("paid");
  });

  it.each([
    ["paid", "checkout.session.async_payment_succeeded", "paid"],
    ["left to expire", "checkout.session.async_payment_failed", "unpaid"],
  ])("with a voucher completes unpaid, and then tells when it is %s", async (what, event, status) => {
    const { mx, control, sessionEvents } = await world();
    const open = await session(mx);
    const made = await control.completeCheckout(open.id, {
      type: "oxxo",
      name: "Ana",
      email: "ana@example.org",
    });
    if (!made.ok) throw new Error(made.error);
    expect(await mx.checkout.sessions.retrieve(open.id)).toMatchObject({
      status: "complete",
      payment_status: "unpaid",
    });
    if (what === "paid") await control.payVoucher(made.value.intent.id);
    else await control.expireVoucher(made.value.intent.id);
    expect((await mx.checkout.sessions.retrieve(open.id)).payment_status).toBe(status);
    expect(await sessionEvents()).toEqual(["checkout.session.completed", event]);
  });

  it("expires by itself after a day, or when we close it; then nobody can pay", async () => {
    const { mx, control, clock, sessionEvents } = await world();
    const left = await session(mx);
    const closed = await session(mx);
    expect((await mx.checkout.sessions.expire(closed.id)).status).toBe("expired");
    clock.advance(hours(25));
    await control.tick();
    expect((await mx.checkout.sessions.retrieve(left.id)).status).toBe("expired");
    expect(
      await control.completeCheckout(left.id, { type: "card", number: "4242424242424242" }),
    ).toMatchObject({
      ok: false,
    });
    await refusal(mx.checkout.sessions.expire(left.id));
    expect(await sessionEvents()).toEqual(["checkout.session.expired", "checkout.session.expired"]);
  });

  it("left by the donor stays open and sends them to the cancel page", async () => {
    const { mx, control } = await world();
    const open = await session(mx);
    expect(await control.cancelCheckout(open.id)).toMatchObject({
      value: { redirectTo: "https://give.test/back" },
    });
    expect((await mx.checkout.sessions.retrieve(open.id)).status).toBe("open");
  });

  it.each<[string, Partial<Stripe.Checkout.SessionCreateParams>]>([
    ["without a success page", { success_url: "" }],
    [
      "in two currencies",
      {
        line_items: [
          { quantity: 1, price_data: { currency: "mxn", unit_amount: 5000, product_data: { name: "a" } } },
          { quantity: 1, price_data: { currency: "usd", unit_amount: 5000, product_data: { name: "b" } } },
        ],
      },
    ],
    ["for a price that does not exist", { line_items: [{ quantity: 1, price: "price_none" }] }],
    ["with an expiry of ten minutes", { expires_at: 1_795_198_200 }],
    ["with a customer and an e-mail", { customer: "cus_1", customer_email: "a@b.mx" }],
  ])("is refused %s", async (_what, wrong) => {
    const { mx } = await world();
    expect((await refusal(session(mx, wrong))).statusCode).toBe(400);
  });
});
