import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createApiKey } from "../../src/access/api-keys.ts";
import type { Scope } from "../../src/access/principal.ts";
import { type House, type HouseChurch, openHouse, type Reply } from "../support/house.ts";

let house: House;
let church: HouseChurch;
let first: HouseChurch;
let second: HouseChurch;
beforeAll(async () => {
  house = await openHouse();
  church = await house.church("mx");
  first = await counter(["offline:count"]);
  second = await counter(["offline:count"]);
});

/** A person who counts, with a key of their own. */
async function counter(scopes: Scope[], of = church): Promise<HouseChurch> {
  const wanted = { kind: "secret", mode: "test", label: "counter", scopes } as const;
  const { app, clock } = house;
  const { text } = await createApiKey(app.deps.db, of.churchId, wanted, clock.now());
  return { ...of, key: text.reveal() };
}

const amount = z.object({ amount: z.number() });
const trialBalance = z.object({
  accounts: z.array(z.object({ code: z.string(), balance: amount })),
  totals: z.array(z.object({ difference: amount })),
});

const sunday = {
  label: "Domingo 10:00",
  received_on: "2026-11-15",
  currency: "MXN",
  lines: [
    { payment_method: { type: "cash" }, amount: 125_050 },
    {
      payment_method: { type: "cheque" },
      amount: 200_000,
      donor: { name: "Ana Pérez" },
      reference: "cheque 00123",
      allocations: [
        { fund: "missions", amount: 50_000 },
        { fund: "general", amount: 150_000 },
      ],
    },
    { payment_method: { type: "in_kind" }, amount: 90_000, reference: "Piano vertical" },
  ],
};
const total = { total: { amount: 415_050, currency: "MXN" } };

const enter = (who: HouseChurch, body: object = sunday) =>
  house.ask(who, "POST", "/v1/offline-donations", body);
const count = (who: HouseChurch, batch: Reply, body: object = total) =>
  house.ask(who, "POST", `/v1/offline-donations/${batch.body.id}/count`, body);

describe("two people count what was handed over", () => {
  test("where both counts agree every line is a gift that succeeded on the day it was given, in the books, things apart from money", async () => {
    const batch = await enter(first);
    expect(batch).toMatchObject({ status: 201, body: { state: "open", total: { amount: 415_050 } } });
    const booked = await count(second, batch);
    expect(booked).toMatchObject({ status: 200, body: { state: "booked" } });
    const { lines } = booked.body as { lines: { donation: string }[] };
    const gifts = await Promise.all(
      lines.map(({ donation }) => house.ask(church, "GET", `/v1/donations/${donation}`)),
    );
    expect(gifts.map(({ body }) => body)).toMatchObject([
      { status: "succeeded", amount: 125_050, gateway: "offline", payment_method: { type: "cash" } },
      { status: "succeeded", amount: 200_000, allocations: [{ amount: 50_000 }, { amount: 150_000 }] },
      { status: "succeeded", amount: 90_000, payment_method: { type: "in_kind" } },
    ]);
    for (const { body } of gifts) expect(body.captured_at).toMatch(/^2026-11-15T/);
    const books = trialBalance.parse(await house.trialBalance(church));
    const held = (code: string) =>
      books.accounts.filter((each) => each.code === code).reduce((all, each) => all + each.balance.amount, 0);
    expect([held("1100"), held("1300")]).toEqual([325_050, 90_000]);
    // Where nobody keeps anything there is no fee to book.
    expect(books.accounts.map(({ code }) => code)).not.toContain("5100");
    expect(books.totals.map(({ difference }) => difference.amount)).toEqual([0]);
  });

  test("the second count is made blind: amounts are shown to nobody but who entered them", async () => {
    const batch = await enter(first);
    const seen = await house.ask(second, "GET", `/v1/offline-donations/${batch.body.id}`);
    // Not even by listing: a counter sees the batches they entered.
    const listed = await house.ask(second, "GET", "/v1/offline-donations");
    expect(seen.body).toMatchObject({ total: null, lines: [] });
    expect(JSON.stringify(listed.body)).not.toContain(String(batch.body.id));
  });

  test("nobody counts a second time what they have entered", async () => {
    const batch = await enter(first);
    expect(await count(first, batch)).toMatchObject({ status: 403 });
    expect(await house.ask(first, "GET", `/v1/offline-donations/${batch.body.id}`)).toMatchObject({
      body: { state: "open" },
    });
  });

  test("counts that differ book nothing and do not tell what the other was", async () => {
    const batch = await enter(first);
    const refused = await count(second, batch, { total: { amount: 415_000, currency: "MXN" } });
    expect(refused).toMatchObject({ status: 409, body: { errors: [{ pointer: "/total" }] } });
    expect(JSON.stringify(refused.body)).not.toContain("415050");
    expect(await count(second, batch)).toMatchObject({ status: 200, body: { state: "booked" } });
  });

  test("who makes the second counter's key has held both: it counts as one person, also in the database", async () => {
    const maker = await counter(["*"]);
    const made = await house.ask(maker, "POST", "/v1/api-keys", {
      label: "counter",
      scopes: ["offline:count"],
    });
    const batch = await enter(maker);
    expect(await count({ ...maker, key: String(made.body.key) }, batch)).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining("ofrenda key create") },
    });
    const alone = house.app.deps.db.inChurch(
      church.churchId,
      ({ sql }) => sql`
        update offline_batches set state = 'counted', counted_by = gen_random_uuid(), counted_root = entered_root,
          counted_at = now() where id = ${String(batch.body.id).slice(4)}::uuid`,
    );
    await expect(alone).rejects.toMatchObject({
      code: "23514",
      constraint_name: "offline_batches_two_count",
    });
    expect(await count(second, batch)).toMatchObject({ status: 200, body: { state: "booked" } });
  });

  test("two second counts at once book every line once", async () => {
    const batch = await enter(first);
    const third = await counter(["offline:count"]);
    const answers = await Promise.all([count(second, batch), count(third, batch)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const listed = await house.ask(church, "GET", "/v1/offline-donations");
    const { data } = listed.body as { data: { id: string; state: string; lines: { donation: string }[] }[] };
    const mine = data.find(({ id }) => id === batch.body.id);
    expect(new Set(mine?.lines.map(({ donation }) => donation)).size).toBe(3);
  });

  test("a discarded batch is never booked", async () => {
    const batch = await enter(first);
    await house.ask(first, "POST", `/v1/offline-donations/${batch.body.id}/discard`, {});
    expect(await count(second, batch)).toMatchObject({ status: 409 });
  });

  test("a turn cut off after the second count is taken up by the job, and books what was left", async () => {
    const batch = await enter(first);
    const { db } = house.app.deps;
    await db.inChurch(
      church.churchId,
      ({ sql }) => sql`
        update offline_batches set state = 'counted', counted_by = gen_random_uuid(), counted_root = gen_random_uuid(), counted_at = now()
        where id = ${String(batch.body.id).slice(4)}::uuid`,
    );
    await house.pass(60_000);
    expect(await house.ask(first, "GET", `/v1/offline-donations/${batch.body.id}`)).toMatchObject({
      body: { state: "booked" },
    });
  });
});

describe("what cannot be entered", () => {
  test.each([
    ["no line", { lines: [] }, "/lines"],
    ["a day that does not exist", { received_on: "2026-02-30" }, "/received_on"],
    ["a day to come", { received_on: "2026-12-24" }, "/received_on"],
    [
      "a card number's kind of method",
      { lines: [{ payment_method: { type: "card" }, amount: 1 }] },
      "/lines/0/payment_method/type",
    ],
    [
      "an unknown fund",
      { lines: [{ ...sunday.lines[0], allocations: [{ fund: "x", amount: 125_050 }] }] },
      "/lines/0/allocations/0/fund",
    ],
    [
      "shares that do not add up",
      { lines: [{ ...sunday.lines[0], allocations: [{ fund: "general", amount: 1 }] }] },
      "/lines/0/allocations",
    ],
  ])("%s is refused with the field", async (_, change, pointer) => {
    const refused = await enter(first, { ...sunday, ...change });
    expect([400, 422]).toContain(refused.status);
    expect(refused.body.errors).toMatchObject([{ pointer }]);
  });

  test("a key that may not count is refused, and another church's batch does not exist", async () => {
    const reader = await counter(["donations:read"]);
    expect(await enter(reader)).toMatchObject({ status: 403 });
    const batch = await enter(first);
    const other = await counter(["*"], await house.church("mx"));
    expect(await count(other, batch)).toMatchObject({ status: 404 });
  });

  test("donors are never offered what is handed over in person", async () => {
    const offered = await house.ask(church, "GET", "/v1/payment-methods?country=mx");
    expect(JSON.stringify(offered.body)).not.toContain("in_person");
    const gift = { amount: 1000, currency: "MXN", country: "mx", payment_method: { type: "cash" } };
    expect(await house.ask(church, "POST", "/v1/donations", gift)).toMatchObject({
      body: { code: "payment_method_not_offered" },
    });
  });
});
