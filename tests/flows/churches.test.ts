import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createPlatform } from "../../src/access/platforms.ts";
import { findChurchBySlug } from "../../src/churches/churches.ts";
import { newId, uuidOf } from "../../src/kernel/ids.ts";
import type { Secret } from "../../src/kernel/secret.ts";
import { type Ask, type TestApp, type TestChurch, testApp, testChurch } from "../support/app.ts";

let house: TestApp;
let church: TestChurch;
let platformKey: Secret;
beforeAll(async () => {
  house = await testApp();
  church = await testChurch(house);
  platformKey = (await createPlatform(house.deps.db, { name: "ChMS", mode: "test" }, house.clock.now())).text;
});

const asChurch = (method: string, path: string, body?: unknown) =>
  house.ask(method, path, { key: church.key, ...(body === undefined ? {} : { body }) });
const asPlatform = (method: string, path: string, more: Ask = {}) =>
  house.ask(method, path, { key: platformKey, ...more });
const pointers = (body: unknown) =>
  z
    .object({ errors: z.array(z.object({ pointer: z.string() })) })
    .parse(body)
    .errors.map(({ pointer }) => pointer);
const withId = z.object({ id: z.string() });
const pageOf = z.object({ data: z.array(withId), next_cursor: z.string().nullable() });

describe("making a church", () => {
  const good = {
    name: "Iglesia Esperanza",
    slug: "esperanza-centro",
    country: "mx",
    legal_entity: { name: "Iglesia Esperanza A.R.", tax_id: "abc-010101-ab1" },
  };

  test("a platform makes a church that is ready: entity, fund, data key, and found by its slug", async () => {
    const made = await asPlatform("POST", "/v1/churches", { body: good });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      slug: "esperanza-centro",
      country: "mx",
      time_zone: "America/Mexico_City",
      locale: "es-MX",
      brand: {},
      contact_email: null,
      quiet_hours: { from: "21:00", until: "08:00" },
    });
    const { id } = withId.parse(made.body);
    const headers = { "ofrenda-church": id };
    const entities = await asPlatform("GET", "/v1/legal-entities", { headers });
    expect(entities.body).toMatchObject({
      data: [{ currency: "MXN", country: "mx", tax_id: "ABC010101AB1" }],
    });
    const funds = await asPlatform("GET", "/v1/funds", { headers });
    expect(funds.body).toMatchObject({ data: [{ code: "general", name: "Ofrenda general", active: true }] });
    const keys = await house.database
      .superuser`select version from church_keys k join churches c using (church_id)
      where c.slug = 'esperanza-centro'`;
    expect(keys.map((row) => row.version)).toEqual([1]);
    expect(await findChurchBySlug(house.deps.db, "esperanza-centro")).toMatchObject({ id, name: good.name });
    expect(await findChurchBySlug(house.deps.db, "nobody-here")).toBeUndefined();
  });

  test("a taken slug makes nothing at all", async () => {
    const count = async () => {
      const [row] = await house.database.superuser`
        select (select count(*) from churches) + (select count(*) from legal_entities)
             + (select count(*) from funds) + (select count(*) from church_keys) as n`;
      return row?.n;
    };
    const before = await count();
    const again = await asPlatform("POST", "/v1/churches", { body: { ...good, slug: church.slug } });
    expect([again.status, pointers(again.body)]).toEqual([409, ["/slug"]]);
    expect(await count()).toBe(before);
  });

  test("every field at fault is named in one answer", async () => {
    const answer = await asPlatform("POST", "/v1/churches", {
      body: {
        ...good,
        slug: "Not A Slug",
        time_zone: "Mars/Olympus",
        locale: "español!",
        brand: { color: "red", logo_url: "http://plain.example/logo.png" },
        fund: { code: "No Good", name: "x" },
      },
    });
    expect(answer.status).toBe(400);
    expect(pointers(answer.body)).toEqual([
      "/slug",
      "/time_zone",
      "/locale",
      "/fund/code",
      "/brand/color",
      "/brand/logo_url",
    ]);
  });

  test.each([
    ["a country not served", { country: "zz" }, 400, "/country"],
    [
      "a registration that is no RFC",
      { legal_entity: { name: "x", tax_id: "123" } },
      400,
      "/legal_entity/tax_id",
    ],
    ["an unknown currency", { legal_entity: { name: "x", currency: "XXZ" } }, 422, "/legal_entity/currency"],
    ["a slug like an id", { slug: "0193b2c4-d5e6-7f80-8a9b-acbdcedfe0f1" }, 400, "/slug"],
    ["a slug of two letters", { slug: "ab" }, 400, "/slug"],
    ["a slug with two hyphens together", { slug: "a--b" }, 400, "/slug"],
    ["an offset for a time zone", { time_zone: "+05:00" }, 400, "/time_zone"],
  ])("%s is refused by its field", async (_, change, status, pointer) => {
    const answer = await asPlatform("POST", "/v1/churches", {
      body: { ...good, slug: "another-one", ...change },
    });
    expect([answer.status, pointers(answer.body)]).toEqual([status, [pointer]]);
  });

  test("a misspelled field is refused instead of ignored", async () => {
    const answer = await asPlatform("POST", "/v1/churches", {
      body: { ...good, slug: "other-two", timezone: "UTC" },
    });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain("timezone");
  });

  test("a church's own key makes and lists no churches", async () => {
    expect((await asChurch("POST", "/v1/churches", good)).status).toBe(403);
    expect((await asChurch("GET", "/v1/churches")).status).toBe(403);
  });

  test("a platform lists its own churches and nobody else's, page by page", async () => {
    const { text: key, platformId } = await createPlatform(
      house.deps.db,
      { name: "Other", mode: "test" },
      house.clock.now(),
    );
    const own = [];
    for (let n = 0; n < 3; n++) own.push((await testChurch(house, { platformId })).id);
    const first = pageOf.parse((await house.ask("GET", "/v1/churches?limit=2", { key })).body);
    const rest = await house.ask("GET", `/v1/churches?limit=2&cursor=${first.next_cursor}`, { key });
    const second = pageOf.parse(rest.body);
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(own);
    expect(second.next_cursor).toBeNull();
  });
});

describe("the key's church", () => {
  test("is read and changed; its slug and country stay", async () => {
    const brand = { color: "#1f6f5c", logo_url: "https://cdn.example.org/logo.png" };
    const changed = await asChurch("PATCH", "/v1/church", {
      name: "Esperanza Norte",
      time_zone: "America/Tijuana",
      locale: "es-mx",
      brand,
    });
    const expected = { name: "Esperanza Norte", time_zone: "America/Tijuana", locale: "es-MX", brand };
    expect(changed.body).toMatchObject({ id: church.id, slug: church.slug, ...expected });
    expect((await asChurch("GET", "/v1/church")).body).toMatchObject(expected);
    expect((await asChurch("PATCH", "/v1/church", {})).body).toMatchObject(expected);
    expect((await asChurch("PATCH", "/v1/church", { slug: "elsewhere" })).status).toBe(400);
    const longer = { from: "20:30", until: "09:00" };
    const quiet = await asChurch("PATCH", "/v1/church", { quiet_hours: longer });
    expect(quiet.body).toMatchObject({ ...expected, quiet_hours: longer });
    for (const [hours, wrong] of [
      [{ from: "09:00", until: "20:30" }, ["/quiet_hours/from", "/quiet_hours/until"]],
      [{ from: "20:30" }, ["/quiet_hours/until"]],
      [{ ...longer, until: "99:99" }, ["/quiet_hours/until"]],
    ] as const) {
      const refused = await asChurch("PATCH", "/v1/church", { name: "Other", quiet_hours: hours });
      expect([refused.status, pointers(refused.body)]).toEqual([400, wrong]);
    }
    expect((await asChurch("GET", "/v1/church")).body).toMatchObject({ ...expected, quiet_hours: longer });
    const bad = await asChurch("PATCH", "/v1/church", { time_zone: "Nowhere/Land", locale: "??" });
    expect(pointers(bad.body)).toEqual(["/time_zone", "/locale"]);
  });
});

describe("legal entities", () => {
  test("are made, read, changed and listed, with their registration checked by their country", async () => {
    const made = await asChurch("POST", "/v1/legal-entities", {
      name: "Hope Church Inc.",
      country: "us",
      tax_id: "91-1144442",
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ currency: "USD", country: "us", tax_id: "911144442", address: null });
    const path = `/v1/legal-entities/${withId.parse(made.body).id}`;
    const changed = await asChurch("PATCH", path, { address: "1 Main St", tax_id: null });
    expect(changed.body).toMatchObject({ name: "Hope Church Inc.", address: "1 Main St", tax_id: null });
    expect((await asChurch("GET", path)).body).toEqual(changed.body);
    expect(pointers((await asChurch("PATCH", path, { tax_id: "07-1144442" })).body)).toEqual(["/tax_id"]);
    const list = pageOf.parse((await asChurch("GET", "/v1/legal-entities?limit=1")).body);
    expect(list.data).toHaveLength(1);
    expect(list.next_cursor).toBe(church.legalEntityId);
  });

  test("two of one name in one country conflict, by making and by renaming", async () => {
    const body = { name: "Twin", country: "mx" };
    expect((await asChurch("POST", "/v1/legal-entities", body)).status).toBe(201);
    const again = await asChurch("POST", "/v1/legal-entities", body);
    expect([again.status, pointers(again.body)]).toEqual([409, ["/name"]]);
    const renamed = await asChurch("PATCH", `/v1/legal-entities/${church.legalEntityId}`, { name: "Twin" });
    expect(renamed.status).toBe(409);
  });

  test("another church's is not found", async () => {
    const other = await testChurch(house);
    for (const id of [other.legalEntityId, newId("legalEntity")]) {
      expect((await asChurch("GET", `/v1/legal-entities/${id}`)).status).toBe(404);
      expect((await asChurch("PATCH", `/v1/legal-entities/${id}`, { name: "mine now" })).status).toBe(404);
    }
    expect((await asChurch("POST", "/v1/legal-entities", { name: "x", country: "zz" })).status).toBe(400);
    expect((await asChurch("GET", "/v1/legal-entities?cursor=fnd_x")).status).toBe(400);
  });
});

describe("funds", () => {
  test("are made, read, changed and listed in the church's own order", async () => {
    const own = await testChurch(house);
    const ask = (method: string, path: string, body?: unknown) =>
      house.ask(method, path, { key: own.key, ...(body === undefined ? {} : { body }) });
    const missions = await ask("POST", "/v1/funds", { code: "missions", name: "Missions", restricted: true });
    expect(missions.body).toMatchObject({ restricted: true, active: true, position: 0, description: null });
    const { id } = withId.parse(missions.body);
    await ask("POST", "/v1/funds", { code: "building", name: "Building", position: 2 });
    const moved = await ask("PATCH", `/v1/funds/${id}`, { position: 5, description: "Abroad" });
    expect((await ask("GET", `/v1/funds/${id}`)).body).toEqual(moved.body);
    const codes: string[] = [];
    let cursor = "";
    for (let pages = 0; pages < 5; pages++) {
      const answer = await ask("GET", `/v1/funds?limit=1${cursor}`);
      const page = z
        .object({ data: z.array(z.object({ code: z.string() })), next_cursor: z.string().nullable() })
        .parse(answer.body);
      codes.push(...page.data.map(({ code }) => code));
      if (page.next_cursor === null) break;
      cursor = `&cursor=${page.next_cursor}`;
    }
    expect(codes).toEqual(["general", "building", "missions"]);
    await ask("PATCH", `/v1/funds/${id}`, { active: false });
    expect(pageOf.parse((await ask("GET", "/v1/funds?active=true")).body).data).toHaveLength(2);
    expect(pageOf.parse((await ask("GET", "/v1/funds?active=false")).body).data).toEqual([{ id }]);
    expect((await ask("PATCH", `/v1/funds/${id}`, {})).status).toBe(200);
  });

  test("a taken code conflicts, a bad one and a bad cursor are refused, a stranger's fund is not found", async () => {
    const other = await testChurch(house);
    const again = await asChurch("POST", "/v1/funds", { code: "general", name: "Again" });
    expect([again.status, pointers(again.body)]).toEqual([409, ["/code"]]);
    expect(pointers((await asChurch("POST", "/v1/funds", { code: "Bad Code", name: "x" })).body)).toEqual([
      "/code",
    ]);
    expect((await asChurch("GET", "/v1/funds?cursor=1.fnd_no")).status).toBe(400);
    expect((await asChurch("GET", "/v1/funds?limit=0")).status).toBe(400);
    expect((await asChurch("GET", `/v1/funds/${other.fundId}`)).status).toBe(404);
    expect((await asChurch("PATCH", `/v1/funds/${other.fundId}`, { name: "mine" })).status).toBe(404);
  });

  test("the last active fund stays active, even when both of two are retired at once", async () => {
    const own = await testChurch(house);
    const ask = (id: string) =>
      house.ask("PATCH", `/v1/funds/${id}`, { key: own.key, body: { active: false } });
    expect((await ask(own.fundId)).status).toBe(409);
    const second = await house.ask("POST", "/v1/funds", {
      key: own.key,
      body: { code: "second", name: "Second" },
    });
    const answers = await Promise.all([ask(own.fundId), ask(withId.parse(second.body).id)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const left = await house.database.superuser`
      select 1 from funds where church_id = ${uuidOf(own.id)} and active`;
    expect(left).toHaveLength(1);
  });
});
