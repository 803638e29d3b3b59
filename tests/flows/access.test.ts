import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createPlatform, createPlatformKey, revokePlatformKey } from "../../src/access/platforms.ts";
import { minutes, seconds } from "../../src/kernel/clock.ts";
import { newId, uuidOf } from "../../src/kernel/ids.ts";
import { type TestApp, type TestChurch, testApp, testChurch, testKey } from "../support/app.ts";

let house: TestApp;
let church: TestChurch;
beforeAll(async () => {
  house = await testApp();
  church = await testChurch(house);
});

const shownKey = z.object({ key: z.string(), id: z.string() });
const keyPage = z.object({
  data: z.array(z.object({ label: z.string() })),
  next_cursor: z.string().nullable(),
});
const problem = (code: string) => expect.objectContaining({ code });

describe("who is asking", () => {
  test("no key, another scheme and a misspelled key are refused before the database is asked", async () => {
    const closed = await testApp();
    await closed.deps.db.close();
    const key = church.key.reveal();
    const altered = key.slice(0, -1) + (key.endsWith("a") ? "b" : "a");
    const relabelled = key.replace("ofr_test_", "ofr_live_");
    for (const authorization of [
      undefined,
      `Basic ${key}`,
      "Bearer",
      `Bearer ${altered}`,
      `Bearer ${relabelled}`,
    ]) {
      const headers = authorization === undefined ? {} : { authorization };
      const answer = await closed.ask("GET", "/v1/church", { headers });
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual(problem("unauthenticated"));
      expect(answer.headers.get("www-authenticate")).toContain("Bearer");
    }
  });

  test("a well-spelled key nobody made is refused", async () => {
    const other = await testApp();
    const answer = await other.ask("GET", "/v1/church", { key: church.key });
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual(problem("unauthenticated"));
  });

  test("the scheme's name is read in any case, as RFC 9110 says", async () => {
    const headers = { authorization: `bearer ${church.key.reveal()}` };
    expect((await house.ask("GET", "/v1/church", { headers })).status).toBe(200);
  });

  test("an expired key is told apart from a revoked one", async () => {
    const expiresAt = new Date(house.clock.now().getTime() + minutes(1));
    const key = await testKey(house, church.id, { expiresAt });
    expect((await house.ask("GET", "/v1/church", { key })).status).toBe(200);
    house.clock.advance(minutes(1));
    const answer = await house.ask("GET", "/v1/church", { key });
    expect([answer.status, answer.body]).toEqual([401, problem("key_expired")]);
  });

  test("a key without the scope is forbidden, and one with it is not", async () => {
    const reader = await testKey(house, church.id, { scopes: ["funds:read"] });
    expect((await house.ask("GET", "/v1/funds", { key: reader })).status).toBe(200);
    const answer = await house.ask("POST", "/v1/funds", { key: reader, body: { code: "x", name: "X" } });
    expect([answer.status, answer.body]).toEqual([403, problem("forbidden")]);
  });

  test("a publishable key can read and change nothing, whatever scopes its row claims", async () => {
    const key = await testKey(house, church.id, { kind: "publishable", scopes: ["*"] });
    expect(key.reveal()).toMatch(/^ofr_pk_test_/);
    await house.database.superuser`update api_keys set scopes = '{*}' where kind = 'publishable'`;
    for (const path of ["/v1/church", "/v1/funds", "/v1/donors", "/v1/api-keys"]) {
      expect((await house.ask("GET", path, { key })).status).toBe(403);
    }
  });

  test("a scope this version does not know grants nothing", async () => {
    const key = await testKey(house, church.id, { scopes: ["funds:read"], label: "old scopes" });
    await house.database.superuser`update api_keys set scopes = '{everything}' where label = 'old scopes'`;
    expect((await house.ask("GET", "/v1/funds", { key })).status).toBe(403);
  });

  test("last use is noted at most once a minute", async () => {
    const key = await testKey(house, church.id, { label: "used" });
    const use = async () => {
      await house.ask("GET", "/v1/church", { key });
      const [row] = await house.database.superuser`select last_used_at from api_keys where label = 'used'`;
      return row?.last_used_at;
    };
    const first = await use();
    expect(first).toEqual(house.clock.now());
    house.clock.advance(seconds(59));
    expect(await use()).toEqual(first);
    house.clock.advance(seconds(10));
    expect(await use()).toEqual(house.clock.now());
  });
});

describe("API keys", () => {
  test("a key is shown once and is kept only as a hash", async () => {
    const made = await house.ask("POST", "/v1/api-keys", { key: church.key, body: { label: "Web site" } });
    expect(made.status).toBe(201);
    const { key, id } = shownKey.parse(made.body);
    expect(key).toMatch(/^ofr_test_[0-9A-Za-z]{36}$/);
    expect((await house.ask("GET", "/v1/church", { key })).status).toBe(200);
    const listed = await house.ask("GET", "/v1/api-keys", { key: church.key });
    expect(JSON.stringify(listed.body)).toContain(id);
    expect(JSON.stringify(listed.body)).not.toContain(key);
    const rows = await house.database.superuser`select row_to_json(k)::text as row from api_keys k`;
    expect(JSON.stringify(rows)).not.toContain(key);
  });

  test("a revoked key is refused at once, though it was used a moment before", async () => {
    const made = await house.ask("POST", "/v1/api-keys", { key: church.key, body: { label: "Leaked" } });
    const { key, id } = shownKey.parse(made.body);
    expect((await house.ask("GET", "/v1/church", { key })).status).toBe(200);
    const ended = await house.ask("DELETE", `/v1/api-keys/${id}`, { key: church.key });
    expect(ended.body).toMatchObject({ id, revoked_at: house.clock.now().toISOString() });
    const answer = await house.ask("GET", "/v1/church", { key });
    expect([answer.status, answer.body]).toEqual([401, problem("key_revoked")]);
    const again = await house.ask("DELETE", `/v1/api-keys/${id}`, { key: church.key });
    expect(again.body).toMatchObject({ revoked_at: house.clock.now().toISOString() });
  });

  test("a key another process revoked is refused within five seconds", async () => {
    const key = await testKey(house, church.id, { label: "elsewhere" });
    expect((await house.ask("GET", "/v1/church", { key })).status).toBe(200);
    await house.database.superuser`update api_keys set revoked_at = now() where label = 'elsewhere'`;
    house.clock.advance(seconds(5));
    expect((await house.ask("GET", "/v1/church", { key })).body).toEqual(problem("key_revoked"));
  });

  test("rotating gives a like key and lets the old one run on for the hours named", async () => {
    const scopes = ["funds:read", "funds:write"];
    const made = await house.ask("POST", "/v1/api-keys", {
      key: church.key,
      body: { label: "ChMS", scopes },
    });
    const old = shownKey.parse(made.body);
    const path = `/v1/api-keys/${old.id}/rotate`;
    const rotated = await house.ask("POST", path, { key: church.key, body: { overlap_hours: 1 } });
    expect(rotated.status).toBe(201);
    expect(rotated.body).toMatchObject({ label: "ChMS", scopes, mode: "test", expires_at: null });
    const fresh = shownKey.parse(rotated.body).key;
    expect((await house.ask("GET", "/v1/funds", { key: old.key })).status).toBe(200);
    house.clock.advance(minutes(60));
    expect((await house.ask("GET", "/v1/funds", { key: old.key })).body).toEqual(problem("key_expired"));
    expect((await house.ask("GET", "/v1/funds", { key: fresh })).status).toBe(200);
    const late = await house.ask("POST", path, { key: church.key, body: {} });
    expect([late.status, late.body]).toEqual([409, problem("conflict")]);
  });

  test("no key makes, or gets by rotating, a key that can do more than itself, or one of the other mode", async () => {
    const clerk = await testKey(house, church.id, { scopes: ["keys:write", "funds:read"] });
    const ask = (body: unknown) => house.ask("POST", "/v1/api-keys", { key: clerk, body });
    expect((await ask({ label: "a", scopes: ["funds:read"] })).status).toBe(201);
    expect((await ask({ label: "b", scopes: ["*"] })).body).toEqual(problem("forbidden"));
    expect((await ask({ label: "c" })).status).toBe(403);
    expect((await ask({ label: "d", scopes: ["funds:read", "donors:read"] })).status).toBe(403);
    expect((await ask({ label: "e", kind: "publishable" })).status).toBe(403);
    expect((await ask({ label: "f", scopes: ["funds:read"], mode: "live" })).status).toBe(403);
    const [strong] = await house.database.superuser`
      select id from api_keys where church_id = ${uuidOf(church.id)} and scopes = '{*}' and kind = 'secret'
        and revoked_at is null and expires_at is null limit 1`;
    const id = `key_${String(strong?.id).replaceAll("-", "")}`;
    const taken = await house.ask("POST", `/v1/api-keys/${id}/rotate`, { key: clerk, body: {} });
    expect([taken.status, taken.body]).toEqual([403, problem("forbidden")]);
  });

  test("a test key sees and ends no live key, and no key of another church", async () => {
    const other = await testChurch(house);
    const live = await testKey(house, church.id, { mode: "live", label: "live one" });
    const [row] = await house.database.superuser`select id from api_keys where label = 'live one'`;
    const [foreign] = await house.database.superuser`
      select id from api_keys where church_id = ${uuidOf(other.id)}`;
    for (const uuid of [row?.id, foreign?.id]) {
      const id = `key_${String(uuid).replaceAll("-", "")}`;
      expect((await house.ask("DELETE", `/v1/api-keys/${id}`, { key: church.key })).status).toBe(404);
    }
    expect((await house.ask("GET", "/v1/church", { key: live })).status).toBe(200);
    expect((await house.ask("GET", "/v1/church", { key: other.key })).status).toBe(200);
  });

  test("an unknown scope, an end in the past and a wrong id are refused by field", async () => {
    const ask = (body: unknown) => house.ask("POST", "/v1/api-keys", { key: church.key, body });
    const scope = await ask({ label: "x", scopes: ["all"] });
    expect(scope.status).toBe(400);
    expect(scope.body).toMatchObject({ errors: [{ pointer: "/scopes/0" }] });
    const past = await ask({ label: "x", expires_at: "2020-01-01T00:00:00Z" });
    expect(past.body).toMatchObject({ code: "invalid_request", errors: [{ pointer: "/expires_at" }] });
    expect((await house.ask("DELETE", "/v1/api-keys/fnd_1", { key: church.key })).status).toBe(400);
  });

  test("keys are listed newest first, page by page, each once", async () => {
    const fresh = await testChurch(house);
    for (let n = 0; n < 4; n++) await testKey(house, fresh.id, { label: `k${n}` });
    const seen: string[] = [];
    let cursor = "";
    for (let pages = 0; pages < 9; pages++) {
      const answer = await house.ask("GET", `/v1/api-keys?limit=2${cursor}`, { key: fresh.key });
      const body = keyPage.parse(answer.body);
      seen.push(...body.data.map(({ label }) => label));
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(seen).toEqual(["k3", "k2", "k1", "k0", "tests"]);
  });
});

describe("platforms", () => {
  const setUp = async () => {
    const platform = await createPlatform(house.deps.db, { name: "ChMS", mode: "test" }, house.clock.now());
    const own = await testChurch(house, { platformId: platform.platformId });
    return { ...platform, own };
  };
  const asking = (id: string) => ({ "ofrenda-church": id });

  test("a platform's key acts for the church it names, and only for its own", async () => {
    const { text: key, own } = await setUp();
    const answer = await house.ask("GET", "/v1/church", { key, headers: asking(own.id) });
    expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ id: own.id })]);
    for (const stranger of [church.id, newId("church")]) {
      const refused = await house.ask("GET", "/v1/church", { key, headers: asking(stranger) });
      expect([refused.status, refused.body]).toEqual([404, problem("church_unknown")]);
    }
  });

  test("a key a platform makes begins with itself, as the operator's do; one made or taken over by a church's key does not", async () => {
    const { text, own } = await setUp();
    const rooted = z.object({ id: z.string(), key: z.string(), root: z.string() });
    const make = async (
      key: TestChurch["key"] | string,
      path = "/v1/api-keys",
      body: object = { label: "x" },
    ) => {
      const headers = { "ofrenda-church": own.id };
      return rooted.parse((await house.ask("POST", path, { key, headers, body })).body);
    };
    const [ana, luis] = [await make(text), await make(text)];
    expect([ana.root, luis.root]).toEqual([ana.id, luis.id]);
    const rotate = (of: { id: string }) => `/v1/api-keys/${of.id}/rotate`;
    expect((await make(text, rotate(luis), {})).root).toBe(luis.id);
    const hers = await make(ana.key);
    expect(hers.root).toBe(ana.id);
    expect((await make(hers.key)).root).toBe(ana.id);
    expect((await make(hers.key, rotate(luis), {})).root).toBe(ana.id);
    const listed = await house.ask("GET", "/v1/api-keys", { key: luis.key });
    expect(z.object({ data: z.array(rooted.omit({ key: true })) }).parse(listed.body).data).toHaveLength(7);
  });

  test("a platform's key that names no church, or names it wrongly, is told what to send", async () => {
    const { text: key } = await setUp();
    expect((await house.ask("GET", "/v1/church", { key })).body).toEqual(problem("invalid_request"));
    const wrong = await house.ask("GET", "/v1/church", { key, headers: asking("dnr_1") });
    expect([wrong.status, wrong.body]).toEqual([400, problem("invalid_request")]);
  });

  test("a church's key that names another church is refused, not obeyed", async () => {
    const { own } = await setUp();
    const answer = await house.ask("GET", "/v1/church", { key: church.key, headers: asking(own.id) });
    expect([answer.status, answer.body]).toEqual([404, problem("church_unknown")]);
    const itself = await house.ask("GET", "/v1/church", { key: church.key, headers: asking(church.id) });
    expect(itself.status).toBe(200);
  });

  test("a platform's key can be replaced, and ends at once when it is", async () => {
    const { text: old, platformId, own } = await setUp();
    const fresh = await createPlatformKey(
      house.deps.db,
      platformId,
      { label: "second", mode: "test" },
      house.clock.now(),
    );
    const ask = (key: typeof old) => house.ask("GET", "/v1/church", { key, headers: asking(own.id) });
    expect((await ask(old)).status).toBe(200);
    expect(await revokePlatformKey(house.deps.db, old, house.clock.now())).toBe(true);
    expect(await revokePlatformKey(house.deps.db, old, house.clock.now())).toBe(false);
    expect((await ask(old)).body).toEqual(problem("key_revoked"));
    expect((await ask(fresh)).status).toBe(200);
    const [row] = await house.database.superuser`
      select last_used_at from platform_keys where label = 'second'`;
    expect(row?.last_used_at).toEqual(house.clock.now());
  });
});
