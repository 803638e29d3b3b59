import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { cardTokens, testCards } from "../../adapters/stripe/sandbox/test-values.ts";
import { refusal, sandboxWorld, webhookSecret } from "../support/stripe-sandbox.ts";

const pay = (stripe: Stripe, token: string, more: object = {}) =>
  stripe.paymentIntents.create({
    amount: 50_000,
    currency: "mxn",
    allowed_payment_method_types: ["card"],
    payment_method: token,
    confirm: true,
    ...more,
  });

describe("a card payment", () => {
  it("succeeds at once with its charge, its fee and the IVA on the fee apart", async () => {
    const { mx } = sandboxWorld();
    const intent = await pay(mx, "pm_card_visa", { expand: ["latest_charge.balance_transaction"] });
    expect(intent.status).toBe("succeeded");
    expect(intent.amount_received).toBe(50_000);
    const charge = intent.latest_charge;
    if (!charge || typeof charge === "string") throw new Error("not expanded");
    const line = charge.balance_transaction;
    if (!line || typeof line === "string") throw new Error("not expanded");
    expect(line).toMatchObject({ amount: 50_000, fee: 2436, net: 47_564, type: "charge" });
    expect(line.fee_details.map((part) => [part.type, part.amount])).toEqual([
      ["stripe_fee", 2100],
      ["tax", 336],
    ]);
  });

  it.each(
    Object.entries(cardTokens).filter(
      ([, number]) => testCards[number]?.decline && !testCards[number]?.challenge,
    ),
  )("with %s is declined with the code Stripe gives that card", async (token, number) => {
    const { mx } = sandboxWorld();
    const error = await refusal(pay(mx, token));
    const expected = testCards[number]?.decline;
    expect(error.statusCode).toBe(402);
    expect(error.type).toBe("StripeCardError");
    expect(error.code).toBe(expected?.code);
    expect(error.decline_code).toBe(expected?.declineCode ?? "");
    expect(error.payment_intent).toMatchObject({ status: "requires_payment_method", payment_method: null });
    const kept = await mx.paymentIntents.retrieve(error.payment_intent?.id ?? "");
    expect(kept.last_payment_error?.code).toBe(expected?.code);
  });

  it("can be tried again on the same intent after a decline", async () => {
    const { mx } = sandboxWorld();
    const error = await refusal(pay(mx, "pm_card_chargeDeclined"));
    const id = error.payment_intent?.id ?? "";
    const paid = await mx.paymentIntents.confirm(id, { payment_method: "pm_card_visa" });
    expect(paid.status).toBe("succeeded");
    expect(paid.last_payment_error).toBeNull();
    const charges = await mx.charges.list({ payment_intent: id });
    expect(charges.data.map((charge) => charge.status)).toEqual(["succeeded", "failed"]);
  });

  it("tells its story in signed events that the SDK accepts", async () => {
    const { mx, control, inbox, received, clock } = sandboxWorld();
    await control.registerWebhookEndpoint("sk_test_mx_demo", {
      url: "https://x.test/w",
      secret: webhookSecret,
    });
    await pay(mx, "pm_card_visa", { metadata: { attempt_id: "att_1" } });
    expect(received()).toEqual([]);
    await control.flush();
    expect(received()).toEqual(["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]);
    for (const { body, headers } of inbox) {
      const signature = headers["stripe-signature"] ?? "";
      const event = await mx.webhooks.constructEventAsync(
        body,
        signature,
        webhookSecret,
        300,
        undefined,
        clock.now().getTime() / 1000,
      );
      expect(event.api_version).toBe("2026-10-28.endive");
      await expect(
        mx.webhooks.constructEventAsync(
          `${body} `,
          signature,
          webhookSecret,
          300,
          undefined,
          clock.now().getTime() / 1000,
        ),
      ).rejects.toThrow(/signature/i);
    }
    const first = JSON.parse(inbox[0]?.body ?? "{}");
    expect(first.data.object.status).toBe("requires_payment_method");
    expect(first.request.id).toMatch(/^req_/);
  });

  it("waits for the 3-D Secure page, then succeeds when passed and declines when failed", async () => {
    const { mx, control } = sandboxWorld();
    const asked = await pay(mx, "pm_card_authenticationRequiredOnSetup", {
      return_url: "https://give.test/back",
    });
    expect(asked.status).toBe("requires_action");
    expect(asked.next_action?.redirect_to_url?.return_url).toBe("https://give.test/back");
    expect(asked.latest_charge).toBeNull();
    expect(await control.passChallenge(asked.id)).toMatchObject({ ok: true, value: { status: "succeeded" } });
    expect(await control.passChallenge(asked.id)).toMatchObject({ ok: false });

    const other = await pay(mx, "pm_card_authenticationRequired", { return_url: "https://give.test/back" });
    await control.failChallenge(other.id);
    const after = await mx.paymentIntents.retrieve(other.id);
    expect(after.status).toBe("requires_payment_method");
    expect(after.last_payment_error?.code).toBe("payment_intent_authentication_failure");
  });

  it("declines after a passed challenge when the card has no funds", async () => {
    const { mx, control } = sandboxWorld();
    const asked = await pay(mx, "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", {
      return_url: "https://give.test/back",
    });
    await control.passChallenge(asked.id);
    const after = await mx.paymentIntents.retrieve(asked.id);
    expect(after.last_payment_error?.decline_code).toBe("insufficient_funds");
  });

  it("refuses off-session what needs the donor", async () => {
    const { mx } = sandboxWorld();
    const error = await refusal(pay(mx, "pm_card_authenticationRequired", { off_session: true }));
    expect(error.code).toBe("authentication_required");
  });

  it("is confirmed by the donor's browser with publishable key and client secret, and not without", async () => {
    const { mx, call } = sandboxWorld();
    const intent = await mx.paymentIntents.create({
      amount: 50_000,
      currency: "mxn",
      allowed_payment_method_types: ["card"],
    });
    const card =
      "payment_method_data[type]=card&payment_method_data[card][number]=4242424242424242&payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=30&payment_method_data[card][cvc]=123&payment_method_data[card][wallet]=apple_pay";
    const path = `/v1/payment_intents/${intent.id}/confirm`;
    const forged = await call("POST", path, "pk_test_mx_demo", `client_secret=${intent.id}_secret_x&${card}`);
    expect(forged.status).toBe(404);
    const good = await call("POST", path, "pk_test_mx_demo", `client_secret=${intent.client_secret}&${card}`);
    expect(await good.json()).toMatchObject({ status: "succeeded" });
    const charges = await mx.charges.list({ payment_intent: intent.id });
    expect(charges.data[0]?.payment_method_details?.card?.wallet?.type).toBe("apple_pay");
  });

  it("takes card numbers from browsers only, and only Stripe's test numbers", async () => {
    const { mx, browser } = sandboxWorld();
    const card = { number: "4242424242424242", exp_month: 12, exp_year: 2030, cvc: "123" };
    expect((await refusal(mx.paymentMethods.create({ type: "card", card }))).statusCode).toBe(402);
    const method = await browser.paymentMethods.create({ type: "card", card });
    expect((await pay(mx, method.id)).status).toBe("succeeded");
    const real = await refusal(
      browser.paymentMethods.create({ type: "card", card: { ...card, number: "4539578763621486" } }),
    );
    expect(real.decline_code).toBe("test_mode_live_card");
    const mistyped = await refusal(
      browser.paymentMethods.create({ type: "card", card: { ...card, number: "4242424242424241" } }),
    );
    expect(mistyped.code).toBe("incorrect_number");
    const expired = await refusal(
      browser.paymentMethods.create({ type: "card", card: { ...card, exp_year: 2024 } }),
    );
    expect(expired.code).toBe("invalid_expiry_year");
  });

  it("is paid once with a confirmation token, never twice", async () => {
    const { mx, browser, call } = sandboxWorld();
    const made = await call(
      "POST",
      "/v1/confirmation_tokens",
      "pk_test_mx_demo",
      "payment_method_data[type]=card&payment_method_data[card][number]=4242424242424242&payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=30&return_url=https://give.test/back",
    );
    const { id } = await made.json();
    const order = {
      amount: 50_000,
      currency: "mxn",
      allowed_payment_method_types: ["card" as const],
      confirm: true,
      confirmation_token: String(id),
    };
    expect((await mx.paymentIntents.create(order)).status).toBe("succeeded");
    expect((await refusal(mx.paymentIntents.create(order))).code).toBe("confirmation_token_already_used");
    expect((await refusal(browser.paymentIntents.create(order))).statusCode).toBe(403);
  });

  it("held for later is captured in part, and a cancelled hold cannot be captured", async () => {
    const { mx } = sandboxWorld();
    const held = await pay(mx, "pm_card_visa", { capture_method: "manual" });
    expect(held).toMatchObject({ status: "requires_capture", amount_capturable: 50_000 });
    const captured = await mx.paymentIntents.capture(held.id, { amount_to_capture: 20_000 });
    expect(captured).toMatchObject({ status: "succeeded", amount_received: 20_000 });
    const other = await pay(mx, "pm_card_visa", { capture_method: "manual" });
    await mx.paymentIntents.cancel(other.id);
    expect((await refusal(mx.paymentIntents.capture(other.id))).code).toBe("payment_intent_unexpected_state");
    const lines = await mx.balanceTransactions.list({ type: "charge" });
    expect(lines.data.map((line) => line.amount)).toEqual([20_000]);
  });

  it("may first come without its balance transaction, which charge.updated brings", async () => {
    const { mx, control, received } = sandboxWorld({ balanceTransactions: "later" });
    await control.registerWebhookEndpoint("sk_test_mx_demo", {
      url: "https://x.test/w",
      secret: webhookSecret,
    });
    const intent = await pay(mx, "pm_card_visa", { expand: ["latest_charge"] });
    const charge = intent.latest_charge;
    if (!charge || typeof charge === "string") throw new Error("not expanded");
    expect(charge.balance_transaction).toBeNull();
    await control.tick();
    expect((await mx.charges.retrieve(charge.id)).balance_transaction).toMatch(/^txn_/);
    await control.flush();
    expect(received()).toContain("charge.updated");
  });
});
