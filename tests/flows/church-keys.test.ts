import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import type { Tx } from "../../src/db/client.ts";
import { minutes } from "../../src/kernel/clock.ts";
import { type ChurchId, newId, uuidOf } from "../../src/kernel/ids.ts";
import { type Secret, secret } from "../../src/kernel/secret.ts";
import { rewrapChurchKeys, rotateChurchKey } from "../../src/privacy/church-keys.ts";
import { createVault, type Vault } from "../../src/privacy/create-vault.ts";
import { SealError } from "../../src/privacy/seal.ts";
import { type TestApp, testApp } from "../support/app.ts";

let house: TestApp;
beforeAll(async () => {
  house = await testApp();
});

const masterKey = secret(randomBytes(32).toString("base64"));
/** Another process: it shares the database and the master key, and nothing it remembers. */
const process = (master: Secret = masterKey, previous: readonly Secret[] = []): Vault =>
  createVault({ masterKey: master, previousMasterKeys: previous, clock: house.clock });

/** A church without keys. */
async function bareChurch(): Promise<ChurchId> {
  const church = newId("church");
  await house.database.superuser`
    insert into churches (church_id, slug, name, country, time_zone, locale, created_at)
    values (${uuidOf(church)}, ${church.slice(-40).replace("_", "-")}, 'Iglesia', 'mx', 'UTC', 'es', now())`;
  return church;
}
const within = <T>(church: ChurchId, work: (tx: Tx) => Promise<T>) => house.deps.db.inChurch(church, work);
const place = { table: "donors", column: "name", row: "dnr_1" };
const seal = (vault: Vault, church: ChurchId, text: string) =>
  within(church, (tx) => vault.seal(tx, church, place, text));
const open = (vault: Vault, church: ChurchId, sealed: { bytes: Uint8Array; keyVersion: number }) =>
  within(church, (tx) => vault.open(tx, church, place, sealed.bytes, sealed.keyVersion));

describe("a church's first key", () => {
  test("20 first uses at once, in four processes, make one key, and every seal opens everywhere", async () => {
    const church = await bareChurch();
    const processes = [process(), process(), process(), process()];
    const sealed = await Promise.all(
      Array.from({ length: 20 }, (_, n) => seal(processes[n % 4] ?? process(), church, `text ${n}`)),
    );
    const keys = await house.database.superuser`
      select version from church_keys where church_id = ${uuidOf(church)}`;
    expect(keys.map((row) => row.version)).toEqual([1]);
    const late = process();
    const opened = await Promise.all(sealed.map((each) => open(late, church, each)));
    expect(opened).toEqual(sealed.map((_, n) => `text ${n}`));
  });

  test("many uses at once inside the transaction that makes it agree on it", async () => {
    const church = await bareChurch();
    const vault = process();
    const sealed = await within(church, (tx) =>
      Promise.all(Array.from({ length: 8 }, () => vault.seal(tx, church, place, "same transaction"))),
    );
    for (const each of sealed) expect(await open(process(), church, each)).toBe("same transaction");
  });

  test("a key made in a transaction that failed is used by nobody afterwards", async () => {
    const church = await bareChurch();
    const vault = process();
    const failed = within(church, async (tx) => {
      await vault.seal(tx, church, place, "lost");
      await vault.seal(tx, church, place, "lost too");
      throw new Error("rolled back");
    });
    await expect(failed).rejects.toThrow("rolled back");
    const sealed = await seal(vault, church, "kept");
    expect(await open(process(), church, sealed)).toBe("kept");
    const rotation = within(church, async (tx) => {
      await vault.keyring.rotate(tx, church);
      await vault.seal(tx, church, place, "lost with its version");
      throw new Error("rolled back");
    });
    await expect(rotation).rejects.toThrow("rolled back");
    expect((await seal(vault, church, "again")).keyVersion).toBe(1);
  });

  test("there is no key for a church that is not there", async () => {
    await expect(seal(process(), newId("church"), "x")).rejects.toThrow("church_keys");
  });

  test("two churches' keys do not open each other's values", async () => {
    const [one, two] = [await bareChurch(), await bareChurch()];
    const vault = process();
    const sealed = await seal(vault, one, "private");
    await seal(vault, two, "other");
    await expect(open(vault, two, sealed)).rejects.toThrow(SealError);
    await expect(open(vault, one, { ...sealed, keyVersion: 9 })).rejects.toThrow(SealError);
  });
});

describe("rotation", () => {
  test("seals with the new version from then on, opens the old, and another process opens both at once", async () => {
    const church = await bareChurch();
    const [vault, other] = [process(), process()];
    const before = await seal(other, church, "before");
    expect(await rotateChurchKey(house.deps.db, vault.keyring, church)).toBe(2);
    const after = await seal(vault, church, "after");
    expect([before.keyVersion, after.keyVersion]).toEqual([1, 2]);
    expect(await open(other, church, after)).toBe("after");
    expect(await open(vault, church, before)).toBe("before");
  });

  test("another process seals with the new version within a minute", async () => {
    const church = await bareChurch();
    const [vault, other] = [process(), process()];
    await seal(other, church, "made by this");
    await seal(other, church, "known from here on");
    await rotateChurchKey(house.deps.db, vault.keyring, church);
    expect((await seal(other, church, "x")).keyVersion).toBe(1);
    house.clock.advance(minutes(1));
    expect((await seal(other, church, "x")).keyVersion).toBe(2);
  });

  test("indexes and links are the same after it", async () => {
    const church = await bareChurch();
    const vault = process();
    const made = () =>
      within(church, async (tx) => [
        Buffer.from(await vault.blindIndex(tx, church, "email", "a@example.org")).toString("hex"),
        await vault.linkToken(tx, church, "don_1"),
      ]);
    const before = await made();
    expect(before[1]).toMatch(/^[A-Za-z0-9_-]{22}$/);
    await rotateChurchKey(house.deps.db, vault.keyring, church);
    expect(await made()).toEqual(before);
  });

  test("rotations at once each end with a newest version that is really there", async () => {
    const church = await bareChurch();
    const made = await Promise.all(
      Array.from({ length: 4 }, () => rotateChurchKey(house.deps.db, process().keyring, church)),
    );
    const rows = await house.database.superuser`
      select max(version) as newest from church_keys where church_id = ${uuidOf(church)}`;
    expect(Math.max(...made)).toBe(rows[0]?.newest);
    expect(Math.min(...made)).toBeGreaterThan(1);
  });
});

describe("a row's columns", () => {
  test("are sealed under one version, empty ones stay empty, and they cannot trade places", async () => {
    const church = await bareChurch();
    const vault = process();
    const at = { table: "donors", row: "dnr_1" };
    const plain = new Map([
      ["name", "María"],
      ["phone", null],
      ["email", "maria@example.org"],
    ]);
    await within(church, async (tx) => {
      const { keyVersion, bytes } = await vault.sealRow(tx, church, at, plain);
      expect(bytes.get("phone")).toBeNull();
      expect(await vault.openRow(tx, church, at, bytes, keyVersion)).toEqual(plain);
      const swapped = new Map([["name", bytes.get("email") ?? null]]);
      await expect(vault.openRow(tx, church, at, swapped, keyVersion)).rejects.toThrow(SealError);
      const moved = vault.openRow(tx, church, { ...at, row: "dnr_2" }, bytes, keyVersion);
      await expect(moved).rejects.toThrow(SealError);
    });
  });
});

describe("a new master key", () => {
  test("wraps every church's keys again, once, and the old one is not needed any more", async () => {
    const own = await testApp();
    const [old, fresh] = [masterKey, secret(randomBytes(32).toString("base64"))];
    const churches: ChurchId[] = [];
    const at = (vault: Vault, church: ChurchId) =>
      own.deps.db.inChurch(church, (tx) => vault.seal(tx, church, place, church));
    const before = process(old);
    for (let n = 0; n < 3; n++) {
      const church = newId("church");
      churches.push(church);
      await own.database.superuser`
        insert into churches (church_id, slug, name, country, time_zone, locale, created_at)
        values (${uuidOf(church)}, ${`iglesia-${n}`}, 'Iglesia', 'mx', 'UTC', 'es', now())`;
    }
    const sealed = await Promise.all(churches.map((church) => at(before, church)));
    await rotateChurchKey(own.deps.db, before.keyring, churches[0] ?? newId("church"));
    const both = process(fresh, [old]);
    expect(await rewrapChurchKeys(own.deps.db, both.keyring)).toBe(4);
    expect(await rewrapChurchKeys(own.deps.db, both.keyring)).toBe(0);
    const alone = process(fresh);
    for (const [n, church] of churches.entries()) {
      const each = sealed[n];
      if (!each) throw new Error("nothing was sealed");
      const opened = own.deps.db.inChurch(church, (tx) =>
        alone.open(tx, church, place, each.bytes, each.keyVersion),
      );
      expect(await opened).toBe(church);
    }
    await expect(at(process(old), churches[1] ?? newId("church"))).rejects.toThrow(SealError);
  });
});
