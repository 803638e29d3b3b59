import { describe, expect, test } from "vitest";
import { nextStep } from "../../adapters/stripe/translate-action.ts";
import {
  instrumentOf,
  mandateOutcome,
  setupOutcome,
  setupSessionOutcome,
} from "../../adapters/stripe/translate-mandate.ts";
import { intentOutcome, sessionOutcome } from "../../adapters/stripe/translate-outcome.ts";
import { nextActionSchema, paymentIntentSchema, sessionSchema } from "../../adapters/stripe/wire.ts";
import {
  mandateSchema,
  paymentMethodSchema,
  setupIntentSchema,
  setupSessionSchema,
} from "../../adapters/stripe/wire-mandate.ts";
import { days } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import * as bodies from "./stripe-bodies.ts";
import { routes, stripeOn } from "./stripe-under-test.ts";

/** Stripe's bodies as they may come, each beside what it means to us: nothing is made of what is not there. */
const asOf = new Date("2026-11-20T12:00:00Z");
type Fields = Readonly<Record<string, unknown>>;
const view = { publishableKey: "pk_test_x", asOf, evidence: {} };

const intent = (fields: Fields) => intentOutcome(paymentIntentSchema.parse(bodies.intent(fields)), view);
const session = (fields: Fields) => sessionOutcome(sessionSchema.parse(bodies.session(fields)), view);
const saving = (fields: Fields, page?: Fields) =>
  setupOutcome(setupIntentSchema.parse(bodies.setupIntent(fields)), {
    ...view,
    ...(page ? { session: setupSessionSchema.parse(bodies.setupSession(page)) } : {}),
  });
const page = (fields: Fields) =>
  setupSessionOutcome(setupSessionSchema.parse(bodies.setupSession(fields)), view);

const held = { status: "requires_capture" };
const embedded = { presentation: "embedded" };

describe("a payment", () => {
  test.each<[string, Fields, object]>([
    [
      "held as long as the network says",
      {
        ...held,
        latest_charge: bodies.charge({
          payment_method_details: { type: "card", card: { capture_before: bodies.created } },
        }),
      },
      { kind: "authorized", expiresAt: new Date(bodies.created * 1000) },
    ],
    [
      "held for a week where it says nothing",
      held,
      { kind: "authorized", expiresAt: new Date(asOf.getTime() + days(7)) },
    ],
    ["held in no currency we know", { ...held, currency: "zzz" }, { kind: "in_doubt" }],
    [
      "paid in no currency we know",
      { status: "succeeded", amount_received: 5, currency: "zzz" },
      { kind: "in_doubt" },
    ],
    ["paid with nothing", { status: "succeeded", amount_received: 0 }, { kind: "in_doubt" }],
    [
      "paid, with a fee in another currency",
      {
        status: "succeeded",
        amount_received: 50_000,
        latest_charge: bodies.charge({ balance_transaction: bodies.balanceTransaction({ currency: "usd" }) }),
      },
      { kind: "captured", amount: money(50_000n, "MXN") },
    ],
    [
      "paid before its fee is known",
      {
        status: "succeeded",
        amount_received: 50_000,
        latest_charge: bodies.charge({ balance_transaction: "txn_1" }),
      },
      { kind: "captured", capturedAt: new Date(bodies.created * 1000) },
    ],
    [
      "paid, and no more told",
      { status: "succeeded", amount_received: 50_000, latest_charge: "ch_1" },
      { kind: "captured", capturedAt: asOf },
    ],
    [
      "paid in coins nobody named",
      {
        status: "succeeded",
        amount_received: 50_000,
        latest_charge: bodies.charge({
          payment_method_details: { type: "crypto", crypto: { transaction_hash: "0x1" } },
        }),
      },
      { kind: "captured", evidence: { excerpt: "network unknown, token unknown, transaction 0x1" } },
    ],
    [
      "given up by Stripe's clock",
      { status: "canceled", cancellation_reason: "automatic" },
      { kind: "voided", expired: true },
    ],
    [
      "given up by us",
      { status: "canceled", cancellation_reason: "abandoned" },
      { kind: "voided", expired: false },
    ],
    [
      "given up for a reason of tomorrow",
      { status: "canceled", cancellation_reason: "zz" },
      { kind: "voided", expired: false, evidence: { unrecognized: "zz" } },
    ],
    ["given up without a reason", { status: "canceled" }, { kind: "voided", expired: false }],
    ["of a status of tomorrow", { status: "zz" }, { kind: "processing", evidence: { unrecognized: "zz" } }],
    [
      "on Stripe's page, which is not there",
      { metadata: { presentation: "hosted" } },
      { kind: "processing" },
    ],
    [
      "in our form, whose secret was withheld",
      { metadata: embedded, client_secret: null },
      { kind: "processing" },
    ],
    [
      "that must act, with nothing to show",
      { status: "requires_action", client_secret: null },
      { kind: "in_doubt" },
    ],
    [
      "that must act in a way of tomorrow",
      { status: "requires_action", next_action: { type: "zz" } },
      { kind: "processing", evidence: { unrecognized: "next_action zz" } },
    ],
    [
      "asked for in the donor's app",
      { status: "requires_action", payment_method_types: ["mb_way"] },
      { kind: "processing" },
    ],
  ])("%s", (_what, fields, outcome) => {
    expect(intent(fields)).toMatchObject(outcome);
  });
});

describe("Stripe's page", () => {
  const complete = { status: "complete", payment_status: "paid" };
  test.each<[string, Fields, object]>([
    ["open without an address", { url: null }, { kind: "in_doubt" }],
    [
      "paid, its payment only named",
      { ...complete, payment_intent: "pi_1" },
      { kind: "captured", gatewayPaymentId: "pi_1", amount: money(50_000n, "MXN") },
    ],
    ["paid, and no amount told", { ...complete, amount_total: null }, { kind: "in_doubt" }],
    ["paid in no currency we know", { ...complete, currency: "zzz" }, { kind: "in_doubt" }],
    ["done and not paid yet", { ...complete, payment_status: "unpaid" }, { kind: "processing" }],
    [
      "done with a word of tomorrow",
      { ...complete, payment_status: "zz" },
      { kind: "processing", evidence: { unrecognized: "zz" } },
    ],
    ["whose status is nothing", { status: null }, { kind: "processing" }],
  ])("%s", (_what, fields, outcome) => {
    expect(session(fields)).toMatchObject(outcome);
  });
});

describe("a means of payment that is saved", () => {
  const noMethod = { payment_method: null, customer: null };
  const bankSaysNo = { code: "card_declined", decline_code: "insufficient_funds", type: "card_error" };
  test.each<[string, Fields, Fields | undefined, object]>([
    [
      "given, and only named",
      { payment_method: "pm_9" },
      undefined,
      { kind: "active", gatewayMandateId: "pm_9" },
    ],
    ["given, and nothing named", { payment_method: null }, undefined, { kind: "in_doubt" }],
    [
      "given, and nobody's any more",
      { payment_method: bodies.paymentMethod({ customer: null }) },
      undefined,
      { kind: "ended", rawCode: "detached" },
    ],
    [
      "under a mandate that is over",
      { mandate: bodies.mandate({ status: "inactive" }) },
      undefined,
      { kind: "ended", by: "bank" },
    ],
    [
      "under a mandate of a word of tomorrow",
      { mandate: bodies.mandate({ status: "zz" }) },
      undefined,
      { kind: "active", evidence: { unrecognized: "mandate zz" } },
    ],
    ["under way", { status: "processing" }, undefined, { kind: "pending" }],
    [
      "of a status of tomorrow",
      { status: "zz" },
      undefined,
      { kind: "pending", evidence: { unrecognized: "zz" } },
    ],
    [
      "given up",
      { status: "canceled", cancellation_reason: "abandoned" },
      undefined,
      { kind: "ended", by: "church", rawCode: "abandoned" },
    ],
    ["given up without a reason", { status: "canceled" }, undefined, { kind: "ended", rawCode: "canceled" }],
    [
      "waiting in our form",
      { ...noMethod, status: "requires_payment_method", metadata: embedded },
      undefined,
      { kind: "action_required", action: { type: "use_sdk" } },
    ],
    [
      "waiting on Stripe's page",
      { ...noMethod, status: "requires_payment_method" },
      {},
      { kind: "action_required", action: { type: "redirect" } },
    ],
    ["waiting nowhere", { ...noMethod, status: "requires_confirmation" }, undefined, { kind: "in_doubt" }],
    [
      "refused by the bank",
      { ...noMethod, status: "requires_payment_method", last_setup_error: bankSaysNo },
      undefined,
      { kind: "ended", by: "bank", rawCode: "insufficient_funds" },
    ],
    [
      "refused in words of tomorrow",
      {
        ...noMethod,
        status: "requires_payment_method",
        last_setup_error: { ...bankSaysNo, decline_code: "zz" },
      },
      undefined,
      { kind: "ended", evidence: { unrecognized: expect.stringContaining("zz") } },
    ],
    [
      "that must act, on Stripe's page",
      { status: "requires_action" },
      {},
      { kind: "action_required", action: { type: "redirect" } },
    ],
    [
      "that must act, with nothing to show",
      { status: "requires_action", client_secret: null },
      undefined,
      { kind: "in_doubt" },
    ],
    [
      "that must act, on a page that is closed",
      { status: "requires_action", client_secret: null },
      { status: "complete" },
      { kind: "in_doubt" },
    ],
    [
      "that must act in a way of tomorrow",
      { status: "requires_action", next_action: { type: "zz" } },
      undefined,
      { kind: "pending", evidence: { unrecognized: "next_action zz" } },
    ],
  ])("%s", (_what, fields, onPage, outcome) => {
    expect(saving(fields, onPage)).toMatchObject(outcome);
  });

  test.each<[string, Fields, object]>([
    ["open", {}, { kind: "action_required", gatewayMandateId: "cs_test_setup" }],
    ["open without an address", { url: null }, { kind: "in_doubt" }],
    [
      "done",
      { status: "complete", setup_intent: bodies.setupIntent() },
      { kind: "active", gatewayMandateId: "pm_1" },
    ],
    ["done, and only named", { status: "complete", setup_intent: "seti_1" }, { kind: "in_doubt" }],
    ["over", { status: "expired" }, { kind: "ended", by: "gateway" }],
    ["of nothing", { status: null }, { kind: "pending", evidence: { unrecognized: "session null" } }],
    ["of a word of tomorrow", { status: "zz" }, { kind: "pending" }],
  ])("on Stripe's page, %s", (_what, fields, outcome) => {
    expect(page(fields)).toMatchObject(outcome);
  });

  test.each<[Fields, object]>([
    [
      { customer: null, card: { brand: "Visa", last4: "4242", exp_month: 4, exp_year: 2030 } },
      { display: "Visa 4242", network: "visa", expiresOn: "2030-04" },
    ],
    [{ card: { brand: "visa" } }, { network: "visa", customerRef: "cus_1" }],
    [{ card: null, us_bank_account: { last4: "6789" } }, { display: "bank 6789" }],
    [{ card: null, acss_debit: { bank_name: "RBC", last4: "6789" } }, { display: "RBC 6789" }],
    [{ card: null, sepa_debit: { last4: "3000" } }, { display: "sepa 3000" }],
    [{ card: null, bacs_debit: { last4: "2345" } }, { display: "bacs 2345" }],
    [{ card: null }, { customerRef: "cus_1" }],
  ])("shows of %o what the donor knows it by", (fields, shown) => {
    const { customerRef: _, ...told } = instrumentOf(paymentMethodSchema.parse(bodies.paymentMethod(fields)));
    const { customerRef: __, ...expected } = shown as { customerRef?: string };
    expect(told).toEqual(expected);
  });

  test.each([
    ["active", "active", undefined],
    ["pending", "active", undefined],
    ["inactive", "ended", undefined],
    ["zz", "active", "mandate zz"],
  ])("the bank's word %s: %s", (status, kind, unrecognized) => {
    const told = mandateOutcome(mandateSchema.parse(bodies.mandate({ status })), "pm_1");
    expect([told.kind, told.evidence.unrecognized]).toEqual([kind, unrecognized]);
  });
});

describe("what the donor is to do", () => {
  const step = (next_action: object | null, more: object = {}) =>
    nextStep(
      {
        client_secret: "s",
        metadata: {},
        next_action: next_action && nextActionSchema.parse(next_action),
        ...more,
      },
      "pk",
    );
  const secretless = { client_secret: null };
  const transfer = (fields: Fields) => ({
    type: "display_bank_transfer_instructions",
    display_bank_transfer_instructions: {
      ...bodies.clabe().display_bank_transfer_instructions,
      ...fields,
    },
  });

  test.each<[string, object | null, object, object]>([
    ["nothing, in our form", null, {}, { kind: "action", action: { type: "use_sdk" } }],
    ["nothing, and no secret", null, secretless, { kind: "unreadable" }],
    ["the form's own step", { type: "use_stripe_sdk" }, {}, { action: { type: "use_sdk" } }],
    ["the form's own step, and no secret", { type: "use_stripe_sdk" }, secretless, { kind: "unreadable" }],
    [
      "another page",
      { type: "redirect_to_url", redirect_to_url: { url: "https://x.test" } },
      {},
      { action: { type: "redirect", url: "https://x.test" } },
    ],
    [
      "another page, from our form",
      { type: "redirect_to_url", redirect_to_url: { url: "https://x.test" } },
      { metadata: embedded },
      { action: { type: "use_sdk" } },
    ],
    [
      "another page, from our form without a secret",
      { type: "redirect_to_url", redirect_to_url: { url: "https://x.test" } },
      { metadata: embedded, ...secretless },
      { action: { type: "redirect" } },
    ],
    [
      "another page without an address",
      { type: "redirect_to_url", redirect_to_url: { url: null } },
      {},
      { kind: "unreadable" },
    ],
    [
      "a voucher without a number",
      { type: "oxxo_display_details", oxxo_display_details: { number: null, expires_after: 1 } },
      {},
      { kind: "unreadable" },
    ],
    [
      "a voucher without a page",
      { type: "oxxo_display_details", oxxo_display_details: { number: "1", expires_after: 1 } },
      {},
      { action: { type: "display_voucher", reference: "1" } },
    ],
    [
      "a boleto of another length, and no page",
      { type: "boleto_display_details", boleto_display_details: { number: "123", expires_at: 1 } },
      {},
      { action: { type: "display_voucher", reference: "123" } },
    ],
    [
      "a boleto without a number",
      { type: "boleto_display_details", boleto_display_details: { number: null, expires_at: 1 } },
      {},
      { kind: "unreadable" },
    ],
    [
      "a Multibanco without an entity",
      {
        type: "multibanco_display_details",
        multibanco_display_details: { entity: null, reference: "1", expires_at: 1 },
      },
      {},
      { kind: "unreadable" },
    ],
    [
      "a Multibanco without a page",
      {
        type: "multibanco_display_details",
        multibanco_display_details: { entity: "1", reference: "123456789", expires_at: 1 },
      },
      {},
      { action: { reference: "123 456 789", payee: "1" } },
    ],
    [
      "a transfer to nowhere",
      transfer({ financial_addresses: [{ type: "zz" }] }),
      {},
      { kind: "unreadable" },
    ],
    ["a transfer of nothing told", transfer({ amount_remaining: null }), {}, { kind: "unreadable" }],
    [
      "a transfer without reference and page",
      transfer({ reference: null, hosted_instructions_url: null }),
      {},
      { action: { type: "display_bank_transfer", amountRemaining: money(50_000n, "MXN") } },
    ],
    [
      "a transfer told of without a word",
      { type: "display_bank_transfer_instructions" },
      {},
      { kind: "unreadable" },
    ],
    ["small deposits without a word", { type: "verify_with_microdeposits" }, {}, { kind: "unreadable" }],
    ["small deposits", bodies.microdeposits, {}, { action: { type: "redirect" } }],
  ])("%s", (_what, action, more, told) => {
    expect(step(action, more)).toMatchObject(told);
  });
});

describe("an event", () => {
  const { adapter } = stripeOn(routes({}));
  const read = (type: string, object: object) => {
    const body = new TextEncoder().encode(JSON.stringify(bodies.event(type, object)));
    return adapter.webhooks.read({ headers: {}, body, target: "" });
  };
  const attempt = newId("attempt");
  const ours = { attempt_id: attempt };

  test.each<[string, string, object, object]>([
    ["of a page of nobody's", "checkout.session.completed", bodies.session(), { kind: "ignored" }],
    [
      "of a page that failed, of nobody's",
      "checkout.session.async_payment_failed",
      bodies.session(),
      { kind: "ignored" },
    ],
    [
      "of a page that failed, its payment named",
      "checkout.session.async_payment_failed",
      bodies.session({ metadata: ours, payment_intent: "pi_1" }),
      { kind: "attempt_hint", subject: { gatewayPaymentId: "pi_1" } },
    ],
    [
      "of a page that failed, its payment whole",
      "checkout.session.async_payment_failed",
      bodies.session({ metadata: ours, payment_intent: bodies.intent() }),
      { kind: "attempt_hint", subject: { gatewayPaymentId: "pi_1" } },
    ],
    [
      "of a page that failed without a payment",
      "checkout.session.async_payment_failed",
      bodies.session({ metadata: ours }),
      { kind: "attempt_hint", subject: { gatewayPaymentId: "cs_test_1" } },
    ],
    [
      "of a page that was paid for nothing we can read",
      "checkout.session.completed",
      bodies.session({ metadata: ours, status: "complete", payment_status: "paid", amount_total: null }),
      { kind: "attempt_changed", outcome: { kind: "in_doubt" } },
    ],
    [
      "of a card that got a later month",
      "payment_method.updated",
      bodies.paymentMethod({ card: { brand: "visa", last4: "1", exp_month: 1, exp_year: 2031 } }),
      { kind: "mandate_changed", outcome: { kind: "active", expiresOn: "2031-01" } },
    ],
    [
      "of a card that is nobody's",
      "payment_method.automatically_updated",
      bodies.paymentMethod({ customer: null }),
      { kind: "ignored" },
    ],
    [
      "of a refund of tomorrow's status",
      "refund.updated",
      bodies.refund({ status: "zz" }),
      { kind: "refund_changed", status: "processing" },
    ],
    [
      "of a refund of no status",
      "refund.updated",
      bodies.refund({ status: null }),
      { kind: "refund_changed", status: "processing" },
    ],
    [
      "of a surplus sent back",
      "refund.updated",
      bodies.refund({ payment_intent: null }),
      { kind: "ignored" },
    ],
    [
      "of a dispute of tomorrow's status",
      "charge.dispute.updated",
      bodies.dispute({ status: "zz", evidence_details: null }),
      { kind: "dispute_changed", status: "needs_response" },
    ],
    [
      "of a dispute of no payment",
      "charge.dispute.updated",
      bodies.dispute({ payment_intent: null }),
      { kind: "ignored" },
    ],
    [
      "of a movement of tomorrow",
      "customer_cash_balance_transaction.created",
      bodies.cashTransaction({ type: "zz" }),
      { kind: "ignored" },
    ],
    [
      "of a permission of nobody's",
      "setup_intent.succeeded",
      bodies.setupIntent({ metadata: {} }),
      { kind: "ignored" },
    ],
    [
      "of a permission that cannot be read",
      "setup_intent.succeeded",
      bodies.setupIntent({ payment_method: null }),
      { kind: "mandate_changed", gatewayMandateId: "seti_1" },
    ],
  ])("%s", (_what, type, object, told) => {
    expect(read(type, object)).toMatchObject({ ok: true, value: [told] });
  });

  test.each([
    "checkout.session.completed",
    "checkout.session.async_payment_failed",
    "payment_method.updated",
    "payment_method.detached",
    "mandate.updated",
    "setup_intent.succeeded",
    "refund.updated",
    "charge.dispute.updated",
    "charge.updated",
    "customer_cash_balance_transaction.created",
  ])("%s without what it is about cannot be read", (type) => {
    expect(read(type, { id: "zz" })).toMatchObject({ ok: false });
  });
});
