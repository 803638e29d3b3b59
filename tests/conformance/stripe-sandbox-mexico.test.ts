import fc from "fast-check";
import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { clockOf, endOfDay } from "../../adapters/stripe/sandbox/voucher-shapes.ts";
import { days } from "../../src/kernel/clock.ts";
import { refusal, sandboxWorld, webhookSecret } from "../support/stripe-sandbox.ts";

const voucher = (stripe: Stripe, email = "ana@example.org", more: object = {}) =>
  stripe.paymentIntents.create({
    amount: 50_000,
    currency: "mxn",
    allowed_payment_method_types: ["oxxo"],
    payment_method_data: { type: "oxxo", billing_details: { name: "Ana López", email } },
    payment_method_options: { oxxo: { expires_after_days: 3 } },
    confirm: true,
    ...more,
  });

const transfer = (stripe: Stripe, customer: string, amount = 50_000) =>
  stripe.paymentIntents.create({
    amount,
    currency: "mxn",
    customer,
    allowed_payment_method_types: ["customer_balance"],
    payment_method_data: { type: "customer_balance" },
    payment_method_options: {
      customer_balance: { funding_type: "bank_transfer", bank_transfer: { type: "mx_bank_transfer" } },
    },
    confirm: true,
  });

const clabeOf = (intent: Stripe.PaymentIntent): string =>
  intent.next_action?.display_bank_transfer_instructions?.financial_addresses?.[0]?.spei?.clabe ?? "";
const remaining = (intent: Stripe.PaymentIntent) =>
  intent.next_action?.display_bank_transfer_instructions?.amount_remaining;

function clabeIsSound(clabe: string): boolean {
  const sum = [...clabe.slice(0, 17)].reduce(
    (total, digit, i) => total + ((Number(digit) * ([3, 7, 1][i % 3] ?? 0)) % 10),
    0,
  );
  return /^\d{18}$/.test(clabe) && Number(clabe[17]) === (10 - (sum % 10)) % 10;
}

describe("an OXXO voucher", () => {
  it("is shown with its number and lapses at 23:59 in Mexico City", async () => {
    const { mx } = sandboxWorld();
    const intent = await voucher(mx);
    const shown = intent.next_action?.oxxo_display_details;
    expect(intent.status).toBe("requires_action");
    expect(shown?.number).toMatch(/^\d{20}$/);
    expect(new Date((shown?.expires_after ?? 0) * 1000).toISOString()).toBe("2026-11-24T05:59:59.000Z");
  });

  it("always lapses on the right Mexican calendar day", () => {
    const inMexico = new Intl.DateTimeFormat("en-CA", {
      timeZone: "America/Mexico_City",
      dateStyle: "short",
    });
    const time = new Intl.DateTimeFormat("en-GB", { timeZone: "America/Mexico_City", timeStyle: "medium" });
    fc.assert(
      fc.property(
        fc.integer({ min: 1_767_225_600, max: 1_956_528_000 }),
        fc.integer({ min: 1, max: 7 }),
        (at, n) => {
          const lapses = new Date(endOfDay(at, n, clockOf("oxxo")) * 1000);
          const day = inMexico.format(new Date((at + n * 86_400) * 1000));
          expect(inMexico.format(lapses)).toBe(day);
          expect(time.format(lapses)).toBe("23:59:59");
        },
      ),
    );
  });

  it("is paid once at the till, for its exact amount, and not after expiry", async () => {
    const { mx, control, clock } = sandboxWorld();
    const intent = await voucher(mx);
    expect(await control.payVoucher(intent.id, { amount: 40_000 })).toMatchObject({ ok: false });
    expect(await control.payVoucher(intent.id)).toMatchObject({ ok: true, value: { status: "succeeded" } });
    expect(await control.payVoucher(intent.id)).toMatchObject({ ok: false });
    const charge = (await mx.charges.list({ payment_intent: intent.id })).data[0];
    expect(charge?.payment_method_details?.oxxo?.number).toBe(
      intent.next_action?.oxxo_display_details?.number,
    );

    const other = await voucher(mx);
    clock.advance(days(5));
    expect(await control.payVoucher(other.id)).toMatchObject({ ok: false });
  });

  it("never paid becomes requires_payment_method with payment_intent_payment_attempt_expired", async () => {
    const { mx, control, clock, received } = sandboxWorld();
    await control.registerWebhookEndpoint("sk_test_mx_demo", {
      url: "https://x.test/w",
      secret: webhookSecret,
    });
    const intent = await voucher(mx, "x.fill_never@example.org");
    clock.advance(days(5));
    await control.tick();
    const after = await mx.paymentIntents.retrieve(intent.id);
    expect(after.status).toBe("requires_payment_method");
    expect(after.last_payment_error?.code).toBe("payment_intent_payment_attempt_expired");
    await control.flush();
    expect(received()).toContain("payment_intent.payment_failed");
  });

  it("paid on its last day may be announced the next business day, after it counted as expired", async () => {
    const { mx, control, clock } = sandboxWorld();
    const intent = await voucher(mx);
    clock.set("2026-11-24T12:00:00Z");
    await control.tick();
    expect((await mx.paymentIntents.retrieve(intent.id)).status).toBe("requires_payment_method");
    expect(await control.payVoucher(intent.id, { late: true })).toMatchObject({
      ok: true,
      value: { status: "succeeded", amount_received: 50_000 },
    });
    const forgotten = await voucher(mx);
    await control.expireVoucher(forgotten.id);
    clock.advance(days(9));
    expect(await control.payVoucher(forgotten.id, { late: true })).toMatchObject({ ok: false });
  });

  it("of a cancelled payment is refused at the till even late", async () => {
    const { mx, control } = sandboxWorld();
    const intent = await voucher(mx);
    await mx.paymentIntents.cancel(intent.id);
    expect(await control.payVoucher(intent.id, { late: true })).toMatchObject({ ok: false });
    expect(
      (await refusal(mx.paymentIntents.confirm(intent.id, { payment_method: "pm_card_visa" }))).code,
    ).toBe("payment_intent_unexpected_state");
  });

  it("to Stripe's test addresses pays or expires by itself", async () => {
    const { mx, control, clock } = sandboxWorld();
    const paid = await voucher(mx, "a_succeed_immediately@example.org");
    const expired = await voucher(mx, "expire_immediately@example.org");
    const later = await voucher(mx, "expire_with_delay@example.org");
    const ordinary = await voucher(mx);
    await control.tick();
    const status = async (id: string) => (await mx.paymentIntents.retrieve(id)).status;
    expect(await status(paid.id)).toBe("succeeded");
    expect(await status(expired.id)).toBe("requires_payment_method");
    expect(await status(later.id)).toBe("requires_action");
    clock.advance(200_000);
    await control.tick();
    expect(await status(later.id)).toBe("requires_payment_method");
    expect(await status(ordinary.id)).toBe("requires_action");
  });

  it.each([
    [
      "without a name",
      { payment_method_data: { type: "oxxo", billing_details: { email: "a@b.mx" } } },
      "parameter_missing",
    ],
    ["over 10,000 MXN", { amount: 1_000_001 }, "amount_too_large"],
    ["under 10 MXN", { amount: 999 }, "amount_too_small"],
    ["for 8 days", { payment_method_options: { oxxo: { expires_after_days: 8 } } }, undefined],
    ["in dollars", { currency: "usd" }, undefined],
  ])("is refused %s", async (_what, wrong, code) => {
    const { mx } = sandboxWorld();
    const error = await refusal(voucher(mx, "ana@example.org", wrong));
    expect(error.statusCode).toBe(400);
    expect(error.type).toBe("StripeInvalidRequestError");
    if (code) expect(error.code).toBe(code);
    expect((await mx.paymentIntents.list()).data).toEqual([]);
  });

  it("is not offered to an account in the United States", async () => {
    const { us } = sandboxWorld();
    expect((await refusal(voucher(us))).statusCode).toBe(400);
  });

  it("is never refunded", async () => {
    const { mx, control } = sandboxWorld();
    const intent = await voucher(mx);
    await control.payVoucher(intent.id);
    expect((await refusal(mx.refunds.create({ payment_intent: intent.id }))).code).toBe(
      "charge_not_refundable",
    );
    expect(await control.openDispute(intent.id)).toMatchObject({ ok: false });
  });
});

describe("a SPEI transfer", () => {
  it("shows a CLABE that is the customer's for good and passes the bank's check", async () => {
    const { mx } = sandboxWorld();
    const ana = await mx.customers.create({ name: "Ana", email: "ana@example.org" });
    const eva = await mx.customers.create({ name: "Eva" });
    const first = await transfer(mx, ana.id);
    const second = await transfer(mx, ana.id, 20_000);
    expect(clabeIsSound(clabeOf(first))).toBe(true);
    expect(clabeOf(second)).toBe(clabeOf(first));
    expect(clabeOf(await transfer(mx, eva.id))).not.toBe(clabeOf(first));
  });

  it("sent short is partially funded, completed by the rest", async () => {
    const { mx, control, received } = sandboxWorld();
    await control.registerWebhookEndpoint("sk_test_mx_demo", {
      url: "https://x.test/w",
      secret: webhookSecret,
    });
    const ana = await mx.customers.create({ name: "Ana" });
    const intent = await transfer(mx, ana.id);
    await control.transfer(intent.id, 30_000);
    const partly = await mx.paymentIntents.retrieve(intent.id);
    expect(partly.status).toBe("requires_action");
    expect(remaining(partly)).toBe(20_000);
    await mx.testHelpers.customers.fundCashBalance(ana.id, { amount: 20_000, currency: "mxn" });
    expect((await mx.paymentIntents.retrieve(intent.id)).status).toBe("succeeded");
    const moves = await mx.customers.listCashBalanceTransactions(ana.id);
    expect(moves.data.map((one) => [one.type, one.net_amount, one.ending_balance])).toEqual([
      ["applied_to_payment", -20_000, 0],
      ["funded", 20_000, 20_000],
      ["applied_to_payment", -30_000, 0],
      ["funded", 30_000, 30_000],
    ]);
    await control.flush();
    expect(received().filter((type) => type.startsWith("payment_intent."))).toEqual([
      "payment_intent.created",
      "payment_intent.requires_action",
      "payment_intent.partially_funded",
      "payment_intent.succeeded",
    ]);
  });

  it("sent over leaves the surplus on the balance, which pays the next gift at once", async () => {
    const { mx, control } = sandboxWorld();
    const ana = await mx.customers.create({ name: "Ana" });
    const intent = await transfer(mx, ana.id);
    await control.transfer(ana.id, 80_000);
    expect((await mx.paymentIntents.retrieve(intent.id)).status).toBe("succeeded");
    expect((await mx.customers.retrieveCashBalance(ana.id)).available).toEqual({ mxn: 30_000 });
    const next = await transfer(mx, ana.id, 30_000);
    expect(next.status).toBe("succeeded");
    expect((await mx.customers.retrieveCashBalance(ana.id)).available).toBeNull();
  });

  it("nobody asked for goes back after 75 days", async () => {
    const { mx, control, clock } = sandboxWorld();
    const ana = await mx.customers.create({ name: "Ana" });
    await control.transfer(ana.id, 10_000);
    clock.advance(days(74));
    await control.tick();
    expect((await mx.customers.retrieveCashBalance(ana.id)).available).toEqual({ mxn: 10_000 });
    clock.advance(days(2));
    await control.tick();
    const [last] = (await mx.customers.listCashBalanceTransactions(ana.id)).data;
    expect(last).toMatchObject({ type: "return_initiated", net_amount: -10_000, ending_balance: 0 });
  });

  it("cancelled half way gives back what was applied", async () => {
    const { mx, control } = sandboxWorld();
    const ana = await mx.customers.create({ name: "Ana" });
    const intent = await transfer(mx, ana.id);
    await control.transfer(ana.id, 30_000);
    await mx.paymentIntents.cancel(intent.id);
    const [last] = (await mx.customers.listCashBalanceTransactions(ana.id)).data;
    expect(last).toMatchObject({
      type: "unapplied_from_payment",
      net_amount: 30_000,
      ending_balance: 30_000,
    });
  });

  it("conserves the customer's money whatever the order of transfers and gifts", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom("gift", "transfer"), fc.integer({ min: 1000, max: 90_000 })), {
          maxLength: 12,
        }),
        async (steps) => {
          const { mx, control } = sandboxWorld();
          const ana = await mx.customers.create({ name: "Ana" });
          let sent = 0;
          for (const [what, amount] of steps) {
            if (what === "gift") await transfer(mx, ana.id, amount);
            else {
              await control.transfer(ana.id, amount);
              sent += amount;
            }
          }
          const intents = (await mx.paymentIntents.list({ customer: ana.id, limit: 100 })).data;
          const applied = intents.reduce((sum, one) => sum + one.amount - (remaining(one) ?? 0), 0);
          const left = (await mx.customers.retrieveCashBalance(ana.id)).available?.mxn ?? 0;
          expect(applied + left).toBe(sent);
          const open = intents.some((one) => one.status !== "succeeded");
          expect(open && left > 0).toBe(false);
        },
      ),
      { numRuns: 25 },
    );
  });

  it.each([
    ["without a customer", { customer: undefined }, "parameter_missing"],
    ["for a customer who does not exist", { customer: "cus_none" }, "resource_missing"],
    ["without saying how it is funded", { payment_method_options: undefined }, "parameter_missing"],
  ])("is refused %s", async (_what, wrong, code) => {
    const { mx } = sandboxWorld();
    const ana = await mx.customers.create({ name: "Ana" });
    const asked = {
      amount: 50_000,
      currency: "mxn",
      customer: ana.id,
      allowed_payment_method_types: ["customer_balance" as const],
      payment_method_data: { type: "customer_balance" as const },
      payment_method_options: {
        customer_balance: {
          funding_type: "bank_transfer" as const,
          bank_transfer: { type: "mx_bank_transfer" as const },
        },
      },
      confirm: true,
    };
    const params = JSON.parse(JSON.stringify({ ...asked, ...wrong }));
    expect((await refusal(mx.paymentIntents.create(params))).code).toBe(code);
  });

  it("refunded waits for the donor's bank details, then arrives or fails back", async () => {
    const { mx, control, clock } = sandboxWorld();
    const ana = await mx.customers.create({ name: "Ana", email: "ana@example.org" });
    const intent = await transfer(mx, ana.id);
    await control.transfer(ana.id, 50_000);
    const refund = await mx.refunds.create({ payment_intent: intent.id, amount: 10_000 });
    expect(refund.status).toBe("requires_action");
    expect(refund.next_action?.display_details?.email_sent.email_sent_to).toBe("ana@example.org");
    await control.succeedRefund(refund.id);
    expect((await mx.refunds.retrieve(refund.id)).status).toBe("succeeded");
    const second = await mx.refunds.create({ payment_intent: intent.id, amount: 40_000 });
    clock.advance(days(46));
    await control.tick();
    expect((await mx.refunds.retrieve(second.id)).status).toBe("failed");
    const charge = (await mx.charges.list({ payment_intent: intent.id })).data[0];
    expect(charge).toMatchObject({ amount_refunded: 10_000, refunded: false });
  });
});
