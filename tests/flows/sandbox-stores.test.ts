import { describe, expect, test } from "vitest";
import { memorySandboxStore } from "../../src/gateway/memory-sandbox-store.ts";
import type { SandboxPage, SandboxStore } from "../../src/gateway/sandbox.ts";
import { postgresSandboxStore } from "../../src/platform/postgres-sandbox-store.ts";
import { testDatabase } from "../support/database.ts";

/** The same promises whoever keeps the simulators' state. */
const stores: readonly (readonly [string, () => Promise<SandboxStore>])[] = [
  ["in memory", async () => memorySandboxStore()],
  ["in PostgreSQL", async () => postgresSandboxStore((await testDatabase()).db, "acme")],
];

describe.each(stores)("documents %s", (_, open) => {
  const filled = async () => {
    const store = await open();
    for (const id of ["a", "b", "c", "d"]) await store.put("card", id, { id }, ["all", `own-${id}`]);
    return store;
  };
  const idsOf = async (store: SandboxStore, key: string, page: Partial<SandboxPage> = {}) =>
    (await store.list("card", key, { order: "oldest_first", limit: 10, ...page })).map(({ id }) => id);

  test("are found by id and under each of their keys, and not elsewhere", async () => {
    const store = await filled();
    expect(await store.get("card", "a")).toEqual({ id: "a" });
    expect(await store.get("card", "z")).toBeUndefined();
    expect(await store.get("voucher", "a")).toBeUndefined();
    expect(await idsOf(store, "own-b")).toEqual(["b"]);
    expect(await idsOf(store, "nothing")).toEqual([]);
  });

  test.each<readonly [Partial<SandboxPage>, readonly string[]]>([
    [{}, ["a", "b", "c", "d"]],
    [{ order: "newest_first" }, ["d", "c", "b", "a"]],
    [{ limit: 2 }, ["a", "b"]],
    [{ after: "b" }, ["c", "d"]],
    [{ after: "c", order: "newest_first", limit: 1 }, ["b"]],
    [{ after: "d" }, []],
    [{ after: "z" }, []],
  ])("are listed in the order they came: %o", async (page, ids) => {
    expect(await idsOf(await filled(), "all", page)).toEqual(ids);
  });

  test("put again keep their place and are found under their new keys only", async () => {
    const store = await filled();
    await store.put("card", "b", { id: "b", paid: true }, ["all", "paid"]);
    await store.put("card", "c", { id: "c", paid: true }, ["all", "paid"]);
    expect(await idsOf(store, "all")).toEqual(["a", "b", "c", "d"]);
    expect(await idsOf(store, "paid")).toEqual(["b", "c"]);
    expect(await idsOf(store, "own-b")).toEqual([]);
    expect(await store.get("card", "b")).toEqual({ id: "b", paid: true });
  });

  test("that are removed are nowhere; removing what is not there is nothing", async () => {
    const store = await filled();
    await store.remove("card", "a");
    await store.remove("card", "a");
    await store.remove("voucher", "a");
    expect(await store.get("card", "a")).toBeUndefined();
    expect(await idsOf(store, "all")).toEqual(["b", "c", "d"]);
    expect(await idsOf(store, "own-a")).toEqual([]);
  });

  test("written together are all written or none: what was there before stands again", async () => {
    const store = await filled();
    const failing = store.atomically("lane", async (documents) => {
      await documents.put("card", "a", { id: "a", paid: true }, ["paid"]);
      await documents.put("card", "e", { id: "e" }, ["all"]);
      await documents.remove("card", "b");
      throw new Error("the bank changed its mind");
    });
    await expect(failing).rejects.toThrow("changed its mind");
    expect(await store.get("card", "a")).toEqual({ id: "a" });
    expect(await store.get("card", "e")).toBeUndefined();
    expect((await idsOf(store, "all")).sort()).toEqual(["a", "b", "c", "d"]);
  });

  test("of one lane are written one after the other", async () => {
    const store = await open();
    await store.put("counter", "n", { n: 0 }, []);
    const add = () =>
      store.atomically("lane", async (documents) => {
        const before = await documents.get("counter", "n");
        const n = before && "n" in before ? Number(before.n) : 0;
        await documents.put("counter", "n", { n: n + 1 }, []);
      });
    await Promise.all(Array.from({ length: 8 }, add));
    expect(await store.get("counter", "n")).toEqual({ n: 8 });
  });
});

test("memory that is bounded forgets the oldest of a kind, with the keys they were found under", async () => {
  const store = memorySandboxStore({ keepPerKind: 10 });
  for (let n = 0; n < 12; n++) await store.put("card", `c${n}`, { n }, [`own-${n}`]);
  expect(await store.get("card", "c0")).toBeUndefined();
  expect(await store.list("card", "own-0", { order: "oldest_first", limit: 1 })).toEqual([]);
  expect(await store.get("card", "c11")).toEqual({ n: 11 });
});
