import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import type { DonorInput } from "../giving/give-request.ts";
import type { StandingOrder } from "../giving/standing-gift.ts";
import { allOf } from "../kernel/all-of.ts";
import type { ChurchId, OccurrenceId } from "../kernel/ids.ts";
import { donorOfGift } from "./donor-of-gift.ts";
import { loadMandate } from "./mandate-store.ts";
import { loadOccurrence } from "./occurrence-store.ts";
import type { Mandate, Occurrence, RecurringGift } from "./recurring-gift.ts";
import { loadRecurringGift } from "./store.ts";

/** Everything one occurrence is collected from, as read before anything is decided. */
export type Gathered = {
  readonly occurrence: Occurrence;
  readonly gift: RecurringGift;
  readonly mandate: Mandate | undefined;
  readonly donor: DonorInput;
  readonly note: string | undefined;
};

/** `undefined` when there is no such occurrence. */
export async function gatherOccurrence(
  deps: Pick<Deps, "vault">,
  tx: Tx,
  church: ChurchId,
  id: OccurrenceId,
): Promise<Gathered | undefined> {
  const occurrence = await loadOccurrence(tx, church, id, false);
  const gift = occurrence && (await loadRecurringGift(tx, church, occurrence.recurringGiftId, false));
  if (!occurrence || !gift) return undefined;
  const [mandate, given] = await allOf([
    gift.mandateId ? loadMandate(tx, church, gift.mandateId, false) : undefined,
    donorOfGift(deps, tx, gift),
  ]);
  return { occurrence, gift, mandate, ...given };
}

/** The mandate a charge can go out under now; `undefined` where there is none. */
export const usableMandate = ({ mandate }: Gathered): (Mandate & { gatewayMandateId: string }) | undefined =>
  mandate?.state === "active" && mandate.gatewayMandateId !== undefined
    ? { ...mandate, gatewayMandateId: mandate.gatewayMandateId }
    : undefined;

/** The period's gift in giving's words. */
export function standingOrder({ gift, occurrence, mandate }: Gathered): StandingOrder {
  const pulls = gift.collection === "automatic" ? mandate : undefined;
  return {
    churchId: gift.churchId,
    recurringGiftId: gift.id,
    legalEntityId: gift.legalEntityId,
    donorId: gift.donorId,
    mode: gift.mode,
    country: gift.country,
    method: gift.method,
    presentation: gift.presentation,
    amount: occurrence.amount,
    shares: gift.shares,
    coverFees: gift.coverFees,
    anonymous: gift.anonymous,
    locale: gift.locale,
    returnUrl: gift.returnUrl,
    mandate: pulls && {
      accountId: pulls.gatewayAccountId,
      cadence: pulls.cadence,
      ceiling: pulls.ceiling,
      fixed: pulls.fixed,
    },
  };
}
