import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import type { Gift } from "../giving/gift.ts";
import { loadGift } from "../giving/load-gift.ts";
import { assert } from "../kernel/assert.ts";
import { after, hours } from "../kernel/clock.ts";
import { parseId } from "../kernel/ids.ts";
import { enqueue } from "../messages/enqueue.ts";
import type { FollowedEvent } from "../outbox/follow.ts";
import { failPeriod } from "./close-period.ts";
import { completeIfOver } from "./complete.ts";
import { askDunning } from "./dunning/ask.ts";
import type { RetryDecision } from "./dunning/decide-retry.ts";
import { planOf } from "./dunning/plans.ts";
import { loadMandate } from "./mandate-store.ts";
import { reminderParams } from "./message-params.ts";
import { occurrenceOfDonation, saveOccurrence } from "./occurrence-store.ts";
import type { Occurrence, RecurringGift } from "./recurring-gift.ts";
import { loadRecurringGift, saveRecurringGift } from "./store.ts";
import { tellFailure } from "./tell-failure.ts";

type Parts = Pick<
  Deps,
  "clock" | "vault" | "config" | "settings" | "metrics" | "payments" | "countries" | "log"
>;

type Facts = {
  readonly tx: Tx;
  readonly gift: RecurringGift;
  readonly occurrence: Occurrence;
  readonly donation: Gift;
  readonly slug: string;
};

/**
 * What has become of a donation is brought home to its occurrence and its recurring gift, in the follower's
 * transaction. The event only says that something happened: what counts is how the donation stands now, so events may
 * come twice, late, or in any order.
 */
export async function settle(deps: Parts, tx: Tx, event: FollowedEvent): Promise<void> {
  const { churchId } = event;
  const id = parseId("recurringGift", String(event.data.recurring_gift));
  const donationId = parseId("donation", event.objectId);
  const gift = id && (await loadRecurringGift(tx, churchId, id, true));
  const occurrence = donationId && (await occurrenceOfDonation(tx, churchId, donationId));
  const donation = donationId && (await loadGift(tx, churchId, { donationId }, false));
  if (!gift || !occurrence || !donation) return;
  const settings = await deps.settings.read(churchId);
  const facts: Facts = { tx, gift, occurrence, donation, slug: settings?.slug ?? "" };
  switch (donation.attempt.state) {
    case "captured":
      return succeeded(deps, facts);
    case "action_required":
      return waits(deps, facts);
    case "declined":
    case "refused":
    case "voided":
    case "expired":
      return failed(deps, facts);
    case "conflicted":
    case "needs_review":
      // A person decides; nothing more is tried meanwhile.
      return save(deps, facts, { nextAt: undefined });
    case "created":
    case "submitted":
    case "processing":
    case "authorized":
    case "in_doubt":
      return;
  }
}

async function save(deps: Parts, { tx, occurrence }: Facts, to: Partial<Occurrence>): Promise<void> {
  const now = deps.clock.now();
  const version = occurrence.version + 1;
  await saveOccurrence(tx, occurrence, { ...occurrence, ...to, version, updatedAt: now });
}

/** The gift has come: for its own period, however late, and whatever was given up meanwhile. */
async function succeeded(deps: Parts, facts: Facts): Promise<void> {
  const { tx, gift, occurrence } = facts;
  if (occurrence.state === "succeeded") return;
  const now = deps.clock.now();
  await save(deps, facts, {
    state: "succeeded",
    nextAt: undefined,
    heldUntil: undefined,
    stopAs: undefined,
    decline: undefined,
    settledAt: now,
  });
  deps.metrics.count("ofrenda_occurrences_total", { done: "succeeded" });
  const alive = gift.status === "active" || gift.status === "paused";
  if (!alive || gift.failedPeriods === 0) {
    await completeIfOver(tx, gift, now);
    return;
  }
  // Nothing of the promise has changed: it is no news to anybody.
  const well = { ...gift, failedPeriods: 0, version: gift.version + 1, updatedAt: now };
  assert(await saveRecurringGift(tx, gift, well), "the recurring gift was read under lock");
  await completeIfOver(tx, well, now);
}

/** A voucher or link is ready: the donor of a reminder hears of it, once for each. */
async function waits(deps: Parts, facts: Facts): Promise<void> {
  const { tx, gift, occurrence, donation, slug } = facts;
  if (gift.collection !== "reminder" || occurrence.state !== "collecting") return;
  await enqueue(tx, deps, gift.churchId, {
    kind: "reminder",
    to: { donor: gift.donorId },
    dedupeKey: `reminder:${occurrence.id}:${donation.attempt.number}`,
    locale: gift.locale,
    params: await reminderParams(deps, tx, gift, occurrence, donation, slug),
  });
}

async function failed(deps: Parts, facts: Facts): Promise<void> {
  const { tx, gift, occurrence, donation, slug } = facts;
  if (occurrence.state !== "collecting") return;
  const now = deps.clock.now();
  if (occurrence.stopAs) {
    return save(deps, facts, {
      state: occurrence.stopAs,
      stopAs: undefined,
      nextAt: undefined,
      settledAt: now,
    });
  }
  if (gift.collection === "reminder") return unasked(deps, facts);
  const decline = donation.attempt.decline;
  if (gift.status === "canceled" || gift.status === "completed") {
    return save(deps, facts, { state: "canceled", nextAt: undefined, decline, settledAt: now });
  }
  const mandate = gift.mandateId ? await loadMandate(tx, gift.churchId, gift.mandateId, false) : undefined;
  const decision = await askDunning(deps, tx, { ...facts, mandate });
  report(deps, facts, decision);
  await tellFailure(deps, tx, { ...facts, mandate }, decision);
  switch (decision.kind) {
    case "retry":
      return save(deps, facts, { state: "retrying", nextAt: decision.at, heldUntil: undefined, decline });
    case "ask_method":
    case "ask_donor":
      return save(deps, facts, {
        state: "retrying",
        nextAt: decision.until,
        heldUntil: decision.until,
        decline,
      });
    case "give_up":
      return failPeriod(deps, tx, gift, { ...occurrence, decline }, "declined", slug);
  }
}

/** A reminder's voucher could not be made, or has run out: the next word brings a new one, soon where none was ever seen. */
async function unasked(deps: Parts, facts: Facts): Promise<void> {
  const { occurrence, donation } = facts;
  if (donation.attempt.state !== "refused" || occurrence.tries > unaskedMost) return;
  const soon = after(deps.clock.now(), hours(2));
  const nextAt = occurrence.nextAt && occurrence.nextAt < soon ? occurrence.nextAt : soon;
  await save(deps, facts, { nextAt, state: "open", reminders: Math.max(0, occurrence.reminders - 1) });
}

const unaskedMost = 6;

function report(deps: Parts, { gift, occurrence, donation }: Facts, decision: RetryDecision): void {
  const reason = donation.attempt.decline?.reason ?? "technical";
  const fields = {
    recurring_gift: gift.id,
    occurrence: occurrence.id,
    reason,
    plan: planOf[reason],
    tries: occurrence.tries,
    decision: decision.kind,
    ...("at" in decision ? { at: decision.at.toISOString() } : {}),
    ...("why" in decision ? { why: decision.why } : {}),
  };
  deps.log.info(fields, "a recurring gift brought no money: what happens next");
  deps.metrics.count("ofrenda_occurrences_total", { done: `after_decline_${decision.kind}` });
}
