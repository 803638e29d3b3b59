import type { Database } from "../db/client.ts";
import type { SealedTable } from "../db/sealed-tables.ts";
import { type ChurchId, uuidOf } from "../kernel/ids.ts";
import { SealError } from "./seal.ts";
import type { ChurchVault } from "./vault.ts";

/** How much of a table was sealed again, how much does not open, and how much is still under an older key. */
export type Resealed = { readonly resealed: number; readonly unopened: number; readonly remaining: number };

/**
 * One batch of the slow work after a key rotation: opens rows of older key versions and seals them again under the
 * newest, all columns of a row together. Safe to repeat and to stop at any point; rows in use at the moment wait for a
 * later batch. When `remaining` is 0 no row of the table needs an older version (indexes and links still need the first).
 *
 * A row that does not open was changed by somebody, or its key is lost: it stays as it is and holds up no other. Tell of
 * those met so far by `skip`, so that they are not met again.
 */
export function resealTable(
  db: Database,
  vault: ChurchVault,
  church: ChurchId,
  { name, columns, key }: SealedTable,
  { skip = 0, batch = 200 } = {},
): Promise<Resealed> {
  return db.inChurch(church, async (tx) => {
    const { sql } = tx;
    const version = await vault.newestVersion(tx, church);
    const older = sql`from ${sql(name)} where church_id = ${uuidOf(church)} and key_version < ${version}`;
    const wanted = [...key.map(({ column }) => column), "key_version", ...columns];
    const rows = await sql<Record<string, unknown>[]>`
      select ${sql(wanted)} ${older} order by ${sql(key.map(({ column }) => column))} limit ${batch} offset ${skip}
      for update skip locked`;
    let unopened = 0;
    for (const row of rows) {
      const [first = "", ...rest] = key.map(({ column, written }) => written(row[column]));
      const at = { table: name, row: first };
      // A row within another's is named by its place there: so are its values.
      const placed = new Map(columns.map((column) => [column, [column, ...rest].join("_")]));
      const stored = new Map([...placed].map(([column, place]) => [place, bytesIn(row[column])]));
      const plain = await openedRow(vault.openRow(tx, church, at, stored, Number(row.key_version)));
      if (!plain) {
        unopened += 1;
        continue;
      }
      const sealed = await vault.sealRow(tx, church, at, plain);
      const fresh = Object.fromEntries(
        [...placed].map(([column, place]) => [column, sealed.bytes.get(place) ?? null]),
      );
      const same = key.reduce(
        (where, { column }) => sql`${where} and ${sql(column)} = ${String(row[column])}`,
        sql`church_id = ${uuidOf(church)}`,
      );
      await sql`update ${sql(name)} set ${sql({ ...fresh, key_version: sealed.keyVersion })} where ${same}`;
    }
    const [left] = await sql<{ rows: number }[]>`select count(*)::int as rows ${older}`;
    return { resealed: rows.length - unopened, unopened, remaining: left?.rows ?? 0 };
  });
}

const bytesIn = (value: unknown): Uint8Array | null => (value instanceof Uint8Array ? value : null);

type Plain = Awaited<ReturnType<ChurchVault["openRow"]>>;

async function openedRow<T extends Plain>(opening: Promise<T>): Promise<T | undefined> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof SealError) return undefined;
    throw error;
  }
}
