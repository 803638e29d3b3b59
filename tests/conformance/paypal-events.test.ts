import { describe, expect, test } from "vitest";
import { z } from "zod";
import { paypal } from "../../adapters/paypal/index.ts";
import type { RawDelivery } from "../../src/gateway/webhook.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { specJson, specsAbsent } from "../support/specs.ts";
import * as bodies from "./paypal-bodies.ts";
import { credentials } from "./paypal-under-test.ts";
import { deliveryOf, must, orderOf, paypalWorld } from "./paypal-world.ts";
import { recording } from "./recording-transport.ts";

const { transport } = recording(() => ({ fails: "before_send" }));
const { webhooks } = paypal.factory.create({
  credentials: { ...credentials, environment: "sandbox", country: "us" },
  transport,
});
const delivered = (text: string): RawDelivery => ({
  headers: {},
  body: new TextEncoder().encode(text),
  target: "",
});
const read = (type: string, resource: Readonly<Record<string, unknown>>) =>
  webhooks.read(delivered(bodies.event(type, resource)));
const attemptId = newId("attempt");

describe("what the simulator announces, as the adapter reads it", () => {
  test("an approval is told as authorized, so that only a waiting attempt is captured for it", async () => {
    const world = await paypalWorld();
    const order = orderOf();
    const id = await world.collected(order);
    must(await world.control.approve(id));
    expect(await world.announced()).toMatchObject([
      {
        kind: "attempt_changed",
        subject: { gatewayPaymentId: id, attemptId: order.attemptId },
        outcome: { kind: "authorized", amount: order.amount },
      },
    ]);
    const captured = await world.capture(order, id);
    const captureId = captured.kind === "captured" ? captured.gatewayPaymentId : "";
    expect(await world.announced()).toMatchObject([
      {
        kind: "attempt_changed",
        subject: { gatewayPaymentId: captureId, attemptId: order.attemptId },
        outcome: { kind: "captured", amount: order.amount, fee: { amount: money(136n, "USD") } },
      },
    ]);
  });

  test("pending, then denied or completed, each named by the capture", async () => {
    const world = await paypalWorld();
    const order = orderOf();
    const id = await world.collected(order);
    must(await world.control.approve(id, { pending: "ECHECK" }));
    const pending = await world.capture(order, id);
    const captureId = pending.kind === "processing" ? pending.gatewayPaymentId : "";
    must(await world.control.settle(captureId, false));
    const events = await world.announced();
    expect(
      events.map((event) => (event.kind === "attempt_changed" ? event.outcome.kind : event.kind)),
    ).toEqual(["authorized", "processing", "declined"]);
  });

  test("a refund of ours, and one from PayPal's own pages", async () => {
    const world = await paypalWorld();
    const { order, captureId } = await world.paid();
    const ours = world.refundOrder(captureId, money(500n, "USD"), money(2_500n, "USD"));
    await world.adapter.payments.refund(ours, world.call());
    must(await world.control.refundFromDashboard(captureId, "1.00"));
    expect(await world.announced()).toMatchObject([
      {
        kind: "refund_changed",
        subject: { gatewayPaymentId: captureId },
        refundId: ours.refundId,
        amount: money(500n, "USD"),
        status: "succeeded",
      },
      {
        kind: "refund_changed",
        subject: { gatewayPaymentId: captureId, attemptId: order.attemptId },
        amount: money(100n, "USD"),
        status: "succeeded",
      },
    ]);
  });

  test("a dispute from inquiry to claim to a lost decision, with the money following", async () => {
    const world = await paypalWorld();
    const { order, captureId } = await world.paid();
    const dispute = must(await world.control.openDispute(captureId, { inquiry: true, reason: "OTHER" }));
    must(await world.control.moveDispute(dispute.id, "claim"));
    must(await world.control.moveDispute(dispute.id, "under_review"));
    must(await world.control.resolveDispute(dispute.id, "RESOLVED_BUYER_FAVOUR"));
    const events = await world.announced();
    expect(events).toMatchObject([
      {
        kind: "dispute_changed",
        subject: { gatewayPaymentId: captureId, attemptId: order.attemptId },
        gatewayDisputeId: dispute.id,
        amount: order.amount,
        status: "needs_response",
        fundsWithdrawn: false,
        evidenceDueAt: new Date("2026-11-30T18:00:00Z"),
        rawReason: "OTHER",
      },
      { status: "needs_response", fundsWithdrawn: true },
      { status: "under_review", fundsWithdrawn: true },
      { status: "lost", fundsWithdrawn: true },
    ]);
  });

  test.each([
    ["RESOLVED_SELLER_FAVOUR", "won"],
    ["RESOLVED_WITH_PAYOUT", "won"],
    ["CANCELED_BY_BUYER", "won"],
    ["DENIED", "won"],
    ["NONE", "won"],
    ["ACCEPTED", "lost"],
  ])("a dispute that ends with %s is %s", async (outcome, status) => {
    const world = await paypalWorld();
    const { captureId } = await world.paid();
    const dispute = must(await world.control.openDispute(captureId));
    must(await world.control.resolveDispute(dispute.id, outcome));
    expect((await world.announced()).at(-1)).toMatchObject({ status, fundsWithdrawn: status === "lost" });
  });

  test("duplicated, out of order, late and lost: each event has one key, and one attempt one queue", async () => {
    const world = await paypalWorld();
    await world.control.deliverWebhooks("duplicated");
    const order = orderOf();
    const id = await world.collected(order);
    must(await world.control.approve(id));
    await world.capture(order, id);
    await world.control.flush();
    const envelopes = world.inbox.map((webhook) => webhooks.envelope(deliveryOf(webhook)));
    const keys = envelopes.map((one) => (one.ok ? one.value.eventKey : ""));
    expect(keys).toHaveLength(6);
    expect(new Set(keys).size).toBe(2);
    expect(new Set(envelopes.map((one) => (one.ok ? one.value.orderKey : "")))).toEqual(
      new Set([order.attemptId]),
    );
    world.inbox.splice(0);
    await world.control.deliverWebhooks("late");
    must(await world.control.approve(await world.collected(orderOf())));
    await world.control.flush();
    expect(world.inbox).toHaveLength(0);
    await world.control.releaseHeld();
    expect(world.inbox).toHaveLength(1);
  });

  test("a door that answers 500 is knocked at again later, with a new stamp and the same event", async () => {
    const world = await paypalWorld();
    world.answers.push(500);
    must(await world.control.approve(await world.collected(orderOf())));
    await world.control.flush();
    expect(world.inbox).toHaveLength(0);
    world.clock.advance(10 * 60_000);
    expect(await world.announced()).toHaveLength(1);
  });
});

describe("bodies by hand", () => {
  test("a capture PayPal took back is a hint: the case and the settlement line tell of the money", () => {
    const links = [{ rel: "up", href: "https://api.paypal.com/v2/payments/captures/7YL12345AB678901C" }];
    const resource = {
      id: "R1",
      status: "COMPLETED",
      amount: bodies.usd("25.00"),
      custom_id: attemptId,
      links,
    };
    expect(read("PAYMENT.CAPTURE.REVERSED", resource)).toMatchObject({
      ok: true,
      value: [{ kind: "attempt_hint", subject: { gatewayPaymentId: "7YL12345AB678901C", attemptId } }],
    });
    expect(read("PAYMENT.REFUND.FAILED", { ...resource, status: "FAILED" })).toMatchObject({
      ok: true,
      value: [{ kind: "refund_changed", status: "failed" }],
    });
  });

  test("what somebody else sold through the same account is ignored", () => {
    for (const type of ["PAYMENT.CAPTURE.COMPLETED", "CHECKOUT.ORDER.APPROVED", "INVOICING.INVOICE.PAID"]) {
      const resource = type.startsWith("CHECKOUT")
        ? bodies.order({ status: "APPROVED" })
        : bodies.capture({ custom_id: "shop-17" });
      expect(read(type, resource)).toEqual({ ok: true, value: [{ kind: "ignored", type }] });
    }
  });

  test("an object that is ours and does not have its shape is an error, not silence", () => {
    expect(read("PAYMENT.CAPTURE.COMPLETED", { custom_id: attemptId, id: "1" }).ok).toBe(false);
    expect(read("CUSTOMER.DISPUTE.CREATED", { dispute_id: "PP-1" }).ok).toBe(false);
    expect(read("CHECKOUT.ORDER.APPROVED", { status: "APPROVED" }).ok).toBe(false);
  });

  test("PayPal's own account of the money decides whether a dispute holds it", () => {
    const dispute = (fields: Readonly<Record<string, unknown>>) =>
      read("CUSTOMER.DISPUTE.UPDATED", {
        dispute_id: "PP-R-1",
        status: "UNDER_REVIEW",
        dispute_amount: bodies.usd("25.00"),
        disputed_transactions: [{ seller_transaction_id: "7YL12345AB678901C" }],
        ...fields,
      });
    const moved = (type: string) => ({
      money_movements: [{ affected_party: "SELLER", type, amount: bodies.usd("25.00") }],
    });
    expect(dispute({ dispute_life_cycle_stage: "INQUIRY", ...moved("DEBIT") })).toMatchObject({
      value: [{ fundsWithdrawn: true }],
    });
    expect(dispute({ dispute_life_cycle_stage: "CHARGEBACK", ...moved("CREDIT") })).toMatchObject({
      value: [{ fundsWithdrawn: false }],
    });
    // An outcome nobody has documented is not a decision.
    expect(dispute({ status: "RESOLVED", dispute_outcome: { outcome_code: "SHRUG" } })).toMatchObject({
      value: [{ status: "under_review" }],
    });
  });

  const files = [
    "customer.dispute.created",
    "customer.dispute.resolved",
    "payment.capture.completed",
    "payment.capture.denied",
  ];

  test.skipIf(specsAbsent).each(files)(
    "PayPal's own %s of long ago is read or ignored, never misread",
    (file) => {
      const text = JSON.stringify(specJson(`paypal/captures/webhooks/${file}.json`));
      const known = z.object({ id: z.string() }).parse(JSON.parse(text));
      expect(webhooks.envelope(delivered(text))).toMatchObject({ ok: true, value: { eventKey: known.id } });
      const facts = webhooks.read(delivered(text));
      expect(facts.ok).toBe(true);
      if (!facts.ok) return;
      expect(facts.value[0]?.kind).toBe(file.startsWith("customer") ? "dispute_changed" : "ignored");
    },
  );
});
