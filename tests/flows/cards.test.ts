import { beforeAll, describe, expect, test } from "vitest";
import { days, hours } from "../../src/kernel/clock.ts";
import { byToken, type GivenDonation, type Giver, giver, played } from "../support/gifts.ts";
import { type House, openHouse } from "../support/house.ts";

let house: House;
let mx: Giver;
let us: Giver;
beforeAll(async () => {
  house = await openHouse();
  mx = giver(house, await house.church("mx"), "mx");
  us = giver(house, await house.church("us"), "us");
});

const clientToken = (gift: GivenDonation) => String(gift.next_action.client_token);
const embedded = { type: "card", presentation: "embedded" };
const hosted = { type: "card", presentation: "hosted" };
const sessionOf = (gift: GivenDonation) => gift.payment;

describe("a card on the church's own form", () => {
  test("is declined, tried again with another card, and captured: one donation, one payment", async () => {
    const church = giver(house, await house.church("mx"), "mx");
    const gift = await church.give(embedded);
    expect(gift).toMatchObject({
      status: "requires_action",
      next_action: { type: "use_sdk", gateway: "stripe" },
    });
    expect(
      await church.confirm(gift.payment, clientToken(gift), "pm_card_chargeDeclinedInsufficientFunds"),
    ).toBe(402);
    await house.settle();
    expect(await church.read(gift.id)).toMatchObject({
      status: "requires_action",
      decline: { code: "insufficient_funds" },
      next_action: { type: "use_sdk" },
    });
    expect(await church.confirm(gift.payment, clientToken(gift), "pm_card_visa")).toBe(200);
    await house.settle();
    expect(await church.read(gift.id)).toMatchObject({ status: "succeeded", next_action: { type: "none" } });
    expect(await church.books()).toEqual({ "1100": 47_564, "4100": -50_000, "5100": 2_100, "5110": 336 });
    expect(await church.announced(gift.id)).toEqual([
      "created",
      "requires_action",
      "requires_action",
      "succeeded",
    ]);
    expect(await church.paymentsAtGateway()).toHaveLength(1);
  });

  test("given up by the donor, is closed at the gateway after a day", async () => {
    const gift = await mx.give(embedded);
    await house.pass(days(1) + hours(1));
    expect(await mx.read(gift.id)).toMatchObject({ status: "canceled" });
    expect(await mx.confirm(gift.payment, clientToken(gift), "pm_card_visa")).toBeGreaterThanOrEqual(400);
  });
});

describe("a card by token", () => {
  test("declined fails the donation with the bank's reason and what to do; nothing is booked", async () => {
    const church = giver(house, await house.church("mx"), "mx");
    const gift = await church.give(byToken("pm_card_chargeDeclinedStolenCard"));
    expect(gift.status).toBe("failed");
    expect(gift.decline).toMatchObject({ code: expect.any(String), next_step: expect.any(String) });
    expect(JSON.stringify(gift.decline)).not.toContain("stolen");
    await house.settle();
    expect(await church.books()).toEqual({});
    expect(await church.announced(gift.id)).toEqual(["created", "failed"]);
  });

  test("the gateway does not know is the donor's to replace: failed with that advice, not an error of ours", async () => {
    const gift = await mx.give(byToken("pm_of_somebody_else"));
    expect(gift).toMatchObject({
      status: "failed",
      decline: { code: "invalid_card_data", next_step: "new_method" },
    });
    expect(await mx.history(gift)).toEqual(["submitted", "declined"]);
  });

  test("challenged by 3-D Secure and passed, is captured", async () => {
    const gift = await us.give(byToken("pm_card_threeDSecure2Required"));
    expect(gift).toMatchObject({ status: "requires_action", next_action: { type: "redirect" } });
    await played(house.sandbox.control.passChallenge(gift.payment));
    await house.settle();
    expect(await us.read(gift.id)).toMatchObject({ status: "succeeded" });
  });

  test("challenged by 3-D Secure and failed, moves no money", async () => {
    const church = giver(house, await house.church("us"), "us");
    const gift = await church.give(byToken("pm_card_threeDSecure2Required"));
    await played(house.sandbox.control.failChallenge(gift.payment));
    await house.settle();
    const after = await church.read(gift.id);
    expect(["failed", "requires_action"]).toContain(after.status);
    expect(after.decline).not.toBeNull();
    expect(await church.books()).toEqual({});
  });

  test.each(["apple_pay", "google_pay"])("%s works as a card does", async (type) => {
    const gift = await us.give({ type, token: "pm_card_visa" });
    expect(gift).toMatchObject({ status: "succeeded", payment_method: { type } });
  });
});

describe("a card on the gateway's own page", () => {
  test("is completed there; the donation names the payment, not the page", async () => {
    const gift = await mx.give(hosted);
    expect(gift).toMatchObject({ status: "requires_action", next_action: { type: "redirect" } });
    await played(
      house.sandbox.control.completeCheckout(sessionOf(gift), { type: "card", number: "4242424242424242" }),
    );
    await house.settle();
    const after = await mx.read(gift.id);
    expect(after).toMatchObject({ status: "succeeded" });
    expect(after.payment).toMatch(/^pi_/);
  });

  test("is declined there, then paid there", async () => {
    const gift = await mx.give(hosted);
    const { completeCheckout } = house.sandbox.control;
    await completeCheckout(sessionOf(gift), { type: "card", number: "4000000000000002" });
    await house.settle();
    expect(await mx.read(gift.id)).toMatchObject({
      status: "requires_action",
      next_action: { type: "redirect" },
    });
    await played(completeCheckout(sessionOf(gift), { type: "card", number: "4242424242424242" }));
    await house.settle();
    expect(await mx.read(gift.id)).toMatchObject({ status: "succeeded" });
  });

  test("left by the donor stays open, can be canceled, and then nobody can pay it", async () => {
    const gift = await mx.give(hosted);
    await played(house.sandbox.control.cancelCheckout(sessionOf(gift)));
    expect(await mx.read(gift.id)).toMatchObject({ status: "requires_action" });
    expect(await mx.ask("POST", `/v1/donations/${gift.id}/cancel`)).toMatchObject({
      body: { status: "canceled" },
    });
    const tried = await house.sandbox.control.completeCheckout(sessionOf(gift), {
      type: "card",
      number: "4242424242424242",
    });
    expect(tried).toMatchObject({ ok: false });
  });

  test("nobody paid expires with it", async () => {
    const gift = await mx.give(hosted);
    await house.pass(days(1) + hours(2));
    expect(await mx.read(gift.id)).toMatchObject({ status: "expired" });
    expect(await mx.announced(gift.id)).toEqual(["created", "requires_action", "expired"]);
  });

  test("by Link", async () => {
    const gift = await us.give({ type: "link" });
    expect(gift.next_action.type).not.toBe("none");
    const paid = await us.give({ type: "link", presentation: "hosted" });
    await played(house.sandbox.control.completeCheckout(sessionOf(paid), { type: "link" }));
    await house.settle();
    expect(await us.read(paid.id)).toMatchObject({ status: "succeeded", payment_method: { type: "link" } });
  });
});

describe("what a gift says", () => {
  test("a donor who covers the fee pays just enough that the funds receive the whole gift", async () => {
    const church = giver(house, await house.church("mx"), "mx");
    const gift = await church.give(byToken(), { cover_fees: true });
    expect(gift).toMatchObject({ status: "succeeded", amount: 50_000, cover_fees: true });
    const { charged, fee_cover: cover, fee } = gift as Record<string, unknown>;
    expect(cover).toEqual(fee);
    expect(charged).toEqual({ amount: 50_000 + (cover as { amount: number }).amount, currency: "MXN" });
    const books = await church.books();
    expect(books["1100"]).toBe(50_000);
    expect(books["4100"]).toBe(-50_000);
    expect(books["4300"]).toBe(-((books["5100"] ?? 0) + (books["5110"] ?? 0)));
  });

  test("several funds each receive their share, restricted ones to their own account", async () => {
    const church = giver(house, await house.church("mx"), "mx");
    const allocations = [
      { fund: "general", amount: 12_345 },
      { fund: "missions", amount: 37_655 },
    ];
    const gift = await church.give(byToken(), { allocations });
    expect(gift).toMatchObject({
      allocations: [
        { fund_code: "general", amount: 12_345 },
        { fund_code: "missions", amount: 37_655 },
      ],
    });
    expect(await church.books()).toMatchObject({ "4100": -12_345, "4200": -37_655 });
    const listed = await church.ask("GET", `/v1/donations?fund=${church.church.fundId}`);
    expect(listed.body).toMatchObject({ data: [{ id: gift.id }] });
  });

  test("an anonymous gift stays marked so in everything that leaves", async () => {
    const gift = await mx.give(byToken(), { anonymous: true });
    expect(await mx.read(gift.id)).toMatchObject({ anonymous: true });
    const [event] = await house.database.superuser`
      select data from events where object_id = ${gift.id} and type = 'donation.succeeded'`;
    expect(event?.data).toMatchObject({ anonymous: true });
    expect(JSON.stringify(event?.data)).not.toContain("ana@example.org");
  });

  test("lists show the newest first, page by page, and by status, donor and date", async () => {
    const church = giver(house, await house.church("mx"), "mx");
    const beto = { name: "Beto Ruiz", email: "beto@example.org" };
    const first = await church.give(byToken());
    const second = await church.give({ type: "oxxo" });
    const third = await church.give(byToken(), { donor: beto });
    const ids = async (query: string) => {
      const { body } = await church.ask("GET", `/v1/donations?${query}`);
      return { ids: (body.data as { id: string }[]).map(({ id }) => id), next: body.next_cursor };
    };
    const page = await ids("limit=2");
    expect(page).toEqual({ ids: [third.id, second.id], next: second.id });
    expect(await ids(`limit=2&cursor=${page.next}`)).toEqual({ ids: [first.id], next: null });
    expect((await ids("status=requires_action")).ids).toEqual([second.id]);
    expect((await ids(`donor=${third.donor}`)).ids).toEqual([third.id]);
    expect((await ids("to=2026-11-01T00:00:00Z")).ids).toEqual([]);
    expect((await ids("from=2026-11-01T00:00:00Z&to=2027-06-01T00:00:00Z")).ids).toHaveLength(3);
  });
});
