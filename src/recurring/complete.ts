import type { Tx } from "../db/client.ts";
import { askToEnd } from "./ask-to-end.ts";
import { aheadFrom } from "./next-due.ts";
import { progressOf } from "./occurrence-store.ts";
import type { RecurringGift } from "./recurring-gift.ts";
import { writeChange } from "./write-change.ts";

/**
 * A promise whose last gift has come in is kept: nothing more is asked for, and its permission is ended. A gift that
 * failed leaves room for another under its end: then that one is set to come. Safe to repeat; the gift was read under
 * lock.
 */
export async function completeIfOver(tx: Tx, gift: RecurringGift, now: Date): Promise<RecurringGift> {
  if (gift.status !== "active" || gift.nextDueOn !== undefined) return gift;
  const progress = await progressOf(tx, gift.churchId, gift.id);
  const by = { event: "recurring_gift.updated", actor: { kind: "job" }, now } as const;
  const ahead = aheadFrom(gift, gift.nextIndex, progress);
  if (ahead.nextDueOn !== undefined) return writeChange(tx, gift, { ...by, to: ahead, what: ["end"] });
  if (progress.unsettled > 0) return gift;
  const completed = await writeChange(tx, gift, {
    ...by,
    to: { status: "completed", endedAt: now },
    what: ["completed"],
  });
  if (gift.mandateId) await askToEnd(tx, gift.churchId, gift.mandateId, now);
  return completed;
}
