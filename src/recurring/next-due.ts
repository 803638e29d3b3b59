import { type Money, money } from "../kernel/money.ts";
import { exhaustive } from "../kernel/result.ts";
import type { Progress } from "./occurrence-store.ts";
import type { RecurringGift } from "./recurring-gift.ts";
import type { End } from "./rule.ts";
import { daysAfter, indexAfter, instantOf, type LastOpened, occurrenceAt } from "./schedule.ts";

/** What of a recurring gift says when the next occurrence comes. */
export type Ahead = Pick<RecurringGift, "nextIndex" | "nextDueOn" | "nextOpenAt">;

/** The next occurrence when it is the one of this index; nothing to open while the gift is not active, or when it is over. */
export function aheadFrom(gift: RecurringGift, index: number, progress: Progress): Ahead {
  const { dueOn } = occurrenceAt(gift.rule, gift.anchor, index);
  if (isOver(gift.ends, progress, dueOn)) {
    return { nextIndex: index, nextDueOn: undefined, nextOpenAt: undefined };
  }
  return {
    nextIndex: index,
    nextDueOn: dueOn,
    nextOpenAt: gift.status === "active" ? opensAt(gift, dueOn) : undefined,
  };
}

/** When the occurrence due on a date is opened: in the morning window, so many days ahead as its rail asks. */
export function opensAt(gift: Pick<RecurringGift, "leadDays" | "timeZone" | "id">, dueOn: string): Date {
  return instantOf(daysAfter(dueOn, -gift.leadDays), gift.timeZone, gift.id);
}

/** Whether a gift due on this date comes after its promise's end. */
export function isOver(ends: End, progress: Progress, dueOn: string): boolean {
  switch (ends.kind) {
    case "never":
      return false;
    case "on_date":
    case "with_campaign":
      return dueOn > ends.date;
    case "after_gifts":
      return progress.gifts >= ends.gifts;
    case "at_total":
      return progress.totalMinor >= BigInt(ends.amount);
    default:
      return exhaustive(ends);
  }
}

/** What the next gift is: the promise's amount, or what is left of its total. */
export function amountDue(gift: Pick<RecurringGift, "amount" | "ends">, progress: Progress): Money {
  if (gift.ends.kind !== "at_total") return gift.amount;
  const left = BigInt(gift.ends.amount) - progress.totalMinor;
  return left < gift.amount.minor ? money(left, gift.amount.currency) : gift.amount;
}

/** The dates of the next occurrences, at most `count`; fewer when it ends before. */
export function nextDates(gift: RecurringGift, progress: Progress, count: number): readonly string[] {
  if (gift.nextDueOn === undefined) return [];
  const dates: string[] = [];
  let so = progress;
  for (let step = 0; step < count; step++) {
    const dated = occurrenceAt(gift.rule, gift.anchor, gift.nextIndex + step);
    const dueOn = step === 0 ? gift.nextDueOn : dated.dueOn;
    const amount = amountDue(gift, so);
    if (isOver(gift.ends, so, dated.dueOn)) break;
    dates.push(dueOn);
    so = { ...so, gifts: so.gifts + 1, totalMinor: so.totalMinor + amount.minor };
  }
  return dates;
}

/**
 * The index a recurring gift goes on from on a day: the first date still to come that its rail can be told of in time,
 * never in a period that was opened before. With `missed`, the latest date since then that was passed over comes first,
 * once: nobody is asked for several periods together.
 */
export function indexToGoOn(
  gift: RecurringGift,
  on: { readonly today: string; readonly last: LastOpened | undefined; readonly missed?: string | undefined },
): number {
  const notice = gift.collection === "automatic" ? gift.leadDays : 0;
  const index = indexAfter(gift.rule, gift.anchor, daysAfter(on.today, notice), on.last);
  if (on.missed === undefined || notice > 0 || index === 0) return index;
  const before = occurrenceAt(gift.rule, gift.anchor, index - 1);
  const free = indexAfter(gift.rule, gift.anchor, before.dueOn, on.last) === index - 1;
  return free && before.dueOn >= on.missed ? index - 1 : index;
}
