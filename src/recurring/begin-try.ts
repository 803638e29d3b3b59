import type { Deps } from "../deps.ts";
import type { Gift } from "../giving/gift.ts";
import { pageUrlOf } from "../giving/gift-page-url.ts";
import { openFurtherAttempt, openStandingGift, type StandingPlan } from "../giving/standing-gift.ts";
import { assert } from "../kernel/assert.ts";
import { after, minutes } from "../kernel/clock.ts";
import { newId } from "../kernel/ids.ts";
import type { Gathered } from "./gather-occurrence.ts";
import { loadOccurrence, saveOccurrence } from "./occurrence-store.ts";
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
 * Transaction A of a try, shared with others of the church: the occurrence is on its way and its attempt is written, together. `undefined` when another
 * worker was quicker, or when money of an earlier try is or may be on its way: then nothing new is tried.
 */
export async function beginTry(deps: Deps, facts: Gathered, plan: StandingPlan): Promise<Begun | undefined> {
  const { churchId, id, version } = facts.occurrence;
  const now = deps.clock.now();
  return deps.db.sharing(churchId, async (tx) => {
    const held = await loadOccurrence(tx, churchId, id, true);
    if (held?.version !== version) return undefined;
    const first = held.donationId === undefined;
    const donationId = held.donationId ?? newId("donation");
    const words = { name: facts.donor.name, note: facts.note };
    const further = first ? undefined : await openFurtherAttempt(tx, churchId, donationId, plan, now);
    if (!first && further?.kind !== "started") {
      await save(held, { ...held, state: "collecting", nextAt: undefined });
      return undefined;
    }
    const opened = first ? await openStandingGift(deps, tx, plan, donationId, words, now) : undefined;
    const next = opened ?? (further?.kind === "started" ? further.next : undefined);
    if (!next) return undefined;
    await save(held, { ...trying(held, facts, now), donationId });
    const pageUrl = await pageUrlOf(deps, tx, churchId, plan.settings.slug, donationId);
    return { gift: next.gift, customerRef: next.customerRef, pageUrl, deliveries: opened?.deliveries ?? 0 };

    async function save(before: Occurrence, to: Occurrence): Promise<void> {
      const after = { ...to, version: before.version + 1, updatedAt: now };
      assert(await saveOccurrence(tx, before, after), "the occurrence was read under lock");
    }
  });
}

function trying(held: Occurrence, { gift }: Gathered, now: Date): Occurrence {
  const tried = { ...held, state: "collecting", tries: held.tries + 1, heldUntil: undefined } as const;
  if (gift.collection === "automatic") return { ...tried, nextAt: after(now, lookAfterMs) };
  const reminders = held.reminders + 1;
  return {
    ...tried,
    reminders,
    nextAt: nextReminderAt({ dueOn: held.dueOn, told: reminders }, gift, now).at,
  };
}
