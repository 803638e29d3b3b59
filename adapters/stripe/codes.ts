import type Stripe from "stripe";
import type { Decline, RefundOutcome, RetryAdvice } from "../../src/gateway/payment.ts";
import type { SettlementLine } from "../../src/gateway/settlement.ts";
import type { GatewayEvent } from "../../src/gateway/webhook.ts";
import { declineVerdict } from "./decline-codes.ts";
import { errorVerdict, type Published } from "./error-codes.ts";

/**
 * Stripe's words and ours, as tables. Each is checked against the words stripe 23.1.0 publishes, so an SDK
 * update that adds one fails the type check; a word that arrives at run time and is not here is `undefined`,
 * and its caller answers `processing` (or the nearest waiting state) with `evidence.unrecognized`.
 */

/** What an intent's status asks of us; `translate-outcome.ts` fills in the details. */
export type IntentStage = "open" | "confirm" | "act" | "wait" | "held" | "paid" | "dead";

const intentStages = {
  requires_payment_method: "open",
  requires_confirmation: "confirm",
  requires_action: "act",
  processing: "wait",
  requires_capture: "held",
  succeeded: "paid",
  canceled: "dead",
} as const satisfies Record<Published<Stripe.PaymentIntent.Status>, IntentStage>;

/** The same of an intent that saves a means of payment. */
export type SetupStage = "open" | "confirm" | "act" | "wait" | "done" | "dead";

const setupStages = {
  requires_payment_method: "open",
  requires_confirmation: "confirm",
  requires_action: "act",
  processing: "wait",
  succeeded: "done",
  canceled: "dead",
} as const satisfies Record<Published<Stripe.SetupIntent.Status>, SetupStage>;

/** Whether a mandate may still be used; a Bacs mandate may be from the day it was given. */
const mandateStates = {
  active: true,
  inactive: false,
  pending: true,
} as const satisfies Record<Published<Stripe.Mandate.Status>, boolean>;

/** Whether a cancellation was Stripe's clock (`true`) or somebody's wish. */
const cancellationExpired = {
  abandoned: false,
  automatic: true,
  duplicate: false,
  expired: true,
  failed_invoice: false,
  fraudulent: false,
  requested_by_customer: false,
  void_invoice: false,
} as const satisfies Record<Published<Stripe.PaymentIntent.CancellationReason>, boolean>;

/** A charge's status, read only for what was tried; money follows the intent, never the charge. */
const chargeStages = {
  failed: "failed",
  pending: "pending",
  succeeded: "succeeded",
} as const satisfies Record<Published<Stripe.Charge.Status>, "failed" | "pending" | "succeeded">;

const sessionStages = {
  open: "open",
  complete: "complete",
  expired: "expired",
} as const satisfies Record<Published<Stripe.Checkout.Session.Status>, "open" | "complete" | "expired">;

const sessionPayments = {
  paid: "paid",
  unpaid: "unpaid",
  no_payment_required: "unpaid",
} as const satisfies Record<Published<Stripe.Checkout.Session.PaymentStatus>, "paid" | "unpaid">;

type RefundStage = Extract<RefundOutcome["kind"], "succeeded" | "processing" | "action_required" | "failed">;
const refundStages: Readonly<Record<string, RefundStage>> = {
  pending: "processing",
  requires_action: "action_required",
  succeeded: "succeeded",
  failed: "failed",
  canceled: "failed",
};

type DisputeStatus = Extract<GatewayEvent, { kind: "dispute_changed" }>["status"];
/** An inquiry that closes without a chargeback, and a dispute the networks prevented, leave the gift in place. */
const disputeStatuses = {
  needs_response: "needs_response",
  warning_needs_response: "needs_response",
  appeal_needs_response: "needs_response",
  under_review: "under_review",
  warning_under_review: "under_review",
  appeal_under_review: "under_review",
  won: "won",
  warning_closed: "won",
  prevented: "won",
  lost: "lost",
} as const satisfies Record<Published<Stripe.Dispute.Status>, DisputeStatus>;

/** Which way money went on a donor's cash balance; `ignored` is movement between the balance and a payment. */
const cashMovements = {
  funded: "received",
  return_initiated: "returned",
  // A return that Stripe took back: the money is on the balance again.
  return_canceled: "received",
  funding_reversed: "returned",
  adjusted_for_overdraft: "ignored",
  applied_to_payment: "ignored",
  refunded_from_payment: "ignored",
  transferred_to_balance: "ignored",
  unapplied_from_payment: "ignored",
} as const satisfies Record<
  Published<Stripe.CustomerCashBalanceTransaction.Type>,
  "received" | "returned" | "ignored"
>;

type LineKind = SettlementLine["kind"];
const lineKinds = {
  adjustment: "adjustment",
  advance: "other",
  advance_funding: "other",
  anticipation_repayment: "other",
  application_fee: "other",
  application_fee_refund: "other",
  charge: "capture",
  climate_order_purchase: "other",
  climate_order_refund: "other",
  connect_collection_transfer: "other",
  contribution: "other",
  fee_credit_funding: "fee",
  inbound_transfer: "other",
  inbound_transfer_reversal: "other",
  issuing_authorization_hold: "other",
  issuing_authorization_release: "other",
  issuing_dispute: "other",
  issuing_dispute_provisional_credit: "other",
  issuing_dispute_provisional_credit_reversal: "other",
  issuing_transaction: "other",
  obligation_outbound: "other",
  obligation_reversal_inbound: "other",
  payment: "capture",
  payment_failure_refund: "refund",
  payment_network_reserve_hold: "other",
  payment_network_reserve_release: "other",
  payment_refund: "refund",
  payment_reversal: "refund",
  payment_unreconciled: "other",
  payout: "payout",
  payout_cancel: "payout_failed",
  payout_failure: "payout_failed",
  payout_minimum_balance_hold: "other",
  payout_minimum_balance_release: "other",
  refund: "refund",
  refund_failure: "refund_failed",
  reserve_hold: "other",
  reserve_release: "other",
  reserve_transaction: "other",
  reserved_funds: "other",
  stripe_balance_payment_debit: "other",
  stripe_balance_payment_debit_reversal: "other",
  stripe_fee: "fee",
  stripe_fx_fee: "fee",
  tax_fee: "fee",
  tax_fund: "other",
  topup: "other",
  topup_reversal: "other",
  transfer: "other",
  transfer_cancel: "other",
  transfer_failure: "other",
  transfer_refund: "other",
} as const satisfies Record<Published<Stripe.BalanceTransaction.Type>, LineKind>;

/** A table as a look-up that admits it may not know the word. */
function reader<V>(table: Readonly<Record<string, V>>): (word: string) => V | undefined {
  const entries = new Map(Object.entries(table));
  return (word) => entries.get(word);
}

export const setupStage = reader<SetupStage>(setupStages);
export const mandateUsable = reader<boolean>(mandateStates);
export const intentStage = reader<IntentStage>(intentStages);
export const expiredByStripe = reader<boolean>(cancellationExpired);
export const chargeStage = reader<"failed" | "pending" | "succeeded">(chargeStages);
export const sessionStage = reader<"open" | "complete" | "expired">(sessionStages);
export const sessionPayment = reader<"paid" | "unpaid">(sessionPayments);
export const refundStage = reader<RefundStage>(refundStages);
export const disputeStatus = reader<DisputeStatus>(disputeStatuses);
export const cashMovement = reader<"received" | "returned" | "ignored">(cashMovements);
const lineKindByType = reader<LineKind>(lineKinds);

/** Dispute money is booked as an `adjustment`; only the reporting category says which way it went. */
export function lineKind(type: string, reportingCategory: string | undefined): LineKind {
  if (reportingCategory === "dispute") return "dispute";
  if (reportingCategory === "dispute_reversal") return "dispute_reversal";
  return lineKindByType(type) ?? "other";
}

const adviceCodes: ReadonlyMap<string, RetryAdvice> = new Map([
  ["do_not_try_again", "new_method"],
  ["try_again_later", "later"],
  ["confirm_card_data", "fix_details"],
]);

/** The parts of Stripe's error that say why the bank refused. */
export type DeclineWords = {
  readonly code?: string | null | undefined;
  readonly decline_code?: string | null | undefined;
  readonly advice_code?: string | null | undefined;
  /** What the network itself said: Mastercard's merchant advice code, and the issuer's answer. */
  readonly network_advice_code?: string | null | undefined;
  readonly network_decline_code?: string | null | undefined;
};

/**
 * A decline in our closed set. The decline code speaks before the error code; an unknown one becomes
 * `declined_generic` and is returned as `unrecognized`. Stripe's advice code overrides the table's advice,
 * except that it never makes a `never` retryable.
 */
export function declineOf(words: DeclineWords): { decline: Decline; unrecognized?: string } {
  const rawCode = words.decline_code || words.code || "unknown";
  const byError = errorVerdict(words.code ?? "");
  const verdict =
    declineVerdict(words.decline_code ?? "") ??
    declineVerdict(words.code ?? "") ??
    (byError?.as === "declined" ? byError : undefined);
  const known = declineVerdict(rawCode) !== undefined || errorVerdict(rawCode) !== undefined;
  const retry = verdict?.retry ?? "new_method";
  const advised = adviceCodes.get(words.advice_code ?? "");
  const decline: Decline = {
    reason: verdict?.reason ?? "declined_generic",
    retry: retry === "never" ? "never" : (advised ?? retry),
    ...(words.network_advice_code ? { adviceCode: words.network_advice_code } : {}),
    ...(words.network_decline_code ? { networkCode: words.network_decline_code } : {}),
    rawCode,
  };
  return known ? { decline } : { decline, unrecognized: rawCode };
}
