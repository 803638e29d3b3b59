import { present } from "../kernel/assert.ts";
import type { ChurchId } from "../kernel/ids.ts";
import type { Sql, Tx } from "./client.ts";

/** What is asked of one transaction and not yet carried out. */
type Asked<I, O> = { readonly items: I[]; readonly done: Promise<O> };

/** Gathers what works that share a transaction ask of it at the same moment, and carries it out as one. */
function atOneMoment<I, O>(carryOut: (tx: Tx, church: ChurchId, items: readonly I[]) => Promise<O>) {
  const waiting = new WeakMap<Tx, Asked<I, O>>();
  const begin = (tx: Tx, church: ChurchId): Asked<I, O> => {
    const items: I[] = [];
    const done = moment().then(() => {
      waiting.delete(tx);
      return carryOut(tx, church, items);
    });
    const asked = { items, done };
    waiting.set(tx, asked);
    return asked;
  };
  return (tx: Tx, church: ChurchId, item: I): { readonly at: number; readonly done: Promise<O> } => {
    const asked = waiting.get(tx) ?? begin(tx, church);
    return { at: asked.items.push(item) - 1, done: asked.done };
  };
}

/** Reads the rows of one church that these keys name, each key once; one that is not there is not among them. */
type ReadMany<K, V> = (tx: Tx, church: ChurchId, keys: readonly K[]) => Promise<ReadonlyMap<K, V>>;

/**
 * A read by key for work that shares its transaction with others of its kind: what they ask for at the same moment is
 * one statement. Nothing is kept: asked again later it is read again. It takes no locks, so that nobody's order of
 * locking depends on who else is there.
 */
export function readTogether<K, V>(read: ReadMany<K, V>) {
  const ask = atOneMoment((tx, church, keys: readonly K[]) => read(tx, church, [...new Set(keys)]));
  return async (tx: Tx, church: ChurchId, key: K): Promise<V | undefined> =>
    (await ask(tx, church, key).done).get(key);
}

/** Writes rows of one church; answers each, in order. */
type WriteMany<R, A> = (tx: Tx, church: ChurchId, rows: readonly R[]) => Promise<readonly A[]>;

/**
 * The same for a write: the rows that works sharing a transaction have to write at the same moment are one statement.
 * Rows that others may be writing too are written in one order, so that two such statements never wait in a ring.
 * When it fails it fails for all of them, and `Database.sharing` does each again by itself.
 */
export function writeTogether<R, A>(write: WriteMany<R, A>) {
  const ask = atOneMoment(write);
  return async (tx: Tx, church: ChurchId, row: R): Promise<A> => {
    const { at, done } = ask(tx, church, row);
    return present((await done)[at], "each row that was written has its answer");
  };
}

/** Long enough for all that one answer of the database has set going to say what it needs next. */
async function moment(): Promise<void> {
  for (let step = 0; step < 8; step++) await undefined;
}

/**
 * Rows as a table inside a statement: `columns` as after `as r(…)`, each row an object with those names (what is absent
 * is null; bytes by {@link hexOf}, bigints as digits). The limit takes nothing away: it tells the planner that they are
 * few, where it would reckon with a hundred and read whole tables beside them.
 */
export const given = (sql: Sql, columns: string, rows: readonly object[]) => sql`
  (select * from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as r(${sql.unsafe(columns)})
   limit ${rows.length})`;

/** Bytes as PostgreSQL reads them from text. */
export const hexOf = (bytes: Uint8Array): string => `\\x${Buffer.from(bytes).toString("hex")}`;
