import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { present } from "../../src/kernel/assert.ts";
import { parseId } from "../../src/kernel/ids.ts";
import { payUrl } from "../../src/recurring/pay-url.ts";
import { type Diary, diaryOf } from "../support/collection.ts";
import { testDatabase } from "../support/database.ts";
import { churchOf, type MethodChurch, type MethodHouse, openMethodHouse } from "../support/method-house.ts";
import { fellDue, onPage, ordered, readStanding, saved, startStanding } from "../support/recurring.ts";
import { stripeControl } from "../support/stripe-control.ts";

let house: MethodHouse;
let us: MethodChurch;
let diary: Diary;

beforeAll(async () => {
  const database = await testDatabase();
  house = await openMethodHouse(database.db);
  us = churchOf(house, "us");
  diary = diaryOf(house, database.superuser);
});

const empty = "4000000000009995";
const lost = "4000000000009987";
const good = "4242424242424242";
const card = { name: "María José", email: "maria@example.org", type: "card" };

/** From now on the bank treats the gift's card as it treats this test card. */
const treat = async (gift: string, as: string) =>
  stripeControl(house.app).cardTreatedAs(await diary.instrument(gift), as);

describe("a saved card", () => {
  test("is charged on its day each month, once", async () => {
    const gift = await startStanding(house, us, saved);
    await diary.until("2026-11-30T23:00:00Z");
    expect(await diary.given(us, gift.id)).toEqual([]);
    await diary.until("2026-12-01T18:00:00Z");
    await diary.until("2027-01-01T18:00:00Z");
    const given = await diary.given(us, gift.id);
    expect(given.map(({ status }) => status)).toEqual(["succeeded", "succeeded"]);
    expect(given.every(({ recurring_gift }) => recurring_gift === gift.id)).toBe(true);
    expect(await fellDue(house, us, gift.id)).toEqual([
      "2027-01 2027-01-01 succeeded",
      "2026-12 2026-12-01 succeeded",
    ]);
    expect(await diary.money(gift.id)).toEqual({ captured: 2, booked: 2 });
    expect(await readStanding(house, us, gift.id)).toMatchObject({
      next_due_on: "2027-02-01",
      failed_periods: 0,
    });
    await ordered(house, us, gift, "cancel");
  });

  test("without money is asked again the next day and on payday, and then counts for its own period", async () => {
    const gift = await startStanding(house, us, saved, { starts_on: "2027-02-03" });
    await treat(gift.id, empty);
    await diary.until("2027-02-03T18:00:00Z");
    expect(await diary.due(us, gift.id)).toMatchObject([
      { state: "retrying", tries: 1, decline: { code: "insufficient_funds" } },
    ]);
    await diary.until("2027-02-04T18:00:00Z");
    // The 5th is a Friday.
    const [waiting] = await diary.due(us, gift.id);
    expect(waiting).toMatchObject({
      state: "retrying",
      tries: 2,
      next_at: expect.stringMatching(/^2027-02-05/),
    });
    await treat(gift.id, good);
    await diary.until("2027-02-05T18:00:00Z");
    expect(await diary.due(us, gift.id)).toMatchObject([{ state: "succeeded", tries: 3, decline: null }]);
    expect(await diary.given(us, gift.id)).toMatchObject([{ status: "succeeded" }]);
    expect(await diary.money(gift.id)).toEqual({ captured: 1, booked: 1 });
    expect(await readStanding(house, us, gift.id)).toMatchObject({ next_due_on: "2027-03-03" });
    // One word that it will be tried again, not one for each try.
    expect((await diary.told(gift.id)).filter((kind) => kind === "payment_failed")).toHaveLength(1);
    await ordered(house, us, gift, "cancel");
  });

  test("that was lost is never asked again; another card is charged at once", async () => {
    const gift = await startStanding(house, us, saved, { starts_on: "2027-02-10" });
    await treat(gift.id, lost);
    await diary.until("2027-02-10T18:00:00Z");
    await diary.until("2027-02-15T18:00:00Z");
    expect(await diary.due(us, gift.id)).toMatchObject([{ state: "retrying", tries: 1 }]);
    expect(await diary.told(gift.id)).toContain("payment_failed");
    const reply = await house.ask(us, "POST", `/v1/recurring-gifts/${gift.id}/payment-method`, {
      payment_method: { type: "card", token: "pm_card_mastercard" },
    });
    expect(reply.status, JSON.stringify(reply.body)).toBe(200);
    await house.settle();
    await diary.until("2027-02-15T18:01:00Z");
    expect(await diary.due(us, gift.id)).toMatchObject([{ state: "succeeded", tries: 2 }]);
    expect(await diary.given(us, gift.id)).toMatchObject([{ status: "succeeded" }]);
    expect(await readStanding(house, us, gift.id)).toMatchObject({ next_due_on: "2027-03-10" });
    await ordered(house, us, gift, "cancel");
  });

  test("three periods without it put the promise to rest with one caring word, and a tap goes on", async () => {
    const gift = await startStanding(house, us, saved, { starts_on: "2027-02-17", frequency: "weekly" });
    await treat(gift.id, lost);
    for (const day of ["2027-02-17", "2027-02-24", "2027-03-03", "2027-03-10"]) {
      await diary.until(`${day}T18:00:00Z`);
    }
    const due = await diary.due(us, gift.id);
    // A card that its bank calls lost is asked once, and not again in the periods after.
    expect(due.map(({ state, tries }) => `${state} ${tries}`)).toEqual([
      "failed 1",
      "failed 0",
      "failed 0",
      "canceled 0",
    ]);
    expect(await readStanding(house, us, gift.id)).toMatchObject({ status: "dormant", failed_periods: 3 });
    expect((await diary.told(gift.id)).filter((kind) => kind === "recurring_dormant")).toHaveLength(1);
    expect(await diary.money(gift.id)).toEqual({ captured: 0, booked: 0 });
    const again = await ordered(house, us, gift, "restart");
    expect(again).toMatchObject({ status: "active", failed_periods: 0 });
    await ordered(house, us, gift, "payment-method", {
      payment_method: { type: "card", token: "pm_card_mastercard" },
    });
    await diary.until(`${again.next_due_on}T18:00:00Z`);
    expect((await diary.due(us, gift.id)).at(-1)).toMatchObject({ state: "succeeded" });
    await ordered(house, us, gift, "cancel");
  });

  test("of a church that lowered its own limits is asked again less often; none can be raised", async () => {
    const patch = (dunning: object) => house.ask(us, "PATCH", "/v1/church", { dunning });
    const refused = await patch({ retries_per_occurrence: 9 });
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ errors: [{ pointer: "/dunning/retries_per_occurrence" }] });
    expect((await patch({ retries_per_occurrence: 0 })).body).toMatchObject({
      dunning: { retries_per_occurrence: 0 },
    });
    const gift = await startStanding(house, us, saved, { starts_on: "2027-03-22" });
    await treat(gift.id, empty);
    await diary.until("2027-03-22T18:00:00Z");
    expect(await diary.due(us, gift.id)).toMatchObject([{ state: "failed", tries: 1 }]);
    expect((await patch({})).body).toMatchObject({ dunning: {} });
    await ordered(house, us, gift, "cancel");
  });

  test("whose bank wants to see the donor is not tried without them: a link, and a week", async () => {
    const gift = await startStanding(house, us, saved, { starts_on: "2027-04-12" });
    await treat(gift.id, "4000002760003184");
    await diary.until("2027-04-12T18:00:00Z");
    const [held] = await diary.due(us, gift.id);
    expect(held).toMatchObject({
      state: "retrying",
      tries: 1,
      next_at: expect.stringMatching(/^2027-04-19/),
    });
    expect(await diary.told(gift.id)).toContain("payment_failed");
    await diary.until("2027-04-20T18:00:00Z");
    expect(await diary.due(us, gift.id)).toMatchObject([{ state: "failed", tries: 1 }]);
    await ordered(house, us, gift, "cancel");
  });

  test("is paid by the donor from the link, on the gateway's page, for the same period", async () => {
    const gift = await startStanding(house, us, saved, { starts_on: "2027-04-21" });
    await treat(gift.id, "4000002760003184");
    await diary.until("2027-04-21T18:00:00Z");
    const [held] = await diary.due(us, gift.id);
    const { deps } = house.app;
    const url = await deps.db.inChurch(us.churchId, (tx) =>
      payUrl(deps, tx, us.churchId, us.slug, present(parseId("occurrence", held?.id ?? ""), "an occurrence")),
    );
    const press = (method: string, at = url) =>
      house.app.fetch(new Request(at, { method, redirect: "manual" }));
    expect((await press("POST", url.replace(/t=.{6}/, "t=forged"))).status).toBe(404);
    expect(await (await press("GET")).text()).toContain('method="post"');
    expect(await diary.due(us, gift.id)).toMatchObject([{ state: "retrying", tries: 1 }]);
    for (const time of [1, 2]) {
      const sent = await press("POST");
      expect([time, sent.status, sent.headers.get("location")]).toEqual([
        time,
        303,
        expect.stringContaining("/gifts/don_"),
      ]);
    }
    const [waiting] = await diary.given(us, gift.id);
    expect(waiting).toMatchObject({ status: "requires_action", next_action: { type: "redirect" } });
    await onPage(house, String(waiting?.next_action.url), { ...card, number: good });
    await diary.until("2027-04-21T18:30:00Z");
    expect(await diary.due(us, gift.id)).toMatchObject([{ state: "succeeded", tries: 2 }]);
    expect(await diary.money(gift.id)).toEqual({ captured: 1, booked: 1 });
    await ordered(house, us, gift, "cancel");
  });
});

describe("the forecast", () => {
  test("counts what is promised by month, and what will likely come from how it was kept", async () => {
    const church = await house.churchWith({
      country: "us",
      gateway: "stripe",
      accountIn: "us",
      credentials: undefined,
    });
    const ask = async (query = "") =>
      (await house.ask(church, "GET", `/v1/recurring-gifts/forecast${query}`)).body;
    expect(await ask()).toMatchObject({
      data: [],
      adherence: { automatic: { due: 0, given: 0, share: 0.9 } },
    });
    const gift = await startStanding(house, church, saved, { starts_on: "2027-05-03", amount: 10_000 });
    await startStanding(house, church, saved, {
      starts_on: "2027-05-31",
      amount: 2_000,
      frequency: "weekly",
      ends: { kind: "after_gifts", gifts: 3 },
    });
    const before = z.object({ data: z.array(z.looseObject({ month: z.string(), promised: z.int() })) });
    const rows = before.parse(await ask("?months=3")).data;
    expect(rows.map(({ month, promised }) => `${month} ${promised}`)).toEqual([
      "2027-05 12000",
      "2027-06 14000",
    ]);
    expect(rows[0]).toMatchObject({ expected: 10_800, automatic: { promised: 12_000, expected: 10_800 } });
    await diary.until("2027-05-03T18:00:00Z");
    expect(await diary.due(church, gift.id)).toMatchObject([{ state: "succeeded" }]);
    // What has come in is no forecast any more, and the gift is trusted a little further.
    const after = before.parse(await ask("?months=2")).data;
    expect(after[0]).toMatchObject({ month: "2027-05", promised: 2_000 });
    expect(Number(after[1]?.expected)).toBeGreaterThan(14_000 * 0.9);
    expect(await ask("?months=0")).toMatchObject({ status: 400 });
  });
});

test("every word to a donor could be written as it was meant", async () => {
  expect(await diary.unwritten()).toEqual([]);
});
