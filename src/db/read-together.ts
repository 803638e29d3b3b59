import type { ChurchId } from "../kernel/ids.ts";
import type { Tx } from "./client.ts";

/** Reads the rows of one church that these keys name; one that is not there is not among them. */
type ReadMany<K, V> = (tx: Tx, church: ChurchId, keys: readonly K[]) => Promise<ReadonlyMap<K, V>>;

/** What is asked for in one transaction and not yet read. */
type Asked<K, V> = { readonly keys: Set<K>; readonly rows: Promise<ReadonlyMap<K, V>> };

/**
 * A read by key for work that shares its transaction with others of its kind: what they ask for at the same moment is
 * one statement. Nothing is kept: asked again later it is read again. It takes no locks, so that nobody's order of
 * locking depends on who else is there.
 */
export function readTogether<K, V>(read: ReadMany<K, V>) {
  const waiting = new WeakMap<Tx, Asked<K, V>>();
  const begin = (tx: Tx, church: ChurchId): Asked<K, V> => {
    const keys = new Set<K>();
    const rows = moment().then(() => {
      waiting.delete(tx);
      return read(tx, church, [...keys]);
    });
    const asked = { keys, rows };
    waiting.set(tx, asked);
    return asked;
  };
  return async (tx: Tx, church: ChurchId, key: K): Promise<V | undefined> => {
    const asked = waiting.get(tx) ?? begin(tx, church);
    asked.keys.add(key);
    return (await asked.rows).get(key);
  };
}

/** Long enough for all that one answer of the database has set going to say what it needs next. */
async function moment(): Promise<void> {
  for (let step = 0; step < 8; step++) await undefined;
}
