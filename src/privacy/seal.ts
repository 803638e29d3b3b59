import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from "node:crypto";
import type { ChurchId } from "../kernel/ids.ts";
import type { SealContext } from "./vault.ts";

/**
 * A sealed value, in bytes: 1 (format, now 1) · 12 (random IV) · ciphertext · 16 (tag). AES-256-GCM
 * (NIST SP 800-38D). With random 96-bit IVs a key must seal fewer than 2^32 values; a church that comes near that
 * rotates its key long before. Keys are KeyObjects: five times as fast as raw bytes, and they do not print.
 */
const format = 1;
const ivLength = 12;
const tagLength = 16;
const headLength = 1 + ivLength;

/** The bytes were changed, or were sealed for another church, place or key version. Never says which. */
export class SealError extends Error {
  override readonly name = "SealError";
}

/** Seals `plain` (as UTF-8) so that it opens only with the same key, church, place and key version. */
export function sealBytes(
  key: KeyObject,
  church: ChurchId,
  context: SealContext,
  keyVersion: number,
  plain: string,
): Uint8Array {
  const sealed = Buffer.allocUnsafe(headLength + Buffer.byteLength(plain, "utf8") + tagLength);
  sealed[0] = format;
  const iv = randomFillSync(sealed.subarray(1, headLength));
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  cipher.setAAD(boundTo(church, context, keyVersion));
  cipher.update(plain, "utf8").copy(sealed, headLength);
  cipher.final();
  cipher.getAuthTag().copy(sealed, sealed.length - tagLength);
  return sealed;
}

/** Opens what {@link sealBytes} made; throws {@link SealError} unless everything it was bound to is the same. */
export function openBytes(
  key: KeyObject,
  church: ChurchId,
  context: SealContext,
  keyVersion: number,
  sealed: Uint8Array,
): string {
  if (sealed.length < headLength + tagLength || sealed[0] !== format) {
    throw new SealError("not a sealed value");
  }
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(1, headLength), {
    authTagLength: tagLength,
  });
  decipher.setAAD(boundTo(church, context, keyVersion));
  decipher.setAuthTag(sealed.subarray(-tagLength));
  try {
    const body = decipher.update(sealed.subarray(headLength, -tagLength));
    decipher.final();
    return body.toString("utf8");
  } catch {
    throw new SealError("a sealed value did not open: changed, moved, or sealed under another key");
  }
}

/** The additional data, each part led by its length so that no two places share a spelling. */
function boundTo(church: ChurchId, { table, column, row }: SealContext, keyVersion: number): Buffer {
  return Buffer.from(
    `${church.length}:${church}${table.length}:${table}${column.length}:${column}${row.length}:${row}${keyVersion}`,
    "utf8",
  );
}
