import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { readConfig } from "../../src/config.ts";
import { openDatabase } from "../../src/db/client.ts";
import { present } from "../../src/kernel/assert.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { freePort, startEmbeddedPostgres } from "../../src/platform/embedded-postgres.ts";
import { passSandboxTime, startSandboxClock } from "../../src/platform/sandbox-clock.ts";
import { startService } from "../../src/platform/service.ts";
import { testDatabase } from "../support/database.ts";

/** Making a database from nothing on a busy machine. */
const slow = 120_000;
const homes: string[] = [];
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** A folder of its own; run by root, the database runs as another user, who must reach it. */
function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), "ofrenda-service-"));
  chmodSync(home, 0o711);
  homes.push(home);
  return home;
}
const settingsOf = (home: string, port: number) =>
  readConfig({ OFRENDA_HOME: home, PORT: String(port), LOG_LEVEL: "silent" });

describe("the service with nothing configured", () => {
  test(
    "makes its database and its key, serves, and goes on from them at the next start",
    async () => {
      const home = newHome();
      const port = await freePort();
      const first = await startService(settingsOf(home, port));
      const url = `http://localhost:${port}`;
      const key = present(
        /Test API key {4}(ofr_test_\w+)/.exec(first.banner)?.[1],
        "a first start prints a key",
      );
      expect(first.banner).toContain(`${url}/give/demo-mx`);
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
      await first.stop();
      await expect(fetch(`${url}/readyz`)).rejects.toThrow();

      for (const secret of ["master.key", "postgres.json"]) {
        expect(statSync(join(home, secret)).mode & 0o077, `${secret} is nobody else's to read`).toBe(0);
      }
      const second = await startService(settingsOf(home, port));
      expect(second.banner).not.toContain(key);
      expect(second.banner).toContain("printed at the first start");
      const church = await fetch(`${url}/v1/church`, { headers: { authorization: `Bearer ${key}` } });
      expect(church.status, "the key of the first start still opens what it opened").toBe(200);
      await second.stop();
    },
    slow,
  );

  test(
    "a port that is taken ends the start and leaves nothing running",
    async () => {
      const { url } = await testDatabase();
      const config = {
        ...readConfig({
          DATABASE_URL: url,
          SANDBOX: "off",
          PUBLIC_URL: "https://give.example.org",
          MASTER_KEY: Buffer.alloc(32).toString("base64"),
          LOG_LEVEL: "silent",
        }),
        port: await freePort(),
      };
      const running = await startService(config);
      expect(running.banner).not.toContain("TEST MODE");
      await expect(startService(config)).rejects.toThrow(/EADDRINUSE/);
      await running.stop();
    },
    slow,
  );
});

describe("the embedded database", () => {
  test(
    "that a dead process left running is taken over and stopped; another's is only used",
    async () => {
      const folder = newHome();
      const options = { folder, database: "ofrenda", throwAway: true };
      const owner = await startEmbeddedPostgres(options);
      const guest = await startEmbeddedPostgres({ ...options, database: "second" });
      await guest.stop();
      expect(await reachable(guest.url)).toBe(true);
      // As after a power cut of the owner: its number is of no process.
      writeFileSync(join(folder, "postgres.owner"), "2147483646");
      const heir = await startEmbeddedPostgres(options);
      expect(readFileSync(join(folder, "postgres.owner"), "utf8")).toBe(String(process.pid));
      await heir.stop();
      expect(await reachable(owner.url)).toBe(false);
    },
    slow,
  );

  test("in a folder where it cannot be made says so, and where", async () => {
    const folder = newHome();
    mkdirSync(join(folder, "postgres"));
    writeFileSync(join(folder, "postgres", "somebody-elses"), "");
    await expect(startEmbeddedPostgres({ folder, database: "ofrenda" })).rejects.toThrow(
      `the embedded database could not be made in ${join(folder, "postgres")}`,
    );
  });

  test("on a machine it is not built for, or where root has nobody to run it as, asks for DATABASE_URL", async () => {
    const start = () => startEmbeddedPostgres({ folder: newHome(), database: "ofrenda" });
    const arch = Object.getOwnPropertyDescriptor(process, "arch");
    Object.defineProperty(process, "arch", { ...arch, value: "mips" });
    await expect(start()).rejects.toThrow(/no embedded PostgreSQL for \w+ mips: set DATABASE_URL/);
    Object.defineProperty(process, "arch", present(arch, "a process has an architecture"));
    vi.spyOn(process, "getuid").mockReturnValue(0);
    vi.stubEnv("PATH", "");
    await expect(start()).rejects.toThrow(/cannot run as root.*set DATABASE_URL/);
  });
});

async function reachable(url: string): Promise<boolean> {
  const db = openDatabase({ url, maxConnections: 1, prepare: false });
  return db
    .unscoped(({ sql }) => sql`select 1`)
    .then(() => true)
    .catch(() => false)
    .finally(() => db.close());
}

describe("a pool of connections", () => {
  test("carries a job library's parameters as PostgreSQL means them", async () => {
    const { db } = await testDatabase();
    const at = new Date("2026-11-20T12:00:00Z");
    const [row] = await db.statement(
      "select $1::text as nothing, $2::text[] is not distinct from array['a \"b\", c', null, null, '7'] as list, $3::jsonb as json, $4::timestamptz as at, $5::int as n, $6::boolean as yes, $7::text as absent",
      [null, ['a "b", c', null, undefined, 7], { deep: [1] }, at, 3, true, undefined],
    );
    expect(row).toEqual({
      nothing: null,
      list: true,
      json: { deep: [1] },
      at,
      n: 3,
      yes: true,
      absent: null,
    });
  });

  test("undoes the transaction in which something failed, even where the work did not notice", async () => {
    const { db } = await testDatabase();
    const unnoticed = db.unscoped(async ({ sql }) => {
      await sql`select 1/0`.catch(() => undefined);
      return "done";
    });
    await expect(unnoticed).rejects.toThrow("the transaction was rolled back");
    await expect(db.unscoped(({ sql }) => sql`select 1/0`)).rejects.toThrow("division by zero");
    expect(await db.unscoped(async ({ sql }) => (await sql`select 1 as one`)[0])).toEqual({ one: 1 });
  });
});

describe("time at the simulators", () => {
  test("passes for each of them; one that stumbles holds up no other and is named", async () => {
    const ticked: string[] = [];
    const warned: unknown[] = [];
    const log = { ...silentLog, warn: (fields: object) => warned.push(fields) };
    const simulators = new Map(
      Object.entries({
        broken: () => Promise.reject(new Error("no bank today")),
        sound: async (now: Date) => void ticked.push(now.toISOString()),
      }).map(([id, tick]) => [id, simulatorWith(tick)] as const),
    );
    await passSandboxTime(simulators, new Date(0), log);
    expect(ticked).toEqual(["1970-01-01T00:00:00.000Z"]);
    expect(warned).toEqual([{ gateway: "broken", fault: "Error: no bank today" }]);
  });

  test("passes every few seconds, never twice at once, and no more once stopped", async () => {
    vi.useFakeTimers();
    let open = () => {};
    let begun = 0;
    const tick = () => {
      begun += 1;
      return new Promise<void>((resolve) => {
        open = resolve;
      });
    };
    const clock = startSandboxClock(new Map([["slow", simulatorWith(tick)]]), silentLog);
    await vi.advanceTimersByTimeAsync(16_000);
    expect(begun).toBe(1);
    open();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(begun).toBe(2);
    open();
    clock.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(begun).toBe(2);
    vi.useRealTimers();
  });
});

const nothing = { ok: false, error: "not in this test" } as const;
const simulatorWith = (tick: (now: Date) => Promise<void>) => ({
  tick,
  fetch: async () => new Response(),
  openAccount: () => ({ credentials: {}, webhookSecret: undefined }),
  listen: async () => nothing,
  desk: { name: "none", payments: async () => [], play: async () => nothing, delivery: undefined },
});
