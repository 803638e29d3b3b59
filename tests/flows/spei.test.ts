import { beforeAll, describe, expect, test } from "vitest";
import { days } from "../../src/kernel/clock.ts";
import { type GivenDonation, giver, played } from "../support/gifts.ts";
import { type House, openHouse } from "../support/house.ts";

let house: House;
const spei = { type: "spei" };
const newGiver = async () => giver(house, await house.church("mx"), "mx");
const send = (gift: GivenDonation, amount: number) =>
  played(house.sandbox.control.transfer(gift.payment, amount)).then(() => house.settle());
/** 500 pesos less 7 and 16 % on it. */
const settled = { "1100": 49_188, "4100": -50_000, "5100": 700, "5110": 112 };

beforeAll(async () => {
  house = await openHouse();
});

describe("a SPEI gift", () => {
  test("of the exact amount is booked on arrival and taken from there by the gift", async () => {
    const mx = await newGiver();
    const gift = await mx.give(spei);
    expect(gift).toMatchObject({
      status: "requires_action",
      next_action: {
        type: "display_bank_transfer",
        clabe: expect.stringMatching(/^\d{18}$/),
        amount: { amount: 50_000, currency: "MXN" },
      },
    });
    await send(gift, 50_000);
    expect(await mx.read(gift.id)).toMatchObject({ status: "succeeded" });
    expect(await mx.entries()).toEqual(["attempt/capture", "attempt/fee", "funds/received"]);
    expect(await mx.books()).toEqual(settled);
  });

  test("paid short says what remains, and is completed by a second transfer", async () => {
    const mx = await newGiver();
    const gift = await mx.give(spei);
    await send(gift, 20_000);
    expect(await mx.read(gift.id)).toMatchObject({
      status: "requires_action",
      next_action: { amount: { amount: 30_000 } },
    });
    expect(await mx.books()).toEqual({ "1100": 20_000, "2900": -20_000 });
    await send(gift, 30_000);
    expect(await mx.read(gift.id)).toMatchObject({ status: "succeeded" });
    expect(await mx.books()).toEqual(settled);
  });

  test("paid too much leaves the surplus in suspense, and the donor's next gift takes it from there", async () => {
    const mx = await newGiver();
    const gift = await mx.give(spei);
    await send(gift, 62_500);
    expect(await mx.read(gift.id)).toMatchObject({ status: "succeeded" });
    expect(await mx.books()).toEqual({ ...settled, "1100": 61_688, "2900": -12_500 });

    const next = await mx.give(spei, { amount: 12_500 });
    await house.settle();
    expect(await mx.read(next.id)).toMatchObject({ status: "succeeded", amount: 12_500 });
    const books = await mx.books();
    expect(books["2900"]).toBeUndefined();
    expect(books["4100"]).toBe(-62_500);
  });

  test("with the same donor has the same CLABE every time", async () => {
    const mx = await newGiver();
    const first = await mx.give(spei);
    const second = await mx.give(spei);
    expect(second.donor).toBe(first.donor);
    expect(second.next_action.clabe).toBe(first.next_action.clabe);
    const other = await mx.give(spei, { donor: { name: "Beto Ruiz", email: "beto@example.org" } });
    expect(other.next_action.clabe).not.toBe(first.next_action.clabe);
  });

  test("money that came before any gift waits in suspense until one claims it", async () => {
    const mx = await newGiver();
    const first = await mx.give(spei);
    await send(first, 50_000);
    await send(first, 50_000);
    expect(await mx.books()).toEqual({ ...settled, "1100": 99_188, "2900": -50_000 });
    const second = await mx.give(spei);
    await house.settle();
    expect(await mx.read(second.id)).toMatchObject({ status: "succeeded" });
    expect(await mx.books()).toEqual({ "1100": 98_376, "4100": -100_000, "5100": 1_400, "5110": 224 });
  });

  test("money that nobody claims goes back to the donor's bank, and out of suspense", async () => {
    const mx = await newGiver();
    const gift = await mx.give(spei);
    await send(gift, 60_000);
    expect((await mx.books())["2900"]).toBe(-10_000);
    await house.pass(days(80));
    await house.settle();
    expect(await mx.books()).toEqual(settled);
    expect(await mx.entries()).toEqual([
      "attempt/capture",
      "attempt/fee",
      "funds/received",
      "funds/returned",
    ]);
  });

  test("never paid is closed after a month, at the gateway too", async () => {
    const mx = await newGiver();
    const gift = await mx.give(spei);
    await house.pass(days(31));
    expect(await mx.read(gift.id)).toMatchObject({ status: "canceled" });
    const [payment] = await mx.paymentsAtGateway();
    expect(payment?.intent.status).toBe("canceled");
  });

  test("whose capture is told before the arrival of its money ends with the same books", async () => {
    const mx = await newGiver();
    const gift = await mx.give(spei);
    await house.settle();
    await house.sandbox.control.deliverWebhooks({ mode: "out_of_order" });
    await send(gift, 20_000);
    await send(gift, 30_000);
    await house.sandbox.control.releaseHeld();
    await house.settle();
    expect(await mx.read(gift.id)).toMatchObject({ status: "succeeded" });
    expect(await mx.books()).toEqual(settled);
  });

  test("refunded waits for the donor's bank details at the gateway, and is booked when it has gone", async () => {
    const mx = await newGiver();
    const gift = await mx.give(spei);
    await send(gift, 50_000);
    const refund = await mx.refund(gift.id, { amount: 20_000 });
    expect(refund.status).toBe(201);
    expect(["action_required", "processing"]).toContain(refund.body.status);
    expect(await mx.books()).toEqual(settled);
    await played(house.sandbox.control.succeedRefund(String(refund.body.gateway_refund_id)));
    await house.settle();
    expect(await mx.read(gift.id)).toMatchObject({ status: "succeeded", refunded_amount: 20_000 });
    expect(await mx.books()).toEqual({ ...settled, "1100": 29_188, "4900": 20_000 });
  });
});
