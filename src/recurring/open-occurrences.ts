import { Temporal } from "temporal-polyfill";
import type { Deps } from "../deps.ts";
import { type ChurchId, newId, type RecurringGiftId, toId } from "../kernel/ids.ts";
import { completeIfOver } from "./complete.ts";
import { bankingDayFrom } from "./dunning/paydays.ts";
import { keepsBankingDays, railOf } from "./dunning/rails.ts";
import { aheadFrom, amountDue, isOver } from "./next-due.ts";
import { insertOccurrences, noProgress, type Progress, progressOfEach } from "./occurrence-store.ts";
import type { Occurrence, RecurringGift } from "./recurring-gift.ts";
import { civilDate, instantOf, occurrenceAt } from "./schedule.ts";
import { holdGiftsToOpen, saveAhead } from "./store.ts";

type Parts = Pick<Deps, "db" | "clock" | "countries" | "log" | "metrics">;

/** How many of one church's gifts are opened in one transaction. */
const together = 100;

/**
 * Opens what has come up: for each recurring gift due, one occurrence, and the date of the next, in one transaction for
 * each church's share. Two workers never open the same: rows another holds are left to it, and a period is unique.
 */
export async function openDue(
  deps: Parts,
  order: { readonly limit: number; readonly signal?: AbortSignal },
): Promise<{ readonly opened: number; readonly looked: number }> {
  const due = await deps.db.sweeping(
    ({ sql }) => sql<{ church_id: string; id: string }[]>`
      select church_id, id from recurring_gifts where next_open_at <= ${deps.clock.now()}
      order by next_open_at, id limit ${order.limit}`,
  );
  let opened = 0;
  for (const [church, rows] of Map.groupBy(due, (row) => row.church_id)) {
    const ids = rows.map(({ id }) => toId("recurringGift", id));
    for (let from = 0; from < ids.length && !order.signal?.aborted; from += together) {
      opened += await openOf(deps, toId("church", church), ids.slice(from, from + together));
    }
  }
  if (opened > 0) deps.metrics.count("ofrenda_occurrences_total", { done: "opened" }, opened);
  return { opened, looked: due.length };
}

async function openOf(deps: Parts, church: ChurchId, ids: readonly RecurringGiftId[]): Promise<number> {
  const now = deps.clock.now();
  return deps.db.inChurch(church, async (tx) => {
    const gifts = await holdGiftsToOpen(tx, church, ids, now);
    const progress = await progressOfEach(tx, church, ids);
    const openings = gifts.flatMap((gift) => openingOf(deps, gift, progress.get(gift.id) ?? noProgress, now));
    const written = openings.flatMap(({ passedOver, due }) => [...passedOver, due]);
    const made = await insertOccurrences(tx, written);
    const opened = openings.map((opening) => ({
      after: afterOpening(opening, made.has(opening.due.id), now),
      made: made.has(opening.due.id),
    }));
    await saveAhead(
      tx,
      church,
      opened.map(({ after }) => after),
    );
    for (const { after } of opened.filter((one) => !one.made)) await completeIfOver(tx, after, now);
    return opened.filter((one) => one.made).length;
  });
}

/** What is to be written of a recurring gift that is due. */
type Opening = {
  readonly gift: RecurringGift;
  readonly progress: Progress;
  /** Periods nobody opened in time: written as skipped. */
  readonly passedOver: readonly Occurrence[];
  /** The latest that is due. */
  readonly due: Occurrence;
};

/** The latest period that is due; those passed over meanwhile (nobody was at work) are skipped. */
function openingOf(deps: Parts, gift: RecurringGift, progress: Progress, now: Date): Opening[] {
  if (gift.status !== "active" || gift.nextDueOn === undefined) return [];
  const today = civilDate(now, gift.timeZone);
  const passedOver: Occurrence[] = [];
  let index = gift.nextIndex;
  let dueOn = gift.nextDueOn;
  for (;;) {
    const following = occurrenceAt(gift.rule, gift.anchor, index + 1).dueOn;
    if (following > today || isOver(gift.ends, progress, following)) break;
    passedOver.push({ ...bare(gift, index, dueOn, progress, now), state: "skipped", settledAt: now });
    index += 1;
    dueOn = following;
  }
  const due = { ...bare(gift, index, dueOn, progress, now), nextAt: askAt(deps, gift, dueOn, now) };
  return [{ gift, progress, passedOver, due }];
}

/** Where the gift goes on from; an occurrence that was there already has been counted. */
function afterOpening({ gift, progress, due }: Opening, made: boolean, now: Date): RecurringGift {
  const { gifts, totalMinor, unsettled } = progress;
  const counted = {
    gifts: gifts + 1,
    totalMinor: totalMinor + due.amount.minor,
    unsettled: unsettled + 1,
  };
  const ahead = aheadFrom(gift, due.index + 1, made ? counted : progress);
  return { ...gift, ...ahead, version: gift.version + 1, updatedAt: now };
}

function bare(gift: RecurringGift, index: number, dueOn: string, progress: Progress, now: Date): Occurrence {
  return {
    churchId: gift.churchId,
    id: newId("occurrence"),
    recurringGiftId: gift.id,
    period: occurrenceAt(gift.rule, gift.anchor, index).period,
    ruleNumber: gift.ruleNumber,
    index,
    dueOn,
    state: "open",
    amount: amountDue(gift, progress),
    donationId: undefined,
    nextAt: undefined,
    tries: 0,
    reminders: 0,
    heldUntil: undefined,
    stopAs: undefined,
    decline: undefined,
    version: 1,
    createdAt: now,
    updatedAt: now,
    settledAt: undefined,
  };
}

/**
 * When it is asked for: now where the rail is told ahead or the donor reminded; else in the morning of the day it is
 * due, on a banking day where a bank debits; late, in the next morning window rather than at night.
 */
function askAt(deps: Parts, gift: RecurringGift, dueOn: string, now: Date): Date {
  if (gift.leadDays > 0) return now;
  const holidays = new Set(deps.countries.get(gift.country)?.bankHolidays ?? []);
  const banks = keepsBankingDays(railOf(gift.method));
  const morningOf = (from: string): Date => {
    const day = Temporal.PlainDate.from(from);
    return instantOf((banks ? bankingDayFrom(day, holidays) : day).toString(), gift.timeZone, gift.id);
  };
  const planned = morningOf(dueOn);
  if (planned > now) return planned;
  const { hour } = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(gift.timeZone);
  const today = civilDate(now, gift.timeZone);
  if (hour < 6) return morningOf(today);
  if (hour >= 21) return morningOf(Temporal.PlainDate.from(today).add({ days: 1 }).toString());
  return banks && morningOf(today) > now ? morningOf(today) : now;
}
