import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { testBankAccounts } from "../../adapters/stripe/sandbox/test-accounts.ts";
import { days } from "../../src/kernel/clock.ts";
import { refusal, sandboxWorld, webhookSecret } from "../support/stripe-sandbox.ts";

const mandate_data = {
  customer_acceptance: {
    type: "online" as const,
    online: { ip_address: "203.0.113.9", user_agent: "Mozilla/5.0" },
  },
};
const debit = (stripe: Stripe, more: object = {}) =>
  stripe.paymentIntents.create({
    amount: 10_000,
    currency: "usd",
    allowed_payment_method_types: ["us_bank_account"],
    payment_method: "pm_usBankAccount_success",
    mandate_data,
    confirm: true,
    ...more,
  });
const typed = (account: string) => ({
  payment_method: undefined,
  payment_method_data: {
    type: "us_bank_account",
    billing_details: { name: "John Doe" },
    us_bank_account: {
      account_number: account,
      routing_number: "110000000",
      account_holder_type: "individual",
    },
  },
});

describe("an ACH debit", () => {
  it("from a proven account is processing for days, then succeeds with the capped fee", async () => {
    const { us, control, clock } = sandboxWorld();
    const intent = await debit(us, { amount: 100_000 });
    expect(intent.status).toBe("processing");
    await control.tick();
    expect((await us.paymentIntents.retrieve(intent.id)).status).toBe("processing");
    clock.advance(days(6));
    await control.tick();
    const done = await us.paymentIntents.retrieve(intent.id, {
      expand: ["latest_charge.balance_transaction"],
    });
    expect(done).toMatchObject({
      status: "succeeded",
      latest_charge: { balance_transaction: { fee: 500, net: 99_500, type: "payment" } },
    });
  });

  it.each([{ amounts: [45, 32] }, { descriptor_code: "SM11AA" }])(
    "from a typed account needs %o first",
    async (proof) => {
      const { us, control } = sandboxWorld();
      const intent = await debit(us, typed("000123456789"));
      expect(intent.status).toBe("requires_action");
      expect(intent.next_action?.type).toBe("verify_with_microdeposits");
      expect(intent.next_action?.verify_with_microdeposits?.hosted_verification_url).toMatch(/^https:/);
      const wrong = await refusal(
        us.paymentIntents.verifyMicrodeposits(intent.id, { descriptor_code: "SM99ZZ" }),
      );
      expect(wrong.code).toBe("payment_method_microdeposit_verification_descriptor_code_mismatch");
      const going = await us.paymentIntents.verifyMicrodeposits(intent.id, proof);
      expect(going.status).toBe("processing");
      await control.settleDebit(intent.id);
      expect((await us.paymentIntents.retrieve(intent.id)).status).toBe("succeeded");
    },
  );

  it("ends after ten wrong proofs, and after ten days without one", async () => {
    const { us, control, clock } = sandboxWorld();
    const intent = await debit(us, typed("000123456789"));
    for (let i = 1; i < 10; i++) {
      await refusal(us.paymentIntents.verifyMicrodeposits(intent.id, { amounts: [1, i] }));
    }
    const last = await refusal(us.paymentIntents.verifyMicrodeposits(intent.id, { amounts: [1, 99] }));
    expect(last.code).toBe("payment_method_microdeposit_verification_attempts_exceeded");
    const other = await debit(us, typed("000123456789"));
    clock.advance(days(11));
    await control.tick();
    const after = await us.paymentIntents.retrieve(other.id);
    expect(after.last_payment_error?.code).toBe("payment_method_microdeposit_verification_timeout");
  });

  it.each(
    Object.entries(testBankAccounts).flatMap(([number, outcome]) =>
      outcome.kind === "fails" ? [{ number, code: outcome.code }] : [],
    ),
  )("on account $number fails with $code when the bank answers", async ({ number, code }) => {
    const { us, control, clock, received } = sandboxWorld();
    await control.registerWebhookEndpoint("sk_test_us_demo", {
      url: "https://x.test/w",
      secret: webhookSecret,
    });
    const intent = await debit(us, typed(number));
    await us.paymentIntents.verifyMicrodeposits(intent.id, { descriptor_code: "SM11AA" });
    clock.advance(days(6));
    await control.tick();
    const after = await us.paymentIntents.retrieve(intent.id);
    expect(after.status).toBe("requires_payment_method");
    expect(after.last_payment_error?.code).toBe(code);
    await control.flush();
    expect(received().slice(-2)).toEqual(["charge.failed", "payment_intent.payment_failed"]);
    expect((await us.balanceTransactions.list()).data).toEqual([]);
  });

  it("returned after success is a dispute lost from the start, with the money and the fee gone", async () => {
    const { us, control, received } = sandboxWorld();
    const intent = await debit(us);
    await control.settleDebit(intent.id);
    await control.registerWebhookEndpoint("sk_test_us_demo", {
      url: "https://x.test/w",
      secret: webhookSecret,
    });
    expect(await control.returnDebit(intent.id, "insufficient_funds")).toMatchObject({ ok: true });
    expect(await control.returnDebit(intent.id)).toMatchObject({ ok: false });
    const [dispute] = (await us.disputes.list({ payment_intent: intent.id })).data;
    expect(dispute).toMatchObject({ status: "lost", reason: "insufficient_funds", amount: 10_000 });
    await control.flush();
    expect(received()).toEqual([
      "charge.dispute.created",
      "charge.dispute.funds_withdrawn",
      "charge.dispute.closed",
    ]);
    const lines = (await us.balanceTransactions.list()).data;
    expect(lines.map((line) => [line.reporting_category, line.amount, line.fee])).toEqual([
      ["dispute", -10_000, 1500],
      ["charge", 10_000, 80],
    ]);
  });

  it("on the disputed test account succeeds, then is disputed", async () => {
    const { us, control, clock } = sandboxWorld();
    const intent = await debit(us, { payment_method: "pm_usBankAccount_dispute" });
    clock.advance(days(6));
    await control.tick();
    expect((await us.paymentIntents.retrieve(intent.id)).status).toBe("succeeded");
    expect((await us.disputes.list({ payment_intent: intent.id })).data).toHaveLength(1);
  });

  it("cannot be cancelled once it is on its way", async () => {
    const { us } = sandboxWorld();
    const intent = await debit(us);
    expect((await refusal(us.paymentIntents.cancel(intent.id))).code).toBe("payment_intent_unexpected_state");
  });

  it("refunded is pending for days", async () => {
    const { us, control, clock } = sandboxWorld();
    const intent = await debit(us);
    await control.settleDebit(intent.id);
    const refund = await us.refunds.create({ payment_intent: intent.id, amount: 4000 });
    expect(refund.status).toBe("pending");
    clock.advance(days(5));
    await control.tick();
    expect((await us.refunds.retrieve(refund.id)).status).toBe("succeeded");
    clock.advance(days(181));
    expect((await refusal(us.refunds.create({ payment_intent: intent.id }))).code).toBe(
      "charge_not_refundable",
    );
  });

  it.each([
    ["without a mandate", { mandate_data: undefined }, "payment_intent_mandate_invalid"],
    ["in pesos", { currency: "mxn" }, undefined],
    ["from a live account number", typed("123456"), "account_number_invalid"],
    [
      "for instant proof of a typed account",
      {
        ...typed("000123456789"),
        payment_method_options: { us_bank_account: { verification_method: "instant" } },
      },
      "payment_method_unverified_state",
    ],
  ])("is refused %s", async (_what, wrong, code) => {
    const { us } = sandboxWorld();
    const error = await refusal(debit(us, wrong));
    expect(error.statusCode).toBe(400);
    if (code) expect(error.code).toBe(code);
  });
});
