import { beforeAll, describe, expect, test } from "vitest";
import { createApiKey } from "../../src/access/api-keys.ts";
import { byToken, giftBody } from "../support/gifts.ts";
import { type House, type HouseChurch, openHouse } from "../support/house.ts";

let house: House;
let church: HouseChurch;
beforeAll(async () => {
  house = await openHouse();
  church = await house.church("mx");
});

let made = 0;
/** What an operator would copy from the dashboard of an account nobody has connected yet. */
const newKeys = (country = "mx", mode = "test") => {
  made += 1;
  return {
    secret_key: `sk_${mode}_${country}_api${made}`,
    publishable_key: `pk_${mode}_${country}_api${made}`,
  };
};
const wanted = (change: object = {}) => ({
  gateway: "stripe",
  legal_entity: church.legalEntityId,
  label: "Stripe of the north campus",
  credentials: newKeys(),
  ...change,
});
const connect = (body: object, who = church) => house.ask(who, "POST", "/v1/gateway-accounts", body);

describe("connecting", () => {
  test("tries the credentials, stores them unseen, and answers with the address for webhooks", async () => {
    const credentials = newKeys();
    const connected = await connect(wanted({ credentials, webhook_secret: "whsec_north" }));
    expect(connected).toMatchObject({
      status: 201,
      body: {
        gateway: "stripe",
        country: "mx",
        mode: "test",
        status: "active",
        simulated: false,
        webhook_url: expect.stringMatching(/\/webhooks\/stripe\/[\w-]{32}$/),
      },
    });
    const seen = JSON.stringify([
      connected.body,
      (await house.ask(church, "GET", "/v1/gateway-accounts")).body,
    ]);
    for (const hidden of [...Object.values(credentials), "whsec_north"]) expect(seen).not.toContain(hidden);
  });

  test.each<readonly [string, () => object, number, string]>([
    ["a gateway we do not have", () => wanted({ gateway: "acme" }), 400, "/gateway"],
    [
      "credentials of another shape",
      () => wanted({ credentials: { secret_key: "hola" } }),
      400,
      "/credentials/secret_key",
    ],
    ["live credentials on a test key", () => wanted({ credentials: newKeys("mx", "live") }), 400, ""],
    ["an account of another country", () => wanted({ credentials: newKeys("us") }), 400, "/country"],
    ["a country where the gateway keeps no accounts", () => wanted({ country: "gt" }), 400, "/country"],
    [
      "another church's legal entity",
      () => wanted({ legal_entity: "len_0193b2c4d5e67f808a9bacbdcedfe0f1" }),
      404,
      "",
    ],
  ])("%s is refused and nothing is stored", async (_, body, status, pointer) => {
    const before = await house.ask(church, "GET", "/v1/gateway-accounts");
    const refused = await connect(body());
    expect(refused.status).toBe(status);
    if (pointer) expect(JSON.stringify(refused.body.errors)).toContain(`"${pointer}"`);
    expect((await house.ask(church, "GET", "/v1/gateway-accounts")).body).toEqual(before.body);
  });

  test("several accounts of one gateway and country stand side by side", async () => {
    const [one, two] = [await connect(wanted()), await connect(wanted({ label: "South" }))];
    expect(one.body.id).not.toBe(two.body.id);
    expect(one.body.webhook_url).not.toBe(two.body.webhook_url);
  });
});

describe("an account in use", () => {
  const give = (of: HouseChurch) =>
    house.ask(
      of,
      "POST",
      "/v1/donations",
      giftBody("mx", byToken(), { donor: { email: "ana@example.org" } }),
    );
  const accountOf = async (of: HouseChurch) => {
    const { body } = await house.ask(of, "GET", "/v1/gateway-accounts");
    const { data } = body as { data: { id: string }[] };
    return data[0]?.id ?? "";
  };

  test("disabled it collects nothing and hears nobody; active again it does both", async () => {
    const of = await house.church("mx");
    const path = `/v1/gateway-accounts/${await accountOf(of)}`;
    expect(await house.ask(of, "PATCH", path, { status: "disabled" })).toMatchObject({
      body: { status: "disabled" },
    });
    expect(await give(of)).toMatchObject({ body: { code: "gateway_account_missing" } });
    await house.ask(of, "PATCH", path, { status: "active" });
    expect(await give(of)).toMatchObject({ status: 201, body: { status: "succeeded" } });
  });

  test("new credentials collect from the next gift on; credentials that do not pass leave the old ones in place", async () => {
    const of = await house.church("mx");
    const path = `/v1/gateway-accounts/${await accountOf(of)}/credentials`;
    expect(await house.ask(of, "POST", path, { credentials: newKeys("us") })).toMatchObject({ status: 400 });
    expect(await give(of)).toMatchObject({ status: 201, body: { status: "succeeded" } });
    expect(await house.ask(of, "POST", path, { credentials: newKeys() })).toMatchObject({ status: 200 });
    expect(await give(of)).toMatchObject({ status: 201, body: { status: "succeeded" } });
  });

  test("a bank account is offered for what its numbers can take, and for what its new ones can", async () => {
    const of = await house.church("mx");
    const bank = {
      bank: "Banco de Ejemplo",
      beneficiary: "Iglesia Luz A.R.",
      kind: "clabe",
      number: "032180000118359719",
    };
    const body = wanted({ gateway: "transfer", legal_entity: of.legalEntityId, credentials: bank });
    const { id } = (await connect(body, of)).body;
    const offered = async () => {
      house.clock.advance(10_000);
      const { body } = await house.ask(of, "GET", "/v1/payment-methods?country=mx");
      const { data } = body as { data: { type: string }[] };
      return data.map(({ type }) => type);
    };
    expect(await offered()).not.toContain("wire");
    const wired = { payment_method: { type: "wire" }, donor: { name: "Ana P", email: "ana@example.org" } };
    const refused = await house.ask(of, "POST", "/v1/donations", giftBody("mx", byToken(), wired));
    expect(refused).toMatchObject({ status: 422, body: { code: "gateway_account_missing" } });
    const path = `/v1/gateway-accounts/${id}/credentials`;
    expect(await house.ask(of, "POST", path, { credentials: { ...bank, bic: "BCMRMXMM" } })).toMatchObject({
      status: 200,
    });
    expect(await offered()).toContain("wire");
    await house.ask(of, "POST", path, { credentials: { ...bank, bic: "BCMRMXMM", currency: "USD" } });
    house.clock.advance(10_000);
    const inPesos = await house.ask(of, "POST", "/v1/donations", giftBody("mx", byToken(), wired));
    expect(inPesos).toMatchObject({ status: 422, body: { code: "gateway_account_missing" } });
  });

  test("another church's account does not exist, and a key without the scope connects nothing", async () => {
    const other = await house.church("mx");
    const path = `/v1/gateway-accounts/${await accountOf(church)}`;
    expect(await house.ask(other, "GET", path)).toMatchObject({ status: 404 });
    expect(await house.ask(other, "PATCH", path, { status: "disabled" })).toMatchObject({ status: 404 });
    const reader = { kind: "secret", mode: "test", label: "r", scopes: ["church:read"] } as const;
    const { text } = await createApiKey(house.app.deps.db, church.churchId, reader, house.clock.now());
    expect(await connect(wanted(), { ...church, key: text.reveal() })).toMatchObject({ status: 403 });
  });
});
