import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase } from "../support/database.ts";
import { type CliAnswer, operatorHere } from "../support/operator.ts";

let settings: Record<string, string>;
let account: string;
const folder = mkdtempSync(join(tmpdir(), "ofrenda-statement-"));
const file = join(folder, "noviembre.csv");
const run = (...words: readonly string[]): Promise<CliAnswer> => operatorHere(settings, words);
const json = ({ out }: CliAnswer): Record<string, unknown> => JSON.parse(out) as Record<string, unknown>;
const importFile = (...more: readonly string[]) =>
  run("statement", "import", file, "--church", "luz", "--account", account, ...more);

beforeAll(async () => {
  const { url } = await testDatabase();
  settings = { DATABASE_URL: url, MASTER_KEY: randomBytes(32).toString("base64"), SANDBOX: "on" };
  const entity = ["--name", "Luz", "--slug", "luz", "--country", "mx", "--entity", "Luz"];
  expect(await run("church", "create", ...entity, "--json")).toMatchObject({ exit: 0 });
  const credentials = ["kind=clabe", "number=032180000118359719", "bank=Banco", "beneficiary=Luz A.R."];
  const connected = await run(
    ...["gateway", "connect", "--church", "luz", "--gateway", "transfer", "--json"],
    ...credentials.flatMap((credential) => ["--credential", credential]),
  );
  expect(connected).toMatchObject({ exit: 0 });
  account = String(json(connected).account);
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a bank account is connected with the fields it needs, and no others are asked for", () => {
  expect(account).toMatch(/^gwa_/);
});

test("a statement is imported, and again it changes nothing", async () => {
  writeFileSync(file, "fecha,monto,concepto\n2026-11-20,500.00,ofrenda\n2026-11-20,-35.50,comisión\n");
  const first = await importFile("--json");
  expect(first).toMatchObject({ exit: 0, err: "" });
  expect(json(first)).toMatchObject({
    format: "csv",
    lines: 2,
    already: 0,
    results: { unmatched: 1, outgoing: 1 },
  });
  const again = await importFile();
  expect(again).toMatchObject({ exit: 0, err: "" });
  expect(again.out).toContain("csv, 2 movements, 2 known before");
});

test("a file that cannot be read, or is not there, is refused with its reason", async () => {
  writeFileSync(file, "fecha,monto\n2026-11-20,quinientos\n");
  const refused = await importFile();
  expect(refused).toMatchObject({ exit: 1, out: "" });
  expect(refused.err).toContain("line 2");
  rmSync(file);
  expect(await importFile()).toMatchObject({ exit: 1, err: expect.stringContaining("noviembre.csv") });
  expect(await run("statement", "import", "--church", "luz", "--account", account)).toMatchObject({
    exit: 2,
  });
});
