import { beforeAll, describe, expect, test } from "vitest";
import { present } from "../../src/kernel/assert.ts";
import { minutes } from "../../src/kernel/clock.ts";
import { parseId, toId, uuidOf } from "../../src/kernel/ids.ts";
import { applyMandateEvent } from "../../src/recurring/apply-mandate-event.ts";
import { type House, type HouseChurch, openHouse } from "../support/house.ts";
import { saved, standingBody } from "../support/recurring.ts";

let house: House;
let us: HouseChurch;
beforeAll(async () => {
  house = await openHouse();
  us = await house.church("us");
});

const start = (change: object = {}) =>
  house.ask(us, "POST", "/v1/recurring-gifts", standingBody("us", saved, change));
const read = async (id: unknown) => (await house.ask(us, "GET", `/v1/recurring-gifts/${id}`)).body;
const setups = async () => {
  const answer = await house.sandbox.fetch(
    new Request("https://api.stripe.com/v1/setup_intents?limit=100", {
      headers: { authorization: `Bearer ${us.stripeKey}` },
    }),
  );
  const { data } = (await answer.json()) as { data: unknown[] };
  return data.length;
};

describe("however the gateway's answer arrives", () => {
  test("lost on the way back: the promise waits, is asked about, and begins; the donor was asked once", async () => {
    const before = await setups();
    const restore = house.hold(async (request) => {
      const answer = await house.sandbox.fetch(request);
      if (request.method === "POST" && request.url.endsWith("/v1/setup_intents")) {
        throw new TypeError("the connection broke");
      }
      return answer;
    });
    const gift = await start();
    restore();
    expect(gift).toMatchObject({ status: 201, body: { status: "pending", next_due_on: "2026-12-01" } });
    await house.pass(minutes(6));
    expect(await read(gift.body.id)).toMatchObject({
      status: "active",
      payment_method: { display: "visa 4242" },
    });
    expect((await setups()) - before).toBe(1);
  });

  test("two requests with one key at the same moment make one promise", async () => {
    const before = await setups();
    const key = { "idempotency-key": crypto.randomUUID() };
    const body = standingBody("us", saved);
    const both = await Promise.all([1, 2].map(() => house.ask(us, "POST", "/v1/recurring-gifts", body, key)));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect((await setups()) - before).toBe(1);
    const again = await house.ask(us, "POST", "/v1/recurring-gifts", body, key);
    expect(again.body).toEqual(both.find(({ status }) => status === 201)?.body);
  });

  test("two changes at the same moment are made one after the other, neither lost", async () => {
    const { body: gift } = await start();
    const change = (fields: object) => house.ask(us, "PATCH", `/v1/recurring-gifts/${gift.id}`, fields);
    await Promise.all([
      change({ amount: 60_000 }),
      change({ cover_fees: true }),
      change({ frequency: "weekly" }),
    ]);
    expect(await read(gift.id)).toMatchObject({
      amount: { amount: 60_000 },
      cover_fees: true,
      frequency: { cadence: "weekly" },
    });
  });
});

describe("a card's network sends a new one", () => {
  test("it goes on being charged under the same permission, and what waits for a try goes at once", async () => {
    const { body: gift } = await start();
    const { db, payments, clock } = house.app.deps;
    const [row] = await db.inChurch(
      us.churchId,
      ({ sql }) => sql`select m.gateway_account_id, m.gateway_mandate_id, g.id as gift, g.mandate_id
        from recurring_gifts g join mandates m on m.church_id = g.church_id and m.id = g.mandate_id
        where g.id = ${uuidOf(present(parseId("recurringGift", String(gift.id)), "an id"))}`,
    );
    const later = new Date(clock.now().getTime() + minutes(9_000));
    await house.database.superuser`
      insert into occurrences (church_id, id, recurring_gift_id, period, rule_number, index, due_on, state, amount_minor,
                               currency, next_at, tries, reminders, version, created_at, updated_at)
      select church_id, gen_random_uuid(), id, '2026-11', 0, 0, '2026-11-20', 'retrying', 100, 'USD', ${later}, 1, 0, 1,
             now(), now()
      from recurring_gifts where id = ${row?.gift}`;
    const ready = await payments.ready(us.churchId, toId("gatewayAccount", String(row?.gateway_account_id)));
    if (!ready) throw new Error("the account is there");
    const applied = await db.inChurch(us.churchId, (tx) =>
      applyMandateEvent(house.app.deps, tx, ready.account, {
        kind: "mandate_changed",
        gatewayMandateId: String(row?.gateway_mandate_id),
        outcome: {
          kind: "active",
          gatewayMandateId: String(row?.gateway_mandate_id),
          display: "visa 1881",
          expiresOn: "2031-05",
          evidence: {},
        },
      }),
    );
    expect(applied).toEqual({ kind: "applied" });
    expect(await read(gift.id)).toMatchObject({
      status: "active",
      payment_method: { display: "visa 1881", expires: "2031-05" },
    });
    const [due] = await house.database
      .superuser`select next_at from occurrences where recurring_gift_id = ${row?.gift}`;
    expect(due?.next_at).toEqual(clock.now());
  });
});
