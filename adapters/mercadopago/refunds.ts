import { PaymentRefund } from "mercadopago";
import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type {
  NeverSeen,
  RefundHandle,
  RefundOrder,
  RefundOutcome,
  Refusal,
} from "../../src/gateway/payment.ts";
import { minutes } from "../../src/kernel/clock.ts";
import { type RefundId, uuidOf } from "../../src/kernel/ids.ts";
import { equals } from "../../src/kernel/money.ts";
import type { Account } from "./account.ts";
import { fromDecimal, toDecimal } from "./amounts.ts";
import { type Answer, ask } from "./client.ts";
import { refundStage } from "./codes.ts";
import { isPaymentId } from "./find-attempt.ts";
import { type Failure, unknown } from "./translate-errors.ts";
import { refundSchema, refundsSchema, type WireRefund } from "./wire.ts";

/** A Pix refund may then say that it is on its way, instead of keeping us waiting (facts: methods §4). */
const mayBeInProcess = { "X-Render-In-Process-Refunds": "true" };

/**
 * Gives money back; the seller's balance must suffice. The amount is always said, so that what somebody gave back in
 * the gateway's panel meanwhile is never given twice; where only whole refunds exist, none is said.
 */
export async function refund(
  account: Account,
  order: RefundOrder,
  call: GatewayCall,
): Promise<RefundOutcome> {
  const whole = equals(order.amount, order.refundable);
  const amount = toDecimal(order.amount);
  if (!amount.ok) return refused("invalid_request", "amount_unrepresentable", amount.error);
  if (account.site.refunds === "full" && !whole) {
    return refused("unsupported", "whole_refunds_only", "here a gift can only be given back whole");
  }
  if (!isPaymentId(order.gatewayPaymentId)) {
    return refused("invalid_request", "not_paid", "the page was never paid");
  }
  const body = account.site.refunds === "full" ? {} : { amount: amount.value };
  const about = { call, key: call.idempotencyKey, headers: mayBeInProcess };
  const answer = await ask(account, refundSchema, about, (config) =>
    new PaymentRefund(config).create({ payment_id: order.gatewayPaymentId, body }),
  );
  return answer.ok ? refundOutcome(answer) : refundFailure(answer.failure);
}

const refused = (reason: Refusal["reason"], rawCode: string, detail: string): RefundOutcome => ({
  kind: "refused",
  problem: { reason, rawCode, detail },
  evidence: {},
});

/** A refund's status; one we do not know waits as `processing`, with an alert. */
function refundOutcome({ value, evidence }: Answer<WireRefund> & { ok: true }): RefundOutcome {
  const status = value.status ?? "";
  const seen = { ...evidence, rawStatus: status };
  const stage = refundStage(status);
  const gatewayRefundId = value.id;
  if (stage === undefined) {
    return { kind: "processing", gatewayRefundId, evidence: { ...seen, unrecognized: `refund ${status}` } };
  }
  if (stage === "failed") return { kind: "failed", gatewayRefundId, rawCode: status, evidence: seen };
  return { kind: stage, gatewayRefundId, evidence: seen };
}

function refundFailure(failure: Failure): RefundOutcome {
  if (failure.kind !== "declined") return failure;
  return { kind: "failed", rawCode: failure.decline.rawCode, evidence: failure.evidence };
}

/** How far the gateway's clock may be from ours. */
const skewMs = minutes(2);
const bornAt = (id: RefundId): number => Number.parseInt(uuidOf(id).replaceAll("-", "").slice(0, 12), 16);

/**
 * What became of a refund. The gateway keeps no word of ours with it, so that one whose answer was lost is found by
 * its amount and by not being older than our own: the only such one is ours. With none of that amount it was never
 * made; with several, or one of another time, nobody can tell and a person must look.
 */
export async function lookupRefund(
  account: Account,
  handle: RefundHandle,
  call: GatewayCall,
): Promise<RefundOutcome | NeverSeen> {
  const { gatewayPaymentId: payment_id, gatewayRefundId: refund_id } = handle;
  if (refund_id !== undefined) {
    const answer = await ask(account, refundSchema, { call }, (config) =>
      new PaymentRefund(config).get({ payment_id, refund_id }),
    );
    return answer.ok ? refundOutcome(answer) : unknown(answer.failure);
  }
  const listed = await ask(account, refundsSchema, { call }, (config) =>
    new PaymentRefund(config).list({ payment_id }),
  );
  if (!listed.ok) return unknown(listed.failure);
  const same = listed.value.filter((one) => {
    const amount = fromDecimal(one.amount, handle.amount.currency);
    return amount && equals(amount, handle.amount);
  });
  if (same.length === 0) return { kind: "never_seen", evidence: listed.evidence };
  const since = bornAt(handle.refundId) - skewMs;
  const young = same.filter((one) => one.date_created && Date.parse(one.date_created) >= since);
  const [mine] = young;
  if (mine && young.length === 1) return refundOutcome({ ...listed, value: mine });
  const evidence = { ...listed.evidence, rawCode: "several_refunds_alike" };
  return { kind: "in_doubt", cause: "unreadable_answer", evidence };
}
