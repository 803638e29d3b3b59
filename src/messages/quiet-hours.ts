import { Temporal } from "temporal-polyfill";

/** Between these hours of the church's day nobody is written to, but for what they have just asked for. */
const quiet = { from: 21, until: 8 } as const;

/** `at` itself when it lies in the day, else the end of that night in the church's zone. */
export function outsideQuietHours(at: Date, timeZone: string): Date {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
  if (local.hour >= quiet.until && local.hour < quiet.from) return at;
  const morning = local.hour >= quiet.from ? local.toPlainDate().add({ days: 1 }) : local.toPlainDate();
  const end = morning.toZonedDateTime({
    timeZone,
    plainTime: Temporal.PlainTime.from({ hour: quiet.until }),
  });
  return new Date(end.epochMilliseconds);
}
