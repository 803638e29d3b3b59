import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where the researched facts lie when they are present (beside the checkout), like the specifications. */
const folder = join(import.meta.dirname, "..", "..", "..", "shared", "facts");

const present = existsSync(folder);
if (!present && process.env.CI) {
  throw new Error("the researched facts are absent: in CI these tests must run, not skip");
}

/** For `describe.skipIf(factsAbsent)`: true only outside CI, where the facts are not at hand. */
export const factsAbsent = !present;
if (factsAbsent) console.warn("skipping checks against the researched facts: they are not here");

export const factsJson = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), "utf8"));
