import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../src/platform/embedded-postgres.ts";

const root = join(import.meta.dirname, "..", "..");

/** An installation of its own: a folder for the database and secrets, and a port. */
export type Installation = {
  readonly url: string;
  /** Starts the service as `npm start` does; resolves when it says that it is ready. */
  start(): Promise<NodeProcess>;
  /** Whether its PostgreSQL is still up. */
  databaseRuns(): boolean;
  /** Stops what still runs and removes the folder; for `afterAll` at the top of the file. */
  remove(): Promise<void>;
};

export type NodeProcess = {
  readonly readyMs: number;
  /** Everything it has printed. */
  output(): string;
  /** Sends the signal and waits for the end; gives the exit code. */
  stop(signal: "SIGTERM" | "SIGINT"): Promise<number | null>;
};

/** A fresh installation in a folder of its own. */
export async function installation(): Promise<Installation> {
  const home = mkdtempSync(join(tmpdir(), "ofrenda-home-"));
  // Run by root, the database runs as another user, who must be able to reach its data.
  chmodSync(home, 0o711);
  const port = await freePort();
  const running = new Set<ChildProcess>();
  const told = new WeakSet<ChildProcess>();
  return {
    url: `http://localhost:${port}`,
    start: async () => {
      const { DATABASE_URL: _, ...inherited } = process.env;
      const child = spawn(process.execPath, ["--import", "tsx", "src/platform/node.ts"], {
        cwd: root,
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...inherited, OFRENDA_HOME: home, PORT: String(port), SANDBOX: "on", LOG_LEVEL: "warn" },
      });
      running.add(child);
      child.once("exit", () => running.delete(child));
      return started(child, told);
    },
    databaseRuns: () => existsSync(join(home, "postgres", "postmaster.pid")),
    remove: async () => {
      for (const child of running) {
        const ended = once(child, "exit");
        // A second signal would end it before its database: one that was told already is only waited for.
        if (!told.has(child)) child.kill("SIGTERM");
        await ended;
      }
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function started(child: ChildProcess, told: WeakSet<ChildProcess>): Promise<NodeProcess> {
  const from = performance.now();
  let text = "";
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      if (!text.includes("Ctrl-C stops everything")) return;
      resolve({
        readyMs: performance.now() - from,
        output: () => text,
        stop: async (signal) => {
          const ended = once(child, "exit");
          told.add(child);
          child.kill(signal);
          const [code] = await ended;
          return typeof code === "number" ? code : null;
        },
      });
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (code) =>
      reject(new Error(`the service ended with ${code} before it was ready:\n${text}`)),
    );
  });
}
