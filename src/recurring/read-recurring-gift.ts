import type { Deps } from "../deps.ts";
import type { ChurchId, OccurrenceId, RecurringGiftId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { listOccurrenceRows } from "./occurrence-store.ts";
import type { Occurrence } from "./recurring-gift.ts";
import type { RecurringGiftView } from "./recurring-json.ts";
import { listGiftRows, loadRecurringGift, type RecurringFilter } from "./store.ts";
import { viewOfGift } from "./view.ts";

export const noSuchGift: Problem = { code: "not_found", detail: "the church has no such recurring gift" };

/** `undefined` when the church has no such recurring gift. */
export function readRecurringGift(
  deps: Pick<Deps, "db">,
  church: ChurchId,
  id: RecurringGiftId,
): Promise<RecurringGiftView | undefined> {
  return deps.db.inChurch(church, async (tx) => {
    const gift = await loadRecurringGift(tx, church, id, false);
    return gift && viewOfGift(tx, gift);
  });
}

/** Newest first; at most `limit`. */
export function listRecurringGifts(
  deps: Pick<Deps, "db">,
  church: ChurchId,
  filter: RecurringFilter,
): Promise<readonly RecurringGiftView[]> {
  return deps.db.inChurch(church, async (tx) => {
    const views: RecurringGiftView[] = [];
    for (const gift of await listGiftRows(tx, church, filter)) views.push(await viewOfGift(tx, gift));
    return views;
  });
}

/** What fell due from it, newest first; `undefined` when the church has no such recurring gift. */
export function listOccurrences(
  deps: Pick<Deps, "db">,
  church: ChurchId,
  id: RecurringGiftId,
  query: { readonly limit: number; readonly before?: OccurrenceId | undefined },
): Promise<readonly Occurrence[] | undefined> {
  return deps.db.inChurch(church, async (tx) => {
    const gift = await loadRecurringGift(tx, church, id, false);
    return gift && listOccurrenceRows(tx, church, id, query);
  });
}
