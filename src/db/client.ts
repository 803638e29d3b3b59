import { PgDatabase, PgDialect } from "drizzle-orm/pg-core";
import { type PostgresJsQueryResultHKT, PostgresJsSession } from "drizzle-orm/postgres-js";
import type postgres from "postgres";
import { allOf } from "../kernel/all-of.ts";
import { present } from "../kernel/assert.ts";
import { gathered } from "../kernel/gathering.ts";
import { type ChurchId, uuidOf } from "../kernel/ids.ts";
import { connect, openPool, type Pool, type PoolOptions } from "./pool.ts";

/** Drizzle on one transaction: for ordinary reads and writes. */
export type Orm = PgDatabase<PostgresJsQueryResultHKT, Record<string, never>>;
/** postgres.js on one transaction: prepared statements and pipelining, for the hot paths. */
export type Sql = postgres.TransactionSql<{ bigint: bigint }>;

/** A statement made and not yet sent. */
export type Statement = postgres.PendingQuery<postgres.Row[]>;
export type Rows = readonly postgres.Row[];

/** A transaction already narrowed to what it may see. */
export type Tx = { readonly sql: Sql; readonly orm: Orm };

export type Database = {
  /** Rows of one church, and nothing else, for the length of one transaction. */
  inChurch<T>(church: ChurchId, work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * The same for work that may share its transaction with others of its kind, arrived at the same time: one flush to
   * disk for all. When one of them fails all are undone, and each is done again by itself, so work may run twice,
   * once even after a commit nobody heard of. It leaves nothing outside the transaction and books no balances. Row locks
   * hold others off, not those who share: what may be done once only is compare-and-set.
   */
  sharing<T>(church: ChurchId, work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Statements of one church in one transaction and one journey: all are sent at once, the commit behind them, so
   * that no lock is held while an answer travels. Nothing can be decided between them: a statement that finds the
   * world other than it was must raise (see `must` in the migrations), which undoes all. Throws its error, else
   * answers each statement's rows.
   */
  together(church: ChurchId, statements: (sql: Sql) => readonly Statement[]): Promise<readonly Rows[]>;
  /** The one row that answers to a look-up value (a key's hash in hex, an endpoint's token, a slug). */
  byProof<T>(proof: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Across churches: which rows are due. Ids and dates only, enforced by column grants. */
  sweeping<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A transaction with no scope: the database shows it nothing of any church. For the sandbox and probes. */
  unscoped<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** One text of the job library's, on one connection, outside our transactions; it may hold several statements. */
  statement(text: string, values: readonly unknown[]): Promise<readonly object[]>;
  close(): Promise<void>;
};

/**
 * Opens a pool. Every transaction chooses its role and scope with transaction-local settings, so the pool may
 * sit behind PgBouncer or Hyperdrive in transaction mode: no session state, no LISTEN, no session locks.
 */
export function openDatabase(options: PoolOptions): Database {
  const pool = openPool(options);
  let jobs: ReturnType<typeof connect> | undefined;
  const run = <T>(scope: Scope, work: (tx: Tx) => Promise<T>) => transact(pool, scope, work);
  const inChurch = <T>(church: ChurchId, work: (tx: Tx) => Promise<T>) =>
    run({ role: "ofrenda_app", church: uuidOf(church) }, work);
  const share = gathered<ChurchId, (tx: Tx) => Promise<void>, void>({
    most: sharersMost,
    atOnce: sharedAtOnce,
    write: (church, works) => inChurch(church, (tx) => allOf(works.map((work) => work(tx)))),
  });
  return {
    inChurch,
    sharing: async (church, work) => {
      let done: { readonly result: Awaited<ReturnType<typeof work>> } | undefined;
      await share(church, async (tx) => {
        done = { result: await work(tx) };
      });
      return present(done, "shared work that did not fail is done").result;
    },
    together: (church, statements) => sendTogether(pool, church, statements),
    byProof: (proof, work) => run({ role: "ofrenda_app", proof }, work),
    sweeping: (work) => run({ role: "ofrenda_sweeper" }, work),
    unscoped: (work) => run(undefined, work),
    statement: (text, values) => {
      // The job library opens its own transactions inside a text, which only a connection of its own may carry.
      jobs ??= connect(options, 1);
      return jobs.unsafe(text, values.map(parameter));
    },
    close: async () => {
      await Promise.all([pool.end(), jobs?.end({ timeout: 5 })]);
    },
  };
}

/** Most works that share one transaction: a bound on how long the first waits for the last. */
const sharersMost = 16;
/** Shared transactions of one church at once: while the database works on one, the next can be made ready. */
const sharedAtOnce = 2;

/** What a transaction may see; `undefined` leaves the login as it is. */
type Scope = { readonly role: string; readonly church?: string; readonly proof?: string } | undefined;

/** Opens a transaction on a connection of our own without waiting: the work's first statement goes with it. */
function open(sql: Sql, scope: Scope): Promise<unknown> {
  const begun: Statement[] = [sql`begin`];
  if (scope) {
    begun.push(sql`
      select set_config('role', ${scope.role}, true), set_config('ofrenda.church', ${scope.church ?? ""}, true),
             set_config('ofrenda.proof', ${scope.proof ?? ""}, true)`);
  }
  // A query is lazy until `execute` or `await`: executed, these go before whatever the work sends.
  return Promise.all(begun.map((one) => one.execute()));
}

function transact<T>(pool: Pool, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
  return onReserved(pool, async (sql) => {
    const opened = open(sql, scope);
    const [result] = await Promise.all([work(transaction(sql)), opened]);
    const { command } = await sql`commit`;
    // PostgreSQL answers ROLLBACK to the commit of a transaction in which something failed unnoticed.
    if (command !== "COMMIT") throw new Error("the transaction was rolled back");
    return result;
  });
}

async function sendTogether(
  pool: Pool,
  church: ChurchId,
  statements: (sql: Sql) => readonly Statement[],
): Promise<readonly Rows[]> {
  return onReserved(pool, async (sql) => {
    const opened = open(sql, { role: "ofrenda_app", church: uuidOf(church) });
    const sent = [...statements(sql), sql`commit`].map((one) => one.execute());
    // The first failure is the cause: what follows it says that the transaction was aborted, or, on a connection
    // that was lost, nothing at all, ever.
    const [, ...rows] = await Promise.all([opened, ...sent]);
    return rows.slice(0, -1);
  });
}

/**
 * Work on one connection. After a failure the transaction is rolled back; a connection that was lost is left to the
 * pool to replace, since a statement sent on it would bring the process down (postgres.js 3.4.9 writes to a
 * socket it has already let go).
 */
function onReserved<T>(pool: Pool, work: (sql: Sql) => Promise<T>): Promise<T> {
  return pool.use(async (client) => {
    const connection = await client.reserve();
    // A reserved connection makes statements exactly as a transaction does; only its type says otherwise.
    const sql = connection as unknown as Sql;
    let alive = true;
    try {
      return await work(sql);
    } catch (error) {
      alive = !isLost(error);
      if (alive) {
        await sql`rollback`.catch(() => {
          alive = false;
        });
      }
      throw error;
    } finally {
      if (alive) connection.release();
    }
  });
}

/** Errors after which there is no connection: the library's own, the socket's, and PostgreSQL's shutdown (57P). */
const isLost = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE|ETIMEDOUT|57P)/.test(String(error.code));

/** The job library writes JSON as text already and arrays as lists; both must reach PostgreSQL as it means them. */
function parameter(value: unknown): string | number | boolean | Date | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return arrayLiteral(value);
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return value instanceof Date ? value : JSON.stringify(value);
}

const arrayLiteral = (items: readonly unknown[]): string =>
  `{${items.map((item) => (item === null || item === undefined ? "NULL" : JSON.stringify(String(item)))).join(",")}}`;

const dialect = new PgDialect({ casing: "snake_case" });

function transaction(sql: Sql): Tx {
  let orm: Orm | undefined;
  return {
    sql,
    get orm() {
      // Made on first use: the hot paths never pay for it. Drizzle's own transaction passes a transaction where
      // its types say a client; so do we. It asks for each statement unprepared, which PostgreSQL then parses and
      // plans anew, in two journeys: ours are the same texts over and over.
      const unsafe: Sql["unsafe"] = (text, values, asked) =>
        sql.unsafe(text, values, { ...asked, prepare: true });
      const client = { unsafe } as unknown as postgres.Sql;
      orm ??= new PgDatabase(dialect, new PostgresJsSession(client, dialect, undefined, {}), undefined);
      return orm;
    },
  };
}
