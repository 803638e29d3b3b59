import { PgDatabase, PgDialect } from "drizzle-orm/pg-core";
import { type PostgresJsQueryResultHKT, PostgresJsSession } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { type ChurchId, uuidOf } from "../kernel/ids.ts";

/** Drizzle on one transaction: for ordinary reads and writes. */
export type Orm = PgDatabase<PostgresJsQueryResultHKT, Record<string, never>>;
/** postgres.js on one transaction: prepared statements and pipelining, for the hot paths. */
export type Sql = postgres.TransactionSql<{ bigint: bigint }>;

/** A transaction already narrowed to what it may see. */
export type Tx = { readonly sql: Sql; readonly orm: Orm };

export type Database = {
  /** Rows of one church, and nothing else, for the length of one transaction. */
  inChurch<T>(church: ChurchId, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** The one row that answers to a look-up value (a key's hash in hex, an endpoint's token, a slug). */
  byProof<T>(proof: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Across churches: which rows are due. Ids and dates only, enforced by column grants. */
  sweeping<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A transaction with no scope: the database shows it nothing of any church. For the job tables and probes. */
  unscoped<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

export type DatabaseOptions = {
  readonly url: string;
  readonly maxConnections: number;
  /** Named prepared statements: off behind a pooler that cannot carry them. */
  readonly prepare: boolean;
  readonly applicationName?: string;
};

/** int8 as bigint; JSON parameters may be text already (drizzle makes it so) and must not be encoded twice. */
const types = {
  bigint: postgres.BigInt,
  json: {
    to: 114,
    from: [114, 3802],
    serialize: (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)),
    parse: (text: string): unknown => JSON.parse(text),
  },
};

/**
 * Opens a pool. Every transaction chooses its role and scope with transaction-local settings, so the pool may
 * sit behind PgBouncer or Hyperdrive in transaction mode: no session state, no LISTEN, no session locks.
 */
export function openDatabase(options: DatabaseOptions): Database {
  const client = postgres(options.url, {
    max: options.maxConnections,
    prepare: options.prepare,
    types,
    onnotice: () => {},
    connection: { application_name: options.applicationName ?? "ofrenda" },
  });
  const run = <T>(role: string, church: string, proof: string, work: (tx: Tx) => Promise<T>): Promise<T> =>
    client.begin(async (sql) => {
      // Sent ahead of the work on the same connection; a failure here fails the transaction.
      const scope = sql`
        select set_config('role', ${role}, true), set_config('ofrenda.church', ${church}, true),
               set_config('ofrenda.proof', ${proof}, true)`;
      const [result] = await Promise.all([work(transaction(sql)), scope]);
      return result;
    }) as Promise<T>;
  return {
    inChurch: (church, work) => run("ofrenda_app", uuidOf(church), "", work),
    byProof: (proof, work) => run("ofrenda_app", "", proof, work),
    sweeping: (work) => run("ofrenda_sweeper", "", "", work),
    unscoped: (work) => client.begin(async (sql) => work(transaction(sql))) as ReturnType<typeof work>,
    close: () => client.end({ timeout: 5 }),
  };
}

const dialect = new PgDialect({ casing: "snake_case" });

function transaction(sql: Sql): Tx {
  let orm: Orm | undefined;
  return {
    sql,
    get orm() {
      // Made on first use: the hot paths never pay for it. Drizzle's own transaction passes a transaction where
      // its types say a client; so do we.
      const client = sql as unknown as postgres.Sql;
      orm ??= new PgDatabase(dialect, new PostgresJsSession(client, dialect, undefined, {}), undefined);
      return orm;
    },
  };
}
