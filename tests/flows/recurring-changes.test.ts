import { beforeAll, describe, expect, test } from "vitest";
import { present } from "../../src/kernel/assert.ts";
import { days } from "../../src/kernel/clock.ts";
import { parseId, uuidOf } from "../../src/kernel/ids.ts";
import { testDatabase } from "../support/database.ts";
import { churchOf, type MethodChurch, type MethodHouse, openMethodHouse } from "../support/method-house.ts";
import {
  fellDue,
  order,
  ordered,
  readStanding,
  type Standing,
  saved,
  startStanding,
} from "../support/recurring.ts";

let house: MethodHouse;
let us: MethodChurch;
let mx: MethodChurch;
let logged: (gift: Standing) => Promise<readonly string[]>;
let told: (gift: Standing) => Promise<readonly string[]>;
beforeAll(async () => {
  const database = await testDatabase();
  house = await openMethodHouse(database.db);
  us = churchOf(house, "us");
  mx = churchOf(house, "mx");
  const idOf = (gift: Standing) => gift.id.slice(4);
  logged = async (gift) => {
    const rows = await database.superuser`
      select what, split_part(actor, ':', 1) as actor from recurring_changes
      where replace(recurring_gift_id::text, '-', '') = ${idOf(gift)} order by version, what`;
    return rows.map((row) => `${row.what} by ${row.actor}`);
  };
  told = async (gift) => {
    const rows = await database.superuser`
      select type from events where object_id = ${gift.id} order by sequence`;
    return rows.map((row) => String(row.type).split(".")[1] ?? "");
  };
});

const patch = (church: MethodChurch, gift: Standing, body: object) =>
  house.ask(church, "PATCH", `/v1/recurring-gifts/${gift.id}`, body);
/** A reminder: nothing is asked at a gateway, so that what changes is all there is to see. */
const reminder = (change: object = {}) => startStanding(house, mx, { type: "oxxo" }, change);

describe("a change in place", () => {
  test("is shown before it is made, with the next four dates, and nothing is written by looking", async () => {
    const gift = await startStanding(house, us, saved);
    const change = { amount: 80_000, frequency: { cadence: "monthly", on: { nth: 1, weekday: 7 } } };
    const seen = await order(house, us, gift, "preview", change);
    expect(seen.body).toMatchObject({
      before: { amount: { amount: 50_000 }, next_dates: gift.next_dates },
      after: { amount: { amount: 80_000 }, frequency_text: "every month, on the first Sunday" },
      next_dates: ["2026-12-06", "2027-01-03", "2027-02-07", "2027-03-07"],
      needs_mandate: null,
    });
    expect(await readStanding(house, us, gift.id)).toEqual(gift);
    const changed = await patch(us, gift, change);
    expect(changed.body).toMatchObject({
      ...gift,
      ...{ amount: { amount: 80_000 } },
      frequency: change.frequency,
      frequency_text: "every month, on the first Sunday",
      next_dates: seen.body.next_dates,
      next_due_on: "2026-12-06",
      allocations: [{ amount: 80_000 }],
    });
    expect(await logged(gift)).toEqual([
      "created by church",
      "activated by gateway",
      "amount by church",
      "rule by church",
      "split by church",
    ]);
    expect(await told(gift)).toEqual(["created", "updated", "updated"]);
  });

  test("above the ceiling is refused by name; a wider permission carries it, and the old one is ended", async () => {
    const gift = await startStanding(house, us, saved);
    const dear = { amount: 150_000 };
    const refused = await patch(us, gift, dear);
    expect(refused).toMatchObject({ status: 422, body: { code: "amount_out_of_range" } });
    expect(refused.body.errors).toEqual([{ pointer: "/amount", detail: expect.stringContaining("100000") }]);
    expect((await order(house, us, gift, "preview", dear)).body.needs_mandate).toMatchObject({
      pointer: "/amount",
    });
    const wider = { payment_method: { type: "card", token: "pm_card_mastercard" }, ...dear };
    const moved = await ordered(house, us, gift, "payment-method", wider);
    expect(moved).toMatchObject({
      amount: { amount: 150_000 },
      payment_method: { display: "mastercard 4444" },
      mandate: { ceiling: { amount: 300_000 } },
      next_mandate: null,
    });
    expect(moved.mandate?.id).not.toBe(gift.mandate?.id);
  });

  test("of the split moves money between funds and keeps the amount", async () => {
    const gift = await reminder();
    const [fund] = gift.allocations;
    const funds = await house.ask(mx, "GET", "/v1/funds");
    const other = (funds.body.data as { id: string }[]).find(({ id }) => id !== fund?.fund)?.id;
    const allocations = [
      { fund: fund?.fund, amount: 30_000 },
      { fund: other, amount: 20_000 },
    ];
    expect((await patch(mx, gift, { allocations })).body).toMatchObject({
      amount: { amount: 50_000 },
      allocations,
    });
    // A new amount alone keeps the proportion.
    expect((await patch(mx, gift, { amount: 100_000 })).body).toMatchObject({
      allocations: [{ amount: 60_000 }, { amount: 40_000 }],
    });
  });

  test("of nothing writes nothing", async () => {
    const gift = await reminder();
    expect((await patch(mx, gift, { amount: 50_000, frequency: "monthly" })).body).toEqual(gift);
    expect(await logged(gift)).toEqual(["created by church"]);
  });

  test("one card change moves every gift on that card, and none on another", async () => {
    const donor = { name: "Rosa", email: "rosa@example.org" };
    const first = await startStanding(house, us, saved, { donor });
    const second = await startStanding(house, us, saved, { donor, frequency: "weekly" });
    const amex = { type: "card", token: "pm_card_amex" };
    const apart = await startStanding(house, us, amex, { donor });
    const stranger = await startStanding(house, us, saved);
    const moved = await ordered(house, us, first, "payment-method", {
      payment_method: { type: "card", token: "pm_card_mastercard" },
    });
    expect(await readStanding(house, us, second.id)).toMatchObject({
      payment_method: { display: "mastercard 4444" },
      mandate: { id: moved.mandate?.id },
    });
    for (const other of [apart, stranger]) {
      expect((await readStanding(house, us, other.id)).mandate?.id).toBe(other.mandate?.id);
    }
  });
});

const uuid = (id: string) => uuidOf(present(parseId("recurringGift", id), "an id"));

describe("pause, skip, put off", () => {
  test("a pause names the day it ends, goes on by itself, and asks nothing for what it passed over", async () => {
    const gift = await reminder();
    const paused = await ordered(house, mx, gift, "pause", { resumes_on: "2027-02-10" });
    expect(paused).toMatchObject({
      status: "paused",
      resumes_on: "2027-02-10",
      next_dates: ["2027-03-01", "2027-04-01", "2027-05-01", "2027-06-01"],
    });
    expect((await order(house, mx, gift, "skip")).status).toBe(409);
    const now = await ordered(house, mx, gift, "resume");
    expect(now).toMatchObject({ status: "active", next_due_on: "2026-12-01", resumes_on: null });
    expect(await told(gift)).toEqual(["created", "paused", "updated"]);
  });

  test("without a day it is a year at most", async () => {
    const gift = await reminder();
    expect(await ordered(house, mx, gift, "pause")).toMatchObject({ resumes_on: "2027-11-20" });
  });

  test("the next is left out, its period for good; the one after comes on its day", async () => {
    const gift = await reminder();
    expect(await ordered(house, mx, gift, "skip")).toMatchObject({ next_due_on: "2027-01-01" });
    expect(await fellDue(house, mx, gift.id)).toEqual(["2026-12 2026-12-01 skipped"]);
    // Another day in the skipped month does not bring its gift back.
    const moved = await patch(mx, gift, { frequency: { cadence: "monthly", on: { day: 20 } } });
    expect(moved.body).toMatchObject({ next_due_on: "2027-01-20" });
  });

  test("put off by a week it comes later, and the others stay where they are", async () => {
    const gift = await reminder();
    const later = await ordered(house, mx, gift, "snooze", { days: 7 });
    expect(later.next_dates).toEqual(["2026-12-08", "2027-01-01", "2027-02-01", "2027-03-01"]);
    const dearer = await patch(mx, gift, { amount: 70_000 });
    expect(dearer.body).toMatchObject({ next_due_on: "2026-12-08" });
  });

  test("not past the gift after it", async () => {
    const gift = await reminder({ frequency: "weekly" });
    const reply = await order(house, mx, gift, "snooze", { days: 7 });
    expect(reply).toMatchObject({ status: 409, body: { errors: [{ pointer: "/days" }] } });
  });
});

describe("the end", () => {
  test("canceled: the saved card is let go at the gateway, and nothing is left to come", async () => {
    const gift = await startStanding(house, us, saved);
    const over = await ordered(house, us, gift, "cancel", { reason: "moving away" });
    expect(over).toMatchObject({
      status: "canceled",
      canceled_by: "church",
      canceled_at: "2026-11-20T15:00:00.000Z",
      next_dates: [],
      mandate: { state: "ended" },
    });
    expect(await ordered(house, us, gift, "cancel")).toEqual(over);
    expect((await order(house, us, gift, "restart")).body).toMatchObject({ code: "conflict" });
    expect((await patch(us, gift, { amount: 60_000 })).status).toBe(409);
  });

  test("a card that another gift still needs is kept", async () => {
    const first = await startStanding(house, us, saved);
    const second = await startStanding(house, us, saved);
    await house.db.inChurch(
      us.churchId,
      ({
        sql,
      }) => sql`update recurring_gifts set mandate_id = (select mandate_id from recurring_gifts where id = ${uuid(first.id)})
                       where id = ${uuid(second.id)}`,
    );
    await ordered(house, us, second, "cancel");
    expect(await readStanding(house, us, first.id)).toMatchObject({
      status: "active",
      mandate: { state: "active" },
    });
  });

  test("a canceled reminder is taken up again with a tap", async () => {
    const gift = await reminder();
    await ordered(house, mx, gift, "cancel");
    expect(await ordered(house, mx, gift, "restart")).toMatchObject({
      status: "active",
      next_due_on: "2026-12-01",
    });
  });

  test("after so many gifts, or a date, no more dates are shown", async () => {
    expect((await reminder({ ends: { kind: "after_gifts", gifts: 2 } })).next_dates).toEqual([
      "2026-12-01",
      "2027-01-01",
    ]);
    expect((await reminder({ ends: { kind: "on_date", date: "2027-02-14" } })).next_dates).toHaveLength(3);
    const total = await reminder({ ends: { kind: "at_total", amount: 120_000 } });
    expect(total.next_dates).toEqual(["2026-12-01", "2027-01-01", "2027-02-01"]);
  });
});

test("a list is of one church, newest first, by donor and status, page by page", async () => {
  const church = await house.churchWith({
    country: "mx",
    gateway: "stripe",
    accountIn: "mx",
    credentials: undefined,
  });
  const made = [];
  for (let n = 0; n < 3; n++) made.push(await startStanding(house, church, { type: "oxxo" }));
  const list = async (query: string) => (await house.ask(church, "GET", `/v1/recurring-gifts?${query}`)).body;
  const page = await list("limit=2");
  const ids = (body: Record<string, unknown>) => (body.data as Standing[]).map(({ id }) => id);
  expect(ids(page)).toEqual([made[2]?.id, made[1]?.id]);
  expect(ids(await list(`limit=2&cursor=${page.next_cursor}`))).toEqual([made[0]?.id]);
  expect(ids(await list("status=canceled"))).toEqual([]);
  expect(ids(await list(`donor=${made[0]?.donor}`))).toHaveLength(3);
  expect((await house.ask(us, "GET", `/v1/recurring-gifts/${made[0]?.id}`)).status).toBe(404);
});

test("paused until a day, it goes on by itself on that day, and with catch-up the latest missed one comes once", async () => {
  const one = await reminder();
  const two = await reminder();
  await ordered(house, mx, one, "pause", { resumes_on: "2026-12-15" });
  await ordered(house, mx, two, "pause", { resumes_on: "2026-12-15", catch_up: true });
  await house.pass(days(24));
  expect(await readStanding(house, mx, one.id)).toMatchObject({ status: "paused" });
  await house.pass(days(1));
  expect(await readStanding(house, mx, one.id)).toMatchObject({
    status: "active",
    next_due_on: "2027-01-01",
  });
  expect(await fellDue(house, mx, one.id)).toEqual([]);
  // Opened by the collection in the same pass, or about to be: once, and not for every period it passed over.
  const caught = await readStanding(house, mx, two.id);
  const due = (await fellDue(house, mx, two.id)).map((line) => line.split(" ")[1]);
  expect(caught.status).toBe("active");
  expect([caught.next_due_on, ...due].filter((day) => day === "2026-12-01")).toHaveLength(1);
});
