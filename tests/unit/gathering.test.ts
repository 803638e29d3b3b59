import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gathered } from "../../src/kernel/gathering.ts";

/** A writer that holds every batch until it is let go, and refuses batches with a negative number in them. */
function heldWriter(most: number, atOnce: number) {
  const batches: { readonly key: string; readonly items: readonly number[]; readonly go: () => void }[] = [];
  const write = gathered<string, number, string>({
    most,
    atOnce,
    write: async (key, items) => {
      await new Promise<void>((go) => batches.push({ key, items, go }));
      if (items.some((item) => item < 0)) throw new Error(`refused ${items.join()}`);
      return items.map((item) => `${key}${item}`);
    },
  });
  const letAllGo = async () => {
    for (let next = 0; next < batches.length; next++) {
      batches[next]?.go();
      // Lets what follows the batch take its turn, retries included.
      await new Promise(setImmediate);
    }
  };
  return { write, batches, letAllGo };
}

describe("group commit", () => {
  test("what comes alone goes at once; what comes meanwhile goes together, at most so many", async () => {
    const { write, batches, letAllGo } = heldWriter(3, 1);
    const written = [1, 2, 3, 4, 5].map((item) => write("a", item));
    expect(batches.map(({ items }) => items)).toEqual([[1]]);
    await letAllGo();
    expect(await Promise.all(written)).toEqual(["a1", "a2", "a3", "a4", "a5"]);
    expect(batches.map(({ items }) => items)).toEqual([[1], [2, 3, 4], [5]]);
  });

  test("one key does not wait for another, nor a batch for the one before while there is room", async () => {
    const { write, batches, letAllGo } = heldWriter(3, 2);
    const written = [write("a", 1), write("b", 2), write("a", 3), write("a", 4), write("b", 5)];
    expect(batches.map(({ key, items }) => `${key}:${items}`)).toEqual(["a:1", "b:2", "a:3", "b:5"]);
    await letAllGo();
    expect(await Promise.all(written)).toEqual(["a1", "b2", "a3", "a4", "b5"]);
  });

  test("one that fails fails alone: whatever goes with it is written all the same", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -3, max: 9 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 3 }),
        async (items, most, atOnce) => {
          const { write, letAllGo } = heldWriter(most, atOnce);
          const written = Promise.allSettled(items.map((item) => write("a", item)));
          await letAllGo();
          const results = (await written).map((one) => (one.status === "fulfilled" ? one.value : "failed"));
          expect(results).toEqual(items.map((item) => (item < 0 ? "failed" : `a${item}`)));
        },
      ),
    );
  });
});
