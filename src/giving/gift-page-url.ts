import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import type { ChurchId, DonationId } from "../kernel/ids.ts";

/** Our page about a gift, for whoever holds the link: how it stands, what is still to be done, its acknowledgment. */
export async function pageUrlOf(
  deps: Pick<Deps, "vault" | "config">,
  tx: Tx,
  church: ChurchId,
  slug: string,
  donation: DonationId,
): Promise<string> {
  const token = await deps.vault.linkToken(tx, church, donation);
  return `${deps.config.publicUrl}/give/${slug}/gifts/${donation}?t=${token}`;
}
