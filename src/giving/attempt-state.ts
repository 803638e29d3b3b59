import type { CollectOutcome } from "../gateway/payment.ts";
import type { DonationStatus } from "./donation-view.ts";

/**
 * The life of a payment attempt, as data. The table below is the only rule: code asks it, the tests walk all of
 * it, and the diagram in docs/attempt-states.md is drawn from it (`npm run docs`).
 *
 * Unknown is never failure: `in_doubt` leaves only by proof. `needs_review` is where a person looks. A state
 * without money may still become `captured` when the gateway proves that it is (a voucher paid after its
 * expiry, an answer we had lost): those arrows are the named late settlements.
 */
export const attemptStates = [
  "created",
  "submitted",
  "action_required",
  "processing",
  "authorized",
  "captured",
  "declined",
  "refused",
  "in_doubt",
  "voided",
  "expired",
  "conflicted",
  "needs_review",
] as const;
export type AttemptState = (typeof attemptStates)[number];

/** What can happen to an attempt. Eight are a gateway's answers; the rest are ours. */
export const attemptEvents = [
  "submit",
  "action_required",
  "processing",
  "authorized",
  "captured",
  "declined",
  "refused",
  "not_sent",
  "in_doubt",
  "voided",
  "expired",
  /** The gateway proves that it never received the attempt. */
  "never_seen",
  /** The gateway says captured, with another amount or currency than ours. */
  "mismatch",
  /** We have asked as often as we will. */
  "give_up_asking",
  /** Two people took what arrived, another amount than ours, for the gift. */
  "accepted",
  /** Two people agreed to send what arrived back. */
  "returned",
] as const;
export type AttemptEvent = (typeof attemptEvents)[number];

type Row = Partial<Record<AttemptEvent, AttemptState>>;

/** Answers that any state still waiting for the gateway accepts. */
const answers: Row = {
  action_required: "action_required",
  processing: "processing",
  authorized: "authorized",
  captured: "captured",
  declined: "declined",
  refused: "refused",
  voided: "voided",
  expired: "expired",
  mismatch: "conflicted",
};

/** Money proved after we had closed the attempt without it. */
const lateSettlement: Row = { captured: "captured", mismatch: "conflicted" };

const transitions: Readonly<Record<AttemptState, Row>> = {
  created: { submit: "submitted" },
  submitted: {
    ...answers,
    not_sent: "refused",
    in_doubt: "in_doubt",
    never_seen: "voided",
    give_up_asking: "needs_review",
  },
  action_required: { ...answers, never_seen: "voided", give_up_asking: "needs_review" },
  processing: {
    captured: "captured",
    authorized: "authorized",
    declined: "declined",
    voided: "voided",
    expired: "expired",
    mismatch: "conflicted",
    // A bank may send the donor back for one more step.
    action_required: "action_required",
    processing: "processing",
    give_up_asking: "needs_review",
  },
  authorized: {
    captured: "captured",
    voided: "voided",
    expired: "expired",
    mismatch: "conflicted",
    give_up_asking: "needs_review",
  },
  captured: {},
  declined: { ...lateSettlement },
  refused: { ...lateSettlement },
  in_doubt: { ...answers, never_seen: "voided", in_doubt: "in_doubt", give_up_asking: "needs_review" },
  voided: { ...lateSettlement },
  expired: { ...lateSettlement },
  conflicted: { accepted: "captured", returned: "voided" },
  needs_review: { ...answers, never_seen: "voided" },
};

/** The next state, or `undefined` when this event changes nothing here (a repeat, a regression, old news). */
export function nextState(from: AttemptState, event: AttemptEvent): AttemptState | undefined {
  return transitions[from][event];
}

/** Whether `from → captured` is a late settlement: the money came after we had given the attempt up. */
export function isLateSettlement(from: AttemptState): boolean {
  return from === "declined" || from === "refused" || from === "voided" || from === "expired";
}

/** The event a gateway's answer is. */
export function eventOf(outcome: CollectOutcome): AttemptEvent {
  return outcome.kind === "voided" && outcome.expired ? "expired" : outcome.kind;
}

/** The public status for each state (CONTRACT). */
export const statusOf: Readonly<Record<AttemptState, DonationStatus>> = {
  created: "processing",
  submitted: "processing",
  action_required: "requires_action",
  processing: "processing",
  authorized: "authorized",
  captured: "succeeded",
  declined: "failed",
  refused: "failed",
  in_doubt: "processing",
  voided: "canceled",
  expired: "expired",
  conflicted: "needs_review",
  needs_review: "needs_review",
};

/** The states that show as a public status, for filtering lists. */
export function statesOf(status: DonationStatus): readonly AttemptState[] {
  return attemptStates.filter((state) => statusOf[state] === status);
}
