import type { Tx } from "../db/client.ts";
import type { ChurchId } from "../kernel/ids.ts";

/** Where a sealed value lives: bound into the ciphertext, so it cannot be moved to another row or column. */
export type SealContext = { readonly table: string; readonly column: string; readonly row: string };

export type Sealed = { readonly keyVersion: number; readonly bytes: Uint8Array };

/** Seals personal data and secrets with the church's own data key. All calls run in the church's transaction. */
export type ChurchVault = {
  /** The version of the data key that writes use now; makes the church's first key when there is none. */
  newestVersion(tx: Tx, church: ChurchId): Promise<number>;
  /** AES-256-GCM under the church's newest data key, which is made on first use. */
  seal(tx: Tx, church: ChurchId, context: SealContext, plain: string): Promise<Sealed>;
  /** Throws a `SealError` when the bytes were not sealed for exactly this church, context and key version. */
  open(
    tx: Tx,
    church: ChurchId,
    context: SealContext,
    sealed: Uint8Array,
    keyVersion: number,
  ): Promise<string>;
  /** Seals several columns of one row under one key version; `null` stays `null`. */
  sealRow<C extends string>(
    tx: Tx,
    church: ChurchId,
    at: Pick<SealContext, "table" | "row">,
    plain: ReadonlyMap<C, string | null>,
  ): Promise<{ readonly keyVersion: number; readonly bytes: ReadonlyMap<C, Uint8Array | null> }>;
  /** Opens what {@link ChurchVault.sealRow} sealed; throws as {@link ChurchVault.open} does. */
  openRow<C extends string>(
    tx: Tx,
    church: ChurchId,
    at: Pick<SealContext, "table" | "row">,
    sealed: ReadonlyMap<C, Uint8Array | null>,
    keyVersion: number,
  ): Promise<ReadonlyMap<C, string | null>>;
  /** A keyed hash for equality search within one church: the same text gives the same bytes. */
  blindIndex(tx: Tx, church: ChurchId, purpose: "email" | "tax_id", normalized: string): Promise<Uint8Array>;
  /** A keyed token over `text`, for links that must not be guessed (base64url, 22 characters). */
  linkToken(tx: Tx, church: ChurchId, text: string): Promise<string>;
};
