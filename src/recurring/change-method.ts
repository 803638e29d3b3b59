import type { Deps } from "../deps.ts";
import type { ChurchId, RecurringGiftId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, type Result } from "../kernel/result.ts";
import type { MethodWish } from "./mandate-for-gift.ts";
import { moveToReminder } from "./move-to-reminder.ts";
import { noSuchGift, readRecurringGift } from "./read-recurring-gift.ts";
import type { Actor } from "./recurring-gift.ts";
import type { RecurringGiftView } from "./recurring-json.ts";
import { replaceMethod } from "./replace-method.ts";

/**
 * Another way to pay: one that pulls needs the donor's permission first; one that only reminds is used at once. What a
 * method does is the country's to say, unless the caller asks for reminders outright.
 */
export async function changeMethod(
  deps: Deps,
  church: ChurchId,
  id: RecurringGiftId,
  wish: MethodWish,
  actor: Actor,
): Promise<Result<RecurringGiftView, Problem>> {
  const view = await readRecurringGift(deps, church, id);
  if (!view) return err(noSuchGift);
  const method = deps.countries.get(view.gift.country)?.methods.find(({ type }) => type === wish.method.type);
  const reminds = wish.collection === "reminder" || (!wish.collection && method?.recurs === "reminder");
  return reminds
    ? moveToReminder(deps, church, id, wish, actor)
    : replaceMethod(deps, church, id, wish, actor);
}
