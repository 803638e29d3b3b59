import { beforeAll, describe, expect, test } from "vitest";
import { days, hours, minutes } from "../../src/kernel/clock.ts";
import { byToken, giver, newKey, played, uuid } from "../support/gifts.ts";
import { type House, openHouse } from "../support/house.ts";

let house: House;
const newGiver = async () => giver(house, await house.church("mx"), "mx");
const captured = { "1100": 47_564, "4100": -50_000, "5100": 2_100, "5110": 336 };

beforeAll(async () => {
  house = await openHouse();
});

/** A card gift that has succeeded. */
async function begun(token?: string, more: object = {}) {
  const mx = await newGiver();
  const gift = await mx.give(byToken(token), more);
  await house.settle();
  return { mx, gift };
}

describe("a refund", () => {
  test("of everything takes the whole gift back from its funds", async () => {
    const { mx, gift } = await begun();
    const refund = await mx.refund(gift.id);
    expect(refund).toMatchObject({ status: 201, body: { amount: 50_000, status: "succeeded" } });
    expect(await mx.read(gift.id)).toMatchObject({ status: "succeeded", refunded_amount: 50_000 });
    expect(await mx.books()).toEqual({ ...captured, "1100": -2_436, "4900": 50_000 });
    expect(await mx.announced(gift.id)).toEqual(["created", "succeeded", "refunded"]);
    expect(await mx.refund(gift.id)).toMatchObject({
      status: 422,
      body: { code: "refund_exceeds_remaining" },
    });
  });

  test("in parts is spread over the funds, and the parts add up to exactly each fund's share", async () => {
    const allocations = [
      { fund: "general", amount: 33_333 },
      { fund: "missions", amount: 16_667 },
    ];
    const { mx, gift } = await begun(undefined, { allocations });
    for (const amount of [1, 9_999, 20_000]) {
      expect(await mx.refund(gift.id, { amount })).toMatchObject({ status: 201, body: { amount } });
    }
    expect(await mx.refund(gift.id, { amount: 20_001 })).toMatchObject({
      status: 422,
      body: { code: "refund_exceeds_remaining", errors: [{ pointer: "/amount" }] },
    });
    expect(await mx.refund(gift.id)).toMatchObject({ body: { amount: 20_000 } });
    const rows = await house.database.superuser`
      select a.code, a.fund_id, sum(p.amount_minor)::int as minor
      from postings p join ledger_accounts a on a.church_id = p.church_id and a.account_no = p.account_no
      where p.church_id = ${uuid(mx.church.churchId)} and a.code in ('4100', '4200', '4900')
      group by a.code, a.fund_id`;
    const perFund = new Map<string, number>();
    for (const row of rows) perFund.set(row.fund_id, (perFund.get(row.fund_id) ?? 0) + row.minor);
    expect([...perFund.values()]).toEqual([0, 0]);
  });

  test("of 60 %, asked for twenty times at once, goes through exactly once", async () => {
    const { mx, gift } = await begun();
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => mx.refund(gift.id, { amount: 30_000 })),
    );
    expect(replies.filter((reply) => reply.status === 201)).toHaveLength(1);
    expect(replies.filter((reply) => reply.body.code === "refund_exceeds_remaining")).toHaveLength(19);
    await house.settle();
    expect(await mx.read(gift.id)).toMatchObject({ refunded_amount: 30_000 });
    const [payment] = await mx.paymentsAtGateway();
    expect(payment?.refunds).toHaveLength(1);
    expect(await mx.books()).toMatchObject({ "4900": 30_000 });
  });

  test("repeated with its key is answered alike and sent once", async () => {
    const { mx, gift } = await begun();
    const key = newKey();
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => mx.refund(gift.id, { amount: 10_000 }, key)),
    );
    expect(new Set(replies.map((reply) => JSON.stringify([reply.status, reply.body]))).size).toBe(1);
    expect(replies.filter((reply) => reply.headers.get("idempotency-replayed") === "true")).toHaveLength(9);
    expect(await mx.refund(gift.id, { amount: 10_001 }, key)).toMatchObject({
      status: 422,
      body: { code: "idempotency_key_reused" },
    });
    const [payment] = await mx.paymentsAtGateway();
    expect(payment?.refunds).toHaveLength(1);
  });

  test("that the gateway fails after all gives the money back to the funds, and may be asked for again", async () => {
    const { mx, gift } = await begun();
    const refund = await mx.refund(gift.id, { amount: 50_000 });
    await played(house.sandbox.control.failRefund(String(refund.body.gateway_refund_id)));
    await house.settle();
    expect(await mx.read(gift.id)).toMatchObject({ refunded_amount: 0 });
    expect(await mx.books()).toEqual(captured);
    expect(await mx.entries()).toEqual([
      "attempt/capture",
      "attempt/fee",
      "refund/refund",
      "refund/refund_reversal",
    ]);
    expect(await mx.refund(gift.id)).toMatchObject({ status: 201, body: { status: "succeeded" } });
  });

  test("that is pending is booked only when it has gone", async () => {
    const { mx, gift } = await begun("pm_card_pendingRefund");
    const refund = await mx.refund(gift.id);
    expect(refund.body).toMatchObject({ status: "processing" });
    expect(await mx.read(gift.id)).toMatchObject({ refunded_amount: 0 });
    expect(await mx.books()).toEqual(captured);
    await played(house.sandbox.control.succeedRefund(String(refund.body.gateway_refund_id)));
    await house.settle();
    expect(await mx.read(gift.id)).toMatchObject({ refunded_amount: 50_000 });
    expect(await mx.books()).toMatchObject({ "4900": 50_000 });
  });

  test("whose every webhook is lost is found by the sweeper", async () => {
    const { mx, gift } = await begun("pm_card_pendingRefund");
    const refund = await mx.refund(gift.id);
    await house.sandbox.control.deliverWebhooks({ mode: "lost" });
    await played(house.sandbox.control.succeedRefund(String(refund.body.gateway_refund_id)));
    await house.pass(days(1) + minutes(1));
    await house.sandbox.control.releaseHeld();
    expect(await mx.read(gift.id)).toMatchObject({ refunded_amount: 50_000 });
  });

  test("whose answer was lost is asked for again, never sent twice", async () => {
    const { mx, gift } = await begun();
    const key = newKey();
    await house.sandbox.control.nextCall({ kind: "timeout_after", on: "POST /v1/refunds" });
    await house.sandbox.control.deliverWebhooks({ mode: "lost" });
    const refund = await mx.refund(gift.id, { amount: 10_000 }, key);
    expect(refund).toMatchObject({ status: 201, body: { status: "in_doubt" } });
    expect(await mx.refund(gift.id, { amount: 45_000 })).toMatchObject({
      body: { code: "refund_exceeds_remaining" },
    });
    await house.pass(minutes(6));
    await house.sandbox.control.releaseHeld();
    expect(await mx.read(gift.id)).toMatchObject({ refunded_amount: 10_000 });
    const [payment] = await mx.paymentsAtGateway();
    expect(payment?.refunds).toHaveLength(1);
  });

  test("the gateway never saw frees the amount again", async () => {
    const { mx, gift } = await begun();
    await house.sandbox.control.nextCall({ kind: "timeout_before", on: "POST /v1/refunds" });
    expect(await mx.refund(gift.id)).toMatchObject({ body: { status: "in_doubt" } });
    await house.pass(minutes(6));
    await house.pass(hours(1) + minutes(1));
    expect(await mx.read(gift.id)).toMatchObject({ refunded_amount: 0 });
    expect(await mx.refund(gift.id)).toMatchObject({ status: 201, body: { status: "succeeded" } });
  });

  test("that never left the house frees key and amount at once", async () => {
    const { mx, gift } = await begun();
    const key = newKey();
    await house.sandbox.control.nextCall({ kind: "connection_refused", on: "POST /v1/refunds" });
    const down = await mx.refund(gift.id, {}, key);
    expect(down).toMatchObject({ status: 503, body: { code: "gateway_unavailable" } });
    expect(down.headers.get("retry-after")).toBe("5");
    expect(await mx.refund(gift.id, {}, key)).toMatchObject({ status: 201, body: { status: "succeeded" } });
  });

  test("made in the gateway's own dashboard becomes ours", async () => {
    const { mx, gift } = await begun();
    const answer = await house.sandbox.fetch(
      new Request("https://api.stripe.com/v1/refunds", {
        method: "POST",
        headers: {
          authorization: `Bearer ${mx.church.stripeKey}`,
          "content-type": "application/x-www-form-urlencoded",
        },
        body: `payment_intent=${gift.payment}&amount=12000`,
      }),
    );
    expect(answer.status).toBe(200);
    await house.settle();
    expect(await mx.read(gift.id)).toMatchObject({ refunded_amount: 12_000 });
    expect(await mx.books()).toMatchObject({ "4900": 12_000 });
    expect(await mx.refund(gift.id, { amount: 38_001 })).toMatchObject({ status: 422 });
    expect(await mx.refund(gift.id)).toMatchObject({ status: 201, body: { amount: 38_000 } });
  });

  test("of a gift that has not succeeded, or in a part below the minor unit, is refused by name", async () => {
    const mx = await newGiver();
    const gift = await mx.give({ type: "oxxo" });
    expect(await mx.refund(gift.id)).toMatchObject({
      status: 409,
      body: { code: "donation_not_refundable" },
    });
    expect(await mx.refund(gift.id, { amount: 0 })).toMatchObject({
      status: 422,
      body: { code: "amount_invalid" },
    });
    expect(await mx.refund("don_0193b2c4d5e67f808a9bacbdcedfe0f1")).toMatchObject({
      status: 404,
      body: { code: "not_found" },
    });
  });
});

describe("a dispute", () => {
  test("withholds the money and its fee, and brings the money back when it is won", async () => {
    const { mx, gift } = await begun();
    const dispute = await played(house.sandbox.control.openDispute(gift.payment));
    await house.settle();
    expect(await mx.read(gift.id)).toMatchObject({ status: "succeeded", disputed: true });
    const open = await mx.books();
    expect(open["1120"]).toBe(50_000);
    const fee = open["5130"] ?? 0;
    expect(open["1100"]).toBe(47_564 - 50_000 - fee);
    await played(house.sandbox.control.closeDispute(dispute.id, "won"));
    await house.settle();
    const won = await mx.books();
    expect(won["1120"]).toBeUndefined();
    expect(won["5120"]).toBeUndefined();
    expect(won["1100"]).toBe(47_564 - (won["5130"] ?? 0));
  });

  test("that is lost is a loss of the church, with the dispute's fee", async () => {
    const { mx, gift } = await begun();
    const dispute = await played(house.sandbox.control.openDispute(gift.payment));
    await house.settle();
    await played(house.sandbox.control.closeDispute(dispute.id, "lost"));
    await house.settle();
    const lost = await mx.books();
    expect(lost["1120"]).toBeUndefined();
    expect(lost["5120"]).toBe(50_000);
    const [payment] = await mx.paymentsAtGateway();
    const taken = payment?.disputes[0]?.balance_transactions.reduce((sum, one) => sum + one.net, 0) ?? 0;
    expect(lost["1100"]).toBe(47_564 + taken);
    expect((await mx.announced(gift.id)).filter((type) => type === "disputed").length).toBeGreaterThanOrEqual(
      2,
    );
  });

  test("whose news arrive newest first ends with the same books", async () => {
    const { mx, gift } = await begun();
    await house.sandbox.control.deliverWebhooks({ mode: "late" });
    const dispute = await played(house.sandbox.control.openDispute(gift.payment));
    await played(house.sandbox.control.closeDispute(dispute.id, "lost"));
    await house.sandbox.control.deliverWebhooks({ mode: "out_of_order" });
    await house.settle();
    await house.sandbox.control.releaseHeld();
    const lost = await mx.books();
    expect(lost["1120"]).toBeUndefined();
    expect(lost["5120"]).toBe(50_000);
  });

  test("a bank's question only is a dispute without money taken", async () => {
    const { mx, gift } = await begun();
    await played(house.sandbox.control.openDispute(gift.payment, { inquiry: true }));
    await house.settle();
    expect(await mx.read(gift.id)).toMatchObject({ disputed: true });
    expect(await mx.books()).toEqual(captured);
  });
});
