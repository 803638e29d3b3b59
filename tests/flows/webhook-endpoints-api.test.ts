import { Webhook } from "standardwebhooks";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { hours } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { announce } from "../../src/outbox/announce.ts";
import { deliverDue } from "../../src/outbox/deliver.ts";
import type { EventType } from "../../src/outbox/event-types.ts";
import { type TestApp, type TestChurch, testApp, testChurch, testKey } from "../support/app.ts";
import { status, webhookReceiver } from "../support/webhook-receiver.ts";

const receiver = await webhookReceiver();
const rung: string[] = [];
let house: TestApp;
let church: TestChurch;
beforeAll(async () => {
  house = await testApp({ doorbell: { ring: (work) => void rung.push(work) } });
});
beforeEach(async () => {
  house.clock.set(new Date());
  church = await testChurch(house);
  receiver.received.length = 0;
  receiver.answer = status(204);
  rung.length = 0;
});

const made = z.object({ id: z.string(), secret: z.string() });
const listed = z.object({
  data: z.array(z.looseObject({ id: z.string() })),
  next_cursor: z.string().nullable(),
});

async function newEndpoint(body: Record<string, unknown> = {}) {
  const answer = await house.ask("POST", "/v1/webhook-endpoints", {
    key: church.key,
    body: { url: `${receiver.url}/hooks`, ...body },
  });
  expect(answer.status).toBe(201);
  return made.parse(answer.body);
}

let sequence = 0;
const happen = (type: EventType = "donation.succeeded", objectId = "don_any") =>
  house.deps.db.inChurch(church.id, (tx) =>
    announce(
      tx,
      church.id,
      { type, objectId, sequence: ++sequence, data: { status: "x" } },
      house.clock.now(),
    ),
  );
const deliver = () =>
  deliverDue({ ...house.deps, transport: fetch, targets: { allowPrivateTargets: true } }, { limit: 100 });
const get = (path: string) => house.ask("GET", path, { key: church.key });

describe("managing endpoints", () => {
  test("an endpoint's secret is in the answer that makes it and in no other", async () => {
    const { id, secret } = await newEndpoint({ event_types: ["donation.succeeded"] });
    expect(id).toMatch(/^whe_/);
    expect(secret).toMatch(/^whsec_/);
    const read = await get(`/v1/webhook-endpoints/${id}`);
    expect(read.body).toEqual({
      id,
      url: `${receiver.url}/hooks`,
      event_types: ["donation.succeeded"],
      status: "enabled",
      disabled_reason: null,
      failing_since: null,
      created_at: house.clock.now().toISOString(),
    });
    const all = await get("/v1/webhook-endpoints");
    expect(JSON.stringify(all.body)).not.toContain("whsec_");
  });

  test("a rotation shows a new secret; for a day webhooks verify with either", async () => {
    const { id, secret: old } = await newEndpoint();
    const answer = await house.ask("POST", `/v1/webhook-endpoints/${id}/rotate-secret`, { key: church.key });
    expect(answer.status).toBe(200);
    const { secret: fresh } = made.parse(answer.body);
    await happen();
    await deliver();
    house.clock.advance(hours(23));
    const [webhook] = receiver.received;
    for (const secret of [old, fresh]) {
      const verified = new Webhook(secret).verify(webhook?.body ?? "", webhook?.headers ?? {});
      expect(verified).toMatchObject({ type: "donation.succeeded" });
    }
  });

  test("url, types and status can be changed; an unknown field or type is named", async () => {
    const { id } = await newEndpoint();
    const path = `/v1/webhook-endpoints/${id}`;
    const changed = await house.ask("PATCH", path, {
      key: church.key,
      body: { url: `${receiver.url}/new`, event_types: ["receipt.issued"], status: "disabled" },
    });
    expect(changed.body).toMatchObject({
      url: `${receiver.url}/new`,
      event_types: ["receipt.issued"],
      status: "disabled",
      disabled_reason: "disabled by the church",
    });
    const enabled = await house.ask("PATCH", path, { key: church.key, body: { status: "enabled" } });
    expect(enabled.body).toMatchObject({
      status: "enabled",
      disabled_reason: null,
      event_types: ["receipt.issued"],
    });
    const wrong = await house.ask("PATCH", path, {
      key: church.key,
      body: { event_types: ["donation.won"] },
    });
    expect([wrong.status, wrong.body]).toEqual([
      400,
      expect.objectContaining({
        code: "invalid_request",
        errors: [expect.objectContaining({ pointer: "/event_types/0" })],
      }),
    ]);
    const strange = await house.ask("PATCH", path, { key: church.key, body: { secret: "mine" } });
    expect(strange.status).toBe(400);
  });

  test.each(["http://chms.example.org/", "https://10.0.0.1/", "https://169.254.169.254/", "not a url", ""])(
    "the address %j is refused, by field and with the mend",
    async (url) => {
      const answer = await house.ask("POST", "/v1/webhook-endpoints", { key: church.key, body: { url } });
      expect([answer.status, answer.body]).toEqual([
        400,
        expect.objectContaining({
          errors: [{ pointer: "/url", detail: expect.stringMatching(/^the address must /) }],
        }),
      ]);
      const { id } = await newEndpoint();
      const patched = await house.ask("PATCH", `/v1/webhook-endpoints/${id}`, {
        key: church.key,
        body: { url },
      });
      expect(patched.status).toBe(400);
    },
  );

  test("outside the sandbox this machine cannot be named", async () => {
    const strict = await testApp({ config: { ...house.deps.config, sandbox: false } });
    const other = await testChurch(strict);
    const answer = await strict.ask("POST", "/v1/webhook-endpoints", {
      key: other.key,
      body: { url: receiver.url },
    });
    expect(answer.status).toBe(400);
  });

  test("a seventeenth endpoint is refused; a deleted one makes room and takes its log along", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 16; i++) ids.push((await newEndpoint()).id);
    const body = { url: receiver.url };
    const refused = await house.ask("POST", "/v1/webhook-endpoints", { key: church.key, body });
    expect([refused.status, refused.body]).toEqual([409, expect.objectContaining({ code: "conflict" })]);
    await happen();
    await deliver();
    const path = `/v1/webhook-endpoints/${ids[0]}`;
    const gone = await house.ask("DELETE", path, { key: church.key });
    expect([gone.status, gone.body]).toEqual([204, undefined]);
    expect((await get(path)).status).toBe(404);
    expect((await get(`${path}/deliveries`)).status).toBe(404);
    expect((await house.ask("DELETE", path, { key: church.key })).status).toBe(404);
    await newEndpoint();
  });

  test("lists come in pages, newest first, without a gap or a repeat", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.push((await newEndpoint()).id);
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const answer = await get(`/v1/webhook-endpoints?limit=2${cursor && `&cursor=${cursor}`}`);
      const page = listed.parse(answer.body);
      seen.push(...page.data.map((row) => row.id));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(ids.toReversed());
  });

  test("another church's endpoint and event do not exist for this one", async () => {
    const { id } = await newEndpoint();
    const { eventId } = await happen();
    const stranger = await testChurch(house);
    for (const [method, path, body] of [
      ["GET", `/v1/webhook-endpoints/${id}`],
      ["PATCH", `/v1/webhook-endpoints/${id}`, {}],
      ["DELETE", `/v1/webhook-endpoints/${id}`],
      ["POST", `/v1/webhook-endpoints/${id}/rotate-secret`],
      ["GET", `/v1/webhook-endpoints/${id}/deliveries`],
      [
        "POST",
        `/v1/webhook-endpoints/${id}/replay`,
        { from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" },
      ],
      ["GET", `/v1/events/${eventId}`],
      ["POST", `/v1/events/${eventId}/redeliver`, {}],
    ] as const) {
      const answer = await house.ask(method, path, { key: stranger.key, ...(body ? { body } : {}) });
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
    expect((await house.ask("GET", "/v1/events", { key: stranger.key })).body).toMatchObject({ data: [] });
  });

  test("reading needs webhooks:read, changing webhooks:write, and a publishable key may neither", async () => {
    const reader = await testKey(house, church.id, { scopes: ["webhooks:read"] });
    const publishable = await testKey(house, church.id, { kind: "publishable" });
    const body = { url: receiver.url };
    expect((await house.ask("GET", "/v1/events", { key: reader })).status).toBe(200);
    expect((await house.ask("POST", "/v1/webhook-endpoints", { key: reader, body })).status).toBe(403);
    expect((await house.ask("GET", "/v1/webhook-endpoints", { key: publishable })).status).toBe(403);
    expect((await house.ask("GET", "/v1/events")).status).toBe(401);
  });
});

describe("the delivery log", () => {
  test("an event shows its deliveries with every try; an endpoint's log shows the dead", async () => {
    const { id } = await newEndpoint();
    const { eventId } = await happen("donation.refunded", "don_logged");
    receiver.answer = status(500, {}, "database down");
    await deliver();
    house.clock.advance(6000);
    receiver.answer = status(410);
    await deliver();
    const delivery = {
      id: expect.stringMatching(/^dlv_/),
      event: eventId,
      event_type: "donation.refunded",
      endpoint: id,
      status: "dead",
      next_try_at: null,
      created_at: expect.any(String),
      tries: [
        expect.objectContaining({ number: 1, http_status: 500, excerpt: "database down", error: null }),
        expect.objectContaining({ number: 2, http_status: 410, error: expect.stringContaining("gone") }),
      ],
    };
    expect((await get(`/v1/events/${eventId}`)).body).toEqual({
      id: eventId,
      type: "donation.refunded",
      object: "don_logged",
      sequence: expect.any(Number),
      data: { status: "x" },
      created_at: expect.any(String),
      deliveries: [delivery],
    });
    const path = `/v1/webhook-endpoints/${id}/deliveries`;
    expect((await get(`${path}?status=dead`)).body).toEqual({ data: [delivery], next_cursor: null });
    expect((await get(`${path}?status=succeeded`)).body).toEqual({ data: [], next_cursor: null });
    expect((await get(`/v1/webhook-endpoints/${id}`)).body).toMatchObject({
      status: "disabled",
      disabled_reason: "the endpoint answered 410 Gone",
    });
  });

  test("events are listed newest first, by type and by object", async () => {
    const first = await happen("donation.created", "don_a");
    const second = await happen("donation.succeeded", "don_a");
    const third = await happen("donation.created", "don_b");
    const ids = async (query: string) =>
      listed.parse((await get(`/v1/events${query}`)).body).data.map((row) => row.id);
    expect(await ids("")).toEqual([third.eventId, second.eventId, first.eventId]);
    expect(await ids("?object=don_a")).toEqual([second.eventId, first.eventId]);
    expect(await ids("?type=donation.created&limit=1")).toEqual([third.eventId]);
    expect(await ids(`?cursor=${second.eventId}`)).toEqual([first.eventId]);
    expect((await get("/v1/events?type=donation.won")).status).toBe(400);
    expect((await get("/v1/events?cursor=nonsense")).status).toBe(400);
    expect((await get(`/v1/events/${newId("event")}`)).status).toBe(404);
    expect((await get("/v1/events/whatever")).status).toBe(400);
  });
});

describe("sending again", () => {
  test("an event is redelivered, with a body, with an empty one or with none, and the outbox is rung", async () => {
    const { id } = await newEndpoint();
    const { eventId } = await happen();
    await deliver();
    const path = `/v1/events/${eventId}/redeliver`;
    for (const body of [{ endpoint: id }, {}, undefined]) {
      const answer = await house.ask("POST", path, { key: church.key, ...(body ? { body } : {}) });
      expect([answer.status, answer.body]).toEqual([202, { deliveries: [expect.stringMatching(/^dlv_/)] }]);
    }
    expect(rung).toEqual(["outbox", "outbox", "outbox"]);
    await deliver();
    expect(receiver.received.map((w) => w.headers["webhook-id"])).toEqual([
      eventId,
      eventId,
      eventId,
      eventId,
    ]);
  });

  test("with nobody to send it to it is refused, and so is an unknown endpoint", async () => {
    const { eventId } = await happen();
    const ask = (body: unknown) =>
      house.ask("POST", `/v1/events/${eventId}/redeliver`, { key: church.key, body });
    expect((await ask({})).status).toBe(409);
    expect((await ask({ endpoint: newId("webhookEndpoint") })).status).toBe(404);
    expect((await ask({ endpoint: "whe_1" })).status).toBe(400);
  });

  test("a period is replayed to one endpoint; what it has is left out unless asked for", async () => {
    const from = house.clock.now().toISOString();
    const missed = [await happen(), await happen()];
    const { id } = await newEndpoint();
    const had = await happen();
    await deliver();
    house.clock.advance(1000);
    const to = house.clock.now().toISOString();
    const replay = (body: Record<string, unknown>) =>
      house.ask("POST", `/v1/webhook-endpoints/${id}/replay`, { key: church.key, body });
    const answer = await replay({ from, to });
    expect([answer.status, answer.body]).toEqual([202, { deliveries: 2, next_cursor: null }]);
    await deliver();
    const sent = receiver.received.map((w) => w.headers["webhook-id"]);
    expect(sent.toSorted()).toEqual([had, ...missed].map((e) => e.eventId).toSorted());
    expect((await replay({ from, to, only_missed: false })).body).toMatchObject({ deliveries: 3 });
    expect((await replay({ from: to, to: from })).status).toBe(400);
    expect((await replay({ from: "yesterday", to })).status).toBe(400);
  });
});
