import { expect, test } from "vitest";
import { newId } from "../../src/kernel/ids.ts";
import { testDatabase } from "../support/database.ts";

const church = newId("church");

test("connections lost in the middle of transactions fail those transactions, never the process", async () => {
  const { db, superuser } = await testDatabase();
  const slow = () =>
    db.inChurch(church, async ({ sql }) => {
      await sql`select 1`;
      await sql`select pg_sleep(0.4)`;
      return sql`select 2`;
    });
  const together = () => db.together(church, (sql) => [sql`select pg_sleep(0.4)`, sql`select 1`]);
  const started = [slow(), slow(), together(), slow(), together()].map((one) =>
    one.then(
      () => "done",
      () => "failed",
    ),
  );
  await new Promise((resolve) => setTimeout(resolve, 150));
  await superuser`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`;
  expect(await Promise.all(started)).toEqual(Array.from({ length: 5 }, () => "failed"));
  const rows = await db.inChurch(church, ({ sql }) => sql`select current_user as role`);
  expect(rows[0]).toEqual({ role: "ofrenda_app" });
});

test("a failure nobody looked at undoes the transaction instead of committing half of it", async () => {
  const { db } = await testDatabase();
  const work = db.inChurch(church, async ({ sql }) => {
    await sql`select 1/0`.catch(() => undefined);
    return "answered";
  });
  await expect(work).rejects.toThrow("rolled back");
});

test("statements sent together are all undone when one of them raises", async () => {
  const { db, superuser } = await testDatabase();
  const work = db.together(church, (sql) => [
    sql`create temporary table trace (n int)`,
    sql`select must(false, 'not_so')`,
    sql`select 1`,
  ]);
  await expect(work).rejects.toThrow("not_so");
  expect(await superuser`select 1 from pg_class where relname = 'trace'`).toHaveLength(0);
});

test("nothing of a transaction's scope is left on its connection", async () => {
  const { db } = await testDatabase();
  await db.inChurch(church, ({ sql }) => sql`select 1`);
  const [row] = await db.unscoped(
    ({ sql }) =>
      sql`select current_user as role, coalesce(current_setting('ofrenda.church', true), '') as church`,
  );
  expect(row).toEqual({ role: "ofrenda_owner", church: "" });
});
