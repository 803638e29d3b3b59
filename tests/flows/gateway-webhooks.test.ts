import { createHmac } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { present } from "../../src/kernel/assert.ts";
import { days, hours, minutes, seconds } from "../../src/kernel/clock.ts";
import { toId } from "../../src/kernel/ids.ts";
import { secret } from "../../src/kernel/secret.ts";
import { addWebhookSecret } from "../../src/routing/gateway-accounts.ts";
import { deadLetters, replayEvents } from "../../src/webhooks/store.ts";
import { byToken, type Giver, giver, played, rowCounts, uuid } from "../support/gifts.ts";
import { type House, openHouse } from "../support/house.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
const newGiver = async () => giver(house, await house.church("mx"), "mx");

type Sent = { readonly status: number; readonly body: Record<string, unknown> };
/** A delivery as Stripe would sign it, or as somebody else would. */
async function deliver(
  to: Giver,
  body: string,
  how: { readonly secret?: string; readonly at?: Date; readonly signature?: string } = {},
): Promise<Sent> {
  const at = Math.floor((how.at ?? house.clock.now()).getTime() / 1000);
  const key = how.secret ?? to.church.webhookSecret;
  const mac = createHmac("sha256", key).update(`${at}.${body}`).digest("hex");
  const answer = await house.app.fetch(
    new Request(to.church.webhookUrl, {
      method: "POST",
      headers: {
        "stripe-signature": how.signature ?? `t=${at},v1=${mac}`,
        "content-type": "application/json",
      },
      body,
    }),
  );
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const inboxOf = async (to: Giver) =>
  house.database.superuser`
    select verdict, event_key, type, state, tries, remark, next_at from inbox
    where church_id = ${uuid(to.church.churchId)} order by received_at, id`;

/** The succeeded event of a voucher that has just been paid, as the gateway would send it; none has been delivered. */
async function paidVoucher(to: Giver) {
  const gift = await to.give({ type: "oxxo" });
  await house.settle();
  await house.sandbox.control.deliverWebhooks({ mode: "lost" });
  await played(house.sandbox.control.payVoucher(gift.payment));
  await house.sandbox.control.flush();
  await house.sandbox.control.releaseHeld();
  return { gift, event: await eventOf(to, "payment_intent.succeeded", gift.payment) };
}

async function eventOf(to: Giver, type: string, payment: string): Promise<string> {
  const answer = await house.sandbox.fetch(
    new Request(`https://api.stripe.com/v1/events?type=${type}&limit=100`, {
      headers: { authorization: `Bearer ${to.church.stripeKey}` },
    }),
  );
  const { data } = (await answer.json()) as { data: { data: { object: { id: string } } }[] };
  const found = data.find((event) => event.data.object.id === payment);
  return JSON.stringify(present(found, `${type} of ${payment} was announced`));
}

describe("a delivery at the door", () => {
  test("that is genuine is stored before it is answered 200, and then applied", async () => {
    const mx = await newGiver();
    const { gift, event } = await paidVoucher(mx);
    expect(await deliver(mx, event)).toEqual({ status: 200, body: { received: true, seen_before: false } });
    await house.settle();
    expect(await mx.read(gift.id)).toMatchObject({ status: "succeeded" });
  });

  test("that is forged is refused with 401, kept as forged, and cannot stand in the genuine event's way", async () => {
    const mx = await newGiver();
    const { gift, event } = await paidVoucher(mx);
    for (const how of [{ secret: "whsec_wrong" }, { signature: "t=1,v1=00" }, { signature: "nonsense" }]) {
      expect(await deliver(mx, event, how)).toMatchObject({
        status: 401,
        body: { code: "webhook_signature_invalid", request_id: expect.any(String) },
      });
    }
    const changed = event.replace('"amount_received":50000', '"amount_received":90000');
    expect(changed).not.toBe(event);
    const at = Math.floor(house.clock.now().getTime() / 1000);
    const mac = createHmac("sha256", mx.church.webhookSecret).update(`${at}.${event}`).digest("hex");
    expect((await deliver(mx, changed, { signature: `t=${at},v1=${mac}` })).status).toBe(401);
    await house.settle();
    expect((await inboxOf(mx)).filter((row) => row.verdict === "forged")).toMatchObject(
      Array.from({ length: 4 }, () => ({ state: "refused", event_key: null, next_at: null })),
    );
    expect(await mx.read(gift.id)).toMatchObject({ status: "requires_action" });
    expect((await deliver(mx, event)).status).toBe(200);
    await house.settle();
    expect(await mx.read(gift.id)).toMatchObject({ status: "succeeded" });
  });

  test("without any signature is refused", async () => {
    const mx = await newGiver();
    const answer = await house.app.fetch(new Request(mx.church.webhookUrl, { method: "POST", body: "{}" }));
    expect(answer.status).toBe(401);
  });

  test.each([
    ["six minutes old", -minutes(6)],
    ["six minutes ahead", minutes(6)],
  ])("signed %s is refused as stale: a replay, or a clock that is wrong", async (_, skew) => {
    const mx = await newGiver();
    const { gift, event } = await paidVoucher(mx);
    const at = new Date(house.clock.now().getTime() + skew);
    expect(await deliver(mx, event, { at })).toMatchObject({
      status: 401,
      body: { code: "webhook_timestamp_stale" },
    });
    await house.settle();
    expect(await mx.read(gift.id)).toMatchObject({ status: "requires_action" });
    expect((await inboxOf(mx)).map((row) => row.verdict)).toContain("stale");
  });

  test("within the clocks' tolerance is taken", async () => {
    const mx = await newGiver();
    const { event } = await paidVoucher(mx);
    const at = new Date(house.clock.now().getTime() - minutes(4));
    expect((await deliver(mx, event, { at })).status).toBe(200);
  });

  test("seen before is thanked and dropped, five at once or a day later", async () => {
    const mx = await newGiver();
    const { event } = await paidVoucher(mx);
    const sent = await Promise.all(Array.from({ length: 5 }, () => deliver(mx, event)));
    expect(sent.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(sent.filter(({ body }) => body.seen_before === false)).toHaveLength(1);
    await house.settle();
    await house.pass(days(1));
    expect(await deliver(mx, event)).toEqual({ status: 200, body: { received: true, seen_before: true } });
    await house.settle();
    expect(await mx.entries()).toEqual(["attempt/capture", "attempt/fee"]);
  });

  test("signed right but no event is refused with 400, and nothing is applied", async () => {
    const mx = await newGiver();
    for (const body of ["{}", "[]", '"text"', '{"id":"evt_1","object":"event"}', "{not json"]) {
      expect(await deliver(mx, body)).toMatchObject({ status: 400, body: { code: "invalid_request" } });
    }
    expect((await inboxOf(mx)).filter((row) => row.verdict === "genuine")).toEqual([]);
  });

  test("of 600 kB is refused with 413, with or without a declared length, and not stored", async () => {
    const mx = await newGiver();
    const before = await rowCounts(house);
    const body = JSON.stringify({ id: "evt_big", filler: "x".repeat(600_000) });
    expect(await deliver(mx, body)).toMatchObject({ status: 413, body: { code: "body_too_large" } });
    const stream = new Response(body).body;
    const init = { method: "POST", body: stream, duplex: "half" };
    const streamed = await house.app.fetch(new Request(mx.church.webhookUrl, init));
    expect(streamed.status).toBe(413);
    expect(await rowCounts(house)).toEqual(before);
  });

  test("at an address that is nobody's, or another gateway's, is not found; other methods are refused", async () => {
    const mx = await newGiver();
    const at = (path: string, method = "POST") =>
      house.app.fetch(new Request(path, { method, ...(method === "POST" ? { body: "{}" } : {}) }));
    expect((await at(`${mx.church.webhookUrl}x`)).status).toBe(404);
    expect((await at(mx.church.webhookUrl.replace("/stripe/", "/paypal/"))).status).toBe(404);
    const got = await at(mx.church.webhookUrl, "GET");
    expect(got.status).toBe(405);
    expect(got.headers.get("allow")).toBe("POST");
  });

  test("meant for another church's address is refused there: each has its own secret", async () => {
    const [ours, theirs] = [await newGiver(), await newGiver()];
    const { gift, event } = await paidVoucher(ours);
    expect((await deliver(theirs, event, { secret: ours.church.webhookSecret })).status).toBe(401);
    // Even signed with the other church's own secret it cannot reach our payment.
    expect((await deliver(theirs, event)).status).toBe(200);
    await house.settle();
    expect(await ours.read(gift.id)).toMatchObject({ status: "requires_action" });
    expect(await inboxOf(theirs)).toMatchObject([{ verdict: "forged" }, { state: "parked" }]);
  });

  test("is taken with the old and the new secret while one is being rotated, then only with the new", async () => {
    const mx = await newGiver();
    const { deps, vault } = house.app;
    const [row] = await house.database.superuser`
      select id from gateway_accounts where church_id = ${uuid(mx.church.churchId)}`;
    const account = { churchId: mx.church.churchId, id: toId("gatewayAccount", String(row?.id)) };
    const newSecret = "whsec_the_new_one";
    const until = new Date(house.clock.now().getTime() + days(1));
    expect(
      await deps.db.inChurch(account.churchId, (tx) =>
        addWebhookSecret(tx, vault, account, secret(newSecret), until),
      ),
    ).toBe(true);
    house.clock.advance(seconds(31));
    const [first, second, third] = await Promise.all([paidVoucher(mx), paidVoucher(mx), paidVoucher(mx)]);
    expect((await deliver(mx, first.event)).status).toBe(200);
    expect((await deliver(mx, second.event, { secret: newSecret })).status).toBe(200);
    house.clock.advance(days(1) + minutes(1));
    expect((await deliver(mx, third.event)).status).toBe(401);
    expect((await deliver(mx, third.event, { secret: newSecret })).status).toBe(200);
  });
});

describe("an event at the desk", () => {
  test("of a type we do not read is kept and ignored", async () => {
    const mx = await newGiver();
    const event = eventWith({
      id: "evt_other",
      type: "invoice.created",
      object: { id: "in_1", object: "invoice" },
    });
    expect((await deliver(mx, event)).status).toBe(200);
    await house.settle();
    expect(await inboxOf(mx)).toMatchObject([{ state: "ignored", type: "invoice.created", next_at: null }]);
  });

  test("whose stored bytes do not open waits and says so; those beside it are settled", async () => {
    const mx = await newGiver();
    const { churchId } = mx.church;
    for (const id of ["evt_spoilt", "evt_whole"]) {
      const object = { id: `in_${id}`, object: "invoice" };
      expect((await deliver(mx, eventWith({ id, type: "invoice.created", object }))).status).toBe(200);
    }
    await house.settle();
    await house.database.superuser`
      update inbox set body = '\\x00' where church_id = ${uuid(churchId)} and event_key = 'evt_spoilt'`;
    await house.database.superuser`update inbox set state = 'dead' where church_id = ${uuid(churchId)}`;
    const now = house.clock.now();
    const { db } = house.app.deps;
    expect(await db.inChurch(churchId, (tx) => replayEvents(tx, churchId, "dead", now))).toBe(2);
    house.bell.ring("inbox");
    await house.settle();
    expect(await inboxOf(mx)).toMatchObject([
      { event_key: "evt_spoilt", state: "parked", tries: 1, remark: expect.stringContaining("open") },
      { event_key: "evt_whole", state: "ignored", tries: 1, next_at: null },
    ]);
  });

  test("faster than our own answer to the request changes the gift first, and the answer then says the same", async () => {
    const mx = await newGiver();
    const real = house.sandbox.fetch;
    const restore = house.hold(async (request) => {
      const answer = await real(request);
      // Not the look-ups, which the webhook itself may make.
      if (request.method === "POST") await house.settle();
      return answer;
    });
    const gift = await mx.give(byToken());
    restore();
    expect(gift.status).toBe("succeeded");
    await house.settle();
    const causes = await house.database.superuser`
      select cause from attempt_changes where attempt_id = ${uuid(gift.attempt)} order by version`;
    expect(causes.map(({ cause }) => cause)).toEqual(["request", "webhook"]);
    expect(await mx.entries()).toEqual(["attempt/capture", "attempt/fee"]);
    expect(await mx.announced(gift.id)).toEqual(["created", "succeeded"]);
  });

  test("about a payment we do not know yet is parked, and applied when we do", async () => {
    const mx = await newGiver();
    await house.sandbox.control.deliverWebhooks({ mode: "lost" });
    await house.sandbox.control.nextCall({ kind: "timeout_after", on: "POST /v1/payment_intents" });
    const gift = await mx.give(byToken());
    await house.sandbox.control.flush();
    await house.sandbox.control.releaseHeld();
    const [payment] = await mx.paymentsAtGateway();
    await played(house.sandbox.control.openDispute(present(payment, "it was made").intent.id));
    await house.settle();
    expect(await mx.read(gift.id)).toMatchObject({ status: "processing", disputed: false });
    const waiting = (await inboxOf(mx)).filter((row) => row.state === "parked");
    expect(waiting.length).toBeGreaterThan(0);
    await house.pass(minutes(6));
    await house.pass(minutes(6));
    expect(await mx.read(gift.id)).toMatchObject({ status: "succeeded", disputed: true });
    expect((await mx.books())["1120"]).toBe(50_000);
  });

  test("about somebody else's payment waits its turns for a row of ours, and is then let go", async () => {
    const mx = await newGiver();
    const refund = {
      id: "re_1",
      object: "refund",
      payment_intent: "pi_foreign",
      amount: 100,
      currency: "mxn",
    };
    const object = { ...refund, status: "succeeded", metadata: {} };
    expect((await deliver(mx, eventWith({ id: "evt_foreign", type: "refund.created", object }))).status).toBe(
      200,
    );
    await house.settle();
    expect(await inboxOf(mx)).toMatchObject([{ state: "parked" }]);
    for (const wait of [seconds(3), seconds(11), minutes(2), minutes(11), hours(2), hours(7), hours(25)]) {
      await house.pass(wait);
    }
    expect(await inboxOf(mx)).toMatchObject(
      [{ state: "ignored", next_at: null, remark: /not ours/ }].map(remarks),
    );
  });

  test("that cannot be read is tried again, becomes a dead letter after its last try, and can be replayed", async () => {
    const mx = await newGiver();
    const { gift, event } = await paidVoucher(mx);
    // The gateway's word does not have its documented shape: a poison.
    const poison = event.replace('"amount_received":50000', '"amount_received":"fifty"');
    expect(poison).not.toBe(event);
    expect((await deliver(mx, poison)).status).toBe(200);
    await house.settle();
    for (const wait of [6, 31, 121, 601, 3601, 21_601, 86_401]) await house.pass(seconds(wait));
    const { deps } = house.app;
    const letters = () =>
      deps.db.inChurch(mx.church.churchId, (tx) => deadLetters(tx, mx.church.churchId, 10));
    const dead = (await letters()).filter((letter) => letter.type === "payment_intent.succeeded");
    expect(dead).toMatchObject([{ tries: 8, remark: expect.stringContaining("shape") }]);
    // The sweeper found the money long before; the letter only stays for a person to look at.
    expect(["requires_action", "succeeded"]).toContain((await mx.read(gift.id)).status);
    // What was wrong is mended: here, the stored bytes; there, the adapter.
    const id = present(dead[0], "one letter").id;
    const at = { table: "inbox", column: "body", row: id };
    const mended = await deps.db.inChurch(mx.church.churchId, (tx) =>
      deps.vault.seal(tx, mx.church.churchId, at, event),
    );
    await house.database.superuser`
      update inbox set body = ${Buffer.from(mended.bytes)}, key_version = ${mended.keyVersion} where id = ${uuid(id)}`;
    const now = house.clock.now();
    expect(
      await deps.db.inChurch(mx.church.churchId, (tx) => replayEvents(tx, mx.church.churchId, "dead", now)),
    ).toBe(1);
    house.bell.ring("inbox");
    await house.settle();
    expect(await letters()).toEqual([]);
    expect(await mx.read(gift.id)).toMatchObject({ status: "succeeded" });
    expect(await mx.entries()).toEqual(["attempt/capture", "attempt/fee"]);
  });

  test("whose look-up at the gateway fails is applied all the same when it tells of money; the fee follows", async () => {
    const mx = await newGiver();
    const { gift, event } = await paidVoucher(mx);
    const restore = house.hold(() => Promise.resolve(new Response("{}", { status: 500 })));
    expect((await deliver(mx, event)).status).toBe(200);
    await house.settle();
    restore();
    expect(await mx.read(gift.id)).toMatchObject({ status: "succeeded", fee: null });
    expect(await mx.entries()).toEqual(["attempt/capture"]);
    await house.pass(minutes(11));
    expect(await mx.read(gift.id)).toMatchObject({ fee: { amount: 2_436 } });
    expect(await mx.books()).toEqual({ "1100": 47_564, "4100": -50_000, "5100": 2_100, "5110": 336 });
  });

  test("that only hints waits until the gateway can be asked", async () => {
    const mx = await newGiver();
    const gift = await mx.give({ type: "card", presentation: "hosted" });
    const number = "4242424242424242";
    await house.settle();
    const restore = house.hold(() => Promise.resolve(new Response("{}", { status: 500 })));
    await house.sandbox.control.completeCheckout(gift.payment, { type: "card", number: "4000000000000002" });
    await house.settle();
    expect((await inboxOf(mx)).some((row) => row.state === "parked")).toBe(true);
    restore();
    await house.pass(seconds(6));
    expect(await mx.read(gift.id)).toMatchObject({ decline: { code: expect.any(String) } });
    await played(house.sandbox.control.completeCheckout(gift.payment, { type: "card", number }));
    await house.settle();
    expect(await mx.read(gift.id)).toMatchObject({ status: "succeeded" });
  });
});

describe("a payment's events", () => {
  test.each([{ mode: "duplicated", times: 5 }, { mode: "out_of_order" }, { mode: "late" }] as const)(
    "delivered $mode end in the same state and the same books",
    async (mode) => {
      const mx = await newGiver();
      await house.sandbox.control.deliverWebhooks(mode);
      const gift = await mx.give({ type: "oxxo" });
      await played(house.sandbox.control.payVoucher(gift.payment));
      const card = await mx.give(byToken());
      await played(house.sandbox.control.openDispute(card.payment));
      await house.settle();
      await house.sandbox.control.releaseHeld();
      await house.settle();
      expect(await mx.read(gift.id)).toMatchObject({ status: "succeeded" });
      expect(await mx.read(card.id)).toMatchObject({ status: "succeeded", disputed: true });
      const books = await mx.books();
      expect(books).toMatchObject({ "4100": -100_000, "1120": 50_000, "5100": 4_200, "5110": 672 });
      expect((await inboxOf(mx)).every((row) => ["handled", "ignored"].includes(String(row.state)))).toBe(
        true,
      );
    },
  );
});

function eventWith(given: { readonly id: string; readonly type: string; readonly object: object }): string {
  const created = Math.floor(house.clock.now().getTime() / 1000);
  return JSON.stringify({
    id: given.id,
    object: "event",
    api_version: "2026-10-28.endive",
    created,
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: given.type,
    data: { object: given.object },
  });
}

const remarks = (row: { readonly remark: RegExp }) => ({ ...row, remark: expect.stringMatching(row.remark) });
