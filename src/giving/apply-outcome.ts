import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import type { CollectOutcome } from "../gateway/adapter.ts";
import { newId } from "../kernel/ids.ts";
import { captureEntry, feeEntry, fundsReceivedEntry, type GiftParts } from "../ledger/entries.ts";
import type { EntryDraft } from "../ledger/entry-draft.ts";
import { postEntries } from "../ledger/post-entry.ts";
import { announce } from "../outbox/announce.ts";
import { type Decision, decide, type Input } from "./decide.ts";
import { donationJson } from "./donation-json.ts";
import { type Gift, viewOf } from "./gift.ts";
import { type Cause, rememberCustomer, saveAttempt } from "./store.ts";

type Changed = Extract<Decision, { kind: "changed" }>;
export type Applied = { readonly gift: Gift; readonly changed: boolean };

/** Somebody changed the attempt between our reading and our writing: nothing was written, read again. */
export class StaleGiftError extends Error {
  override readonly name = "StaleGiftError";
}

/**
 * The one path to `captured`: request answers, webhooks, redirect returns, look-ups and the sweeper all end here,
 * in the caller's transaction: state, history, ledger entries and announcement together or not at all.
 *
 * @throws {StaleGiftError} when `gift` is no longer what the database holds; the caller's transaction must end.
 */
export async function applyOutcome(
  deps: Pick<Deps, "clock" | "log" | "metrics">,
  tx: Tx,
  gift: Gift,
  input: Input,
  cause: Cause,
): Promise<Applied> {
  const now = deps.clock.now();
  const outcome = input.kind === "outcome" ? input.outcome : undefined;
  const remembered =
    outcome?.customerRef === undefined ? undefined : rememberCustomer(tx, gift, outcome.customerRef, now);
  const decision = decide(gift, input, now);
  if (decision.kind === "unchanged") {
    await remembered;
    return { gift, changed: false };
  }
  // Sent together on the transaction's connection, in this order; a stale write rolls all of it back.
  const [saved] = await Promise.all([
    saveAttempt(tx, gift, decision.gift, cause, now),
    remembered,
    postEntries(tx, gift.donation.churchId, entriesOf(decision, outcome, now), now),
    tell(tx, decision, now),
  ]);
  if (!saved) throw new StaleGiftError("the attempt was changed by somebody else");
  report(deps, gift, decision);
  return { gift: decision.gift, changed: true };
}

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
  if (book.fee && attempt.fee) {
    entries.push(feeEntry({ ...about(), occurredAt: now, fee: attempt.fee.amount, tax: attempt.fee.tax }));
  }
  return entries;
}

/** The gift as the ledger sees it. */
export const partsOf = (gift: Gift): GiftParts => ({ shares: gift.allocations, cover: gift.donation.cover });

async function tell(tx: Tx, decision: Changed, now: Date): Promise<void> {
  if (decision.announce === undefined) return;
  const { donation } = decision.gift;
  await announce(
    tx,
    donation.churchId,
    {
      type: decision.announce,
      objectId: donation.id,
      sequence: donation.eventSequence,
      data: donationJson(viewOf(decision.gift)),
    },
    now,
  );
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
