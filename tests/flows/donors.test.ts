import { beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { sealedTables } from "../../src/db/sealed-tables.ts";
import type { DonorInput } from "../../src/donors/donor-fields.ts";
import { donorForGift } from "../../src/donors/donor-for-gift.ts";
import { present } from "../../src/kernel/assert.ts";
import { newId, parseId, uuidOf } from "../../src/kernel/ids.ts";
import { rotateChurchKey } from "../../src/privacy/church-keys.ts";
import { resealTable } from "../../src/privacy/reseal.ts";
import { type TestApp, type TestChurch, testApp, testChurch, testKey } from "../support/app.ts";

let house: TestApp;
let church: TestChurch;
beforeAll(async () => {
  house = await testApp();
  church = await testChurch(house);
});

const ask = (method: string, path: string, body?: unknown) =>
  house.ask(method, path, { key: church.key, ...(body === undefined ? {} : { body }) });
const give = (input: DonorInput, of = church) =>
  house.deps.db.inChurch(of.id, (tx) => donorForGift(tx, house.deps.vault, of.id, input, house.clock.now()));
const withId = z.object({ id: z.string() });
const pageOf = z.object({ data: z.array(withId), next_cursor: z.string().nullable() });
const idIn = (body: unknown) => withId.parse(body).id;
const ids = (body: unknown) => pageOf.parse(body).data.map(({ id }) => id);

const maria = {
  name: "María López",
  email: "Maria.Lopez@Example.org",
  phone: "+52 55 1234 5678",
  tax_id: "GODE 561231 GR8",
  locale: "es-MX",
};

describe("donors over the API", () => {
  test("a donor is made, read whole by its id, and found by e-mail and tax id in any spelling", async () => {
    const made = await ask("POST", "/v1/donors", maria);
    expect(made.status).toBe(201);
    const whole = { ...maria, tax_id: "GODE561231GR8" };
    expect(made.body).toMatchObject(whole);
    const id = idIn(made.body);
    expect((await ask("GET", `/v1/donors/${id}`)).body).toEqual(made.body);
    for (const query of ["email=maria.lopez@EXAMPLE.ORG", "tax_id=gode-561231-gr8", "limit=1"]) {
      expect(ids((await ask("GET", `/v1/donors?${query}`)).body)).toEqual([id]);
    }
    expect(ids((await ask("GET", "/v1/donors?email=nobody@example.org")).body)).toEqual([]);
  });

  test("lists mask the tax id, and nothing of a donor can be read in the database", async () => {
    const list = await ask("GET", "/v1/donors");
    expect(JSON.stringify(list.body)).not.toContain("GODE561231GR8");
    expect(list.body).toMatchObject({ data: [{ tax_id_masked: "••••••••••GR8" }] });
    const rows = await house.database.superuser`select d::text as row from donors d`;
    const dump = Buffer.from(rows.map((r) => String(r.row).replaceAll("\\\\x", "")).join("\n"));
    for (const word of ["María", "example", "GODE", "1234 5678"]) {
      expect(dump.includes(word)).toBe(false);
      expect(dump.includes(Buffer.from(word).toString("hex"))).toBe(false);
    }
  });

  test("a known e-mail gives the donor who has it, unchanged but for what was empty", async () => {
    const first = await ask("POST", "/v1/donors", { email: "ana@example.org", name: "Ana" });
    const again = await ask("POST", "/v1/donors", {
      email: " ANA@example.org ".trim(),
      name: "Somebody Else",
      phone: "5512345678",
    });
    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({
      id: idIn(first.body),
      name: "Ana",
      phone: "5512345678",
      tax_id: null,
    });
  });

  test("a patch changes what is given, empties what is null, and moves the e-mail it is found by", async () => {
    const id = idIn(
      (await ask("POST", "/v1/donors", { email: "old@example.org", name: "Rosa", phone: "5511112222" })).body,
    );
    const patched = await ask("PATCH", `/v1/donors/${id}`, { email: "new@example.org", phone: null });
    expect(patched.body).toMatchObject({ id, name: "Rosa", email: "new@example.org", phone: null });
    expect(ids((await ask("GET", "/v1/donors?email=old@example.org")).body)).toEqual([]);
    expect(ids((await ask("GET", "/v1/donors?email=new@example.org")).body)).toEqual([id]);
    await ask("PATCH", `/v1/donors/${id}`, { tax_id: "XAXX010101000" });
    expect((await ask("GET", `/v1/donors/${id}`)).body).toMatchObject({ tax_id: "XAXX010101000" });
    await ask("PATCH", `/v1/donors/${id}`, { tax_id: null });
    expect(ids((await ask("GET", "/v1/donors?tax_id=XAXX010101000")).body)).toEqual([]);
  });

  test("taking another donor's e-mail conflicts and changes nothing", async () => {
    await ask("POST", "/v1/donors", { email: "one@example.org" });
    const two = idIn((await ask("POST", "/v1/donors", { email: "two@example.org", name: "Two" })).body);
    const answer = await ask("PATCH", `/v1/donors/${two}`, { email: "ONE@example.org", name: "Changed" });
    expect([answer.status, answer.body]).toMatchObject([
      409,
      { code: "conflict", errors: [{ pointer: "/email" }] },
    ]);
    expect((await ask("GET", `/v1/donors/${two}`)).body).toMatchObject({
      email: "two@example.org",
      name: "Two",
    });
  });

  test.each([
    ["email", "not-an-address"],
    ["phone", "call me"],
    ["locale", "español!"],
    ["name", ""],
    ["nickname", "x"],
  ])("a bad %s is refused", async (field, value) => {
    const answer = await ask("POST", "/v1/donors", { [field]: value });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(field);
  });

  test("a document that is none of the country's is refused; where donors are not asked, any is", async () => {
    const refused = { code: "donor_field_invalid", errors: [{ pointer: "/tax_id" }] };
    expect((await ask("POST", "/v1/donors", { tax_id: "12345" })).body).toMatchObject(refused);
    expect((await ask("POST", "/v1/donors", { tax_id: "BOXW310820HNERXN09" })).status).toBe(201);
    const id = idIn((await ask("POST", "/v1/donors", { name: "Luz" })).body);
    expect((await ask("PATCH", `/v1/donors/${id}`, { tax_id: "12345" })).body).toMatchObject(refused);
    const american = await testChurch(house, { country: "us" });
    const answer = await house.ask("POST", "/v1/donors", {
      key: american.key,
      body: { tax_id: "911144442" },
    });
    expect(answer.body).toMatchObject(refused);
  });

  test("another church's donor is not found, and the same e-mail is another donor there", async () => {
    const other = await testChurch(house);
    const here = await give({ email: "shared@example.org" });
    const there = await give({ email: "shared@example.org" }, other);
    expect(there.isNew).toBe(true);
    expect(there.id).not.toBe(here.id);
    for (const id of [there.id, newId("donor")]) {
      expect((await ask("GET", `/v1/donors/${id}`)).status).toBe(404);
      expect((await ask("PATCH", `/v1/donors/${id}`, { name: "mine" })).status).toBe(404);
    }
    const rows = await house.database.superuser`
      select email_index from donors where id in (${uuidOf(here.id)}, ${uuidOf(there.id)})`;
    expect(Buffer.compare(rows[0]?.email_index, rows[1]?.email_index)).not.toBe(0);
  });

  test("a key that writes donors but does not read them learns nothing of one it names", async () => {
    const writer = await testKey(house, church.id, { scopes: ["donors:write"] });
    await give({ email: "private@example.org", name: "Private Person", phone: "5599990000" });
    const answer = await house.ask("POST", "/v1/donors", {
      key: writer,
      body: { email: "private@example.org" },
    });
    expect(answer.status).toBe(200);
    expect(Object.keys(z.record(z.string(), z.unknown()).parse(answer.body)).sort()).toEqual([
      "created_at",
      "id",
      "updated_at",
    ]);
    expect((await house.ask("GET", "/v1/donors", { key: writer })).status).toBe(403);
  });

  test("donors are listed newest first, page by page, each once", async () => {
    const own = await testChurch(house);
    const made = [];
    for (let n = 0; n < 5; n++) made.push((await give({ name: `Donor ${n}` }, own)).id);
    const seen: string[] = [];
    for (let cursor = "", pages = 0; pages < 9; pages++) {
      const answer = await house.ask("GET", `/v1/donors?limit=2${cursor}`, { key: own.key });
      seen.push(...ids(answer.body));
      const { next_cursor } = pageOf.parse(answer.body);
      if (next_cursor === null) break;
      cursor = `&cursor=${next_cursor}`;
    }
    expect(seen).toEqual(made.reverse());
  });
});

describe("the donor of a gift", () => {
  test("20 first gifts at once with one e-mail make one donor", async () => {
    const found = await Promise.all(
      Array.from({ length: 20 }, (_, n) => give({ email: n % 2 ? "race@example.org" : "RACE@example.org" })),
    );
    expect(new Set(found.map(({ id }) => id)).size).toBe(1);
    expect(found.filter(({ isNew }) => isNew)).toHaveLength(1);
  });

  test("a first gift that waits for another's, not yet committed, finds the donor that one made", async () => {
    const waiting = async () => {
      const [row] = await house.database.superuser`
        select count(*)::int as n from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`;
      return row?.n > 0;
    };
    let second: ReturnType<typeof give> | undefined;
    const first = await house.deps.db.inChurch(church.id, async (tx) => {
      const input = { email: "slow@example.org" };
      const made = await donorForGift(tx, house.deps.vault, church.id, input, house.clock.now());
      second = give({ email: "slow@example.org" });
      await vi.waitFor(async () => expect(await waiting()).toBe(true));
      return made;
    });
    expect(first.isNew).toBe(true);
    expect(await second).toEqual({ id: first.id, isNew: false });
  });

  test("gifts that share a transaction find the donor one of them makes, and fill what that one left empty", async () => {
    const inputs = [
      { email: "pair@example.org", phone: "5512340001" },
      { email: "PAIR@example.org", name: "Una" },
      { email: "third@example.org" },
      { name: "Without an address" },
    ];
    const found = await house.deps.db.inChurch(church.id, (tx) =>
      Promise.all(
        inputs.map((input) => donorForGift(tx, house.deps.vault, church.id, input, house.clock.now())),
      ),
    );
    const [one, again, ...others] = found;
    expect(again?.id).toBe(one?.id);
    expect(new Set(found.map(({ id }) => id)).size).toBe(3);
    expect([one, again].filter((donor) => donor?.isNew)).toHaveLength(1);
    expect(others.every(({ isNew }) => isNew)).toBe(true);
    const { body } = await ask("GET", `/v1/donors/${one?.id}`);
    expect(body).toMatchObject({ name: "Una", phone: "5512340001" });
  });

  test("gifts without an e-mail are never taken for the same donor", async () => {
    const two = [await give({ name: "Anonymous" }), await give({ name: "Anonymous", email: "  " })];
    expect(two.map(({ isNew }) => isNew)).toEqual([true, true]);
    expect(two[0]?.id).not.toBe(two[1]?.id);
  });

  test("a stranger who knows the e-mail overwrites nothing; two who fill one empty field at once leave one value", async () => {
    const { id } = await give({ email: "known@example.org", name: "Known" });
    const strangers = Array.from({ length: 6 }, (_, n) =>
      give({
        email: "known@example.org",
        name: `Stranger ${n}`,
        phone: `551234000${n}`,
        taxId: "XEXX010101000",
      }),
    );
    expect((await Promise.all(strangers)).every((found) => found.id === id && !found.isNew)).toBe(true);
    const { body } = await ask("GET", `/v1/donors/${id}`);
    expect(body).toMatchObject({ name: "Known", email: "known@example.org", tax_id: "XEXX010101000" });
    expect(body).toMatchObject({ phone: expect.stringMatching(/^551234000[0-5]$/) });
    expect(ids((await ask("GET", "/v1/donors?tax_id=XEXX010101000")).body)).toContain(id);
  });

  test("a gift that fails leaves no donor behind", async () => {
    const failing = house.deps.db.inChurch(church.id, async (tx) => {
      const input = { email: "rolled-back@example.org" };
      await donorForGift(tx, house.deps.vault, church.id, input, house.clock.now());
      throw new Error("the gift failed");
    });
    await expect(failing).rejects.toThrow("the gift failed");
    expect((await give({ email: "rolled-back@example.org" })).isNew).toBe(true);
  });
});

describe("key rotation", () => {
  test("after a rotation old donors are still found, filled and read, and resealed batch by batch", async () => {
    const own = await testChurch(house);
    const { vault, db } = house.deps;
    const old = [];
    for (let n = 0; n < 5; n++) {
      old.push(await give({ email: `old${n}@example.org`, name: `Old ${n}`, taxId: "GODE561231GR8" }, own));
    }
    expect(await rotateChurchKey(db, vault.keyring, own.id)).toBe(2);
    const again = await give({ email: "old0@example.org", phone: "5512340000" }, own);
    expect(again).toEqual({ id: old[0]?.id, isNew: false });
    const fresh = await give({ email: "new@example.org", name: "New" }, own);
    const versions = async () => {
      const rows = await house.database.superuser`
        select key_version from donors where church_id = ${uuidOf(own.id)} order by id`;
      return rows.map((row) => row.key_version);
    };
    expect(await versions()).toEqual([2, 1, 1, 1, 1, 2]);
    const donors = present(
      sealedTables.find(({ name }) => name === "donors"),
      "donors are sealed",
    );
    expect(await resealTable(db, vault, own.id, donors, { batch: 3 })).toEqual({
      resealed: 3,
      unopened: 0,
      remaining: 1,
    });
    expect(await resealTable(db, vault, own.id, donors, { batch: 3 })).toEqual({
      resealed: 1,
      unopened: 0,
      remaining: 0,
    });
    expect(await resealTable(db, vault, own.id, donors)).toMatchObject({ resealed: 0, remaining: 0 });
    expect(await versions()).toEqual([2, 2, 2, 2, 2, 2]);
    const read = (id: string) => house.ask("GET", `/v1/donors/${id}`, { key: own.key });
    expect((await read(again.id)).body).toMatchObject({
      name: "Old 0",
      phone: "5512340000",
      tax_id: "GODE561231GR8",
    });
    expect((await read(fresh.id)).body).toMatchObject({ name: "New" });
    const found = await house.ask("GET", "/v1/donors?email=old3@example.org", { key: own.key });
    expect(ids(found.body)).toEqual([old[3]?.id]);
    expect(parseId("donor", ids(found.body)[0] ?? "")).toBeDefined();
  });
});
