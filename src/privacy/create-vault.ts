import type { KeyObject } from "node:crypto";
import type { Tx } from "../db/client.ts";
import type { Clock } from "../kernel/clock.ts";
import type { ChurchId } from "../kernel/ids.ts";
import type { Secret } from "../kernel/secret.ts";
import { deriveKey, type KeyPurpose, keyedHash } from "./blind-index.ts";
import { type ChurchKeyring, type ChurchKeys, churchKeyring } from "./church-keys.ts";
import { readMasterKeys } from "./master-keys.ts";
import { openBytes, SealError, sealBytes } from "./seal.ts";
import type { ChurchVault } from "./vault.ts";

/** The vault, and the keyring the operator's commands rotate and rewrap by. */
export type Vault = ChurchVault & { readonly keyring: ChurchKeyring };

export type VaultOptions = {
  /** 32 bytes in base64. */
  readonly masterKey: Secret;
  /** Older master keys that may still wrap some church's keys. */
  readonly previousMasterKeys?: readonly Secret[];
  readonly clock: Clock;
};

/** The vault of one process: it keeps unwrapped keys in memory, and no connection, so it may outlive one. */
export function createVault(options: VaultOptions): Vault {
  const keyring = churchKeyring({
    masters: readMasterKeys(options.masterKey, options.previousMasterKeys),
    clock: options.clock,
  });
  // Derived keys live exactly as long as the data key they come from is cached.
  const derived = new WeakMap<KeyObject, Map<KeyPurpose, KeyObject>>();
  const derivedKey = (keys: ChurchKeys, church: ChurchId, purpose: KeyPurpose): KeyObject => {
    const known = derived.get(keys.first) ?? new Map<KeyPurpose, KeyObject>();
    derived.set(keys.first, known);
    const key = known.get(purpose) ?? deriveKey(keys.first, church, purpose);
    known.set(purpose, key);
    return key;
  };
  const keyOf = ({ byVersion }: ChurchKeys, version: number): KeyObject => {
    const key = byVersion.get(version);
    if (key) return key;
    throw new SealError(`a church has no key of version ${version}`);
  };
  const sealingKey = async (tx: Tx, church: ChurchId) => {
    const keys = await keyring.of(tx, church);
    return { version: keys.newest, key: keyOf(keys, keys.newest) };
  };
  const openingKey = async (tx: Tx, church: ChurchId, version: number) =>
    keyOf(await keyring.of(tx, church, version), version);
  return {
    keyring,
    newestVersion: async (tx, church) => (await keyring.of(tx, church)).newest,
    async seal(tx, church, context, plain) {
      const { key, version } = await sealingKey(tx, church);
      return { keyVersion: version, bytes: sealBytes(key, church, context, version, plain) };
    },
    async open(tx, church, context, sealed, version) {
      return openBytes(await openingKey(tx, church, version), church, context, version, sealed);
    },
    async sealRow(tx, church, at, plain) {
      const { key, version } = await sealingKey(tx, church);
      const bytes = eachColumn(plain, (text, column) =>
        sealBytes(key, church, { ...at, column }, version, text),
      );
      return { keyVersion: version, bytes };
    },
    async openRow(tx, church, at, sealed, version) {
      const key = await openingKey(tx, church, version);
      return eachColumn(sealed, (bytes, column) => openBytes(key, church, { ...at, column }, version, bytes));
    },
    async blindIndex(tx, church, purpose, normalized) {
      return keyedHash(derivedKey(await keyring.of(tx, church), church, purpose), normalized);
    },
    async linkToken(tx, church, text) {
      const hash = keyedHash(derivedKey(await keyring.of(tx, church), church, "link"), text);
      return hash.subarray(0, 16).toString("base64url");
    },
  };
}

function eachColumn<C extends string, A, B>(
  columns: ReadonlyMap<C, A | null>,
  change: (value: A, column: C) => B,
): ReadonlyMap<C, B | null> {
  const changed = new Map<C, B | null>();
  for (const [column, value] of columns) changed.set(column, value === null ? null : change(value, column));
  return changed;
}
