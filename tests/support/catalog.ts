import { randomBytes, randomInt, randomUUID } from "node:crypto";
import type postgres from "postgres";

/** A database as it describes itself, so that a check of every table cannot forget one. */
export type Table = {
  /** With its schema where that is not `public`. */
  readonly name: string;
  readonly columns: readonly Column[];
  readonly references: readonly Reference[];
};

export type Column = {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  /** Generated, or an identity nobody may write. */
  readonly computed: boolean;
};

/** A foreign key: column by column, what points at what. */
export type Reference = {
  readonly to: string;
  readonly pairs: readonly { readonly from: string; readonly to: string }[];
};

export type Row = Readonly<Record<string, unknown>>;
type Client = postgres.Sql<{ bigint: bigint }>;

const ownSchemas = ["pg_catalog", "information_schema"];
const nameOf = (schema: string, table: string): string =>
  schema === "public" ? table : `${schema}.${table}`;

/** Every table, those that are referred to before those that refer to them. Read as a superuser: others see less. */
export async function readTables(client: Client): Promise<readonly Table[]> {
  const columns = await client`
    select c.table_schema, c.table_name, c.column_name, c.udt_name, c.is_nullable = 'YES' as nullable,
           c.is_generated = 'ALWAYS' or c.identity_generation is not distinct from 'ALWAYS' as computed
    from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where t.table_type = 'BASE TABLE' and c.table_schema <> all (${ownSchemas})
    order by c.table_schema, c.table_name, c.ordinal_position`;
  const keys = await client`
    select n.nspname as table_schema, t.relname as table_name, rn.nspname as to_schema, r.relname as to_name,
      (select array_agg(a.attname::text order by k.n) from unnest(f.conkey) with ordinality k(no, n)
       join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.no) as from_columns,
      (select array_agg(a.attname::text order by k.n) from unnest(f.confkey) with ordinality k(no, n)
       join pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.no) as to_columns
    from pg_constraint f
    join pg_class t on t.oid = f.conrelid join pg_namespace n on n.oid = t.relnamespace
    join pg_class r on r.oid = f.confrelid join pg_namespace rn on rn.oid = r.relnamespace
    where f.contype = 'f'`;
  const tables = new Map<string, { name: string; columns: Column[]; references: Reference[] }>();
  for (const c of columns) {
    const name = nameOf(c.table_schema, c.table_name);
    const table = tables.get(name) ?? { name, columns: [], references: [] };
    tables.set(name, table);
    table.columns.push({ name: c.column_name, type: c.udt_name, nullable: c.nullable, computed: c.computed });
  }
  for (const k of keys) {
    const to = k.to_columns.map(String);
    const pairs = k.from_columns.map((from: string, n: number) => ({ from, to: to[n] }));
    tables
      .get(nameOf(k.table_schema, k.table_name))
      ?.references.push({ to: nameOf(k.to_schema, k.to_name), pairs });
  }
  return inOrder([...tables.values()]);
}

function inOrder(tables: readonly Table[]): readonly Table[] {
  const placed: Table[] = [];
  const left = new Set(tables);
  const isPlaced = (name: string, self: string) =>
    name === self || placed.some((table) => table.name === name);
  while (left.size > 0) {
    const ready = [...left].filter((table) => table.references.every(({ to }) => isPlaced(to, table.name)));
    if (ready.length === 0)
      throw new Error(`tables refer to each other in a circle: ${[...left].map((t) => t.name)}`);
    for (const table of ready) {
      placed.push(table);
      left.delete(table);
    }
  }
  return placed;
}

/** The columns by which a row of the table points at others, other than at its church. */
export const pointers = ({ references }: Table): ReadonlySet<string> =>
  new Set(
    references.flatMap(({ pairs }) => pairs.map(({ from }) => from)).filter((from) => from !== "church_id"),
  );

/**
 * A row that fits the table: `fixed` where it says, its references at `parents` (the rows of the other tables), and
 * anything of the right type elsewhere. Throws for a type it has not met: teach it here.
 */
export function plausibleRow(table: Table, parents: ReadonlyMap<string, Row>, fixed: Row): Row {
  const row: Record<string, unknown> = {};
  for (const column of table.columns) {
    if (!column.computed) row[column.name] = anyOf(column, table.name);
  }
  for (const { to, pairs } of table.references) {
    // One of its own kind it may do without; where it must have one, the first of them has itself.
    const own = to === table.name;
    const optional = table.columns.some(({ name, nullable }) => nullable && name === pairs.at(-1)?.from);
    const parent = own && optional ? undefined : (parents.get(to) ?? (own ? { ...row } : undefined));
    for (const pair of pairs) row[pair.from] = parent?.[pair.to] ?? null;
  }
  return { ...row, ...fixed };
}

const makers: Readonly<Record<string, () => unknown>> = {
  uuid: () => randomUUID(),
  text: () => `x${randomBytes(8).toString("hex")}`,
  varchar: () => `x${randomBytes(8).toString("hex")}`,
  int2: () => randomInt(2, 30_000),
  int4: () => randomInt(2, 1_000_000),
  int8: () => String(randomInt(2, 1_000_000)),
  numeric: () => "1",
  bool: () => false,
  timestamptz: () => "2026-11-20T12:00:00Z",
  date: () => "2026-11-20",
  bytea: () => randomBytes(32),
  json: () => "{}",
  jsonb: () => "{}",
  _text: () => [],
};

function anyOf({ name, type }: Column, table: string): unknown {
  const make = makers[type];
  if (!make)
    throw new Error(`${table}.${name} is of type ${type}: tell tests/support/catalog.ts how to make one`);
  return make();
}

/** `insert into table (…) values ($1 …)` with its parameters. */
export function insertOf(
  table: string,
  row: Row,
): { readonly text: string; readonly values: readonly unknown[] } {
  const names = Object.keys(row);
  const places = names.map((_, n) => `$${n + 1}`);
  return {
    text: `insert into ${table} (${names.map((name) => `"${name}"`).join(", ")}) values (${places.join(", ")})`,
    values: Object.values(row),
  };
}
