import { is } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { expect, test } from "vitest";
import * as declared from "../../src/db/tables.ts";
import { testDatabase } from "../support/database.ts";

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const inOrder = (names: readonly string[]) => [...names].sort();

/** A table as the code declares it: the migrations are written by hand, so the two could drift apart. */
const tables = Object.values(declared).flatMap((each: unknown) => {
  if (!is(each, PgTable)) return [];
  const config = getTableConfig(each);
  const [key] = config.primaryKeys.map((primary) => primary.columns.map(({ name }) => snake(name)));
  const own = config.columns.filter(({ primary }) => primary).map(({ name }) => snake(name));
  return [
    {
      name: config.name,
      columns: config.columns.map(({ name, notNull }) => `${snake(name)}${notNull ? "" : "?"}`),
      key: key ?? own,
      references: inOrder(
        config.foreignKeys.map((foreign) => {
          const { columns, foreignTable, foreignColumns } = foreign.reference();
          const to = foreignColumns.map(({ name }) => snake(name));
          return `${columns.map(({ name }) => snake(name)).join()} > ${getTableConfig(foreignTable).name}(${to.join()})`;
        }),
      ),
    },
  ];
});

test("there are as many tables as ever", () => expect(tables.length).toBeGreaterThan(20));

test("every table of the code is the table of the database: columns, what may be empty, key and references", async () => {
  const { superuser } = await testDatabase();
  const found = await superuser<{ name: string; columns: string[]; key: string[]; references: string[] }[]>`
    select c.relname as name,
      array(select a.attname || case when a.attnotnull then '' else '?' end from pg_attribute a
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) as columns,
      array(select a.attname::text from pg_constraint k, unnest(k.conkey) with ordinality u(n, at)
            join pg_attribute a on a.attrelid = c.oid and a.attnum = u.n
            where k.conrelid = c.oid and k.contype = 'p' order by u.at) as key,
      array(select (select string_agg(a.attname, ',' order by u.at) from unnest(k.conkey) with ordinality u(n, at)
                    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n)
                || ' > ' || k.confrelid::regclass::text || '('
                || (select string_agg(a.attname, ',' order by u.at) from unnest(k.confkey) with ordinality u(n, at)
                    join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n) || ')'
            from pg_constraint k where k.conrelid = c.oid and k.contype = 'f') as "references"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p')`;
  const inDatabase = new Map(found.map((table) => [table.name, table]));
  for (const { name, columns, key, references } of tables) {
    const real = inDatabase.get(name);
    expect(inOrder(real?.columns ?? []), name).toEqual(inOrder(columns));
    expect(real?.key, name).toEqual(key);
    expect(inOrder(real?.references ?? []), name).toEqual(references);
  }
});
