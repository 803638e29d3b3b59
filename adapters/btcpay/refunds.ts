import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type { NeverSeen, RefundHandle, RefundOrder, RefundOutcome } from "../../src/gateway/payment.ts";
import { isPositive, type Money } from "../../src/kernel/money.ts";
import { decimal, fromBtcpayAmount, signOf, subtractDecimals, sumDecimals } from "./amounts.ts";
import { type Answer, type Ask, asker, inStore, pageAt, type Store } from "./client.ts";
import { payoutStage } from "./codes.ts";
import type { Failure } from "./translate-errors.ts";
import { refundBody } from "./translate-order.ts";
import {
  payoutsSchema,
  pullPaymentSchema,
  pullPaymentsSchema,
  type WirePayout,
  type WirePullPayment,
} from "./wire.ts";

/**
 * Coins cannot be pulled back: a refund is a pull payment the donor claims with an address of theirs, and the church's
 * wallet pays. It is `action_required` until then, with the claim page's link (`viewLink`): that is money to whoever
 * holds it, so it is in no evidence.
 */
export async function refund(store: Store, order: RefundOrder, call: GatewayCall): Promise<RefundOutcome> {
  const ask = asker(store, call);
  const body = refundBody(order);
  if (!body || !isPositive(order.amount)) {
    const detail = "the amount or the method is none BTCPay can give back";
    return {
      kind: "refused",
      problem: { reason: "invalid_request", rawCode: "amount_unrepresentable", detail },
      evidence: {},
    };
  }
  const earlier = await findPullPayment(ask, store, order.refundId);
  if (!earlier.ok) return earlier.failure;
  const made = earlier.value
    ? { ok: true as const, value: earlier.value, evidence: earlier.evidence }
    : await ask(pullPaymentSchema, {
        method: "POST",
        path: inStore(store, `/invoices/${encodeURIComponent(order.gatewayPaymentId)}/refund`),
        body,
      });
  return made.ok ? claimed({ ask, store, now: call.now }, made.value, order.amount) : made.failure;
}

export async function lookupRefund(
  store: Store,
  handle: RefundHandle,
  call: GatewayCall,
): Promise<RefundOutcome | NeverSeen> {
  const ask = asker(store, call);
  const known = handle.gatewayRefundId;
  const answer: Answer<WirePullPayment | undefined> =
    known === undefined
      ? await findPullPayment(ask, store, handle.refundId)
      : await ask(pullPaymentSchema, {
          method: "GET",
          path: `/api/v1/pull-payments/${encodeURIComponent(known)}`,
        });
  if (!answer.ok) return unread(answer.failure);
  return answer.value
    ? claimed({ ask, store, now: call.now }, answer.value, handle.amount)
    : { kind: "never_seen", evidence: answer.evidence };
}

/** BTCPay lists all pull payments of a store at once; ours is the one named by the refund. */
async function findPullPayment(
  ask: Ask,
  store: Store,
  refundId: string,
): Promise<Answer<WirePullPayment | undefined>> {
  const answer = await ask(pullPaymentsSchema, {
    method: "GET",
    path: inStore(store, "/pull-payments?includeArchived=true"),
  });
  if (!answer.ok) return answer;
  return { ...answer, value: answer.value.find(({ name }) => name === refundId) };
}

type Inquiry = { readonly ask: Ask; readonly store: Store; readonly now: Date };

/** How far the donor's claim is. */
async function claimed(
  { ask, store, now }: Inquiry,
  pull: WirePullPayment,
  asked: Money,
): Promise<RefundOutcome> {
  const gatewayRefundId = pull.id;
  const expired = pull.expiresAt ? pull.expiresAt * 1000 <= now.getTime() : false;
  const claimUrl = pull.archived || expired ? undefined : pageAt(pull.viewLink, store.url);
  const open = { kind: "action_required", gatewayRefundId, ...(claimUrl ? { claimUrl } : {}) } as const;
  const answer = await ask(payoutsSchema, {
    method: "GET",
    path: `/api/v1/pull-payments/${encodeURIComponent(pull.id)}/payouts?includeCancelled=true`,
  });
  // The refund exists, whatever became of the second question.
  if (!answer.ok) return { ...open, evidence: answer.failure.evidence };
  const payouts = answer.value;
  const evidence = {
    ...answer.evidence,
    rawStatus: [
      pull.archived ? "archived" : expired ? "expired" : "open",
      ...payouts.map(({ state }) => state),
    ]
      .join("/")
      .slice(0, 100),
  };
  const strange = payouts.find(({ state }) => payoutStage(state) === undefined);
  if (strange) {
    return { kind: "processing", gatewayRefundId, evidence: { ...evidence, unrecognized: strange.state } };
  }
  const paid = payouts.filter(({ state }) => payoutStage(state) === "paid");
  if (covers(paid, pull, asked)) return { kind: "succeeded", gatewayRefundId, evidence };
  if (payouts.some(({ state }) => payoutStage(state) === "underway")) {
    return { kind: "processing", gatewayRefundId, evidence };
  }
  if (!pull.archived && !expired) return { ...open, evidence };
  // Closed in the dashboard, or out of time. A part that was paid before is a matter for a person.
  return paid.length > 0
    ? {
        kind: "processing",
        gatewayRefundId,
        evidence: { ...evidence, unrecognized: "closed, paid in part" },
      }
    : { kind: "failed", gatewayRefundId, rawCode: pull.archived ? "archived" : "expired", evidence };
}

/** Whether what was paid out is the whole refund, in the refund's own currency. */
function covers(paid: readonly WirePayout[], pull: WirePullPayment, asked: Money): boolean {
  const amount = decimal(pull.amount);
  const parts = paid
    .map(({ originalAmount }) => decimal(originalAmount))
    .filter((part) => part !== undefined);
  if (!amount || parts.length === 0) return false;
  const limit = fromBtcpayAmount(pull.amount, pull.currency);
  const whole = limit?.currency === asked.currency && limit.minor === asked.minor;
  return whole && signOf(subtractDecimals(sumDecimals(parts), amount)) >= 0;
}

/** A read that failed says nothing about the refund. */
function unread(failure: Failure): RefundOutcome {
  const cause = failure.kind === "refused" ? "gateway_error" : failure.cause;
  return { kind: "in_doubt", cause, evidence: failure.evidence };
}
