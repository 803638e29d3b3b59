import type { Tx } from "../db/client.ts";
import { uniqueViolation } from "../db/unique-violation.ts";
import type { Deps } from "../deps.ts";
import type { CollectOutcome } from "../gateway/payment.ts";
import type { KeptAnswer } from "../idempotency/claim.ts";
import { newId } from "../kernel/ids.ts";
import { isZero } from "../kernel/money.ts";
import { captureEntry, feeEntry, fundsReceivedEntry, type GiftParts } from "../ledger/entries.ts";
import type { EntryDraft } from "../ledger/entry-draft.ts";
import { accountsMissing, postEntries } from "../ledger/post-entry.ts";
import { type Announcement, announce, newsOf } from "../outbox/announce.ts";
import { type Decision, decide, type Input, outcomeIn } from "./decide.ts";
import { donationJson } from "./donation-json.ts";
import { type Gift, viewOf } from "./gift.ts";
import { saveRescaled } from "./rescale-gift.ts";
import { type Cause, rememberCustomer, saveAttempts, staleAttempt } from "./store.ts";
import { writeDecided } from "./write-decided.ts";

type Changed = Extract<Decision, { kind: "changed" }>;
export type Applied = {
  readonly gift: Gift;
  readonly changed: boolean;
  /** Outbound deliveries now waiting: ring for them after the commit, when there are any. */
  readonly deliveries: number;
};

/**
 * The one path to `captured`: request answers, webhooks, redirect returns, look-ups and the sweeper all end here,
 * in the caller's transaction: state, history, announcement and ledger entries together or not at all.
 *
 * Throws PostgreSQL's error {@link staleAttempt} when `gift` is no longer what the database holds.
 */
export async function applyOutcome(
  deps: Pick<Deps, "clock" | "log" | "metrics">,
  tx: Tx,
  gift: Gift,
  input: Input,
  cause: Cause,
  /** Booked with what the change itself books, when there is one: balances are locked once. */
  alongside: readonly EntryDraft[] = [],
): Promise<Applied> {
  const now = deps.clock.now();
  const outcome = outcomeIn(input);
  if (outcome?.customerRef !== undefined) await rememberCustomer(tx.sql, gift, outcome.customerRef, now);
  const decision = decide(gift, input, now);
  if (decision.kind === "unchanged") return { gift, changed: false, deliveries: 0 };
  await saveAttempts(tx.sql, gift.donation.churchId, [
    { before: gift, after: decision.gift, cause, at: now },
  ]);
  if (decision.rescaled) await saveRescaled(tx, decision.gift);
  const told = announcementOf(decision);
  const announced = told && (await announce(tx, gift.donation.churchId, told, now));
  const entries = [...entriesOf(decision, outcome, now), ...alongside];
  await postEntries(tx, gift.donation.churchId, entries, now);
  report(deps, gift, decision);
  return { gift: decision.gift, changed: true, deliveries: announced?.deliveries ?? 0 };
}

/**
 * The same for an attempt of our own that nobody else knows of yet, in one journey to the database: decided from the
 * gift in hand, and undone when that turns out to be old. `undefined` when it could not be done so: nothing was
 * written, and {@link applyOutcome} under lock is the way.
 */
export async function applyAtOnce(
  deps: Pick<Deps, "db" | "clock" | "log" | "metrics">,
  gift: Gift,
  input: Extract<Input, { kind: "outcome" }>,
  answering: ((after: Gift) => KeptAnswer) | undefined,
): Promise<Applied | undefined> {
  const now = deps.clock.now();
  const decision = decide(gift, input, now);
  if (decision.kind === "unchanged") return undefined;
  const { outcome } = input;
  const told = announcementOf(decision);
  try {
    const deliveries = await writeDecided(deps.db, gift.donation.churchId, {
      change: { before: gift, after: decision.gift, cause: "request", at: now },
      news: told && newsOf(told, now),
      customerRef: outcome.customerRef,
      answer: answering?.(decision.gift),
      entries: entriesOf(decision, outcome, now),
    });
    report(deps, gift, decision);
    return { gift: decision.gift, changed: true, deliveries };
  } catch (error) {
    const old = isRaised(error, staleAttempt) || uniqueViolation(error)?.constraint === "attempts_captured";
    if (old || isRaised(error, accountsMissing)) return undefined;
    throw error;
  }
}

/** Whether this is what `must` raised in the database. */
const isRaised = (error: unknown, what: string): boolean =>
  error instanceof Error && "code" in error && error.code === "P0001" && error.message === what;

function entriesOf(decision: Changed, outcome: CollectOutcome | undefined, now: Date): readonly EntryDraft[] {
  const { gift, book } = decision;
  if (outcome?.kind !== "captured") return [];
  const { donation, attempt } = gift;
  const about = () => ({
    entryId: newId("entry"),
    legalEntityId: donation.legalEntityId,
    gatewayAccountId: attempt.gatewayAccountId,
    attemptId: attempt.id,
    occurredAt: outcome.capturedAt,
  });
  const entries: EntryDraft[] = [];
  if (book.capture) {
    entries.push(captureEntry({ ...about(), gift: partsOf(gift), funding: outcome.funding }));
  }
  if (book.suspense && outcome.funding === "direct") {
    // Another amount than ours: it is at the gateway all the same, and belongs to nobody until a person decides.
    entries.push(
      fundsReceivedEntry({ ...about(), gatewayTransactionId: attempt.id, amount: outcome.amount }),
    );
  }
  // A gateway that kept nothing leaves nothing to book.
  if (book.fee && attempt.fee && !isZero(attempt.fee.amount)) {
    entries.push(feeEntry({ ...about(), occurredAt: now, fee: attempt.fee.amount, tax: attempt.fee.tax }));
  }
  return entries;
}

/** The gift as the ledger sees it. */
export const partsOf = (gift: Gift): GiftParts => ({ shares: gift.allocations, cover: gift.donation.cover });

function announcementOf(decision: Changed): Announcement | undefined {
  if (decision.announce === undefined) return undefined;
  const { donation } = decision.gift;
  return {
    type: decision.announce,
    objectId: donation.id,
    sequence: donation.eventSequence,
    data: donationJson(viewOf(decision.gift)),
  };
}

function report(deps: Pick<Deps, "log" | "metrics">, before: Gift, decision: Changed): void {
  const { attempt, donation } = decision.gift;
  const fields = {
    donation: donation.id,
    attempt: attempt.id,
    from: before.attempt.state,
    to: attempt.state,
  };
  deps.metrics.count("ofrenda_attempt_changes_total", { state: attempt.state, gateway: attempt.gateway });
  if (attempt.state !== before.attempt.state && decision.announce) {
    deps.metrics.count("ofrenda_donations_total", {
      status: decision.announce,
      method: donation.method,
      country: donation.country,
    });
  }
  if (decision.late) deps.log.warn(fields, "money arrived for an attempt that had been closed without it");
  else if (attempt.state === "conflicted")
    deps.log.error(fields, "the gateway captured another amount than ours");
  else if (attempt.state === "needs_review") deps.log.error(fields, "the attempt needs a person");
  else if (attempt.state === "refused") deps.log.error(fields, "the gateway refused our request");
  else deps.log.info(fields, "attempt changed");
}
