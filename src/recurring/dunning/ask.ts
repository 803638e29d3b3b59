import { Temporal } from "temporal-polyfill";
import type { Tx } from "../../db/client.ts";
import type { Deps } from "../../deps.ts";
import { attemptsOf, paidTimes, type TriedAttempt } from "../../giving/attempt-history.ts";
import type { Gift } from "../../giving/gift.ts";
import { after, days } from "../../kernel/clock.ts";
import { donationsUnder } from "../occurrence-history.ts";
import type { Mandate, Occurrence, RecurringGift } from "../recurring-gift.ts";
import { decideRetry, type RetryDecision } from "./decide-retry.ts";
import { limitsFor } from "./limits.ts";
import type { FailureReason } from "./plans.ts";
import { railOf } from "./rails.ts";

/** Gathers what the decision about a failed try is made from, and decides. Writes nothing. */
export async function askDunning(
  deps: Pick<Deps, "clock" | "payments" | "countries" | "settings">,
  tx: Tx,
  about: {
    readonly gift: RecurringGift;
    readonly occurrence: Occurrence;
    readonly mandate: Mandate | undefined;
    readonly donation: Gift;
  },
): Promise<RetryDecision> {
  const { gift, occurrence, mandate, donation } = about;
  const { churchId } = gift;
  const now = deps.clock.now();
  const rail = railOf(donation.donation.method);
  const tried = await attemptsOf(tx, churchId, [donation.donation.id]);
  const sharing = mandate
    ? await donationsUnder(tx, churchId, mandate.id, after(now, -days(31)))
    : [donation.donation.id];
  const onInstrument = await attemptsOf(tx, churchId, sharing);
  // A page that the donor left unfinished says nothing new of the instrument: the bank's last word stands.
  const left = donation.attempt.state === "expired" || donation.attempt.state === "voided";
  const decline = donation.attempt.decline ?? (left ? occurrence.decline : undefined);
  const settings = await deps.settings.read(churchId);
  const terms = deps.payments.manifests
    .get(donation.attempt.gateway)
    ?.methods.find(
      (able) => able.type === donation.donation.method && able.countries.includes(gift.country),
    )?.mandate;
  return decideRetry({
    now,
    zone: gift.timeZone,
    seed: gift.id,
    rail,
    network: mandate?.network,
    failure: { ...decline, reason: decline?.reason ?? "technical" },
    tries: tried
      .filter(({ state }) => state !== "captured")
      .map((one) => ({ at: one.at, reason: reasonOf(one) })),
    retriesOfInstrument: onInstrument.filter(({ number }) => number > 1).map((one) => one.at),
    usualHour: usualHour(await paidTimes(tx, churchId, gift.donorId, 12), gift.timeZone),
    dueOn: occurrence.dueOn,
    nextDueOn: gift.nextDueOn,
    limits: limitsFor({ rail, network: mandate?.network, country: gift.country }, settings?.dunning ?? {}),
    railRule: terms?.retries,
    bankHolidays: new Set(deps.countries.get(gift.country)?.bankHolidays ?? []),
  });
}

const reasonOf = ({ decline }: TriedAttempt): FailureReason => decline?.reason ?? "technical";

const enough = 3;

/** The hour at which most of a donor's latest gifts were paid; `undefined` where there are too few to tell. */
function usualHour(paid: readonly Date[], zone: string): number | undefined {
  if (paid.length < enough) return undefined;
  const counts = new Map<number, number>();
  for (const at of paid) {
    const { hour } = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);
    counts.set(hour, (counts.get(hour) ?? 0) + 1);
  }
  const [best] = [...counts].sort(([hourA, a], [hourB, b]) => b - a || hourA - hourB);
  const [hour, times] = best ?? [];
  // Nobody is charged at night, whenever they like to give.
  return times !== undefined && times >= enough && hour !== undefined && hour >= 6 && hour <= 21
    ? hour
    : undefined;
}
