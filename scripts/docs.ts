import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openApiDocument } from "../src/http/openapi-document.ts";
import { attemptDiagram } from "./attempt-diagram.ts";
import { bankHolidays } from "./bank-holidays.ts";
import { paymentMethodsPage } from "./payment-methods.ts";
import { withSettingsTable } from "./settings-table.ts";

/*
 * Writes the documents that are made from code: `npm run docs`. Each is committed, and `npm run check` fails when
 * one is stale.
 */
const root = join(import.meta.dirname, "..");

type Make = (now: string) => string | Promise<string>;

/** By path: from what stands there now (empty when nothing does) to what should. */
const documents: ReadonlyMap<string, Make> = new Map<string, Make>([
  ["README.md", withSettingsTable],
  ["docs/attempt-states.md", attemptDiagram],
  ["docs/payment-methods.md", paymentMethodsPage],
  ["countries/generated/bank-holidays.ts", bankHolidays],
  ["docs/openapi.json", () => `${JSON.stringify(openApiDocument("http://localhost:8787"), null, 2)}\n`],
]);

/** The documents by path, as they should be now. */
export async function generatedDocs(): Promise<ReadonlyMap<string, string>> {
  const made = [...documents].map(async ([path, make]) => {
    const now = await readFile(join(root, path), "utf8").catch(() => "");
    return [path, await make(now)] as const;
  });
  return new Map(await Promise.all(made));
}

if (process.argv[1] === import.meta.filename) {
  for (const [path, text] of await generatedDocs()) {
    await writeFile(join(root, path), text);
    console.log(`${path}: ${text.length} characters`);
  }
}
