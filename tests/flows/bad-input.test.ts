import { beforeAll, describe, expect, test } from "vitest";
import { createApiKey, revokeApiKey } from "../../src/access/api-keys.ts";
import { days } from "../../src/kernel/clock.ts";
import { type Giver, giftBody, giver, rowCounts } from "../support/gifts.ts";
import { type House, openHouse } from "../support/house.ts";

let house: House;
let mx: Giver;
let us: Giver;
let theirFund: string;
let theirDonation: string;
let revoked: string;
let expired: string;
let publishable: string;

beforeAll(async () => {
  house = await openHouse();
  mx = giver(house, await house.church("mx"), "mx");
  us = giver(house, await house.church("us"), "us");
  theirFund = us.church.fundId;
  theirDonation = (await us.give({ type: "card", token: "pm_card_visa" })).id;
  const { db, clock } = house.app.deps;
  const given = { kind: "secret", mode: "test", label: "gone", scopes: ["*"] } as const;
  const toRevoke = await createApiKey(db, mx.church.churchId, given, clock.now());
  await revokeApiKey(db, mx.church.churchId, { id: toRevoke.key.id, mode: "test" }, clock.now());
  revoked = toRevoke.text.reveal();
  const ending = { ...given, expiresAt: new Date(clock.now().getTime() + days(1)) };
  expired = (await createApiKey(db, mx.church.churchId, ending, clock.now())).text.reveal();
  const open = { ...given, kind: "publishable", scopes: [] } as const;
  publishable = (await createApiKey(db, mx.church.churchId, open, clock.now())).text.reveal();
  await house.settle();
  house.clock.advance(days(2));
});

type Ask = {
  readonly method?: string;
  readonly path?: string;
  /** JSON of a gift with these fields changed; `undefined` leaves one out. */
  readonly change?: object;
  /** The body as it is, in place of a gift. */
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
};
type Refusal = readonly [name: string, ask: () => Ask, status: number, code: string, pointer?: string];

const gift = (change: object = {}): string =>
  JSON.stringify({ ...giftBody("mx", { type: "card", token: "pm_card_visa" }), ...change });
const split = (...amounts: number[]) => ({
  allocations: amounts.map((amount, n) => ({ fund: n === 0 ? "general" : "missions", amount })),
});
const method = (payment_method: object, more: object = {}) => ({ change: { payment_method, ...more } });
const oxxo = (donor: object, more: object = {}) => method({ type: "oxxo" }, { donor, ...more });
const named = { name: "Ana Pérez", email: "ana@example.org" };

const amounts: readonly Refusal[] = [
  ["currency that is none", () => ({ change: { currency: "XXP" } }), 422, "currency_unknown", "/currency"],
  [
    "currency in small letters",
    () => ({ change: { currency: "mxn" } }),
    422,
    "currency_unknown",
    "/currency",
  ],
  [
    "currency of another country",
    () => ({ change: { currency: "USD" } }),
    422,
    "currency_unknown",
    "/currency",
  ],
  [
    "currency without decimals here",
    () => ({ change: { currency: "CLP" } }),
    422,
    "currency_unknown",
    "/currency",
  ],
  ["currency as a number", () => ({ change: { currency: 484 } }), 400, "invalid_request", "/currency"],
  ["no currency", () => ({ change: { currency: undefined } }), 400, "invalid_request", "/currency"],
  ["no amount", () => ({ change: { amount: undefined } }), 422, "amount_invalid", "/amount"],
  ["amount 0", () => ({ change: { amount: 0 } }), 422, "amount_invalid", "/amount"],
  ["amount below 0", () => ({ change: { amount: -1 } }), 422, "amount_invalid", "/amount"],
  ["amount in fractions", () => ({ change: { amount: 125.5 } }), 422, "amount_invalid", "/amount"],
  ["amount as text", () => ({ change: { amount: "50000" } }), 422, "amount_invalid", "/amount"],
  ["amount null", () => ({ change: { amount: null } }), 422, "amount_invalid", "/amount"],
  ["amount as money", () => ({ change: { amount: { amount: 1 } } }), 422, "amount_invalid", "/amount"],
  [
    "amount of 2^53",
    () => ({ raw: gift().replace('"amount":50000', '"amount":9007199254740992') }),
    422,
    "amount_invalid",
    "/amount",
  ],
  [
    "amount that is infinite",
    () => ({ raw: gift().replace('"amount":50000', '"amount":1e999') }),
    422,
    "amount_invalid",
    "/amount",
  ],
  [
    "amount under the card's least",
    () => ({ change: { amount: 999 } }),
    422,
    "amount_out_of_range",
    "/amount",
  ],
  [
    "amount over the card's most",
    () => ({ change: { amount: 100_000_000 } }),
    422,
    "amount_out_of_range",
    "/amount",
  ],
  [
    "amount over OXXO's most",
    () => oxxo(named, { amount: 1_000_001 }),
    422,
    "amount_out_of_range",
    "/amount",
  ],
  ["amount under OXXO's least", () => oxxo(named, { amount: 999 }), 422, "amount_out_of_range", "/amount"],
  [
    "amount that the fee carries over the most",
    () => oxxo(named, { amount: 1_000_000, cover_fees: true }),
    422,
    "amount_out_of_range",
    "/amount",
  ],
];

const offers: readonly Refusal[] = [
  ["country we do not serve", () => ({ change: { country: "zz" } }), 400, "invalid_request", "/country"],
  ["country that is none", () => ({ change: { country: "Mexico" } }), 400, "invalid_request", "/country"],
  [
    "method of another country",
    () => method({ type: "ach_debit" }),
    422,
    "payment_method_not_offered",
    "/payment_method/type",
  ],
  [
    "method that is none",
    () => method({ type: "gold_bars" }),
    422,
    "payment_method_not_offered",
    "/payment_method/type",
  ],
  ["no method", () => ({ change: { payment_method: undefined } }), 400, "invalid_request", "/payment_method"],
  [
    "presentation the method has not",
    () => oxxo(named, { payment_method: { type: "oxxo", presentation: "hosted" } }),
    422,
    "payment_method_not_offered",
    "/payment_method/presentation",
  ],
  [
    "token where none is taken",
    () => oxxo(named, { payment_method: { type: "oxxo", token: "pm_card_visa" } }),
    422,
    "payment_method_not_offered",
    "/payment_method/presentation",
  ],
  [
    "token presentation without a token",
    () => method({ type: "card", presentation: "token" }),
    400,
    "invalid_request",
    "/payment_method/token",
  ],
  [
    "card number in place of a token",
    () => method({ type: "card", token: "4242424242424242" }),
    400,
    "invalid_request",
    "/payment_method/token",
  ],
  [
    "card number with spaces",
    () => method({ type: "card", token: "4242 4242 4242 4242" }),
    400,
    "invalid_request",
    "/payment_method/token",
  ],
  [
    "country the church has no account in",
    () => ({ change: { country: "us", currency: "USD" } }),
    422,
    "gateway_account_missing",
    "/payment_method/type",
  ],
];

const donors: readonly Refusal[] = [
  ["no donor", () => ({ change: { donor: undefined } }), 422, "donor_field_missing", "/donor/email"],
  ["no e-mail", () => oxxo({ name: "Ana" }), 422, "donor_field_missing", "/donor/email"],
  [
    "no name where the shop asks for it",
    () => oxxo({ email: "a@b.mx" }),
    422,
    "donor_field_missing",
    "/donor/name",
  ],
  [
    "a name of blanks",
    () => oxxo({ name: "   ", email: "a@b.mx" }),
    422,
    "donor_field_missing",
    "/donor/name",
  ],
  ["wrong e-mail", () => oxxo({ ...named, email: "ana@" }), 422, "donor_field_invalid", "/donor/email"],
  ["wrong phone", () => oxxo({ ...named, phone: "951 123" }), 422, "donor_field_invalid", "/donor/phone"],
  [
    "wrong RFC",
    () => oxxo({ ...named, tax_id: "GODE561331GR8" }),
    422,
    "donor_field_invalid",
    "/donor/tax_id",
  ],
  ["RFC of no shape", () => oxxo({ ...named, tax_id: "123" }), 422, "donor_field_invalid", "/donor/tax_id"],
  ["name as a number", () => oxxo({ ...named, name: 7 }), 400, "invalid_request", "/donor/name"],
  [
    "name of 201 letters",
    () => oxxo({ ...named, name: "a".repeat(201) }),
    400,
    "invalid_request",
    "/donor/name",
  ],
  [
    "field about the donor we do not take",
    () => oxxo({ ...named, age: 30 }),
    400,
    "invalid_request",
    "/donor",
  ],
  ["note of 1001 letters", () => ({ change: { note: "x".repeat(1001) } }), 400, "invalid_request", "/note"],
  [
    "return address that is a script",
    () => returning("javascript:alert(1)"),
    400,
    "invalid_request",
    "/return_url",
  ],
  ["return address that is none", () => returning("church"), 400, "invalid_request", "/return_url"],
  ["locale that is none", () => ({ change: { locale: "spanish" } }), 400, "invalid_request", "/locale"],
  ["field we do not know", () => ({ change: { amuont: 1 } }), 400, "invalid_request", ""],
  [
    "half a letter in the note",
    () => ({ raw: gift({ note: "x" }).replace('"x"', '"\\ud800"') }),
    400,
    "invalid_request",
    "/note",
  ],
];
const returning = (return_url: string) => ({ change: { return_url } });

const funds: readonly Refusal[] = [
  [
    "shares under the amount",
    () => ({ change: split(20_000, 29_999) }),
    422,
    "allocations_do_not_add_up",
    "/allocations",
  ],
  [
    "shares over the amount",
    () => ({ change: split(20_000, 30_001) }),
    422,
    "allocations_do_not_add_up",
    "/allocations",
  ],
  ["share of 0", () => ({ change: split(50_000, 0) }), 422, "amount_invalid", "/allocations/1/amount"],
  ["share below 0", () => ({ change: split(50_001, -1) }), 422, "amount_invalid", "/allocations/1/amount"],
  [
    "one fund twice",
    () => shares(["general", 1], ["general", 49_999]),
    400,
    "invalid_request",
    "/allocations",
  ],
  ["fund that is none", () => shares(["roof", 50_000]), 422, "fund_unknown", "/allocations/0/fund"],
  ["fund of another church", () => shares([theirFund, 50_000]), 422, "fund_unknown", "/allocations/0/fund"],
  [
    "more than twenty shares",
    () => shares(...Array.from({ length: 21 }, (): [string, number] => ["general", 1])),
    400,
    "invalid_request",
    "/allocations",
  ],
];
const shares = (...given: [string, number][]) => ({
  change: { allocations: given.map(([fund, amount]) => ({ fund, amount })) },
});

const doors: readonly Refusal[] = [
  ["malformed JSON", () => ({ raw: '{"amount": 50000,' }), 400, "malformed_json"],
  ["JSON that is no object", () => ({ raw: "[1]" }), 400, "invalid_request", ""],
  ["no body", () => ({ raw: "" }), 400, "malformed_json"],
  ["body of 1 MB", () => ({ raw: gift({ note: "x".repeat(1_000_000) }) }), 413, "body_too_large"],
  [
    "wrong content type",
    () => ({ headers: { "content-type": "text/plain" } }),
    415,
    "unsupported_media_type",
  ],
  [
    "form content type",
    () => ({ headers: { "content-type": "application/x-www-form-urlencoded" } }),
    415,
    "unsupported_media_type",
  ],
  ["no content type", () => ({ headers: { "content-type": undefined } }), 415, "unsupported_media_type"],
  ["no key", () => ({ headers: { authorization: undefined } }), 401, "unauthenticated"],
  [
    "a key of nobody",
    () => ({ headers: { authorization: "Bearer ofr_test_nobody" } }),
    401,
    "unauthenticated",
  ],
  ["a revoked key", () => ({ headers: { authorization: `Bearer ${revoked}` } }), 401, "key_revoked"],
  ["an expired key", () => ({ headers: { authorization: `Bearer ${expired}` } }), 401, "key_expired"],
  [
    "a publishable key reading gifts",
    () => ({ method: "GET", path: "/v1/donations", headers: { authorization: `Bearer ${publishable}` } }),
    403,
    "forbidden",
  ],
  [
    "no idempotency key",
    () => ({ headers: { "idempotency-key": undefined } }),
    400,
    "idempotency_key_missing",
    "/headers/idempotency-key",
  ],
  [
    "an idempotency key with spaces",
    () => ({ headers: { "idempotency-key": "a b" } }),
    400,
    "idempotency_key_invalid",
    "/headers/idempotency-key",
  ],
  [
    "an idempotency key of 256 letters",
    () => ({ headers: { "idempotency-key": "k".repeat(256) } }),
    400,
    "idempotency_key_invalid",
    "/headers/idempotency-key",
  ],
  ["an unknown path", () => ({ path: "/v1/gifts" }), 404, "not_found"],
  [
    "a method the path does not take",
    () => ({ method: "DELETE", path: "/v1/donations" }),
    405,
    "method_not_allowed",
  ],
  [
    "another church's donation",
    () => ({ method: "GET", path: `/v1/donations/${theirDonation}` }),
    404,
    "not_found",
  ],
  [
    "canceling another church's donation",
    () => ({ path: `/v1/donations/${theirDonation}/cancel`, raw: "" }),
    404,
    "not_found",
  ],
  [
    "refunding another church's donation",
    () => ({ path: `/v1/donations/${theirDonation}/refunds`, raw: "{}" }),
    404,
    "not_found",
  ],
  [
    "an id of another kind",
    () => ({ method: "GET", path: `/v1/donations/${theirFund}` }),
    400,
    "invalid_request",
    "/id",
  ],
  [
    "an id that is none",
    () => ({ method: "GET", path: "/v1/donations/1%27%20or%201=1" }),
    400,
    "invalid_request",
    "/id",
  ],
  [
    "a status that is none",
    () => ({ method: "GET", path: "/v1/donations?status=paid" }),
    400,
    "invalid_request",
    "/status",
  ],
  [
    "a page of 1000",
    () => ({ method: "GET", path: "/v1/donations?limit=1000" }),
    400,
    "invalid_request",
    "/limit",
  ],
  [
    "a cursor that is none",
    () => ({ method: "GET", path: "/v1/donations?cursor=x" }),
    400,
    "invalid_request",
    "/cursor",
  ],
  [
    "a day that is none",
    () => ({ method: "GET", path: "/v1/donations?from=2026-02-31T00:00:00Z" }),
    400,
    "invalid_request",
    "/from",
  ],
  [
    "the year 10000",
    () => ({ method: "GET", path: "/v1/donations?to=9999-12-31T23:59:59-14:00" }),
    400,
    "invalid_request",
    "/to",
  ],
  [
    "the year 0",
    () => ({ method: "GET", path: "/v1/donations?from=0000-01-01T00:00:00Z" }),
    400,
    "invalid_request",
    "/from",
  ],
  [
    "methods of a country we do not serve",
    () => ({ method: "GET", path: "/v1/payment-methods?country=zz" }),
    404,
    "not_found",
  ],
  [
    "methods for no amount",
    () => ({ method: "GET", path: "/v1/payment-methods?country=mx&amount=abc" }),
    422,
    "amount_invalid",
    "/amount",
  ],
  [
    "methods for an amount in fractions",
    () => ({ method: "GET", path: "/v1/payment-methods?country=mx&amount=1.5" }),
    422,
    "amount_invalid",
    "/amount",
  ],
];

async function send({ method = "POST", path = "/v1/donations", change, raw, headers = {} }: Ask) {
  const body = method === "GET" || method === "DELETE" ? undefined : (raw ?? gift(change));
  const all = {
    authorization: `Bearer ${mx.church.key}`,
    "content-type": "application/json",
    "idempotency-key": crypto.randomUUID(),
    ...headers,
  };
  const given = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
  // Bytes, so that no content type is set for us.
  const bytes = body === undefined ? undefined : new TextEncoder().encode(body);
  const request = new Request(`http://ofrenda.test${path}`, {
    method,
    headers: given,
    ...(bytes ? { body: bytes } : {}),
  });
  const answer = await house.app.fetch(request);
  const parsed: unknown = await answer.json();
  return { answer, parsed };
}

describe.each([
  ["amount and currency", amounts],
  ["country and method", offers],
  ["donor and texts", donors],
  ["funds", funds],
  ["the door", doors],
] as const)("%s", (_, refusals) => {
  test("each is a problem that names the field; nothing is written", async () => {
    const before = await rowCounts(house);
    for (const [name, ask, status, code, pointer] of refusals) {
      const { answer, parsed } = await send(ask());
      expect.soft({ name, status: answer.status, parsed }).toMatchObject({
        name,
        status,
        parsed: {
          code,
          status,
          type: expect.stringContaining(code),
          title: expect.any(String),
          detail: expect.stringMatching(/\w{3}/),
          request_id: expect.any(String),
          ...(pointer === undefined
            ? {}
            : { errors: expect.arrayContaining([expect.objectContaining({ pointer })]) }),
        },
      });
      expect.soft([name, answer.headers.get("content-type")]).toEqual([name, "application/problem+json"]);
      expect.soft([name, answer.headers.get("x-request-id")]).toEqual([name, parsedId(parsed)]);
    }
    expect(await rowCounts(house)).toEqual(before);
  });
});

const parsedId = (parsed: unknown): unknown =>
  typeof parsed === "object" && parsed !== null && "request_id" in parsed ? parsed.request_id : undefined;

describe("a publishable key", () => {
  test("can start a gift and nothing else", async () => {
    const headers = { authorization: `Bearer ${publishable}` };
    expect((await send({ headers })).answer.status).toBe(201);
    expect(
      (await send({ path: `/v1/donations/${theirDonation}/refunds`, raw: "{}", headers })).answer.status,
    ).toBe(403);
  });
});

describe("what looks wrong and is right", () => {
  test.each([
    ["the country in capitals", { country: "MX" }],
    ["a phone with blanks", { donor: { ...named, phone: "+52 (951) 123-4567" } }],
    ["an RFC in small letters with blanks", { donor: { ...named, tax_id: " gode 561231 gr8 " } }],
    ["letters of every script", { donor: { ...named, name: "Ñandú 李明 🙏" }, note: "‏שלום\u0000" }],
  ])("%s is taken", async (_, change) => {
    expect((await send({ change })).parsed).toMatchObject({ status: "succeeded" });
  });
});
