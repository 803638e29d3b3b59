import { Temporal } from "temporal-polyfill";
import type { QuietHours } from "../churches/church-rules.ts";

/** `at` itself when it lies in the day, else the end of that night in the church's zone. */
export function outsideQuietHours(at: Date, timeZone: string, quiet: QuietHours): Date {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
  const [from, until] = [Temporal.PlainTime.from(quiet.from), Temporal.PlainTime.from(quiet.until)];
  const evening = Temporal.PlainTime.compare(local, from) >= 0;
  if (!evening && Temporal.PlainTime.compare(local, until) >= 0) return at;
  const morning = evening ? local.toPlainDate().add({ days: 1 }) : local.toPlainDate();
  return new Date(morning.toZonedDateTime({ timeZone, plainTime: until }).epochMilliseconds);
}
