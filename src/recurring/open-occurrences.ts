import { Temporal } from "temporal-polyfill";
import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { assert } from "../kernel/assert.ts";
import { type ChurchId, newId, type RecurringGiftId, toId, uuidOf } from "../kernel/ids.ts";
import { completeIfOver } from "./complete.ts";
import { bankingDayFrom } from "./dunning/paydays.ts";
import { keepsBankingDays, railOf } from "./dunning/rails.ts";
import { aheadFrom, amountDue, isOver } from "./next-due.ts";
import { insertOccurrence, type Progress, progressOf } from "./occurrence-store.ts";
import type { Occurrence, RecurringGift } from "./recurring-gift.ts";
import { civilDate, instantOf, occurrenceAt } from "./schedule.ts";
import { loadRecurringGift, saveRecurringGift } from "./store.ts";

type Parts = Pick<Deps, "db" | "clock" | "countries" | "log" | "metrics">;

/** How many of one church's gifts are opened in one transaction. */
const together = 50;

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
  const byChurch = new Map<string, string[]>();
  for (const { church_id, id } of due) byChurch.set(church_id, [...(byChurch.get(church_id) ?? []), id]);
  let opened = 0;
  for (const [church, rows] of byChurch) {
    for (let from = 0; from < rows.length && !order.signal?.aborted; from += together) {
      opened += await openOf(deps, toId("church", church), rows.slice(from, from + together));
    }
  }
  if (opened > 0) deps.metrics.count("ofrenda_occurrences_total", { done: "opened" }, opened);
  return { opened, looked: due.length };
}

async function openOf(deps: Parts, church: ChurchId, ids: readonly string[]): Promise<number> {
  return deps.db.inChurch(church, async (tx) => {
    const rows = await tx.sql<{ id: string }[]>`
      select id from recurring_gifts
      where church_id = ${uuidOf(church)} and id = any(${[...ids]}::uuid[]) and next_open_at <= ${deps.clock.now()}
      order by id for update skip locked`;
    let opened = 0;
    for (const { id } of rows) opened += await openOne(deps, tx, church, toId("recurringGift", id));
    return opened;
  });
}

/** The latest period that is due; those passed over meanwhile (nobody was at work) are written as skipped. */
async function openOne(deps: Parts, tx: Tx, church: ChurchId, id: RecurringGiftId): Promise<number> {
  const gift = await loadRecurringGift(tx, church, id, false);
  if (gift?.status !== "active" || gift.nextDueOn === undefined) return 0;
  const now = deps.clock.now();
  const today = civilDate(now, gift.timeZone);
  let progress = await progressOf(tx, church, id);
  let index = gift.nextIndex;
  let dueOn = gift.nextDueOn;
  for (;;) {
    const following = occurrenceAt(gift.rule, gift.anchor, index + 1).dueOn;
    if (following > today || isOver(gift.ends, progress, following)) break;
    await insertOccurrence(tx, {
      ...bare(gift, index, dueOn, progress, now),
      state: "skipped",
      settledAt: now,
    });
    index += 1;
    dueOn = following;
  }
  const occurrence = { ...bare(gift, index, dueOn, progress, now), nextAt: askAt(deps, gift, dueOn, now) };
  const made = await insertOccurrence(tx, occurrence);
  if (made) {
    const { gifts, totalMinor, unsettled } = progress;
    progress = {
      gifts: gifts + 1,
      totalMinor: totalMinor + occurrence.amount.minor,
      unsettled: unsettled + 1,
    };
  }
  const after = {
    ...gift,
    ...aheadFrom(gift, index + 1, progress),
    version: gift.version + 1,
    updatedAt: now,
  };
  assert(await saveRecurringGift(tx, gift, after), "the recurring gift was read under lock");
  if (!made) await completeIfOver(tx, after, now);
  return made ? 1 : 0;
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
