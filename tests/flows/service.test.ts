import { beforeAll, describe, expect, test } from "vitest";
import type { Log } from "../../src/kernel/log.ts";
import { prometheus } from "../../src/platform/prometheus.ts";
import { testApp, testChurch } from "../support/app.ts";
import { byToken, type Giver, giver } from "../support/gifts.ts";
import { type House, openHouse } from "../support/house.ts";

let house: House;
let mx: Giver;
const lines: { readonly sentence: string; readonly fields: Readonly<Record<string, unknown>> }[] = [];
const keep = (more: Readonly<Record<string, unknown>>): Log => {
  const line: Log["info"] = (fields, sentence) => lines.push({ sentence, fields: { ...more, ...fields } });
  return {
    debug: line,
    info: line,
    warn: line,
    error: line,
    child: (fields) => keep({ ...more, ...fields }),
  };
};
beforeAll(async () => {
  const metrics = prometheus();
  house = await openHouse({ platform: { log: keep({}), metrics, scrape: metrics.scrape } });
  mx = giver(house, await house.church("mx"), "mx");
});
const get = (path: string) => house.app.fetch(new Request(`http://ofrenda.test${path}`));

describe("the service says of itself", () => {
  test("that it lives and is ready", async () => {
    expect(await (await get("/healthz")).json()).toEqual({ status: "ok" });
    const ready = await get("/readyz");
    expect([ready.status, await ready.json()]).toEqual([200, expect.objectContaining({ status: "ready" })]);
  });

  test("that it is not ready when its database cannot be used, while it still lives", async () => {
    const app = await testApp();
    expect((await app.ask("GET", "/readyz")).status).toBe(200);
    await app.database.superuser`alter table deliveries rename to deliveries_gone`;
    expect(await app.ask("GET", "/readyz")).toMatchObject({ status: 503, body: { status: "not ready" } });
    expect((await app.ask("GET", "/healthz")).status).toBe(200);
  });

  test("in numbers what it did: requests, gateway calls, webhooks, entries, by useful names", async () => {
    await mx.give(byToken());
    await house.settle();
    const text = await (await get("/metrics")).text();
    for (const line of [
      /^ofrenda_http_requests_total\{route="\/v1\/donations",method="POST",status="201"\} [1-9]/m,
      /^ofrenda_gateway_calls_total\{gateway="stripe",operation="collect",answer="captured"\} [1-9]/m,
      /^ofrenda_webhooks_received_total\{gateway="stripe",verdict="genuine"\} [1-9]/m,
      /^ofrenda_webhooks_applied_total\{.*\} [1-9]/m,
      /^ofrenda_donations_total\{status="donation.succeeded",method="card",country="mx"\} [1-9]/m,
      /^ofrenda_attempt_changes_total\{state="captured",gateway="stripe"\} [1-9]/m,
      /^ofrenda_gateway_call_seconds_bucket/m,
      /^ofrenda_http_request_seconds_count\{route="\/v1\/donations"\} [1-9]/m,
      /^process_cpu_seconds_total/m,
    ]) {
      expect(text).toMatch(line);
    }
    expect(text).not.toContain("ana@example.org");
    expect(text).not.toContain(mx.church.churchId);
  });
});

describe("a request", () => {
  test("keeps its id and trace to the gateway call, in every line about it", async () => {
    const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    const before = lines.length;
    const reply = await mx.ask(
      "POST",
      "/v1/donations",
      {
        amount: 50_000,
        currency: "MXN",
        country: "mx",
        payment_method: byToken(),
        donor: { name: "Secreta Persona", email: "secreta@example.org", phone: "+529511234567" },
        note: "muy privado",
      },
      {
        "idempotency-key": crypto.randomUUID(),
        "x-request-id": "req-from-the-chms",
        traceparent: `00-${trace}-00f067aa0ba902b7-01`,
      },
    );
    expect(reply.headers.get("x-request-id")).toBe("req-from-the-chms");
    const written = lines.slice(before);
    expect(written.find((line) => line.sentence === "gateway called")?.fields).toMatchObject({
      trace,
      answer: "captured",
      gateway_request: expect.stringMatching(/^req_/),
    });
    expect(written.find((line) => line.sentence === "request answered")?.fields).toMatchObject({
      trace,
      request: "req-from-the-chms",
      status: "201",
    });
    const said = JSON.stringify(written);
    for (const word of ["Secreta", "secreta@", "9511234567", "muy privado", mx.church.key, "sk_test_"]) {
      expect(said).not.toContain(word);
    }
  });

  test("with an id that is no id gets one of ours", async () => {
    const answer = await house.app.fetch(
      new Request("http://ofrenda.test/healthz", { headers: { "x-request-id": "two words" } }),
    );
    expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("beyond what can be worked on at once is told to come back, and the next one is served", async () => {
    const app = await testApp({
      config: {
        publicUrl: "http://ofrenda.test",
        sandbox: true,
        maxInFlight: 2,
        returned: { address: undefined, secret: undefined },
      },
    });
    const church = await testChurch(app);
    const asked = Array.from({ length: 6 }, () => app.ask("GET", "/v1/funds", { key: church.key }));
    const replies = await Promise.all(asked);
    const turned = replies.filter(({ status }) => status === 503);
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(2);
    expect(turned).toHaveLength(4);
    for (const reply of turned) {
      expect(reply.body).toMatchObject({ code: "overloaded" });
      expect(reply.headers.get("retry-after")).toBe("1");
    }
    expect((await app.ask("GET", "/v1/funds", { key: church.key })).status).toBe(200);
  });
});

describe("what may be used", () => {
  test("is told for every country without a key", async () => {
    const { data } = (await (await get("/v1/countries")).json()) as { data: { code: string }[] };
    expect(data).toHaveLength(20);
    expect(data.map(({ code }) => code)).toEqual(expect.arrayContaining(["mx", "co", "br", "ar", "us"]));
    const one = await get("/v1/countries/MX");
    expect(await one.json()).toMatchObject({
      code: "mx",
      currency: "MXN",
      methods: expect.arrayContaining([
        expect.objectContaining({
          type: "oxxo",
          kind: "voucher",
          minimum: { amount: 1_000, currency: "MXN" },
          maximum: { amount: 1_000_000, currency: "MXN" },
          donor_fields: expect.arrayContaining([expect.objectContaining({ field: "name", required: true })]),
        }),
      ]),
    });
    expect((await get("/v1/countries/zz")).status).toBe(404);
  });

  test("of a country is told whole: fields and documents with their reasons, gateways in order, words, what is barred", async () => {
    const why = { es: expect.any(String), en: expect.any(String), pt: expect.any(String) };
    const one = async (code: string): Promise<unknown> => (await get(`/v1/countries/${code}`)).json();
    expect(await one("mx")).toMatchObject({
      words: { tithe: { es: "diezmo", en: "tithe", pt: "dízimo" } },
      donor_documents: expect.arrayContaining([expect.objectContaining({ type: "rfc", why })]),
      entity_document: { type: "rfc", why },
      bank_holidays: expect.arrayContaining(["2026-12-25"]),
      methods: expect.arrayContaining([
        expect.objectContaining({
          type: "oxxo",
          currency: "MXN",
          gateways: expect.arrayContaining([
            expect.objectContaining({
              gateway: "stripe",
              refunds: "none",
              account_countries: ["mx"],
              confidence: "high",
            }),
          ]),
        }),
      ]),
    });
    expect(await one("co")).toMatchObject({
      methods: expect.arrayContaining([expect.objectContaining({ type: "paypal", currency: "USD" })]),
    });
    expect(await one("es")).toMatchObject({
      barred_methods: expect.arrayContaining([
        expect.objectContaining({ name: "Bizum", gateway: "stripe", why }),
      ]),
    });
  });

  test("by a church's donors is told in order, with limits, and what covering the fee adds to this amount", async () => {
    const { body } = await mx.ask("GET", "/v1/payment-methods?country=mx&currency=MXN&amount=50000");
    const methods = body.data as { type: string; fee_cover: { amount: number } | null }[];
    expect(methods.map(({ type }) => type)).toEqual(["card", "apple_pay", "google_pay", "oxxo", "spei"]);
    const quoted = methods.find(({ type }) => type === "card")?.fee_cover?.amount;
    const gift = await mx.give(byToken(), { cover_fees: true });
    expect(gift.fee_cover).toEqual({ amount: quoted, currency: "MXN" });
  });

  test("leaves out what the amount, the currency, the frequency or the church's accounts rule out", async () => {
    const types = async (query: string) => {
      const { body } = await mx.ask("GET", `/v1/payment-methods?${query}`);
      return (body.data as { type: string }[]).map(({ type }) => type);
    };
    expect(await types("country=mx&amount=2000000")).not.toContain("oxxo");
    expect(await types("country=mx&amount=999")).toEqual([]);
    expect(await types("country=mx&currency=USD")).toEqual([]);
    expect(await types("country=us")).toEqual([]);
    expect(await types("country=mx&frequency=monthly")).toContain("card");
    expect(await types("country=mx")).toContain("oxxo");
  });
});
