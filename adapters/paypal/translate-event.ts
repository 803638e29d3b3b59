import type { z } from "zod";
import type { EventSubject, GatewayEvent } from "../../src/gateway/webhook.ts";
import { type AttemptId, parseId } from "../../src/kernel/ids.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { fromPaypalAmount } from "./amounts.ts";
import { refundStage } from "./codes.ts";
import { displayOf } from "./mandates.ts";
import { disputeEvent } from "./translate-dispute.ts";
import { captureOutcome, orderOutcome, type View } from "./translate-outcome.ts";
import {
  approvalReversedSchema,
  captureSchema,
  disputeSchema,
  orderSchema,
  paymentTokenSchema,
  refundSchema,
  type WireEvent,
  type WireLinks,
} from "./wire.ts";

type Read = Result<readonly GatewayEvent[], string>;
type Reader = (event: WireEvent) => Read;

/**
 * Which events say something, and how each is read (facts: methods §5). A type that is not here is `ignored`:
 * PayPal sends whatever the webhook was subscribed to. Objects without a `custom_id` of ours (a church may use its
 * account for other things too, and older APIs write other bodies) are `ignored` as well.
 *
 * An approval is told as the outcome `authorized`, never as a hint: the core then asks PayPal and captures only for
 * an attempt that is still waiting, so that a late or repeated notice never takes money for one that was given up.
 *
 * `PAYMENT.CAPTURE.REVERSED` is a hint and books nothing: money that PayPal takes back always has a case, whose own
 * events tell it, and a settlement line of its own.
 */
const readers: ReadonlyMap<string, Reader> = new Map([
  ["CHECKOUT.ORDER.APPROVED", orderChanged],
  ["CHECKOUT.ORDER.COMPLETED", orderChanged],
  ["CHECKOUT.ORDER.VOIDED", orderChanged],
  ["CHECKOUT.PAYMENT-APPROVAL.REVERSED", approvalReversed],
  ["PAYMENT.CAPTURE.COMPLETED", captureChanged],
  ["PAYMENT.CAPTURE.PENDING", captureChanged],
  ["PAYMENT.CAPTURE.DENIED", captureChanged],
  ["PAYMENT.CAPTURE.DECLINED", captureChanged],
  ["PAYMENT.CAPTURE.REFUNDED", refundChanged],
  ["PAYMENT.CAPTURE.REVERSED", captureReversed],
  ["PAYMENT.REFUND.PENDING", refundChanged],
  ["PAYMENT.REFUND.FAILED", refundChanged],
  ["CUSTOMER.DISPUTE.CREATED", disputeChanged],
  ["CUSTOMER.DISPUTE.UPDATED", disputeChanged],
  ["CUSTOMER.DISPUTE.RESOLVED", disputeChanged],
  ["VAULT.PAYMENT-TOKEN.CREATED", permissionGiven],
  ["VAULT.PAYMENT-TOKEN.DELETED", permissionEnded],
]);

/** For the webhook's subscription list: the event types this adapter reads. */
export const readEventTypes: readonly string[] = [...readers.keys()];

/** The facts inside one event. `Err` when the object does not have the shape its type promises. */
export function readEvent(event: WireEvent): Read {
  const reader = readers.get(event.event_type);
  return reader ? reader(event) : ignored(event);
}

const ignored = (event: WireEvent): Read => ok([{ kind: "ignored", type: event.event_type }]);
const malformed = (event: WireEvent): Read =>
  err(`${event.event_type} does not have the shape PayPal documents`);

function objectOf<S extends z.ZodType>(schema: S, event: WireEvent): z.output<S> | undefined {
  const read = schema.safeParse(event.resource);
  return read.success ? read.data : undefined;
}

const attemptIn = (customId: string | undefined): AttemptId | undefined => parseId("attempt", customId);

const viewOf = (event: WireEvent): View => ({ asOf: event.create_time, evidence: {} });

const subject = (gatewayPaymentId: string, attemptId: AttemptId | undefined): EventSubject => ({
  gatewayPaymentId,
  ...(attemptId ? { attemptId } : {}),
});

/** Whether the object names an attempt of ours at all, before its whole shape is judged. */
const isOurs = (event: WireEvent): boolean => {
  const named = event.resource.custom_id;
  return typeof named === "string" && attemptIn(named) !== undefined;
};

function orderChanged(event: WireEvent): Read {
  const order = objectOf(orderSchema, event);
  if (!order) return malformed(event);
  const attemptId = attemptIn(order.purchase_units[0]?.custom_id);
  if (!attemptId) return ignored(event);
  const outcome = orderOutcome(order, viewOf(event));
  const id = "gatewayPaymentId" in outcome ? (outcome.gatewayPaymentId ?? order.id) : order.id;
  return ok([{ kind: "attempt_changed", subject: subject(id, attemptId), outcome }]);
}

/** The donor had approved, we never captured, and PayPal has given the approval up. */
function approvalReversed(event: WireEvent): Read {
  const told = objectOf(approvalReversedSchema, event);
  if (!told) return malformed(event);
  const attemptId = attemptIn(told.purchase_units[0]?.custom_id);
  const evidence = { rawStatus: event.event_type };
  return ok([
    {
      kind: "attempt_changed",
      subject: subject(told.order_id, attemptId),
      outcome: { kind: "voided", gatewayPaymentId: told.order_id, expired: true, evidence },
    },
  ]);
}

function captureChanged(event: WireEvent): Read {
  if (!isOurs(event)) return ignored(event);
  const capture = objectOf(captureSchema, event);
  if (!capture) return malformed(event);
  const outcome = captureOutcome(capture, viewOf(event));
  const attemptId = attemptIn(capture.custom_id);
  return ok([{ kind: "attempt_changed", subject: subject(capture.id, attemptId), outcome }]);
}

const upLink = /\/v2\/payments\/captures\/([A-Za-z0-9]+)$/;

/** A refund names its capture only by its link `up`. */
function captureIdIn(links: WireLinks): string | undefined {
  const up = links.find((link) => link.rel === "up")?.href ?? "";
  return upLink.exec(up)?.[1];
}

/** The resource is the refund, also of one made in PayPal's own pages. */
function refundChanged(event: WireEvent): Read {
  const refund = objectOf(refundSchema, event);
  const captureId = refund && captureIdIn(refund.links);
  if (!refund || captureId === undefined) return ignored(event);
  const amount = refund.amount && fromPaypalAmount(refund.amount.value, refund.amount.currency_code);
  if (!amount) return malformed(event);
  const refundId = parseId("refund", refund.custom_id);
  const failed = event.event_type === "PAYMENT.REFUND.FAILED";
  return ok([
    {
      kind: "refund_changed",
      subject: subject(captureId, attemptIn(refund.custom_id)),
      gatewayRefundId: refund.id,
      ...(refundId ? { refundId } : {}),
      amount,
      status: failed ? "failed" : (refundStage(refund.status) ?? "processing"),
    },
  ]);
}

function captureReversed(event: WireEvent): Read {
  const reversal = objectOf(refundSchema, event);
  const captureId = reversal && captureIdIn(reversal.links);
  if (!reversal || captureId === undefined) return ignored(event);
  return ok([{ kind: "attempt_hint", subject: subject(captureId, attemptIn(reversal.custom_id)) }]);
}

function disputeChanged(event: WireEvent): Read {
  const dispute = objectOf(disputeSchema, event);
  if (!dispute) return malformed(event);
  const told = disputeEvent(dispute);
  return told.ok ? ok(told.value ? [told.value] : [{ kind: "ignored", type: event.event_type }]) : told;
}

function permissionGiven(event: WireEvent): Read {
  const token = objectOf(paymentTokenSchema, event);
  if (!token) return malformed(event);
  const reference = token.customer?.merchant_customer_id;
  const display = displayOf(token);
  return ok([
    {
      kind: "mandate_changed",
      gatewayMandateId: token.id,
      ...(reference === undefined ? {} : { reference }),
      outcome: {
        kind: "active",
        gatewayMandateId: token.id,
        ...(display === undefined ? {} : { display }),
        evidence: { rawStatus: event.event_type },
      },
    },
  ]);
}

/** Also sent when we deleted it ourselves; the mandate is then over already, by the church. */
function permissionEnded(event: WireEvent): Read {
  const token = objectOf(paymentTokenSchema, event);
  if (!token) return malformed(event);
  const evidence = { rawStatus: event.event_type };
  const outcome = {
    kind: "ended",
    gatewayMandateId: token.id,
    by: "donor",
    rawCode: event.event_type,
    evidence,
  } as const;
  return ok([{ kind: "mandate_changed", gatewayMandateId: token.id, outcome }]);
}
