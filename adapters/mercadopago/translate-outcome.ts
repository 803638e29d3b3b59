import type { MethodType } from "../../src/gateway/methods.ts";
import type { CollectOutcome, Evidence, GatewayFee } from "../../src/gateway/payment.ts";
import { after, days, minutes } from "../../src/kernel/clock.ts";
import { add, compare, isPositive, isZero, type Money, subtract, zero } from "../../src/kernel/money.ts";
import { exhaustive } from "../../src/kernel/result.ts";
import { fromDecimal, optionalDecimal } from "./amounts.ts";
import { declineOf, expiredByItself, isSilence, readStatus } from "./codes.ts";
import { evidenceOf } from "./evidence.ts";
import { flowOf } from "./method-codes.ts";
import { actionOf, challengeAction } from "./translate-action.ts";
import type { WirePayment } from "./wire.ts";

/** What translation needs to know besides the body. */
export type View = {
  readonly method: MethodType;
  readonly publicKey: string;
  readonly asOf: Date;
  readonly evidence: Evidence;
};

/** "Less than 2 business days", the gateway says of a review; four days survive a weekend. */
const reviewMs = days(4);
/** A bank answers within minutes or not at all. */
const bankMs = minutes(5);

/** One of the eight answers from a payment; every documented status has a branch (see `codes.ts`). */
export function paymentOutcome(payment: WirePayment, view: View): CollectOutcome {
  const { stage, unrecognized } = readStatus(payment.status, payment.status_detail);
  const rawStatus = payment.status_detail ? `${payment.status}/${payment.status_detail}` : payment.status;
  const told = unrecognized === undefined ? {} : { unrecognized };
  const evidence: Evidence = { ...view.evidence, rawStatus, ...told };
  const gatewayPaymentId = payment.id;
  const seen = { evidence, gatewayPaymentId };
  const unreadable = { ...seen, kind: "in_doubt", cause: "unreadable_answer" } as const;
  const amount = fromDecimal(payment.transaction_amount, payment.currency_id);
  if (!amount) return unreadable;
  switch (stage) {
    case "paid":
      return captured(payment, amount, view, evidence);
    case "held":
      return { ...seen, kind: "authorized", amount, expiresAt: after(createdAt(payment, view), days(5)) };
    case "waits_for_donor": {
      const action = actionOf(payment, view.method, amount, view.asOf);
      return action ? { ...seen, kind: "action_required", action } : unreadable;
    }
    case "waits": {
      const challenge = challengeAction(payment, view.publicKey);
      if (challenge) return { ...seen, kind: "action_required", action: challenge };
      const dueMs = flowOf(view.method, "hosted")?.kind === "bank_redirect" ? bankMs : reviewMs;
      return { ...seen, kind: "processing", answerDueAt: after(view.asOf, dueMs) };
    }
    case "refused": {
      if (ranOut(payment, view)) return { ...seen, kind: "voided", expired: true };
      const { decline, unrecognized: word } = declineOf(payment.status_detail);
      const told = { ...evidence, rawCode: decline.rawCode, ...evidenceOf({ unrecognized: word }) };
      return { kind: "declined", gatewayPaymentId, decline, evidence: told };
    }
    case "closed":
      return { ...seen, kind: "voided", expired: expiredByItself(payment.status_detail) };
    default:
      return exhaustive(stage);
  }
}

/**
 * A bank that was never answered: the donor closed its page, the gateway waited its time and then rejected the payment
 * (facts: methods §10.6). Nobody said no, so it has expired. Rejected sooner, the bank itself was in the way.
 */
function ranOut(payment: WirePayment, view: View): boolean {
  const flow = flowOf(view.method, "hosted");
  if (flow?.kind !== "bank_redirect" || !isSilence(payment.status_detail)) return false;
  const { date_created: from, date_last_updated: to } = payment;
  return !!from && !!to && Date.parse(to) - Date.parse(from) >= flow.lastsMs;
}

const createdAt = (payment: WirePayment, view: View): Date =>
  payment.date_created ? new Date(payment.date_created) : view.asOf;

function captured(payment: WirePayment, asked: Money, view: View, evidence: Evidence): CollectOutcome {
  const amount = arrived(payment, asked);
  if (!amount) {
    return {
      kind: "in_doubt",
      gatewayPaymentId: payment.id,
      cause: "unreadable_answer",
      evidence,
    };
  }
  const fee = feeOf(payment, amount);
  return {
    kind: "captured",
    gatewayPaymentId: payment.id,
    amount,
    ...(fee ? { fee } : {}),
    capturedAt: payment.date_approved ? new Date(payment.date_approved) : view.asOf,
    funding: "direct",
    evidence,
  };
}

/**
 * What really came: what the donor paid (and a coupon of the gateway's with it) where that is less than was asked,
 * and what they paid over. More than was asked in `total_paid_amount` is the interest of instalments, which the
 * donor's bank keeps.
 */
function arrived(payment: WirePayment, asked: Money): Money | undefined {
  const told = payment.transaction_details;
  const currency = asked.currency;
  const coupon = optionalDecimal(payment.coupon_amount, currency) ?? zero(currency);
  const over = optionalDecimal(told?.overpaid_amount, currency) ?? zero(currency);
  const paid = optionalDecimal(told?.total_paid_amount, currency);
  const counted = paid && isPositive(paid) ? add(paid, coupon) : asked;
  const due = compare(counted, asked) < 0 ? counted : asked;
  return isPositive(due) && coupon.minor >= 0n && over.minor >= 0n ? add(due, over) : undefined;
}

/**
 * What the gateway kept: what arrived less what it credited; taxes it took along are in it, and named where the
 * payment lists them. Unknown until it says what it credited, and after a refund, which changes that figure.
 */
function feeOf(payment: WirePayment, amount: Money): GatewayFee | undefined {
  const { currency } = amount;
  const net = optionalDecimal(payment.transaction_details?.net_received_amount, currency);
  const refunded = optionalDecimal(payment.transaction_amount_refunded, currency);
  // A tiny gift may cost more than it brings; nothing at all is what a payment says before it has been credited.
  if (!net || isZero(net) || (refunded && isPositive(refunded))) return undefined;
  const kept = subtract(amount, net);
  if (kept.minor < 0n) return undefined;
  const taxes = (payment.charges_details ?? [])
    .filter((charge) => charge.type === "tax" && charge.accounts?.from === "collector")
    .map((charge) => optionalDecimal(charge.amounts?.original, currency) ?? zero(currency))
    .reduce(add, zero(currency));
  return { amount: kept, tax: compare(taxes, kept) > 0 ? zero(currency) : taxes };
}
