import { days } from "../../src/kernel/clock.ts";

const inBrasilia = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "America/Sao_Paulo",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});

/** The calendar day in Brasília, on which Pix counts: `YYYY-MM-DD`. */
export const dayOf = (at: Date): string => inBrasilia.format(at);

/** Whether a text is a day of the calendar. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);

/** From one calendar day to another, in days; negative when it has passed. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / days(1));

export const plusDays = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days(count)).toISOString().slice(0, 10);

/** The last instant of a day in Brasília. Brazil has had no daylight saving time since 2019. */
export const endOf = (day: string): Date => new Date(`${day}T23:59:59.999-03:00`);
