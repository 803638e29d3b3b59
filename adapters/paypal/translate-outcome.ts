import type { CollectOutcome, DonorAction, Evidence } from "../../src/gateway/payment.ts";
import { after, days, hours } from "../../src/kernel/clock.ts";
import { exhaustive } from "../../src/kernel/result.ts";
import { fromPaypalAmount } from "./amounts.ts";
import { captureStage, declineOf, orderStage, pendingTime } from "./codes.ts";
import type { WireAmount, WireCapture, WireLinks, WireOrder } from "./wire.ts";

/** What translation needs to know besides the body. */
export type View = {
  /** When the body was true: the call's `now` for an answer, the event's instant for a webhook. */
  readonly asOf: Date;
  readonly evidence: Evidence;
};

type Seen = { readonly evidence: Evidence; readonly customerRef?: string };

/** An order can be approved, and an approved one captured, for three hours (facts: methods §5). */
const orderLives = hours(3);
/** An account may have the three hours prolonged to 72; after that an order is gone for certain. */
export const orderGoneAfter = hours(72);

const moneyIn = (amount: WireAmount | undefined) =>
  amount && fromPaypalAmount(amount.value, amount.currency_code);

/**
 * One of the eight answers from an order. Its capture, once there is one, decides alone: an order that is
 * `COMPLETED` with a pending capture is not paid. From then on the capture's id is the payment's: refunds,
 * disputes and settlement lines name the capture and never the order.
 */
export function orderOutcome(order: WireOrder, view: View): CollectOutcome {
  const capture = captureOf(order);
  const customer = customerIn(order);
  const seen: Seen = {
    evidence: { ...view.evidence, rawStatus: order.status },
    ...(customer === undefined ? {} : { customerRef: customer }),
  };
  if (capture) {
    const told = captureOutcome(capture, view);
    return customer === undefined ? told : { customerRef: customer, ...told };
  }
  const id = order.id;
  const stage = orderStage(order.status);
  switch (stage) {
    case "approve":
      return awaitingApproval(order, view, seen);
    case "approved":
      return approved(order, view, seen);
    case "captured":
      return { ...seen, kind: "in_doubt", gatewayPaymentId: id, cause: "unreadable_answer" };
    case "dead":
      return { ...seen, kind: "voided", gatewayPaymentId: id, expired: false };
    case undefined:
      return {
        ...seen,
        evidence: { ...seen.evidence, unrecognized: order.status },
        kind: "processing",
        gatewayPaymentId: id,
        answerDueAt: after(view.asOf, days(1)),
      };
    default:
      return exhaustive(stage);
  }
}

const rank = { paid: 0, wait: 1, declined: 2 } as const;

/** An order takes money once; a try that was declined may stand beside the one that went through. */
function captureOf(order: WireOrder): WireCapture | undefined {
  const all = order.purchase_units.flatMap((unit) => unit.payments?.captures ?? []);
  const ranked = all.map((capture) => ({ capture, at: rank[captureStage(capture.status) ?? "wait"] }));
  return ranked.sort((a, b) => a.at - b.at)[0]?.capture;
}

/** PayPal's id of the donor, where the donor let their account be kept for later gifts. */
function customerIn(order: WireOrder): string | undefined {
  const sources = Object.values(order.payment_source ?? {});
  return sources.map((source) => source.attributes?.vault?.customer?.id).find((id) => id !== undefined);
}

/** Where the donor goes on: `payer-action` when a payment source was named, else `approve`. */
export function approvalUrl(links: WireLinks): string | undefined {
  const href = (rel: string) => links.find((link) => link.rel === rel)?.href;
  const found = href("payer-action") ?? href("approve");
  return found !== undefined && /^https?:\/\//.test(found) ? found : undefined;
}

function awaitingApproval(order: WireOrder, view: View, seen: Seen): CollectOutcome {
  const expiresAt = after(order.create_time ?? view.asOf, orderLives);
  if (expiresAt <= view.asOf) return { ...seen, kind: "voided", gatewayPaymentId: order.id, expired: true };
  const url = approvalUrl(order.links);
  if (url === undefined) {
    return { ...seen, kind: "in_doubt", gatewayPaymentId: order.id, cause: "unreadable_answer" };
  }
  const action: DonorAction = { type: "redirect", url, expiresAt };
  return { ...seen, kind: "action_required", gatewayPaymentId: order.id, action };
}

function approved(order: WireOrder, view: View, seen: Seen): CollectOutcome {
  const amount = moneyIn(order.purchase_units[0]?.amount);
  if (!amount) return { ...seen, kind: "in_doubt", gatewayPaymentId: order.id, cause: "unreadable_answer" };
  const expiresAt = after(order.update_time ?? order.create_time ?? view.asOf, orderLives);
  return { ...seen, kind: "authorized", gatewayPaymentId: order.id, amount, expiresAt };
}

/** One of the eight answers from a capture. */
export function captureOutcome(capture: WireCapture, view: View): CollectOutcome {
  const reason = capture.status_details?.reason;
  const rawStatus = reason === undefined ? capture.status : `${capture.status}/${reason}`;
  const seen: Seen = { evidence: { ...view.evidence, rawStatus } };
  const stage = captureStage(capture.status);
  switch (stage) {
    case "paid":
      return paid(capture, view, seen);
    case "wait":
      return waiting(capture, view, seen, reason);
    case "declined":
      return declined(capture, seen, reason);
    case undefined:
      return waiting(capture, view, seen, capture.status);
    default:
      return exhaustive(stage);
  }
}

function paid(capture: WireCapture, view: View, seen: Seen): CollectOutcome {
  const gatewayPaymentId = capture.id;
  const amount = moneyIn(capture.amount);
  if (!amount) return { ...seen, kind: "in_doubt", gatewayPaymentId, cause: "unreadable_answer" };
  const kept = moneyIn(capture.seller_receivable_breakdown?.paypal_fee);
  // PayPal does not say how much of its fee is tax; a fee in another currency is left to the settlement lines.
  const fee =
    kept && kept.currency === amount.currency ? { amount: kept, tax: { ...kept, minor: 0n } } : undefined;
  return {
    ...seen,
    kind: "captured",
    gatewayPaymentId,
    amount,
    ...(fee ? { fee } : {}),
    capturedAt: capture.create_time ?? view.asOf,
    funding: "direct",
  };
}

function waiting(capture: WireCapture, view: View, seen: Seen, reason: string | undefined): CollectOutcome {
  const time = pendingTime(reason ?? "OTHER");
  const told = time === undefined && reason !== undefined ? { unrecognized: reason } : {};
  return {
    ...seen,
    evidence: { ...seen.evidence, ...told },
    kind: "processing",
    gatewayPaymentId: capture.id,
    answerDueAt: after(capture.create_time ?? view.asOf, time ?? days(1)),
  };
}

function declined(capture: WireCapture, seen: Seen, reason: string | undefined): CollectOutcome {
  const { decline, unrecognized } = declineOf({
    responseCode: capture.processor_response?.response_code,
    adviceCode: capture.processor_response?.payment_advice_code,
    reason,
    status: capture.status,
  });
  const told = unrecognized === undefined ? {} : { unrecognized };
  return {
    ...seen,
    evidence: { ...seen.evidence, rawCode: decline.rawCode, ...told },
    kind: "declined",
    gatewayPaymentId: capture.id,
    decline,
  };
}
