import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, test } from "vitest";
import { dueByTurns } from "../../src/db/due-by-turns.ts";
import { days, hours, minutes, seconds } from "../../src/kernel/clock.ts";
import type { ChurchId, EventId, WebhookEndpointId } from "../../src/kernel/ids.ts";
import { announce } from "../../src/outbox/announce.ts";
import { deliverDue } from "../../src/outbox/deliver.ts";
import { claimDelivery, deliveryQueue } from "../../src/outbox/delivery-store.ts";
import { deleteEndpoint, editEndpoint, rotateSecret } from "../../src/outbox/endpoints.ts";
import { redeliver, replayRange } from "../../src/outbox/redeliver.ts";
import { insertReplay } from "../../src/outbox/replay-store.ts";
import { retryDelays } from "../../src/outbox/retry-schedule.ts";
import {
  type DeliveryOverview,
  deliveriesOfEvent,
  endpointById,
  listDeliveries,
  triesOf,
} from "../../src/outbox/store.ts";
import { freePort } from "../../src/platform/embedded-postgres.ts";
import { outboxHouse } from "../support/outbox-house.ts";
import { status, type WebhookReceiver, webhookReceiver } from "../support/webhook-receiver.ts";

const house = await outboxHouse();
const receiver = await webhookReceiver();
const other = await webhookReceiver();
const { db, clock, deps } = house;

beforeEach(async () => {
  await house.superuser`update deliveries set state = 'dead', next_at = null where next_at is not null`;
  for (const r of [receiver, other]) {
    r.received.length = 0;
    r.answer = status(204);
  }
  clock.set(new Date());
});

const deliver = (limit = 100) => deliverDue(deps, { limit });
const bodies = (r: WebhookReceiver) => r.received.map((w) => JSON.parse(w.body));

async function logOf(church: ChurchId, event: EventId) {
  return db.inChurch(church, async (tx) => {
    const deliveries = await deliveriesOfEvent(tx, church, event, 100);
    const tries = await triesOf(
      tx,
      church,
      deliveries.map((d) => d.id),
    );
    return { deliveries, tries };
  });
}

async function onlyDelivery(church: ChurchId, event: EventId): Promise<DeliveryOverview> {
  const { deliveries } = await logOf(church, event);
  expect(deliveries).toHaveLength(1);
  const [delivery] = deliveries;
  if (!delivery) throw new Error("no delivery");
  return delivery;
}

const endpointNow = async (church: ChurchId, id: WebhookEndpointId) => {
  const row = await db.inChurch(church, (tx) => endpointById(tx, church, id));
  if (!row) throw new Error("no endpoint");
  return row;
};

describe("announcing", () => {
  test("an announcement reaches the endpoint as a signed Standard Webhook with its object and number", async () => {
    const church = await house.newChurch();
    const { secret } = await house.endpoint(church, `${receiver.url}/hooks`);
    const { eventId, deliveries } = await house.announce(church, "donation.succeeded", "don_first");
    expect(deliveries).toBe(1);
    expect(await deliver()).toEqual({ delivered: 1, failed: 0, waiting: 0 });

    const [webhook] = receiver.received;
    expect(webhook?.path).toBe("/hooks");
    expect(webhook?.headers).toMatchObject({ "content-type": "application/json", "webhook-id": eventId });
    const verified = new Webhook(secret.reveal()).verify(webhook?.body ?? "", webhook?.headers ?? {});
    expect(verified).toEqual({
      type: "donation.succeeded",
      timestamp: clock.now().toISOString(),
      data: {
        id: "don_first",
        status: "succeeded",
        amount: { amount: 50_000, currency: "MXN" },
        event_id: eventId,
        sequence: 1,
      },
    });
  });

  test("what is rolled back was never announced", async () => {
    const church = await house.newChurch();
    await house.endpoint(church, receiver.url);
    const work = db.inChurch(church, async (tx) => {
      await announce(
        tx,
        church,
        { type: "donation.created", objectId: "don_x", sequence: 1, data: {} },
        clock.now(),
      );
      throw new Error("the change failed");
    });
    await expect(work).rejects.toThrow("the change failed");
    expect(await deliver()).toEqual({ delivered: 0, failed: 0, waiting: 0 });
    expect(await house.superuser`select 1 from events where object_id = 'don_x'`).toHaveLength(0);
  });

  test("an endpoint gets the types it asked for, a disabled one nothing, and no endpoint is no delivery", async () => {
    const church = await house.newChurch();
    expect((await house.announce(church)).deliveries).toBe(0);
    await house.endpoint(church, `${receiver.url}/all`);
    await house.endpoint(church, `${receiver.url}/receipts`, ["receipt.issued"]);
    const off = await house.endpoint(church, `${receiver.url}/off`);
    await db.inChurch(church, (tx) =>
      editEndpoint(deps, tx, church, off.endpoint.id, { status: "disabled" }),
    );
    expect((await house.announce(church, "donation.succeeded")).deliveries).toBe(1);
    expect((await house.announce(church, "receipt.issued", "rcp_1")).deliveries).toBe(2);
    await deliver();
    expect(receiver.received.map((w) => w.path).sort()).toEqual(["/all", "/all", "/receipts"]);
  });

  test("church A's endpoint never gets church B's event, and B cannot read A's log", async () => {
    const [a, b] = [await house.newChurch(), await house.newChurch()];
    await house.endpoint(a, receiver.url);
    await house.endpoint(b, other.url);
    const ofA = await house.announce(a, "donation.succeeded", "don_of_a");
    await house.announce(b, "donation.succeeded", "don_of_b");
    await deliver();
    expect(bodies(receiver).map((body) => body.data.id)).toEqual(["don_of_a"]);
    expect(bodies(other).map((body) => body.data.id)).toEqual(["don_of_b"]);
    const seenByB = await db.inChurch(b, (tx) => deliveriesOfEvent(tx, a, ofA.eventId, 10));
    expect(seenByB).toEqual([]);
  });

  test("a number is never given twice to one object: the second change is refused whole", async () => {
    const church = await house.newChurch();
    const say = () =>
      db.inChurch(church, (tx) =>
        announce(
          tx,
          church,
          { type: "donation.created", objectId: "don_twice", sequence: 1, data: {} },
          clock.now(),
        ),
      );
    const outcomes = await Promise.allSettled([say(), say()]);
    expect(outcomes.map((o) => o.status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  test("numbers rise strictly per object, so a receiver can drop what comes late", async () => {
    const church = await house.newChurch();
    await house.endpoint(church, receiver.url);
    for (const type of ["donation.created", "donation.processing", "donation.succeeded"] as const) {
      await house.announce(church, type, "don_rising");
      await house.announce(church, "donation.created", `don_${type}`);
    }
    await deliver();
    const numbers = bodies(receiver)
      .filter((body) => body.data.id === "don_rising")
      .map((body) => body.data.sequence);
    expect(numbers.toSorted()).toEqual([1, 2, 3]);
  });

  test("the largest announcement stays under 20 kB on the wire, and a larger one is refused as our bug", async () => {
    const church = await house.newChurch();
    await house.endpoint(church, receiver.url);
    let number = 0;
    const say = (note: string) =>
      db.inChurch(church, (tx) =>
        announce(
          tx,
          church,
          { type: "donation.created", objectId: "don_big", sequence: ++number, data: { note } },
          clock.now(),
        ),
      );
    await say("ñ".repeat(9_490));
    await expect(say("ñ".repeat(9_600))).rejects.toThrow(/20 kB/);
    await deliver();
    const [webhook] = receiver.received;
    expect(Buffer.byteLength(webhook?.body ?? "")).toBeGreaterThan(19_000);
    expect(Buffer.byteLength(webhook?.body ?? "")).toBeLessThan(20_000);
  });
});

describe("rotating a secret", () => {
  test("for 24 hours both secrets verify each webhook, then only the new one", async () => {
    const church = await house.newChurch();
    const { endpoint, secret: old } = await house.endpoint(church, receiver.url);
    const rotation = await db.inChurch(church, (tx) => rotateSecret(deps, tx, church, endpoint.id));
    if (!rotation.ok) throw new Error("not rotated");
    const fresh = rotation.value.secret;
    expect(fresh.reveal()).not.toBe(old.reveal());

    await house.announce(church);
    await deliver();
    const [during] = receiver.received;
    for (const key of [fresh, old]) {
      expect(() => new Webhook(key.reveal()).verify(during?.body ?? "", during?.headers ?? {})).not.toThrow();
    }
    expect(during?.headers["webhook-signature"]?.split(" ")).toHaveLength(2);

    clock.advance(hours(24) + 1);
    await house.announce(church);
    await deliver();
    const afterwards = receiver.received[1];
    expect(afterwards?.headers["webhook-signature"]?.split(" ")).toHaveLength(1);
  });

  test("secrets lie sealed: neither the endpoint's row nor a log of it shows them", async () => {
    const church = await house.newChurch();
    const { endpoint, secret } = await house.endpoint(church, receiver.url);
    const stored = Buffer.from(endpoint.secrets).toString("latin1");
    expect(stored).not.toContain(secret.reveal());
    expect(stored).not.toContain(secret.reveal().slice(6));
    expect(JSON.stringify({ secret })).not.toContain("whsec_");
  });

  test("a secret that cannot be opened sends nothing unsigned and backs off like any failure", async () => {
    const church = await house.newChurch();
    const { endpoint } = await house.endpoint(church, receiver.url);
    await db.inChurch(church, ({ sql }) => sql`update webhook_endpoints set secrets = ${Buffer.alloc(64)}`);
    const { eventId } = await house.announce(church);
    expect(await deliver()).toEqual({ delivered: 0, failed: 1, waiting: 0 });
    expect(receiver.received).toEqual([]);
    const { tries } = await logOf(church, eventId);
    expect(tries).toMatchObject([{ number: 1, status: null, error: expect.stringContaining("secret") }]);
    expect((await endpointNow(church, endpoint.id)).failingSince).not.toBeNull();
  });
});

describe("when the endpoint fails", () => {
  test("it is tried ten times over three days under one webhook-id, then the delivery is dead", async () => {
    const church = await house.newChurch();
    await house.endpoint(church, receiver.url);
    const { eventId } = await house.announce(church);
    receiver.answer = status(500, {}, "<h1>down\u0000</h1>");
    const start = clock.now().getTime();
    const triedAt: number[] = [];
    for (let i = 0; i < 12; i++) {
      await deliver();
      triedAt.push(clock.now().getTime() - start);
      const { nextAt } = await onlyDelivery(church, eventId);
      if (nextAt === null) break;
      clock.set(new Date(nextAt.getTime() - 1));
      expect(await deliver()).toMatchObject({ delivered: 0, failed: 0 });
      clock.set(nextAt);
    }
    expect(triedAt).toHaveLength(10);
    const expected = retryDelays.map((_, i) => retryDelays.slice(0, i + 1).reduce((a, b) => a + b, 0));
    expect(triedAt).toEqual(expected);
    expect(new Set(receiver.received.map((w) => w.headers["webhook-id"]))).toEqual(new Set([eventId]));
    expect(new Set(receiver.received.map((w) => w.headers["webhook-timestamp"])).size).toBe(10);
    expect(new Set(receiver.received.map((w) => w.body)).size).toBe(1);

    const { deliveries, tries } = await logOf(church, eventId);
    expect(deliveries).toMatchObject([{ state: "dead", tries: 10, nextAt: null }]);
    expect(tries.map((t) => t.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(tries[0]).toMatchObject({ status: 500, excerpt: "<h1>down </h1>", error: null });
  });

  test("dead deliveries are listed by endpoint and state", async () => {
    const church = await house.newChurch();
    const { endpoint } = await house.endpoint(church, receiver.url);
    const lost = await house.announce(church);
    receiver.answer = status(410);
    await deliver();
    const page = { limit: 10, before: undefined };
    const dead = await db.inChurch(church, (tx) => listDeliveries(tx, church, endpoint.id, "dead", page));
    expect(dead).toMatchObject([{ eventId: lost.eventId, state: "dead", eventType: "donation.succeeded" }]);
    const pending = await db.inChurch(church, (tx) =>
      listDeliveries(tx, church, endpoint.id, "pending", page),
    );
    expect(pending).toEqual([]);
  });

  test("410 disables the endpoint, gives up what waits for it, and nothing more is announced to it", async () => {
    const church = await house.newChurch();
    const { endpoint } = await house.endpoint(church, receiver.url);
    receiver.answer = status(500);
    const earlier = await house.announce(church);
    await deliver();
    receiver.answer = status(410);
    const { eventId } = await house.announce(church);
    await deliver();
    expect(await endpointNow(church, endpoint.id)).toMatchObject({
      status: "disabled",
      disabledReason: expect.stringContaining("410"),
    });
    expect(await onlyDelivery(church, eventId)).toMatchObject({ state: "dead", nextAt: null });
    expect(await onlyDelivery(church, earlier.eventId)).toMatchObject({ state: "dead", nextAt: null });
    expect((await house.announce(church)).deliveries).toBe(0);
  });

  test("an endpoint that answered nothing well for three days is disabled when a delivery dies", async () => {
    const church = await house.newChurch();
    const { endpoint } = await house.endpoint(church, receiver.url);
    const { eventId } = await house.announce(church);
    receiver.answer = status(503);
    for (let i = 0; i < 10; i++) {
      await deliver();
      const { nextAt } = await onlyDelivery(church, eventId);
      if (nextAt) clock.set(nextAt);
    }
    expect(await endpointNow(church, endpoint.id)).toMatchObject({
      status: "disabled",
      disabledReason: expect.stringContaining("three days"),
    });
  });

  test("one success ends the failing: the endpoint is judged afresh from the next failure on", async () => {
    const church = await house.newChurch();
    const { endpoint } = await house.endpoint(church, receiver.url);
    receiver.answer = status(500);
    await house.announce(church);
    await deliver();
    const since = (await endpointNow(church, endpoint.id)).failingSince;
    expect(since).toEqual(clock.now());
    clock.advance(minutes(1));
    await deliver();
    expect((await endpointNow(church, endpoint.id)).failingSince).toEqual(since);
    receiver.answer = status(200);
    clock.advance(days(1));
    await deliver();
    expect((await endpointNow(church, endpoint.id)).failingSince).toBeNull();
  });

  test("Retry-After on 429 postpones this delivery and holds back the endpoint's others", async () => {
    const church = await house.newChurch();
    await house.endpoint(church, receiver.url);
    receiver.answer = status(500);
    const waiting = await house.announce(church);
    await deliver();
    receiver.answer = status(429, { "retry-after": "3600" });
    const throttled = await house.announce(church);
    await deliver();
    const until = clock.now().getTime() + hours(1);
    expect((await onlyDelivery(church, throttled.eventId)).nextAt?.getTime()).toBe(until);
    const held = (await onlyDelivery(church, waiting.eventId)).nextAt?.getTime() ?? 0;
    expect(held).toBeGreaterThanOrEqual(until);
    expect(held).toBeLessThanOrEqual(until + seconds(10));
    clock.advance(minutes(59));
    expect(await deliver()).toMatchObject({ delivered: 0, failed: 0 });
    receiver.answer = status(200);
    clock.advance(minutes(2));
    expect(await deliver()).toMatchObject({ delivered: 2 });
  });

  test("a redirect is a failure and its target is never asked", async () => {
    const church = await house.newChurch();
    await house.endpoint(church, receiver.url);
    receiver.answer = status(308, { location: other.url });
    const { eventId } = await house.announce(church);
    expect(await deliver()).toMatchObject({ failed: 1 });
    expect(other.received).toEqual([]);
    const { tries } = await logOf(church, eventId);
    expect(tries).toMatchObject([{ status: 308, error: expect.stringContaining("redirect") }]);
  });

  test("an endpoint that hangs is cut off, one that drops the line is logged, a closed port is named", async () => {
    const church = await house.newChurch();
    const quick = { ...deps, timeoutMs: 150 };
    const closedUrl = `http://127.0.0.1:${await freePort()}/`;
    const { endpoint } = await house.endpoint(church, receiver.url);
    receiver.answer = () => {};
    const hung = await house.announce(church);
    await deliverDue(quick, { limit: 10 });
    receiver.answer = (_, response) => void response.destroy();
    const dropped = await house.announce(church);
    await deliverDue(quick, { limit: 10 });
    await db.inChurch(church, (tx) => editEndpoint(deps, tx, church, endpoint.id, { url: closedUrl }));
    const closed = await house.announce(church);
    await deliverDue(quick, { limit: 10 });
    const errors = await Promise.all(
      [hung, dropped, closed].map(async ({ eventId }) => (await logOf(church, eventId)).tries[0]?.error),
    );
    expect(errors).toEqual([
      expect.stringContaining("timeout"),
      expect.stringContaining("connection lost"),
      expect.stringContaining("connection refused"),
    ]);
  });

  test("an endless answer is read no further than its beginning", async () => {
    const church = await house.newChurch();
    await house.endpoint(church, receiver.url);
    receiver.answer = (_, response) => {
      response.writeHead(400);
      const more = () => {
        while (response.write("no ".repeat(2000)));
        response.once("drain", more);
      };
      more();
    };
    const { eventId } = await house.announce(church);
    expect(await deliver()).toMatchObject({ failed: 1 });
    const { tries } = await logOf(church, eventId);
    expect(tries[0]?.status).toBe(400);
    expect(tries[0]?.excerpt?.length).toBeLessThanOrEqual(500);
  });

  test("a stored address that turned private is blocked at the door, not sent to", async () => {
    const church = await house.newChurch();
    await house.endpoint(church, receiver.url);
    const { eventId } = await house.announce(church);
    await deliverDue({ ...deps, targets: { allowPrivateTargets: false } }, { limit: 10 });
    expect(receiver.received).toEqual([]);
    const { tries } = await logOf(church, eventId);
    expect(tries).toMatchObject([{ status: null, error: expect.stringContaining("blocked") }]);
  });
});

describe("under concurrency and crashes", () => {
  test("a process that dies between claim and record only delays: same webhook-id, and the log says so", async () => {
    const church = await house.newChurch();
    await house.endpoint(church, receiver.url);
    const { eventId } = await house.announce(church);
    const now = clock.now();
    const [due] = await db.sweeping((tx) => dueByTurns(tx, deliveryQueue, now, { perChurch: 10, limit: 10 }));
    if (!due) throw new Error("nothing due");
    // The claim commits, and the process is gone.
    await db.inChurch(church, (tx) => claimDelivery(tx, due, now, new Date(now.getTime() + minutes(2))));
    expect(await deliver()).toEqual({ delivered: 0, failed: 0, waiting: 0 });
    clock.advance(minutes(2));
    expect(await deliver()).toEqual({ delivered: 1, failed: 0, waiting: 0 });
    expect(receiver.received.map((w) => w.headers["webhook-id"])).toEqual([eventId]);
    const { tries } = await logOf(church, eventId);
    expect(tries).toMatchObject([
      { number: 1, status: null, error: expect.stringContaining("interrupted") },
      { number: 2, status: 204, error: null },
    ]);
  });

  test("a worker slower than its lease cannot undo what a later try settled", async () => {
    const church = await house.newChurch();
    await house.endpoint(church, receiver.url);
    const { eventId } = await house.announce(church);
    let release: (() => void) | undefined;
    receiver.answer = (_, response) => {
      if (receiver.received.length > 1) return void response.writeHead(204).end();
      release = () => void response.writeHead(500).end();
    };
    const slow = deliver();
    await expect.poll(() => release).toBeDefined();
    clock.advance(minutes(3));
    expect(await deliver()).toMatchObject({ delivered: 1 });
    release?.();
    await slow;
    expect(await onlyDelivery(church, eventId)).toMatchObject({ state: "succeeded", nextAt: null });
  });

  test("six workers at once send each delivery exactly once", async () => {
    const church = await house.newChurch();
    await house.endpoint(church, receiver.url);
    const announced = await Promise.all(Array.from({ length: 40 }, () => house.announce(church)));
    receiver.answer = async (_, response) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      response.writeHead(200).end();
    };
    const reports = await Promise.all(Array.from({ length: 6 }, () => deliver()));
    expect(reports.reduce((sum, r) => sum + r.delivered, 0)).toBe(40);
    const sent = receiver.received.map((w) => w.headers["webhook-id"]);
    expect(sent.toSorted()).toEqual(announced.map((a) => a.eventId).toSorted());
  });

  test("one church's hanging endpoint and long queue hold up nobody else", async () => {
    const [stuck, lively] = [await house.newChurch(), await house.newChurch()];
    await house.endpoint(stuck, receiver.url);
    await house.endpoint(lively, other.url);
    for (let i = 0; i < 60; i++) await house.announce(stuck);
    clock.advance(1);
    for (let i = 0; i < 20; i++) await house.announce(lively);
    let atOnce = 0;
    let most = 0;
    receiver.answer = (_, response) => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      response.once("close", () => {
        atOnce -= 1;
      });
    };
    const stop = new AbortController();
    const run = deliverDue({ ...deps, timeoutMs: 1500 }, { limit: 1000, signal: stop.signal });
    await expect.poll(() => other.received.length, { timeout: 1400 }).toBe(20);
    expect(most).toBe(4);
    stop.abort();
    const report = await run;
    expect(report).toMatchObject({ delivered: 20, failed: 4 });
    expect(report.waiting).toBe(56);
  });

  test("work that comes due while another endpoint hangs is sent at once", async () => {
    const [stuck, lively] = [await house.newChurch(), await house.newChurch()];
    await house.endpoint(stuck, receiver.url);
    await house.endpoint(lively, other.url);
    receiver.answer = () => {};
    await house.announce(stuck);
    const run = deliverDue({ ...deps, timeoutMs: 2500 }, { limit: 10 });
    await expect.poll(() => receiver.received.length).toBe(1);
    await house.announce(lively);
    await expect.poll(() => other.received.length, { timeout: 1500 }).toBe(1);
    expect(await run).toEqual({ delivered: 1, failed: 1, waiting: 0 });
  });

  test("the limit bounds one call and the rest is reported as waiting", async () => {
    const church = await house.newChurch();
    await house.endpoint(church, receiver.url);
    for (let i = 0; i < 7; i++) await house.announce(church);
    expect(await deliver(5)).toEqual({ delivered: 5, failed: 0, waiting: 2 });
    expect(await deliver(5)).toEqual({ delivered: 2, failed: 0, waiting: 0 });
  });

  test("a stopping process starts nothing new", async () => {
    const church = await house.newChurch();
    await house.endpoint(church, receiver.url);
    await house.announce(church);
    const report = await deliverDue(deps, { limit: 10, signal: AbortSignal.abort() });
    expect(report).toEqual({ delivered: 0, failed: 0, waiting: 1 });
    expect(receiver.received).toEqual([]);
  });

  test("an endpoint deleted while a try is under way takes its deliveries along, and nothing breaks", async () => {
    const church = await house.newChurch();
    const { endpoint } = await house.endpoint(church, receiver.url);
    const { eventId } = await house.announce(church);
    receiver.answer = async (_, response) => {
      await db.inChurch(church, (tx) => deleteEndpoint(tx, church, endpoint.id));
      response.writeHead(500).end();
    };
    expect(await deliver()).toMatchObject({ failed: 1 });
    expect(await logOf(church, eventId)).toEqual({ deliveries: [], tries: [] });
  });

  test("a delivery announced just as its endpoint was disabled dies unsent", async () => {
    const church = await house.newChurch();
    await house.endpoint(church, receiver.url);
    const { eventId } = await house.announce(church);
    await db.inChurch(church, ({ sql }) => sql`update webhook_endpoints set status = 'disabled'`);
    await deliver();
    expect(receiver.received).toEqual([]);
    expect(await onlyDelivery(church, eventId)).toMatchObject({ state: "dead", nextAt: null });
  });

  test("an error of ours on one delivery leaves the others alone and does not spin", async () => {
    const church = await house.newChurch();
    await house.endpoint(church, receiver.url);
    await house.announce(church);
    await house.announce(church);
    let failures = 0;
    const broken: typeof deps = {
      ...deps,
      db: {
        ...db,
        inChurch: (of, work) => {
          failures += 1;
          return failures === 1 ? Promise.reject(new Error("connection lost")) : db.inChurch(of, work);
        },
      },
    };
    const report = await deliverDue(broken, { limit: 10 });
    expect(report).toEqual({ delivered: 1, failed: 0, waiting: 1 });
  });
});

describe("sending again", () => {
  test("a dead event is redelivered under the same webhook-id, to one endpoint or to all that want it", async () => {
    const church = await house.newChurch();
    const first = await house.endpoint(church, receiver.url);
    await house.endpoint(church, other.url);
    await house.endpoint(church, `${other.url}/receipts`, ["receipt.issued"]);
    const { eventId } = await house.announce(church);
    await deliver();
    const again = (endpointId: WebhookEndpointId | undefined) =>
      db.inChurch(church, (tx) => redeliver(tx, church, { eventId, endpointId }, clock.now()));
    expect(await again(first.endpoint.id)).toMatchObject({
      ok: true,
      value: [expect.stringMatching(/^dlv_/)],
    });
    await deliver();
    expect([receiver.received.length, other.received.length]).toEqual([2, 1]);
    const all = await again(undefined);
    expect(all.ok && all.value.length).toBe(2);
    await deliver();
    expect([receiver.received.length, other.received.length]).toEqual([3, 2]);
    const ids = [...receiver.received, ...other.received].map((w) => w.headers["webhook-id"]);
    expect(new Set(ids)).toEqual(new Set([eventId]));
  });

  test("another church's event or endpoint, a disabled endpoint and nobody listening are each refused", async () => {
    const [a, b] = [await house.newChurch(), await house.newChurch()];
    const ofA = await house.endpoint(a, receiver.url);
    const eventOfA = await house.announce(a);
    const eventOfB = await house.announce(b);
    const ask = (church: ChurchId, eventId: EventId, endpointId?: WebhookEndpointId) =>
      db.inChurch(church, (tx) => redeliver(tx, church, { eventId, endpointId }, clock.now()));
    expect(await ask(b, eventOfA.eventId)).toMatchObject({ ok: false, error: { code: "not_found" } });
    expect(await ask(b, eventOfB.eventId, ofA.endpoint.id)).toMatchObject({ error: { code: "not_found" } });
    expect(await ask(b, eventOfB.eventId)).toMatchObject({ error: { code: "conflict" } });
    await db.inChurch(a, (tx) => editEndpoint(deps, tx, a, ofA.endpoint.id, { status: "disabled" }));
    expect(await ask(a, eventOfA.eventId, ofA.endpoint.id)).toMatchObject({ error: { code: "conflict" } });
  });

  test("after an outage a range is replayed: what was missed, of the wanted types, once, oldest first", async () => {
    const church = await house.newChurch();
    const { endpoint } = await house.endpoint(church, receiver.url, ["donation.succeeded"]);
    const from = clock.now();
    const seen = await house.announce(church);
    await deliver();
    receiver.answer = status(410);
    const missed = await house.announce(church);
    await deliver();
    const later = [await house.announce(church), await house.announce(church)];
    await house.announce(church, "receipt.issued", "rcp_2");
    clock.advance(1000);
    const afterRange = await house.announce(church);
    receiver.answer = status(200);
    receiver.received.length = 0;

    const replay = (onlyMissed: boolean) =>
      db.inChurch(church, (tx) =>
        replayRange(
          tx,
          church,
          { endpointId: endpoint.id, from, to: clock.now(), onlyMissed, after: undefined },
          clock.now(),
        ),
      );
    expect(await replay(true)).toMatchObject({ ok: false, error: { code: "conflict" } });
    await db.inChurch(church, (tx) => editEndpoint(deps, tx, church, endpoint.id, { status: "enabled" }));
    expect(await replay(true)).toEqual({ ok: true, value: { deliveries: 3, last: undefined } });
    expect(await replay(true)).toEqual({ ok: true, value: { deliveries: 0, last: undefined } });
    await deliver();
    const expected = [missed, ...later].map((e) => e.eventId);
    expect(receiver.received.map((w) => w.headers["webhook-id"]).toSorted()).toEqual(expected);
    expect(expected).not.toContain(afterRange.eventId);
    expect(expected).not.toContain(seen.eventId);
    expect(await replay(false)).toMatchObject({ value: { deliveries: 4 } });
  });

  test("a long period is replayed in parts, each going on where the last stopped", async () => {
    const church = await house.newChurch();
    const from = clock.now();
    const events: EventId[] = [];
    for (let i = 0; i < 5; i++) events.push((await house.announce(church)).eventId);
    clock.advance(1);
    const { endpoint } = await house.endpoint(church, receiver.url);
    const range = { endpointId: endpoint.id, eventTypes: [], from, to: clock.now(), onlyMissed: false };
    const part = (after: EventId | undefined) =>
      db.inChurch(church, (tx) => insertReplay(tx, church, { ...range, after }, clock.now(), 2));
    expect(await part(undefined)).toEqual({ deliveries: 2, last: events[1] });
    expect(await part(events[1])).toEqual({ deliveries: 2, last: events[3] });
    expect(await part(events[3])).toEqual({ deliveries: 1, last: undefined });
    await deliver();
    expect(receiver.received.map((w) => w.headers["webhook-id"]).toSorted()).toEqual(events);
  });

  test("enabling an endpoint again starts its record afresh", async () => {
    const church = await house.newChurch();
    const { endpoint } = await house.endpoint(church, receiver.url);
    receiver.answer = status(410);
    await house.announce(church);
    await deliver();
    const edit = await db.inChurch(church, (tx) =>
      editEndpoint(deps, tx, church, endpoint.id, { status: "enabled" }),
    );
    expect(edit).toMatchObject({
      ok: true,
      value: { status: "enabled", disabledReason: null, failingSince: null },
    });
    receiver.answer = status(200);
    await house.announce(church);
    expect(await deliver()).toMatchObject({ delivered: 1 });
  });
});
