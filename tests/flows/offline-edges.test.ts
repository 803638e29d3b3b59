import { beforeAll, describe, expect, test } from "vitest";
import { createApiKey } from "../../src/access/api-keys.ts";
import { bookBatch } from "../../src/offline/book-batch.ts";
import { uuid } from "../support/gifts.ts";
import { type House, type HouseChurch, openHouse, type Reply } from "../support/house.ts";
import { depsWith, idOf } from "../support/scripted-gateway.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});

/** A church and two people who count for it, each with a key. */
async function counted() {
  const church = await house.church("mx");
  const person = async (): Promise<HouseChurch> => {
    const wanted = { kind: "secret", mode: "test", label: "counter", scopes: ["*"] } as const;
    const { text } = await createApiKey(house.app.deps.db, church.churchId, wanted, house.clock.now());
    return { ...church, key: text.reveal() };
  };
  return { church, first: await person(), second: await person() };
}
const line = (amount: number, fund: string) => ({
  payment_method: { type: "cash" },
  amount,
  allocations: [{ fund, amount }],
});
const sunday = (...lines: object[]) => ({
  label: "Domingo",
  received_on: "2026-11-15",
  currency: "MXN",
  lines,
});
const enter = (who: HouseChurch, body: object) => house.ask(who, "POST", "/v1/offline-donations", body);
const count = (who: HouseChurch, batch: Reply, amount: number) =>
  house.ask(who, "POST", `/v1/offline-donations/${batch.body.id}/count`, {
    total: { amount, currency: "MXN" },
  });

describe("a church of several legal entities", () => {
  test("must say whose the offering is, and the refusal lists them", async () => {
    const { church, first, second } = await counted();
    const other = await house.ask(church, "POST", "/v1/legal-entities", {
      name: "Fundación Luz",
      country: "mx",
    });
    const body = sunday(line(10_000, "general"));
    const unnamed = await enter(first, body);
    expect(unnamed).toMatchObject({ status: 400, body: { errors: [{ pointer: "/legal_entity" }] } });
    for (const id of [church.legalEntityId, String(other.body.id)]) {
      expect(JSON.stringify(unnamed.body)).toContain(id);
    }
    const stranger = await enter(first, { ...body, legal_entity: "len_0193b2c4d5e67f808a9bacbdcedfe0f1" });
    expect(stranger.status).toBe(400);
    const named = await enter(first, { ...body, legal_entity: other.body.id });
    expect(named).toMatchObject({ status: 201, body: { legal_entity: other.body.id } });
    expect(await count(second, named, 10_000)).toMatchObject({ body: { state: "booked" } });
    const [row] = await house.database.superuser`
      select count(*)::int as n from donations where legal_entity_id = ${uuid(String(other.body.id))}`;
    expect(row).toEqual({ n: 1 });
  });
});

test("a fund closed between the two counts stops its line only; opened again the job books what was left, once", async () => {
  const { church, first, second } = await counted();
  const { body: funds } = await house.ask(church, "GET", "/v1/funds");
  const { data } = funds as { data: { id: string; code: string }[] };
  const missions = data.find(({ code }) => code === "missions")?.id;
  const batch = await enter(first, sunday(line(10_000, "general"), line(5_000, "missions")));
  await house.ask(church, "PATCH", `/v1/funds/${missions}`, { active: false });
  expect(await count(second, batch, 15_000)).toMatchObject({
    status: 200,
    body: {
      state: "counted",
      lines: [
        { donation: expect.stringMatching(/^don_/), fault: null },
        { donation: null, fault: expect.stringContaining("fund") },
      ],
    },
  });
  expect(await count(second, batch, 15_000)).toMatchObject({ status: 409 });
  await house.ask(church, "PATCH", `/v1/funds/${missions}`, { active: true });
  await house.pass(60_000);
  const booked = await house.ask(first, "GET", `/v1/offline-donations/${batch.body.id}`);
  expect(booked.body).toMatchObject({ state: "booked" });
  const { data: gifts } = (await house.ask(church, "GET", "/v1/donations")).body as { data: object[] };
  expect(gifts).toHaveLength(2);
  // Whoever comes late to the same batch books nothing more.
  const id = idOf("offlineBatch", String(batch.body.id));
  expect(await bookBatch(depsWith(house, {}), church.churchId, id)).toMatchObject({ state: "booked" });
});

test("batches are read one by one and page by page; another's, and one that is not there, do not exist", async () => {
  const { church, first } = await counted();
  const made: string[] = [];
  for (const amount of [100, 200, 300]) {
    made.unshift(String((await enter(first, sunday(line(amount, "general")))).body.id));
  }
  const page = await house.ask(first, "GET", "/v1/offline-donations?limit=2");
  const { data, next_cursor } = page.body as { data: { id: string }[]; next_cursor: string };
  const rest = await house.ask(first, "GET", `/v1/offline-donations?limit=2&cursor=${next_cursor}`);
  const { data: last } = rest.body as { data: { id: string }[] };
  expect([...data, ...last].map(({ id }) => id)).toEqual(made);
  const nobody = "obt_0193b2c4d5e67f808a9bacbdcedfe0f1";
  const other = await house.church("mx");
  for (const [who, id] of [
    [church, nobody],
    [other, made[0]],
  ] as const) {
    expect((await house.ask(who, "GET", `/v1/offline-donations/${id}`)).status).toBe(404);
    expect((await house.ask(who, "POST", `/v1/offline-donations/${id}/discard`)).status).toBe(404);
  }
});
