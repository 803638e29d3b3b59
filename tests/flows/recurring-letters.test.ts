import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { present } from "../../src/kernel/assert.ts";
import { minutes } from "../../src/kernel/clock.ts";
import { type DonationId, newId, parseId, uuidOf } from "../../src/kernel/ids.ts";
import type { Mail } from "../../src/messages/mailer.ts";
import { nextDateAfter } from "../../src/recurring/next-date.ts";
import { recurringGiftSchema } from "../../src/recurring/recurring-json.ts";
import { byToken, type Giver, giver, newKey } from "../support/gifts.ts";
import { type House, openHouse } from "../support/house.ts";
import { type Standing, standingBody } from "../support/recurring.ts";

const sent: Mail[] = [];
let house: House;
let us: Giver;
let building: string;

beforeAll(async () => {
  const send = async (mail: Mail) => {
    sent.push(mail);
    return { kind: "sent", answer: "250 ok" } as const;
  };
  house = await openHouse({ platform: { mailer: { send } } });
  us = giver(house, await house.church("us"), "us");
  const made = await us.ask("POST", "/v1/funds", { code: "building", name: "Building" });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  building = String(made.body.id);
  // What was read of the church before is forgotten.
  await house.pass(minutes(1));
});
beforeEach(() => {
  sent.length = 0;
});

const settle = async () => {
  await house.settle();
  await house.settle();
};
const until = async (at: string) => {
  await house.pass(new Date(at).getTime() - house.clock.now().getTime());
  await settle();
};
let donors = 0;
async function start(change: object = {}): Promise<Standing> {
  const donor = { name: "Emily Carter", email: `emily${donors++}@example.org` };
  const body = standingBody("us", byToken(), { donor, locale: "en-US", ...change });
  const reply = await us.ask("POST", "/v1/recurring-gifts", body, newKey());
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  await settle();
  return recurringGiftSchema.parse(reply.body);
}
const cancel = (gift: Standing) => us.ask("POST", `/v1/recurring-gifts/${gift.id}/cancel`, {});
const letter = (subject: RegExp) => {
  const found = sent.filter((mail) => subject.test(mail.subject));
  expect(found.map((mail) => mail.subject)).toHaveLength(1);
  return present(found[0], "it was sent").text;
};

describe("a promise that changes is told as it is now and as it was", () => {
  test("the way to pay", async () => {
    const gift = await start();
    sent.length = 0;
    const other = { payment_method: byToken("pm_card_mastercard") };
    expect((await us.ask("POST", `/v1/recurring-gifts/${gift.id}/payment-method`, other)).status).toBe(200);
    await settle();
    const text = letter(/has changed/);
    expect(text).toMatch(/mastercard 4444 \(was visa 4242\)/i);
    expect(text).not.toMatch(/\$500\.00\sUSD \(was/);
    await cancel(gift);
  });

  test("where it goes, with each fund's share, and only then", async () => {
    const gift = await start();
    sent.length = 0;
    const [general = { fund: "", amount: 0 }] = gift.allocations;
    const allocations = [
      { fund: general.fund, amount: 30_000 },
      { fund: building, amount: 20_000 },
    ];
    const moved = await us.ask("PATCH", `/v1/recurring-gifts/${gift.id}`, { allocations });
    expect(moved.status, JSON.stringify(moved.body)).toBe(200);
    await settle();
    const text = letter(/has changed/);
    expect(text).toMatch(/: (.+) \$300\.00\sUSD, Building \$200\.00\sUSD \(was \1\)/);
    expect(text).not.toMatch(/visa 4242 \(/i);
    sent.length = 0;
    await us.ask("PATCH", `/v1/recurring-gifts/${gift.id}`, { frequency: "quarterly" });
    await settle();
    expect(letter(/has changed/)).toMatch(/Building \$200\.00\sUSD\n/);
    await cancel(gift);
  });
});

describe("thanks for a gift of a promise name the next date", () => {
  test("while one is to come, and none after the last", async () => {
    const gift = await start({ starts_on: "2026-12-01", ends: { kind: "after_gifts", gifts: 2 } });
    sent.length = 0;
    await until("2026-12-01T18:00:00Z");
    expect(letter(/^Thank you/)).toMatch(/Friday, January 1, 2027/);
    sent.length = 0;
    await until("2027-01-01T18:00:00Z");
    const last = letter(/^Thank you/);
    expect(last).toMatch(/\$500\.00\sUSD/);
    expect(last).not.toMatch(/Next date|2027/);
    await cancel(gift);
  });

  test("one that is opened already and still ahead, and none while it rests", async () => {
    const gift = await start({ starts_on: "2027-02-01" });
    const recurringGift = present(parseId("recurringGift", gift.id), "its id");
    const { churchId } = us.church;
    const nextAt = (donation: DonationId, at: string) =>
      house.database.db.inChurch(churchId, (tx) =>
        nextDateAfter(tx, churchId, { recurringGift, donation, now: new Date(at) }),
      );
    const other = newId("donation");
    expect(await nextAt(other, "2027-01-15T18:00:00Z")).toBe("2027-02-01");
    await house.database.superuser`
      insert into occurrences (church_id, id, recurring_gift_id, period, rule_number, index, due_on, state,
        amount_minor, currency, tries, reminders, version, created_at, updated_at)
      values (${uuidOf(churchId)}, gen_random_uuid(), ${uuidOf(recurringGift)}, '2027-01', 1, 0, '2027-01-20',
        'open', 50000, 'USD', 0, 0, 1, now(), now())`;
    expect(await nextAt(other, "2027-01-15T18:00:00Z")).toBe("2027-01-20");
    // Evening of the 20th in the church's zone, though not in UTC; the next day it is behind.
    expect(await nextAt(other, "2027-01-21T02:00:00Z")).toBe("2027-01-20");
    expect(await nextAt(other, "2027-01-21T18:00:00Z")).toBe("2027-02-01");
    await us.ask("POST", `/v1/recurring-gifts/${gift.id}/pause`, { resumes_on: "2027-06-15" });
    expect(await nextAt(other, "2027-01-15T18:00:00Z")).toBeUndefined();
    await cancel(gift);
  });
});

test("a dispute tells the church why, and until when it can be answered", async () => {
  await us.ask("PATCH", "/v1/church", { contact_email: "treasurer@example.org", locale: "en-US" });
  await us.give(byToken("pm_card_createDispute"));
  await house.pass(minutes(1));
  await settle();
  const text = letter(/is disputed/);
  expect(text).toContain("Reason: The person who gave it says they did not allow the charge.");
  expect(text).toMatch(/Answer before: .*20\d\d/);
  expect(text).toContain("It is best to answer before the date");
});
