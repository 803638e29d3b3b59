import { beforeAll, describe, expect, test } from "vitest";
import { hours, minutes } from "../../src/kernel/clock.ts";
import { uuidOf } from "../../src/kernel/ids.ts";
import { bulkhead } from "../../src/recurring/bulkhead.ts";
import { collectDue } from "../../src/recurring/collect-due.ts";
import { openDue } from "../../src/recurring/open-occurrences.ts";
import { type Diary, diaryOf } from "../support/collection.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { churchOf, type MethodChurch, type MethodHouse, openMethodHouse } from "../support/method-house.ts";
import { ordered, readStanding, type Standing, saved, startStanding } from "../support/recurring.ts";
import { stripeControl } from "../support/stripe-control.ts";

let database: TestDatabase;
let house: MethodHouse;
let us: MethodChurch;
let diary: Diary;

beforeAll(async () => {
  database = await testDatabase();
  house = await openMethodHouse(database.db);
  us = churchOf(house, "us");
  diary = diaryOf(house, database.superuser);
});

/** A gift whose day has come and that nobody has worked on yet. */
async function dueNow(starts_on: string, change: object = {}): Promise<Standing> {
  const gift = await startStanding(house, us, saved, { starts_on, ...change });
  house.clock.set(`${starts_on}T18:00:00Z`);
  return gift;
}
const order = { limit: 50, lanes: 4, eachChurch: 4 };
const collect = (deps = house.app.deps) => collectDue(deps, bulkhead(house.clock, 4), order);
const open = () => openDue(house.app.deps, { limit: 50 });
const later = (ms: number) => diary.until(new Date(house.clock.now().getTime() + ms).toISOString());
const breaks = (kind: "timeout_after" | "timeout_before" | "429") =>
  stripeControl(house.app).nextCall({ kind, on: "POST /v1/payment_intents" });

describe("whatever goes wrong, a period is charged once", () => {
  test("two workers open the same day and collect it: one gift", async () => {
    const gift = await dueNow("2026-12-02");
    await Promise.all([open(), open(), open()]);
    expect(await diary.due(us, gift.id)).toHaveLength(1);
    await Promise.all([collect(), collect(), collect()]);
    await later(minutes(1));
    expect(await diary.given(us, gift.id)).toMatchObject([{ status: "succeeded" }]);
    expect(await diary.money(gift.id)).toEqual({ captured: 1, booked: 1 });
    await ordered(house, us, gift, "cancel");
  });

  test("killed after the attempt was written and before it was sent: another takes over with the same key", async () => {
    const gift = await dueNow("2026-12-04");
    await open();
    const { deps } = house.app;
    const killed = {
      ...deps,
      payments: { ...deps.payments, ready: () => Promise.reject(new Error("killed")) },
    };
    await collectDue(killed, bulkhead(house.clock, 4), order);
    expect(await diary.given(us, gift.id)).toMatchObject([{ status: "processing" }]);
    expect(await diary.money(gift.id)).toEqual({ captured: 0, booked: 0 });
    await later(minutes(16));
    expect(await diary.given(us, gift.id)).toMatchObject([{ status: "succeeded" }]);
    expect(await diary.due(us, gift.id)).toMatchObject([{ state: "succeeded", tries: 1 }]);
    expect(await diary.money(gift.id)).toEqual({ captured: 1, booked: 1 });
    await ordered(house, us, gift, "cancel");
  });

  test("an answer that was lost holds the period: nothing is tried again until it is known", async () => {
    const gift = await dueNow("2026-12-08");
    await stripeControl(house.app).deliverWebhooks({ mode: "lost" });
    await breaks("timeout_after");
    await open();
    await collect();
    const [held] = await diary.given(us, gift.id);
    expect(held).toMatchObject({ status: "processing" });
    for (let n = 0; n < 3; n++) await later(minutes(1));
    expect(await diary.due(us, gift.id)).toMatchObject([{ state: "collecting", tries: 1 }]);
    expect((await diary.given(us, gift.id)).map(({ attempt }) => attempt)).toEqual([held?.attempt]);
    await later(hours(3));
    await later(hours(24));
    expect(await diary.given(us, gift.id)).toMatchObject([{ status: "succeeded", attempt: held?.attempt }]);
    await stripeControl(house.app).deliverWebhooks({ mode: "normal" });
    expect(await diary.money(gift.id)).toEqual({ captured: 1, booked: 1 });
    await ordered(house, us, gift, "cancel");
  });

  test("a gateway that asks for quiet is left alone, and the gift goes out a little later", async () => {
    const gifts = [
      await dueNow("2026-12-15"),
      await startStanding(house, us, saved, { starts_on: "2026-12-15" }),
    ];
    await open();
    await breaks("429");
    const shared = bulkhead(house.clock, 1);
    await collectDue(house.app.deps, shared, order);
    await house.settle();
    const states = await Promise.all(gifts.map(async (gift) => (await diary.due(us, gift.id))[0]));
    // One was refused and has its own wait; the other was not sent at all.
    expect(states.map((one) => one?.tries).sort()).toEqual([0, 1]);
    for (const wait of [1, 20, 20]) await later(minutes(wait));
    for (const gift of gifts) {
      expect(await diary.due(us, gift.id)).toMatchObject([{ state: "succeeded" }]);
      expect(await diary.money(gift.id)).toEqual({ captured: 1, booked: 1 });
      await ordered(house, us, gift, "cancel");
    }
  });

  test("what one process learns of a gateway's quiet, another keeps to; and it is forgotten once the gateway answers", async () => {
    const church = await house.churchWith({
      country: "us",
      gateway: "stripe",
      accountIn: "us",
      credentials: undefined,
    });
    const start = (email: string) =>
      startStanding(house, church, saved, {
        starts_on: "2026-12-28",
        donor: { name: "Ana", email },
      });
    const gifts = [await start("one@example.org"), await start("two@example.org")];
    house.clock.set("2026-12-28T18:00:00Z");
    await open();
    const account = async () => {
      const [row] = await database.superuser`
        select troubles, quiet_until from gateway_accounts where church_id = ${uuidOf(church.churchId)}`;
      return row;
    };
    const byOne = { limit: 1, lanes: 1, eachChurch: 1 };
    await breaks("429");
    await collectDue(house.app.deps, bulkhead(house.clock, 1), byOne);
    expect(await account()).toMatchObject({
      troubles: 1,
      quiet_until: new Date(house.clock.now().getTime() + 30_000),
    });
    house.clock.advance(6_000);
    // Another process, which has seen nothing of it.
    await collectDue(house.app.deps, bulkhead(house.clock, 1), order);
    const tries = await Promise.all(gifts.map(async ({ id }) => (await diary.due(church, id))[0]?.tries));
    expect(tries.sort()).toEqual([0, 1]);
    for (const wait of [1, 20, 20]) await later(minutes(wait));
    expect(await account()).toMatchObject({ troubles: 0, quiet_until: null });
    for (const gift of gifts) {
      expect(await diary.due(church, gift.id)).toMatchObject([{ state: "succeeded" }]);
      expect(await diary.money(gift.id)).toEqual({ captured: 1, booked: 1 });
      await ordered(house, church, gift, "cancel");
    }
  });

  test("an answer that comes after the next period began counts for its own, and the next is charged as ever", async () => {
    const gift = await startStanding(
      house,
      us,
      {
        type: "ach_debit",
        token: "pm_usBankAccount_processing",
        mandate_acceptance: { ip_address: "203.0.113.7", user_agent: "a phone" },
      },
      { starts_on: "2027-01-04", frequency: "weekly" },
    );
    await diary.until("2027-01-04T18:00:00Z");
    const [first] = await diary.given(us, gift.id);
    expect(first).toMatchObject({ status: "processing" });
    await diary.until("2027-01-11T18:00:00Z");
    expect((await diary.due(us, gift.id)).map(({ state }) => state)).toEqual(["collecting", "collecting"]);
    const played = await stripeControl(house.app).settleDebit(first?.gateway_payment_id ?? "", {
      kind: "succeeds",
    });
    expect(played.ok).toBe(true);
    await later(minutes(1));
    expect((await diary.due(us, gift.id)).map(({ period, state }) => `${period} ${state}`)).toEqual([
      "2027-W01 succeeded",
      "2027-W02 collecting",
    ]);
    expect(await readStanding(house, us, gift.id)).toMatchObject({ next_due_on: "2027-01-18" });
    await ordered(house, us, gift, "cancel");
  });

  test("a clock that was set back opens nothing twice", async () => {
    const gift = await dueNow("2027-01-20");
    await later(minutes(1));
    expect(await diary.due(us, gift.id)).toHaveLength(1);
    house.clock.set("2027-01-19T18:00:00Z");
    await open();
    await collect();
    await diary.until("2027-01-20T19:00:00Z");
    expect(await diary.due(us, gift.id)).toMatchObject([{ period: "2027-01", state: "succeeded" }]);
    expect(await diary.money(gift.id)).toEqual({ captured: 1, booked: 1 });
    await ordered(house, us, gift, "cancel");
  });

  test("periods that passed while nobody was at work are left out; only the latest is asked for", async () => {
    const gift = await startStanding(house, us, saved, { starts_on: "2027-01-25", frequency: "weekly" });
    await diary.until("2027-02-09T18:00:00Z");
    expect((await diary.due(us, gift.id)).map(({ due_on, state }) => `${due_on} ${state}`)).toEqual([
      "2027-01-25 skipped",
      "2027-02-01 skipped",
      "2027-02-08 succeeded",
    ]);
    expect(await diary.money(gift.id)).toEqual({ captured: 1, booked: 1 });
    await ordered(house, us, gift, "cancel");
  });
});
