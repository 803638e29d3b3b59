import { describe, expect, test } from "vitest";
import { present } from "../../src/kernel/assert.ts";
import { asked, openSimulated, orderFor, simulatedMethods } from "./simulated-gateways.ts";

/** What a donor's browser asks of Mercado Pago with the church's public key, and what becomes of a gift by it. */
const card = {
  card_number: "5031433215406351",
  security_code: "123",
  expiration_month: 11,
  expiration_year: 2030,
  cardholder: { name: "APRO" },
};

const withDocument = (identification: object) => ({ ...card, cardholder: { name: "APRO", identification } });

function browserIn(country: string) {
  const world = openSimulated("mercadopago", country);
  const key = present(world.account.credentials.public_key, "the account has one");
  const post = async (path: string, body: unknown, publicKey = key) => {
    const url = `https://api.mercadopago.com${path}?public_key=${publicKey}`;
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const headers = { "content-type": "application/json" };
    const answer = await world.simulator.fetch(new Request(url, { method: "POST", headers, body: text }));
    const told: unknown = await answer.json();
    return { status: answer.status, token: String(Object(told).id) };
  };
  const get = async (path: string, query: Record<string, string> = {}): Promise<unknown> => {
    const url = `https://api.mercadopago.com${path}?${new URLSearchParams({ ...query, public_key: key })}`;
    return (await world.simulator.fetch(new Request(url))).json();
  };
  /** Gives by the token. */
  const give = async (type: "card" | "yape", token: string, code: string) => {
    const [, , , , method] = present(
      simulatedMethods.find(([id, each]) => id === "mercadopago" && each === "pago_efectivo"),
      "Peru has vouchers",
    );
    const order = orderFor(method, country);
    const way = { type, presentation: "token", token: `${token}:${code}` } as const;
    return world.sound.payments.collect({ ...order, method: way }, asked());
  };
  return { post, get, give };
}

describe("Mercado Pago's tokens", () => {
  test.each([
    ["visa", "4009175332806176", "APRO", { kind: "captured" }],
    ["master", "5031433215406351", "FUND", { kind: "declined", decline: { reason: "insufficient_funds" } }],
    ["amex", "371180303257522", "cc_rejected_card_expired", { kind: "declined" }],
    ["visa", "4009175332806176", "somebody else", { kind: "captured" }],
  ])("a %s card, %s, on the name of %s", async (brand, card_number, name, becomes) => {
    const { post, give } = browserIn("pe");
    const security_code = brand === "amex" ? "1234" : "123";
    const typed = { ...card, card_number, security_code, cardholder: { name } };
    const { status, token } = await post("/v1/card_tokens", typed);
    expect(status).toBe(201);
    expect(await give("card", token, brand)).toMatchObject(becomes);
  });

  test.each([
    ["a card that has lapsed", { ...card, expiration_year: 2020 }],
    ["a month that is none", { ...card, expiration_month: 13 }],
    ["a number that is none", { ...card, card_number: "12" }],
    ["a number with a slip of the pen", { ...card, card_number: "5031433215406352" }],
    ["an American Express with three digits of code", { ...card, card_number: "371180303257522" }],
    ["a document of another shape", withDocument({ type: "DNI", number: "1" })],
    ["a document of another country", withDocument({ type: "CPF", number: "12345678909" })],
    ["nobody's name", { ...card, cardholder: {} }],
    ["a field nobody knows", { ...card, installments: 3 }],
    ["no JSON", "{"],
  ])("refused: %s", async (_, body) => {
    expect((await browserIn("pe").post("/v1/card_tokens", body)).status).toBe(400);
  });

  test.each(["APP_USR-live", "TEST-nobody", "TEST-99000000-0000-0000-0000-000000000000", ""])(
    "the key %j opens nothing",
    async (key) => {
      expect((await browserIn("pe").post("/v1/card_tokens", card, key)).status).toBe(401);
    },
  );

  test("another church's key makes a token this church cannot use", async () => {
    const { post, give } = browserIn("pe");
    const stranger = "TEST-05000000-0000-0000-0000-000000000000";
    const { status, token } = await post("/v1/card_tokens", card, stranger);
    expect(status).toBe(201);
    expect(await give("card", token, "master")).toMatchObject({ kind: "declined" });
  });

  test.each([
    ["ar", "visa", "45099535", "visa", []],
    ["ar", "a brand whose numbers do not tell the bank", "50317557", "master", ["issuer_id"]],
    ["br", "elo", "50676673", "elo", []],
    ["ar", "a brand of another country", "50676673", undefined, []],
    ["ar", "no number", "12", undefined, []],
  ])("in %s the page is told of %s", async (country, _, bin, id, needed) => {
    const told = await browserIn(country).get("/v1/payment_methods/search", { bins: bin });
    expect(told).toMatchObject({ results: id ? [{ id, additional_info_needed: needed }] : [] });
  });

  test("documents are asked for where the country has any, and one instalment is all there is", async () => {
    expect(await browserIn("ar").get("/v1/identification_types")).toContainEqual({ id: "DNI", name: "DNI" });
    expect(await browserIn("mx").get("/v1/identification_types")).toMatchObject({ status: 404 });
    const plans = await browserIn("ar").get("/v1/payment_methods/installments", { amount: "5000" });
    expect(plans).toMatchObject([{ payer_costs: [{ installments: 1, total_amount: 5000 }] }]);
  });

  test.each([
    ["111111111", { kind: "captured" }],
    ["111111112", { kind: "declined", decline: { reason: "call_issuer" } }],
  ])("Yape by the telephone %s", async (phoneNumber, becomes) => {
    const { post, give } = browserIn("pe");
    const { status, token } = await post("/platforms/pci/yape/v1/payment", { phoneNumber, otp: "123456" });
    expect(status).toBe(201);
    expect(await give("yape", token, "yape")).toMatchObject(becomes);
  });

  test.each([
    ["another code", { phoneNumber: "111111111", otp: "000000" }],
    ["a telephone without Yape", { phoneNumber: "999999999", otp: "123456" }],
    ["no code", { phoneNumber: "111111111" }],
  ])("Yape refuses %s", async (_, body) => {
    expect((await browserIn("pe").post("/platforms/pci/yape/v1/payment", body)).status).toBe(400);
  });
});
