import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type Diary, diaryOf } from "../support/collection.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type MethodChurch, type MethodHouse, openMethodHouse } from "../support/method-house.ts";
import { onPage, order, readStanding, type Standing, startStanding } from "../support/recurring.ts";

/** The bank debits of Europe and Canada, by the accounts that Stripe's test pages publish for each. */
const rails = [
  {
    method: "bacs_debit",
    country: "gb",
    currency: "GBP",
    works: "pm_bacsDebit_success",
    display: "bacs 2345",
    poor: "pm_bacsDebit_insufficientFunds",
    forbids: "pm_bacsDebit_debitNotAuthorized",
    disputes: "pm_bacsDebit_disputed",
  },
  {
    method: "acss_debit",
    country: "ca",
    currency: "CAD",
    works: "pm_acssDebit_success",
    display: "STRIPE TEST BANK 6789",
    poor: "pm_acssDebit_insufficientFunds",
    forbids: undefined,
    disputes: undefined,
  },
  {
    method: "sepa_debit",
    country: "de",
    currency: "EUR",
    works: "pm_success_de",
    display: "sepa 3000",
    poor: undefined,
    forbids: "pm_failed_de",
    disputes: "pm_disputed_de",
  },
] as const;
type Rail = (typeof rails)[number];
type Case = "works" | "poor" | "forbids" | "disputes";

let database: TestDatabase;
let house: MethodHouse;
let diary: Diary;
const churches = new Map<string, MethodChurch>();
const gifts = new Map<string, Standing>();
/** How each gift's first period stood, by day: `2026-12-03 collecting`. */
const days = new Map<string, string[]>();

const nameOf = ({ method }: Rail, which: Case) => `${method} ${which}`;
const churchOf = ({ country }: Rail): MethodChurch => churches.get(country) ?? expect.fail(country);
const giftOf = (rail: Rail, which: Case): Standing =>
  gifts.get(nameOf(rail, which)) ?? expect.fail(nameOf(rail, which));
const byToken = (rail: Rail, token: string) => ({
  type: rail.method,
  token,
  mandate_acceptance: { ip_address: "203.0.113.7", user_agent: "a phone" },
});

const start = (rail: Rail, token: string, email: string) =>
  startStanding(house, churchOf(rail), byToken(rail, token), {
    amount: 4_000,
    currency: rail.currency,
    starts_on: "2026-12-02",
    donor: { name: "Mary Jones", email, address },
  });
const address = { street: "1 Church Lane", city: "York", postal_code: "YO1 7HH" };

const rows = z.array(z.object({ id: z.string(), state: z.string() }));
async function firstPeriods() {
  const found = await database.superuser`
    select 'rcg_' || replace(recurring_gift_id::text, '-', '') as id, state from occurrences where period = '2026-12'`;
  return rows.parse([...found]);
}

/** Six weeks of all of them at once: two periods, with what banks say days later. */
beforeAll(async () => {
  database = await testDatabase();
  house = await openMethodHouse(database.db);
  diary = diaryOf(house, database.superuser);
  for (const rail of rails) {
    const only = {
      country: rail.country,
      gateway: "stripe",
      accountIn: rail.country,
      credentials: undefined,
    };
    churches.set(rail.country, await house.churchWith(only));
    for (const which of ["works", "poor", "forbids", "disputes"] as const) {
      const token = rail[which];
      const email = `${rail.country}-${which}@example.org`;
      if (token) gifts.set(nameOf(rail, which), await start(rail, token, email));
    }
  }
  for (let day = 1; day <= 44; day += day < 10 ? 1 : 2) {
    const at = new Date(Date.UTC(2026, 11, day, 18)).toISOString();
    await diary.until(at);
    for (const { id, state } of await firstPeriods()) {
      const seen = days.get(id) ?? [];
      if (seen.at(-1)?.slice(11) !== state) seen.push(`${at.slice(0, 10)} ${state}`);
      days.set(id, seen);
    }
  }
}, 120_000);

describe("a bank debit", () => {
  test.each(rails)(
    "$method is agreed to once, debited each month, and counts when the bank has paid, days later",
    async (rail) => {
      const gift = giftOf(rail, "works");
      const church = churchOf(rail);
      expect(gift).toMatchObject({
        status: "active",
        collection: "automatic",
        payment_method: { type: rail.method, display: rail.display },
        mandate: { state: "active", ceiling: { amount: 8_000, currency: rail.currency } },
      });
      expect(days.get(gift.id)).toEqual([
        "2026-12-02 collecting",
        expect.stringMatching(/^2026-12-(0[8-9]|10) succeeded$/),
      ]);
      expect(await diary.due(church, gift.id)).toMatchObject([
        { period: "2026-12", state: "succeeded", tries: 1 },
        { period: "2027-01", state: "succeeded", tries: 1 },
      ]);
      expect(await diary.money(gift.id)).toEqual({ captured: 2, booked: 2 });
      expect(await diary.told(gift.id)).not.toContain("payment_failed");
    },
  );

  test.each(rails.filter(({ poor }) => poor))(
    "$method that finds no money is presented once more on a banking day, and then waits for its next period",
    async (rail) => {
      const gift = giftOf(rail, "poor");
      const church = churchOf(rail);
      const [first] = await diary.due(church, gift.id);
      expect(first).toMatchObject({ state: "failed", tries: 2, decline: { code: "insufficient_funds" } });
      expect(days.get(gift.id)?.map((line) => line.slice(11))).toEqual([
        "collecting",
        "retrying",
        "collecting",
        "failed",
      ]);
      expect((await diary.told(gift.id)).filter((kind) => kind === "payment_failed")).not.toEqual([]);
      expect(await diary.money(gift.id)).toEqual({ captured: 0, booked: 0 });
      expect((await diary.due(church, gift.id))[1]).toMatchObject({ period: "2027-01", tries: 1 });
    },
  );

  test.each(rails.filter(({ forbids }) => forbids))(
    "$method that the donor's bank does not allow is not presented again: the donor is asked for another way",
    async (rail) => {
      const gift = giftOf(rail, "forbids");
      const church = churchOf(rail);
      const [first] = await diary.due(church, gift.id);
      expect(first).toMatchObject({ tries: 1, decline: { code: "mandate_invalid" } });
      expect(days.get(gift.id)?.map((line) => line.slice(11, 19))).toContain("retrying");
      expect(await diary.money(gift.id)).toEqual({ captured: 0, booked: 0 });
      expect(await diary.told(gift.id)).toContain("payment_failed");
      const open = (await diary.due(church, gift.id)).find(({ state }) => state === "retrying");
      expect(open).toMatchObject({ period: "2027-01", tries: 0 });
      const other = { payment_method: byToken(rail, rail.works) };
      expect(await order(house, church, gift, "payment-method", other)).toMatchObject({ status: 200 });
      await diary.until(new Date(house.clock.now().getTime() + 60_000).toISOString());
      expect((await diary.due(church, gift.id)).at(-1)).toMatchObject({ state: "collecting", tries: 1 });
    },
  );

  test.each(rails.filter(({ disputes }) => disputes))(
    "$method taken back through the donor's bank after it had been paid is told, and not debited again before they say so",
    async (rail) => {
      const gift = giftOf(rail, "disputes");
      const church = churchOf(rail);
      const given = await house.ask(church, "GET", `/v1/donations?recurring_gift=${gift.id}`);
      expect(given.body.data).toMatchObject([{ status: "succeeded", disputed: true }]);
      const [first, second] = await diary.due(church, gift.id);
      expect(first).toMatchObject({ period: "2026-12", state: "succeeded" });
      expect(second).toMatchObject({ period: "2027-01", state: "retrying", tries: 0 });
      expect(await diary.told(gift.id)).toContain("payment_failed");
      expect(await readStanding(house, church, gift.id)).toMatchObject({ status: "active" });
    },
  );
});

test("a debit on the gateway's page is agreed to there, and goes on like the others", async () => {
  const church = churchOf(rails[0]);
  const gift = await startStanding(
    house,
    church,
    { type: "bacs_debit", presentation: "hosted" },
    {
      amount: 4_000,
      currency: "GBP",
      starts_on: "2027-02-01",
      donor: { name: "Mary Jones", email: "page@example.org", address },
    },
  );
  if (gift.next_action.type !== "redirect") throw new Error("the donor is sent to the gateway's page");
  const who = { name: "Mary Jones", email: "page@example.org" };
  await onPage(house, gift.next_action.url, { ...who, type: "bacs_debit", account: "00012345" });
  expect(await readStanding(house, church, gift.id)).toMatchObject({
    status: "active",
    payment_method: { display: "bacs 2345" },
    next_due_on: "2027-02-01",
  });
});

test("every word to a donor could be written as it was meant", async () => {
  expect(await diary.unwritten()).toEqual([]);
});
