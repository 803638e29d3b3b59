import type { Deps } from "../deps.ts";
import type { Gift } from "../giving/gift.ts";
import { loadGift } from "../giving/load-gift.ts";
import { type StandingWay, sendStanding } from "../giving/send-standing.ts";
import { hours, minutes } from "../kernel/clock.ts";
import { newId } from "../kernel/ids.ts";
import { enqueue } from "../messages/enqueue.ts";
import { closePeriod } from "./close-period.ts";
import { type Gathered, usableMandate } from "./gather-occurrence.ts";
import { reminderParams } from "./message-params.ts";
import { saveOccurrence } from "./occurrence-store.ts";
import type { Occurrence } from "./recurring-gift.ts";
import { nextReminderAt } from "./reminders/plan.ts";
import { civilDate, daysAfter, daysUntil, instantOf } from "./schedule.ts";

/** Gateways keep an idempotency key this long at least (PayPal: 6 h); after that only a look-up is safe. */
const resendWithinMs = hours(1);

/**
 * What a try on its way needs now: `try` when its donation has ended without money and the donor is to get another
 * voucher. A process that died before it could send is taken over from, with the same key at the gateway.
 */
export async function lookAfter(deps: Deps, facts: Gathered): Promise<"try" | "done"> {
  const { occurrence, gift } = facts;
  const { churchId, donationId } = occurrence;
  const donation =
    donationId && (await deps.db.inChurch(churchId, (tx) => loadGift(tx, churchId, { donationId }, false)));
  if (!donation) return "done";
  if (gift.collection === "reminder") return remind(deps, facts, donation);
  await watch(deps, facts, donation);
  return "done";
}

async function watch(deps: Deps, facts: Gathered, donation: Gift): Promise<void> {
  const { occurrence, gift } = facts;
  const now = deps.clock.now();
  const { state, createdAt } = donation.attempt;
  const mandate = usableMandate(facts);
  const age = now.getTime() - createdAt.getTime();
  const wanted = gift.status === "active" || gift.status === "paused";
  if (state === "submitted" && mandate && wanted && age < resendWithinMs) {
    const way = {
      kind: "pull",
      gatewayMandateId: mandate.gatewayMandateId,
      dueOn: announcedFor(deps, facts),
    } as const;
    await move(deps, occurrence, { nextAt: new Date(now.getTime() + minutes(10)) });
    return send(deps, facts, donation, way);
  }
  const day = state === "processing" ? nextAsking(deps, facts) : undefined;
  if (!day) return move(deps, occurrence, { nextAt: undefined });
  if (day.at > now) return move(deps, occurrence, { nextAt: day.at });
  if (!mandate) return move(deps, occurrence, { nextAt: undefined });
  const tomorrow = daysAfter(civilDate(now, gift.timeZone), 1);
  await move(deps, occurrence, {
    tries: occurrence.tries + 1,
    nextAt: new Date(now.getTime() + minutes(10)),
  });
  await send(deps, facts, donation, {
    kind: "pull",
    gatewayMandateId: mandate.gatewayMandateId,
    dueOn: tomorrow,
  });
}

const noticeOf = (deps: Deps, { mandate }: Gathered) =>
  mandate &&
  deps.payments.manifests
    .get(mandate.gateway)
    ?.methods.find((able) => able.type === mandate.method && able.countries.includes(mandate.country))
    ?.mandate;

const announcedFor = (deps: Deps, facts: Gathered): string => {
  const { occurrence, gift } = facts;
  const least = noticeOf(deps, facts)?.notice.leastDays ?? 0;
  const soonest = daysAfter(civilDate(deps.clock.now(), gift.timeZone), least);
  return occurrence.dueOn > soonest ? occurrence.dueOn : soonest;
};

/** The mornings after which a bank that found no money is asked to try the day after: its own three tries in seven days. */
const askingDays = [1, 3, 5] as const;

/**
 * On a rail that repeats its own charge (Pix Automático), when the next repeat is to be asked for: the same charge, the
 * same amount, a later day. Asking says nothing where the bank has taken the money or is still at it.
 */
function nextAsking(deps: Deps, facts: Gathered): { readonly at: Date } | undefined {
  const { occurrence, gift } = facts;
  const terms = noticeOf(deps, facts);
  if (!terms?.retries || terms.notice.leastDays === 0) return undefined;
  const offset = askingDays.slice(0, terms.retries.most)[occurrence.tries - 1];
  if (offset === undefined) return undefined;
  return { at: instantOf(daysAfter(occurrence.dueOn, offset), gift.timeZone, gift.id) };
}

async function send(deps: Deps, facts: Gathered, gift: Gift, way: StandingWay): Promise<void> {
  const settings = await deps.settings.read(facts.gift.churchId);
  await sendStanding(deps, {
    gift,
    way,
    donor: facts.donor,
    customerRef: facts.mandate?.customerRef,
    churchName: settings?.name ?? "",
    traceId: newId("event").slice(4),
  });
}

/** The next word to a donor who brings the gift themselves, or silence until the next period. */
async function remind(deps: Deps, facts: Gathered, donation: Gift): Promise<"try" | "done"> {
  const { occurrence, gift } = facts;
  const now = deps.clock.now();
  const { state } = donation.attempt;
  if (state === "captured") {
    await move(deps, occurrence, { nextAt: undefined });
    return "done";
  }
  if (state === "processing" || state === "authorized") {
    // On its way, begun before the donor chose to be reminded: nothing is asked for until it is known.
    await move(deps, occurrence, { nextAt: new Date(now.getTime() + hours(24)) });
    return "done";
  }
  const last = nextReminderAt(
    { dueOn: occurrence.dueOn, told: occurrence.reminders },
    gift,
    occurrence.updatedAt,
  );
  if (last.does === "close") {
    await closePeriod(deps, facts, "not_given");
    return "done";
  }
  if (state === "expired" || state === "voided" || state === "declined" || state === "refused") return "try";
  const reminders = occurrence.reminders + 1;
  const next = nextReminderAt({ dueOn: occurrence.dueOn, told: reminders }, gift, now);
  const settings = await deps.settings.read(gift.churchId);
  await deps.db.inChurch(gift.churchId, async (tx) => {
    const to = changed(occurrence, { reminders, nextAt: next.at }, now);
    if (!(await saveOccurrence(tx, occurrence, to)) || state !== "action_required") return;
    const words = await reminderParams(deps, tx, gift, occurrence, donation, settings?.slug ?? "");
    const params = { ...words, days_left: daysUntil(occurrence.dueOn, civilDate(now, gift.timeZone)) };
    const dedupeKey = `reminder_nudge:${occurrence.id}:${reminders}`;
    const to_ = { donor: gift.donorId };
    await enqueue(tx, deps, gift.churchId, {
      kind: "reminder_nudge",
      to: to_,
      dedupeKey,
      locale: gift.locale,
      params,
    });
  });
  deps.doorbell.ring("messages");
  deps.metrics.count("ofrenda_occurrences_total", { done: "nudged" });
  return "done";
}

const changed = (occurrence: Occurrence, to: Partial<Occurrence>, now: Date): Occurrence => ({
  ...occurrence,
  ...to,
  version: occurrence.version + 1,
  updatedAt: now,
});

async function move(deps: Deps, occurrence: Occurrence, to: Partial<Occurrence>): Promise<void> {
  const after = changed(occurrence, to, deps.clock.now());
  await deps.db.inChurch(occurrence.churchId, (tx) => saveOccurrence(tx, occurrence, after));
}
