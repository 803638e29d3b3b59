import { Temporal } from "temporal-polyfill";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import type { End, Rule } from "./rule.ts";
import { daysAfter, monthsAfter, occurrenceAt } from "./schedule.ts";

/** A promise may begin at most so many months from today. */
const startsWithinMonths = 12;

/** A day of the calendar: 2026-02-30 is none, though it has a date's shape. */
export function isCivilDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" }).toString() === text;
  } catch {
    return false;
  }
}

/**
 * Whether a promise may start on a day: a day there is, not before `earliest` (today, or later where the rail must be
 * told ahead), within a year.
 */
export function checkStart(startsOn: string, today: string, earliest: string): Result<string, Problem> {
  const no = (detail: string) => err(fieldProblem("invalid_request", "/starts_on", detail));
  if (!isCivilDate(startsOn)) return no("is no day of the calendar: write one as 2026-11-30");
  if (startsOn < today) return no(`has passed: choose ${earliest} or a later day`);
  if (startsOn < earliest) {
    return no(
      `is too soon for this payment method, which is told of a charge days ahead: choose ${earliest} or later`,
    );
  }
  const latest = monthsAfter(today, startsWithinMonths);
  if (startsOn > latest) return no(`is more than a year ahead: choose ${latest} or an earlier day`);
  return ok(startsOn);
}

/** Whether an end leaves at least one gift to be given. `given` is what was given already, in minor units. */
export function checkEnd(
  ends: End,
  schedule: { readonly rule: Rule; readonly anchor: string; readonly index: number },
  given: { readonly gifts: number; readonly totalMinor: bigint },
): Result<End, Problem> {
  const no = (pointer: string, detail: string) => err(fieldProblem("invalid_request", pointer, detail));
  if (ends.kind === "on_date" || ends.kind === "with_campaign") {
    if (!isCivilDate(ends.date))
      return no("/ends/date", "is no day of the calendar: write one as 2026-11-30");
    const { dueOn } = occurrenceAt(schedule.rule, schedule.anchor, schedule.index);
    if (ends.date < dueOn) {
      return no("/ends/date", `is before the first gift, due on ${dueOn}: choose that day or a later one`);
    }
  }
  if (ends.kind === "after_gifts" && ends.gifts <= given.gifts) {
    return no("/ends/gifts", `${given.gifts} were given or are on their way: choose more, or cancel`);
  }
  if (ends.kind === "at_total" && BigInt(ends.amount) <= given.totalMinor) {
    return no("/ends/amount", `${given.totalMinor} was given or is on its way: choose more, or cancel`);
  }
  return ok(ends);
}

/** The earliest day a promise may start: today, or after the notice its rail needs. */
export const earliestStart = (today: string, noticeDays: number): string => daysAfter(today, noticeDays);
