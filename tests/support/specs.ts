import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where the gateways' published documents lie when they are present (beside the checkout). */
export const specFolder = join(import.meta.dirname, "..", "..", "..", "shared", "specs");

const present = existsSync(specFolder);
if (!present && process.env.CI) {
  throw new Error("the published specifications are absent: in CI these tests must run, not skip");
}

/** For `describe.skipIf(specsAbsent)`: true only outside CI, where the published documents are not at hand. */
export const specsAbsent = !present;
if (specsAbsent) console.warn("skipping checks against published specifications: the documents are not here");

export const specText = (path: string): string => readFileSync(join(specFolder, path), "utf8");
export const specJson = (path: string): unknown => JSON.parse(specText(path));
