import type { RefundOutcome } from "../gateway/payment.ts";

/** The life of a refund, as data: an unknown answer is asked for again, never assumed to have failed. */
export const refundStates = [
  "submitted",
  "processing",
  "action_required",
  "succeeded",
  "failed",
  "refused",
  "in_doubt",
  "needs_review",
  /** Its method gives nothing back: it waits for the payee, and for two people to agree. */
  "awaiting_payout",
  /** Two have agreed; it waits to be paid at the bank. */
  "payout_approved",
] as const;
export type RefundState = (typeof refundStates)[number];

export type RefundEvent =
  | RefundOutcome["kind"]
  | "never_seen"
  | "give_up_asking"
  | "payout_approved"
  | "payout_rejected"
  /** Paid at the bank, under its reference. */
  | "paid_out";

const answers: Partial<Record<RefundEvent, RefundState>> = {
  processing: "processing",
  action_required: "action_required",
  succeeded: "succeeded",
  failed: "failed",
};

const refundTransitions: Readonly<Record<RefundState, Partial<Record<RefundEvent, RefundState>>>> = {
  submitted: {
    ...answers,
    refused: "refused",
    not_sent: "refused",
    in_doubt: "in_doubt",
    never_seen: "failed",
    give_up_asking: "needs_review",
  },
  in_doubt: { ...answers, refused: "refused", never_seen: "failed", give_up_asking: "needs_review" },
  processing: {
    succeeded: "succeeded",
    failed: "failed",
    action_required: "action_required",
    give_up_asking: "needs_review",
  },
  action_required: {
    succeeded: "succeeded",
    failed: "failed",
    processing: "processing",
    give_up_asking: "needs_review",
  },
  /** Gateways do fail a refund they had called done: the money comes back to the church. */
  succeeded: { failed: "failed" },
  failed: {},
  refused: {},
  needs_review: { ...answers },
  awaiting_payout: { payout_approved: "payout_approved", payout_rejected: "refused" },
  payout_approved: { paid_out: "succeeded" },
};

/** The next state, or `undefined` when the event changes nothing here. */
export const nextRefundState = (from: RefundState, event: RefundEvent): RefundState | undefined =>
  refundTransitions[from][event];

/** States that give the claimed amount back to what may still be refunded. */
export const gaveUp = (state: RefundState): boolean => state === "failed" || state === "refused";
