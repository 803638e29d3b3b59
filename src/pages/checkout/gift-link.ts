import type { Deps } from "../../deps.ts";
import type { ChurchId, DonationId, RecurringGiftId } from "../../kernel/ids.ts";
import { sameText } from "../../kernel/same-text.ts";

type Linked = DonationId | RecurringGiftId;

/** The unguessable part of a gift's address: whoever holds the link may see the gift, nobody else. */
export function giftToken(deps: Pick<Deps, "db" | "vault">, church: ChurchId, gift: Linked): Promise<string> {
  return deps.db.inChurch(church, (tx) => deps.vault.linkToken(tx, church, gift));
}

/** Whether `given` is the gift's token, compared in constant time. */
export async function opensGift(
  deps: Pick<Deps, "db" | "vault">,
  church: ChurchId,
  gift: Linked,
  given: string,
): Promise<boolean> {
  return sameText(await giftToken(deps, church, gift), given);
}

/** Addresses of one gift's pages; `token` and language ride along on each. */
export function giftLinks(slug: string, donation: DonationId, token: string, lang: string) {
  const query = `?t=${encodeURIComponent(token)}&lang=${lang}`;
  const base = `/give/${slug}/gifts/${donation}`;
  return {
    page: `${base}${query}`,
    back: `${base}${query}&back=1`,
    status: `${base}/status.json${query}`,
    decline: `${base}/status.json${query}&back=1`,
    cancel: `${base}/cancel${query}`,
    acknowledgment: `${base}/acknowledgment.pdf${query}`,
    again: `/give/${slug}?again=${donation}&t=${encodeURIComponent(token)}&lang=${lang}`,
    another: `/give/${slug}?lang=${lang}`,
  };
}
export type GiftLinks = ReturnType<typeof giftLinks>;
