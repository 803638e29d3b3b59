import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newId } from "../../src/kernel/ids.ts";
import { testDatabase } from "../support/database.ts";
import { operatorHere } from "../support/operator.ts";

let settings: Record<string, string>;
const folder = mkdtempSync(join(tmpdir(), "ofrenda-refusals-"));
const large = join(folder, "large.txt");
const account = newId("gatewayAccount");

beforeAll(async () => {
  const { url } = await testDatabase();
  settings = { DATABASE_URL: url, MASTER_KEY: randomBytes(32).toString("base64"), SANDBOX: "on" };
  const made = await operatorHere(
    settings,
    "church create --name Luz --slug luz --country mx --entity Luz".split(" "),
  );
  expect(made).toMatchObject({ exit: 0, err: "" });
  expect(made.out).toContain("Next: npm run ofrenda -- gateway connect --church luz");
  writeFileSync(large, Buffer.alloc(20_000_001));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("a command that cannot be done exits 1, says why on stderr, and prints nothing else", () => {
  test.each<readonly [command: string, says: string]>([
    ["gateway connect --church luz --gateway acme", "no such gateway: there are"],
    ["gateway connect --church nobody", 'there is no church "nobody"'],
    [`gateway connect --church luz --legal-entity ${newId("legalEntity")}`, "the church has no legal entity"],
    ["gateway connect --church luz --legal-entity luz", "the church has no legal entity luz"],
    ["gateway connect --church luz --gateway transfer --sandbox", "there is no simulator of transfer"],
    ["gateway connect --church luz --sandbox --country fr", "it has in:"],
    ["gateway connect --church luz --credential colour=blue", "has no credential colour: there are"],
    ["gateway list --church nobody", 'there is no church "nobody"'],
    [`gateway credentials --church luz --account ${account}`, "no such gateway account"],
    ["gateway credentials --church luz --account luz", "no such gateway account"],
    [`gateway credentials --church nobody --account ${account}`, 'there is no church "nobody"'],
    ["gateway webhook-secret --church luz --account luz", "--account must be a gwa_ id"],
    [`gateway webhook-secret --church nobody --account ${account}`, 'there is no church "nobody"'],
    ["key create --church luz --expires-at 2001-01-01T00:00:00Z", "--expires-at must be in the future"],
    [`key create --church ${newId("church")}`, "there is no church"],
    ["keys rotate", "say which"],
    ["keys rotate --all --master", "say which"],
    ["keys rotate --church nobody", 'there is no church "nobody"'],
    [`ledger verify --head 1:${"0".repeat(64)}`, "--head belongs to one church"],
    ["ledger verify --church nobody", 'there is no church "nobody"'],
    ["webhooks dead --church nobody", 'there is no church "nobody"'],
    ["webhooks replay --church luz", "say which"],
    [`webhooks replay --church luz --dead --id inb_${"0".repeat(32)}`, "say which"],
    [`webhooks replay --church luz --id inb_${"0".repeat(32)}`, "no genuine webhook"],
    ["webhooks replay --church nobody --dead", 'there is no church "nobody"'],
    ["statement import a.csv --church luz --account luz", "--account is a gwa_ id"],
    [`statement import a.csv --church nobody --account ${account}`, 'there is no church "nobody"'],
    ["ach file --church luz", "say --account gwa_… or --again dbf_…"],
    [`ach file --church nobody --account ${account}`, 'there is no church "nobody"'],
    ["ach sent --church luz --file luz", "--file must be a dbf_ id"],
    [`ach sent --church nobody --file ${newId("debitFile")}`, 'there is no church "nobody"'],
    ["ach returns --church luz --account luz --file x", "--account must be a gwa_ id"],
    [`ach returns --church nobody --account ${account} --file x`, 'there is no church "nobody"'],
    [`ach returns --church luz --account ${account} --file ${large}`, "the file is too large"],
  ])("%s", async (command, says) => {
    const answer = await operatorHere(settings, command.split(" "));
    expect(answer).toMatchObject({ exit: 1, out: "" });
    expect(answer.err).toContain("Refused: ");
    expect(answer.err).toContain(says);
  });

  test("a secret for an account the church does not have", async () => {
    const words = ["gateway", "webhook-secret", "--church", "luz", "--account", account];
    const answer = await operatorHere({ ...settings, WEBHOOK_SECRET: "whsec_x" }, words);
    expect(answer).toMatchObject({ exit: 1, out: "", err: expect.stringContaining(account) });
    expect(answer.err).not.toContain("whsec_x");
  });

  test("a church that stands for itself is refused whole: every field that is wrong is named", async () => {
    const words = "church create --name L --slug L! --country zz --entity L --json".split(" ");
    const answer = await operatorHere(settings, words);
    expect(answer).toMatchObject({ exit: 1, err: "" });
    expect(JSON.parse(answer.out)).toMatchObject({
      error: { errors: expect.arrayContaining([expect.objectContaining({ pointer: "/country" })]) },
    });
  });
});

describe("an option that cannot be read exits 2 and is named", () => {
  test.each<readonly [command: string, option: string]>([
    ["church create --name L --slug luz2 --country mexico --entity L", "--country"],
    ["gateway connect --church luz --country mexico", "--country"],
    ["gateway connect --church luz --credential secret", "--credential.0"],
    ["gateway webhook-secret --church luz --account a --overlap-hours 999", "--overlap-hours"],
    ["key create --church luz --scope everything", "--scope"],
    ["key create --church luz --expires-at tomorrow", "--expires-at"],
    ["ledger verify --church luz --head 12", "--head"],
    ["webhooks dead --limit 0", "--limit"],
    ["webhooks replay --church luz --id 7", "--id"],
    ["statement import a.csv --church luz --account a --format pdf", "--format"],
  ])("%s", async (command, option) => {
    const answer = await operatorHere(settings, command.split(" "));
    expect(answer).toMatchObject({ exit: 2, out: "" });
    expect(answer.err).toContain(`  ${option}`);
  });

  test("a command that does not exist", async () => {
    const answer = await operatorHere(settings, ["church", "burn"]);
    expect(answer).toMatchObject({
      exit: 2,
      out: "",
      err: expect.stringContaining("unknown command 'burn'"),
    });
  });
});

test("a database that does not answer exits 1 with the cause, not with a statement", async () => {
  const nowhere = { ...settings, DATABASE_URL: "postgres://ofrenda@127.0.0.1:1/ofrenda" };
  const answer = await operatorHere(nowhere, ["jobs", "dead"]);
  expect(answer).toMatchObject({ exit: 1, out: "" });
  expect(answer.err).toMatch(/^Refused: .*ECONNREFUSED/);
  expect(answer.err).not.toContain("select");
});
