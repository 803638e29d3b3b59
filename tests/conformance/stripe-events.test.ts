import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readEventTypes } from "../../adapters/stripe/translate-event.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import * as bodies from "./stripe-bodies.ts";
import { stripeOn } from "./stripe-under-test.ts";

const { adapter } = stripeOn(() => ({ fails: "before_send" }));
const delivery = (event: object) => ({
  headers: {},
  body: new TextEncoder().encode(JSON.stringify(event)),
  target: "",
});
const read = (type: string, object: object) => adapter.webhooks.read(delivery(bodies.event(type, object)));
const order = (type: string, object: object) => {
  const envelope = adapter.webhooks.envelope(delivery(bodies.event(type, object)));
  return envelope.ok ? envelope.value.orderKey : envelope.error;
};
const facts = (...value: object[]) => ({ ok: true, value });

const attemptId = newId("attempt");
const ours = (presentation: string, method = "card") => ({ attempt_id: attemptId, presentation, method });
const subject = { gatewayPaymentId: "pi_1", attemptId };
const noted = { type: "card_error", code: "card_declined", decline_code: "insufficient_funds" };

describe("payment intent events", () => {
  test("succeeded is captured without the fee, at the instant of the event", () => {
    const intent = bodies.succeeded({ latest_charge: "ch_1", metadata: ours("embedded") });
    const result = read("payment_intent.succeeded", intent);
    expect(result).toMatchObject(
      facts({
        kind: "attempt_changed",
        subject,
        outcome: {
          kind: "captured",
          amount: money(50_000n, "MXN"),
          capturedAt: new Date((bodies.created + 100) * 1000),
        },
      }),
    );
    expect(result.ok && result.value[0]).not.toHaveProperty("outcome.fee");
  });

  test("payment_failed on our form leaves the attempt open for another try", () => {
    const intent = bodies.intent({ metadata: ours("embedded"), last_payment_error: noted });
    expect(read("payment_intent.payment_failed", intent)).toMatchObject(
      facts({ outcome: { kind: "action_required", lastDecline: { reason: "insufficient_funds" } } }),
    );
  });

  test("payment_failed after our own confirm ends the attempt", () => {
    const intent = bodies.intent({ metadata: ours("token"), last_payment_error: noted });
    expect(read("payment_intent.payment_failed", intent)).toMatchObject(
      facts({ outcome: { kind: "declined" } }),
    );
  });

  test("payment_failed on Stripe's page is a hint: only the session knows whether it is still open", () => {
    const intent = bodies.intent({ metadata: ours("hosted"), last_payment_error: noted });
    expect(read("payment_intent.payment_failed", intent)).toEqual(facts({ kind: "attempt_hint", subject }));
  });

  test("an event whose client secret was withheld is a hint, not a form that cannot be shown", () => {
    const intent = bodies.intent({ metadata: ours("embedded"), client_secret: null });
    expect(read("payment_intent.requires_action", intent)).toEqual(facts({ kind: "attempt_hint", subject }));
  });

  test("partially_funded tells how much is still to be sent", () => {
    const intent = bodies.intent({
      status: "requires_action",
      next_action: bodies.clabe(12_000),
      metadata: ours("instructions", "spei"),
    });
    expect(read("payment_intent.partially_funded", intent)).toMatchObject(
      facts({ outcome: { kind: "action_required", action: { amountRemaining: money(12_000n, "MXN") } } }),
    );
  });

  test("a cancelled and a processing intent are read as they are", () => {
    const cancelled = bodies.intent({
      status: "canceled",
      cancellation_reason: "automatic",
      metadata: ours("token"),
    });
    expect(read("payment_intent.canceled", cancelled)).toMatchObject(
      facts({ outcome: { kind: "voided", expired: true } }),
    );
    const processing = bodies.intent({ status: "processing", metadata: ours("token") });
    expect(read("payment_intent.processing", processing)).toMatchObject(
      facts({ outcome: { kind: "processing" } }),
    );
  });

  test("payments the church takes for other things in the same account are left alone", () => {
    expect(read("payment_intent.succeeded", bodies.succeeded())).toEqual(
      facts({ kind: "ignored", type: "payment_intent.succeeded" }),
    );
    const forged = bodies.succeeded({ metadata: { attempt_id: "att_'; drop table" } });
    expect(read("payment_intent.succeeded", forged)).toMatchObject(facts({ kind: "ignored" }));
  });

  test("a body that is not what its type promises is an error, not silence", () => {
    expect(read("payment_intent.succeeded", { id: "pi_1", object: "payment_intent" }).ok).toBe(false);
    expect(read("charge.dispute.created", bodies.charge()).ok).toBe(false);
  });
});

describe("session events", () => {
  const session = (fields: object) =>
    bodies.session({ metadata: ours("hosted"), payment_intent: "pi_1", ...fields });

  test("completed and paid is captured under the intent's id", () => {
    expect(
      read("checkout.session.completed", session({ status: "complete", payment_status: "paid" })),
    ).toMatchObject(
      facts({
        subject,
        outcome: { kind: "captured", gatewayPaymentId: "pi_1", amount: money(50_000n, "MXN") },
      }),
    );
  });

  test("completed but unpaid is a bank debit on its way, not money", () => {
    const unpaid = session({ status: "complete", payment_method_types: ["us_bank_account"] });
    expect(read("checkout.session.completed", unpaid)).toMatchObject(
      facts({ outcome: { kind: "processing" } }),
    );
  });

  test("async success is captured, async failure a hint to look why, expiry void by time", () => {
    const paid = session({ status: "complete", payment_status: "paid" });
    expect(read("checkout.session.async_payment_succeeded", paid)).toMatchObject(
      facts({ outcome: { kind: "captured" } }),
    );
    const failed = session({ status: "complete" });
    expect(read("checkout.session.async_payment_failed", failed)).toEqual(
      facts({ kind: "attempt_hint", subject }),
    );
    const expired = session({ status: "expired", payment_intent: null, url: null });
    expect(read("checkout.session.expired", expired)).toMatchObject(
      facts({
        subject: { gatewayPaymentId: "cs_test_1", attemptId },
        outcome: { kind: "voided", expired: true },
      }),
    );
  });
});

describe("refund events", () => {
  const refundId = newId("refund");

  test.each([
    ["pending", "processing"],
    ["requires_action", "action_required"],
    ["succeeded", "succeeded"],
    ["failed", "failed"],
    ["canceled", "failed"],
    ["pondered", "processing"],
  ])("%s is %s", (status, becomes) => {
    const refund = bodies.refund({ status, metadata: { refund_id: refundId } });
    expect(read("refund.updated", refund)).toEqual(
      facts({
        kind: "refund_changed",
        subject: { gatewayPaymentId: "pi_1" },
        gatewayRefundId: "re_1",
        refundId,
        amount: money(10_000n, "MXN"),
        status: becomes,
      }),
    );
  });

  test("one made in Stripe's dashboard has no id of ours", () => {
    const result = read("refund.created", bodies.refund());
    expect(result.ok && result.value[0]).not.toHaveProperty("refundId");
  });

  test("a surplus sent back from a cash balance is not a refund of a payment", () => {
    expect(read("refund.created", bodies.refund({ payment_intent: null }))).toMatchObject(
      facts({ kind: "ignored" }),
    );
  });
});

describe("dispute events", () => {
  const withdrawn = bodies.balanceTransaction({
    id: "txn_d1",
    type: "adjustment",
    reporting_category: "dispute",
    amount: -50_000,
    fee: 30_000,
    net: -80_000,
    fee_details: [],
  });
  const reinstated = {
    ...withdrawn,
    id: "txn_d2",
    reporting_category: "dispute_reversal",
    amount: 50_000,
    fee: 0,
  };

  test.each([
    ["needs_response", "needs_response"],
    ["warning_needs_response", "needs_response"],
    ["appeal_needs_response", "needs_response"],
    ["under_review", "under_review"],
    ["warning_under_review", "under_review"],
    ["appeal_under_review", "under_review"],
    ["won", "won"],
    ["warning_closed", "won"],
    ["prevented", "won"],
    ["lost", "lost"],
    ["pondered", "needs_response"],
  ])("%s is %s", (status, becomes) => {
    expect(read("charge.dispute.updated", bodies.dispute({ status }))).toMatchObject(
      facts({ status: becomes }),
    );
  });

  test("the money is withdrawn while what Stripe booked is negative, with its charge for handling", () => {
    const dispute = bodies.dispute({ balance_transactions: [withdrawn] });
    expect(read("charge.dispute.created", dispute)).toEqual(
      facts({
        kind: "dispute_changed",
        subject: { gatewayPaymentId: "pi_1" },
        gatewayDisputeId: "dp_1",
        amount: money(50_000n, "MXN"),
        fee: money(30_000n, "MXN"),
        status: "needs_response",
        fundsWithdrawn: true,
        evidenceDueAt: new Date((bodies.created + 604_800) * 1000),
        rawReason: "fraudulent",
      }),
    );
  });

  test("a won dispute gives it back", () => {
    const dispute = bodies.dispute({ status: "won", balance_transactions: [withdrawn, reinstated] });
    expect(read("charge.dispute.closed", dispute)).toMatchObject(
      facts({ status: "won", fundsWithdrawn: false }),
    );
    expect(read("charge.dispute.funds_reinstated", dispute)).toMatchObject(facts({ fundsWithdrawn: false }));
  });

  test("an inquiry takes nothing yet", () => {
    const inquiry = bodies.dispute({ status: "warning_needs_response" });
    const result = read("charge.dispute.created", inquiry);
    expect(result).toMatchObject(facts({ fundsWithdrawn: false }));
    expect(result.ok && result.value[0]).not.toHaveProperty("fee");
  });

  test("an ACH return after success arrives as a dispute already lost", () => {
    const returned = bodies.dispute({
      status: "lost",
      reason: "insufficient_funds",
      balance_transactions: [],
    });
    expect(read("charge.dispute.created", returned)).toMatchObject(
      facts({ status: "lost", fundsWithdrawn: true, rawReason: "insufficient_funds" }),
    );
  });
});

describe("money on a donor's balance", () => {
  test.each([
    ["funded", 30_000, "received"],
    ["return_initiated", -30_000, "returned"],
    ["return_canceled", 30_000, "received"],
    ["funding_reversed", -30_000, "returned"],
  ])("%s is %s", (type, net_amount, direction) => {
    const moved = bodies.cashTransaction({ type, net_amount });
    expect(read("customer_cash_balance_transaction.created", moved)).toEqual(
      facts({
        kind: "funds_moved",
        customerRef: "cus_1",
        gatewayTransactionId: "ccsbtxn_1",
        direction,
        amount: money(30_000n, "MXN"),
      }),
    );
  });

  test.each([
    "applied_to_payment",
    "unapplied_from_payment",
    "refunded_from_payment",
    "adjusted_for_overdraft",
    "transferred_to_balance",
    "a_word_of_tomorrow",
  ])("%s moves nothing in or out", (type) => {
    const moved = bodies.cashTransaction({ type });
    expect(read("customer_cash_balance_transaction.created", moved)).toMatchObject(
      facts({ kind: "ignored" }),
    );
  });
});

describe("charge.updated", () => {
  test.each([
    ["succeeded", "attempt_hint"],
    ["pending", "ignored"],
    ["failed", "ignored"],
    ["a_word_of_tomorrow", "attempt_hint"],
  ])("of a %s charge is %s: the fee is known when it succeeded", (status, kind) => {
    const charge = bodies.charge({ status, balance_transaction: "txn_1", metadata: ours("token") });
    expect(read("charge.updated", charge)).toMatchObject(facts({ kind }));
  });
});

describe("events of saved cards and accounts", () => {
  const saved = (fields: object = {}) => bodies.setupIntent({ payment_method: "pm_1", ...fields });

  test("a permission given is active by the payment method, with our own reference", () => {
    expect(read("setup_intent.succeeded", saved())).toMatchObject(
      facts({
        kind: "mandate_changed",
        gatewayMandateId: "pm_1",
        reference: "rcg_1",
        outcome: { kind: "active", gatewayMandateId: "pm_1" },
      }),
    );
  });

  test("one the church asked for elsewhere in its account is not ours", () => {
    expect(read("setup_intent.succeeded", saved({ metadata: {} }))).toMatchObject(facts({ kind: "ignored" }));
  });

  test("a refusal by the bank, and a form left open after it", () => {
    const refused = {
      status: "requires_payment_method",
      payment_method: null,
      last_setup_error: { type: "card_error", code: "card_declined", decline_code: "insufficient_funds" },
    };
    expect(read("setup_intent.setup_failed", saved(refused))).toMatchObject(
      facts({ outcome: { kind: "ended", by: "bank", rawCode: "insufficient_funds" } }),
    );
    const metadata = { recurring_reference: "rcg_1", presentation: "embedded" };
    expect(read("setup_intent.setup_failed", saved({ ...refused, metadata }))).toMatchObject(
      facts({ outcome: { kind: "action_required", action: { type: "use_sdk" } } }),
    );
  });

  test.each([
    ["active", { kind: "active" }],
    ["pending", { kind: "active" }],
    ["inactive", { kind: "ended", by: "bank" }],
    ["asleep", { kind: "active", evidence: { unrecognized: "mandate asleep" } }],
  ])("a mandate that is %s", (status, outcome) => {
    expect(read("mandate.updated", bodies.mandate({ status }))).toMatchObject(
      facts({ kind: "mandate_changed", gatewayMandateId: "pm_1", outcome }),
    );
  });

  test("all of them stand in the queue of the payment method", () => {
    const queues = [
      order("setup_intent.succeeded", saved()),
      order("mandate.updated", bodies.mandate()),
      order("payment_method.detached", bodies.paymentMethod({ customer: null })),
    ];
    expect(new Set(queues)).toEqual(new Set(["pm_1"]));
  });
});

describe("every event type that is read", () => {
  test.each(readEventTypes)("%s with an object of another shape is an error, never silence", (type) => {
    expect(read(type, { id: "x", object: "surprise" }).ok).toBe(false);
  });
});

describe("order", () => {
  test("an intent, its charge, session, refund and dispute stand in one queue", () => {
    const queues = [
      order("payment_intent.succeeded", bodies.succeeded()),
      order("charge.updated", bodies.charge()),
      order("checkout.session.completed", bodies.session({ payment_intent: "pi_1" })),
      order("refund.updated", bodies.refund()),
      order("charge.dispute.created", bodies.dispute({ payment_intent: { id: "pi_1" } })),
    ];
    expect(new Set(queues)).toEqual(new Set(["pi_1"]));
  });

  test("a session without an intent has its own queue, a cash movement its customer's", () => {
    expect(order("checkout.session.expired", bodies.session())).toBe("cs_test_1");
    expect(order("customer_cash_balance_transaction.created", bodies.cashTransaction())).toBe("cus_1");
  });

  test("an event of a type nobody reads has an envelope and is ignored", () => {
    expect(order("payout.paid", { id: "po_1", object: "payout" })).toBe("po_1");
    expect(read("payout.paid", { id: "po_1", object: "payout" })).toEqual(
      facts({ kind: "ignored", type: "payout.paid" }),
    );
  });
});

test("the README tells an operator every event type to subscribe to", () => {
  const readme = readFileSync(join(import.meta.dirname, "../../adapters/stripe/README.md"), "utf8");
  expect(readEventTypes.filter((type) => !readme.includes(`\`${type}\``))).toEqual([]);
});
