import { beforeAll, describe, expect, test } from "vitest";
import { days, minutes, seconds } from "../../src/kernel/clock.ts";
import { byToken, type Giver, giftBody, giver, newKey, secondAccount, uuid } from "../support/gifts.ts";
import { type House, openHouse } from "../support/house.ts";

let house: House;
let mx: Giver;
const newGiver = async () => giver(house, await house.church("mx"), "mx");
beforeAll(async () => {
  house = await openHouse();
  mx = await newGiver();
});

describe("one idempotency key", () => {
  test("used by fifty requests at once makes one donation and fifty equal answers", async () => {
    const church = await newGiver();
    const key = newKey();
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => church.ask("POST", "/v1/donations", giftBody("mx", byToken()), key)),
    );
    expect(new Set(replies.map((reply) => JSON.stringify([reply.status, reply.body]))).size).toBe(1);
    expect(replies[0]).toMatchObject({ status: 201, body: { status: "succeeded" } });
    expect(replies.filter((reply) => reply.headers.get("idempotency-replayed") === "true")).toHaveLength(49);
    expect(await church.paymentsAtGateway()).toHaveLength(1);
    await house.settle();
    expect(await church.entries()).toEqual(["attempt/capture", "attempt/fee"]);
  });

  test("answers a repeat alike, whatever the order and spacing of the body", async () => {
    const key = newKey();
    const body = giftBody("mx", byToken());
    const first = await mx.ask("POST", "/v1/donations", body, key);
    const turned = Object.fromEntries(Object.entries(body).reverse());
    const second = await mx.ask("POST", "/v1/donations", turned, key);
    expect(second.body).toEqual(first.body);
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    expect(second.headers.get("idempotency-replayed")).toBe("true");
  });

  test("still answers what it did when the same request would now be refused", async () => {
    const church = await newGiver();
    const fund = await church.ask("POST", "/v1/funds", { code: "roof", name: "Techo" });
    expect(fund.status).toBe(201);
    const key = newKey();
    const body = giftBody("mx", byToken(), { allocations: [{ fund: "roof", amount: 50_000 }] });
    const first = await church.ask("POST", "/v1/donations", body, key);
    expect(first.status).toBe(201);
    const closed = await church.ask("PATCH", `/v1/funds/${fund.body.id}`, { active: false });
    expect(closed.status).toBe(200);
    house.clock.advance(seconds(30));
    expect(await church.ask("POST", "/v1/donations", body)).toMatchObject({ body: { code: "fund_unknown" } });
    expect((await church.ask("POST", "/v1/donations", body, key)).body).toEqual(first.body);
  });

  test("with another body is refused by name, and the first gift stands", async () => {
    const key = newKey();
    await mx.ask("POST", "/v1/donations", giftBody("mx", byToken()), key);
    expect(
      await mx.ask("POST", "/v1/donations", giftBody("mx", byToken(), { amount: 50_001 }), key),
    ).toMatchObject({
      status: 422,
      body: { code: "idempotency_key_reused", errors: [{ pointer: "/headers/idempotency-key" }] },
    });
  });

  test("belongs to the church and key that used it: another church's same key is another gift", async () => {
    const other = await newGiver();
    const key = newKey();
    const ours = await mx.give(byToken(), {}, key);
    const theirs = await other.give(byToken(), {}, key);
    expect(theirs.id).not.toBe(ours.id);
  });

  test("is forgotten after thirty days", async () => {
    const church = await newGiver();
    const key = newKey();
    const first = await church.give(byToken(), {}, key);
    await house.pass(days(31));
    const second = await church.give(byToken(), {}, key);
    expect(second.id).not.toBe(first.id);
  });

  test("still running is answered 409 with when to come back, then with the first answer", async () => {
    const church = await newGiver();
    const slow = await stoppedGateway();
    const key = newKey();
    const body = giftBody("mx", byToken());
    const first = church.ask("POST", "/v1/donations", body, key);
    await slow.reached;
    const second = await church.ask("POST", "/v1/donations", body, key);
    expect(second).toMatchObject({ status: 409, body: { code: "idempotency_in_flight" } });
    expect(Number(second.headers.get("retry-after"))).toBeGreaterThan(0);
    slow.letGo();
    expect(await first).toMatchObject({ status: 201, body: { status: "succeeded" } });
    expect((await church.ask("POST", "/v1/donations", body, key)).body).toEqual((await first).body);
    expect(await church.paymentsAtGateway()).toHaveLength(1);
  });

  test("whose process died is taken over after its lease, with the same key at the gateway: one payment", async () => {
    const church = await newGiver();
    const slow = await stoppedGateway();
    const key = newKey();
    const body = giftBody("mx", byToken());
    // The first process reaches the gateway and is never heard of again.
    void church.ask("POST", "/v1/donations", body, key).catch(() => {});
    await slow.reached;
    house.clock.advance(seconds(61));
    slow.stopStopping();
    const taken = await church.ask("POST", "/v1/donations", body, key);
    expect(taken).toMatchObject({ status: 201, body: { status: "succeeded" } });
    slow.letGo();
    await house.settle();
    expect(await church.paymentsAtGateway()).toHaveLength(1);
    expect(await church.entries()).toEqual(["attempt/capture", "attempt/fee"]);
    const [rows] = await house.database.superuser`
      select count(*)::int as n from donations where church_id = ${uuid(church.church.churchId)}`;
    expect(rows?.n).toBe(1);
  });
});

/** The next payment made at the gateway is made, but its answer is held until let go. */
async function stoppedGateway() {
  const real = house.sandbox.fetch;
  let letGo = () => {};
  let arrived = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const restore = house.hold(async (request) => {
    const answer = await real(request);
    if (request.method === "POST" && new URL(request.url).pathname === "/v1/payment_intents") {
      restore();
      arrived();
      await gate;
    }
    return answer;
  });
  return { reached, letGo, stopStopping: restore };
}

describe("a church with two accounts", () => {
  const twoAccounts = async () => {
    const church = await newGiver();
    const other = await secondAccount(house, church.church, "mx");
    return { church, other };
  };

  test.each(["429", "connection_refused"] as const)("falls back to the other one after %s", async (kind) => {
    const { church, other } = await twoAccounts();
    await house.sandbox.control.nextCall({ kind, on: "POST /v1/payment_intents" });
    const gift = await church.give(byToken());
    expect(gift.status).toBe("succeeded");
    expect(await church.history(gift)).toEqual(["submitted", "refused", "submitted", "captured"]);
    expect(await church.announced(gift.id)).toEqual(["created", "succeeded"]);
    const payments = [...(await church.paymentsAtGateway()), ...(await church.paymentsAtGateway(other))];
    expect(payments).toHaveLength(1);
    await house.settle();
    expect(await church.read(gift.id)).toMatchObject({ status: "succeeded", attempt: gift.attempt });
    expect(await church.entries()).toEqual(["attempt/capture", "attempt/fee"]);
  });

  test("never falls back when the first may have charged: the donation waits for proof", async () => {
    const { church, other } = await twoAccounts();
    await house.sandbox.control.nextCall({ kind: "timeout_after", on: "POST /v1/payment_intents" });
    const gift = await church.give(byToken());
    expect(gift.status).toBe("processing");
    const counts = [await church.paymentsAtGateway(), await church.paymentsAtGateway(other)].map(
      (p) => p.length,
    );
    expect(counts.sort()).toEqual([0, 1]);
  });

  test("does not fall back after the bank's no", async () => {
    const { church } = await twoAccounts();
    const gift = await church.give(byToken("pm_card_chargeDeclined"));
    expect(await church.history(gift)).toEqual(["submitted", "declined"]);
  });

  test("tries one other account and no more, then says that nothing was charged", async () => {
    const { church } = await twoAccounts();
    await secondAccount(house, church.church, "mx");
    for (let n = 0; n < 2; n++) {
      await house.sandbox.control.nextCall({ kind: "connection_refused", on: "POST /v1/payment_intents" });
    }
    const key = newKey();
    const body = giftBody("mx", byToken());
    const down = await church.ask("POST", "/v1/donations", body, key);
    expect(down).toMatchObject({ status: 503, body: { code: "gateway_unavailable" } });
    expect(down.headers.get("retry-after")).toBe("5");
    const [row] = await house.database.superuser`
      select count(*)::int as n from payment_attempts where church_id = ${uuid(church.church.churchId)}`;
    expect(row?.n).toBe(2);
    expect(await church.ask("POST", "/v1/donations", body, key)).toMatchObject({ status: 201 });
  });

  test("a donor known at the first is not presented under that name at the second", async () => {
    const { church } = await twoAccounts();
    const first = await church.give({ type: "spei" });
    expect(first.status).toBe("requires_action");
    await house.sandbox.control.nextCall({ kind: "connection_refused", on: "POST /v1/payment_intents" });
    const second = await church.give({ type: "spei" });
    expect(second.status).toBe("requires_action");
    expect(await church.history(second)).toEqual(["submitted", "refused", "submitted", "action_required"]);
  });
});

describe("an answer that was lost", () => {
  test("leaves the donation processing, and the sweeper finds the money: one payment, booked once", async () => {
    const church = await newGiver();
    await house.sandbox.control.deliverWebhooks({ mode: "lost" });
    await house.sandbox.control.nextCall({ kind: "timeout_after", on: "POST /v1/payment_intents" });
    const key = newKey();
    const gift = await church.give(byToken(), {}, key);
    expect(gift).toMatchObject({ status: "processing", next_action: { type: "none" } });
    expect(await church.give(byToken(), {}, key)).toEqual(gift);
    await house.pass(minutes(6));
    await house.sandbox.control.releaseHeld();
    expect(await church.read(gift.id)).toMatchObject({ status: "succeeded" });
    expect(await church.history(gift)).toEqual(["submitted", "in_doubt", "captured"]);
    expect(await church.paymentsAtGateway()).toHaveLength(1);
    expect(await church.books()).toMatchObject({ "4100": -50_000 });
  });

  test("is settled by the webhook when that comes first", async () => {
    const church = await newGiver();
    await house.sandbox.control.nextCall({ kind: "timeout_after", on: "POST /v1/payment_intents" });
    const gift = await church.give(byToken());
    await house.settle();
    expect(await church.read(gift.id)).toMatchObject({ status: "succeeded" });
  });

  test("for a payment the gateway never saw is canceled, but only once its own look-up can be believed", async () => {
    const church = await newGiver();
    await house.sandbox.control.nextCall({ kind: "timeout_before", on: "POST /v1/payment_intents" });
    const gift = await church.give(byToken());
    await house.pass(minutes(6));
    expect(await church.read(gift.id)).toMatchObject({ status: "processing" });
    await house.pass(minutes(61));
    expect(await church.read(gift.id)).toMatchObject({ status: "canceled" });
    expect(await church.books()).toEqual({});
  });

  test("that the gateway cannot tell about either goes to a person after a week, and is never failed", async () => {
    const church = await newGiver();
    await house.sandbox.control.deliverWebhooks({ mode: "lost" });
    await house.sandbox.control.nextCall({ kind: "timeout_after", on: "POST /v1/payment_intents" });
    const gift = await church.give(byToken());
    const restore = house.hold(() => Promise.resolve(new Response("{}", { status: 500 })));
    const seen = new Set<string>();
    for (const wait of [minutes(6), minutes(61), ...Array.from({ length: 6 }, () => days(1) + minutes(1))]) {
      await house.pass(wait);
      seen.add((await church.read(gift.id)).status);
    }
    restore();
    await house.sandbox.control.releaseHeld();
    expect([...seen]).toEqual(["processing", "needs_review"]);
    expect(await church.announced(gift.id)).toEqual(["created", "needs_review"]);
  });
});
