import { expect, test } from "vitest";
import { cacheMark, forgetKey, type KnownKey, recallKey, rememberKey } from "../../src/access/key-cache.ts";
import type { Database } from "../../src/db/client.ts";
import { fixedClock, seconds } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { shortCache } from "../../src/kernel/short-cache.ts";

const at = new Date("2026-11-20T12:00:00Z");
const unused = () => Promise.reject(new Error("a cache asks no database"));
const noDatabase = (): Database => ({
  inChurch: unused,
  sharing: unused,
  together: unused,
  byProof: unused,
  sweeping: unused,
  unscoped: unused,
  statement: unused,
  close: async () => {},
});
const keyOf = (hash: string): KnownKey => ({
  id: newId("apiKey"),
  root: newId("apiKey"),
  owner: { church: newId("church") },
  kind: "secret",
  mode: "test",
  scopes: ["*"],
  hash: Buffer.from(hash, "hex"),
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
});

test("a key that was revoked while it was being read is used once and not kept", () => {
  const db = noDatabase();
  const mark = cacheMark(db);
  forgetKey(db, Buffer.from("bb", "hex"));
  const key = keyOf("aa");
  expect(rememberKey(db, "aa", key, at, mark).key).toBe(key);
  expect(recallKey(db, "aa", at)).toBeUndefined();
  rememberKey(db, "aa", key, at, cacheMark(db));
  expect(recallKey(db, "aa", at)?.key).toBe(key);
});

test("a remembered key is old after five seconds, and as soon as the clock is set back", () => {
  const db = noDatabase();
  const keep = () => rememberKey(db, "aa", keyOf("aa"), at, cacheMark(db));
  for (const moved of [seconds(5), -1]) {
    keep();
    expect(recallKey(db, "aa", new Date(at.getTime() + moved))).toBeUndefined();
  }
});

test("of very many keys the oldest goes first, and two services share nothing", () => {
  const db = noDatabase();
  const key = keyOf("aa");
  for (let n = 0; n <= 5000; n++) rememberKey(db, `key ${n}`, key, at, cacheMark(db));
  expect(recallKey(db, "key 0", at)).toBeUndefined();
  expect(recallKey(db, "key 1", at)?.key).toBe(key);
  expect(recallKey(noDatabase(), "key 1", at)).toBeUndefined();
});

test("a short cache shares one load, keeps no failure, and lets the oldest go when it is full", async () => {
  const clock = fixedClock("2026-11-20T12:00:00Z");
  const cache = shortCache<string, number>({ clock, ttlMs: seconds(5), most: 2 });
  let loads = 0;
  const load = async () => {
    loads += 1;
    return loads;
  };
  expect(await Promise.all([cache.get("a", load), cache.get("a", load)])).toEqual([1, 1]);
  await expect(cache.get("b", () => Promise.reject(new Error("down")))).rejects.toThrow("down");
  expect(await cache.get("b", load)).toBe(2);
  await cache.get("c", load);
  expect(await cache.get("a", load), "a was the oldest of three").toBe(4);
});

test("a load that fails after it was forgotten takes nothing from the load that followed it", async () => {
  const clock = fixedClock("2026-11-20T12:00:00Z");
  const cache = shortCache<string, string>({ clock, ttlMs: seconds(5), most: 2 });
  let fail = (_: Error) => {};
  const slow = cache.get(
    "a",
    () =>
      new Promise<string>((_, reject) => {
        fail = reject;
      }),
  );
  cache.forget("a");
  const fresh = await cache.get("a", async () => "fresh");
  fail(new Error("too late"));
  await expect(slow).rejects.toThrow("too late");
  expect(await cache.get("a", async () => "again")).toBe(fresh);
});
