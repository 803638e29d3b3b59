import { createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import type { Database, Sql, Tx } from "../db/client.ts";
import { present } from "../kernel/assert.ts";
import { type Clock, minutes } from "../kernel/clock.ts";
import { type ChurchId, toId, uuidOf } from "../kernel/ids.ts";
import type { MasterKeys } from "./master-keys.ts";

/** The data keys of one church, 32 bytes each: the newest seals, all of them open. */
export type ChurchKeys = {
  readonly newest: number;
  readonly byVersion: ReadonlyMap<number, KeyObject>;
  /** Version 1: the indexes and links derive from it, so they outlive every rotation. */
  readonly first: KeyObject;
};

export type ChurchKeyring = {
  /**
   * The church's keys, made on first use; at once when they are known in this process. `atLeast` asks for a version
   * another process may just have made. Throws when a key cannot be unwrapped or there is no such church.
   */
  of(tx: Tx, church: ChurchId, atLeast?: number): ChurchKeys | Promise<ChurchKeys>;
  /** A new version for what is sealed from now on; answers its number. Every process follows within a minute. */
  rotate(tx: Tx, church: ChurchId): Promise<number>;
  /** Wraps this church's keys again under the current master key; answers how many it was. */
  rewrap(tx: Tx, church: ChurchId): Promise<number>;
};

/** How long a process may go on sealing with a version that another process has replaced. */
const refreshMs = minutes(1);
const maxChurches = 10_000;

type Cached = { readonly keys: ChurchKeys; readonly until: number };

/** The keyring of one process. Every call runs in the church's own transaction. */
export function churchKeyring(options: { masters: MasterKeys; clock: Clock }): ChurchKeyring {
  const { masters, clock } = options;
  const cache = new Map<ChurchId, Cached>();
  // A key made in a transaction is gone if that transaction fails: what it reads is never kept for others.
  const makers = new WeakMap<Sql, Map<ChurchId, ChurchKeys | undefined>>();

  const keep = (tx: Tx, church: ChurchId, keys: ChurchKeys): ChurchKeys => {
    const own = makers.get(tx.sql);
    if (own?.has(church)) {
      own.set(church, keys);
      return keys;
    }
    cache.delete(church);
    cache.set(church, { keys, until: clock.now().getTime() + refreshMs });
    if (cache.size > maxChurches) {
      for (const oldest of cache.keys()) {
        cache.delete(oldest);
        break;
      }
    }
    return keys;
  };

  const make = async (tx: Tx, church: ChurchId, version: number): Promise<void> => {
    const { wrapped, masterVersion } = masters.wrap(church, version, createSecretKey(randomBytes(32)));
    // Two transactions that make the same version: the second waits here for the first, then uses its key.
    const made = await tx.sql`
      insert into church_keys (church_id, version, wrapped, master_version, created_at)
      values (${uuidOf(church)}, ${version}, ${wrapped}, ${masterVersion}, ${clock.now()})
      on conflict do nothing`;
    if (made.count === 0) return;
    const own = makers.get(tx.sql) ?? new Map<ChurchId, ChurchKeys | undefined>();
    makers.set(tx.sql, own);
    own.set(church, undefined);
  };

  const load = async (tx: Tx, church: ChurchId): Promise<ChurchKeys> => {
    const found = (await readKeys(tx, masters, church)) ?? (await makeFirst(tx, church));
    return keep(tx, church, found);
  };
  const makeFirst = async (tx: Tx, church: ChurchId): Promise<ChurchKeys> => {
    await make(tx, church, 1);
    return present(await readKeys(tx, masters, church), "a church's first key is there once it was made");
  };

  return {
    of(tx, church, atLeast = 0) {
      const made = makers.get(tx.sql);
      const own = made?.get(church);
      if (own && own.newest >= atLeast) return own;
      const cached = cache.get(church);
      if (
        !made?.has(church) &&
        cached &&
        cached.until > clock.now().getTime() &&
        cached.keys.newest >= atLeast
      ) {
        return cached.keys;
      }
      return load(tx, church);
    },
    async rotate(tx, church) {
      const before = await load(tx, church);
      await make(tx, church, before.newest + 1);
      cache.delete(church);
      return (await load(tx, church)).newest;
    },
    rewrap: (tx, church) => rewrapKeys(tx, masters, church),
  };
}

type KeyRow = { readonly version: number; readonly wrapped: Buffer; readonly master_version: number };

async function readKeys(tx: Tx, masters: MasterKeys, church: ChurchId): Promise<ChurchKeys | undefined> {
  const rows = await tx.sql<KeyRow[]>`
    select version, wrapped, master_version from church_keys
    where church_id = ${uuidOf(church)} order by version`;
  if (rows.length === 0) return undefined;
  const byVersion = new Map(
    rows.map(({ version, wrapped, master_version: masterVersion }) => [
      version,
      masters.unwrap(church, version, { wrapped, masterVersion }),
    ]),
  );
  return {
    newest: Math.max(...byVersion.keys()),
    byVersion,
    first: present(byVersion.get(1), "version 1 of a church's key is never removed"),
  };
}

async function rewrapKeys(tx: Tx, masters: MasterKeys, church: ChurchId): Promise<number> {
  const rows = await tx.sql<KeyRow[]>`
    select version, wrapped, master_version from church_keys
    where church_id = ${uuidOf(church)} and master_version <> ${masters.currentVersion}
    order by version for update`;
  for (const { version, wrapped, master_version: masterVersion } of rows) {
    const again = masters.wrap(church, version, masters.unwrap(church, version, { wrapped, masterVersion }));
    await tx.sql`
      update church_keys set wrapped = ${again.wrapped}, master_version = ${again.masterVersion}
      where church_id = ${uuidOf(church)} and version = ${version}`;
  }
  return rows.length;
}

/** A new version of the church's data key, for what is sealed from now on; answers its number. */
export function rotateChurchKey(db: Database, keyring: ChurchKeyring, church: ChurchId): Promise<number> {
  return db.inChurch(church, (tx) => keyring.rotate(tx, church));
}

const pageOfChurches = 500;

/**
 * After a new `MASTER_KEY` (the old one still configured as previous): wraps every church's keys again, one
 * transaction per church, so it may be stopped and repeated. Nothing that was sealed changes. Answers how many keys
 * were wrapped; when a whole run answers 0, the previous master key may go.
 */
export async function rewrapChurchKeys(
  db: Database,
  keyring: ChurchKeyring,
  onProgress?: (churchesDone: number) => void,
): Promise<number> {
  let rewrapped = 0;
  let done = 0;
  let last = "00000000-0000-0000-0000-000000000000";
  for (;;) {
    const churches = await db.sweeping(
      ({ sql }) => sql<{ church_id: string }[]>`
        select church_id from churches where church_id > ${last} order by church_id limit ${pageOfChurches}`,
    );
    for (const { church_id: uuid } of churches) {
      const church = toId("church", uuid);
      rewrapped += await db.inChurch(church, (tx) => keyring.rewrap(tx, church));
      last = uuid;
      done += 1;
      onProgress?.(done);
    }
    if (churches.length < pageOfChurches) return rewrapped;
  }
}
