import type { Deps } from "../deps.ts";
import type { Gift } from "../giving/gift.ts";
import { pageUrlOf } from "../giving/gift-page-url.ts";
import { openFurtherAttempt, openStandingGift, type StandingPlan } from "../giving/standing-gift.ts";
import { assert } from "../kernel/assert.ts";
import { after, minutes } from "../kernel/clock.ts";
import { type DonationId, newId } from "../kernel/ids.ts";
import type { Gathered } from "./gather-occurrence.ts";
import { saveOccurrence } from "./occurrence-store.ts";
import type { Occurrence } from "./recurring-gift.ts";
import { nextReminderAt } from "./reminders/plan.ts";

/** How long a try may take before somebody looks whether its process has died. */
const lookAfterMs = minutes(10);

/** A try written and not yet sent. */
export type Begun = {
  readonly gift: Gift;
  readonly customerRef: string | undefined;
  readonly pageUrl: string;
  readonly deliveries: number;
};

/**
 * Transaction A of a try, shared with others of the church: the occurrence is claimed, and its attempt written with it.
 * `undefined` when another worker was quicker, or when money of an earlier try is or may be on its way: then nothing new is tried.
 */
export async function beginTry(deps: Deps, facts: Gathered, plan: StandingPlan): Promise<Begun | undefined> {
  const { churchId } = facts.occurrence;
  const now = deps.clock.now();
  return deps.db.sharing(churchId, async (tx) => {
    const claimed = next(facts.occurrence, trying(facts, now));
    if (!(await saveOccurrence(tx, facts.occurrence, claimed))) return undefined;
    const known = facts.occurrence.donationId;
    if (known) {
      const further = await openFurtherAttempt(tx, churchId, known, plan, now);
      if (further?.kind !== "started") {
        await move(claimed, { ...facts.occurrence, state: "collecting", nextAt: undefined });
        return undefined;
      }
      return { ...further.next, pageUrl: await pageUrl(known), deliveries: 0 };
    }
    const donationId = newId("donation");
    const words = { name: facts.donor.name, note: facts.note };
    const opened = await openStandingGift(deps, tx, plan, donationId, words, now);
    await move(claimed, { ...claimed, donationId });
    return { ...opened, pageUrl: await pageUrl(donationId) };

    async function move(before: Occurrence, to: Occurrence): Promise<void> {
      assert(
        await saveOccurrence(tx, before, next(before, to)),
        "the occurrence was claimed in this transaction",
      );
    }
    function next(before: Occurrence, to: Occurrence): Occurrence {
      return { ...to, version: before.version + 1, updatedAt: now };
    }
    function pageUrl(donation: DonationId): Promise<string> {
      return pageUrlOf(deps, tx, churchId, plan.settings.slug, donation);
    }
  });
}

function trying({ occurrence: held, gift }: Gathered, now: Date): Occurrence {
  const tried = { ...held, state: "collecting", tries: held.tries + 1, heldUntil: undefined } as const;
  if (gift.collection === "automatic") return { ...tried, nextAt: after(now, lookAfterMs) };
  const reminders = held.reminders + 1;
  return {
    ...tried,
    reminders,
    nextAt: nextReminderAt({ dueOn: held.dueOn, told: reminders }, gift, now).at,
  };
}
