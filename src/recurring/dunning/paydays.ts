import type { Temporal } from "temporal-polyfill";

/** Whether banks work on a civil date: no weekend, no holiday. */
const isBankingDay = (date: Temporal.PlainDate, holidays: ReadonlySet<string>): boolean =>
  date.dayOfWeek <= 5 && !holidays.has(date.toString());

/** The date itself, or the first banking day after it. */
export function bankingDayFrom(date: Temporal.PlainDate, holidays: ReadonlySet<string>): Temporal.PlainDate {
  let day = date;
  while (!isBankingDay(day, holidays)) day = day.add({ days: 1 });
  return day;
}

/**
 * The next day, strictly after `date`, on which people are likely to have been paid: the 15th, the last of the month
 * (the quincena), a Friday. Wages that would fall on a day off are paid on the working day before.
 */
export function nextPayday(date: Temporal.PlainDate, holidays: ReadonlySet<string>): Temporal.PlainDate {
  let day = date.add({ days: 1 });
  while (!isPayday(day, holidays)) day = day.add({ days: 1 });
  return day;
}

function isPayday(day: Temporal.PlainDate, holidays: ReadonlySet<string>): boolean {
  if (!isBankingDay(day, holidays)) return false;
  if (day.dayOfWeek === 5) return true;
  // The days off that follow are paid for today.
  for (let one = day; ; ) {
    if (one.day === 15 || one.day === one.daysInMonth) return true;
    one = one.add({ days: 1 });
    if (isBankingDay(one, holidays)) return false;
  }
}
