import { days } from "../../src/kernel/clock.ts";

/**
 * The days on which the Federal Reserve's ACH settles: no Saturdays, Sundays or federal holidays. A holiday that falls
 * on a Sunday is kept on the Monday; one that falls on a Saturday is not moved (Federal Reserve Bank Services,
 * holiday schedules). Dates are `YYYY-MM-DD`, of New York.
 */

const dateOf = (year: number, month: number, day: number): string =>
  new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
const weekday = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay();
const plus = (date: string, count: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days(count)).toISOString().slice(0, 10);

/** The `nth` of a weekday (0 is Sunday) in a month. */
function nth(year: number, month: number, nthOf: number, day: number): string {
  const first = dateOf(year, month, 1);
  return plus(first, ((day - weekday(first) + 7) % 7) + 7 * (nthOf - 1));
}

function lastMonday(year: number, month: number): string {
  const last = dateOf(year, month + 1, 0);
  return plus(last, -((weekday(last) + 6) % 7));
}

function holidays(year: number): readonly string[] {
  const fixed = [
    [1, 1],
    [6, 19],
    [7, 4],
    [11, 11],
    [12, 25],
  ] as const;
  return [
    ...fixed.map(([month, day]) => {
      const date = dateOf(year, month, day);
      return weekday(date) === 0 ? plus(date, 1) : date;
    }),
    nth(year, 1, 3, 1),
    nth(year, 2, 3, 1),
    lastMonday(year, 5),
    nth(year, 9, 1, 1),
    nth(year, 10, 2, 1),
    nth(year, 11, 4, 4),
  ];
}

/** Whether money moves on that day. */
export function isBankingDay(date: string): boolean {
  const day = weekday(date);
  return day !== 0 && day !== 6 && !holidays(Number(date.slice(0, 4))).includes(date);
}

/** The banking day that is `count` banking days after `date`; with 0, the date itself or the next that is one. */
export function bankingDayAfter(date: string, count: number): string {
  let at = date;
  while (!isBankingDay(at)) at = plus(at, 1);
  for (let left = count; left > 0; left--) {
    at = plus(at, 1);
    while (!isBankingDay(at)) at = plus(at, 1);
  }
  return at;
}

const newYork = new Intl.DateTimeFormat("en-CA", {
  timeZone: "America/New_York",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** An instant as New York's date and time of day, `YYYY-MM-DD` and `HHMM`. */
export function inNewYork(at: Date): { readonly date: string; readonly time: string } {
  const parts = Object.fromEntries(newYork.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    date: `${parts.year}-${parts.month}-${parts.day}`,
    time: `${parts.hour}${parts.minute}`,
  };
}

/** The instant a banking day is over everywhere in the country: 8:00 UTC of the next day. */
export const endOfDay = (date: string): Date => new Date(Date.parse(`${plus(date, 1)}T08:00:00Z`));
