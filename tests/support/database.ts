import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll, inject } from "vitest";
import { type Database, openDatabase } from "../../src/db/client.ts";
import { templateDatabase } from "./global-setup.ts";

export type TestDatabase = {
  readonly db: Database;
  /** The login the service itself would use (owner of the tables, not a superuser). */
  readonly url: string;
  /** All-seeing, for looking at what was written; never used by product code. */
  readonly superuser: postgres.Sql<{ bigint: bigint }>;
};

/** A migrated database of this test file's own, dropped when the file is done. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = `t_${randomBytes(6).toString("hex")}`;
  const base = inject("superuserUrl");
  const admin = postgres(base, { max: 1, onnotice: () => {} });
  await admin.unsafe(`create database ${name} template ${templateDatabase} owner ofrenda_owner`);
  const url = inject("ownerUrl").replace(templateDatabase, name);
  const db = openDatabase({ url, maxConnections: 10, prepare: true });
  const superuser = postgres(base.replace(/\/[^/]+$/, `/${name}`), {
    max: 2,
    types: { bigint: postgres.BigInt },
    onnotice: () => {},
  });
  afterAll(async () => {
    await db.close();
    await superuser.end({ timeout: 1 });
    await admin.unsafe(`drop database if exists ${name} with (force)`);
    await admin.end();
  });
  return { db, url, superuser };
}
