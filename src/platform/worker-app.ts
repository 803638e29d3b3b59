import { z } from "zod";
import { type App, createApp } from "../app.ts";
import { type Config, ConfigError, readConfig } from "../config.ts";
import { openDatabase } from "../db/client.ts";
import type { Doorbell } from "../deps.ts";
import { drainJobs } from "../jobs/drain.ts";
import type { Job } from "../jobs/job-table.ts";
import { systemClock } from "../kernel/clock.ts";
import { noMetrics } from "../kernel/metrics.ts";
import type { Secret } from "../kernel/secret.ts";
import { consoleLog } from "./console-log.ts";
import { postgresSandboxStore } from "./postgres-sandbox-store.ts";
import { passSandboxTime } from "./sandbox-clock.ts";

/** Which jobs have work; all that a Queue message says. */
export type Bell = Parameters<Doorbell["ring"]>[0];

/** The part of a Cloudflare Queue that is used. */
export type BellQueue = { sendBatch(messages: readonly { readonly body: Bell }[]): Promise<unknown> };

const isQueue = (value: unknown): value is BellQueue =>
  typeof value === "object" &&
  value !== null &&
  "sendBatch" in value &&
  typeof value.sendBatch === "function";

/** The bindings of `wrangler.toml`; the settings stand beside them as text. */
const bindings = z.object({
  HYPERDRIVE: z.object({ connectionString: z.string() }),
  JOBS: z.custom<BellQueue>(isQueue, "must be a queue").optional(),
});

/**
 * Connections of one invocation. A Worker may have six open at once, database and `fetch` together: four leave
 * room to call a gateway. Hyperdrive pools behind them.
 */
const connectionsMost = 4;

/** How long rung work may go on after an answer: Workers end what runs 30 s beyond it. */
const afterwardsMs = 20_000;

export type Invocation = {
  readonly app: App;
  /** One bounded pass over the jobs chosen, at most `mostMs` long. A job that fails is logged. */
  drain(chosen: (job: Job) => boolean, mostMs: number): Promise<void>;
  /** Lets time pass for the simulators, where the sandbox is on. */
  passTime(): Promise<void>;
  /** Waits for what was left to do in the background, passes on what was rung, and closes the database. Never throws. */
  finish(): Promise<void>;
};

/**
 * The whole service for one invocation. Nothing is kept for the next: a socket may not be used by another request,
 * and neither may anything that waits on one (pool, group commit, half-loaded cache). Throws `ConfigError`.
 */
export function openInvocation(env: Readonly<Record<string, unknown>>): Invocation {
  const { config, masterKey, databaseUrl, queue } = readBindings(env);
  const log = consoleLog(config.logLevel, systemClock);
  const db = openDatabase({
    url: databaseUrl,
    maxConnections: Math.min(config.databaseMaxConnections, connectionsMost),
    prepare: config.databasePrepare,
  });
  const underWay = new Set<Promise<void>>();
  const rung = new Set<Bell>();
  const app = createApp(config, {
    db,
    clock: systemClock,
    log,
    metrics: noMetrics,
    masterKey,
    transport: (input, init) => fetch(input, init),
    webhookTransport: (url, init) => fetch(url, init),
    doorbell: { ring: (work) => void rung.add(work) },
    background: (work) => {
      const run = work()
        .catch((error: unknown) => log.warn({ fault: String(error) }, "background work failed"))
        .finally(() => underWay.delete(run));
      underWay.add(run);
    },
    sandboxStore: (gateway) => postgresSandboxStore(db, gateway),
  });
  const drain: Invocation["drain"] = async (chosen, mostMs) => {
    await drainJobs(app.deps, app.jobs.filter(chosen), AbortSignal.timeout(mostMs));
  };
  const passOn = async (bells: readonly Bell[]): Promise<void> => {
    if (queue) await queue.sendBatch(bells.map((body) => ({ body })));
    else await drain((job) => job.bell !== undefined && bells.includes(job.bell), afterwardsMs);
  };
  const settle = async (): Promise<void> => {
    // Rings are gathered, so that a thousand events are one message; none is lost: work rings after it commits.
    while (rung.size > 0 || underWay.size > 0) {
      const bells = [...rung];
      rung.clear();
      if (bells.length > 0) await passOn(bells);
      else await Promise.race(underWay);
    }
  };
  return {
    app,
    drain,
    passTime: () => passSandboxTime(app.simulators, systemClock.now(), log),
    finish: async () => {
      await settle().catch((error: unknown) => log.warn({ fault: String(error) }, "a ring was lost"));
      await Promise.allSettled(underWay);
      await db.close().catch((error: unknown) => log.warn({ fault: String(error) }, "database not closed"));
    },
  };
}

function readBindings(env: Readonly<Record<string, unknown>>): {
  config: Config;
  masterKey: Secret;
  databaseUrl: string;
  queue: BellQueue | undefined;
} {
  const bound = bindings.safeParse(env);
  if (!bound.success) {
    const faults = bound.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new ConfigError(`wrangler.toml: ${faults.join("; ")}`);
  }
  const texts = Object.entries(env).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as const] : [],
  );
  const databaseUrl = bound.data.HYPERDRIVE.connectionString;
  const config = readConfig({ ...Object.fromEntries(texts), DATABASE_URL: databaseUrl });
  if (!config.masterKey) throw new ConfigError("MASTER_KEY: required on Workers (openssl rand -base64 32)");
  return { config, masterKey: config.masterKey, databaseUrl, queue: bound.data.JOBS };
}
