import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Account } from "../../adapters/pix/sandbox/accounts.ts";
import type { SandboxControl } from "../../adapters/pix/sandbox/control.ts";
import { present } from "../../src/kernel/assert.ts";
import { hours } from "../../src/kernel/clock.ts";
import { openDue } from "../../src/recurring/open-occurrences.ts";
import { type Diary, diaryOf, type GivenGift } from "../support/collection.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { newestLetter } from "../support/letters.ts";
import { churchOf, type MethodChurch, type MethodHouse, openMethodHouse } from "../support/method-house.ts";
import { pixAccountOf, pixControl } from "../support/pix-control.ts";
import { comeIn } from "../support/portal.ts";
import { ordered, readStanding, type Standing, startStanding } from "../support/recurring.ts";

let database: TestDatabase;
let house: MethodHouse;
let br: MethodChurch;
let diary: Diary;
let control: SandboxControl;
let account: Account;

beforeAll(async () => {
  database = await testDatabase();
  house = await openMethodHouse(database.db);
  br = churchOf(house, "br");
  diary = diaryOf(house, database.superuser);
  control = pixControl(house.app);
  account = await pixAccountOf(house.app, br);
});

const ana = (email: string) => ({ name: "Ana Souza", email, tax_id: "39053344705" });
/** A Pix reminder of R$ 50 each month. */
const remind = (starts_on: string, email: string): Promise<Standing> =>
  startStanding(house, br, { type: "pix" }, { starts_on, amount: 5_000, donor: ana(email) });
const codeOf = async ({ id }: Standing): Promise<string> => {
  const { body, status } = await house.ask(br, "GET", `/v1/recurring-gifts/${id}/own-code`);
  expect(status).toBe(200);
  return z.object({ payload: z.string() }).parse(body).payload;
};
/** The donor pays by their own code; the provider tells. Answers the Pix's end-to-end id. */
async function pay(code: string, amount: bigint): Promise<string> {
  const paid = await control.payCode(account, code, amount);
  expect(paid).toMatchObject({ ok: true });
  await house.settle();
  return paid.ok ? paid.value : "";
}
/** All gifts of the donor of a promise, oldest first. */
async function giftsOf({ donor }: Standing): Promise<readonly GivenGift[]> {
  const { body } = await house.ask(br, "GET", `/v1/donations?donor=${donor}&limit=100`);
  return z.array(z.custom<GivenGift>()).parse(body.data).reverse();
}
const suspense = async (): Promise<unknown> => {
  const { body } = await house.ask(br, "GET", "/v1/ledger/trial-balance");
  return JSON.stringify(body).includes("unidentified receipts");
};

describe("a Pix reminder's own code", () => {
  test("is the donor's for good, one for all their promises, and no other donor's", async () => {
    const gift = await remind("2026-12-10", "ana1@example.org");
    const code = await codeOf(gift);
    expect(code).toMatch(/^000201.*br\.gov\.bcb\.pix.*6304[0-9A-F]{4}$/);
    const second = await remind("2026-12-10", "ana1@example.org");
    expect(second.donor).toBe(gift.donor);
    expect(await codeOf(second)).toBe(code);
    expect(await codeOf(await remind("2026-12-10", "ana2@example.org"))).not.toBe(code);
    const { visitor } = await comeIn(house.app, br, "ana1@example.org");
    const page = await visitor.get(`/portal/${br.slug}/recurring/${gift.id}`);
    expect(page.text).toContain(code.replaceAll("&", "&amp;"));
    expect(page.text).toContain("Reminder");
    for (const each of [gift, second]) await ordered(house, br, each, "cancel");
  });

  test("paid before the period's own code was made is the period's gift, and nobody is reminded of it", async () => {
    const gift = await remind("2026-12-12", "ana3@example.org");
    await diary.until("2026-12-06T23:00:00Z");
    const code = await codeOf(gift);
    // Opened, and not yet asked for.
    house.clock.advance(hours(16));
    await openDue(house.app.deps, { limit: 100 });
    expect(await diary.due(br, gift.id)).toMatchObject([{ state: "open", donation: null }]);
    const e2e = await pay(code, 5_000n);
    await diary.until("2026-12-07T16:00:00Z");
    expect(await diary.due(br, gift.id)).toMatchObject([{ period: "2026-12", state: "succeeded" }]);
    expect(await diary.given(br, gift.id)).toMatchObject([
      { status: "succeeded", amount: 5_000, gateway_payment_id: e2e },
    ]);
    await ordered(house, br, gift, "cancel");
  });

  test("paid while the period's code waits is the period's gift; the other code cannot be paid any more", async () => {
    const gift = await remind("2026-12-20", "ana4@example.org");
    await diary.until("2026-12-15T18:00:00Z");
    const [asked] = await diary.given(br, gift.id);
    expect(asked).toMatchObject({ status: "requires_action", next_action: { type: "display_qr" } });
    expect(await newestLetter(house, "ana4@example.org")).toContain(await codeOf(gift));
    const e2e = await pay(await codeOf(gift), 5_000n);
    await diary.until("2026-12-15T19:00:00Z");
    expect(await diary.due(br, gift.id)).toMatchObject([
      { period: "2026-12", state: "succeeded", reminders: 1 },
    ]);
    expect(await diary.given(br, gift.id)).toMatchObject([
      { id: asked?.id, status: "succeeded", gateway_payment_id: e2e },
    ]);
    expect(await control.pay(account, asked?.gateway_payment_id ?? "")).toMatchObject({ ok: false });
    expect(await diary.money(gift.id)).toEqual({ captured: 1, booked: 1 });
    await diary.until("2026-12-19T18:00:00Z");
    expect((await diary.told(gift.id)).filter((kind) => kind.startsWith("reminder"))).toEqual(["reminder"]);
    expect(await diary.told(gift.id)).not.toContain("recurring_canceled");
    await ordered(house, br, gift, "cancel");
  });

  test("paid when the period's code had just been paid too is a gift of its own: neither is lost or taken twice", async () => {
    const gift = await remind("2026-12-28", "ana10@example.org");
    await diary.until("2026-12-23T18:00:00Z");
    const [asked] = await diary.given(br, gift.id);
    await control.deliverNotices("lost");
    expect(await control.pay(account, asked?.gateway_payment_id ?? "")).toMatchObject({ ok: true });
    await control.deliverNotices("normal");
    await pay(await codeOf(gift), 5_000n);
    await diary.until("2026-12-24T18:00:00Z");
    expect(await diary.due(br, gift.id)).toMatchObject([{ state: "succeeded" }]);
    expect(await giftsOf(gift)).toMatchObject([
      { status: "succeeded", recurring_gift: gift.id, gateway_payment_id: asked?.gateway_payment_id },
      { status: "succeeded", recurring_gift: null },
    ]);
    await ordered(house, br, gift, "cancel");
  });

  test("told three times is booked once; another amount, or a second time, is a gift of its own to the same funds", async () => {
    const gift = await remind("2027-01-10", "ana5@example.org");
    await diary.until("2027-01-05T18:00:00Z");
    const code = await codeOf(gift);
    await control.deliverNotices("duplicated");
    await pay(code, 7_500n);
    await control.deliverNotices("normal");
    expect(await diary.due(br, gift.id)).toMatchObject([{ state: "collecting" }]);
    await pay(code, 5_000n);
    await pay(code, 5_000n);
    await diary.until("2027-01-05T19:00:00Z");
    expect(await diary.due(br, gift.id)).toMatchObject([{ state: "succeeded" }]);
    const all = await giftsOf(gift);
    expect(all.map(({ amount, status, recurring_gift }) => [amount, status, recurring_gift])).toEqual([
      [5_000, "succeeded", gift.id],
      [7_500, "succeeded", null],
      [5_000, "succeeded", null],
    ]);
    expect(await suspense()).toBe(false);
    await ordered(house, br, gift, "cancel");
  });

  test("goes on being taken after the promise was canceled: a standing order in a bank does not hear of it", async () => {
    const gift = await remind("2027-01-20", "ana6@example.org");
    const code = await codeOf(gift);
    await ordered(house, br, gift, "cancel");
    await pay(code, 5_000n);
    expect(await giftsOf(gift)).toMatchObject([{ amount: 5_000, status: "succeeded", recurring_gift: null }]);
    expect((await house.ask(br, "GET", `/v1/recurring-gifts/${gift.id}`)).body.status).toBe("canceled");
  });

  test("paid after the period was given up is still taken for it", async () => {
    const gift = await remind("2027-02-10", "ana7@example.org");
    for (const day of ["05", "09", "12", "17"]) await diary.until(`2027-02-${day}T18:00:00Z`);
    expect(await diary.due(br, gift.id)).toMatchObject([{ period: "2027-02", state: "failed" }]);
    await pay(await codeOf(gift), 5_000n);
    await diary.until("2027-02-17T19:00:00Z");
    expect(await diary.due(br, gift.id)).toMatchObject([{ period: "2027-02", state: "succeeded" }]);
    expect(await readStanding(house, br, gift.id)).toMatchObject({ failed_periods: 0 });
    expect(await diary.money(gift.id)).toEqual({ captured: 1, booked: 1 });
    await ordered(house, br, gift, "cancel");
  });

  test("whose notice was lost is found by asking, and nobody is reminded of it", async () => {
    const gift = await remind("2027-03-10", "ana8@example.org");
    await diary.until("2027-03-05T18:00:00Z");
    const code = await codeOf(gift);
    await control.deliverNotices("lost");
    await pay(code, 5_000n);
    await control.deliverNotices("normal");
    expect(await diary.due(br, gift.id)).toMatchObject([{ state: "collecting" }]);
    await diary.until("2027-03-08T18:00:00Z");
    expect(await diary.due(br, gift.id)).toMatchObject([{ state: "succeeded", reminders: 1 }]);
    expect(await diary.money(gift.id)).toEqual({ captured: 1, booked: 1 });
    await ordered(house, br, gift, "cancel");
  });

  test("is refunded like other gifts, and follows what the bank's app gives back", async () => {
    const gift = await remind("2027-04-10", "ana9@example.org");
    const e2e = await pay(await codeOf(gift), 4_000n);
    const [given] = await giftsOf(gift);
    const refund = await house.ask(br, "POST", `/v1/donations/${given?.id}/refunds`, { amount: 1_500 });
    expect(refund).toMatchObject({ status: 201 });
    await house.settle();
    expect(await control.returnUnasked(account, e2e, "ORIGINAL", 500n)).toMatchObject({ ok: true });
    await house.settle();
    expect((await giftsOf(gift))[0]).toMatchObject({ status: "succeeded", refunded_amount: 2_000 });
    await ordered(house, br, gift, "cancel");
  });

  test("that nobody was given is kept as money of nobody's until a person decides", async () => {
    const { body } = await house.ask(br, "POST", "/v1/donors", { name: "Rui", email: "rui@example.org" });
    const donorId = present(z.string().parse(body.id), "a donor");
    const txid = BigInt(`0x${donorId.slice(4)}`)
      .toString(36)
      .toUpperCase()
      .padStart(25, "0");
    await control.payStatic(account, txid, 1_234n);
    await house.settle();
    expect(await suspense()).toBe(true);
  });

  test("is no card's or voucher's: there the answer is that there is none", async () => {
    const { body } = await house.ask(churchOf(house, "mx"), "POST", "/v1/recurring-gifts", {
      amount: 50_000,
      currency: "MXN",
      country: "mx",
      payment_method: { type: "oxxo" },
      donor: { name: "María José", email: "maria@example.org" },
      frequency: "monthly",
      starts_on: "2027-05-01",
    });
    const asked = await house.ask(churchOf(house, "mx"), "GET", `/v1/recurring-gifts/${body.id}/own-code`);
    expect(asked.status).toBe(404);
  });
});

test("every word to a donor could be written as it was meant", async () => {
  expect(await diary.unwritten()).toEqual([]);
});
