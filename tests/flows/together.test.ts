import { beforeAll, expect, test } from "vitest";
import type { Tx } from "../../src/db/client.ts";
import { given, hexOf, readTogether, writeTogether } from "../../src/db/together.ts";
import { type ChurchId, uuidOf } from "../../src/kernel/ids.ts";
import { type House, openHouse } from "../support/house.ts";

let house: House;
let church: ChurchId;
let statements: (readonly string[])[] = [];
beforeAll(async () => {
  house = await openHouse();
  church = (await house.church("mx")).churchId;
});

const inChurch = <T>(work: (tx: Tx) => Promise<T>) => house.database.db.inChurch(church, work);
const fundByCode = readTogether(async (tx: Tx, of: ChurchId, codes: readonly string[]) => {
  statements.push(codes);
  const rows = await tx.sql<{ code: string; name: string }[]>`
    select code, name from funds where church_id = ${uuidOf(of)} and code = any(${[...codes]}::text[])`;
  return new Map(rows.map(({ code, name }) => [code, name]));
});

test("what is asked for at the same moment is one statement; what is not there is undefined", async () => {
  statements = [];
  const [general, again, none] = await inChurch((tx) =>
    Promise.all([
      fundByCode(tx, church, "general"),
      fundByCode(tx, church, "general"),
      fundByCode(tx, church, "x"),
    ]),
  );
  expect(general).toBeTypeOf("string");
  expect([again, none]).toEqual([general, undefined]);
  expect(statements).toEqual([["general", "x"]]);
});

test("those who wait for one answer ask their next thing together too, and nothing is remembered", async () => {
  statements = [];
  const names = await inChurch(async (tx) => {
    const twice = async () => {
      const before = await fundByCode(tx, church, "general");
      await tx.sql`update funds set name = 'renamed' where church_id = ${uuidOf(church)} and code = 'general'`;
      return [before, await fundByCode(tx, church, "general")];
    };
    return Promise.all([twice(), twice()]);
  });
  expect(names.map(([, after]) => after)).toEqual(["renamed", "renamed"]);
  expect(statements.length).toBeLessThan(4);
});

test("two transactions never share a read", async () => {
  statements = [];
  await Promise.all([1, 2].map(() => inChurch((tx) => fundByCode(tx, church, "general"))));
  expect(statements).toEqual([["general"], ["general"]]);
});

test("a read that fails fails for all who asked, and for nobody after them", async () => {
  const broken = readTogether((tx: Tx) =>
    tx.sql`select no_such_column from funds`.then(() => new Map<string, string>()),
  );
  const both = inChurch((tx) => Promise.allSettled([broken(tx, church, "a"), broken(tx, church, "b")]));
  await expect(both).rejects.toThrow("rolled back");
  expect(await inChurch((tx) => fundByCode(tx, church, "general"))).toBeTypeOf("string");
});

test("what is written at the same moment is one statement, and each writer has its own answer", async () => {
  const marks: (readonly string[])[] = [];
  const mark = writeTogether(async ({ sql }, of, rows: readonly { code: string; name: string }[]) => {
    marks.push(rows.map(({ name }) => name));
    const done = await sql<{ code: string; name: string }[]>`
      update funds f set name = g.name from ${given(sql, "code text, name text", rows)} g
      where f.church_id = ${uuidOf(of)} and f.code = g.code returning f.code, f.name`;
    return rows.map((row) => done.some(({ name }) => name === row.name));
  });
  const written = await inChurch((tx) =>
    Promise.all([
      mark(tx, church, { code: "general", name: "one" }),
      mark(tx, church, { code: "none", name: "two" }),
    ]),
  );
  expect(written).toEqual([true, false]);
  expect(marks).toEqual([["one", "two"]]);
});

test("bytes go through a statement's table as they are", async () => {
  const bytes = Buffer.from([0, 1, 92, 120, 255]);
  const rows = [{ bytes: hexOf(bytes), at: new Date(0) }, {}];
  const read = await inChurch(
    ({ sql }) => sql`select * from ${given(sql, "bytes bytea, at timestamptz", rows)} g`,
  );
  expect(read).toEqual([
    { bytes, at: new Date(0) },
    { bytes: null, at: null },
  ]);
});
