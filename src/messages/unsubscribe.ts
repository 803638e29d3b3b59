import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import type { ChurchId, DonorId } from "../kernel/ids.ts";
import { sameText } from "../kernel/same-text.ts";
import { setPreference } from "./preferences.ts";
import type { Channel } from "./states.ts";

const words = (donor: DonorId, channel: Channel): string => `unsubscribe:${channel}:${donor}`;

/** Where a donor leaves reminders with one click; it does that and nothing else, so it may stand in a mail. */
export async function unsubscribeUrl(
  deps: Pick<Deps, "config" | "vault">,
  tx: Tx,
  church: ChurchId,
  at: { readonly slug: string; readonly donor: DonorId; readonly channel: Channel },
): Promise<string> {
  const token = await deps.vault.linkToken(tx, church, words(at.donor, at.channel));
  return `${deps.config.publicUrl}/m/${at.slug}/leave/${at.donor}?by=${at.channel}&t=${token}`;
}

/** Whether the token is ours for this donor and channel; compared in constant time. */
export async function mayUnsubscribe(
  deps: Pick<Deps, "vault">,
  tx: Tx,
  church: ChurchId,
  claim: { readonly donor: DonorId; readonly channel: Channel; readonly token: string },
): Promise<boolean> {
  return sameText(await deps.vault.linkToken(tx, church, words(claim.donor, claim.channel)), claim.token);
}

/** No more reminders by this channel. Saying it twice is saying it once. */
export const unsubscribe = (
  deps: Pick<Deps, "clock">,
  tx: Tx,
  church: ChurchId,
  { donor, channel }: { readonly donor: DonorId; readonly channel: Channel },
): Promise<void> =>
  setPreference(tx, church, donor, {
    channel,
    category: "reminder",
    wanted: false,
    source: "unsubscribe",
    at: deps.clock.now(),
  });
