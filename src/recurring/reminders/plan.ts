import { daysAfter, instantOf } from "../schedule.ts";

/**
 * How a donor is reminded of a gift they bring themselves (facts: giving §4.4): a fresh voucher or link five days
 * before, a word the day before and two days after, with a new voucher where the last has expired; at most three, and
 * then silence until the next period. What is paid later still counts for its own period.
 */
const reminderDays = [-5, -1, 2] as const;
/** So long after the date the period is taken as not given, for the statistics alone: a voucher may be paid after it. */
const closesAfterDays = 7;

/**
 * When the next thing is to be done about a reminder of which the donor was told `told` times: the next word, or the
 * end of the period. What would lie in the past (it was opened late) is left out.
 */
export function nextReminderAt(
  occurrence: { readonly dueOn: string; readonly told: number },
  gift: { readonly timeZone: string; readonly id: string; readonly nextDueOn: string | undefined },
  now: Date,
): { readonly at: Date; readonly does: "tell" | "close" } {
  const morning = (day: string): Date => instantOf(day, gift.timeZone, gift.id);
  const { dueOn, told } = occurrence;
  for (const offset of reminderDays.slice(told)) {
    const day = daysAfter(dueOn, offset);
    const at = morning(day);
    if (gift.nextDueOn !== undefined && day >= gift.nextDueOn) break;
    if (at > now) return { at, does: "tell" };
  }
  const closes = daysAfter(dueOn, closesAfterDays);
  const last = gift.nextDueOn !== undefined && gift.nextDueOn < closes ? gift.nextDueOn : closes;
  return { at: morning(last), does: "close" };
}
