import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { makeAdapter } from "../../scripts/new-adapter.ts";
import { makeCountry } from "../../scripts/new-country.ts";

const root = join(import.meta.dirname, "../..");

/** The parts of the house that a scaffold touches, in a folder that may be written to. */
function copyOfTheHouse(): string {
  const copy = mkdtempSync(join(tmpdir(), "ofrenda-scaffold-"));
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  for (const part of ["adapters/index.ts", "countries", "src", "tests/conformance"]) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  for (const file of ["tsconfig.json", "package.json"]) cpSync(join(root, file), join(copy, file));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "dir");
  return copy;
}

/** What the compiler says of these files and all that they use. */
async function faultsIn(copy: string, files: readonly string[]): Promise<readonly string[]> {
  writeFileSync(
    join(copy, "tsconfig.made.json"),
    JSON.stringify({ extends: "./tsconfig.json", include: [], files }),
  );
  const tsc = join(root, "node_modules/.bin/tsc");
  const { stdout } = await promisify(execFile)(tsc, ["--noEmit", "-p", "tsconfig.made.json"], {
    cwd: copy,
  }).catch((error: { stdout: string }) => error);
  return stdout.split("\n").filter((line) => /^\w+\//.test(line));
}

test("a new gateway is one folder, its test and one line of the registry, and compiles at once", async () => {
  const copy = copyOfTheHouse();
  await makeAdapter(copy, "acme-pay");
  const registry = readFileSync(join(copy, "adapters/index.ts"), "utf8");
  expect(registry).toContain('import { acmePay } from "./acme-pay/index.ts";');
  expect(registry).toMatch(/\[[^\]]*\bacmePay\]\.map\(/);
  expect(await faultsIn(copy, ["tests/conformance/acme-pay-under-test.ts"])).toEqual([]);
  await expect(makeAdapter(copy, "acme-pay")).rejects.toThrow("is there already");
  await expect(makeAdapter(copy, "Acme Pay")).rejects.toThrow("no name for a folder");
});

test("a new country is one file and one line, and the compiler asks for its currency and its calendar alone", async () => {
  const copy = copyOfTheHouse();
  await makeCountry(copy, "HN");
  expect(readFileSync(join(copy, "countries/index.ts"), "utf8")).toContain('import { hn } from "./hn.ts";');
  const made = readFileSync(join(copy, "countries/hn.ts"), "utf8");
  expect(made).toContain('name: text("Honduras", "Honduras", "Honduras")');
  const faults = await faultsIn(copy, ["countries/hn.ts"]);
  expect(faults.map((line) => /'hn'|"\?\?\?"/.exec(line)?.[0])).toEqual(
    expect.arrayContaining(["'hn'", '"???"']),
  );
  expect(faults).toHaveLength(2);
  await expect(makeCountry(copy, "hn")).rejects.toThrow("is there already");
  await expect(makeCountry(copy, "zz")).rejects.toThrow("not an ISO 3166-1 code");
});
