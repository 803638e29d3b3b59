import { Webhook } from "standardwebhooks";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { days, hours } from "../../src/kernel/clock.ts";
import { type Giver, giver, played } from "../support/gifts.ts";
import { type House, openHouse } from "../support/house.ts";
import { webhookReceiver } from "../support/webhook-receiver.ts";

let house: House;
let mx: Giver;
const oxxo = { type: "oxxo" };
const newGiver = async () => giver(house, await house.church("mx"), "mx");

beforeAll(async () => {
  house = await openHouse();
});

describe("an OXXO gift of 500 pesos", () => {
  beforeAll(async () => {
    mx = await newGiver();
  });

  test("is a voucher, is paid, booked with its fee, and announced to the church's own system", async () => {
    const receiver = await webhookReceiver();
    const endpoint = await mx.ask("POST", "/v1/webhook-endpoints", { url: `${receiver.url}/chms` });
    expect(endpoint.status).toBe(201);
    const secret = String(endpoint.body.secret);

    const gift = await mx.give(oxxo);
    expect(gift).toMatchObject({
      status: "requires_action",
      next_action: {
        type: "display_voucher",
        barcode: expect.stringMatching(/^\d{14,}$/),
        number: expect.stringMatching(/^\d{14,}$/),
        expires_at: "2026-11-24T05:59:59.000Z",
      },
    });
    await played(house.sandbox.control.payVoucher(gift.payment));
    await house.settle();

    expect(await mx.read(gift.id)).toMatchObject({
      status: "succeeded",
      next_action: { type: "none" },
      fee: { amount: 2_436, currency: "MXN" },
    });
    expect(await mx.books()).toEqual({ "1100": 47_564, "4100": -50_000, "5100": 2_100, "5110": 336 });
    expect(await mx.entries()).toEqual(["attempt/capture", "attempt/fee"]);
    expect(await mx.announced(gift.id)).toEqual(["created", "requires_action", "succeeded"]);

    expect(receiver.received).toHaveLength(3);
    // The library compares the stamp with the machine's clock; the house's own stands elsewhere.
    vi.useFakeTimers({ toFake: ["Date"], now: house.clock.now() });
    const opened = receiver.received.map(({ headers, body }) => new Webhook(secret).verify(body, headers));
    expect(() => new Webhook(secret).verify("{}", receiver.received[0]?.headers ?? {})).toThrow(
      "No matching",
    );
    vi.useRealTimers();
    expect(opened).toContainEqual(
      expect.objectContaining({
        type: "donation.succeeded",
        data: expect.objectContaining({ id: gift.id, status: "succeeded", amount: 50_000 }),
      }),
    );
  });

  test("paid a second time or short is turned away at the till and changes nothing", async () => {
    const gift = await mx.give(oxxo);
    expect(await house.sandbox.control.payVoucher(gift.payment, { amount: 40_000 })).toMatchObject({
      ok: false,
    });
    await played(house.sandbox.control.payVoucher(gift.payment));
    await house.settle();
    const before = await mx.books();
    expect(await house.sandbox.control.payVoucher(gift.payment)).toMatchObject({ ok: false });
    await house.settle();
    expect(await mx.books()).toEqual(before);
  });
});

describe("a voucher's end", () => {
  test("not paid in time it expires, and money announced later still arrives: a late settlement", async () => {
    const late = await newGiver();
    const gift = await late.give(oxxo);
    await house.pass(days(4));
    expect(await late.read(gift.id)).toMatchObject({ status: "expired", next_action: { type: "none" } });
    expect(await late.books()).toEqual({});
    await played(house.sandbox.control.payVoucher(gift.payment, { late: true }));
    await house.settle();
    expect(await late.read(gift.id)).toMatchObject({ status: "succeeded" });
    expect(await late.history(gift)).toEqual(["submitted", "action_required", "expired", "captured"]);
    expect(await late.announced(gift.id)).toEqual(["created", "requires_action", "expired", "succeeded"]);
    expect(await late.books()).toMatchObject({ "4100": -50_000 });
  });

  test("when the gateway's word of it is lost, the sweeper asks and finds it expired", async () => {
    const quiet = await newGiver();
    const gift = await quiet.give(oxxo);
    await house.settle();
    await house.sandbox.control.deliverWebhooks({ mode: "lost" });
    await house.pass(days(4));
    await house.pass(hours(2));
    await house.sandbox.control.releaseHeld();
    expect(await quiet.read(gift.id)).toMatchObject({ status: "expired" });
  });

  test("canceled by the church it cannot be paid any more; canceling again answers the same", async () => {
    const church = await newGiver();
    const gift = await church.give(oxxo);
    const canceled = await church.ask("POST", `/v1/donations/${gift.id}/cancel`);
    expect(canceled).toMatchObject({
      status: 200,
      body: { status: "canceled", next_action: { type: "none" } },
    });
    expect(await house.sandbox.control.payVoucher(gift.payment)).toMatchObject({ ok: false });
    expect(await house.sandbox.control.payVoucher(gift.payment, { late: true })).toMatchObject({ ok: false });
    await house.settle();
    const again = await church.ask("POST", `/v1/donations/${gift.id}/cancel`);
    expect(again).toMatchObject({ status: 200, body: { status: "canceled" } });
    expect(await church.announced(gift.id)).toEqual(["created", "requires_action", "canceled"]);
  });

  test("paid before anybody noticed, it can no longer be canceled", async () => {
    const church = await newGiver();
    const gift = await church.give(oxxo);
    await house.sandbox.control.deliverWebhooks({ mode: "late" });
    await played(house.sandbox.control.payVoucher(gift.payment));
    const refused = await church.ask("POST", `/v1/donations/${gift.id}/cancel`);
    expect(refused).toMatchObject({ status: 409, body: { code: "donation_not_cancelable" } });
    expect(await church.read(gift.id)).toMatchObject({ status: "succeeded" });
    await house.sandbox.control.releaseHeld();
    await house.settle();
    expect(await church.entries()).toEqual(["attempt/capture", "attempt/fee"]);
  });

  test("cash cannot be refunded through the gateway: the refund waits to be paid by hand", async () => {
    const church = await newGiver();
    const gift = await church.give(oxxo);
    await played(house.sandbox.control.payVoucher(gift.payment));
    await house.settle();
    const asked = await church.refund(gift.id);
    expect(asked).toMatchObject({ status: 201, body: { status: "awaiting_payout" } });
    expect(await church.read(gift.id)).toMatchObject({ status: "succeeded", refunded_amount: 0 });
  });
});
