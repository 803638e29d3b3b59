import { beforeAll, expect, test } from "vitest";
import { sendNotices } from "../../src/recurring/notices.ts";
import { type Diary, diaryOf } from "../support/collection.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { churchOf, type MethodChurch, type MethodHouse, openMethodHouse } from "../support/method-house.ts";
import { ordered, saved, startStanding } from "../support/recurring.ts";

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

const tell = async () => {
  // Twice, as two workers would: nobody is told twice.
  for (const _ of [1, 2]) await sendNotices(house.app.deps, { limit: 2 });
};
const told = async (gift: string, kind: string) => (await diary.told(gift)).filter((one) => one === kind);

test("a yearly gift is announced a week before, a monthly one of the same amount is not", async () => {
  const yearly = await startStanding(house, us, saved, { starts_on: "2026-12-10", frequency: "yearly" });
  const monthly = await startStanding(house, us, saved, { starts_on: "2026-12-10" });
  house.clock.set("2026-12-02T15:00:00Z");
  await tell();
  expect(await told(yearly.id, "upcoming_charge")).toEqual([]);
  house.clock.set("2026-12-03T15:00:00Z");
  await tell();
  expect(await told(yearly.id, "upcoming_charge")).toEqual(["upcoming_charge"]);
  expect(await told(monthly.id, "upcoming_charge")).toEqual([]);
  await diary.until("2026-12-10T18:00:00Z");
  await house.ask(us, "PATCH", `/v1/recurring-gifts/${monthly.id}`, { amount: 60_000 });
  house.clock.set("2027-01-05T15:00:00Z");
  await tell();
  expect(await told(monthly.id, "upcoming_charge")).toEqual(["upcoming_charge"]);
  for (const gift of [yearly, monthly]) await ordered(house, us, gift, "cancel");
});

test("a pause that ends is told of a week before", async () => {
  const gift = await startStanding(house, us, saved, { starts_on: "2027-02-01" });
  await ordered(house, us, gift, "pause", { resumes_on: "2027-04-15" });
  house.clock.set("2027-04-07T15:00:00Z");
  await tell();
  expect(await told(gift.id, "recurring_resuming")).toEqual([]);
  house.clock.set("2027-04-08T15:00:00Z");
  await tell();
  expect(await told(gift.id, "recurring_resuming")).toEqual(["recurring_resuming"]);
  await ordered(house, us, gift, "cancel");
});

test("the last gift before the end that was chosen is told of a week before, and no other", async () => {
  const ends = { kind: "after_gifts", gifts: 2 };
  const gift = await startStanding(house, us, saved, { starts_on: "2027-04-20", ends });
  house.clock.set("2027-04-14T15:00:00Z");
  await tell();
  expect(await told(gift.id, "recurring_ending")).toEqual([]);
  await diary.until("2027-04-20T18:00:00Z");
  house.clock.set("2027-05-14T15:00:00Z");
  await tell();
  await tell();
  expect(await told(gift.id, "recurring_ending")).toEqual(["recurring_ending"]);
  await ordered(house, us, gift, "cancel");
});

test("a card is told of 30 and again 7 days before its month is over", async () => {
  const gift = await startStanding(house, us, saved, { starts_on: "2027-12-01" });
  await database.superuser`
    update mandates set expires_on = '2027-06'
    where id = (select mandate_id from recurring_gifts g where 'rcg_' || replace(g.id::text, '-', '') = ${gift.id})`;
  const kinds = async () => {
    const rows = await database.superuser`
      select dedupe_key from messages where kind = 'card_expiring' order by created_at`;
    return rows.map((row) => String(row.dedupe_key).replace(/^card_expiring:mdt_\w+:/, ""));
  };
  for (const day of ["2027-05-20", "2027-05-31", "2027-06-10", "2027-06-23", "2027-06-30", "2027-07-01"]) {
    house.clock.set(`${day}T15:00:00Z`);
    await tell();
  }
  expect(await kinds()).toEqual(["2027-06:30", "2027-06:7"]);
  await ordered(house, us, gift, "cancel");
});
