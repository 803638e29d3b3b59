import { readdirSync } from "node:fs";
import { join } from "node:path";
import Holidays, { type HolidaysTypes } from "date-holidays";

/*
 * `countries/generated/bank-holidays.ts` from the calendars of date-holidays (public and bank holidays): made with
 * the other generated files by `npm run docs`, and `npm run check` fails when it is stale. Rails that never rest
 * (SPEI, Pix, CVU, SINPE Móvil) do not ask this calendar; rails that keep office hours do.
 */
const firstYear = 2026;
const lastYear = 2036;

type Calendar = {
  /** The calendar read, where it is not the country's own: a region, or another country's. */
  readonly of?: readonly [country: string, region?: string];
  /** Rules of the calendar (as date-holidays writes them) that do not close the bank rails. */
  readonly without?: readonly string[];
  /** Only these rules. */
  readonly only?: readonly string[];
  /** Rules the calendar lacks. */
  readonly also?: readonly string[];
  /** A holiday on a Saturday is not moved to the Friday before. */
  readonly keepsFridays?: true;
};

/** SEPA rests on the days the Eurosystem's T2 does, whatever a country celebrates; Germany's calendar has all six. */
const eurosystem: Calendar = {
  of: ["DE"],
  only: ["01-01", "easter -2", "easter 1", "05-01", "12-25", "12-26"],
};

/** By country: what its own calendar gets wrong or says of people, not banks. The others are taken as they are. */
const calendars: Readonly<Record<string, Calendar>> = {
  // Since 2024 the president takes office on 1 October.
  mx: { without: ["12-01 every 6 years since 1934"], also: ["10-01 every 6 years since 2024"] },
  // Bank clerks' day closes every branch.
  ar: { also: ["11-06"] },
  // The Federal Reserve stays open on the Friday before a holiday that falls on a Saturday.
  us: { keepsFridays: true },
  // Guayaquil became independent on 9 October; the calendar has day and month the wrong way round.
  ec: { without: ["09-10"], also: ["10-09"] },
  // 12 October was given up for 1 December in 2020; 31 August came in 2021.
  cr: { without: ["10-12 if monday then previous friday"], also: ["08-31", "12-01"] },
  // Ontario's, where clearing is, with the days Payments Canada keeps and without those it does not; a holiday
  // on a weekend is kept on the next working day.
  ca: {
    of: ["CA", "ON"],
    without: ["3rd monday after 02-01", "easter 1"],
    also: [
      "09-30",
      "11-11",
      "substitutes 01-01 if saturday,sunday then next monday",
      "substitutes 07-01 if saturday,sunday then next monday",
      "substitutes 09-30 if saturday,sunday then next monday",
      "substitutes 11-11 if saturday,sunday then next monday",
      "substitutes 12-25 if saturday then next monday if sunday then next tuesday",
      "substitutes 12-26 if saturday then next monday if sunday then next tuesday",
    ],
  },
  es: eurosystem,
  pt: eurosystem,
  // Bacs and Faster Payments files keep the bank holidays of England.
  gb: { of: ["GB", "ENG"] },
  de: eurosystem,
};

function daysOf(code: string, calendar: Calendar): string[] {
  const [country, region] = calendar.of ?? [code.toUpperCase()];
  const holidays = region === undefined ? new Holidays(country) : new Holidays(country, region);
  for (const rule of calendar.also ?? []) holidays.setHoliday(rule, { name: { en: rule }, type: "bank" });
  const days = new Set<string>();
  for (let year = firstYear; year <= lastYear; year++) {
    for (const holiday of holidays.getHolidays(year)) {
      if (closesBanks(holiday, calendar)) days.add(holiday.date.slice(0, 10));
    }
  }
  return [...days].filter((day) => day < `${lastYear + 1}`).sort();
}

function closesBanks(holiday: HolidaysTypes.Holiday, calendar: Calendar): boolean {
  if (holiday.type !== "public" && holiday.type !== "bank") return false;
  if (calendar.without?.includes(holiday.rule)) return false;
  if (calendar.only && !calendar.only.includes(holiday.rule)) return false;
  const weekday = new Date(`${holiday.date.slice(0, 10)}T00:00:00Z`).getUTCDay();
  if (weekday === 0 || weekday === 6) return false;
  if (calendar.keepsFridays && holiday.substitute && weekday === 5) return false;
  const hours = (holiday.end.getTime() - holiday.start.getTime()) / 3_600_000;
  // Half days (24 December in Guatemala) still clear; a clock change makes a whole day 23 hours long.
  return hours >= 23;
}

/** Every country that has a file, so that a new one gets its days without a line here. */
const codes = readdirSync(join(import.meta.dirname, "..", "countries"))
  .flatMap((file) => /^([a-z]{2})\.ts$/.exec(file)?.[1] ?? [])
  .sort();

const quoted = (days: readonly string[]) => days.map((day) => `"${day}"`).join(", ");

/** The file's text. */
export function bankHolidays(): string {
  const countries = codes.map((code) => {
    const days = daysOf(code, calendars[code] ?? {});
    const years = [...new Set(days.map((day) => day.slice(0, 4)))];
    const lines = years.map((year) => `    ${quoted(days.filter((day) => day.startsWith(year)))},`);
    return `  ${code}: [\n${lines.join("\n")}\n  ],`;
  });
  return `// Made by \`npm run docs\` (scripts/bank-holidays.ts) from date-holidays: do not edit.

/** Working days (Monday to Friday) of ${firstYear} to ${lastYear} on which a country's bank rails rest, by country. */
export const bankHolidays = {
${countries.join("\n")}
} as const satisfies Readonly<Record<string, readonly string[]>>;
`;
}
