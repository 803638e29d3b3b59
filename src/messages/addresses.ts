import type { Tx } from "../db/client.ts";
import { getDonor } from "../donors/store.ts";
import type { ChurchId } from "../kernel/ids.ts";
import type { ChurchVault } from "../privacy/vault.ts";
import { messageKinds } from "./kinds.ts";
import { preferencesOf } from "./preferences.ts";
import type { Channel } from "./states.ts";
import { type DueMessage, isDead } from "./store.ts";

/** To whom a message goes, or why it goes to nobody. */
export type Addressee =
  | { readonly to: string; readonly name: string | undefined; readonly locale: string }
  | { readonly nobody: string };

/** Looks up where a message goes: the donor's own address, if they want it and it is not known to be dead. */
export async function addresseeOf(
  tx: Tx,
  vault: ChurchVault,
  message: DueMessage,
  contactEmail: string | null,
): Promise<Addressee> {
  const { church, channel, donor: donorId, locale } = message;
  if (donorId === undefined) {
    return contactEmail === null
      ? { nobody: "the church has no contact address" }
      : { to: contactEmail, name: undefined, locale };
  }
  const donor = await getDonor(tx, vault, church, donorId);
  const to = channel === "email" ? donor?.email : donor?.phone;
  if (!donor || !to) return { nobody: channel === "email" ? "no e-mail address" : "no telephone number" };
  const category = messageKinds[message.kind];
  const preferences = await preferencesOf(tx, church, donorId);
  const wanted = preferences.some((p) => p.channel === channel && p.category === category && p.wanted);
  if (!wanted) return { nobody: "the donor does not want it" };
  if (await isDead(tx, church, channel, await addressIndex(tx, vault, church, channel, to))) {
    return { nobody: "the address takes nothing" };
  }
  return { to, name: donor.name ?? undefined, locale: asked(message) ? locale : (donor.locale ?? locale) };
}

/** Answers in the language of the page it was asked on. */
const asked = ({ kind }: DueMessage): boolean => kind === "portal_link";

/** The keyed hash an address is recognised by. */
export const addressIndex = (
  tx: Tx,
  vault: ChurchVault,
  church: ChurchId,
  channel: Channel,
  address: string,
): Promise<Uint8Array> => vault.blindIndex(tx, church, "email", `${channel}:${address.trim().toLowerCase()}`);
