import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, openDatabase, type Sql } from "../../src/db/client.ts";
import { type ChurchId, uuidOf } from "../../src/kernel/ids.ts";
import type { Table } from "../support/catalog.ts";
import { denied, inEach, type TwoChurches, twoChurches, verdict, visible } from "../support/two-churches.ts";

/** All that the sweeper may read, across churches. */
const sweeperSees: Readonly<Record<string, readonly string[]>> = {
  churches: ["church_id", "slug"],
  deliveries: ["church_id", "id", "next_at"],
  followings: ["church_id", "event_id", "follower", "next_at"],
  inbox: ["church_id", "gateway_account_id", "id", "next_at", "order_key", "state"],
  ledger_unsealed: ["church_id"],
  mandates: ["church_id", "expires_on", "id", "next_check_at", "state"],
  messages: ["church_id", "id", "next_at"],
  occurrences: ["church_id", "id", "next_at", "recurring_gift_id"],
  payment_attempts: ["church_id", "id", "next_check_at"],
  recurring_gifts: ["church_id", "id", "next_open_at", "resumes_on"],
  refunds: ["church_id", "id", "next_check_at"],
};

let house: TwoChurches;
let db: Database;
let all: readonly Table[];
let ours: ChurchId;
let theirs: ChurchId;
beforeAll(async () => {
  house = await twoChurches();
  ({ db, all, ours, theirs } = house);
});

describe("by proof", () => {
  test("a slug, a key's hash, an endpoint's token and a message's id each show their one row and no other table", async () => {
    const proofs: readonly (readonly [string, unknown])[] = [
      ["churches", house.rowOf(theirs, "churches").slug],
      ["api_keys", hexOf(house.rowOf(theirs, "api_keys").hash)],
      ["gateway_accounts", house.rowOf(theirs, "gateway_accounts").endpoint_token],
      ["messages", house.rowOf(theirs, "messages").id],
    ];
    for (const [table, proof] of proofs) {
      const seen = await db.byProof(String(proof), ({ sql }) => visible(sql, all));
      expect(seen).toEqual({ ...inEach(all, 0), [table]: 1 });
    }
  });

  test("a platform's key shows its platform; the platform's id shows its churches", async () => {
    const hash = hexOf(house.rowOf(ours, "platform_keys").hash);
    const seen = await db.byProof(hash, ({ sql }) => visible(sql, all));
    expect(seen).toEqual({ ...inEach(all, 0), platform_keys: 1, platforms: 1 });
    const id = String(house.rowOf(ours, "platforms").id);
    expect(await db.byProof(id, ({ sql }) => visible(sql, all))).toEqual({ ...inEach(all, 0), churches: 2 });
    expect(await db.byProof(randomUUID(), ({ sql }) => visible(sql, all))).toEqual(inEach(all, 0));
  });

  test("nothing that is shown by proof can be changed by it, but a platform's own key", async () => {
    const slug = String(house.rowOf(theirs, "churches").slug);
    const run = db.byProof(slug, ({ sql }) => sql`update churches set name = 'mine'`);
    expect(await verdict(run)).toBe("0 rows");
    const hash = hexOf(house.rowOf(theirs, "api_keys").hash);
    const message = String(house.rowOf(theirs, "messages").id);
    const told = db.byProof(message, ({ sql }) => sql`update messages set state = 'failed'`);
    expect(await verdict(told)).toBe("0 rows");
    const revoke = db.byProof(hash, ({ sql }) => sql`update api_keys set revoked_at = null`);
    expect(await verdict(revoke)).toBe("0 rows");
  });
});

const hexOf = (bytes: unknown): string =>
  bytes instanceof Uint8Array ? Buffer.from(bytes).toString("hex") : "";

describe("the sweeper", () => {
  test("may read exactly the columns listed here, and write nothing", async () => {
    const granted = await house.superuser`
      select table_name, array_agg(column_name::text order by column_name::text) as columns,
             bool_and(privilege_type = 'SELECT') as only_reads
      from information_schema.column_privileges where grantee = 'ofrenda_sweeper' group by 1`;
    expect(Object.fromEntries(granted.map((row) => [row.table_name, row.columns]))).toEqual(sweeperSees);
    expect(granted.every((row) => row.only_reads)).toBe(true);
    const whole = await house.superuser`
      select 1 from information_schema.table_privileges where grantee = 'ofrenda_sweeper'`;
    expect(whole).toHaveLength(0);
  });

  test("is refused every other column of every table", async () => {
    for (const table of all) {
      for (const { name } of table.columns) {
        const run = db.sweeping(({ sql }) => sql.unsafe(`select "${name}" from ${table.name}`));
        const seen = await verdict(run);
        if (sweeperSees[table.name]?.includes(name)) expect(seen, `${table.name}.${name}`).toMatch(/ rows$/);
        else expect(seen, `${table.name}.${name}`).toBe(denied);
      }
    }
  });

  test("sees what is due across churches, and not what is not due", async () => {
    const due = () => db.sweeping(({ sql }) => sql`select church_id from refunds order by church_id`);
    const both = [ours, theirs].map(uuidOf).sort();
    expect((await due()).map((row) => row.church_id)).toEqual(both);
    await house.superuser`update refunds set next_check_at = null where church_id = ${uuidOf(ours)}`;
    expect((await due()).map((row) => row.church_id)).toEqual([uuidOf(theirs)]);
  });
});

describe("behind a pooler in transaction mode: one connection for everybody", () => {
  describe.each([true, false])("prepared statements: %s", (prepare) => {
    let one: Database;
    beforeAll(() => {
      one = openDatabase({ url: house.url, maxConnections: 1, prepare });
    });
    afterAll(() => one.close());
    const settings = (sql: Sql) => sql`
      select current_user as role, current_setting('ofrenda.church', true) as church,
             current_setting('ofrenda.proof', true) as proof, pg_backend_pid() as connection`;

    test("role and scope end with their transaction, whether it succeeds or fails", async () => {
      const [inside] = await one.inChurch(ours, ({ sql }) => settings(sql));
      expect(inside).toMatchObject({ role: "ofrenda_app", church: uuidOf(ours) });
      const failing = one.inChurch(theirs, async ({ sql }) => {
        await sql`select 1 / 0`;
      });
      await expect(failing).rejects.toThrow("division by zero");
      const [after] = await one.unscoped(({ sql }) => settings(sql));
      expect(after).toMatchObject({ role: "ofrenda_owner", connection: inside?.connection });
      expect(after?.church || "").toBe("");
      expect(after?.proof || "").toBe("");
      expect(await one.unscoped(({ sql }) => visible(sql, all))).toEqual(inEach(all, 0));
    });

    test("a hundred transactions of two churches, taking turns, each see their own church only", async () => {
      const turns = Array.from({ length: 100 }, (_, n) => (n % 2 ? ours : theirs));
      const seen = await Promise.all(
        turns.map((church) => one.inChurch(church, ({ sql }) => sql`select church_id from funds`)),
      );
      expect(seen.map((found) => found.map((row) => row.church_id))).toEqual(
        turns.map((church) => [uuidOf(church)]),
      );
    });

    test("the first statement of a transaction is already scoped, even when it is not waited for", async () => {
      const seen = await one.inChurch(ours, ({ sql }) =>
        Promise.all([sql`select church_id from donors`, settings(sql)]),
      );
      expect(seen[0].map((row) => row.church_id)).toEqual([uuidOf(ours)]);
    });
  });
});
