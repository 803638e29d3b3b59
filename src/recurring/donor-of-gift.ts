import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { getDonor } from "../donors/store.ts";
import type { DonorInput } from "../giving/give-request.ts";
import { withoutGaps } from "../kernel/without-gaps.ts";
import type { RecurringGift } from "./recurring-gift.ts";
import { openWords } from "./words.ts";

/** Who gives, as a gateway or a voucher wants to be told: the donor's row, and what was given with the promise. */
export async function donorOfGift(
  deps: Pick<Deps, "vault">,
  tx: Tx,
  gift: RecurringGift,
): Promise<{ readonly donor: DonorInput; readonly note: string | undefined }> {
  const known = await getDonor(tx, deps.vault, gift.churchId, gift.donorId);
  const { given, note } = await openWords(tx, deps.vault, gift.churchId, gift.id);
  const { name, taxIdType, address } = given;
  const donor = withoutGaps({
    name: name ?? known?.name,
    email: known?.email,
    phone: known?.phone,
    taxId: known?.taxId,
    taxIdType,
    address: address && { street: address.street, city: address.city, ...withoutGaps(address) },
  });
  return { donor, note };
}
