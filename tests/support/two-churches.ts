import postgres from "postgres";
import type { Sql } from "../../src/db/client.ts";
import { type ChurchId, newId, uuidOf } from "../../src/kernel/ids.ts";
import { insertOf, plausibleRow, type Row, readTables, type Table } from "./catalog.ts";
import { type TestDatabase, testDatabase } from "./database.ts";

export const denied = "42501";

/** Tables that belong to no church. Each must still show nothing to who has no proof. */
export const churchless = ["platforms", "platform_keys"];
/** Outside the public schema nothing belongs to a church: the migrator's book-keeping, the simulators' state. */
const isOutside = ({ name }: Table) => name.includes(".");

/** What a plausible row must say for its table's own checks. */
const particulars: Readonly<Record<string, Row>> = {
  payment_attempts: { refunded_minor: 0 },
  mandates: { state: "requested", ended_by: null },
  debit_accounts: { forgotten_at: null },
  approvals: { state: "pending", decided_by: null, decided_at: null, paid_at: null },
  ledger_accounts: { gateway_account_id: null, normal_side: "debit", may_go_negative: true, shards: 1 },
  journal_entries: { source_kind: "attempt", corrects_entry_id: null, posting_count: 2 },
};

export type TwoChurches = TestDatabase & {
  readonly ours: ChurchId;
  readonly theirs: ChurchId;
  /** Every table of the public schema. */
  readonly all: readonly Table[];
  /** Those with a `church_id`. */
  readonly ofChurch: readonly Table[];
  readonly outside: readonly Table[];
  /** The one row a church has in a table, as the database keeps it. */
  rowOf(church: ChurchId, table: string): Row;
  /** A row like it, not in the database. */
  freshRow(table: Table, church: ChurchId): Row;
};

/** Two churches with one row each in every table there is, whoever added the table. */
export async function twoChurches(): Promise<TwoChurches> {
  const database = await testDatabase();
  const everything = await readTables(database.superuser);
  const all = everything.filter((table) => !isOutside(table));
  const [ours, theirs] = [newId("church"), newId("church")];
  const rows = new Map<ChurchId, Map<string, Row>>();
  const freshRow = (table: Table, church: ChurchId): Row =>
    plausibleRow(table, rows.get(church) ?? new Map(), {
      ...particulars[table.name],
      church_id: uuidOf(church),
    });
  // Triggers off: the rows only have to be there. The tables' checks still hold.
  await database.superuser.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    const shared = new Map<string, Row>();
    for (const church of [ours, theirs]) {
      const built = new Map(shared);
      rows.set(church, built);
      for (const table of all) {
        if (built.has(table.name)) continue;
        const isChurchless = churchless.includes(table.name);
        const row = isChurchless ? plausibleRow(table, built, {}) : freshRow(table, church);
        const { text, values } = insertOf(table.name, row);
        const [kept] = await sql.unsafe(`${text} returning *`, values.map(parameter));
        built.set(table.name, kept ?? {});
        if (isChurchless) shared.set(table.name, kept ?? {});
      }
    }
  });
  return {
    ...database,
    ours,
    theirs,
    all,
    ofChurch: all.filter(({ columns }) => columns.some(({ name }) => name === "church_id")),
    outside: everything.filter(isOutside),
    rowOf: (church, table) => rows.get(church)?.get(table) ?? {},
    freshRow,
  };
}

type Parameter = postgres.ParameterOrJSON<never>;
const isParameter = (value: unknown): value is Parameter =>
  value === null ||
  ["string", "number", "boolean"].includes(typeof value) ||
  value instanceof Uint8Array ||
  value instanceof Date ||
  Array.isArray(value);
/** A value from a row, as postgres.js takes it for a parameter. */
export function parameter(value: unknown): Parameter {
  const simple = typeof value === "bigint" ? String(value) : value;
  if (isParameter(simple)) return simple;
  return JSON.stringify(simple);
}

/** `"<n> rows"`, or PostgreSQL's code of the error. */
export async function verdict(run: Promise<{ readonly count: number }>): Promise<string> {
  try {
    return `${(await run).count} rows`;
  } catch (error) {
    if (error instanceof postgres.PostgresError) return error.code;
    throw error;
  }
}

/** How many rows each table shows. */
export async function visible(sql: Sql | postgres.Sql<{ bigint: bigint }>, tables: readonly Table[]) {
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await sql.unsafe(`select count(*)::int as n from ${name}`);
    counts[name] = row?.n;
  }
  return counts;
}
export const inEach = <T>(tables: readonly Table[], value: T): Record<string, T> =>
  Object.fromEntries(tables.map(({ name }) => [name, value]));
