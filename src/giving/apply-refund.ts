import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import type { Evidence } from "../gateway/payment.ts";
import { present } from "../kernel/assert.ts";
import { after, days, hours, minutes } from "../kernel/clock.ts";
import { newId } from "../kernel/ids.ts";
import { add, moneyJson } from "../kernel/money.ts";
import { refundEntry, refundReversedEntry } from "../ledger/entries.ts";
import type { EntryDraft } from "../ledger/entry-draft.ts";
import { postEntries } from "../ledger/post-entry.ts";
import { entriesOf } from "../ledger/read-entries.ts";
import { announce } from "../outbox/announce.ts";
import { partsOf } from "./apply-outcome.ts";
import { donationJson } from "./donation-json.ts";
import { type Gift, viewOf } from "./gift.ts";
import { gaveUp, nextRefundState, type RefundEvent, type RefundState } from "./refund-state.ts";
import {
  listRefunds,
  type RefundRecord,
  releaseClaim,
  type SealedClaim,
  saveRefund,
} from "./refund-store.ts";
import { raiseEventSequence } from "./store.ts";

/** What was said about a refund, by whomever. */
export type RefundNews = {
  readonly event: RefundEvent;
  readonly gatewayRefundId?: string;
  readonly claimUrl?: SealedClaim;
  readonly evidence?: Evidence;
};

const unknownWaits = [minutes(5), hours(1), days(1), days(1), days(1), days(1), days(1)] as const;
/** A refund on its way is asked for daily; a donor may take weeks to give bank details. */
const pendingWaits = Array.from({ length: 60 }, () => days(1));

/** When the gateway is asked about a refund again; `give_up` when a person must look. */
export function nextRefundCheck(state: RefundState, checks: number, now: Date): Date | "never" | "give_up" {
  const waits =
    state === "submitted" || state === "in_doubt"
      ? unknownWaits
      : state === "processing" || state === "action_required"
        ? pendingWaits
        : undefined;
  if (!waits) return "never";
  const wait = waits[checks];
  return wait === undefined ? "give_up" : after(now, wait);
}

/**
 * A refund as it is first written: `submitted`, with a date by which the gateway is asked what became of it, or, where
 * the method gives nothing back, `awaiting_payout` by hand.
 */
export function openRefund(
  gift: Gift,
  made: Pick<RefundRecord, "id" | "amount" | "reason" | "gatewayKey"> & { readonly gatewayRefundId?: string },
  now: Date,
  state: "submitted" | "awaiting_payout" = "submitted",
): RefundRecord {
  const check = nextRefundCheck(state, 0, now);
  return {
    gatewayRefundId: undefined,
    claimUrl: undefined,
    ...made,
    donationId: gift.donation.id,
    attemptId: gift.attempt.id,
    state,
    checks: 0,
    nextCheckAt: check instanceof Date ? check : undefined,
    createdAt: now,
  };
}

/**
 * The one way a refund changes, in the caller's transaction, with the attempt and the refund locked in that
 * order: state, the claim on the captured amount, the ledger, the announcement. Returns the refund as it now is.
 */
export async function applyRefund(
  deps: Pick<Deps, "clock" | "log" | "metrics">,
  tx: Tx,
  gift: Gift,
  refund: RefundRecord,
  news: RefundNews,
): Promise<RefundRecord> {
  const now = deps.clock.now();
  const to = nextRefundState(refund.state, news.event);
  if (to === undefined) return learn(tx, gift, refund, news, now);
  const check = nextRefundCheck(to, 0, now);
  const changed: RefundRecord = {
    ...refund,
    state: to,
    gatewayRefundId: news.gatewayRefundId ?? refund.gatewayRefundId,
    claimUrl: to === "action_required" ? news.claimUrl : undefined,
    checks: 0,
    nextCheckAt: check instanceof Date ? check : undefined,
  };
  const church = gift.donation.churchId;
  await saveRefund(tx, church, changed, news.evidence, now);
  if (gaveUp(to) && !gaveUp(refund.state)) await releaseClaim(tx, church, refund);
  const refunded = to === "succeeded" && refund.state !== "succeeded";
  const takenBack = refund.state === "succeeded" && to === "failed";
  if (refunded) await tell(tx, { ...gift, refunded: add(gift.refunded, refund.amount) }, now);
  if (changed.claimUrl) await tellToClaim(tx, gift, refund, now);
  const paidFrom = news.event === "paid_out" ? "bank" : "gateway";
  if (refunded || takenBack) await book(tx, gift, refund, takenBack ? "taken_back" : paidFrom, now);
  deps.metrics.count("ofrenda_refunds_total", { state: to });
  const fields = { donation: refund.donationId, refund: refund.id, from: refund.state, to };
  if (takenBack || to === "needs_review" || to === "refused") deps.log.error(fields, "refund needs a person");
  else deps.log.info(fields, "refund changed");
  return changed;
}

/** Nothing changed, but the gateway's id for the refund, or where it is claimed, may be new to us. */
async function learn(
  tx: Tx,
  gift: Gift,
  refund: RefundRecord,
  news: RefundNews,
  now: Date,
): Promise<RefundRecord> {
  const named = news.gatewayRefundId !== undefined && refund.gatewayRefundId === undefined;
  const claimable =
    refund.state === "action_required" && news.claimUrl !== undefined && refund.claimUrl === undefined;
  if (!named && !claimable) return refund;
  const learnt: RefundRecord = {
    ...refund,
    gatewayRefundId: refund.gatewayRefundId ?? news.gatewayRefundId,
    claimUrl: claimable ? news.claimUrl : refund.claimUrl,
  };
  await saveRefund(tx, gift.donation.churchId, learnt, news.evidence, now);
  if (claimable) await tellToClaim(tx, gift, refund, now);
  return learnt;
}

/** Out of which money a refund went, or that it came back. */
type Way = "gateway" | "bank" | "taken_back";

async function book(tx: Tx, gift: Gift, refund: RefundRecord, way: Way, now: Date): Promise<void> {
  const church = gift.donation.churchId;
  const siblings = await listRefunds(tx, church, refund.donationId);
  const ids = siblings.filter((r) => r.attemptId === refund.attemptId).map((r) => r.id);
  const earlier = await entriesOf(tx, church, { kind: "refund", ids });
  await postEntries(tx, church, [entryFor(gift, refund, earlier, way, now)], now);
}

function entryFor(
  gift: Gift,
  refund: RefundRecord,
  earlier: readonly EntryDraft[],
  way: Way,
  now: Date,
): EntryDraft {
  if (way === "taken_back") {
    const own = earlier.find((entry) => entry.source.id === refund.id && entry.purpose === "refund");
    const reversal = { entryId: newId("entry"), occurredAt: now };
    return refundReversedEntry(present(own, "a refund that succeeded was booked"), reversal);
  }
  return refundEntry({
    entryId: newId("entry"),
    legalEntityId: gift.donation.legalEntityId,
    gatewayAccountId: gift.attempt.gatewayAccountId,
    occurredAt: now,
    refundId: refund.id,
    amount: refund.amount,
    gift: partsOf(gift),
    earlier,
    paidFrom: way,
  });
}

async function tell(tx: Tx, gift: Gift, now: Date): Promise<void> {
  const { churchId, id } = gift.donation;
  const sequence = await raiseEventSequence(tx, churchId, id);
  const data = donationJson(viewOf(gift));
  await announce(tx, churchId, { type: "donation.refunded", objectId: id, sequence, data }, now);
}

/** Where it is claimed stays out of it: whoever reads the event could take the money. */
async function tellToClaim(tx: Tx, gift: Gift, refund: RefundRecord, now: Date): Promise<void> {
  const { churchId, id } = gift.donation;
  const sequence = await raiseEventSequence(tx, churchId, id);
  const data = {
    ...donationJson(viewOf(gift)),
    refund: { id: refund.id, amount: moneyJson(refund.amount).amount },
  };
  await announce(tx, churchId, { type: "donation.refund_claimable", objectId: id, sequence, data }, now);
}
