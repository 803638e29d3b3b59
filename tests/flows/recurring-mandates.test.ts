import { beforeAll, describe, expect, test } from "vitest";
import { present } from "../../src/kernel/assert.ts";
import { minutes } from "../../src/kernel/clock.ts";
import { parseId, uuidOf } from "../../src/kernel/ids.ts";
import { testDatabase } from "../support/database.ts";
import { churchOf, type MethodChurch, type MethodHouse, openMethodHouse } from "../support/method-house.ts";
import {
  onPage,
  order,
  pressNewest,
  readStanding,
  type Standing,
  saved,
  standingBody,
  startStanding,
} from "../support/recurring.ts";

let house: MethodHouse;
let us: MethodChurch;
let br: MethodChurch;
let messagesTo: (gift: Standing) => Promise<readonly string[]>;
beforeAll(async () => {
  const database = await testDatabase();
  house = await openMethodHouse(database.db);
  us = churchOf(house, "us");
  br = churchOf(house, "br");
  messagesTo = async (gift) => {
    const found = await database.superuser`
      select kind from messages where dedupe_key like ${`%${gift.id}%`} order by created_at`;
    return found.map((row) => String(row.kind));
  };
});

const redirect = (gift: Standing): string =>
  gift.next_action.type === "redirect" ? gift.next_action.url : expect.fail(`no page: ${gift.status}`);

describe("a card on file", () => {
  test("by token: saved with the agreement's words and ceiling, active at once, nothing charged before its day", async () => {
    const gift = await startStanding(house, us, saved);
    expect(gift).toMatchObject({
      status: "active",
      collection: "automatic",
      payment_method: { type: "card", display: "visa 4242", expires: expect.stringMatching(/^\d{4}-\d{2}$/) },
      frequency_text: "every month, on the 1st",
      next_dates: ["2026-12-01", "2027-01-01", "2027-02-01", "2027-03-01"],
      mandate: { state: "active", ceiling: { amount: 100_000, currency: "USD" } },
      next_action: { type: "none" },
    });
    const kept = await house.db.inChurch(
      us.churchId,
      ({ sql }) => sql`select agreement_text, agreement_version, customer_ref, network from mandates
                       order by created_at desc limit 1`,
    );
    expect(kept[0]).toMatchObject({
      agreement_text: expect.stringMatching(/up to \$1,000\.00\sUSD each time/),
      agreement_version: expect.stringMatching(/^2026-/),
      customer_ref: expect.stringMatching(/^cus_/),
      network: "visa",
    });
    const donations = await house.ask(us, "GET", `/v1/donations?donor=${gift.donor}`);
    expect(donations.body.data).toEqual([]);
  });

  test("on the gateway's page: waits for the donor, a first card that fails ends nothing, and a second one counts", async () => {
    const gift = await startStanding(house, us, { type: "card", presentation: "hosted" });
    expect(gift).toMatchObject({ status: "pending", mandate: { state: "action_required" } });
    const card = { name: "María José", email: "maria@example.org", type: "card" };
    const page = redirect(gift);
    await house.app.fetch(
      new Request(page, {
        method: "POST",
        body: new URLSearchParams({ ...card, number: "4000000000000002" }),
      }),
    );
    await house.settle();
    expect(await readStanding(house, us, gift.id)).toMatchObject({ status: "pending" });
    await onPage(house, page, { ...card, number: "4242424242424242" });
    expect(await readStanding(house, us, gift.id)).toMatchObject({
      status: "active",
      payment_method: { display: "visa 4242" },
      next_action: { type: "none" },
      next_due_on: "2026-12-01",
    });
  });

  test("that the bank does not let be saved starts nothing, and says so", async () => {
    const body = standingBody("us", { type: "card", token: "pm_card_chargeDeclined" });
    const reply = await house.ask(us, "POST", "/v1/recurring-gifts", body);
    await house.settle();
    expect(reply.body).toMatchObject({ status: "canceled", mandate: { state: "ended" } });
  });

  test("the same key answers the same gift, another body with it is refused", async () => {
    const key = crypto.randomUUID();
    const send = (change: object) =>
      house.app.fetch(
        new Request("http://ofrenda.test/v1/recurring-gifts", {
          method: "POST",
          headers: {
            authorization: `Bearer ${us.key}`,
            "content-type": "application/json",
            "idempotency-key": key,
          },
          body: JSON.stringify(standingBody("us", saved, change)),
        }),
      );
    const [first, second, third] = [await send({}), await send({}), await send({ amount: 60_000 })];
    expect([first.status, second.status, third.status]).toEqual([201, 201, 422]);
    expect(second.headers.get("idempotency-replayed")).toBe("true");
    expect(await second.text()).toBe(await first.text());
  });
});

describe("bank debits and wallets", () => {
  test("ACH by token: the donor's words, and from where they agreed, are kept", async () => {
    const acceptance = { ip_address: "203.0.113.7", user_agent: "a phone" };
    const gift = await startStanding(house, us, {
      type: "ach_debit",
      token: "pm_usBankAccount_success",
      mandate_acceptance: acceptance,
    });
    expect(gift).toMatchObject({ status: "active", payment_method: { display: "STRIPE TEST BANK 6789" } });
  });

  test("SEPA by token", async () => {
    const church = await house.churchWith({
      country: "de",
      gateway: "stripe",
      accountIn: "de",
      credentials: undefined,
    });
    const acceptance = { ip_address: "203.0.113.7", user_agent: "a phone" };
    const method = { type: "sepa_debit", token: "pm_success_de", mandate_acceptance: acceptance };
    expect(await startStanding(house, church, method)).toMatchObject({
      status: "active",
      payment_method: { display: "sepa 3000" },
    });
  });

  test("PayPal: approved on its page, kept in its vault", async () => {
    const gift = await startStanding(house, us, { type: "paypal" });
    expect(gift).toMatchObject({ status: "pending", next_action: { type: "redirect" } });
    const page = new URL(redirect(gift));
    await onPage(house, page.href, {
      do: "approve",
      token: page.searchParams.get("approval_session_id") ?? "",
    });
    await house.pass(minutes(3));
    expect(await readStanding(house, us, gift.id)).toMatchObject({
      status: "active",
      payment_method: { display: expect.stringContaining("PayPal") },
    });
  });
});

describe("Pix Automático", () => {
  const method = { type: "pix_automatico" };
  const who = { donor: { name: "Maria José", email: "maria@example.org", tax_id: "390.533.447-05" } };
  const begin = (change: object = {}) => startStanding(house, br, method, { ...who, ...change });

  test("the code is shown, the donor accepts in their bank's app, and each gift is told of days ahead", async () => {
    const gift = await begin();
    expect(gift).toMatchObject({
      status: "pending",
      next_action: { type: "display_qr" },
      mandate: { ceiling: { amount: 50_000, currency: "BRL" } },
    });
    await pressNewest(house, "pix", "yes");
    expect(await readStanding(house, br, gift.id)).toMatchObject({
      status: "active",
      next_due_on: "2026-12-01",
    });
    const opens = await house.db.inChurch(
      br.churchId,
      ({ sql }) =>
        sql`select next_open_at from recurring_gifts where status = 'active' order by created_at desc limit 1`,
    );
    // Four days ahead, between six and ten in São Paulo.
    expect(opens[0]?.next_open_at.toISOString()).toMatch(/^2026-11-27T(09|1[0-2]):/);
  });

  test("refused in the bank's app: the promise is over before it began", async () => {
    const gift = await begin();
    await pressNewest(house, "pix", "no");
    expect(await readStanding(house, br, gift.id)).toMatchObject({
      status: "canceled",
      mandate: { state: "ended" },
      next_dates: [],
    });
  });

  test("taken back in the bank's app: nothing more is charged, the donor is told, and another method takes it up", async () => {
    const gift = await begin();
    await pressNewest(house, "pix", "yes");
    await pressNewest(house, "pix", "donor_ends");
    expect(await readStanding(house, br, gift.id)).toMatchObject({
      status: "dormant",
      dormant_reason: "mandate_ended",
      next_due_on: null,
    });
    expect(await messagesTo(gift)).toContain("mandate_ended");
    expect((await order(house, br, gift, "restart")).body).toMatchObject({ code: "conflict" });
    const card = { payment_method: { type: "card", token: "pm_card_visa" } };
    const reply = await order(house, br, gift, "payment-method", card);
    expect(reply.body).toMatchObject({
      status: "active",
      payment_method: { type: "card" },
      next_due_on: "2026-12-01",
    });
  });

  test.each([
    [
      "biweekly",
      422,
      { frequency: "biweekly" },
      "/frequency",
      "weekly, monthly, quarterly, half_yearly, yearly",
    ],
    ["tomorrow", 400, { starts_on: "2026-11-21" }, "/starts_on", "2026-11-24"],
  ])("%s is refused by name, with what would do", async (_, status, change, pointer, says) => {
    const reply = await house.ask(
      br,
      "POST",
      "/v1/recurring-gifts",
      standingBody("br", method, { ...who, ...change }),
    );
    expect(reply.status).toBe(status);
    expect(reply.body.errors).toEqual([{ pointer, detail: expect.stringContaining(says) }]);
  });

  test("another amount or day needs another permission, which carries the change when it is given", async () => {
    const gift = await begin();
    await pressNewest(house, "pix", "yes");
    const dearer = await house.ask(br, "PATCH", `/v1/recurring-gifts/${gift.id}`, { amount: 60_000 });
    expect(dearer).toMatchObject({ status: 409, body: { errors: [{ pointer: "/amount" }] } });
    const asked = await order(house, br, gift, "payment-method", { payment_method: method, amount: 60_000 });
    expect(asked.body).toMatchObject({
      status: "active",
      amount: { amount: 50_000 },
      next_mandate: { state: "action_required" },
      next_action: { type: "display_qr" },
    });
    await pressNewest(house, "pix", "yes");
    await house.pass(minutes(1));
    const now = await readStanding(house, br, gift.id);
    expect(now).toMatchObject({
      amount: { amount: 60_000 },
      next_mandate: null,
      mandate: { state: "active" },
    });
    expect(now.mandate?.id).not.toBe(gift.mandate?.id);
    const old = await house.db.inChurch(
      br.churchId,
      ({ sql }) =>
        sql`select state, ended_by from mandates where id = ${uuidOf(present(parseId("mandate", gift.mandate?.id ?? ""), "an id"))}`,
    );
    expect(old[0]).toEqual({ state: "ended", ended_by: "church" });
  });
});

describe("what a church's donors are offered", () => {
  const offered = async (church: MethodChurch, frequency: string) => {
    const { body } = await house.ask(
      church,
      "GET",
      `/v1/payment-methods?country=${church.country}&frequency=${frequency}`,
    );
    const data = body.data as { type: string; recurring: string | null }[];
    return Object.fromEntries(data.map(({ type, recurring }) => [type, recurring]));
  };
  test("says truthfully what pulls by itself and what reminds", async () => {
    expect(await offered(br, "monthly")).toMatchObject({
      pix_automatico: "automatic",
      pix: "reminder",
      boleto: "reminder",
    });
    expect(await offered(us, "monthly")).toMatchObject({
      card: "automatic",
      ach_debit: "automatic",
      paypal: "automatic",
    });
  });
  test("leaves Pix Automático out of a rhythm it does not know, and out of giving once", async () => {
    expect(await offered(br, "biweekly")).not.toHaveProperty("pix_automatico");
    expect(await offered(br, "once")).not.toHaveProperty("pix_automatico");
    expect(await offered(br, "once")).toMatchObject({ pix: null });
  });
});
