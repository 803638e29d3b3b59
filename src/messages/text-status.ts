import type { Deps } from "../deps.ts";
import type { ChurchId } from "../kernel/ids.ts";
import { addressIndex } from "./addresses.ts";
import { concludeText, markDead } from "./store.ts";
import type { TextStatus } from "./twilio/status.ts";

/**
 * What the carrier says became of a text after it was taken. Repeats and news of texts that are not this church's change
 * nothing; a number that takes nothing, or whose owner said stop, gets nothing more.
 */
export async function applyTextStatus(
  deps: Pick<Deps, "db" | "vault" | "clock">,
  church: ChurchId,
  { providerId, result }: TextStatus,
): Promise<void> {
  if (result === "on_its_way" || result === "delivered") return;
  const at = deps.clock.now();
  await deps.db.inChurch(church, async (tx) => {
    const text = await concludeText(tx, deps.vault, church, providerId, result);
    if (!text?.recipient || result === "failed") return;
    const index = await addressIndex(tx, deps.vault, church, text.channel, text.recipient);
    await markDead(tx, church, { addressIndex: index, channel: text.channel, why: result, at });
  });
}
