import { beforeAll, describe, expect, test } from "vitest";
import { days } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { testDatabase } from "../support/database.ts";
import { churchOf, type MethodChurch, type MethodHouse, openMethodHouse } from "../support/method-house.ts";
import {
  fellDue,
  order,
  ordered,
  readStanding,
  type Standing,
  saved,
  standingBody,
  startStanding,
} from "../support/recurring.ts";

/** What is asked of a recurring gift that cannot be: refused by name, and nothing of it moves. */
let house: MethodHouse;
let us: MethodChurch;
let mx: MethodChurch;
beforeAll(async () => {
  const { db } = await testDatabase();
  house = await openMethodHouse(db);
  us = churchOf(house, "us");
  mx = churchOf(house, "mx");
});

const reminder = (change: object = {}) => startStanding(house, mx, { type: "oxxo" }, change);
/** One that every refusal may be tried on: nothing of it moves. */
let kept: Promise<Standing> | undefined;
const still = (): Promise<Standing> => {
  kept ??= reminder();
  return kept;
};
const verbs: readonly (readonly [verb: string, body: object])[] = [
  ["skip", {}],
  ["snooze", { days: 3 }],
  ["pause", {}],
  ["resume", {}],
  ["preview", { amount: 60_000 }],
  ["payment-method", { payment_method: saved }],
];

describe("one that is over", () => {
  test("does nothing any more, and is canceled again without a word", async () => {
    const gift = await startStanding(house, us, saved);
    await ordered(house, us, gift, "cancel", { reason: "moved away" });
    const over = await readStanding(house, us, gift.id);
    for (const [verb, body] of verbs) {
      expect([verb, (await order(house, us, gift, verb, body)).status]).toEqual([verb, 409]);
    }
    expect((await house.ask(us, "PATCH", `/v1/recurring-gifts/${gift.id}`, { amount: 1 })).status).toBe(409);
    await order(house, us, gift, "cancel");
    expect((await readStanding(house, us, gift.id)).status).toBe("canceled");
    expect(over).toMatchObject({ status: "canceled", next_due_on: null });
  });

  test("or never was, is not found, whatever is asked", async () => {
    const nobody = { id: newId("recurringGift") };
    for (const [verb, body] of [...verbs, ["cancel", {}], ["restart", {}]] as const) {
      expect([verb, (await order(house, us, nobody, verb, body)).status]).toEqual([verb, 404]);
    }
    for (const path of ["", "/occurrences"]) {
      expect((await house.ask(us, "GET", `/v1/recurring-gifts/${nobody.id}${path}`)).status).toBe(404);
    }
  });
});

describe("one that has only one date left", () => {
  test("skipped has none to come: nothing more is skipped, put off or shown", async () => {
    const gift = await reminder({ ends: { kind: "on_date", date: "2026-12-01" } });
    const skipped = await ordered(house, mx, gift, "skip");
    expect(skipped).toMatchObject({ next_due_on: null, next_dates: [] });
    expect(await fellDue(house, mx, gift.id)).toEqual(["2026-12 2026-12-01 skipped"]);
    expect(await order(house, mx, gift, "skip")).toMatchObject({ status: 409 });
    expect(await order(house, mx, gift, "snooze", { days: 7 })).toMatchObject({ status: 409 });
    const longer = await house.ask(mx, "PATCH", `/v1/recurring-gifts/${gift.id}`, {
      ends: { kind: "never" },
    });
    expect(longer.body).toMatchObject({ next_due_on: "2027-01-01" });
  });
});

describe("one that pauses", () => {
  test.each([
    ["on a day there is not", "2026-02-30"],
    ["until yesterday", "2026-11-01"],
    ["for years", "2029-01-01"],
  ])("%s is refused", async (_what, resumes_on) => {
    const gift = await still();
    expect(await order(house, mx, gift, "pause", { resumes_on })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: "/resumes_on" }] },
    });
  });

  test("is paused once, goes on once, and is not skipped meanwhile", async () => {
    const gift = await reminder();
    expect((await order(house, mx, gift, "resume")).status).toBe(409);
    await ordered(house, mx, gift, "pause", { catch_up: true });
    for (const verb of ["pause", "skip"]) expect((await order(house, mx, gift, verb)).status).toBe(409);
    expect((await order(house, mx, gift, "snooze", { days: 3 })).status).toBe(409);
    expect((await ordered(house, mx, gift, "resume", { catch_up: false })).status).toBe("active");
  });
});

describe("a change", () => {
  test.each<[string, object, number, string]>([
    ["to a day that has passed", { starts_on: "2026-11-01" }, 400, "/starts_on"],
    ["to an end that has passed", { ends: { kind: "on_date", date: "2026-11-01" } }, 400, "/ends/date"],
    ["to a fund nobody knows", { allocations: [{ fund: "x", amount: 50_000 }] }, 422, "/allocations/0/fund"],
    [
      "to parts that are not the whole",
      { allocations: [{ fund: "general", amount: 1 }] },
      422,
      "/allocations",
    ],
  ])("%s is refused, asked about or made", async (_what, change, status, pointer) => {
    const gift = await still();
    for (const reply of [
      await order(house, mx, gift, "preview", change),
      await house.ask(mx, "PATCH", `/v1/recurring-gifts/${gift.id}`, change),
    ]) {
      expect(reply.status).toBe(status);
      expect(JSON.stringify(reply.body)).toContain(pointer);
    }
    expect(await readStanding(house, mx, gift.id)).toEqual(gift);
  });
});

describe("another way to pay", () => {
  let one: Promise<Standing> | undefined;
  const pulled = (): Promise<Standing> => {
    one ??= startStanding(house, us, saved);
    return one;
  };

  test.each<[string, object, number]>([
    ["that pulls nothing", { payment_method: { type: "oxxo" } }, 422],
    ["that its country has not", { payment_method: { type: "pix_automatico" } }, 422],
    ["without its token", { payment_method: { type: "card", presentation: "token" } }, 400],
    [
      "for less than the gift",
      { payment_method: saved, agreement: { text: "I agree to be charged.", ceiling: 100 } },
      422,
    ],
    [
      "to a change that cannot be",
      { payment_method: saved, amount: 50_000, allocations: [{ fund: "x", amount: 50_000 }] },
      422,
    ],
  ])("%s is refused, and the old one stays", async (_what, body, status) => {
    const gift = await pulled();
    const reply = await order(house, us, gift, "payment-method", body);
    expect([reply.status, reply.body.code]).toEqual([status, expect.any(String)]);
    expect((await readStanding(house, us, gift.id)).mandate?.id).toBe(gift.mandate?.id);
  });

  test("is taken with the device it was agreed on, and with an end the bank is told", async () => {
    const gift = await startStanding(house, us, saved, { ends: { kind: "on_date", date: "2027-12-01" } });
    const device = { ip_address: "203.0.113.9", user_agent: "Mozilla/5.0" };
    const moved = await ordered(house, us, gift, "payment-method", {
      payment_method: { type: "card", token: "pm_card_mastercard" },
      device,
      agreement: { text: "I agree to be charged.", ...device },
    });
    expect(moved.payment_method).toMatchObject({ display: "mastercard 4444" });
  });

  test("that the bank refuses leaves the old one", async () => {
    const gift = await startStanding(house, us, saved);
    const reply = await order(house, us, gift, "payment-method", {
      payment_method: { type: "card", token: "pm_card_visa_chargeDeclined" },
    });
    expect(reply.status).toBe(200);
    await house.settle();
    const after = await readStanding(house, us, gift.id);
    expect([after.status, after.mandate?.id]).toEqual(["active", gift.mandate?.id]);
  });
});

describe("a start", () => {
  const start = (church: MethodChurch, method: object, change: object = {}) =>
    house.ask(church, "POST", "/v1/recurring-gifts", standingBody(church.country, method, change));

  test.each<[string, object, object, number?]>([
    ["by what its country has not", { type: "pix" }, {}],
    ["by what never recurs, by itself", { type: "oxxo" }, { collection: "automatic" }],
    ["by a token that is not there", { type: "card", presentation: "token" }, {}, 400],
    ["to a fund nobody knows", { type: "oxxo" }, { allocations: [{ fund: "x", amount: 50_000 }] }],
    ["of too little", { type: "oxxo" }, { amount: 1 }],
    ["that ends before it begins", { type: "oxxo" }, { ends: { kind: "on_date", date: "2026-11-25" } }, 400],
    [
      "with a campaign over already",
      { type: "oxxo" },
      { ends: { kind: "with_campaign", campaign: "roof", date: "2026-11-25" } },
      400,
    ],
    ["on a day there is not", { type: "oxxo" }, { starts_on: "2026-02-30" }, 400],
    ["of a donor without an address to write to", { type: "oxxo" }, { donor: { name: "Ana" } }],
  ])("%s is refused by name", async (_what, method, change, status = 422) => {
    const reply = await start(mx, method, change);
    expect(reply.status, JSON.stringify(reply.body)).toBe(status);
    expect(reply.body.code).toEqual(expect.any(String));
  });

  test("with half of where it was agreed keeps the words, and not the half", async () => {
    const agreement = { text: "I agree to be charged.", ip_address: "203.0.113.9" };
    expect((await start(us, saved, { agreement })).status).toBe(201);
  });

  test("of a donor with an address keeps all of it", async () => {
    const address = {
      street: "Main St",
      number: "1",
      district: "Centre",
      city: "Austin",
      region: "TX",
      postal_code: "73301",
    };
    const donor = { name: "Ana", email: "ana.address@example.org", address };
    const reply = await start(us, saved, { donor });
    expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  });
});

test("what was canceled long ago is not let go on", async () => {
  const gift = await reminder();
  await ordered(house, mx, gift, "cancel");
  house.clock.advance(days(400));
  expect((await order(house, mx, gift, "restart")).status).toBe(409);
});
