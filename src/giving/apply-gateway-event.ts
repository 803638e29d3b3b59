import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import type { CollectOutcome, NeverSeen } from "../gateway/payment.ts";
import type { EventSubject, GatewayEvent } from "../gateway/webhook.ts";
import { newId } from "../kernel/ids.ts";
import { equals } from "../kernel/money.ts";
import { exhaustive } from "../kernel/result.ts";
import { fundsReceivedEntry, fundsReturnedEntry } from "../ledger/entries.ts";
import { postEntries } from "../ledger/post-entry.ts";
import type { OpenedAccount } from "../routing/gateway-accounts.ts";
import { applyDispute } from "./apply-dispute.ts";
import { applyOutcome } from "./apply-outcome.ts";
import { applyRefund, openRefund, type RefundNews } from "./apply-refund.ts";
import { decide } from "./decide.ts";
import type { Gift } from "./gift.ts";
import { loadGift } from "./load-gift.ts";
import { lookUp } from "./look-up.ts";
import {
  askSoon,
  claimRefund,
  insertRefund,
  listRefunds,
  lockRefund,
  type RefundRecord,
} from "./refund-store.ts";

type Parts = Pick<Deps, "db" | "payments" | "clock" | "log" | "metrics">;
type RefundEvent = Extract<GatewayEvent, { kind: "refund_changed" }>;

/** What became of an event: `early` when it is about a payment we do not have (yet). */
export type EventResult = {
  readonly kind: "applied" | "unchanged" | "early" | "ignored";
  readonly remark?: string;
};

/** An event with what had to be asked at the gateway before a transaction may be opened. */
export type ReadyEvent = {
  readonly event: GatewayEvent;
  readonly answer: CollectOutcome | NeverSeen | undefined;
};

/**
 * Asks the gateway what the event itself does not say: everything for a hint, the fee for a capture, and where the
 * payment stands by now when the event would move it to a state that something later may have left behind. No
 * transaction is open here. A look-up that fails leaves the capture to be booked and the fee for later.
 *
 * @throws when what has to be looked up cannot be: the caller tries the event again later.
 */
export async function prepareEvent(
  deps: Parts,
  account: OpenedAccount,
  event: GatewayEvent,
  traceId: string,
): Promise<ReadyEvent> {
  if (event.kind !== "attempt_changed" && event.kind !== "attempt_hint") return { event, answer: undefined };
  const gift = await deps.db.inChurch(account.churchId, (tx) =>
    findSubject(tx, account, event.subject, false),
  );
  const need = gift && askingNeeded(gift, event, deps.clock.now());
  if (!gift || need === "no") return { event, answer: undefined };
  const { gatewayPaymentId } = event.subject;
  const answer = await lookUp(deps, gift, traceId, gatewayPaymentId);
  const unknown = answer === undefined || answer.kind === "in_doubt" || answer.kind === "not_sent";
  if (need === "must" && unknown) throw new Error("the gateway could not be asked");
  return { event, answer: unknown ? undefined : answer };
}

/** Whether the gateway must be asked before the event is applied, should be (for the fee), or need not be. */
function askingNeeded(
  gift: Gift,
  event: Extract<GatewayEvent, { kind: "attempt_changed" | "attempt_hint" }>,
  now: Date,
): "must" | "should" | "no" {
  const feeKnown = gift.attempt.state === "captured" && gift.attempt.fee !== undefined;
  if (feeKnown) return "no";
  if (event.kind === "attempt_hint") return "must";
  const { outcome } = event;
  if (outcome.kind === "captured") return outcome.fee ? "no" : "should";
  // A payment may pass through these more than once, so an old snapshot looks like a step back that is allowed.
  const passing =
    outcome.kind === "action_required" || outcome.kind === "processing" || outcome.kind === "authorized";
  return passing && decide(gift, { kind: "outcome", outcome }, now).kind === "changed" ? "must" : "no";
}

/** Money the event tells of stands, whatever a look-up that lags behind says. */
function outcomeOf(event: GatewayEvent, answer: ReadyEvent["answer"]): CollectOutcome | undefined {
  const told = event.kind === "attempt_changed" ? event.outcome : undefined;
  if (!answer || answer.kind === "never_seen" || answer.kind === "refused") return told;
  return told?.kind === "captured" && answer.kind !== "captured" ? told : answer;
}

/** Applies one event in the caller's transaction. Every kind of arrival ends in the same functions. */
export async function applyGatewayEvent(
  deps: Parts,
  tx: Tx,
  account: OpenedAccount,
  { event, answer }: ReadyEvent,
): Promise<EventResult> {
  switch (event.kind) {
    case "ignored":
      return { kind: "ignored", remark: event.type };
    case "mandate_changed":
      // Permissions are recurring giving's, which the inbox hands them to.
      return { kind: "ignored", remark: `a mandate is no payment: ${event.gatewayMandateId}` };
    case "donor_paid":
      // So are gifts nobody asked for: whether a period waited for one is known there.
      return { kind: "ignored", remark: `given unasked: ${event.outcome.gatewayPaymentId}` };
    case "funds_moved":
      return applyFunds(deps, tx, account, event);
    case "attempt_changed":
    case "attempt_hint": {
      const gift = await findSubject(tx, account, event.subject, true);
      if (!gift) return early(event.subject);
      const outcome = outcomeOf(event, answer);
      if (!outcome) return { kind: "unchanged", remark: "the gateway does not know it" };
      const applied = await applyOutcome(deps, tx, gift, { kind: "outcome", outcome }, "webhook");
      return { kind: applied.changed ? "applied" : "unchanged" };
    }
    case "refund_changed": {
      const gift = await findSubject(tx, account, event.subject, true);
      return gift ? applyRefundEvent(deps, tx, gift, event) : early(event.subject);
    }
    case "refund_hint": {
      // The sweep asks; an answer that must be waited for has no place in this transaction.
      const asked = await askSoon(tx, account, event.gatewayRefundId, deps.clock.now());
      return asked
        ? { kind: "applied" }
        : { kind: "ignored", remark: "no refund of ours is on its way by it" };
    }
    case "dispute_changed": {
      const gift = await findSubject(tx, account, event.subject, true);
      if (!gift) return early(event.subject);
      return { kind: (await applyDispute(deps, tx, gift, event)) ? "applied" : "unchanged" };
    }
    default:
      return exhaustive(event);
  }
}

const early = (subject: EventSubject): EventResult => ({
  kind: "early",
  remark: `no attempt of this account is ${subject.gatewayPaymentId}`,
});

/** By our own id where the gateway echoed it, else by the gateway's; an attempt of another account is not found. */
async function findSubject(
  tx: Tx,
  account: OpenedAccount,
  subject: EventSubject,
  lock: boolean,
): Promise<Gift | undefined> {
  const church = account.churchId;
  const byOurs = subject.attemptId && (await loadGift(tx, church, { attemptId: subject.attemptId }, lock));
  if (byOurs) return byOurs.attempt.gatewayAccountId === account.id ? byOurs : undefined;
  const theirs = { gatewayAccountId: account.id, gatewayPaymentId: subject.gatewayPaymentId };
  return loadGift(tx, church, theirs, lock);
}

async function applyRefundEvent(deps: Parts, tx: Tx, gift: Gift, event: RefundEvent): Promise<EventResult> {
  const church = gift.donation.churchId;
  const byId = event.refundId && (await lockRefund(tx, church, { refundId: event.refundId }));
  const theirs = { attemptId: gift.attempt.id, gatewayRefundId: event.gatewayRefundId };
  const known = byId ?? (await lockRefund(tx, church, theirs)) ?? (await unnamedRefund(tx, gift, event));
  if (!known && event.status === "failed") {
    // Came to nothing before we ever heard of it; older news of it may still be on the way, so it waits for that.
    return { kind: "early", remark: `no refund of this attempt is ${event.gatewayRefundId}` };
  }
  const refund = known ?? (await adoptRefund(deps, tx, gift, event));
  if (!refund) {
    // The gateway gave back more than we hold captured: a person must see it, so it goes on to the dead letters.
    throw new Error("a refund made at the gateway is more than what was captured here");
  }
  const news: RefundNews = { event: event.status, gatewayRefundId: event.gatewayRefundId };
  const after = await applyRefund(deps, tx, gift, refund, news);
  return { kind: after === refund ? "unchanged" : "applied" };
}

/**
 * Our own refund of this amount whose answer has not come yet: gateways that keep no word of ours with a refund may
 * tell of it before they have answered us, and it must not be taken for another one.
 */
async function unnamedRefund(tx: Tx, gift: Gift, event: RefundEvent): Promise<RefundRecord | undefined> {
  if (event.refundId !== undefined) return undefined;
  const church = gift.donation.churchId;
  const ours = (await listRefunds(tx, church, gift.donation.id)).find(
    (refund) =>
      refund.attemptId === gift.attempt.id &&
      refund.gatewayRefundId === undefined &&
      (refund.state === "submitted" || refund.state === "in_doubt") &&
      equals(refund.amount, event.amount),
  );
  return ours && lockRefund(tx, church, { refundId: ours.id });
}

/** A refund somebody made in the gateway's own dashboard becomes ours, so that the books stay true. */
async function adoptRefund(
  deps: Parts,
  tx: Tx,
  gift: Gift,
  event: RefundEvent,
): Promise<RefundRecord | undefined> {
  const church = gift.donation.churchId;
  if (!(await claimRefund(tx, church, gift.attempt.id, event.amount))) return undefined;
  const { amount, gatewayRefundId } = event;
  const gatewayKey = `made-at-gateway-${gatewayRefundId}`;
  const made = {
    id: newId("refund"),
    amount,
    reason: "requested_by_donor",
    gatewayKey,
    gatewayRefundId,
  } as const;
  const refund = openRefund(gift, made, deps.clock.now());
  await insertRefund(tx, church, refund);
  return refund;
}

/** Money of a donor's arrived at, or left, an account of theirs at the gateway: booked on its own, once. */
export async function applyFunds(
  deps: Parts,
  tx: Tx,
  account: OpenedAccount,
  event: Extract<GatewayEvent, { kind: "funds_moved" }>,
): Promise<EventResult> {
  const now = deps.clock.now();
  const entry = event.direction === "received" ? fundsReceivedEntry : fundsReturnedEntry;
  const { posted } = await postEntries(
    tx,
    account.churchId,
    [
      entry({
        entryId: newId("entry"),
        legalEntityId: account.legalEntityId,
        gatewayAccountId: account.id,
        occurredAt: now,
        gatewayTransactionId: event.gatewayTransactionId,
        amount: event.amount,
      }),
    ],
    now,
  );
  return { kind: posted === 1 ? "applied" : "unchanged" };
}
