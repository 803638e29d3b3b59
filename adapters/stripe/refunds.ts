import type Stripe from "stripe";
import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type { NeverSeen, RefundHandle, RefundOrder, RefundOutcome } from "../../src/gateway/payment.ts";
import { toStripeAmount } from "./amounts.ts";
import { type Answer, ask, reading, writing } from "./client.ts";
import { refundStage } from "./codes.ts";
import { isSessionId } from "./find-attempt.ts";
import type { Failure } from "./translate-errors.ts";
import { refundParams } from "./translate-order.ts";
import { listOf, metadataKeys, refundSchema, sessionSchema, type WireRefund } from "./wire.ts";

/** Gives money back. What Stripe refuses outright (already refunded, balance too low, disputed) is `refused`. */
export async function refund(stripe: Stripe, order: RefundOrder, call: GatewayCall): Promise<RefundOutcome> {
  const amount = toStripeAmount(order.amount);
  if (!amount.ok) {
    const problem = {
      reason: "invalid_request",
      rawCode: "amount_unrepresentable",
      detail: amount.error,
    } as const;
    return { kind: "refused", problem, evidence: {} };
  }
  const intent = await intentIdOf(stripe, order.gatewayPaymentId, call);
  // Nothing has been asked of Stripe but a read, so a lost answer means that no refund exists.
  if (!intent.ok) return refundFailure(notYetSent(intent.failure));
  const params = refundParams(order, amount.value, intent.value);
  const answer = await ask(refundSchema, { call }, () => stripe.refunds.create(params, writing(call)));
  return answer.ok ? refundOutcome(answer) : refundFailure(answer.failure);
}

const notYetSent = (failure: Failure): Failure =>
  failure.kind === "in_doubt" ? { ...failure, kind: "not_sent" } : failure;

/** A refund names the intent; an attempt on Stripe's page may only be known by its session. */
async function intentIdOf(stripe: Stripe, id: string, call: GatewayCall): Promise<Answer<string>> {
  if (!isSessionId(id)) return { ok: true, value: id, evidence: {} };
  const session = await ask(sessionSchema, { call }, () =>
    stripe.checkout.sessions.retrieve(id, {}, reading(call)),
  );
  if (!session.ok) return session;
  const intent = session.value.payment_intent;
  const intentId = typeof intent === "string" ? intent : intent?.id;
  if (intentId) return { ok: true, value: intentId, evidence: session.evidence };
  const problem = {
    reason: "invalid_request",
    rawCode: "not_paid",
    detail: "the session was never paid",
  } as const;
  return { ok: false, failure: { kind: "refused", problem, evidence: session.evidence } };
}

/** A refund's status; one we do not know waits as `processing`, with an alert. */
function refundOutcome(answer: Answer<WireRefund> & { ok: true }): RefundOutcome {
  const body = answer.value;
  const status = body.status ?? "null";
  const stage = refundStage(status);
  const seen = { ...answer.evidence, rawStatus: status };
  const gatewayRefundId = body.id;
  if (stage === undefined) {
    return { kind: "processing", gatewayRefundId, evidence: { ...seen, unrecognized: status } };
  }
  if (stage === "failed") {
    return { kind: "failed", gatewayRefundId, rawCode: body.failure_reason ?? status, evidence: seen };
  }
  return { kind: stage, gatewayRefundId, evidence: seen };
}

function refundFailure(failure: Failure): RefundOutcome {
  if (failure.kind !== "declined") return failure;
  return { kind: "failed", rawCode: failure.decline.rawCode, evidence: failure.evidence };
}

const refunds = listOf(refundSchema);
const pages = 10;

/**
 * What became of a refund. Without Stripe's id it is found among the payment's refunds by our `refund_id`: that
 * list (unlike search) shows a write at once, so not finding it there is believable as soon as the request
 * itself can no longer be under way.
 */
export async function lookupRefund(
  stripe: Stripe,
  handle: RefundHandle,
  call: GatewayCall,
): Promise<RefundOutcome | NeverSeen> {
  const known = handle.gatewayRefundId;
  if (known !== undefined) {
    const answer = await ask(refundSchema, { call }, () => stripe.refunds.retrieve(known, {}, reading(call)));
    return answer.ok ? refundOutcome(answer) : unread(answer.failure);
  }
  const intent = await intentIdOf(stripe, handle.gatewayPaymentId, call);
  if (!intent.ok) return unread(intent.failure);
  let cursor: { starting_after?: string } = {};
  for (let page = 0; page < pages; page++) {
    const params = { payment_intent: intent.value, limit: 100, ...cursor };
    const answer = await ask(refunds, { call }, () => stripe.refunds.list(params, reading(call)));
    if (!answer.ok) return unread(answer.failure);
    const match = answer.value.data.find((one) => one.metadata[metadataKeys.refund] === handle.refundId);
    if (match) return refundOutcome({ ok: true, value: match, evidence: answer.evidence });
    const last = answer.value.data.at(-1);
    if (!answer.value.has_more || !last) return { kind: "never_seen", evidence: answer.evidence };
    cursor = { starting_after: last.id };
  }
  return { kind: "in_doubt", cause: "gateway_error", evidence: { rawCode: "too_many_refunds" } };
}

/** A read that failed says nothing about the refund. */
function unread(failure: Failure): RefundOutcome {
  const cause = failure.kind === "in_doubt" || failure.kind === "not_sent" ? failure.cause : "gateway_error";
  return { kind: "in_doubt", cause, evidence: failure.evidence };
}
