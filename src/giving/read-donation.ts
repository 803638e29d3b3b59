import type { Deps } from "../deps.ts";
import type { ChurchId, DonationId } from "../kernel/ids.ts";
import type { DonationView } from "./donation-view.ts";
import { viewOf } from "./gift.ts";
import { type GiftFilter, listGifts, loadGift } from "./load-gift.ts";
import { sealedName } from "./store.ts";

/** The donation as it stands now; `undefined` when this church has none by that id. */
export async function readDonation(
  deps: Pick<Deps, "db">,
  church: ChurchId,
  donation: DonationId,
): Promise<DonationView | undefined> {
  const gift = await deps.db.inChurch(church, (tx) => loadGift(tx, church, { donationId: donation }, false));
  return gift && viewOf(gift);
}

/** Donations of a church, newest first. */
export async function listDonations(
  deps: Pick<Deps, "db">,
  church: ChurchId,
  filter: GiftFilter,
): Promise<readonly DonationView[]> {
  const gifts = await deps.db.inChurch(church, (tx) => listGifts(tx, church, filter));
  return gifts.map(viewOf);
}

/** The name the donor typed for this gift; nobody learns from it what else the church knows of an e-mail address. */
export async function givenNameOf(
  deps: Pick<Deps, "db" | "vault">,
  church: ChurchId,
  donation: DonationId,
): Promise<string | undefined> {
  return deps.db.inChurch(church, async (tx) => {
    const sealed = await sealedName(tx, church, donation);
    if (!sealed) return undefined;
    const at = { table: "donations", column: "given_name", row: donation };
    return deps.vault.open(tx, church, at, sealed.bytes, sealed.keyVersion);
  });
}
