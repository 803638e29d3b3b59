import { createHmac, createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import type { ChurchId } from "../kernel/ids.ts";

/** What a derived key is for; each has its own, so that an e-mail's index says nothing about a tax id's. */
export type KeyPurpose = "email" | "tax_id" | "link";

/**
 * A key for one purpose of one church, by HKDF-SHA-256 (RFC 5869) from version 1 of the church's data key.
 * Version 1 and not the newest, on purpose: an index must find rows written before a rotation, so it may not change
 * with it. It stays a secret of the church: whoever lacks the master key can neither make nor test an index.
 */
export function deriveKey(firstDataKey: KeyObject, church: ChurchId, purpose: KeyPurpose): KeyObject {
  return createSecretKey(
    Buffer.from(hkdfSync("sha256", firstDataKey, new Uint8Array(), `ofrenda 1 ${purpose} ${church}`, 32)),
  );
}

/** HMAC-SHA-256 under a derived key: 32 bytes, the same for the same text. */
export function keyedHash(key: KeyObject, text: string): Buffer {
  return createHmac("sha256", key).update(text, "utf8").digest();
}
