import type { Tx } from "../db/client.ts";
import type { Clock } from "../kernel/clock.ts";
import { type ChurchId, type DonorId, newId } from "../kernel/ids.ts";
import type { ChurchVault } from "../privacy/vault.ts";
import { type MessageKind, messageKinds } from "./kinds.ts";
import { preferencesOf } from "./preferences.ts";
import type { Channel } from "./states.ts";
import { messages } from "./tables.ts";

/** Plain JSON of what a template shows: ids, money as `{amount, currency}`, dates, addresses. No personal data. */
export type Params = { readonly [name: string]: Param };
type Param = string | number | boolean | null | readonly Param[] | Params;

export type NewMessage = {
  readonly kind: MessageKind;
  readonly to: { readonly donor: DonorId } | { readonly church: true };
  /** Two messages with one key are one: a second is dropped without a word. */
  readonly dedupeKey: string;
  /** BCP 47. */
  readonly locale: string;
  readonly params: Params;
  readonly notBefore?: Date;
};

/**
 * Writes a message in the caller's transaction; the job sends it when it is due. Sends nothing itself. A donor who said
 * yes to texts gets it there too, as a message of its own.
 */
export async function enqueue(
  tx: Tx,
  deps: { readonly vault: ChurchVault; readonly clock: Clock },
  church: ChurchId,
  message: NewMessage,
): Promise<void> {
  const texts = "donor" in message.to ? await textChannels(tx, church, message.to.donor, message.kind) : [];
  await write(tx, deps, church, message, "email");
  for (const channel of texts) await write(tx, deps, church, message, channel);
}

/** The ways to a phone the donor wants this kind by. A link that opens a door goes by mail alone. */
async function textChannels(
  tx: Tx,
  church: ChurchId,
  donor: DonorId,
  kind: MessageKind,
): Promise<readonly Channel[]> {
  if (kind === "portal_link") return [];
  const preferences = await preferencesOf(tx, church, donor);
  return preferences
    .filter(
      ({ channel, category, wanted }) => channel !== "email" && wanted && category === messageKinds[kind],
    )
    .map(({ channel }) => channel);
}

async function write(
  tx: Tx,
  deps: { readonly vault: ChurchVault; readonly clock: Clock },
  church: ChurchId,
  message: NewMessage,
  channel: Channel,
): Promise<void> {
  const id = newId("message");
  const now = deps.clock.now();
  const at = { table: "messages", column: "params", row: id };
  const sealed = await deps.vault.seal(tx, church, at, JSON.stringify(message.params));
  await tx.orm
    .insert(messages)
    .values({
      churchId: church,
      id,
      kind: message.kind,
      donorId: "donor" in message.to ? message.to.donor : null,
      channel,
      locale: message.locale,
      dedupeKey: channel === "email" ? message.dedupeKey : `${message.dedupeKey}:${channel}`,
      state: "queued",
      keyVersion: sealed.keyVersion,
      params: sealed.bytes,
      nextAt: message.notBefore ?? now,
      tries: 0,
      createdAt: now,
    })
    .onConflictDoNothing({ target: [messages.churchId, messages.dedupeKey] });
}
