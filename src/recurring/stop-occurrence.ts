import type { Deps } from "../deps.ts";
import { statusOf } from "../giving/attempt-state.ts";
import { stopStanding } from "../giving/stop-standing.ts";
import { after, minutes } from "../kernel/clock.ts";
import { loadOccurrence, saveOccurrence } from "./occurrence-store.ts";
import type { Occurrence } from "./recurring-gift.ts";

/**
 * Takes back what was announced and is not to be: at the gateway first, then here. Where it is too late, or the gateway
 * cannot be told, it runs its course and counts as any other.
 */
export async function stopOccurrence(
  deps: Pick<Deps, "db" | "payments" | "clock" | "log" | "metrics" | "doorbell">,
  { churchId, id, donationId }: Occurrence,
): Promise<void> {
  const gift = donationId && (await stopStanding(deps, churchId, donationId));
  const status = gift && statusOf[gift.attempt.state];
  const over = status === undefined || status === "canceled" || status === "expired" || status === "failed";
  const now = deps.clock.now();
  await deps.db.inChurch(churchId, async (tx) => {
    const held = await loadOccurrence(tx, churchId, id, true);
    if (!held?.stopAs || held.settledAt) return;
    await saveOccurrence(tx, held, {
      ...held,
      stopAs: undefined,
      // A try whose process died is still to be looked after.
      nextAt: gift?.attempt.state === "submitted" ? after(now, minutes(10)) : undefined,
      version: held.version + 1,
      updatedAt: now,
      ...(over ? { state: held.stopAs, settledAt: now } : {}),
    });
  });
}
