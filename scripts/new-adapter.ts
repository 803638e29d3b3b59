import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { adapterFiles, registered } from "./scaffolds/adapter.ts";

const usage = `npm run new:adapter -- NAME

Makes a gateway's folder, adapters/NAME, with its conformance test, and its line in the registry. NAME is lower case,
words joined by hyphens. The suite then fails only where a person has to write what the gateway's documents say.`;

/** Returns what to tell; throws with a sentence when nothing could be made. */
export async function makeAdapter(root: string, name: string): Promise<readonly string[]> {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    throw new Error(`"${name}" is no name for a folder.\n\n${usage}`);
  if (existsSync(join(root, "adapters", name))) throw new Error(`adapters/${name} is there already.`);
  const files = new Map(adapterFiles(name));
  const registry = join(root, "adapters/index.ts");
  files.set("adapters/index.ts", registered(await readFile(registry, "utf8"), name));
  for (const [path, text] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return [
    ...[...files.keys()].map((path) => `wrote ${path}`),
    "",
    `Next: npx vitest run tests/conformance/${name}.test.ts shows what is to be filled in; README.md says how.`,
  ];
}

if (process.argv[1] === import.meta.filename) {
  const name = process.argv[2] ?? "--help";
  if (name === "--help") console.log(usage);
  else {
    const told = await makeAdapter(join(import.meta.dirname, ".."), name).catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
      return [];
    });
    for (const line of told) console.log(line);
  }
}
