import { Temporal } from "temporal-polyfill";
import { after, days, hours, minutes } from "../kernel/clock.ts";
import { exhaustive } from "../kernel/result.ts";
import type { Mandate } from "./recurring-gift.ts";

/** Whether the donor has said yes is asked soon, since some gateways never tell; a bank's app may take days. */
const openWaits = [minutes(2), minutes(10), hours(1), hours(6), ...Array<number>(14).fill(days(1))];
/** An unknown outcome is asked as an attempt's is (facts: orchestration §10.1). */
const unknownWaits = [minutes(5), hours(1), ...Array<number>(5).fill(days(1))];
/** A permission to be ended is not forgotten while the gateway cannot be reached. */
const endWaits = [minutes(5), hours(1), ...Array<number>(28).fill(days(1))];
/** Before a card's last month is over it is asked whether the network has given it a later one. */
const beforeExpiry = [40, 12] as const;

/** When the gateway is asked about a mandate next; `give_up` when nobody has said yes in all the time there was. */
export function nextMandateCheck(mandate: Mandate, now: Date): Date | "never" | "give_up" {
  const wait = (waits: readonly number[]) => {
    const ms = waits[mandate.checks];
    return ms === undefined ? ("give_up" as const) : after(now, ms);
  };
  if (mandate.endAskedAt && mandate.state !== "ended") {
    const next = wait(endWaits);
    return next === "give_up" ? "never" : next;
  }
  switch (mandate.state) {
    case "requested":
      return wait(unknownWaits);
    case "action_required":
    case "pending":
      return wait(openWaits);
    case "active":
      return mandate.expiresOn === undefined ? "never" : cardCheck(mandate.expiresOn, now);
    case "ended":
      return "never";
    default:
      return exhaustive(mandate.state);
  }
}

function cardCheck(expiresOn: string, now: Date): Date | "never" {
  const end = Temporal.PlainYearMonth.from(expiresOn).toPlainDate({ day: 1 }).add({ months: 1 });
  for (const ahead of beforeExpiry) {
    const at = new Date(end.subtract({ days: ahead }).toZonedDateTime("UTC").epochMilliseconds);
    if (at > now) return at;
  }
  return "never";
}
