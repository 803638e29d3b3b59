import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { nextAction } from "../giving/donation-json.ts";
import type { Gift } from "../giving/gift.ts";
import { pageUrlOf } from "../giving/gift-page-url.ts";
import { type Money, moneyJson } from "../kernel/money.ts";
import type { Params } from "../messages/enqueue.ts";
import { ownCodeOf } from "./own-code.ts";
import type { Mandate, Occurrence, RecurringGift } from "./recurring-gift.ts";

const moneyParam = (amount: Money) => ({ ...moneyJson(amount) });

/** What every word about an occurrence says: whose promise, which date, how much, by what. */
export const occurrenceParams = (
  gift: RecurringGift,
  occurrence: Pick<Occurrence, "id" | "dueOn" | "amount">,
  mandate?: Mandate,
): Params => ({
  recurring_gift: gift.id,
  occurrence: occurrence.id,
  due_on: occurrence.dueOn,
  amount: moneyParam(occurrence.amount),
  method: gift.method,
  display: mandate?.display ?? null,
});

/** A reminder: how the donor pays it now, and our page where it can be seen again. */
export async function reminderParams(
  deps: Pick<Deps, "vault" | "config" | "payments" | "settings">,
  tx: Tx,
  gift: RecurringGift,
  occurrence: Occurrence,
  donation: Gift,
  slug: string,
): Promise<Params> {
  const { id } = donation.donation;
  const action = donation.attempt.action;
  const told = action && nextAction(action, donation.attempt.gateway);
  return {
    ...occurrenceParams(gift, occurrence),
    donation: id,
    amount: moneyParam(donation.attempt.amount),
    url: await pageUrlOf(deps, tx, gift.churchId, slug, id),
    // The picture of a code is drawn where the message is made.
    action: told ? JSON.parse(JSON.stringify({ ...told, image_svg: null })) : null,
    own_code: (await ownCodeOf(deps, gift)) ?? null,
    expires_at: donation.attempt.expiresAt?.toISOString() ?? null,
  };
}
