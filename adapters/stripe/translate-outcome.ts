import type { CollectOutcome, DonorAction, Evidence, GatewayFee } from "../../src/gateway/payment.ts";
import { after, days, minutes } from "../../src/kernel/clock.ts";
import { isPositive } from "../../src/kernel/money.ts";
import { exhaustive } from "../../src/kernel/result.ts";
import { fromStripeAmount } from "./amounts.ts";
import { isBankDebit } from "./carried.ts";
import { declineOf, expiredByStripe, intentStage, sessionPayment, sessionStage } from "./codes.ts";
import { type NextStep, nextStep, sdkAction, sessionAction } from "./translate-action.ts";
import {
  metadataKeys,
  type WireBalanceTransaction,
  type WirePaymentIntent,
  type WireSession,
} from "./wire.ts";

/** What translation needs to know besides the body. */
export type View = {
  readonly publishableKey: string;
  /** When the body was true: the call's `now` for an answer, the event's instant for a webhook. */
  readonly asOf: Date;
  readonly evidence: Evidence;
  /** The session whose page shows this intent, where the caller has it. */
  readonly session?: WireSession;
};

type Seen = { readonly evidence: Evidence; readonly customerRef?: string };

export const fromUnix = (seconds: number): Date => new Date(seconds * 1000);

/**
 * How long until an answer must have come. Debits: Stripe says up to 4 business days for ACH (8 days survive a
 * long weekend at both ends), 7 for a first Bacs debit, 5 for Canada, and up to 14 days until a SEPA debit fails.
 * Multibanco waits four days more for money sent on the last day. MB WAY gives the donor some four minutes.
 */
const answerDue: ReadonlyMap<string, number> = new Map([
  ["us_bank_account", days(8)],
  ["acss_debit", days(10)],
  ["bacs_debit", days(12)],
  ["sepa_debit", days(15)],
  ["multibanco", days(5)],
  ["mb_way", minutes(10)],
]);
const otherwiseDue = days(2);

const presentationOf = (intent: WirePaymentIntent): string | undefined =>
  intent.metadata[metadataKeys.presentation];

const dueAt = (types: readonly string[], asOf: Date): Date =>
  after(asOf, Math.max(0, ...types.map((type) => answerDue.get(type) ?? 0)) || otherwiseDue);

/**
 * Whether the answer needs the Checkout Session: an unfinished intent of Stripe's own page is continued at the
 * session's URL, which the intent does not carry.
 */
export function needsSession(intent: WirePaymentIntent): boolean {
  if (presentationOf(intent) !== "hosted") return false;
  const stage = intentStage(intent.status);
  return stage === "open" || stage === "confirm" || stage === "act";
}

/** One of the eight answers from an intent; every documented status has a branch (see `codes.ts`). */
export function intentOutcome(intent: WirePaymentIntent, view: View): CollectOutcome {
  const seen: Seen = {
    evidence: { ...view.evidence, rawStatus: intent.status, ...coinProof(intent) },
    ...(intent.customer === undefined ? {} : { customerRef: intent.customer }),
  };
  const id = intent.id;
  const stage = intentStage(intent.status);
  switch (stage) {
    case "paid":
      return captured(intent, view, seen);
    case "held":
      return held(intent, view, seen);
    case "wait":
      return waiting(id, dueAt(intent.payment_method_types, view.asOf), seen);
    case "dead":
      return dead(intent, seen);
    case "open":
      return open(intent, view, seen);
    case "confirm":
      return continued(intent, view, seen);
    case "act":
      return acted(intent, view, seen);
    case undefined:
      return waiting(id, dueAt([], view.asOf), seen, intent.status);
    default:
      return exhaustive(stage);
  }
}

function waiting(id: string, answerDueAt: Date, seen: Seen, unrecognized?: string): CollectOutcome {
  const told = unrecognized === undefined ? seen.evidence : { ...seen.evidence, unrecognized };
  return { ...seen, evidence: told, kind: "processing", gatewayPaymentId: id, answerDueAt };
}

const unreadable = (id: string, seen: Seen): CollectOutcome => ({
  ...seen,
  kind: "in_doubt",
  gatewayPaymentId: id,
  cause: "unreadable_answer",
});

const expandedCharge = (intent: WirePaymentIntent) =>
  typeof intent.latest_charge === "object" && intent.latest_charge !== null
    ? intent.latest_charge
    : undefined;

function bookedOf(intent: WirePaymentIntent): WireBalanceTransaction | undefined {
  const booked = expandedCharge(intent)?.balance_transaction;
  return typeof booked === "object" && booked !== null ? booked : undefined;
}

/** Where a stablecoin gift can be found on its network; the donor's own address is not kept. */
function coinProof(intent: WirePaymentIntent): Pick<Evidence, "excerpt"> {
  const coin = expandedCharge(intent)?.payment_method_details?.crypto;
  if (!coin?.transaction_hash) return {};
  const { network, token_currency: token, transaction_hash: hash } = coin;
  return { excerpt: `network ${network ?? "unknown"}, token ${token ?? "unknown"}, transaction ${hash}` };
}

function captured(intent: WirePaymentIntent, view: View, seen: Seen): CollectOutcome {
  const amount = fromStripeAmount(intent.amount_received, intent.currency);
  if (!amount || !isPositive(amount)) return unreadable(intent.id, seen);
  const booked = bookedOf(intent);
  const fee = booked && booked.currency === intent.currency ? feeOf(booked) : undefined;
  const charge = expandedCharge(intent);
  return {
    ...seen,
    kind: "captured",
    gatewayPaymentId: intent.id,
    amount,
    ...(fee ? { fee } : {}),
    capturedAt: booked ? fromUnix(booked.created) : charge ? fromUnix(charge.created) : view.asOf,
    funding: intent.payment_method_types.includes("customer_balance") ? "balance" : "direct",
  };
}

/**
 * What Stripe kept, with the part that is tax on the fee (`fee_details` of type `tax`: IVA in Mexico).
 * `undefined` when the currency cannot be read. In the account's settlement currency; callers that need it in
 * the payment's currency must check that the two are the same.
 */
export function feeOf(booked: WireBalanceTransaction): GatewayFee | undefined {
  const amount = fromStripeAmount(booked.fee, booked.currency);
  const taxes = booked.fee_details.filter((part) => part.type === "tax");
  const tax = fromStripeAmount(
    taxes.reduce((sum, part) => sum + part.amount, 0),
    booked.currency,
  );
  return amount && tax ? { amount, tax } : undefined;
}

function held(intent: WirePaymentIntent, view: View, seen: Seen): CollectOutcome {
  const amount = fromStripeAmount(intent.amount, intent.currency);
  if (!amount) return unreadable(intent.id, seen);
  const until = expandedCharge(intent)?.payment_method_details?.card?.capture_before;
  return {
    ...seen,
    kind: "authorized",
    gatewayPaymentId: intent.id,
    amount,
    // Stripe holds a card for seven days unless the network says otherwise.
    expiresAt: until === undefined ? after(view.asOf, days(7)) : fromUnix(until),
  };
}

function dead(intent: WirePaymentIntent, seen: Seen): CollectOutcome {
  const reason = intent.cancellation_reason;
  const expired = reason ? expiredByStripe(reason) : false;
  const told = reason && expired === undefined ? { ...seen.evidence, unrecognized: reason } : seen.evidence;
  return { ...seen, evidence: told, kind: "voided", gatewayPaymentId: intent.id, expired: expired ?? false };
}

/** No instrument, or the last one failed: may the donor try again on this very intent? */
function open(intent: WirePaymentIntent, view: View, seen: Seen): CollectOutcome {
  const failed = intent.last_payment_error;
  if (!failed) return continued(intent, view, seen);
  if (failed.code === voucherExpired) {
    return { ...seen, kind: "voided", gatewayPaymentId: intent.id, expired: true };
  }
  const { decline, unrecognized } = declineOf(failed);
  const told = { ...seen.evidence, rawCode: decline.rawCode, ...(unrecognized ? { unrecognized } : {}) };
  const again = retryAction(intent, view);
  return again
    ? {
        ...seen,
        evidence: told,
        kind: "action_required",
        gatewayPaymentId: intent.id,
        action: again,
        lastDecline: decline,
      }
    : { ...seen, evidence: told, kind: "declined", gatewayPaymentId: intent.id, decline };
}

/** A voucher nobody paid, or a push nobody answered, fails its intent with this code: no bank said no, the time ran out. */
const voucherExpired = "payment_intent_payment_attempt_expired";

/**
 * Where the donor can try once more: the form on our page, or Stripe's page while its session is open. Never
 * for a token we confirmed ourselves (the next try is a new attempt), and never for a bank debit, which fails
 * days later when nobody sits at the form any more.
 */
function retryAction(intent: WirePaymentIntent, view: View): DonorAction | undefined {
  if (isBankDebit(intent.payment_method_types)) return undefined;
  if (view.session) return sessionAction(view.session);
  return presentationOf(intent) === "embedded" ? sdkAction(intent, view.publishableKey) : undefined;
}

/** Waiting for the donor to begin (or, on Stripe's page, to go on). */
function continued(intent: WirePaymentIntent, view: View, seen: Seen): CollectOutcome {
  const action = view.session ? sessionAction(view.session) : formAction(intent, view);
  if (action) return { ...seen, kind: "action_required", gatewayPaymentId: intent.id, action };
  return waiting(intent.id, dueAt([], view.asOf), seen, `${intent.status} without a way on`);
}

/** The form on our page, for an intent that is continued there. */
function formAction(intent: WirePaymentIntent, view: View): DonorAction | undefined {
  const presentation = presentationOf(intent);
  const elsewhere = presentation === "hosted" || presentation === "instructions";
  return elsewhere ? undefined : sdkAction(intent, view.publishableKey);
}

const isPush = (intent: WirePaymentIntent): boolean => intent.payment_method_types.includes("mb_way");

function acted(intent: WirePaymentIntent, view: View, seen: Seen): CollectOutcome {
  const onPage = view.session ? sessionAction(view.session) : undefined;
  // The request is in the donor's MB WAY app already; there is nothing for us to show.
  if (isPush(intent)) return waiting(intent.id, dueAt(intent.payment_method_types, view.asOf), seen);
  const step: NextStep = onPage ? { kind: "action", action: onPage } : nextStep(intent, view.publishableKey);
  switch (step.kind) {
    case "action":
      return { ...seen, kind: "action_required", gatewayPaymentId: intent.id, action: step.action };
    case "unreadable":
      return unreadable(intent.id, seen);
    case "unknown":
      return waiting(intent.id, dueAt([], view.asOf), seen, `next_action ${step.type}`);
    default:
      return exhaustive(step);
  }
}

/**
 * One of the eight answers from a Checkout Session. Its id stands in as `gatewayPaymentId` until Stripe makes
 * the intent (at the donor's first try); from then on the intent's id is given.
 */
export function sessionOutcome(session: WireSession, view: View): CollectOutcome {
  const intent = typeof session.payment_intent === "object" ? session.payment_intent : undefined;
  const id = intent?.id ?? (typeof session.payment_intent === "string" ? session.payment_intent : session.id);
  const seen: Seen = {
    evidence: { ...view.evidence, rawStatus: `${session.status}/${session.payment_status}` },
  };
  const stage = session.status === null ? undefined : sessionStage(session.status);
  switch (stage) {
    case "open": {
      if (intent) return intentOutcome(intent, { ...view, session });
      const action = sessionAction(session);
      return action
        ? { ...seen, kind: "action_required", gatewayPaymentId: id, action }
        : unreadable(id, seen);
    }
    case "complete":
      return intent ? intentOutcome(intent, { ...view, session }) : completed(session, id, view, seen);
    case "expired":
      return { ...seen, kind: "voided", gatewayPaymentId: id, expired: true };
    case undefined:
      return waiting(id, dueAt([], view.asOf), seen, `session ${session.status}`);
    default:
      return exhaustive(stage);
  }
}

/** A finished session whose intent is only named (a webhook): its own payment status decides. */
function completed(session: WireSession, id: string, view: View, seen: Seen): CollectOutcome {
  const paid = sessionPayment(session.payment_status);
  const amount =
    typeof session.amount_total === "number" && session.currency
      ? fromStripeAmount(session.amount_total, session.currency)
      : undefined;
  if (paid !== "paid") {
    const unknown = paid === undefined ? session.payment_status : undefined;
    return waiting(id, dueAt(session.payment_method_types, view.asOf), seen, unknown);
  }
  if (!amount || !isPositive(amount)) return unreadable(id, seen);
  return {
    ...seen,
    kind: "captured",
    gatewayPaymentId: id,
    amount,
    capturedAt: view.asOf,
    funding: "direct",
  };
}
