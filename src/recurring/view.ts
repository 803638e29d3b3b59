import type { Tx } from "../db/client.ts";
import type { MandateId } from "../kernel/ids.ts";
import { loadMandate } from "./mandate-store.ts";
import { progressOf } from "./occurrence-store.ts";
import type { Mandate, RecurringGift } from "./recurring-gift.ts";
import type { RecurringGiftView } from "./recurring-json.ts";

/** A recurring gift with its mandates and how far it has come. */
export async function viewOfGift(tx: Tx, gift: RecurringGift): Promise<RecurringGiftView> {
  const mandate = (id: MandateId | undefined): Promise<Mandate | undefined> =>
    id ? loadMandate(tx, gift.churchId, id, false) : Promise.resolve(undefined);
  return {
    gift,
    mandate: await mandate(gift.mandateId),
    nextMandate: await mandate(gift.nextMandateId),
    progress: await progressOf(tx, gift.churchId, gift.id),
  };
}
