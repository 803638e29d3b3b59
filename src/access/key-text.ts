import { createHash, randomBytes } from "node:crypto";
import { crc32 } from "../kernel/crc32.ts";
import { type Secret, secret } from "../kernel/secret.ts";

export type KeyKind = "secret" | "publishable";
export type KeyMode = "test" | "live";

/**
 * How a key is spelled (CONTRACT): `ofr_test_` or `ofr_live_` for servers, `ofr_pk_test_` or `ofr_pk_live_` for
 * browsers, then 30 random base62 characters (178 bits) and 6 base62 characters of CRC-32 over all that precedes.
 * The prefix is inside the checksum, so a test key cannot be retyped into a live one unnoticed.
 */
const shape = /^ofr_(pk_)?(test|live)_[0-9A-Za-z]{36}$/;
const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const randomLength = 30;
const checksumLength = 6;

/** A fresh key. It is shown once: keep only {@link hashKey} of it. */
export function makeKeyText(kind: KeyKind, mode: KeyMode): Secret {
  const body = `ofr_${kind === "publishable" ? "pk_" : ""}${mode}_${randomBase62(randomLength)}`;
  return secret(body + checksum(body));
}

/** Whether the text is spelled as a key of ours, checksum included; says nothing about its being known. */
export function isKeyText(text: string): boolean {
  return shape.test(text) && checksum(text.slice(0, -checksumLength)) === text.slice(-checksumLength);
}

/** SHA-256 of the whole key. No salt or stretching: 178 random bits cannot be guessed from their hash. */
export function hashKey(text: string): Buffer {
  return createHash("sha256").update(text, "latin1").digest();
}

function checksum(body: string): string {
  let rest = crc32(new TextEncoder().encode(body));
  let text = "";
  for (let i = 0; i < checksumLength; i++) {
    text = digits.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

function randomBase62(length: number): string {
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      // 248 = 4 × 62: bytes above would favour the first digits.
      if (byte < 248 && text.length < length) text += digits.charAt(byte % 62);
    }
  }
  return text;
}
