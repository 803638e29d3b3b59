import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { getDonor } from "../donors/store.ts";
import type { DonorInput } from "../giving/give-request.ts";
import { present } from "../kernel/assert.ts";
import type { RecurringGift } from "./recurring-gift.ts";
import { openWords } from "./words.ts";

/** Who gives, as a gateway or a voucher wants to be told: the donor's row, and what was given with the promise. */
export async function donorOfGift(
  deps: Pick<Deps, "vault">,
  tx: Tx,
  gift: RecurringGift,
): Promise<DonorInput> {
  const donor = present(await getDonor(tx, deps.vault, gift.churchId, gift.donorId), "the donor exists");
  const { given } = await openWords(tx, deps.vault, gift.churchId, gift.id);
  const name = given.name ?? donor.name ?? undefined;
  const { address, taxIdType } = given;
  return {
    ...(name === undefined ? {} : { name }),
    ...(donor.email === null ? {} : { email: donor.email }),
    ...(donor.phone === null ? {} : { phone: donor.phone }),
    ...(donor.taxId === null ? {} : { taxId: donor.taxId }),
    ...(taxIdType === undefined ? {} : { taxIdType }),
    ...(address === undefined
      ? {}
      : {
          address: {
            street: address.street,
            city: address.city,
            ...(address.number === undefined ? {} : { number: address.number }),
            ...(address.district === undefined ? {} : { district: address.district }),
            ...(address.region === undefined ? {} : { region: address.region }),
            ...(address.postalCode === undefined ? {} : { postalCode: address.postalCode }),
          },
        }),
  };
}
