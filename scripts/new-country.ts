import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { countryFile, isCountryCode, withCountry } from "./scaffolds/country.ts";

const usage = `npm run new:country -- CC

Makes a country's file, countries/cc.ts, and its line in the registry. CC is its ISO 3166-1 alpha-2 code. The tests of
countries then fail only on the facts that a person has to bring: currency, zone, documents, amounts, wording.`;

/** Returns what to tell; throws with a sentence when nothing could be made. */
export async function makeCountry(root: string, given: string): Promise<readonly string[]> {
  const code = given.toLowerCase();
  if (!isCountryCode(code)) throw new Error(`"${given}" is not an ISO 3166-1 code of a country.\n\n${usage}`);
  const path = `countries/${code}.ts`;
  if (existsSync(join(root, path))) throw new Error(`${path} is there already.`);
  const registry = join(root, "countries/index.ts");
  const lines = withCountry(await readFile(registry, "utf8"), code);
  await writeFile(join(root, path), countryFile(code));
  await writeFile(registry, lines);
  return [
    `wrote ${path}`,
    "wrote countries/index.ts",
    "",
    "Next: npm run docs makes its bank holidays;",
    "npx tsc --noEmit -p . and npx vitest run tests/unit/countries.test.ts show what is to be filled in.",
  ];
}

if (process.argv[1] === import.meta.filename) {
  const code = process.argv[2] ?? "--help";
  if (code === "--help") console.log(usage);
  else {
    const told = await makeCountry(join(import.meta.dirname, ".."), code).catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
      return [];
    });
    for (const line of told) console.log(line);
  }
}
