import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type { NeverSeen, RefundHandle, RefundOrder, RefundOutcome } from "../../src/gateway/payment.ts";
import { type Answer, type Ask, ask, deadline, type PaypalAccount } from "./client.ts";
import { refundStage } from "./codes.ts";
import { getCapture, getOrder } from "./orders.ts";
import { type Failure, rawCodeOf, unread } from "./translate-errors.ts";
import { writtenAmount } from "./translate-order.ts";
import { refundSchema, type WireRefund } from "./wire.ts";

/**
 * Gives money back, in whole or in part, within 180 days of the capture. What PayPal refuses outright (balance too
 * low, time over, an open case) is `refused`. The refund's id is also its invoice number, so that PayPal itself
 * refuses to send it twice, long after the request id is forgotten (45 days).
 */
export async function refund(
  account: PaypalAccount,
  order: RefundOrder,
  call: GatewayCall,
): Promise<RefundOutcome> {
  const amount = writtenAmount(order.amount);
  if (!amount.ok) return { kind: "refused", problem: amount.error, evidence: {} };
  const answer = await ask(account, refundSchema, { call }, ({ payments }, options) =>
    payments.refundCapturedPayment(
      {
        captureId: order.gatewayPaymentId,
        paypalRequestId: call.idempotencyKey,
        prefer: "return=representation",
        body: { amount: { ...amount.value }, customId: order.refundId, invoiceId: order.refundId },
      },
      options,
    ),
  );
  return answer.ok ? refundOutcome(answer) : refundFailure(answer.failure);
}

/** A refund's status; one we do not know waits as `processing`, with an alert. */
function refundOutcome(answer: Answer<WireRefund> & { ok: true }): RefundOutcome {
  const { id: gatewayRefundId, status, status_details } = answer.value;
  const seen = { ...answer.evidence, rawStatus: status };
  const stage = refundStage(status);
  if (stage === undefined) {
    return { kind: "processing", gatewayRefundId, evidence: { ...seen, unrecognized: status } };
  }
  if (stage === "failed") {
    return { kind: "failed", gatewayRefundId, rawCode: status_details?.reason ?? status, evidence: seen };
  }
  return { kind: stage, gatewayRefundId, evidence: seen };
}

function refundFailure(failure: Failure): RefundOutcome {
  if (failure.kind !== "declined") return failure;
  // The refund's own number was used before: it was made, and a look-up tells what became of it.
  if (failure.decline.reason === "duplicate") return unread(failure);
  return { kind: "failed", rawCode: rawCodeOf(failure), evidence: failure.evidence };
}

/**
 * What became of a refund. Without PayPal's id it is found among the refunds of the capture's order by the
 * `custom_id` we gave it.
 */
export async function lookupRefund(
  account: PaypalAccount,
  handle: RefundHandle,
  call: GatewayCall,
): Promise<RefundOutcome | NeverSeen> {
  const about: Ask = { call, signal: deadline(call) };
  const known = handle.gatewayRefundId;
  if (known !== undefined) return readRefund(account, known, about);
  const taken = await getCapture(account, handle.gatewayPaymentId, about);
  if (!taken.ok) return unread(taken.failure);
  const orderId = taken.value.supplementary_data?.related_ids?.order_id;
  if (orderId === undefined) {
    return {
      kind: "in_doubt",
      cause: "gateway_error",
      evidence: { ...taken.evidence, rawCode: "no_order_id" },
    };
  }
  const order = await getOrder(account, orderId, about);
  if (!order.ok) return unread(order.failure);
  const refunds = order.value.purchase_units.flatMap((unit) => unit.payments?.refunds ?? []);
  const match = refunds.find((one) => one.custom_id === handle.refundId);
  return match
    ? refundOutcome({ ok: true, value: match, evidence: order.evidence })
    : { kind: "never_seen", evidence: order.evidence };
}

async function readRefund(account: PaypalAccount, refundId: string, about: Ask): Promise<RefundOutcome> {
  const answer = await ask(account, refundSchema, about, ({ payments }, options) =>
    payments.getRefund({ refundId }, options),
  );
  return answer.ok ? refundOutcome(answer) : unread(answer.failure);
}
