import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import type { ChurchId, OccurrenceId } from "../kernel/ids.ts";

/** The page on which the donor gives one period's gift themselves, proving to their bank that it is them. */
export async function payUrl(
  deps: Pick<Deps, "vault" | "config">,
  tx: Tx,
  church: ChurchId,
  slug: string,
  occurrence: OccurrenceId,
): Promise<string> {
  const token = await deps.vault.linkToken(tx, church, payWord(occurrence));
  return `${deps.config.publicUrl}/portal/${slug}/pay/${occurrence}?t=${token}`;
}

/** What the token of {@link payUrl} is made over. */
export const payWord = (occurrence: OccurrenceId): string => `pay:${occurrence}`;
