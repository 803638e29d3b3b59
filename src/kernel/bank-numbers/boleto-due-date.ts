import { assert } from "../assert.ts";

const day = 86_400_000;
const cycle = 9000;
/** The day before factor 1 of the first cycle; factors ran from 1000 (3 July 2000) to 9999 (21 February 2025). */
const base = Date.UTC(1997, 9, 7) / day;

const dayNumber = (date: string): number => {
  const instant = Date.parse(`${date}T00:00:00Z`);
  assert(!Number.isNaN(instant), "a date is written YYYY-MM-DD");
  return instant / day;
};

/**
 * The due factor of a date, `YYYY-MM-DD`: days since 7 October 1997, which begin again at 1000 on 22 February 2025
 * (facts: methods §6.3). Dates before 3 July 2000 have none and are a bug of the caller's.
 */
export function dueFactorOf(date: string): number {
  const days = dayNumber(date) - base;
  assert(days >= 1000, "boletos have due factors since 3 July 2000");
  return ((days - 1000) % cycle) + 1000;
}

/**
 * The date a factor means, seen on `today`, both `YYYY-MM-DD`: factors repeat every 9000 days, and a slip is at most
 * 3000 days overdue (the window the banks agreed on when the factors began again).
 */
export function dueDateOf(factor: number, today: string): string {
  assert(Number.isInteger(factor) && factor >= 1000 && factor <= 9999, "a due factor has four digits");
  const earliest = dayNumber(today) - 3000;
  const cycles = Math.max(0, Math.ceil((earliest - (base + factor)) / cycle));
  return new Date((base + factor + cycles * cycle) * day).toISOString().slice(0, 10);
}
