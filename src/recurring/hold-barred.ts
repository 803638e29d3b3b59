import type { Deps } from "../deps.ts";
import { enqueue } from "../messages/enqueue.ts";
import { barredBy } from "./dunning/barred.ts";
import { heldUntil } from "./dunning/decide-retry.ts";
import { holdDays } from "./dunning/plans.ts";
import { type Gathered, usableMandate } from "./gather-occurrence.ts";
import { occurrenceParams } from "./message-params.ts";
import { saveOccurrence } from "./occurrence-store.ts";

/**
 * A period whose saved instrument a bank has called dead is not charged: its donor is asked for another once more, and
 * waited for. `true` when it is so.
 */
export async function holdIfBarred(deps: Deps, facts: Gathered): Promise<boolean> {
  const { gift, occurrence } = facts;
  const mandate = gift.collection === "automatic" ? usableMandate(facts) : undefined;
  if (!mandate) return false;
  const held = await deps.db.sharing(gift.churchId, async (tx) => {
    const decline = await barredBy(deps.clock, tx, mandate);
    if (!decline) return false;
    const now = deps.clock.now();
    const { timeZone: zone, id: seed, nextDueOn } = gift;
    const until = heldUntil({ now, zone, seed, nextDueOn }, holdDays.hard);
    const version = occurrence.version + 1;
    const waits = {
      state: "retrying",
      nextAt: until,
      heldUntil: until,
      decline,
      version,
      updatedAt: now,
    } as const;
    if (!(await saveOccurrence(tx, occurrence, { ...occurrence, ...waits }))) return true;
    await enqueue(tx, deps, gift.churchId, {
      kind: "payment_failed",
      to: { donor: gift.donorId },
      dedupeKey: `payment_failed:${occurrence.id}:ask_method`,
      locale: gift.locale,
      params: {
        ...occurrenceParams(gift, occurrence, mandate),
        reason: decline.reason,
        ask: "new_method",
      },
    });
    return true;
  });
  if (held) deps.doorbell.ring("messages");
  return held;
}
