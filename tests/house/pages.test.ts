import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { generatedPages } from "../../scripts/build-pages.ts";
import { assets } from "../../src/pages/generated/assets.ts";

const root = join(import.meta.dirname, "..", "..");

test("what browsers download is bundled from the sources as they are: else run npm run build:pages", async () => {
  for (const [file, text] of await generatedPages()) {
    expect(readFileSync(join(root, file), "utf8") === text, file).toBe(true);
  }
});

test("a donor on a slow line downloads under 15 kB of script and 10 kB of style", () => {
  const zipped = (ending: string) =>
    Object.values(assets)
      .filter(({ path }) => path.endsWith(ending))
      .reduce((size, { body }) => size + gzipSync(body).length, 0);
  expect(zipped(".js")).toBeLessThan(15_000);
  expect(zipped(".css")).toBeLessThan(10_000);
});
