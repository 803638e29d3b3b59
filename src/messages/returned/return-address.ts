import type { Tx } from "../../db/client.ts";
import { type ChurchId, type MessageId, toId, uuidOf } from "../../kernel/ids.ts";
import { sameText } from "../../kernel/same-text.ts";
import type { ChurchVault } from "../../privacy/vault.ts";

/** One try of one message, as a token says it; `token` is proved by {@link isOurs} before it is believed. */
export type ReturnClaim = { readonly message: MessageId; readonly number: number; readonly token: string };

/**
 * The envelope sender of one try of one message, so that a mail which comes back says by its address alone what came
 * back (VERP): `bounces+<token>@host`. The token is the message's id, the try in one byte, and 80 bits of the church's
 * keyed token over both, in lower-case hexadecimal, since some servers fold an address's case. It names neither church
 * nor donor.
 */
export async function returnAddress(
  tx: Tx,
  vault: ChurchVault,
  church: ChurchId,
  at: { readonly message: MessageId; readonly number: number; readonly address: string },
): Promise<string> {
  const [name, host] = at.address.split("@");
  return `${name}+${await tokenOf(tx, vault, church, at.message, tryByte(at.number))}@${host}`;
}

/** What the first of our return addresses in `text` claims; `undefined` when it holds none. */
export function claimIn(text: string): ReturnClaim | undefined {
  const [, token] = /\+([0-9a-f]{54})@/i.exec(text) ?? [];
  if (token === undefined) return undefined;
  const lower = token.toLowerCase();
  return {
    message: toId("message", lower.slice(0, 32)),
    number: Number.parseInt(lower.slice(32, 34), 16),
    token: lower,
  };
}

/** Whether this church made the token; compared in constant time. */
export async function isOurs(
  tx: Tx,
  vault: ChurchVault,
  church: ChurchId,
  { message, number, token }: ReturnClaim,
): Promise<boolean> {
  return sameText(await tokenOf(tx, vault, church, message, number), token);
}

/** The try as a token has it. */
export const tryByte = (number: number): number => number % 256;

async function tokenOf(
  tx: Tx,
  vault: ChurchVault,
  church: ChurchId,
  message: MessageId,
  number: number,
): Promise<string> {
  const proof = Buffer.from(await vault.linkToken(tx, church, `returned:${message}:${number}`), "base64url");
  const id = uuidOf(message).replaceAll("-", "");
  return `${id}${number.toString(16).padStart(2, "0")}${proof.subarray(0, 10).toString("hex")}`;
}
