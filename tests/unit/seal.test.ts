import { createSecretKey, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newId } from "../../src/kernel/ids.ts";
import { secret } from "../../src/kernel/secret.ts";
import { deriveKey, keyedHash } from "../../src/privacy/blind-index.ts";
import { readMasterKeys } from "../../src/privacy/master-keys.ts";
import { openBytes, SealError, sealBytes } from "../../src/privacy/seal.ts";

const newKey = () => createSecretKey(randomBytes(32));
const key = newKey();
const church = newId("church");
const place = { table: "donors", column: "email", row: newId("donor") };
const seal = (plain: string) => sealBytes(key, church, place, 1, plain);

describe("sealed values", () => {
  test("any text comes back as it went in", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(1_000_000), (plain, version) => {
        const sealed = sealBytes(key, church, place, version, plain);
        expect(openBytes(key, church, place, version, sealed)).toBe(plain);
      }),
    );
  });

  test("one bit changed anywhere, or one byte cut or added, is refused", () => {
    const sealed = seal("maria@example.org");
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.nat(7), (at, bit) => {
        const altered = Uint8Array.from(sealed);
        altered[at] = (altered[at] ?? 0) ^ (1 << bit);
        expect(() => openBytes(key, church, place, 1, altered)).toThrow(SealError);
      }),
    );
    for (let length = 0; length < sealed.length; length++) {
      expect(() => openBytes(key, church, place, 1, sealed.subarray(0, length))).toThrow(SealError);
    }
    expect(() => openBytes(key, church, place, 1, Buffer.concat([sealed, Buffer.of(0)]))).toThrow(SealError);
  });

  test.each([
    ["another row", key, church, { ...place, row: newId("donor") }, 1],
    ["another column", key, church, { ...place, column: "phone" }, 1],
    ["another table", key, church, { ...place, table: "donations" }, 1],
    ["another church", key, newId("church"), place, 1],
    ["another key version", key, church, place, 2],
    ["another key", newKey(), church, place, 1],
    // Both spell "donorsemail": the boundary between the parts is bound too.
    ["parts that run together alike", key, church, { ...place, table: "donor", column: "semail" }, 1],
  ])("moved to %s, a value is refused", (_, otherKey, otherChurch, otherPlace, version) => {
    expect(() => openBytes(otherKey, otherChurch, otherPlace, version, seal("x"))).toThrow(SealError);
  });

  test("the same text never seals to the same bytes, and no IV repeats", () => {
    const sealed = Array.from({ length: 5000 }, () => Buffer.from(seal("same")).toString("hex"));
    expect(new Set(sealed).size).toBe(5000);
    expect(new Set(sealed.map((hex) => hex.slice(2, 26))).size).toBe(5000);
  });

  test("the refusal says nothing of what was sealed", () => {
    const sealed = seal("maria@example.org");
    sealed[20] = (sealed[20] ?? 0) ^ 1;
    expect(() => openBytes(key, church, place, 1, sealed)).toThrow(/^a sealed value did not open/);
  });
});

describe("master keys", () => {
  const fresh = () => secret(randomBytes(32).toString("base64"));
  const same = (a: ReturnType<typeof newKey>, b: ReturnType<typeof newKey>) => a.equals(b);

  test("a data key unwraps for its own church and version, and for nothing else", () => {
    const masters = readMasterKeys(fresh());
    const wrapped = masters.wrap(church, 1, key);
    expect(same(masters.unwrap(church, 1, wrapped), key)).toBe(true);
    expect(() => masters.unwrap(newId("church"), 1, wrapped)).toThrow(SealError);
    expect(() => masters.unwrap(church, 2, wrapped)).toThrow(SealError);
    for (let at = 0; at < wrapped.wrapped.length; at++) {
      const altered = Uint8Array.from(wrapped.wrapped);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(() => masters.unwrap(church, 1, { ...wrapped, wrapped: altered })).toThrow(SealError);
    }
    expect(() => masters.unwrap(church, 1, { ...wrapped, wrapped: new Uint8Array(3) })).toThrow(SealError);
  });

  test("what the previous master key wrapped is opened while it is configured, and refused after", () => {
    const [old, current] = [fresh(), fresh()];
    const wrapped = readMasterKeys(old).wrap(church, 1, key);
    const both = readMasterKeys(current, [old]);
    expect(same(both.unwrap(church, 1, wrapped), key)).toBe(true);
    expect(both.currentVersion).not.toBe(wrapped.masterVersion);
    expect(() => readMasterKeys(current).unwrap(church, 1, wrapped)).toThrow(SealError);
  });

  test("a key's version is told by the key, fits the column, and does not depend on where it is configured", () => {
    const [a, b] = [fresh(), fresh()];
    const version = readMasterKeys(a).currentVersion;
    expect(readMasterKeys(a, [b]).currentVersion).toBe(version);
    expect(version).toBeGreaterThanOrEqual(0);
    expect(version).toBeLessThan(2 ** 31);
  });

  test("a key that is not 32 bytes is refused at once", () => {
    expect(() => readMasterKeys(secret(randomBytes(16).toString("base64")))).toThrow("32 bytes");
  });
});

describe("blind indexes", () => {
  const index = (from: typeof key, of: typeof church, purpose: "email" | "tax_id", text: string) =>
    keyedHash(deriveKey(from, of, purpose), text).toString("hex");

  test("the same text gives the same index; another church, purpose, key or text another one", () => {
    const own = index(key, church, "email", "a@example.org");
    expect(index(key, church, "email", "a@example.org")).toBe(own);
    const others = [
      index(key, newId("church"), "email", "a@example.org"),
      index(key, church, "tax_id", "a@example.org"),
      index(newKey(), church, "email", "a@example.org"),
      index(key, church, "email", "b@example.org"),
    ];
    expect(new Set([own, ...others]).size).toBe(5);
  });
});
