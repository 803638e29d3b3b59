import type postgres from "postgres";
import { beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../src/db/client.ts";
import { type ChurchId, newId, uuidOf } from "../../src/kernel/ids.ts";
import { insertOf, pointers, type Row, type Table } from "../support/catalog.ts";
import {
  churchless,
  denied,
  inEach,
  parameter,
  type TwoChurches,
  twoChurches,
  verdict,
  visible,
} from "../support/two-churches.ts";

/** What else a row must say for one of its references to be used. */
const whenReferring: Readonly<Record<string, Row>> = {
  "journal_entries.corrects_entry_id": { source_kind: "correction" },
};

/** Columns that hold another row's id without a foreign key, and why that gives nothing away. */
const idsWithoutKey: Readonly<Record<string, string>> = {
  "donations.current_attempt_id": "points back at a row that points here; always read with the church",
  "donations.recurring_gift_id":
    "a gift may be of a promise, which has gifts; written and read with the church",
  "disputes.donation_id": "its attempt is the foreign key; always read with the church",
  "postings.entry_id": "checked by the trigger posting_fits, below",
  "journal_entries.legal_entity_id":
    "every posting's account must be of this entity, by the trigger posting_fits",
  "ledger_unsealed.entry_id": "filled by trigger from an entry of the same church",
  "ledger_accounts.dimension_id": "generated from the columns that are foreign keys",
};

const noSuchParent = "23503";

let house: TwoChurches;
let db: Database;
let all: readonly Table[];
let ofChurch: readonly Table[];
let ours: ChurchId;
let theirs: ChurchId;
beforeAll(async () => {
  house = await twoChurches();
  ({ db, all, ofChurch, ours, theirs } = house);
});

const asOurs = (text: string, values: readonly unknown[] = []) =>
  verdict(db.inChurch(ours, ({ sql }) => sql.unsafe(text, values.map(parameter))));
const insertAsOurs = (table: Table, row: Row) => {
  const { text, values } = insertOf(table.name, row);
  return asOurs(text, values);
};
const everyRow = async (church: ChurchId) => {
  const found = new Map<string, unknown>();
  for (const { name } of ofChurch) {
    found.set(
      name,
      await house.superuser.unsafe(`select t::text from ${name} t where church_id = $1 order by 1`, [
        uuidOf(church),
      ]),
    );
  }
  return found;
};
/** What a table lacks of the guard; empty for a table that has it all. */
async function guardFaults(sql: { unsafe: postgres.Sql["unsafe"] }): Promise<readonly string[]> {
  const found = await sql.unsafe(`
    select n.nspname || '.' || c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'church_id' and a.attnotnull) as keyed,
      exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'of_this_church' and p.polcmd = '*'
              and pg_get_expr(p.polqual, p.polrelid) like '%scope_church()%'
              and pg_get_expr(p.polwithcheck, p.polrelid) like '%scope_church()%') as scoped,
      coalesce((select a.attname from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
                where i.indrelid = c.oid and i.indisprimary), '') as leads
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p')
      and n.nspname = 'public'`);
  return found.flatMap(({ name, forced, keyed, scoped, leads }) => {
    if (churchless.includes(String(name).replace("public.", "")))
      return forced ? [] : [`${name}: not forced`];
    return [
      ...(forced ? [] : [`${name}: row-level security is not forced`]),
      ...(keyed ? [] : [`${name}: has no church_id`]),
      ...(scoped ? [] : [`${name}: has no policy of_this_church`]),
      ...(leads === "church_id" ? [] : [`${name}: church_id does not lead its primary key`]),
    ];
  });
}

describe("every table is guarded", () => {
  test("row-level security is on and forced, scoped by church, and the church leads the primary key", async () => {
    expect(all.length).toBeGreaterThan(20);
    expect(await guardFaults(house.superuser)).toEqual([]);
  });

  test("a new table without the guard is noticed", async () => {
    const rollback = new Error("rollback");
    const seen = house.superuser.begin(async (sql) => {
      await sql`create table forgotten (id uuid primary key, church_id uuid)`;
      expect(await guardFaults(sql)).toHaveLength(4);
      await sql`drop table forgotten`;
      await sql`create table kept (church_id uuid, id uuid, primary key (church_id, id))`;
      await sql`call guard_church_table('kept')`;
      expect(await guardFaults(sql)).toEqual([]);
      throw rollback;
    });
    await expect(seen).rejects.toBe(rollback);
  });

  test("what lies outside the public schema has nothing of a church and is out of both roles' reach", async () => {
    expect(house.outside.map(({ name }) => name).sort()).toEqual([
      "ofrenda_migrations.__drizzle_migrations",
      "sandbox.documents",
    ]);
    for (const { name, columns } of house.outside) {
      expect(columns.map((column) => column.name)).not.toContain("church_id");
      const look = `select 1 from ${name}`;
      expect(await asOurs(look), name).toBe(denied);
      expect(await verdict(db.sweeping(({ sql }) => sql.unsafe(look))), name).toBe(denied);
    }
  });

  test("neither role owns a table, logs in, or may pass row-level security by", async () => {
    const roles = await house.superuser`
      select rolname, rolsuper, rolbypassrls, rolcanlogin, rolcreaterole,
             exists (select from pg_class c where c.relowner = r.oid) as owns
      from pg_roles r where rolname in ('ofrenda_app', 'ofrenda_sweeper') order by rolname`;
    const nothing = {
      rolsuper: false,
      rolbypassrls: false,
      rolcanlogin: false,
      rolcreaterole: false,
      owns: false,
    };
    expect([...roles]).toEqual([
      { rolname: "ofrenda_app", ...nothing },
      { rolname: "ofrenda_sweeper", ...nothing },
    ]);
  });

  test("every id of another row is a foreign key that carries the church, or is listed with its reason", () => {
    const faults: string[] = [];
    const bare: string[] = [];
    for (const table of ofChurch) {
      for (const { to, pairs } of table.references) {
        const carries = pairs.some((pair) => pair.from === "church_id" && pair.to === "church_id");
        if (!carries && !churchless.includes(to)) faults.push(`${table.name} → ${to}`);
      }
      const pointing = pointers(table);
      for (const { name, type } of table.columns) {
        const isId = type === "uuid" && name.endsWith("_id") && name !== "church_id";
        if (isId && !pointing.has(name)) bare.push(`${table.name}.${name}`);
      }
    }
    expect(faults).toEqual([]);
    expect(bare.sort()).toEqual(Object.keys(idsWithoutKey).sort());
  });
});

describe("church A, in its own scope, on every table", () => {
  test("sees its own row and not church B's", async () => {
    const seen = await db.inChurch(ours, ({ sql }) => visible(sql, ofChurch));
    expect(seen).toEqual(inEach(ofChurch, 1));
    for (const { name } of ofChurch) {
      expect(await asOurs(`select 1 from ${name} where church_id = $1`, [uuidOf(theirs)]), name).toBe(
        "0 rows",
      );
    }
  });

  test("cannot insert a row as church B; the like row as itself is not what is refused", async () => {
    for (const table of ofChurch) {
      const alien = { ...house.freshRow(table, ours), church_id: uuidOf(theirs) };
      expect(await insertAsOurs(table, alien), table.name).toBe(denied);
      const own =
        table.name === "churches"
          ? { slug: "taken", ...house.rowOf(ours, "churches") }
          : house.freshRow(table, ours);
      const control = db.inChurch(ours, async ({ sql }) => {
        const { text, values } = insertOf(table.name, own);
        await sql.unsafe(text, values.map(parameter));
        throw new Error("undone");
      });
      expect(await control.catch((error) => error.code), table.name).not.toBe(denied);
    }
  });

  test("cannot hand a row of its own to church B", async () => {
    for (const { name } of ofChurch) {
      expect(await asOurs(`update ${name} set church_id = $1`, [uuidOf(theirs)]), name).toBe(denied);
    }
  });

  test("cannot change or delete church B's rows", async () => {
    const before = await everyRow(theirs);
    for (const { name } of ofChurch) {
      const where = "where church_id = $1";
      const update = await asOurs(`update ${name} set church_id = church_id ${where}`, [uuidOf(theirs)]);
      const remove = await asOurs(`delete from ${name} ${where}`, [uuidOf(theirs)]);
      expect(["0 rows", denied], name).toContain(update);
      expect(["0 rows", denied], name).toContain(remove);
    }
    expect(await everyRow(theirs)).toEqual(before);
  });

  test("cannot take church B's row for its own by an upsert", async () => {
    for (const { name } of ofChurch) {
      const { text, values } = insertOf(name, inputOf(name, house.rowOf(theirs, name)));
      expect(await asOurs(`${text} on conflict do nothing`, values), name).toBe(denied);
    }
  });

  test("cannot point a row of its own at a row of church B, by any foreign key", async () => {
    let tried = 0;
    for (const table of ofChurch) {
      for (const { to, pairs } of table.references) {
        const others = pairs.filter(({ from }) => from !== "church_id");
        if (others.length === 0 || churchless.includes(to)) continue;
        const nullable = table.columns.filter((c) => c.nullable && pointers(table).has(c.name));
        const row: Record<string, unknown> = house.freshRow(table, ours);
        for (const { name } of nullable) row[name] = null;
        for (const pair of others) {
          row[pair.from] = house.rowOf(theirs, to)[pair.to];
          Object.assign(row, whenReferring[`${table.name}.${pair.from}`]);
        }
        tried += 1;
        expect(await insertAsOurs(table, row), `${table.name} → ${to}`).toBe(noSuchParent);
      }
    }
    expect(tried).toBeGreaterThan(15);
  });

  test("cannot post to church B's account or under church B's entry, which no foreign key guards", async () => {
    const postings = ofChurch.find(({ name }) => name === "postings");
    if (!postings) throw new Error("there is no table postings");
    const { id } = house.rowOf(theirs, "journal_entries");
    const { account_no } = house.rowOf(theirs, "ledger_accounts");
    for (const alien of [{ entry_id: id }, { account_no }]) {
      const row = {
        ...house.freshRow(postings, ours),
        entry_id: house.rowOf(ours, "journal_entries").id,
        ...alien,
      };
      expect(await insertAsOurs(postings, row)).toBe("23514");
    }
  });
});

/** Only what may be written: without the columns the database computes. */
function inputOf(name: string, row: Row): Row {
  const table = all.find((each) => each.name === name);
  return Object.fromEntries(
    (table?.columns ?? []).filter((c) => !c.computed).map((c) => [c.name, row[c.name]]),
  );
}

describe("without a scope", () => {
  test("the service's role sees no row of any table", async () => {
    expect(await db.byProof("", ({ sql }) => visible(sql, all))).toEqual(inEach(all, 0));
  });

  test("the owner of the tables sees no row either, and writes none", async () => {
    expect(await db.unscoped(({ sql }) => visible(sql, all))).toEqual(inEach(all, 0));
    for (const table of ofChurch) {
      const { text, values } = insertOf(table.name, house.freshRow(table, ours));
      const run = db.unscoped(({ sql }) => sql.unsafe(text, values.map(parameter)));
      expect(await verdict(run), table.name).toBe(denied);
    }
  });

  test("a scope that is no church's shows nothing, and one that is no id is an error", async () => {
    expect(await db.inChurch(newId("church"), ({ sql }) => visible(sql, all))).toEqual(inEach(all, 0));
    const nonsense = db.byProof("", async ({ sql }) => {
      await sql`select set_config('ofrenda.church', 'everyone', true)`;
      return sql`select 1 from funds`;
    });
    expect(await verdict(nonsense)).toBe("22P02");
  });
});
