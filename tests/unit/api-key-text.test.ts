import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hashKey, isKeyText, makeKeyText } from "../../src/access/key-text.ts";
import { knownScopes, may, type Scope, scopes } from "../../src/access/principal.ts";
import { crc32 } from "../../src/kernel/crc32.ts";

describe("CRC-32/ISO-HDLC", () => {
  test.each([
    // The first is the check value in the catalogue of parametrised CRC algorithms; the others are as widely printed.
    ["123456789", 0xcbf43926],
    ["", 0x00000000],
    ["a", 0xe8b7be43],
    ["abc", 0x352441c2],
    ["The quick brown fox jumps over the lazy dog", 0x414fa339],
  ])("of %j is the published one", (text, crc) => {
    expect(crc32(new TextEncoder().encode(text))).toBe(crc);
  });
});

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

describe("API keys in words", () => {
  test.each([
    ["secret", "test", /^ofr_test_[0-9A-Za-z]{36}$/],
    ["secret", "live", /^ofr_live_[0-9A-Za-z]{36}$/],
    ["publishable", "test", /^ofr_pk_test_[0-9A-Za-z]{36}$/],
    ["publishable", "live", /^ofr_pk_live_[0-9A-Za-z]{36}$/],
  ] as const)("a %s key for %s is spelled as the contract says", (kind, mode, shape) => {
    const key = makeKeyText(kind, mode);
    expect(key.reveal()).toMatch(shape);
    expect(isKeyText(key.reveal())).toBe(true);
    expect(`${key}`).toBe("[secret]");
  });

  test("any one changed character is noticed, wherever it is", () => {
    const key = makeKeyText("secret", "test").reveal();
    fc.assert(
      fc.property(fc.nat(key.length - 1), fc.constantFrom(...base62, "_", "é"), (at, character) => {
        fc.pre(key[at] !== character);
        expect(isKeyText(key.slice(0, at) + character + key.slice(at + 1))).toBe(false);
      }),
    );
  });

  test("two neighbours swapped are noticed, and so are a cut end, an added one and another mode", () => {
    const key = makeKeyText("secret", "test").reveal();
    for (let at = 0; at + 1 < key.length; at++) {
      const [a = "", b = ""] = [key[at], key[at + 1]];
      if (a !== b) expect(isKeyText(key.slice(0, at) + b + a + key.slice(at + 2))).toBe(false);
    }
    for (const other of [key.slice(0, -1), `${key}0`, ` ${key}`, key.replace("test", "live"), ""]) {
      expect(isKeyText(other)).toBe(false);
    }
  });

  test("whatever text is sent, it is judged and nothing throws", () => {
    fc.assert(fc.property(fc.string(), (text) => isKeyText(text) === false));
  });

  test("keys do not repeat, and use all 62 characters about equally", () => {
    const keys = Array.from({ length: 2000 }, () => makeKeyText("secret", "test").reveal());
    expect(new Set(keys).size).toBe(2000);
    const counts = new Map<string, number>();
    for (const key of keys) {
      for (const character of key.slice(9, 39)) counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    expect(counts.size).toBe(62);
    // 60,000 draws, 968 expected of each; ± 200 is more than six standard deviations.
    for (const count of counts.values()) expect(Math.abs(count - 968)).toBeLessThan(200);
  });

  test("a key is kept as the SHA-256 of its text", () => {
    expect(hashKey("abc").toString("hex")).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });
});

describe("scopes", () => {
  const holding = (...held: Scope[]) => ({ scopes: held });

  test("nothing is granted that was not given", () => {
    for (const scope of scopes) {
      expect(may(holding(), scope)).toBe(false);
      expect(may(holding("*"), scope)).toBe(true);
      expect(may(holding(scope), scope)).toBe(true);
    }
    expect(may(holding("donations:write"), "donations:start")).toBe(true);
    expect(may(holding("donations:start"), "donations:write")).toBe(false);
    expect(may(holding("donations:write"), "donations:read")).toBe(false);
  });

  test("stored words that are no scopes are dropped", () => {
    expect(knownScopes(["funds:read", "root", ""])).toEqual(["funds:read"]);
  });
});
