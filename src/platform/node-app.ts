import { join } from "node:path";
import { type App, createApp, type Platform } from "../app.ts";
import type { Config } from "../config.ts";
import { type Database, openDatabase } from "../db/client.ts";
import { migrate } from "../db/migrate.ts";
import { type LocalBell, localBell } from "../jobs/bell.ts";
import { systemClock } from "../kernel/clock.ts";
import type { Log } from "../kernel/log.ts";
import { addressFault } from "../outbox/ssrf-guard.ts";
import { corkedSocket } from "./corked-socket.ts";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";
import { mutualTls } from "./mutual-tls.ts";
import { pinnedTransport } from "./pinned-transport.ts";
import { pinoLog } from "./pino-log.ts";
import { postgresSandboxStore } from "./postgres-sandbox-store.ts";
import { prometheus } from "./prometheus.ts";
import { masterKeyOf } from "./secrets.ts";
import { smtpMailer } from "./smtp-mailer.ts";

export type NodeApp = {
  readonly app: App;
  readonly db: Database;
  readonly bell: LocalBell;
  readonly log: Log;
  readonly databaseUrl: string;
  /** Waits for work under way, then closes everything in order. */
  close(): Promise<void>;
};

const migrations = join(import.meta.dirname, "..", "..", "migrations");

/**
 * The service on Node without its HTTP server: for `npm start`, the operator's commands, the benchmark and tests,
 * which may put parts of their own in place of the platform's.
 */
export async function openNodeApp(config: Config, parts: Partial<Platform> = {}): Promise<NodeApp> {
  const embedded =
    config.databaseUrl === undefined
      ? await startEmbeddedPostgres({ folder: config.home, database: "ofrenda" })
      : undefined;
  const url = config.databaseUrl ?? embedded?.url ?? "";
  try {
    await migrate(url, migrations);
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
  const db = openDatabase({
    url,
    sockets: embedded?.sockets,
    ...(embedded ? { openSocket: corkedSocket } : {}),
    maxConnections: config.databaseMaxConnections,
    prepare: config.databasePrepare,
  });
  const log = pinoLog(config.logLevel);
  const metrics = prometheus();
  const bell = localBell();
  const out = pinnedTransport({
    addressFault: (address) => addressFault(address, { allowPrivateTargets: config.sandbox }),
  });
  const shown = mutualTls();
  const { server, from } = config.mail;
  const mailer = server && smtpMailer(server, from);
  const inBackground = new Set<Promise<void>>();
  const app = createApp(config, {
    db,
    clock: systemClock,
    log,
    metrics,
    masterKey: masterKeyOf(config),
    transport: (input, init) => fetch(input, init),
    transportWith: shown.with,
    webhookTransport: out.transport,
    doorbell: bell,
    ...(mailer ? { mailer } : {}),
    background: (work) => {
      const run = work()
        .catch((error: unknown) => log.warn({ fault: String(error) }, "background work failed"))
        .finally(() => inBackground.delete(run));
      inBackground.add(run);
    },
    sandboxStore: (gateway) => postgresSandboxStore(db, gateway),
    scrape: metrics.scrape,
    ...parts,
  });
  bell.bind(app.deps, app.jobs);
  return {
    app,
    db,
    bell,
    log,
    databaseUrl: url,
    close: async () => {
      await Promise.allSettled(inBackground);
      await bell.stop();
      await out.close();
      mailer?.close();
      await shown.close();
      await db.close();
      await embedded?.stop();
    },
  };
}
