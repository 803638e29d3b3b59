import type { CollectOutcome, Evidence } from "../gateway/payment.ts";
import { equals } from "../kernel/money.ts";
import type { EventType } from "../outbox/event-types.ts";
import {
  type AttemptEvent,
  type AttemptState,
  eventOf,
  isLateSettlement,
  nextState,
} from "./attempt-state.ts";
import { nextCheck } from "./check-times.ts";
import type { AttemptRecord, Gift } from "./gift.ts";
import { rescaled } from "./rescale-gift.ts";
import { sameStored } from "./stored-json.ts";

/** What a gateway's answer means for a gift: decided here, in one pure place, and only then written. */
export type Decision =
  | { readonly kind: "unchanged"; readonly why: string }
  | {
      readonly kind: "changed";
      readonly gift: Gift;
      /** What to book, by the names of `ledger/entries`. */
      readonly book: { readonly capture: boolean; readonly fee: boolean; readonly suspense: boolean };
      readonly announce: EventType | undefined;
      /** Money came after the attempt had been closed without it: someone should know. */
      readonly late: boolean;
      /** What arrived became the gift: its amount and its shares are others than before. */
      readonly rescaled: boolean;
    };

/** Either a gateway's answer, or one of the events that are ours to say. */
export type Input =
  | {
      readonly kind: "outcome";
      readonly outcome: CollectOutcome;
      /** Another route will be tried at once: a refusal of this one is not yet news. */
      readonly anotherRoute?: boolean;
    }
  /** Two people take what arrived for the gift, whatever had been agreed. */
  | { readonly kind: "accepted"; readonly outcome: Extract<CollectOutcome, { kind: "captured" }> }
  | { readonly kind: "never_seen" | "give_up_asking" | "returned"; readonly evidence: Evidence };

const announcements: Readonly<Record<AttemptState, EventType | undefined>> = {
  created: undefined,
  submitted: undefined,
  action_required: "donation.requires_action",
  processing: "donation.processing",
  authorized: "donation.processing",
  captured: "donation.succeeded",
  declined: "donation.failed",
  refused: "donation.failed",
  in_doubt: undefined,
  voided: "donation.canceled",
  expired: "donation.expired",
  conflicted: "donation.needs_review",
  needs_review: "donation.needs_review",
};

/**
 * Pure. Amount and currency are compared before `captured`: another amount parks the attempt as `conflicted`, and so
 * does money for a donation that another of its attempts has paid.
 */
export function decide(agreed: Gift, input: Input, now: Date): Decision {
  const accepted = input.kind === "accepted" && agreed.attempt.state === "conflicted";
  const gift = accepted ? rescaled(agreed, input.outcome.amount) : agreed;
  const { attempt } = gift;
  const outcome = outcomeIn(input);
  if (attempt.state === "captured") return learnFee(gift, outcome);
  const mismatch =
    outcome?.kind === "captured" && (gift.paidByAnother || !equals(outcome.amount, attempt.amount));
  const event: AttemptEvent = input.kind === "outcome" && mismatch ? "mismatch" : givenEvent(input);
  const to = nextState(attempt.state, event);
  if (to === undefined) return { kind: "unchanged", why: `${event} changes nothing in ${attempt.state}` };
  const evidence = "evidence" in input ? input.evidence : input.outcome.evidence;
  const moved = move(attempt, to, outcome, evidence, now);
  if (to === attempt.state && sameFace(attempt, moved)) {
    return { kind: "unchanged", why: `still ${to}` };
  }
  const quiet =
    (to === attempt.state && to !== "action_required") ||
    (input.kind === "outcome" && input.anotherRoute) ||
    // The donation is paid: what becomes of another attempt is news only when a person must look at it.
    (gift.paidByAnother && to !== "conflicted");
  const announce = quiet ? undefined : announcements[to];
  return {
    kind: "changed",
    gift: { ...gift, attempt: moved, donation: counted(gift, announce) },
    book: {
      capture: to === "captured",
      fee: to === "captured" && moved.fee !== undefined,
      suspense: to === "conflicted",
    },
    announce,
    late: to === "captured" && isLateSettlement(attempt.state),
    rescaled: accepted,
  };
}

function givenEvent(input: Input): AttemptEvent {
  return input.kind === "outcome" ? eventOf(input.outcome) : input.kind;
}

/** The gateway's answer in an input, where there is one. */
export const outcomeIn = (input: Input): CollectOutcome | undefined =>
  "outcome" in input ? input.outcome : undefined;

function counted(gift: Gift, announce: EventType | undefined): Gift["donation"] {
  if (announce === undefined) return gift.donation;
  return { ...gift.donation, eventSequence: gift.donation.eventSequence + 1 };
}

/** A captured attempt only ever learns its fee. */
function learnFee(gift: Gift, outcome: CollectOutcome | undefined): Decision {
  const { attempt } = gift;
  const fee = outcome?.kind === "captured" ? outcome.fee : undefined;
  if (fee === undefined || attempt.fee !== undefined) {
    return { kind: "unchanged", why: "captured already" };
  }
  return {
    kind: "changed",
    gift: {
      ...gift,
      attempt: { ...attempt, fee, nextCheckAt: undefined, checks: 0, version: attempt.version + 1 },
    },
    book: { capture: false, fee: true, suspense: false },
    announce: undefined,
    late: false,
    rescaled: false,
  };
}

function move(
  attempt: AttemptRecord,
  to: AttemptState,
  outcome: CollectOutcome | undefined,
  evidence: Evidence | undefined,
  now: Date,
): AttemptRecord {
  const gatewayPaymentId = outcome && "gatewayPaymentId" in outcome ? outcome.gatewayPaymentId : undefined;
  const captured = to === "captured" && outcome?.kind === "captured" ? outcome : undefined;
  const action = outcome?.kind === "action_required" ? outcome.action : undefined;
  const expiresAt = expiryOf(outcome) ?? (to === "action_required" ? undefined : attempt.expiresAt);
  const checks = to === attempt.state ? attempt.checks : 0;
  const fee = captured?.fee ?? attempt.fee;
  const check = nextCheck({
    state: to,
    checks,
    now,
    createdAt: attempt.createdAt,
    action,
    expiresAt,
    fee,
    ...(outcome?.kind === "processing" ? { answerDueAt: outcome.answerDueAt } : {}),
  });
  return {
    ...attempt,
    state: to,
    version: attempt.version + 1,
    gatewayPaymentId: gatewayPaymentId ?? attempt.gatewayPaymentId,
    action,
    // Once the money has come nobody need mend anything: the change's evidence keeps what went before.
    decline: to === "captured" ? undefined : (declineOf(outcome) ?? attempt.decline),
    refusal: outcome?.kind === "refused" ? outcome.problem : attempt.refusal,
    evidence: evidence ?? attempt.evidence,
    captured: captured?.amount ?? attempt.captured,
    capturedAt: captured?.capturedAt ?? attempt.capturedAt,
    fee,
    expiresAt,
    nextCheckAt: check === "never" || check === "give_up" ? undefined : check,
    checks,
  };
}

function declineOf(outcome: CollectOutcome | undefined) {
  if (outcome?.kind === "declined") return outcome.decline;
  return outcome?.kind === "action_required" ? outcome.lastDecline : undefined;
}

function expiryOf(outcome: CollectOutcome | undefined): Date | undefined {
  if (outcome?.kind === "authorized") return outcome.expiresAt;
  if (outcome?.kind === "action_required" && "expiresAt" in outcome.action) return outcome.action.expiresAt;
  return undefined;
}

/** Whether a donor or the church would see any difference. */
function sameFace(before: AttemptRecord, after: AttemptRecord): boolean {
  return (
    before.gatewayPaymentId === after.gatewayPaymentId &&
    sameStored(before.action, after.action) &&
    sameStored(before.decline, after.decline) &&
    before.expiresAt?.getTime() === after.expiresAt?.getTime()
  );
}

/** What is left to give back: captured less what was already asked back. */
export function refundable(attempt: AttemptRecord) {
  return { ...attempt.captured, minor: attempt.captured.minor - attempt.refundClaimed.minor };
}
