import type { z } from "zod";
import type { EventSubject, GatewayEvent } from "../../src/gateway/webhook.ts";
import { type AttemptId, parseId } from "../../src/kernel/ids.ts";
import { add, isPositive, type Money, zero } from "../../src/kernel/money.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { fromStripeAmount } from "./amounts.ts";
import { cashMovement, chargeStage, disputeStatus, refundStage } from "./codes.ts";
import { instrumentOf, mandateOutcome, setupOutcome } from "./translate-mandate.ts";
import { fromUnix, intentOutcome, needsSession, sessionOutcome, type View } from "./translate-outcome.ts";
import {
  cashTransactionSchema,
  chargeSchema,
  disputeSchema,
  metadataKeys,
  paymentIntentSchema,
  refundSchema,
  sessionSchema,
  type WireDispute,
  type WireEvent,
  type WirePaymentIntent,
} from "./wire.ts";
import { mandateSchema, paymentMethodSchema, setupIntentSchema } from "./wire-mandate.ts";

type Read = Result<readonly GatewayEvent[], string>;
type Reader = (event: WireEvent, publishableKey: string) => Read;

/**
 * Which events say something, and how each is read. A type that is not here is `ignored`: Stripe sends whatever
 * the endpoint was subscribed to. Objects that carry no attempt of ours (a church may use its account for other
 * things too) are `ignored` as well; refunds and disputes name only the intent, so the core has to know them.
 */
const readers: ReadonlyMap<string, Reader> = new Map([
  ["payment_intent.succeeded", intentChanged],
  ["payment_intent.payment_failed", intentChanged],
  ["payment_intent.canceled", intentChanged],
  ["payment_intent.processing", intentChanged],
  ["payment_intent.requires_action", intentChanged],
  ["payment_intent.partially_funded", intentChanged],
  ["payment_intent.amount_capturable_updated", intentChanged],
  ["charge.updated", chargeUpdated],
  ["checkout.session.completed", sessionChanged],
  ["checkout.session.async_payment_succeeded", sessionChanged],
  ["checkout.session.async_payment_failed", sessionFailed],
  ["checkout.session.expired", sessionChanged],
  ["refund.created", refundChanged],
  ["refund.updated", refundChanged],
  ["refund.failed", refundChanged],
  ["charge.refund.updated", refundChanged],
  ["charge.dispute.created", disputeChanged],
  ["charge.dispute.updated", disputeChanged],
  ["charge.dispute.closed", disputeChanged],
  ["charge.dispute.funds_withdrawn", disputeChanged],
  ["charge.dispute.funds_reinstated", disputeChanged],
  ["customer_cash_balance_transaction.created", cashMoved],
  ["setup_intent.succeeded", setupChanged],
  ["setup_intent.setup_failed", setupChanged],
  ["setup_intent.canceled", setupChanged],
  ["mandate.updated", mandateUpdated],
  ["payment_method.detached", methodDetached],
  ["payment_method.updated", methodUpdated],
  ["payment_method.automatically_updated", methodUpdated],
]);

/** For the endpoint's subscription list: the event types this adapter reads. */
export const readEventTypes: readonly string[] = [...readers.keys()];

/** The facts inside one event. `Err` when the object does not have the shape its type promises. */
export function readEvent(event: WireEvent, publishableKey: string): Read {
  const reader = readers.get(event.type);
  return reader ? reader(event, publishableKey) : ignored(event);
}

const ignored = (event: WireEvent): Read => ok([{ kind: "ignored", type: event.type }]);

const malformed = (event: WireEvent): Read => err(`${event.type} does not have the shape Stripe documents`);

function objectOf<S extends z.ZodType>(schema: S, event: WireEvent): z.output<S> | undefined {
  const read = schema.safeParse(event.data.object);
  return read.success ? read.data : undefined;
}

function attemptIn(metadata: Readonly<Record<string, string>>): AttemptId | undefined {
  return parseId("attempt", metadata[metadataKeys.attempt]);
}

const viewOf = (event: WireEvent, publishableKey: string): View => ({
  publishableKey,
  asOf: fromUnix(event.created),
  evidence: {},
});

const subject = (gatewayPaymentId: string, attemptId: AttemptId): EventSubject => ({
  gatewayPaymentId,
  attemptId,
});

/**
 * The intent as it was at the event. An unfinished one of Stripe's own page, or one whose next step cannot be
 * shown from this body alone, is only a hint: the look-up reaches its session.
 */
function intentChanged(event: WireEvent, publishableKey: string): Read {
  const intent = objectOf(paymentIntentSchema, event);
  if (!intent) return malformed(event);
  const attemptId = attemptIn(intent.metadata);
  if (!attemptId) return ignored(event);
  const about = subject(intent.id, attemptId);
  if (needsSession(intent) || withoutSecret(intent)) return ok([{ kind: "attempt_hint", subject: about }]);
  return ok([
    {
      kind: "attempt_changed",
      subject: about,
      outcome: intentOutcome(intent, viewOf(event, publishableKey)),
    },
  ]);
}

const withoutSecret = (intent: WirePaymentIntent): boolean =>
  intent.metadata[metadataKeys.presentation] === "embedded" &&
  !intent.client_secret &&
  intent.status.startsWith("requires_");

/** Stripe tells by this event, some seconds after the capture, that the fee is known. */
function chargeUpdated(event: WireEvent): Read {
  const charge = objectOf(chargeSchema, event);
  if (!charge) return malformed(event);
  const attemptId = attemptIn(charge.metadata);
  const stage = chargeStage(charge.status);
  if (!attemptId || !charge.payment_intent || stage === "pending" || stage === "failed")
    return ignored(event);
  return ok([{ kind: "attempt_hint", subject: subject(charge.payment_intent, attemptId) }]);
}

/** `completed` may be unpaid (a bank debit under way); the session's own payment status decides. */
function sessionChanged(event: WireEvent, publishableKey: string): Read {
  const session = objectOf(sessionSchema, event);
  if (!session) return malformed(event);
  const attemptId = attemptIn(session.metadata);
  if (!attemptId) return ignored(event);
  const outcome = sessionOutcome(session, viewOf(event, publishableKey));
  const id =
    "gatewayPaymentId" in outcome && outcome.gatewayPaymentId ? outcome.gatewayPaymentId : session.id;
  return ok([{ kind: "attempt_changed", subject: subject(id, attemptId), outcome }]);
}

/** The session does not say why; the intent does. */
function sessionFailed(event: WireEvent): Read {
  const session = objectOf(sessionSchema, event);
  if (!session) return malformed(event);
  const attemptId = attemptIn(session.metadata);
  if (!attemptId) return ignored(event);
  const intent = session.payment_intent;
  const id = typeof intent === "string" ? intent : (intent?.id ?? session.id);
  return ok([{ kind: "attempt_hint", subject: subject(id, attemptId) }]);
}

function refundChanged(event: WireEvent): Read {
  const refund = objectOf(refundSchema, event);
  const amount = refund && fromStripeAmount(refund.amount, refund.currency);
  if (!refund || !amount) return malformed(event);
  // A surplus sent back from a donor's cash balance belongs to no payment; the cash balance event books it.
  if (!refund.payment_intent) return ignored(event);
  const refundId = parseId("refund", refund.metadata[metadataKeys.refund]);
  return ok([
    {
      kind: "refund_changed",
      subject: { gatewayPaymentId: refund.payment_intent },
      gatewayRefundId: refund.id,
      ...(refundId ? { refundId } : {}),
      amount,
      // A status of tomorrow waits; the refund's own look-up raises the alert.
      status: refundStage(refund.status ?? "") ?? "processing",
    },
  ]);
}

function disputeChanged(event: WireEvent): Read {
  const dispute = objectOf(disputeSchema, event);
  const amount = dispute && fromStripeAmount(dispute.amount, dispute.currency);
  if (!dispute || !amount) return malformed(event);
  if (!dispute.payment_intent) return ignored(event);
  const fee = disputeFee(dispute);
  const due = dispute.evidence_details?.due_by;
  return ok([
    {
      kind: "dispute_changed",
      subject: { gatewayPaymentId: dispute.payment_intent },
      gatewayDisputeId: dispute.id,
      amount,
      ...(fee ? { fee } : {}),
      // A status of tomorrow is shown as one a person must look at.
      status: disputeStatus(dispute.status) ?? "needs_response",
      fundsWithdrawn: fundsWithdrawn(dispute, event.type),
      ...(due ? { evidenceDueAt: fromUnix(due) } : {}),
      rawReason: dispute.reason,
    },
  ]);
}

/** Stripe lists what it booked for the dispute: withdrawn while the sum of it is negative. */
function fundsWithdrawn(dispute: WireDispute, type: string): boolean {
  if (type === "charge.dispute.funds_withdrawn") return true;
  if (type === "charge.dispute.funds_reinstated") return false;
  const booked = dispute.balance_transactions.reduce((sum, one) => sum + one.amount, 0);
  return dispute.balance_transactions.length > 0 ? booked < 0 : dispute.status === "lost";
}

/**
 * What Stripe has charged so far for handling the dispute, net of what it gave back: the dispute's total, the
 * same on every event until it changes. Only in the dispute's currency.
 */
function disputeFee(dispute: WireDispute): Money | undefined {
  const fees = dispute.balance_transactions
    .filter((one) => one.currency === dispute.currency)
    .map((one) => fromStripeAmount(one.fee, one.currency))
    .filter((fee) => fee !== undefined);
  const [first] = fees;
  if (!first) return undefined;
  const total = fees.reduce(add, zero(first.currency));
  return isPositive(total) ? total : undefined;
}

function cashMoved(event: WireEvent): Read {
  const moved = objectOf(cashTransactionSchema, event);
  const amount = moved && fromStripeAmount(Math.abs(moved.net_amount), moved.currency);
  if (!moved || !amount) return malformed(event);
  const direction = cashMovement(moved.type);
  if (direction === undefined || direction === "ignored") return ignored(event);
  return ok([
    { kind: "funds_moved", customerRef: moved.customer, gatewayTransactionId: moved.id, direction, amount },
  ]);
}

/** A permission was asked for by us: given, refused, or given up. */
function setupChanged(event: WireEvent, publishableKey: string): Read {
  const intent = objectOf(setupIntentSchema, event);
  if (!intent) return malformed(event);
  const reference = intent.metadata[metadataKeys.recurring];
  if (reference === undefined) return ignored(event);
  const outcome = setupOutcome(intent, { publishableKey, evidence: {} });
  const gatewayMandateId = "gatewayMandateId" in outcome ? outcome.gatewayMandateId : intent.id;
  return ok([{ kind: "mandate_changed", gatewayMandateId, reference, outcome }]);
}

/** The donor's bank (or the scheme) changed a mandate; it names the payment method, as we do. */
function mandateUpdated(event: WireEvent): Read {
  const mandate = objectOf(mandateSchema, event);
  if (!mandate?.payment_method) return malformed(event);
  const id = mandate.payment_method;
  return ok([{ kind: "mandate_changed", gatewayMandateId: id, outcome: mandateOutcome(mandate, id) }]);
}

/** The card network (or somebody) gave a saved card a new number or a later month: it goes on being charged. */
function methodUpdated(event: WireEvent): Read {
  const method = objectOf(paymentMethodSchema, event);
  if (!method) return malformed(event);
  if (method.customer === undefined) return ignored(event);
  const outcome = {
    kind: "active",
    gatewayMandateId: method.id,
    ...instrumentOf(method),
    evidence: {},
  } as const;
  return ok([{ kind: "mandate_changed", gatewayMandateId: method.id, outcome }]);
}

/** Somebody took the saved card or account away from its customer: us, or the church in Stripe's dashboard. */
function methodDetached(event: WireEvent): Read {
  const method = objectOf(paymentMethodSchema, event);
  if (!method) return malformed(event);
  const outcome = {
    kind: "ended",
    gatewayMandateId: method.id,
    by: "church",
    rawCode: "detached",
    evidence: {},
  } as const;
  return ok([{ kind: "mandate_changed", gatewayMandateId: method.id, outcome }]);
}
