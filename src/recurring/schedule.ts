import { Temporal } from "temporal-polyfill";
import { present } from "../kernel/assert.ts";
import { exhaustive } from "../kernel/result.ts";
import type { Cadence, DayOfMonth, Rule } from "./rule.ts";

/** One date a recurring gift falls due. `index` counts from 0 under one rule and anchor. */
export type Dated = {
  readonly index: number;
  /** The period's name: no two dates of a rule share one, and a rule put in its place names the same ones alike. */
  readonly period: string;
  /** `YYYY-MM-DD`. */
  readonly dueOn: string;
};

/**
 * Occurrence `index` of a rule: computed from rule, anchor and index alone, never from the one before, so that
 * nothing drifts and a month cut short gets its day back (facts: giving §4.3). Number 0 is the first date that the
 * rule allows on or after the anchor.
 */
export function occurrenceAt(rule: Rule, anchor: string, index: number): Dated {
  const date = dateAt(rule, Temporal.PlainDate.from(anchor), index);
  return { index, period: periodOf(rule, date), dueOn: date.toString() };
}

/** The next `count` occurrences due on or after `from`. */
export function datesFrom(rule: Rule, anchor: string, from: string, count: number): readonly Dated[] {
  const first = indexFrom(rule, anchor, from);
  return Array.from({ length: count }, (_, step) => occurrenceAt(rule, anchor, first + step));
}

/** The index of the first occurrence due on or after `from`. */
export function indexFrom(rule: Rule, anchor: string, from: string): number {
  const start = Temporal.PlainDate.from(anchor);
  const wanted = Temporal.PlainDate.from(from);
  const first = dateAt(rule, start, 0);
  // A guess that is never too late, then forward: dates grow with the index.
  const days = first.until(wanted).days;
  let index = Math.max(0, Math.floor(days / mostDays[rule.cadence]));
  while (Temporal.PlainDate.compare(dateAt(rule, start, index), wanted) < 0) index++;
  return index;
}

/** The longest a period of the cadence can last, in days, from one due date to the next. */
const mostDays: Readonly<Record<Cadence, number>> = {
  weekly: 7,
  biweekly: 14,
  twice_monthly: 18,
  monthly: 36,
  quarterly: 98,
  half_yearly: 190,
  yearly: 372,
};

const monthsOf = { monthly: 1, quarterly: 3, half_yearly: 6, yearly: 12 } as const;

function dateAt(rule: Rule, anchor: Temporal.PlainDate, index: number): Temporal.PlainDate {
  switch (rule.cadence) {
    case "weekly":
    case "biweekly": {
      const ahead = rule.weekday === undefined ? 0 : (rule.weekday - anchor.dayOfWeek + 7) % 7;
      return anchor.add({ days: ahead + index * (rule.cadence === "weekly" ? 7 : 14) });
    }
    case "twice_monthly": {
      const [first, second] = rule.days;
      const passed = anchor.day <= first ? 0 : anchor.day <= dayIn(anchor, { day: second }) ? 1 : 2;
      const step = passed + index;
      const month = monthAfter(anchor, Math.floor(step / 2));
      return month.with({ day: step % 2 === 0 ? first : dayIn(month, { day: second }) });
    }
    case "monthly":
    case "quarterly":
    case "half_yearly":
    case "yearly": {
      const on = rule.on ?? { day: anchor.day };
      const passed = dayIn(anchor, on) < anchor.day ? 1 : 0;
      const month = monthAfter(anchor, passed + index * monthsOf[rule.cadence]);
      return month.with({ day: dayIn(month, on) });
    }
    default:
      return exhaustive(rule);
  }
}

const monthAfter = (anchor: Temporal.PlainDate, months: number): Temporal.PlainDate =>
  anchor.with({ day: 1 }).add({ months });

/** Which day of this month the rule means: a day it does not have is its last. */
function dayIn(month: Temporal.PlainDate, on: DayOfMonth): number {
  if ("day" in on) return on.day === "last" ? month.daysInMonth : Math.min(on.day, month.daysInMonth);
  const firstWeekday = month.with({ day: 1 }).dayOfWeek;
  const first = 1 + ((on.weekday - firstWeekday + 7) % 7);
  const place = on.nth === "last" ? Math.floor((month.daysInMonth - first) / 7) : on.nth - 1;
  return first + place * 7;
}

/** `2026-W47`, `2026-11-a`, `2026-11`, `2026-Q4`, `2026-H2`, `2026`: the stretch of the calendar the date lies in. */
function periodOf(rule: Rule, date: Temporal.PlainDate): string {
  const year = year4(date.year);
  const month = `${year}-${String(date.month).padStart(2, "0")}`;
  switch (rule.cadence) {
    case "weekly":
    case "biweekly": {
      const week = present(date.weekOfYear, "an ISO date has a week");
      const weekYear = present(date.yearOfWeek, "an ISO date has a week's year");
      return `${year4(weekYear)}-W${String(week).padStart(2, "0")}`;
    }
    case "twice_monthly":
      return `${month}-${date.day <= rule.days[0] ? "a" : "b"}`;
    case "monthly":
      return month;
    case "quarterly":
      return `${year}-Q${Math.ceil(date.month / 3)}`;
    case "half_yearly":
      return `${year}-H${Math.ceil(date.month / 6)}`;
    case "yearly":
      return year;
    default:
      return exhaustive(rule);
  }
}

const year4 = (year: number): string => String(year).padStart(4, "0");

/** The last date opened under a rule that is being replaced. */
export type LastOpened = { readonly rule: Rule; readonly period: string; readonly dueOn: string };

/**
 * The index from which a rule that replaces another goes on: due on or after `from`, after the last date opened, and
 * not in its period, so that a period is never given for twice. Between two rhythms the shorter one's period counts:
 * who goes from yearly to monthly begins next month, not next year.
 */
export function indexAfter(rule: Rule, anchor: string, from: string, last: LastOpened | undefined): number {
  let index = indexFrom(rule, anchor, from);
  if (!last) return index;
  const measure = mostDays[last.rule.cadence] < mostDays[rule.cadence] ? last.rule : rule;
  const taken =
    last.rule.cadence === measure.cadence
      ? last.period
      : periodOf(measure, Temporal.PlainDate.from(last.dueOn));
  for (;;) {
    const next = occurrenceAt(rule, anchor, index);
    const named =
      rule.cadence === measure.cadence ? next.period : periodOf(measure, Temporal.PlainDate.from(next.dueOn));
    if (next.dueOn > last.dueOn && named !== taken) return index;
    index++;
  }
}

/** Gifts are asked for from six to ten in the morning where the church is. */
const windowOpens = 6 * 3600;
const windowSeconds = 4 * 3600;

/**
 * When what is due on a date is asked for: a moment between 06:00 and 10:00 in the zone, chosen by the seed (the
 * recurring gift's id), so that one church's gifts do not all leave in the same second. A moment that the clock leaves
 * out becomes the next there is; one that it gives twice, the first of the two.
 */
export function instantOf(dueOn: string, zone: string, seed: string): Date {
  const at = windowOpens + (hashOf(seed) % windowSeconds);
  const time = Temporal.PlainTime.from({
    hour: Math.floor(at / 3600),
    minute: Math.floor(at / 60) % 60,
    second: at % 60,
  });
  return instantAt(Temporal.PlainDate.from(dueOn).toPlainDateTime(time), zone);
}

/** The instant a civil time names; in a gap the first after it, in a fold the earlier. */
export function instantAt(wanted: Temporal.PlainDateTime, zone: string): Date {
  const found = wanted.toZonedDateTime(zone, { disambiguation: "compatible" });
  const inGap = !found.toPlainDateTime().equals(wanted);
  const edge = inGap ? found.getTimeZoneTransition("previous") : null;
  return new Date((edge ?? found).epochMilliseconds);
}

/** The civil date in a zone at an instant, `YYYY-MM-DD`. */
export function civilDate(at: Date, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toString();
}

/** `date` and so many days more (or fewer). */
export function daysAfter(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** How many days from `from` to `date`; negative when it has passed. */
export function daysUntil(date: string, from: string): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(date)).days;
}

/** `date` and so many months more; a day the month does not have is its last. */
export function monthsAfter(date: string, months: number): string {
  return Temporal.PlainDate.from(date).add({ months }).toString();
}

/** FNV-1a over UTF-16 units, 32 bits: the same on every machine. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}
