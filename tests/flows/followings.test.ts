import { beforeAll, describe, expect, test } from "vitest";
import type { Tx } from "../../src/db/client.ts";
import { hours, seconds } from "../../src/kernel/clock.ts";
import { type ChurchId, newId, uuidOf } from "../../src/kernel/ids.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { noMetrics } from "../../src/kernel/metrics.ts";
import { announce } from "../../src/outbox/announce.ts";
import { type FollowedEvent, followDue } from "../../src/outbox/follow.ts";
import { type House, openHouse } from "../support/house.ts";

let house: House;
let church: ChurchId;
beforeAll(async () => {
  house = await openHouse();
  church = (await house.church("mx")).churchId;
});

const parts = () => ({ db: house.database.db, clock: house.clock, log: silentLog, metrics: noMetrics });
const follow = (act: (event: FollowedEvent) => Promise<void>) =>
  followDue(parts(), "recurring", { limit: 50 }, (_tx, event) => act(event));

const happen = (data: Record<string, unknown>) =>
  house.database.db.inChurch(church, (tx) =>
    announce(
      tx,
      church,
      { type: "donation.succeeded", objectId: newId("donation"), sequence: 1, data },
      house.clock.now(),
    ),
  );
const waiting = () =>
  house.database.db.inChurch(
    church,
    ({ sql }) => sql`
      select tries, next_at, fault from followings where church_id = ${uuidOf(church)} and follower = 'recurring'`,
  );

describe("parts of the house that act on events", () => {
  test("an event is acted on once, and only by who follows it", async () => {
    await happen({ recurring_gift: null });
    const { eventId } = await happen({ recurring_gift: "rcg_1" });
    const seen: FollowedEvent[] = [];
    const act = async (event: FollowedEvent) => void seen.push(event);
    expect(await follow(act)).toEqual({ acted: 1, failed: 0 });
    expect(seen.map(({ id, data }) => [id, data])).toEqual([[eventId, { recurring_gift: "rcg_1" }]]);
    expect(await follow(act)).toEqual({ acted: 0, failed: 0 });
  });

  test("what was written while acting is undone when it fails, and it is tried again later", async () => {
    await happen({ recurring_gift: "rcg_2" });
    const fails = followDue(parts(), "recurring", { limit: 50 }, async (tx) => {
      await tx.sql`update churches set name = 'half done' where church_id = ${uuidOf(church)}`;
      throw new Error("not now");
    });
    expect(await fails).toEqual({ acted: 0, failed: 1 });
    const [named] = await house.database.db.inChurch(church, ({ sql }) => sql`select name from churches`);
    expect(named?.name).not.toBe("half done");
    expect(await follow(async () => {})).toEqual({ acted: 0, failed: 0 });
    house.clock.advance(seconds(5));
    expect(await follow(async () => {})).toEqual({ acted: 1, failed: 0 });
  });

  test("of many together only the one that fails is put off: the others are done, once", async () => {
    for (let n = 0; n < 60; n++) await happen({ recurring_gift: `rcg_many_${n}` });
    const mark = (tx: Tx, { id }: FollowedEvent) => tx.sql`
      insert into funds (church_id, id, code, name, created_at)
      values (${uuidOf(church)}, ${uuidOf(id)}, ${id.slice(-20)}, 'acted on', ${house.clock.now()})`;
    const turn = () =>
      followDue(parts(), "recurring", { limit: 100 }, async (tx, event) => {
        await mark(tx, event);
        if (event.data.recurring_gift === "rcg_many_30") throw new Error("not this one");
      });
    expect(await turn()).toEqual({ acted: 59, failed: 1 });
    const [marked] = await house.database.db.inChurch(
      church,
      ({ sql }) => sql`select count(*)::int as times from funds where name = 'acted on'`,
    );
    expect(marked?.times).toBe(59);
    house.clock.advance(seconds(5));
    expect(await follow(async () => {})).toEqual({ acted: 1, failed: 0 });
  });

  test("events of one recurring gift are acted on one after another", async () => {
    for (const gift of ["rcg_a", "rcg_b", "rcg_a"]) await happen({ recurring_gift: gift });
    const busy = new Set<unknown>();
    const seen: unknown[] = [];
    const done = await follow(async ({ data: { recurring_gift: gift } }) => {
      expect(busy).not.toContain(gift);
      busy.add(gift);
      await new Promise((resolve) => setTimeout(resolve, 5));
      busy.delete(gift);
      seen.push(gift);
    });
    expect(done).toEqual({ acted: 3, failed: 0 });
    expect(seen.sort()).toEqual(["rcg_a", "rcg_a", "rcg_b"]);
  });

  test("two processes act on it once between them", async () => {
    await happen({ recurring_gift: "rcg_3" });
    let times = 0;
    const slow = async () => {
      times += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
    };
    const both = await Promise.all([follow(slow), follow(slow)]);
    expect(both.map(({ acted }) => acted).sort()).toEqual([0, 1]);
    expect(times).toBe(1);
  });

  test("what fails for good stays, with its fault, and is not due any more", async () => {
    await happen({ recurring_gift: "rcg_4" });
    for (let turn = 0; turn < 7; turn++) {
      expect(await follow(() => Promise.reject(new Error("never")))).toEqual({ acted: 0, failed: 1 });
      house.clock.advance(hours(24));
    }
    expect(await follow(() => Promise.reject(new Error("never")))).toEqual({ acted: 0, failed: 0 });
    expect(await waiting()).toMatchObject([{ tries: 7, next_at: null, fault: "never" }]);
  });
});
