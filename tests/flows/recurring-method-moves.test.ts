import { beforeAll, describe, expect, test } from "vitest";
import { type Diary, diaryOf } from "../support/collection.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { newestLetter } from "../support/letters.ts";
import { churchOf, type MethodChurch, type MethodHouse, openMethodHouse } from "../support/method-house.ts";
import { comeIn } from "../support/portal.ts";
import { order, readStanding, saved, startStanding } from "../support/recurring.ts";
import { stripeControl } from "../support/stripe-control.ts";

let database: TestDatabase;
let house: MethodHouse;
let mx: MethodChurch;
let diary: Diary;

beforeAll(async () => {
  database = await testDatabase();
  house = await openMethodHouse(database.db);
  mx = churchOf(house, "mx");
  diary = diaryOf(house, database.superuser);
});

const donorOf = (name: string) => ({ name: "Lupe Díaz", email: `${name}@example.org` });
const toReminder = (gift: { id: string }, type: string, change: object = {}) =>
  order(house, mx, gift, "payment-method", {
    payment_method: { type },
    collection: "reminder",
    ...change,
  });
/** Whether the gateway still holds what a card was saved as. */
async function isSaved(instrument: string): Promise<boolean> {
  const [row] = await database.superuser`select state from mandates where gateway_mandate_id = ${instrument}`;
  return row?.state === "active";
}

describe("two recurring gifts on one card", () => {
  test("whose card is changed in both at the same moment end on one new card, and neither request fails", async () => {
    const donor = { name: "Lupe Díaz", email: "lupe@example.org" };
    const gifts = [
      await startStanding(house, mx, saved, { donor }),
      await startStanding(house, mx, saved, { donor, amount: 20_000 }),
      await startStanding(house, mx, saved, { donor, amount: 30_000 }),
    ];
    for (const token of ["pm_card_mastercard", "pm_card_visa", "pm_card_mastercard", "pm_card_visa"]) {
      const wish = {
        payment_method: { type: "card", token },
        agreement: { ceiling: 100_000 },
      };
      const replies = await Promise.all(gifts.map((gift) => order(house, mx, gift, "payment-method", wish)));
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
      await house.settle();
      const now = await Promise.all(gifts.map(({ id }) => readStanding(house, mx, id)));
      expect(new Set(now.map(({ payment_method }) => payment_method.display)).size).toBe(1);
      expect(now.every(({ status, next_mandate }) => status === "active" && next_mandate === null)).toBe(
        true,
      );
    }
  });
});

describe("from a card to a reminder", () => {
  test("takes effect at once, says honestly what it is, ends the card at the gateway, and brings a voucher in time", async () => {
    const gift = await startStanding(house, mx, saved, { donor: donorOf("a"), starts_on: "2026-12-15" });
    const card = await diary.instrument(gift.id);
    const moved = await toReminder(gift, "oxxo");
    expect(moved).toMatchObject({
      status: 200,
      body: {
        status: "active",
        collection: "reminder",
        payment_method: { type: "oxxo", display: null },
        mandate: null,
        next_due_on: "2026-12-15",
        next_dates: ["2026-12-15", "2027-01-15", "2027-02-15", "2027-03-15"],
      },
    });
    expect(await isSaved(card)).toBe(false);
    await house.settle();
    expect(await newestLetter(house, donorOf("a").email)).toContain("Desde ahora nada se cobra solo");
    await diary.until("2026-12-10T18:00:00Z");
    expect(await diary.given(mx, gift.id)).toMatchObject([
      { status: "requires_action", next_action: { type: "display_voucher" } },
    ]);
    expect(await diary.told(gift.id)).toContain("reminder");
    const [voucher] = await diary.given(mx, gift.id);
    await stripeControl(house.app).payVoucher(voucher?.gateway_payment_id ?? "");
    await diary.until("2026-12-16T18:00:00Z");
    expect(await diary.due(mx, gift.id)).toMatchObject([{ state: "succeeded" }]);
    expect(await diary.money(gift.id)).toEqual({ captured: 1, booked: 1 });

    // And back again: the donor agrees to a card, and from then on it is charged by itself.
    const back = await order(house, mx, gift, "payment-method", { payment_method: saved });
    expect(back.body).toMatchObject({
      collection: "automatic",
      payment_method: { type: "card", display: "visa 4242" },
      mandate: { state: "active" },
      next_due_on: "2027-01-15",
    });
    await house.settle();
    expect(await newestLetter(house, donorOf("a").email)).toContain("Desde ahora se cobra en cada fecha");
    await diary.until("2027-01-15T18:00:00Z");
    expect((await diary.due(mx, gift.id)).at(-1)).toMatchObject({ period: "2027-01", state: "succeeded" });
    expect(await diary.money(gift.id)).toEqual({ captured: 2, booked: 2 });
  });

  test("leaves a card alone that another recurring gift lives on, and ends it with the last", async () => {
    const donor = donorOf("b");
    const one = await startStanding(house, mx, saved, { donor, starts_on: "2027-03-01" });
    const two = await startStanding(house, mx, saved, { donor, amount: 20_000, starts_on: "2027-03-01" });
    const wide = { payment_method: saved, agreement: { ceiling: 100_000 } };
    expect((await order(house, mx, one, "payment-method", wide)).status).toBe(200);
    await house.settle();
    const card = await diary.instrument(one.id);
    expect(await diary.instrument(two.id)).toBe(card);
    expect((await toReminder(one, "spei")).body).toMatchObject({ collection: "reminder" });
    expect(await isSaved(card)).toBe(true);
    expect((await toReminder(two, "spei")).body).toMatchObject({ collection: "reminder" });
    expect(await isSaved(card)).toBe(false);
  });

  test("what waited for another card is asked of the donor at once, once, in the same donation", async () => {
    const broken = { type: "card", token: "pm_card_chargeCustomerFail" };
    const gift = await startStanding(house, mx, broken, { donor: donorOf("c"), starts_on: "2027-03-05" });
    await diary.until("2027-03-05T18:00:00Z");
    expect(await diary.due(mx, gift.id)).toMatchObject([{ state: "retrying", tries: 1 }]);
    expect((await toReminder(gift, "oxxo")).status).toBe(200);
    await diary.until("2027-03-05T18:05:00Z");
    expect(await diary.due(mx, gift.id)).toMatchObject([{ state: "collecting", reminders: 1 }]);
    const given = await diary.given(mx, gift.id);
    expect(given).toMatchObject([{ status: "requires_action", next_action: { type: "display_voucher" } }]);
    await stripeControl(house.app).payVoucher(given[0]?.gateway_payment_id ?? "");
    await diary.until("2027-03-06T18:05:00Z");
    expect(await diary.due(mx, gift.id)).toMatchObject([{ period: "2027-03", state: "succeeded" }]);
    expect(await diary.money(gift.id)).toEqual({ captured: 1, booked: 1 });
  });

  test("a promise that never got its permission begins as a reminder, and a resting one goes on", async () => {
    const waiting = await startStanding(
      house,
      mx,
      { type: "card", presentation: "hosted" },
      { donor: donorOf("d"), starts_on: "2027-04-01" },
    );
    expect(waiting.status).toBe("pending");
    expect((await toReminder(waiting, "oxxo", { amount: 60_000 })).body).toMatchObject({
      status: "active",
      amount: { amount: 60_000 },
      next_due_on: "2027-04-01",
    });
    expect((await toReminder(waiting, "spei")).body).toMatchObject({
      collection: "reminder",
      payment_method: { type: "spei" },
    });
  });

  test.each([
    [{ payment_method: { type: "oxxo", token: "pm_card_visa" } }, "/payment_method/token"],
    [{ payment_method: { type: "pse" } }, "/payment_method/type"],
    [{ payment_method: { type: "cash" } }, "/payment_method/type"],
  ])("%j is refused by name, and nothing has changed", async (wish, pointer) => {
    const gift = await startStanding(house, mx, saved, { donor: donorOf("e"), starts_on: "2027-05-01" });
    const reply = await order(house, mx, gift, "payment-method", { ...wish, collection: "reminder" });
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(reply.body.errors).toMatchObject([{ pointer }]);
    expect(await readStanding(house, mx, gift.id)).toMatchObject({
      collection: "automatic",
      mandate: { state: "active" },
    });
  });

  test("in the portal: reminders stand apart, are never called automatic, and one tap is enough", async () => {
    const gift = await startStanding(house, mx, saved, { donor: donorOf("f"), starts_on: "2027-05-01" });
    const { visitor } = await comeIn(house.app, mx, donorOf("f").email);
    const page = `/portal/${mx.slug}/recurring/${gift.id}`;
    const choice = await visitor.get(`${page}/method`);
    const [, reminders = ""] = choice.text.split("Or be reminded, and pay each time yourself");
    expect(reminders).toContain('data-reminder-choice="oxxo"');
    expect(reminders).toContain("Nothing is charged by itself");
    expect(reminders).not.toMatch(/automatic/i);
    const done = await visitor.send(`${page}/method`, { method: "oxxo" });
    expect(done.text).toContain("Done: nothing is charged by itself any more.");
    expect(done.text).toContain("Reminder");
    expect(await readStanding(house, mx, gift.id)).toMatchObject({ collection: "reminder" });
    const again = await visitor.get(`${page}/method`);
    expect(again.text).not.toContain('data-reminder-choice="oxxo"');
    expect(again.text).toContain('data-method-choice="card"');
  });
});

test("every word to a donor could be written as it was meant", async () => {
  expect(await diary.unwritten()).toEqual([]);
});
