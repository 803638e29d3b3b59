import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { enqueue } from "../messages/enqueue.ts";
import { leaveOpen } from "./command.ts";
import { completeIfOver } from "./complete.ts";
import type { Gathered } from "./gather-occurrence.ts";
import { occurrenceParams } from "./message-params.ts";
import { loadOccurrence, saveOccurrence } from "./occurrence-store.ts";
import type { Occurrence, RecurringGift } from "./recurring-gift.ts";
import { restartUrl } from "./recurring-page-url.ts";
import { loadRecurringGift } from "./store.ts";
import { writeChange } from "./write-change.ts";

/** Why a period ended without its gift. */
export type ClosedWhy = "declined" | "not_mended" | "no_permission" | "no_way" | "not_given";

/** So many failed periods one after another, and nothing more is asked for until somebody restarts it. */
const failedPeriodsMost = 3;

type Parts = Pick<Deps, "vault" | "clock" | "config" | "metrics">;

/** The same in a transaction of its own, for who has found it due; another worker's change is left alone. */
export async function closePeriod(
  deps: Parts & Pick<Deps, "db" | "doorbell" | "settings">,
  { occurrence }: Pick<Gathered, "occurrence">,
  why: ClosedWhy,
): Promise<void> {
  const { churchId, id, recurringGiftId, version } = occurrence;
  const settings = await deps.settings.read(churchId);
  await deps.db.inChurch(churchId, async (tx) => {
    const gift = await loadRecurringGift(tx, churchId, recurringGiftId, true);
    const held = await loadOccurrence(tx, churchId, id, true);
    if (gift && held?.version === version) await failPeriod(deps, tx, gift, held, why, settings?.slug ?? "");
  });
  deps.doorbell.ring("messages");
}

/**
 * The period ends without its gift; both rows are held by the caller. Money that comes after all still counts for it.
 * The third in a row puts the promise to rest, with one caring word and a way to go on with a tap.
 */
export async function failPeriod(
  deps: Parts,
  tx: Tx,
  gift: RecurringGift,
  occurrence: Occurrence,
  why: ClosedWhy,
  /** The church's, for the page that starts it again. */
  slug: string,
): Promise<void> {
  const now = deps.clock.now();
  await saveOccurrence(tx, occurrence, {
    ...occurrence,
    state: "failed",
    nextAt: undefined,
    heldUntil: undefined,
    settledAt: now,
    version: occurrence.version + 1,
    updatedAt: now,
  });
  deps.metrics.count("ofrenda_occurrences_total", { done: "failed" });
  if (gift.status !== "active" && gift.status !== "paused") return;
  const failedPeriods = gift.failedPeriods + 1;
  const rests = failedPeriods >= failedPeriodsMost;
  const after = await writeChange(tx, gift, {
    to: rests ? { ...resting, failedPeriods, dormantReason: why } : { failedPeriods },
    what: rests ? ["dormant"] : [],
    event: "recurring_gift.payment_failed",
    actor: { kind: "job" },
    now,
    after: { period: occurrence.period, why },
  });
  if (!rests) {
    await completeIfOver(tx, after, now);
    return;
  }
  await leaveOpen(tx, after, "canceled", now);
  await enqueue(tx, deps, gift.churchId, {
    kind: "recurring_dormant",
    to: { donor: gift.donorId },
    dedupeKey: `recurring_dormant:${gift.id}:${occurrence.id}`,
    locale: gift.locale,
    params: {
      ...occurrenceParams(gift, occurrence),
      periods: failedPeriods,
      restart_url: await restartUrl(deps, tx, gift.churchId, slug, gift.id),
    },
  });
}

const resting = {
  status: "dormant",
  nextDueOn: undefined,
  nextOpenAt: undefined,
  resumesOn: undefined,
  pausedAt: undefined,
} as const;
