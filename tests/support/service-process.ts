import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll } from "vitest";
import { freePort } from "../../src/platform/embedded-postgres.ts";

/** A running `npm start`. */
export type ServiceProcess = {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  printed(): string;
  /** As a power cut would end it: nothing of it runs on. */
  kill(): Promise<void>;
  /** As an operator ends it; resolves with its exit code. */
  terminate(): Promise<number | null>;
};

export type ServiceHome = {
  readonly url: string;
  /** Starts the service on this home; resolves when it is ready. */
  start(): Promise<ServiceProcess>;
  /** All-seeing, on the service's own embedded database, which outlives a killed service. */
  database(): postgres.Sql<{ bigint: bigint }>;
  /** The database server's process, or `undefined` when none runs. */
  databasePid(): number | undefined;
};

const root = join(import.meta.dirname, "..", "..");

/** A home of its own on this machine, with a free port. Everything is stopped and removed after the test file. */
export async function serviceHome(): Promise<ServiceHome> {
  const home = mkdtempSync(join(tmpdir(), "ofrenda-home-"));
  // Run by root, the database runs as another user, who must be able to reach its data.
  chmodSync(home, 0o711);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const running = new Set<ServiceProcess>();
  const clients: postgres.Sql<{ bigint: bigint }>[] = [];
  const pidFile = join(home, "postgres", "postmaster.pid");
  const databasePid = (): number | undefined =>
    existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8").split("\n")[0]) : undefined;
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end({ timeout: 1 })));
    await Promise.all([...running].map((service) => service.kill()));
    const pid = databasePid();
    if (pid !== undefined) process.kill(pid, "SIGQUIT");
    while (databasePid() !== undefined) await pause(50);
    rmSync(home, { recursive: true, force: true });
  });
  return {
    url,
    databasePid,
    database: () => {
      const saved: { password: string; port: number } = JSON.parse(
        readFileSync(join(home, "postgres.json"), "utf8"),
      );
      const client = postgres(`postgres://postgres:${saved.password}@127.0.0.1:${saved.port}/ofrenda`, {
        max: 4,
        types: { bigint: postgres.BigInt },
        onnotice: () => {},
      });
      clients.push(client);
      return client;
    },
    start: async () => {
      const service = startProcess({
        ...process.env,
        OFRENDA_HOME: home,
        PORT: String(port),
        LOG_LEVEL: "warn",
      });
      running.add(service);
      service.child.once("exit", () => running.delete(service));
      while (!service.printed().includes("is ready at")) {
        if (service.child.exitCode !== null)
          throw new Error(`the service did not start:\n${service.printed()}`);
        await pause(25);
      }
      return service;
    },
  };
}

function startProcess(env: NodeJS.ProcessEnv): ServiceProcess {
  const child = spawn(process.execPath, ["--import", "tsx", "src/platform/node.ts"], { cwd: root, env });
  let printed = "";
  const hear = (chunk: Buffer) => {
    printed += chunk.toString("utf8");
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const ended = once(child, "exit");
  return {
    child,
    printed: () => printed,
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
    terminate: async () => {
      child.kill("SIGTERM");
      await ended;
      return child.exitCode;
    },
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Looks until `look` gives something; fails after `seconds`. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  seconds = 15,
): Promise<T> {
  for (let waited = 0; waited < seconds * 1000; waited += 50) {
    const found = await look();
    if (found) return found;
    await pause(50);
  }
  throw new Error(`never came: ${what}`);
}
