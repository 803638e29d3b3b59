import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import { assert } from "../kernel/assert.ts";
import type { ChurchId } from "../kernel/ids.ts";
import type { Secret } from "../kernel/secret.ts";
import { SealError } from "./seal.ts";

/** A church's data key as the database keeps it. */
export type WrappedKey = { readonly wrapped: Uint8Array; readonly masterVersion: number };

/** The master keys at hand: the current one wraps, it and the previous ones unwrap. */
export type MasterKeys = {
  readonly currentVersion: number;
  /** Wraps a data key (32 bytes) under the current master key. */
  wrap(church: ChurchId, version: number, dataKey: KeyObject): WrappedKey;
  /** Throws {@link SealError} when the master key is not at hand, or the bytes are not this church's and version's. */
  unwrap(church: ChurchId, version: number, key: WrappedKey): KeyObject;
};

const ivLength = 12;
const tagLength = 16;

/**
 * Reads master keys: 32 bytes each, in base64. A master key's version is a 31-bit fingerprint of the key itself,
 * so nobody has to number keys, and a key put in the wrong place is noticed instead of used.
 */
export function readMasterKeys(current: Secret, previous: readonly Secret[] = []): MasterKeys {
  const byVersion = new Map<number, KeyObject>();
  const add = (key: Secret): number => {
    const bytes = Buffer.from(key.reveal(), "base64");
    assert(bytes.length === 32, "a master key is 32 bytes in base64");
    const version = createHmac("sha256", bytes).update("ofrenda master key").digest().readUInt32BE() >>> 1;
    byVersion.set(version, createSecretKey(bytes));
    return version;
  };
  for (const key of previous) add(key);
  const currentVersion = add(current);
  const master = (version: number): KeyObject => {
    const key = byVersion.get(version);
    if (key) return key;
    throw new SealError("a church's key was wrapped by a master key that is not configured");
  };
  return {
    currentVersion,
    wrap(church, version, dataKey) {
      const iv = randomBytes(ivLength);
      const cipher = createCipheriv("aes-256-gcm", master(currentVersion), iv);
      cipher.setAAD(boundTo(church, version, currentVersion));
      const body = cipher.update(dataKey.export());
      cipher.final();
      return { wrapped: Buffer.concat([iv, body, cipher.getAuthTag()]), masterVersion: currentVersion };
    },
    unwrap(church, version, { wrapped, masterVersion }) {
      const decipher = createDecipheriv("aes-256-gcm", master(masterVersion), wrapped.subarray(0, ivLength), {
        authTagLength: tagLength,
      });
      decipher.setAAD(boundTo(church, version, masterVersion));
      try {
        decipher.setAuthTag(wrapped.subarray(-tagLength));
        const dataKey = decipher.update(wrapped.subarray(ivLength, -tagLength));
        decipher.final();
        return createSecretKey(dataKey);
      } catch {
        throw new SealError("a church's key did not unwrap: changed, or another church's or version's");
      }
    },
  };
}

const boundTo = (church: ChurchId, version: number, masterVersion: number): Buffer =>
  Buffer.from(`ofrenda church key ${church} ${version} ${masterVersion}`, "utf8");
