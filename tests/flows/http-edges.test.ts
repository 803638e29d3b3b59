import { beforeAll, describe, expect, test } from "vitest";
import { createApiKey } from "../../src/access/api-keys.ts";
import { giftBody, uuid } from "../support/gifts.ts";
import { type House, type HouseChurch, openHouse } from "../support/house.ts";

let house: House;
let church: HouseChurch;
beforeAll(async () => {
  house = await openHouse();
  church = await house.church("mx");
});

describe("a gift that says everything there is to say", () => {
  const address = { street: "Calle 1", city: "Oaxaca" };
  const whole = {
    ...giftBody("mx", { type: "oxxo" }),
    donor: {
      name: "Ana",
      email: "ana@example.org",
      phone: "+52 951 123 4567",
      tax_id: "GODE561231GR8",
      tax_id_type: "rfc",
      address: { ...address, number: "7", district: "Centro", region: "OAX", postal_code: "68000" },
    },
    device: { ip_address: "203.0.113.7", user_agent: "Phone" },
    locale: "es-MX",
    return_url: "https://church.example.org/thanks",
    note: "Para la obra",
  };
  test.each([
    ["with every field", whole],
    ["with an address of its two needed lines", { ...whole, donor: { ...whole.donor, address } }],
    ["with nothing but what is needed", giftBody("mx", { type: "oxxo" })],
  ])("is taken: %s", async (_, body) => {
    const given = await house.ask(church, "POST", "/v1/donations", body);
    expect(given.body).toMatchObject({ object: "donation", status: "requires_action" });
  });

  test.each<readonly [string, object, string]>([
    ["a document of no kind known here", { tax_id_type: "ssn" }, "/donor/tax_id_type"],
    ["a number of another document", { tax_id: "BOXW310820HNERXN09" }, "/donor/tax_id"],
    ["a phone without its country", { phone: "951 123 4567" }, "/donor/phone"],
  ])("is refused at its place: %s", async (_, donor, pointer) => {
    const body = { ...whole, donor: { ...whole.donor, ...donor } };
    const refused = await house.ask(church, "POST", "/v1/donations", body);
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });

  test("a method in a presentation that nobody here offers is refused at that place", async () => {
    const body = giftBody("mx", { type: "oxxo", presentation: "embedded" });
    expect(await house.ask(church, "POST", "/v1/donations", body)).toMatchObject({
      status: 422,
      body: { code: "payment_method_not_offered", errors: [{ pointer: "/payment_method/presentation" }] },
    });
  });
});

describe("what the edge refuses", () => {
  test("a webhook whose address goes on without end, and takes one with words of the gateway's own", async () => {
    const post = (more: string) =>
      house.app.fetch(new Request(`${church.webhookUrl}${more}`, { method: "POST", body: "{}" }));
    const endless = await post(`?${"a".repeat(3_000)}`);
    expect(endless.status).toBe(400);
    expect(await endless.text()).toContain("2048");
    // Not signed: refused for that, and not for where it was sent.
    expect((await post("/pix?x=1")).status).toBe(401);
  });

  test("half a character, in a text or in a field's name", async () => {
    for (const body of ['{"name":"\\ud800"}', '{"a\\ud800":1}', '{"deep":[{"x":"\\ud800"}]}']) {
      const answer = await house.app.fetch(
        new Request("http://ofrenda.test/v1/funds", {
          method: "POST",
          headers: { authorization: `Bearer ${church.key}`, "content-type": "application/json" },
          body,
        }),
      );
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain("half of a surrogate pair");
    }
  });

  test("metrics where the platform keeps none; and readiness while the database is away", async () => {
    expect((await house.app.fetch(new Request("http://ofrenda.test/metrics"))).status).toBe(404);
    const away = await openHouse({
      wire: "in_process",
      platform: { db: { ...house.database.db, sweeping: () => Promise.reject("away") } },
    });
    const answer = await away.app.fetch(new Request("http://ofrenda.test/readyz"));
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ status: "not ready" });
  });
});

describe("what is not there", () => {
  const nobody = (prefix: string) => `${prefix}_0193b2c4d5e67f808a9bacbdcedfe0f1`;
  test.each<readonly [method: string, path: string, body: object | undefined]>([
    ["GET", `/v1/donations/${nobody("don")}`, undefined],
    ["POST", `/v1/donations/${nobody("don")}/cancel`, {}],
    ["GET", `/v1/donors/${nobody("dnr")}`, undefined],
    ["PATCH", `/v1/donors/${nobody("dnr")}`, { name: "x" }],
    ["PATCH", `/v1/funds/${nobody("fnd")}`, { name: "x" }],
    ["GET", `/v1/legal-entities/${nobody("len")}`, undefined],
    ["PATCH", `/v1/legal-entities/${nobody("len")}`, { name: "x" }],
    ["GET", `/v1/webhook-endpoints/${nobody("whe")}`, undefined],
    ["PATCH", `/v1/webhook-endpoints/${nobody("whe")}`, { url: "https://chms.example.org/x" }],
    ["DELETE", `/v1/webhook-endpoints/${nobody("whe")}`, undefined],
    ["GET", `/v1/approvals/${nobody("apr")}`, undefined],
    ["GET", `/v1/gateway-accounts/${nobody("gwa")}`, undefined],
    ["POST", `/v1/api-keys/${nobody("key")}/rotate`, {}],
    ["POST", `/v1/api-keys/${nobody("key")}/revoke`, {}],
    ["GET", "/v1/countries/xx", undefined],
  ])("%s %s", async (method, path, body) => {
    const answer = await house.ask(church, method, path, body);
    expect([404, 405]).toContain(answer.status);
  });

  test("a key that is rotated goes on for its overlap, or to its own earlier end", async () => {
    const { db } = house.app.deps;
    const now = house.clock.now();
    const soon = new Date(now.getTime() + 1_000);
    const wanted = { kind: "secret", mode: "test", label: "x", scopes: ["*"] } as const;
    const ends: unknown[] = [];
    for (const expiresAt of [undefined, soon, new Date(now.getTime() + 9e9)]) {
      const { key } = await createApiKey(db, church.churchId, { ...wanted, expiresAt }, now);
      const rotated = await house.ask(church, "POST", `/v1/api-keys/${key.id}/rotate`, {});
      expect(rotated.status).toBeLessThan(300);
      const [row] = await house.database
        .superuser`select expires_at from api_keys where id = ${uuid(key.id)}`;
      ends.push(row?.expires_at);
    }
    const overlap = ends[0];
    expect(overlap).toBeInstanceOf(Date);
    expect(ends).toEqual([overlap, soon, overlap]);
  });
});
