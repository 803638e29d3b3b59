import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { generatedPages } from "./build-pages.ts";
import { generatedDocs } from "./docs.ts";

/** Compares every generated file with what its generator makes now, in memory: exit 1 names the stale ones. */
const root = join(import.meta.dirname, "..");
const all = [
  ["npm run docs", await generatedDocs()],
  ["npm run build:pages", await generatedPages()],
] as const;

let stale = 0;
for (const [command, files] of all) {
  for (const [path, text] of files) {
    const now = await readFile(join(root, path), "utf8").catch(() => undefined);
    if (now === text) continue;
    stale += 1;
    console.error(`${path} is ${now === undefined ? "missing" : "stale"}: ${command}`);
  }
}
if (stale === 0) console.log("Generated files are fresh.");
process.exitCode = stale === 0 ? 0 : 1;
