import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { refusal, sandboxWorld, webhookSecret } from "../support/stripe-sandbox.ts";

const pay = (stripe: Stripe, token = "pm_card_visa") =>
  stripe.paymentIntents.create({
    amount: 10_000,
    currency: "usd",
    allowed_payment_method_types: ["card"],
    payment_method: token,
    confirm: true,
  });

describe("a refund", () => {
  it("in parts ends exactly at the charge; more is refused by name", async () => {
    const { us } = sandboxWorld();
    const intent = await pay(us);
    await us.refunds.create({ payment_intent: intent.id, amount: 6000 });
    const over = await refusal(us.refunds.create({ payment_intent: intent.id, amount: 4001 }));
    expect(over.statusCode).toBe(400);
    expect(over.message).toContain("greater than unrefunded amount");
    await us.refunds.create({ payment_intent: intent.id });
    expect((await refusal(us.refunds.create({ payment_intent: intent.id }))).code).toBe(
      "charge_already_refunded",
    );
    const [charge] = (await us.charges.list({ payment_intent: intent.id, expand: ["data.refunds"] })).data;
    expect(charge).toMatchObject({ amount_refunded: 10_000, refunded: true });
    expect(charge?.refunds?.data.map((one) => one.amount)).toEqual([4000, 6000]);
  });

  it("asked for twenty times at once for 60% goes through once", async () => {
    const { us } = sandboxWorld();
    const intent = await pay(us);
    const asked = Array.from({ length: 20 }, () =>
      us.refunds.create({ payment_intent: intent.id, amount: 6000 }),
    );
    const outcomes = await Promise.allSettled(asked);
    expect(outcomes.filter((one) => one.status === "fulfilled")).toHaveLength(1);
    expect((await us.refunds.list({ payment_intent: intent.id })).data).toHaveLength(1);
  });

  it("on the pending test card succeeds later; on the failing one gives the money back to the balance", async () => {
    const { us, control, received } = sandboxWorld();
    const slow = await pay(us, "pm_card_pendingRefund");
    const failing = await pay(us, "pm_card_refundFail");
    await control.registerWebhookEndpoint("sk_test_us_demo", {
      url: "https://x.test/w",
      secret: webhookSecret,
    });
    const pending = await us.refunds.create({ payment_intent: slow.id });
    const doomed = await us.refunds.create({ payment_intent: failing.id, amount: 3000 });
    expect([pending.status, doomed.status]).toEqual(["pending", "succeeded"]);
    await control.tick();
    expect((await us.refunds.retrieve(pending.id)).status).toBe("succeeded");
    expect(await us.refunds.retrieve(doomed.id)).toMatchObject({
      status: "failed",
      failure_reason: "expired_or_canceled_card",
    });
    const [charge] = (await us.charges.list({ payment_intent: failing.id })).data;
    expect(charge?.amount_refunded).toBe(0);
    const lines = (await us.balanceTransactions.list({ source: doomed.id })).data;
    expect(lines.map((line) => line.amount)).toEqual([3000, -3000]);
    await control.flush();
    expect(received()).toEqual([
      "refund.created",
      "charge.refunded",
      "refund.created",
      "charge.refunded",
      "refund.updated",
      "charge.updated",
      "refund.updated",
      "refund.failed",
    ]);
  });

  it.each([
    ["of a payment nobody made", { payment_intent: "pi_none" }, "resource_missing"],
    ["of nothing named", { amount: 100 }, undefined],
    ["of zero", { amount: 0 }, "parameter_invalid_integer"],
  ])("is refused %s", async (_what, asked, code) => {
    const { us } = sandboxWorld();
    const intent = await pay(us);
    const target = "amount" in asked && asked.amount === 0 ? { payment_intent: intent.id, ...asked } : asked;
    const error = await refusal(us.refunds.create(target));
    expect(error.statusCode).toBe(400);
    if (code) expect(error.code).toBe(code);
  });

  it("of a payment that has not succeeded is refused", async () => {
    const { us } = sandboxWorld();
    const open = await us.paymentIntents.create({ amount: 5000, currency: "usd" });
    const error = await refusal(us.refunds.create({ payment_intent: open.id }));
    expect(error.message).toContain("does not have a successful charge");
  });
});

describe("a dispute", () => {
  it("on Stripe's dispute card takes money and fee, and won gives the money back", async () => {
    const { us, control, received } = sandboxWorld();
    await control.registerWebhookEndpoint("sk_test_us_demo", {
      url: "https://x.test/w",
      secret: webhookSecret,
    });
    const intent = await pay(us, "pm_card_createDispute");
    await control.tick();
    const [dispute] = (await us.disputes.list({ payment_intent: intent.id })).data;
    expect(dispute).toMatchObject({ status: "needs_response", reason: "fraudulent", amount: 10_000 });
    expect(dispute?.balance_transactions.map((line) => [line.amount, line.fee, line.net])).toEqual([
      [-10_000, 1500, -11_500],
    ]);
    expect((await refusal(us.refunds.create({ payment_intent: intent.id }))).code).toBe("charge_disputed");
    const answered = await us.disputes.update(dispute?.id ?? "", {
      evidence: { uncategorized_text: "winning_evidence" },
      submit: true,
    });
    expect(answered.status).toBe("under_review");
    await control.tick();
    expect((await us.disputes.retrieve(dispute?.id ?? "")).status).toBe("won");
    const total = (await us.balanceTransactions.list()).data.reduce((sum, line) => sum + line.net, 0);
    expect(total).toBe(10_000 - 320 - 1500);
    await control.flush();
    expect(received().filter((type) => type.startsWith("charge.dispute"))).toEqual([
      "charge.dispute.created",
      "charge.dispute.funds_withdrawn",
      "charge.dispute.updated",
      "charge.dispute.funds_reinstated",
      "charge.dispute.closed",
    ]);
  });

  it("given up, or lost, keeps the money gone and is decided only once", async () => {
    const { us, control } = sandboxWorld();
    const given = await control.openDispute((await pay(us)).id, { reason: "duplicate" });
    const lost = await control.openDispute((await pay(us)).id);
    if (!given.ok || !lost.ok) throw new Error("not opened");
    expect((await us.disputes.close(given.value.id)).status).toBe("lost");
    expect(await control.closeDispute(lost.value.id, "lost")).toMatchObject({ ok: true });
    expect(await control.closeDispute(lost.value.id, "won")).toMatchObject({ ok: false });
    await refusal(us.disputes.update(lost.value.id, { evidence: { uncategorized_text: "x" } }));
  });

  it("covers what a partial refund left; a refunded charge cannot be disputed", async () => {
    const { us, control } = sandboxWorld();
    const part = await pay(us);
    await us.refunds.create({ payment_intent: part.id, amount: 2500 });
    expect(await control.openDispute(part.id)).toMatchObject({ ok: true, value: { amount: 7500 } });
    const all = await pay(us);
    await us.refunds.create({ payment_intent: all.id });
    expect(await control.openDispute(all.id)).toMatchObject({ ok: false });
  });

  it("that is only an inquiry takes nothing", async () => {
    const { us, control } = sandboxWorld();
    const intent = await pay(us, "pm_card_createDisputeInquiry");
    await control.tick();
    const [inquiry] = (await us.disputes.list({ payment_intent: intent.id })).data;
    expect(inquiry).toMatchObject({ status: "warning_needs_response", balance_transactions: [] });
    await control.closeDispute(inquiry?.id ?? "", "won");
    expect((await us.disputes.retrieve(inquiry?.id ?? "")).status).toBe("warning_closed");
  });
});
