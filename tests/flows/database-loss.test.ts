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
  const shared = () =>
    db.sharing(church, async ({ sql }) => {
      await sql`select pg_sleep(0.4)`;
      return sql`select 2`;
    });
  const five = [slow(), slow(), together(), slow(), together()];
  // The first two go alone, what follows them goes together.
  const started = [...five, ...Array.from({ length: 7 }, shared)].map((one) =>
    one.then(
      () => "done",
      () => "failed",
    ),
  );
  await new Promise((resolve) => setTimeout(resolve, 150));
  await superuser`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`;
  // What shared a transaction is tried once more by itself, so it may come through; all of it comes back.
  expect((await Promise.all(started)).slice(0, 7)).toEqual(Array.from({ length: 7 }, () => "failed"));
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

test("work that shares a transaction and fails takes nobody with it, and leaves nothing behind", async () => {
  const { db, superuser } = await testDatabase();
  await superuser`create table traces (work int, tx text)`;
  await superuser`grant insert on traces to ofrenda_app`;
  const work = (number: number, fails = false) =>
    db.sharing(church, async ({ sql }) => {
      await sql`insert into traces values (${number}, txid_current()::text)`;
      if (fails) await sql`select must(false, 'not_so')`;
      return number;
    });
  const results = (works: readonly Promise<number>[]) =>
    Promise.allSettled(works).then((all) =>
      all.map((one) => (one.status === "fulfilled" ? one.value : "failed")),
    );
  // The first two find nobody under way and go alone.
  expect(await results([work(1), work(2), work(3), work(4), work(5)])).toEqual([1, 2, 3, 4, 5]);
  expect(await results([work(6), work(7), work(8), work(9, true), work(10)])).toEqual([
    6,
    7,
    8,
    "failed",
    10,
  ]);
  const transactions = await superuser<{ works: number[] }[]>`
    select array_agg(work order by work) as works from traces group by tx order by 1`;
  expect(transactions.map(({ works }) => works)).toEqual([[1], [2], [3, 4, 5], [6], [7], [8], [10]]);
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
