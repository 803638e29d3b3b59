import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEmbeddedPostgres } from "../../src/platform/embedded-postgres.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type CliAnswer, operator, operatorHere } from "../support/operator.ts";

const newKey = () => randomBytes(32).toString("base64");
let database: TestDatabase;
let settings: Record<string, string>;
let churchId: string;
let publicKeyOfStripe: string;

const run = (words: string, piped?: string): Promise<CliAnswer> =>
  operatorHere(settings, words.split(" "), piped === undefined ? {} : { piped });
/** The same as a person runs it. */
const inAProcess = (words: string, more: Readonly<Record<string, string>> = {}): Promise<CliAnswer> =>
  operator({ ...settings, ...more }, words.split(" "));
const json = ({ out }: CliAnswer): Record<string, unknown> => JSON.parse(out) as Record<string, unknown>;

beforeAll(async () => {
  database = await testDatabase();
  settings = {
    DATABASE_URL: database.url,
    MASTER_KEY: newKey(),
    SANDBOX: "on",
    PUBLIC_URL: "https://give.example.org",
  };
  const made = await run(
    "church create --name Luz --slug luz --country mx --entity Luz --tax-id GODE561231GR8 --json",
  );
  expect(made).toMatchObject({ exit: 0, err: "" });
  expect(json(made)).toMatchObject({ slug: "luz", give_url: "https://give.example.org/give/luz" });
  churchId = String(json(made).church);
  publicKeyOfStripe = `pk_test_${"a".repeat(24)}`;
});

describe("what a command says", () => {
  test("--help lists every command, each with an example, and none that is not there yet", async () => {
    const help = await inAProcess("--help");
    expect(help.exit).toBe(0);
    const listed = [...help.out.matchAll(/^ {2}(\w[\w -]+) \[options\]/gm)].map((match) => match[1]?.trim());
    const files = readdirSync(join(import.meta.dirname, "../../src/cli/commands"));
    expect(listed.map((name) => `${name?.replaceAll(" ", "-")}.ts`).sort()).toEqual(files.sort());
    for (const name of listed) {
      const about = await run(`${name} --help`);
      expect(about).toMatchObject({ exit: 0, err: "" });
      expect(about.out).toContain(`Example:\n  npm run ofrenda -- ${name}`);
    }
  });

  test("wrong usage exits 2 and says what to mend, on stderr", async () => {
    const [missing, unusable] = await Promise.all([
      inAProcess("church create --name Luz"),
      run("key create --church luz --kind golden"),
    ]);
    expect(missing).toMatchObject({ exit: 2, out: "" });
    expect(missing.err).toContain("--slug");
    expect(unusable).toMatchObject({ exit: 2, out: "" });
    expect(unusable.err).toContain("--kind");
  });

  test("wrong settings exit 2 with the setting's name", async () => {
    const answer = await inAProcess("ledger verify", { MASTER_KEY: "short" });
    expect(answer).toMatchObject({ exit: 2, out: "" });
    expect(answer.err).toContain("MASTER_KEY");
    const asJson = await operatorHere({ ...settings, MASTER_KEY: "short" }, ["ledger", "verify", "--json"]);
    expect(asJson).toMatchObject({ exit: 2, err: "" });
    expect(json(asJson)).toMatchObject({ error: { detail: expect.stringContaining("MASTER_KEY") } });
  });

  test("a refusal exits 1 and names the field; with --json it is JSON", async () => {
    const [taken, nobody] = await Promise.all([
      run("church create --name Luz --slug luz --country mx --entity Luz"),
      run("key create --church nobody --json"),
    ]);
    expect(taken).toMatchObject({ exit: 1, out: "" });
    expect(taken.err).toContain("/slug");
    expect(nobody.exit).toBe(1);
    expect(json(nobody)).toMatchObject({ error: { code: "church_unknown" } });
  });
});

describe("gateways and keys", () => {
  test("a simulated gateway is connected, listed with its webhook address, and its secret rotated", async () => {
    const connected = await run("gateway connect --church luz --sandbox --json");
    expect(connected.exit).toBe(0);
    const { account, webhook_url } = json(connected);
    expect(webhook_url).toMatch(/^https:\/\/give\.example\.org\/webhooks\/stripe\/[\w-]{32}$/);
    const [listed, rotated, unset] = await Promise.all([
      run(`gateway list --church ${churchId} --json`),
      run(`gateway webhook-secret --church luz --account ${account}`, "whsec_rotated\n"),
      run(`gateway webhook-secret --church luz --account ${account}`),
    ]);
    expect(json(listed)).toMatchObject({ data: [{ id: account, sandbox: true, webhook_url }] });
    expect(rotated).toMatchObject({ exit: 0 });
    expect(rotated.out + rotated.err).not.toContain("whsec_rotated");
    expect(unset).toMatchObject({ exit: 1, err: "Refused: no secret was given\n" });
  });

  test("credentials are read from stdin or the environment, refused in the wrong mode, and never printed", async () => {
    const secretKey = `sk_test_${"s".repeat(24)}`;
    const [missing, mixed] = await Promise.all([
      run("gateway connect --church luz", `${secretKey}\n`),
      operatorHere({ ...settings, STRIPE_SECRET_KEY: secretKey, STRIPE_PUBLISHABLE_KEY: publicKeyOfStripe }, [
        "gateway",
        "connect",
        "--church",
        "luz",
        "--mode",
        "live",
      ]),
    ]);
    expect(missing).toMatchObject({ exit: 1 });
    expect(missing.err).toContain("STRIPE_PUBLISHABLE_KEY");
    expect(mixed.err).toContain("not live credentials");
    for (const { out, err } of [missing, mixed]) expect(out + err).not.toContain(secretKey);
  });

  test("an API key is shown once and stored as a hash only", async () => {
    const made = await run("key create --church luz --label ChMS --scope donations:read --json");
    const { key } = json(made);
    expect(key).toMatch(/^ofr_test_/);
    const [row] = await database.superuser`select scopes, label, api_keys::text as text from api_keys`;
    expect(row).toMatchObject({ scopes: ["donations:read"], label: "ChMS" });
    expect(row?.text).not.toContain(String(key));
  });
});

describe("books, webhooks and jobs", () => {
  test("ledger verify passes on sound books and exits 1 naming the break on broken ones", async () => {
    const sound = await inAProcess("ledger verify --json");
    expect(sound.exit).toBe(0);
    expect(json(sound)).toMatchObject({ ok: true, churches: [{ slug: "luz", ok: true }] });
    // A seal without its entry, put there by someone who may do everything.
    const uuid = `${churchId.slice(3, 11)}-${churchId.slice(11, 15)}-${churchId.slice(15, 19)}-${churchId.slice(19, 23)}-${churchId.slice(23)}`;
    await database.superuser.begin(async (sql) => {
      await sql`set local session_replication_role = replica`;
      await sql`insert into ledger_seals (church_id, number, entry_id, hash, sealed_at)
                values (${uuid}, 1, gen_random_uuid(), decode(repeat('00', 32), 'hex'), now())`;
    });
    const broken = await run("ledger verify --church luz");
    expect(broken.exit).toBe(1);
    expect(broken.out).toContain("BROKEN: entry missing (number 1");
    await database.superuser.begin(async (sql) => {
      await sql`set local session_replication_role = replica`;
      await sql`delete from ledger_seals`;
    });
  });

  test("a dead webhook is listed with its reason and goes back into the queue once replayed", async () => {
    await database.superuser`
      insert into inbox (church_id, id, gateway_account_id, verdict, event_key, order_key, type, headers, target, key_version,
                         body, state, received_at, tries, remark)
      select church_id, gen_random_uuid(), id, 'genuine', 'evt_1', 'pi_1', 'charge.updated', '{}', '', 1,
             '\\x00', 'dead', now(), 8, 'unreadable' from gateway_accounts limit 1`;
    const listed = await run("webhooks dead");
    expect(listed.out).toContain("charge.updated");
    expect(listed.out).toContain("unreadable");
    const replayed = await run("webhooks replay --church luz --dead --json");
    expect(json(replayed)).toEqual({ replayed: 1 });
    const [row] = await database.superuser`select state, tries, next_at is not null as due from inbox`;
    expect(row).toEqual({ state: "received", tries: 0, due: true });
  });

  test("a job that failed every retry is listed with its fault", async () => {
    const none = await run("jobs dead");
    expect(none).toMatchObject({ exit: 0, out: "None.\n" });
    await database.superuser`
      insert into pgboss.job (name, output, source_name, keep_until)
      values ('dead-jobs', '{"message": "disk full"}', 'seal-ledger', now() + interval '1 day')`;
    const listed = await run("jobs dead --json");
    expect(json(listed)).toMatchObject({ data: [{ job: "seal-ledger", fault: "disk full" }] });
  });
});

test("a replaced master key opens everything as a previous one until every data key is wrapped again", async () => {
  // The webhook above was never sealed: it is told of, and holds up nothing.
  const rotated = await run("keys rotate --all --json");
  expect(json(rotated)).toMatchObject({ rotated: [{ slug: "luz", version: 2, unopened: { inbox: 1 } }] });
  const old = settings.MASTER_KEY ?? "";
  settings = { ...settings, MASTER_KEY: newKey() };
  const lost = await run("keys rotate --church luz");
  expect(lost.exit).toBe(1);
  expect(lost.err).toContain("a master key that is not configured");
  settings = { ...settings, MASTER_KEY_PREVIOUS: `${newKey()}, ${old}` };
  expect(json(await run("keys rotate --master --json"))).toEqual({ rewrapped: 2, churches: 1 });
  settings = { ...settings, MASTER_KEY_PREVIOUS: "" };
  expect(json(await run("keys rotate --church luz --json"))).toMatchObject({ rotated: [{ version: 3 }] });
});

describe("beside the embedded database", () => {
  const home = mkdtempSync(join(tmpdir(), "ofrenda-cli-"));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test("a command stops the server it started, and leaves one running that was already up", async () => {
    chmodSync(home, 0o711);
    const own = { OFRENDA_HOME: home };
    const first = [
      "church",
      "create",
      "--name",
      "Luz",
      "--slug",
      "luz",
      "--country",
      "mx",
      "--entity",
      "Luz",
    ];
    expect(await operator(own, first)).toMatchObject({ exit: 0, err: "" });
    const { port, password } = JSON.parse(readFileSync(join(home, "postgres.json"), "utf8")) as {
      port: number;
      password: string;
    };
    const probe = () =>
      postgres(`postgres://ofrenda_owner:${password}@127.0.0.1:${port}/ofrenda`, {
        max: 1,
        connect_timeout: 2,
      });
    const stopped = probe();
    await expect(stopped`select 1`).rejects.toThrow();
    await stopped.end();
    const service = await startEmbeddedPostgres({ folder: home, database: "ofrenda" });
    try {
      expect(await operator(own, ["ledger", "verify"])).toMatchObject({ exit: 0 });
      const running = probe();
      expect(await running`select slug from churches`).toEqual([]);
      await running.end();
    } finally {
      await service.stop();
    }
  });
});
