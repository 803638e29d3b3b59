import { beforeAll, describe, expect, test } from "vitest";
import { createApiKey } from "../../src/access/api-keys.ts";
import { type Diary, diaryOf } from "../support/collection.ts";
import { testDatabase } from "../support/database.ts";
import { churchOf, type MethodChurch, type MethodHouse, openMethodHouse } from "../support/method-house.ts";
import { ordered, pressNewest, readStanding, startStanding } from "../support/recurring.ts";
import { stripeControl } from "../support/stripe-control.ts";

let house: MethodHouse;
let mx: MethodChurch;
let us: MethodChurch;
let br: MethodChurch;
let diary: Diary;

beforeAll(async () => {
  const database = await testDatabase();
  house = await openMethodHouse(database.db);
  mx = churchOf(house, "mx");
  us = churchOf(house, "us");
  br = churchOf(house, "br");
  diary = diaryOf(house, database.superuser);
});

describe("a reminder", () => {
  test("brings a voucher five days before, two more words, and then silence; paid late it counts for its period", async () => {
    const gift = await startStanding(house, mx, { type: "oxxo" }, { starts_on: "2026-12-10" });
    expect(gift.collection).toBe("reminder");
    await diary.until("2026-12-04T18:00:00Z");
    expect(await diary.due(mx, gift.id)).toEqual([]);
    await diary.until("2026-12-05T18:00:00Z");
    const [first] = await diary.given(mx, gift.id);
    expect(first).toMatchObject({ status: "requires_action", next_action: { type: "display_voucher" } });
    expect(await diary.told(gift.id)).toContain("reminder");
    expect(await diary.due(mx, gift.id)).toMatchObject([
      { period: "2026-12", due_on: "2026-12-10", state: "collecting", reminders: 1 },
    ]);
    for (const day of ["09", "12", "13"]) await diary.until(`2026-12-${day}T18:00:00Z`);
    const words = (await diary.told(gift.id)).filter((kind) => kind.startsWith("reminder"));
    // The first voucher had run out by the day before: another, for the same gift.
    expect(words).toEqual(["reminder", "reminder", "reminder_nudge"]);
    const [second, ...none] = await diary.given(mx, gift.id);
    expect(none).toEqual([]);
    expect(second).toMatchObject({ id: first?.id, status: "expired" });
    expect(second?.gateway_payment_id).not.toBe(first?.gateway_payment_id);
    // Paid at the till on its last day, told by the shops' network the day after.
    const paid = await stripeControl(house.app).payVoucher(second?.gateway_payment_id ?? "", { late: true });
    expect(paid.ok).toBe(true);
    await diary.until("2026-12-13T19:00:00Z");
    expect(await diary.due(mx, gift.id)).toMatchObject([{ period: "2026-12", state: "succeeded" }]);
    expect(await diary.given(mx, gift.id)).toMatchObject([{ status: "succeeded" }]);
    expect(await diary.money(gift.id)).toEqual({ captured: 1, booked: 1 });
    await ordered(house, mx, gift, "cancel");
  });

  test("whose older voucher is paid after all counts once; a second payment waits for a person", async () => {
    const gift = await startStanding(house, mx, { type: "oxxo" }, { starts_on: "2026-12-18" });
    await diary.until("2026-12-13T19:30:00Z");
    const [older] = await diary.given(mx, gift.id);
    await diary.until("2026-12-17T18:00:00Z");
    const [newer] = await diary.given(mx, gift.id);
    expect(newer?.gateway_payment_id).not.toBe(older?.gateway_payment_id);
    const control = stripeControl(house.app);
    expect(await control.payVoucher(older?.gateway_payment_id ?? "", { late: true })).toMatchObject({
      ok: true,
    });
    await diary.until("2026-12-17T18:10:00Z");
    expect(await diary.given(mx, gift.id)).toMatchObject([{ status: "succeeded", attempt: older?.attempt }]);
    expect(await control.payVoucher(newer?.gateway_payment_id ?? "")).toMatchObject({ ok: true });
    await diary.until("2026-12-17T18:20:00Z");
    expect(await diary.given(mx, gift.id)).toMatchObject([{ status: "succeeded", attempt: older?.attempt }]);
    expect(await diary.due(mx, gift.id)).toMatchObject([{ state: "succeeded" }]);
    expect(await diary.money(gift.id)).toEqual({ captured: 1, booked: 1 });
    const balance = await house.ask(mx, "GET", "/v1/ledger/trial-balance");
    expect(JSON.stringify(balance.body)).toMatch(/unidentified receipts/);

    const back = {
      kind: "return_conflicted",
      donation: older?.id,
      payee: { name: "María José", account: { kind: "clabe", number: "646180157000000004" } },
    };
    const asked = await house.ask(mx, "POST", "/v1/approvals", back);
    expect(asked.body).toMatchObject({ status: "pending" });
    const given = { kind: "secret", mode: "test", label: "Luis", scopes: ["*"] } as const;
    const luis = await createApiKey(house.db, mx.churchId, given, house.clock.now());
    const agreed = await house.ask(
      { ...mx, key: luis.text.reveal() },
      "POST",
      `/v1/approvals/${asked.body.id}/approve`,
      {},
    );
    expect(agreed.body).toMatchObject({ status: "approved" });
    expect(await diary.given(mx, gift.id)).toMatchObject([{ status: "succeeded", attempt: older?.attempt }]);
    expect(await diary.due(mx, gift.id)).toMatchObject([{ state: "succeeded" }]);
    await ordered(house, mx, gift, "cancel");
  });

  test("that stays unanswered falls silent after three words; what comes after all still counts", async () => {
    const gift = await startStanding(house, mx, { type: "spei" }, { starts_on: "2026-12-20" });
    for (const day of ["15", "19", "22", "27"]) await diary.until(`2026-12-${day}T18:00:00Z`);
    expect(await diary.due(mx, gift.id)).toMatchObject([{ state: "failed", reminders: 3, next_at: null }]);
    expect((await diary.told(gift.id)).filter((kind) => kind.startsWith("reminder"))).toHaveLength(3);
    expect(await readStanding(house, mx, gift.id)).toMatchObject({ failed_periods: 1 });
    const [open] = await diary.given(mx, gift.id);
    await stripeControl(house.app).transfer(open?.gateway_payment_id ?? "", 50_000);
    await diary.until("2026-12-29T18:00:00Z");
    expect(await diary.due(mx, gift.id)).toMatchObject([{ period: "2026-12", state: "succeeded" }]);
    expect(await readStanding(house, mx, gift.id)).toMatchObject({
      failed_periods: 0,
      next_due_on: "2027-01-20",
    });
    await ordered(house, mx, gift, "cancel");
  });

  test("by SPEI shows the donor's own account each time; money sent to it before settles the next one by itself", async () => {
    const gift = await startStanding(house, mx, { type: "spei" }, { starts_on: "2027-01-20" });
    await diary.until("2027-01-15T18:00:00Z");
    const [first] = await diary.given(mx, gift.id);
    expect(first?.next_action).toMatchObject({ type: "display_bank_transfer" });
    const sent = await stripeControl(house.app).transfer(first?.gateway_payment_id ?? "", 50_000);
    expect(sent.ok).toBe(true);
    await diary.until("2027-01-15T19:00:00Z");
    expect(await diary.due(mx, gift.id)).toMatchObject([{ state: "succeeded" }]);
    // A standing order of the donor's own bank comes two weeks early.
    await diary.until("2027-02-01T18:00:00Z");
    await stripeControl(house.app).transfer(first?.gateway_payment_id ?? "", 50_000);
    await diary.until("2027-02-01T19:00:00Z");
    await diary.until("2027-02-15T18:00:00Z");
    await diary.until("2027-02-15T19:00:00Z");
    expect((await diary.due(mx, gift.id)).map(({ period, state }) => `${period} ${state}`)).toEqual([
      "2027-01 succeeded",
      "2027-02 succeeded",
    ]);
    expect(await diary.money(gift.id)).toEqual({ captured: 2, booked: 2 });
    await ordered(house, mx, gift, "cancel");
  });
});

describe("Pix Automático", () => {
  const debtor = { name: "Ana Souza", email: "ana@example.org", tax_id: "39053344705" };
  const start = (starts_on: string) =>
    startStanding(house, br, { type: "pix_automatico" }, { starts_on, donor: debtor, amount: 5_000 });

  test("is announced days ahead, taken on its day, and taken back when the donor leaves a gift out in time", async () => {
    const gift = await start("2027-03-10");
    await pressNewest(house, "pix", "yes");
    expect(await readStanding(house, br, gift.id)).toMatchObject({ status: "active" });
    await diary.until("2027-03-06T15:00:00Z");
    expect(await diary.due(br, gift.id)).toMatchObject([{ state: "collecting", due_on: "2027-03-10" }]);
    expect(await diary.given(br, gift.id)).toMatchObject([{ status: "processing" }]);
    await pressNewest(house, "pix", "pay");
    await diary.until("2027-03-10T23:00:00Z");
    expect(await diary.due(br, gift.id)).toMatchObject([{ state: "succeeded" }]);
    await diary.until("2027-04-06T15:00:00Z");
    expect((await diary.due(br, gift.id)).at(-1)).toMatchObject({ state: "collecting" });
    await ordered(house, br, gift, "skip");
    await diary.until("2027-04-06T15:05:00Z");
    expect((await diary.due(br, gift.id)).at(-1)).toMatchObject({ period: "2027-04", state: "skipped" });
    expect((await diary.given(br, gift.id)).at(-1)).toMatchObject({ status: "canceled" });
    expect(await diary.money(gift.id)).toEqual({ captured: 1, booked: 1 });
    await ordered(house, br, gift, "cancel");
  });

  test("that finds no money is asked for again on the same charge, at most three times in its week", async () => {
    const gift = await start("2027-05-10");
    await pressNewest(house, "pix", "yes");
    await diary.until("2027-05-06T15:00:00Z");
    for (const day of ["10", "12", "14", "16"]) {
      await diary.until(`2027-05-${day}T22:00:00Z`);
      await pressNewest(house, "pix", "no_funds");
      await diary.until(`2027-05-${Number(day) + 1}T15:00:00Z`);
    }
    expect(await diary.due(br, gift.id)).toMatchObject([{ state: "failed", tries: 4 }]);
    expect(await diary.given(br, gift.id)).toHaveLength(1);
    expect(await diary.money(gift.id)).toEqual({ captured: 0, booked: 0 });
    await ordered(house, br, gift, "cancel");
  });
});

describe("a bank", () => {
  test("that ends the permission ends the charges with it", async () => {
    const gift = await startStanding(
      house,
      br,
      { type: "pix_automatico" },
      {
        starts_on: "2027-05-28",
        donor: { name: "Ana Souza", email: "ana@example.org", tax_id: "39053344705" },
      },
    );
    await pressNewest(house, "pix", "yes");
    await pressNewest(house, "pix", "donor_ends");
    await diary.until("2027-05-25T15:00:00Z");
    expect(await readStanding(house, br, gift.id)).toMatchObject({ status: "dormant" });
    expect(await diary.due(br, gift.id)).toEqual([]);
    expect(await diary.given(br, gift.id)).toEqual([]);
    expect(await diary.told(gift.id)).toContain("mandate_ended");
  });
});

describe("an ACH debit", () => {
  const account = (token: string) => ({
    type: "ach_debit",
    token,
    mandate_acceptance: { ip_address: "203.0.113.7", user_agent: "a phone" },
  });

  test("returned for want of money is presented twice more on banking days, and never a fourth time", async () => {
    const gift = await startStanding(house, us, account("pm_usBankAccount_insufficientFunds"), {
      starts_on: "2027-06-04",
    });
    for (let day = 4; day <= 33; day++) {
      await diary.until(new Date(Date.UTC(2027, 5, day, 18)).toISOString());
    }
    expect(await diary.due(us, gift.id)).toMatchObject([
      { state: "failed", tries: 3, decline: { code: "insufficient_funds" } },
    ]);
    expect(await diary.given(us, gift.id)).toMatchObject([{ status: "failed" }]);
    await ordered(house, us, gift, "cancel");
  }, 60_000);
});

test("every word to a donor could be written as it was meant", async () => {
  expect(await diary.unwritten()).toEqual([]);
});
