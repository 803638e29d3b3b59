import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import type { ChurchId, RecurringGiftId } from "../kernel/ids.ts";

/**
 * Our page about a recurring gift that was just asked for, for whoever holds the link: what is still to be done, then
 * thanks and the next dates. Nothing can be changed there. With `&back=1` the gateway is asked first how it stands.
 */
export async function recurringPageUrl(
  deps: Pick<Deps, "vault" | "config">,
  tx: Tx,
  church: ChurchId,
  slug: string,
  gift: RecurringGiftId,
): Promise<string> {
  const token = await deps.vault.linkToken(tx, church, gift);
  return `${deps.config.publicUrl}/give/${slug}/recurring/${gift}?t=${token}`;
}

/** The page that starts a stopped recurring gift again with one tap; good for that and nothing else. */
export async function restartUrl(
  deps: Pick<Deps, "vault" | "config">,
  tx: Tx,
  church: ChurchId,
  slug: string,
  gift: RecurringGiftId,
): Promise<string> {
  const token = await deps.vault.linkToken(tx, church, restartWord(gift));
  return `${deps.config.publicUrl}/portal/${slug}/restart/${gift}?t=${token}`;
}

/** What the token of {@link restartUrl} is made over. */
export const restartWord = (gift: RecurringGiftId): string => `restart:${gift}`;
