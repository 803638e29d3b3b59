import type { Database } from "../db/client.ts";
import { seconds } from "../kernel/clock.ts";
import type { ApiKeyId, ChurchId, PlatformId } from "../kernel/ids.ts";
import type { KeyKind, KeyMode } from "./key-text.ts";
import type { Scope } from "./principal.ts";

/** A key as the database knows it, with the churches of its platform it has been seen to act for. */
export type KnownKey = {
  readonly id: ApiKeyId;
  readonly root: ApiKeyId;
  readonly owner: { readonly church: ChurchId } | { readonly platform: PlatformId };
  readonly kind: KeyKind;
  readonly mode: KeyMode;
  readonly scopes: readonly Scope[];
  readonly hash: Buffer;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
};

/** How long another process may still honour a key after this one revoked it. */
const keyCacheMs = seconds(5);
const maxKeys = 5000;

type Entry = { readonly key: KnownKey; readonly until: number; readonly churches: Set<ChurchId> };

type Cache = { readonly entries: Map<string, Entry>; forgotten: number };

// Per database, so that two services in one process (tests) never share what they know.
const caches = new WeakMap<Database, Cache>();

function cacheOf(db: Database): Cache {
  let cache = caches.get(db);
  if (!cache) {
    cache = { entries: new Map(), forgotten: 0 };
    caches.set(db, cache);
  }
  return cache;
}

/** To be taken before a key is read, and handed to {@link rememberKey} with what was read. */
export const cacheMark = (db: Database): number => cacheOf(db).forgotten;

/** The key read less than {@link keyCacheMs} ago, and the churches it was then seen to act for. */
export function recallKey(db: Database, hashHex: string, now: Date): Entry | undefined {
  const { entries } = cacheOf(db);
  const entry = entries.get(hashHex);
  // A clock set back would keep an entry longer than promised: one too far ahead counts as old.
  if (entry && (entry.until <= now.getTime() || entry.until > now.getTime() + keyCacheMs)) {
    entries.delete(hashHex);
    return undefined;
  }
  return entry;
}

/**
 * Keeps a key for {@link keyCacheMs}; the oldest goes when {@link maxKeys} are kept. Where any key was forgotten
 * since `mark`, this one may have been read just before its own revocation: it is used once and not kept.
 */
export function rememberKey(db: Database, hashHex: string, key: KnownKey, now: Date, mark: number): Entry {
  const { entries, forgotten } = cacheOf(db);
  const entry: Entry = { key, until: now.getTime() + keyCacheMs, churches: new Set() };
  if (forgotten !== mark) return entry;
  entries.delete(hashHex);
  entries.set(hashHex, entry);
  if (entries.size > maxKeys) {
    for (const oldest of entries.keys()) {
      entries.delete(oldest);
      break;
    }
  }
  return entry;
}

/** Forgets a key at once: for revoking and rotating. Other processes follow within {@link keyCacheMs}. */
export function forgetKey(db: Database, hash: Uint8Array): void {
  const cache = cacheOf(db);
  cache.forgotten += 1;
  cache.entries.delete(Buffer.from(hash).toString("hex"));
}
