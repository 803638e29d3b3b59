import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { announce } from "../outbox/announce.ts";
import { donationJson } from "./donation-json.ts";
import { type Gift, viewOf } from "./gift.ts";
import { insertGift } from "./store.ts";

/** What the donor typed for this gift alone. */
export type GiftWords = { readonly name: string | undefined; readonly note: string | undefined };

/**
 * Writes a new gift and tells of it, in the caller's transaction: donation, shares, its first attempt, the event.
 * Answers how many outbound deliveries now wait: ring for them after the commit.
 */
export async function openGift(
  deps: Pick<Deps, "vault">,
  tx: Tx,
  gift: Gift,
  words: GiftWords,
): Promise<number> {
  const { churchId, id, createdAt } = gift.donation;
  const sealed = await deps.vault.sealRow(
    tx,
    churchId,
    { table: "donations", row: id },
    new Map([
      ["given_name", words.name ?? null],
      ["note", words.note ?? null],
    ]),
  );
  const [announced] = await Promise.all([
    announce(
      tx,
      churchId,
      { type: "donation.created", objectId: id, sequence: 1, data: donationJson(viewOf(gift)) },
      createdAt,
    ),
    insertGift(tx, {
      gift,
      sealed: {
        keyVersion: sealed.keyVersion,
        givenName: sealed.bytes.get("given_name") ?? null,
        note: sealed.bytes.get("note") ?? null,
      },
    }),
  ]);
  return announced.deliveries;
}
