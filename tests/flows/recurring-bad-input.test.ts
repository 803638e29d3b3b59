import { beforeAll, describe, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { churchOf, type MethodChurch, type MethodHouse, openMethodHouse } from "../support/method-house.ts";
import { type Standing, saved, standingBody, startStanding } from "../support/recurring.ts";

let house: MethodHouse;
let database: TestDatabase;
let us: MethodChurch;
let mx: MethodChurch;
let card: Standing;
let voucher: Standing;
let foreignFund: string;
beforeAll(async () => {
  database = await testDatabase();
  house = await openMethodHouse(database.db);
  us = churchOf(house, "us");
  mx = churchOf(house, "mx");
  card = await startStanding(house, us, saved);
  voucher = await startStanding(house, mx, { type: "oxxo" });
  foreignFund = (await startStanding(house, us, saved)).allocations[0]?.fund ?? "";
});

/** Rows of everything a command could write, and the newest change of any row that could be changed. */
async function written(): Promise<unknown> {
  const [row] = await database.superuser`
    select (select count(*) from recurring_gifts) as gifts, (select sum(version) from recurring_gifts) as versions,
           (select count(*) from recurring_allocations) as shares, (select count(*) from mandates) as mandates,
           (select count(*) from occurrences) as occurrences, (select count(*) from recurring_changes) as changes,
           (select count(*) from donors) as donors, (select count(*) from donations) as donations,
           (select count(*) from idempotency_keys) as keys, (select count(*) from events) as events,
           (select count(*) from messages) as messages`;
  return row;
}

type Refusal = {
  readonly ask: () => { church: MethodChurch; method?: string; path: string; body: object };
  readonly status: number;
  readonly pointer: string;
  readonly mend: RegExp;
};

const path = "/v1/recurring-gifts";
/** A body to start one that is right but for the change. */
const starting = (change: object, method: object = { type: "oxxo" }) => ({
  church: mx,
  path,
  body: standingBody("mx", method, change),
});
const changing = (body: object) => ({ church: mx, method: "PATCH", path: `${path}/${voucher.id}`, body });
const commanding = (verb: string, body: object) => ({
  church: mx,
  path: `${path}/${voucher.id}/${verb}`,
  body,
});

const refusals: Readonly<Record<string, Refusal>> = {
  "a day there is not": {
    ask: () => starting({ starts_on: "2026-02-30" }),
    status: 400,
    pointer: "/starts_on",
    mend: /no day of the calendar/,
  },
  "29 February of a common year": {
    ask: () => starting({ starts_on: "2027-02-29" }),
    status: 400,
    pointer: "/starts_on",
    mend: /no day of the calendar/,
  },
  "a start that has passed": {
    ask: () => starting({ starts_on: "2026-11-19" }),
    status: 400,
    pointer: "/starts_on",
    mend: /choose 2026-11-20 or a later day/,
  },
  "a start more than a year ahead": {
    ask: () => starting({ starts_on: "2027-11-21" }),
    status: 400,
    pointer: "/starts_on",
    mend: /choose 2027-11-20 or an earlier/,
  },
  "an end before the start": {
    ask: () => starting({ ends: { kind: "on_date", date: "2026-11-30" } }),
    status: 400,
    pointer: "/ends/date",
    mend: /first gift, due on 2026-12-01/,
  },
  "an end on a day there is not": {
    ask: () => starting({ ends: { kind: "on_date", date: "2027-02-30" } }),
    status: 400,
    pointer: "/ends/date",
    mend: /date/i,
  },
  "a fund nobody has": {
    ask: () => starting({ allocations: [{ fund: "roof", amount: 50_000 }] }),
    status: 422,
    pointer: "/allocations/0/fund",
    mend: /not an open fund of this church/,
  },
  "another church's fund": {
    ask: () => starting({ allocations: [{ fund: foreignFund, amount: 50_000 }] }),
    status: 422,
    pointer: "/allocations/0/fund",
    mend: /not an open fund of this church/,
  },
  "shares that are not the amount": {
    ask: () => starting({ allocations: [{ fund: "general", amount: 40_000 }] }),
    status: 422,
    pointer: "/allocations",
    mend: /add up to 40000, the amount is 50000/,
  },
  "a voucher that should pull by itself": {
    ask: () => starting({ collection: "automatic" }),
    status: 422,
    pointer: "/collection",
    mend: /ask for the collection "reminder"/,
  },
  "a reminder by a token": {
    ask: () => starting({ collection: "reminder" }, saved),
    status: 400,
    pointer: "/payment_method/token",
    mend: /leave it out/,
  },
  "a rhythm nobody knows": {
    ask: () => starting({ frequency: "now and then" }),
    status: 400,
    pointer: "/frequency",
    mend: /./,
  },
  "the fifth Sunday": {
    ask: () => starting({ frequency: { cadence: "monthly", on: { nth: 5, weekday: 7 } } }),
    status: 400,
    pointer: "/frequency",
    mend: /./,
  },
  "an agreement to less than is charged": {
    ask: () => starting({ agreement: { ceiling: 40_000 } }, saved),
    status: 422,
    pointer: "/agreement/ceiling",
    mend: /at least/,
  },
  "an amount above what the shop takes": {
    ask: () => changing({ amount: 1_000_001 }),
    status: 422,
    pointer: "/amount",
    mend: /the most for oxxo is/,
  },
  "an amount above the mandate's ceiling": {
    ask: () => ({ church: us, method: "PATCH", path: `${path}/${card.id}`, body: { amount: 100_001 } }),
    status: 422,
    pointer: "/amount",
    mend: /above the 100000 that the donor agreed to.*payment-method/,
  },
  "new shares that are not the new amount": {
    ask: () => changing({ amount: 60_000, allocations: [{ fund: "general", amount: 50_000 }] }),
    status: 422,
    pointer: "/allocations",
    mend: /add up to 50000/,
  },
  "a pause for ever": {
    ask: () => commanding("pause", { resumes_on: null }),
    status: 400,
    pointer: "/resumes_on",
    mend: /for ever: name a day up to 2027-11-20, or cancel/,
  },
  "a pause of more than a year": {
    ask: () => commanding("pause", { resumes_on: "2027-11-21" }),
    status: 400,
    pointer: "/resumes_on",
    mend: /more than 12 months/,
  },
  "a pause until yesterday": {
    ask: () => commanding("pause", { resumes_on: "2026-11-19" }),
    status: 400,
    pointer: "/resumes_on",
    mend: /2026-11-21/,
  },
  "putting off by five days": {
    ask: () => commanding("snooze", { days: 5 }),
    status: 400,
    pointer: "/days",
    mend: /./,
  },
  "another method that does not pull": {
    ask: () => commanding("payment-method", { payment_method: { type: "oxxo" } }),
    status: 422,
    pointer: "/payment_method/type",
    mend: /cannot be charged by itself/,
  },
};

describe("refused with the field at fault and how to mend it, and nothing is written", () => {
  test.each(Object.entries(refusals))("%s", async (_, { ask, status, pointer, mend }) => {
    const { church, method = "POST", path: at, body } = ask();
    const before = await written();
    const reply = await house.ask(church, method, at, body);
    expect(reply, JSON.stringify(reply.body)).toMatchObject({ status });
    const errors = reply.body.errors as { pointer: string; detail: string }[];
    expect(errors.map((each) => each.pointer)).toContain(pointer);
    expect(errors.find((each) => each.pointer === pointer)?.detail).toMatch(mend);
    expect(await written()).toEqual(before);
  });

  test.each(["", "/pause", "/resume", "/skip", "/cancel", "/restart", "/preview"])(
    "another church's recurring gift is not there: %s",
    async (verb) => {
      const before = await written();
      const reply = await house.ask(us, verb === "" ? "PATCH" : "POST", `${path}/${voucher.id}${verb}`, {});
      expect(reply).toMatchObject({ status: 404, body: { code: "not_found" } });
      expect(await written()).toEqual(before);
    },
  );
});
