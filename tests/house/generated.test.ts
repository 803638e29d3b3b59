import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { generatedPages } from "../../scripts/build-pages.ts";
import { generatedDocs } from "../../scripts/docs.ts";
import { assets } from "../../src/pages/generated/assets.ts";

const root = join(import.meta.dirname, "..", "..");

test.each([
  ["npm run docs", generatedDocs],
  ["npm run build:pages", generatedPages],
])("what `%s` makes is what is committed", async (_, generate) => {
  for (const [path, text] of await generate()) {
    expect(readFileSync(join(root, path), "utf8") === text, `${path} is stale`).toBe(true);
  }
});

test("the README's table has every setting with its default, and no other", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const config = readFileSync(join(root, "src/config.ts"), "utf8");
  const named = [...readme.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]);
  const read = [...config.matchAll(/^ {2}([A-Z_]+): /gm)].map((match) => match[1]);
  expect(named).toEqual(read);
});

/** What a donor's phone downloads for one page, compressed as servers send it. */
const kilobytes = (ending: string) =>
  Object.entries(assets)
    .filter(([name]) => name.endsWith(ending))
    .reduce((sum, [, { body }]) => sum + gzipSync(body).length, 0) / 1024;

test("all scripts together weigh under 15 kB compressed, the stylesheet under 10 kB", () => {
  expect(kilobytes(".js")).toBeLessThan(15);
  expect(kilobytes(".css")).toBeLessThan(10);
});
