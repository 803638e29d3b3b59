import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { getDonor } from "../donors/store.ts";
import type { DonorInput } from "../giving/give-request.ts";
import type { StandingOrder } from "../giving/standing-gift.ts";
import { allOf } from "../kernel/all-of.ts";
import type { ChurchId, OccurrenceId } from "../kernel/ids.ts";
import { loadMandate } from "./mandate-store.ts";
import { loadOccurrence } from "./occurrence-store.ts";
import type { Mandate, Occurrence, RecurringGift } from "./recurring-gift.ts";
import { loadRecurringGift } from "./store.ts";
import { openWords } from "./words.ts";

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
  const [mandate, words, known] = await allOf([
    gift.mandateId ? loadMandate(tx, church, gift.mandateId, false) : undefined,
    openWords(tx, deps.vault, church, gift.id),
    getDonor(tx, deps.vault, church, gift.donorId),
  ]);
  const { name, taxIdType, address } = words.given;
  return {
    occurrence,
    gift,
    mandate,
    note: words.note,
    donor: {
      ...present("name", name ?? known?.name),
      ...present("email", known?.email),
      ...present("phone", known?.phone),
      ...present("taxId", known?.taxId),
      ...present("taxIdType", taxIdType),
      ...(address === undefined ? {} : { address: withoutGaps(address) }),
    },
  };
}

const present = <K extends string>(key: K, value: string | null | undefined): { [key in K]?: string } =>
  value === null || value === undefined ? {} : ({ [key]: value } as { [key in K]: string });

type Address = NonNullable<DonorInput["address"]>;
type Loose = { readonly [field in keyof Address]: Address[field] | undefined };

function withoutGaps({ street, city, number, district, region, postalCode }: Loose): Address {
  return {
    street: street ?? "",
    city: city ?? "",
    ...present("number", number),
    ...present("district", district),
    ...present("region", region),
    ...present("postalCode", postalCode),
  };
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
