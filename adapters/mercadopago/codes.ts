import type { Decline, DeclineReason, RetryAdvice } from "../../src/gateway/payment.ts";

/**
 * Mercado Pago's words and ours, as tables. A word that arrives and is not here is `undefined`, and its caller
 * answers with the nearest waiting state and `evidence.unrecognized`.
 */

/** What a payment's status asks of us (facts: methods §4; Mercado Pago OpenAPI, `Payment.status`). */
export type Stage = "paid" | "held" | "waits_for_donor" | "waits" | "refused" | "closed";

const stages: Readonly<Record<string, Stage>> = {
  approved: "paid",
  // The money came; what became of it since is told by refunds and disputes, which are rows of their own.
  in_mediation: "paid",
  refunded: "paid",
  charged_back: "paid",
  authorized: "held",
  pending: "waits_for_donor",
  in_process: "waits",
  rejected: "refused",
  cancelled: "closed",
  canceled: "closed",
};

/** `pending` for a reason the donor can do nothing about. */
const pendingElsewhere = new Set([
  "pending_review_manual",
  "pending_contingency",
  "pending_provider_response",
  "pending_waiting_for_remedy",
  "pending_capture",
  "in_process",
  "offline_process",
  "deferred_retry",
  // A 3-D Secure challenge that says nothing of where it is; the bank ends it by itself within minutes.
  "pending_challenge",
]);

const waitingForDonor = new Set(["pending_waiting_payment", "pending_waiting_transfer"]);

/** Details that go with a stage and say nothing more. */
const plainDetails: Readonly<Record<Exclude<Stage, "refused">, ReadonlySet<string>>> = {
  paid: new Set([
    "accredited",
    "partially_refunded",
    "refunded",
    "by_admin",
    "settled",
    "reimbursed",
    "in_process",
    "pending",
    "bpp_refunded",
    "bpp_covered",
  ]),
  held: new Set(["pending_capture"]),
  waits_for_donor: waitingForDonor,
  waits: pendingElsewhere,
  closed: new Set(["expired", "by_collector", "by_payer"]),
};

/** What is to be done about a payment, and the word of its status or detail that nobody has documented. */
export type Reading = { readonly stage: Stage; readonly unrecognized?: string };

/**
 * Reads status and detail together: `pending` means the donor's turn or somebody else's by its detail. A status of
 * tomorrow waits; a detail of tomorrow does not change what the status says.
 */
export function readStatus(status: string, detail: string): Reading {
  const stage = stages[status];
  if (stage === undefined) return { stage: "waits", unrecognized: status };
  if (stage === "waits_for_donor" && pendingElsewhere.has(detail)) return { stage: "waits" };
  if (stage === "refused" || detail === "" || plainDetails[stage].has(detail)) return { stage };
  return { stage, unrecognized: `${status}/${detail}` };
}

export const expiredByItself = (detail: string): boolean => detail === "expired";

type Verdict = { readonly reason: DeclineReason; readonly retry: RetryAdvice };
const because = (reason: DeclineReason, retry: RetryAdvice): Verdict => ({ reason, retry });

/**
 * Every documented `status_detail` of a rejected payment (facts: methods §8; Mercado Pago Developers "Payment
 * status"; OpenAPI `Payment.status_detail`; the last rows as Mercado Pago's own WooCommerce plugin lists them).
 */
const declines: Readonly<Record<string, Verdict>> = {
  cc_rejected_insufficient_amount: because("insufficient_funds", "new_method"),
  am_insufficient_amount: because("insufficient_funds", "new_method"),
  cc_rejected_bad_filled_date: because("card_expired", "fix_details"),
  cc_rejected_bad_filled_card_number: because("invalid_card_data", "fix_details"),
  cc_rejected_bad_filled_security_code: because("invalid_card_data", "fix_details"),
  cc_rejected_bad_filled_other: because("invalid_card_data", "fix_details"),
  cc_rejected_card_error: because("invalid_card_data", "new_method"),
  cc_rejected_3ds_challenge: because("authentication_required", "authenticate"),
  cc_rejected_3ds_mandatory: because("authentication_required", "new_method"),
  cc_rejected_call_for_authorize: because("call_issuer", "new_method"),
  rejected_call_for_authorize: because("call_issuer", "new_method"),
  cc_rejected_other_reason: because("declined_generic", "new_method"),
  rejected_other_reason: because("declined_generic", "new_method"),
  rejected_by_bank: because("declined_generic", "new_method"),
  bank_rejected: because("declined_generic", "new_method"),
  authorization_revoked: because("declined_generic", "new_method"),
  payer_unavailable: because("declined_generic", "new_method"),
  cc_rejected_blacklist: because("blocked_fraud", "never"),
  cc_rejected_high_risk: because("blocked_fraud", "never"),
  cc_rejected_fraud: because("blocked_fraud", "never"),
  rejected_high_risk: because("blocked_fraud", "never"),
  cc_rejected_max_attempts: because("limit_exceeded", "later"),
  cc_amount_rate_limit_exceeded: because("limit_exceeded", "later"),
  rejected_cap_exceeded: because("limit_exceeded", "later"),
  cc_rejected_card_type_not_allowed: because("method_not_allowed", "new_method"),
  cc_rejected_card_disabled: because("method_not_allowed", "new_method"),
  cc_rejected_invalid_installments: because("method_not_allowed", "new_method"),
  rejected_by_regulations: because("method_not_allowed", "new_method"),
  cc_rejected_duplicated_payment: because("duplicate", "never"),
  rejected_insufficient_data: because("account_invalid", "fix_details"),
  expired: because("expired", "later"),
  cc_rejected_expired_operation: because("expired", "later"),
  bank_error: because("provider_unavailable", "later"),
  cc_rejected_time_out: because("provider_unavailable", "later"),
  // Words of the store's own panel: somebody there said no.
  by_admin: because("declined_generic", "new_method"),
};

/** Details that a bank's silence may be told by; they name no fault of the donor's and no decision of the bank's. */
const silences = new Set(["bank_error", "expired", "cc_rejected_expired_operation", "cc_rejected_time_out"]);
export const isSilence = (detail: string): boolean => silences.has(detail);

/** For the conformance suite: every detail the table holds. */
export const knownDeclineCodes: readonly string[] = Object.keys(declines);

/** A rejection in our closed set; an unknown detail is `declined_generic` and comes back as `unrecognized`. */
export function declineOf(detail: string): { decline: Decline; unrecognized?: string } {
  const rawCode = detail === "" ? "rejected" : detail;
  const verdict = Object.hasOwn(declines, rawCode) ? declines[rawCode] : undefined;
  const { reason, retry } = verdict ?? because("declined_generic", "new_method");
  const decline: Decline = { reason, retry, rawCode };
  return verdict || rawCode === "rejected" ? { decline } : { decline, unrecognized: rawCode };
}

/**
 * Error causes of a 4xx that are the donor's to mend: a token that has been used or forgotten, a document that is
 * wrong (Mercado Pago Developers, Create payment, error codes).
 */
const donorFaults: Readonly<Record<string, Verdict>> = {
  2006: because("invalid_card_data", "new_method"),
  2062: because("invalid_card_data", "new_method"),
  3003: because("invalid_card_data", "new_method"),
  3006: because("invalid_card_data", "new_method"),
  3008: because("invalid_card_data", "new_method"),
  2009: because("invalid_card_data", "new_method"),
  2131: because("method_not_allowed", "new_method"),
  2067: because("account_invalid", "fix_details"),
};

export const donorFault = (cause: string): Verdict | undefined =>
  Object.hasOwn(donorFaults, cause) ? donorFaults[cause] : undefined;

/** "Already posted the same request in the last minute": a payment of this order may exist. */
export const alreadyPosted = "2001";

/** What a refund's status means (Mercado Pago OpenAPI, `Refund.status`). */
const refundStages: Readonly<Record<string, "succeeded" | "processing" | "failed">> = {
  approved: "succeeded",
  authorized: "processing",
  in_process: "processing",
  pending: "processing",
  rejected: "failed",
  cancelled: "failed",
};

export const refundStage = (status: string): "succeeded" | "processing" | "failed" | undefined =>
  Object.hasOwn(refundStages, status) ? refundStages[status] : undefined;
