import { Console } from "node:console";
import { Writable } from "node:stream";
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fixedClock, seconds } from "../../src/kernel/clock.ts";
import { type IdKind, idPrefixes, newId, parseId, toId, uuidOf } from "../../src/kernel/ids.ts";
import { exhaustive } from "../../src/kernel/result.ts";
import { secret } from "../../src/kernel/secret.ts";
import { shortCache } from "../../src/kernel/short-cache.ts";

const kinds = Object.keys(idPrefixes).filter((kind): kind is IdKind => Object.hasOwn(idPrefixes, kind));

describe("an id", () => {
  test("reads back from the database's spelling, for every kind", () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.uuid(), (kind, uuid) => {
        const id = toId(kind, uuid);
        expect(uuidOf(id)).toBe(uuid);
        expect(parseId(kind, id)).toBe(id);
      }),
    );
  });

  test("of one kind is no id of any other: no prefix is shared", () => {
    expect(new Set(Object.values(idPrefixes)).size).toBe(kinds.length);
    for (const kind of kinds) {
      for (const other of kinds) if (other !== kind) expect(parseId(other, newId(kind))).toBeUndefined();
    }
  });

  test("made later sorts later", () => {
    const made = Array.from({ length: 2_000 }, () => newId("donation"));
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(made.length);
  });

  test("is nothing but itself: no other text is taken for one", () => {
    const id = newId("fund");
    const near = [
      id.toUpperCase(),
      `${id} `,
      ` ${id}`,
      id.slice(0, -1),
      `${id}0`,
      id.slice(4),
      `fnd_${uuidOf(id)}`,
    ];
    for (const text of [...near, "", "fnd_", "fnd_' or 1=1 --"])
      expect(parseId("fund", text)).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseId("fund", text)).toBeUndefined();
      }),
    );
  });
});

describe("a secret", () => {
  const word = "sk_live_do_not_print_me";
  test("cannot be printed by any of the ways a program prints things", () => {
    const held = secret(word);
    const within = { nested: [{ held }], held };
    let shown = "";
    const stdout = new Writable({
      write: (chunk, _, done) => {
        shown += String(chunk);
        done();
      },
    });
    new Console({ stdout }).log(held, within, "%s %o %j", held, held, held);
    const printed = [
      JSON.stringify(within),
      `${held}`,
      String(held),
      `a ${held} b`,
      inspect(within, { depth: 9, showHidden: true }),
      Object.keys(held).join(),
      Object.getOwnPropertyNames(held).join(),
      JSON.stringify({ ...held }),
      inspect(structuredCloneOr(held)),
      shown,
      new Error(`failed with ${held}`).message,
    ];
    expect(shown).toContain("[secret]");
    for (const text of printed) expect(text).not.toContain("do_not_print");
    expect(held.reveal()).toBe(word);
  });

  const structuredCloneOr = (value: object): unknown => {
    try {
      return structuredClone(value);
    } catch {
      return undefined;
    }
  };
});

describe("a short cache", () => {
  const at = () => fixedClock("2026-11-20T12:00:00Z");

  test("loads once for all who ask at once, and again when its time is over", async () => {
    const clock = at();
    const cache = shortCache<string, number>({ clock, ttlMs: seconds(5), most: 10 });
    let loads = 0;
    const load = () => Promise.resolve(++loads);
    expect(await Promise.all([1, 2, 3].map(() => cache.get("a", load)))).toEqual([1, 1, 1]);
    clock.advance(seconds(5) - 1);
    expect(await cache.get("a", load)).toBe(1);
    clock.advance(1);
    expect(await cache.get("a", load)).toBe(2);
  });

  test("does not keep a failure", async () => {
    const cache = shortCache<string, number>({ clock: at(), ttlMs: seconds(5), most: 10 });
    await expect(cache.get("a", () => Promise.reject(new Error("down")))).rejects.toThrow("down");
    expect(await cache.get("a", () => Promise.resolve(7))).toBe(7);
  });

  test("forgets what it is told to, and the oldest when it is full", async () => {
    const cache = shortCache<number, number>({ clock: at(), ttlMs: seconds(5), most: 3 });
    for (const n of [1, 2, 3, 4]) await cache.get(n, () => Promise.resolve(n));
    expect(await cache.get(4, () => Promise.resolve(40))).toBe(4);
    expect(await cache.get(1, () => Promise.resolve(10))).toBe(10);
    cache.forget(4);
    expect(await cache.get(4, () => Promise.resolve(44))).toBe(44);
  });
});

test("a case nobody foresaw stops the work and says which", () => {
  expect(() => exhaustive("surprise" as never)).toThrow("surprise");
});
