import type {
  CaptureIncompleteReason,
  CaptureStatus,
  OrderStatus,
  RefundStatus,
} from "@paypal/paypal-server-sdk";
import type { Decline, RefundOutcome } from "../../src/gateway/payment.ts";
import type { GatewayEvent } from "../../src/gateway/webhook.ts";
import { days } from "../../src/kernel/clock.ts";
import { issueVerdict } from "./issue-codes.ts";
import { adviceOf, processorVerdict } from "./processor-codes.ts";

/**
 * PayPal's words and ours, as tables. Those the SDK publishes are checked against it, so that an update which adds
 * one fails the type check; a word that arrives at run time and is not here is `undefined`, and its caller answers
 * `processing` (or the nearest waiting state) with `evidence.unrecognized`.
 */

/** What an order's status asks of us; `COMPLETED` says nothing of the money: its capture does. */
export type OrderStage = "approve" | "approved" | "captured" | "dead";

const orderStages = {
  CREATED: "approve",
  SAVED: "approve",
  PAYER_ACTION_REQUIRED: "approve",
  APPROVED: "approved",
  COMPLETED: "captured",
  VOIDED: "dead",
} as const satisfies Record<`${OrderStatus}`, OrderStage>;

/** A capture that was refunded had been paid: the refunds are rows of their own. */
export type CaptureStage = "paid" | "wait" | "declined";

const captureStages = {
  COMPLETED: "paid",
  PARTIALLY_REFUNDED: "paid",
  REFUNDED: "paid",
  PENDING: "wait",
  DECLINED: "declined",
  FAILED: "declined",
} as const satisfies Record<`${CaptureStatus}`, CaptureStage>;

/**
 * How long a capture may stay pending, by its reason, before someone should look. Bank-funded money takes up to
 * six business days; a review about a day; what waits for the church's own hand (accept the payment, verify the
 * account, open a balance in the currency) is given back by PayPal after thirty days (PayPal docs "Pending
 * payments"; the figures are ours where the page gives none).
 */
const pendingFor = {
  ECHECK: days(8),
  TRANSACTION_APPROVED_AWAITING_FUNDING: days(8),
  PENDING_REVIEW: days(3),
  DECLINED_BY_RISK_FRAUD_FILTERS: days(3),
  OTHER: days(7),
  UNILATERAL: days(30),
  INTERNATIONAL_WITHDRAWAL: days(30),
  RECEIVING_PREFERENCE_MANDATES_MANUAL_ACTION: days(30),
  VERIFICATION_REQUIRED: days(30),
  BUYER_COMPLAINT: days(30),
  CHARGEBACK: days(30),
  REFUNDED: days(7),
} as const satisfies Record<`${CaptureIncompleteReason}`, number>;

type RefundStage = Extract<RefundOutcome["kind"], "succeeded" | "processing" | "failed">;

const refundStages = {
  COMPLETED: "succeeded",
  PENDING: "processing",
  FAILED: "failed",
  CANCELLED: "failed",
} as const satisfies Record<`${RefundStatus}`, RefundStage>;

/** A setup token on its way to a permission (Vault v3; the states are of the payment method tokens guide). */
export type SetupStage = "approve" | "approved" | "used";
const setupStages: Readonly<Record<string, SetupStage>> = {
  CREATED: "approve",
  PAYER_ACTION_REQUIRED: "approve",
  APPROVED: "approved",
  TOKENIZED: "used",
  VAULTED: "used",
};

type DisputeStatus = Extract<GatewayEvent, { kind: "dispute_changed" }>["status"];
/** `RESOLVED` is not here: its outcome decides. */
const disputeStatuses: Readonly<Record<string, DisputeStatus>> = {
  OPEN: "needs_response",
  WAITING_FOR_SELLER_RESPONSE: "needs_response",
  WAITING_FOR_BUYER_RESPONSE: "under_review",
  UNDER_REVIEW: "under_review",
  OTHER: "under_review",
};
/** `RESOLVED_WITH_PAYOUT`: PayPal pays the donor out of its own pocket and the gift stays. */
const disputeOutcomes: Readonly<Record<string, "won" | "lost">> = {
  RESOLVED_BUYER_FAVOUR: "lost",
  ACCEPTED: "lost",
  RESOLVED_SELLER_FAVOUR: "won",
  RESOLVED_WITH_PAYOUT: "won",
  CANCELED_BY_BUYER: "won",
  DENIED: "won",
  NONE: "won",
};

/** A table as a look-up that admits it may not know the word. */
function reader<V>(table: Readonly<Record<string, V>>): (word: string) => V | undefined {
  const entries = new Map(Object.entries(table));
  return (word) => entries.get(word);
}

export const orderStage = reader<OrderStage>(orderStages);
export const captureStage = reader<CaptureStage>(captureStages);
export const pendingTime = reader<number>(pendingFor);
export const refundStage = reader<RefundStage>(refundStages);
export const setupStage = reader<SetupStage>(setupStages);
export const disputeStatus = reader<DisputeStatus>(disputeStatuses);
export const disputeOutcome = reader<"won" | "lost">(disputeOutcomes);

/** The parts of a declined capture that say why. */
export type DeclineWords = {
  readonly responseCode?: string | undefined;
  readonly adviceCode?: string | undefined;
  /** `status_details.reason`. */
  readonly reason?: string | undefined;
  readonly status: string;
};

/**
 * Why a capture was declined, in our closed set: the bank's own code where there is one, else PayPal's reason. An
 * unknown word becomes `declined_generic` and is returned as `unrecognized`. The network's advice overrides the
 * table's, except that it never makes a `never` retryable.
 */
export function declineOf(words: DeclineWords): { decline: Decline; unrecognized?: string } {
  const rawCode = words.responseCode ?? words.reason ?? words.status;
  const bank = words.responseCode === undefined ? undefined : processorVerdict(words.responseCode);
  const issue = words.reason === undefined ? undefined : issueVerdict(words.reason);
  const byReason = issue?.as === "declined" ? issue : undefined;
  const verdict = bank ?? (words.responseCode === undefined ? byReason : undefined);
  const known = verdict !== undefined || (words.responseCode === undefined && isPendingWord(words.reason));
  const retry = verdict?.retry ?? "new_method";
  const advised = words.adviceCode === undefined ? undefined : adviceOf(words.adviceCode);
  const decline: Decline = {
    reason: verdict?.reason ?? "declined_generic",
    retry: retry === "never" ? "never" : (advised ?? retry),
    rawCode,
  };
  return known ? { decline } : { decline, unrecognized: rawCode };
}

/** A pending reason may stay on a capture that was declined afterwards; no reason at all is nothing new either. */
const isPendingWord = (reason: string | undefined): boolean =>
  reason === undefined || pendingTime(reason) !== undefined;
