import { describe, expect, test } from "vitest";
import { days, hours } from "../../src/kernel/clock.ts";
import { money } from "../../src/kernel/money.ts";
import { must, orderOf, type PaypalWorld, paypalWorld } from "./paypal-world.ts";

/** What PayPal refuses, by the names of its specifications, and what the desk cannot do. */
const host = "https://api-m.sandbox.paypal.com";

type Sent = { readonly body?: unknown; readonly headers?: Record<string, string>; readonly text?: string };

async function tokenOf({ simulator, account }: PaypalWorld): Promise<string> {
  const { client_id: id, client_secret: secret } = account.credentials;
  const asked = new Request(`${host}/v1/oauth2/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
    body: "grant_type=client_credentials",
  });
  return JSON.parse(await (await simulator.fetch(asked)).text()).access_token;
}

/** Anybody's client with the church's token; the answer's status and its first issue. */
async function client(world: PaypalWorld) {
  const token = await tokenOf(world);
  return async (method: string, path: string, { body, headers = {}, text }: Sent = {}) => {
    const json = text ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await world.simulator.fetch(
      new Request(`${host}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(json === undefined ? {} : { "content-type": "application/json" }),
          "paypal-request-id": crypto.randomUUID(),
          ...headers,
        },
        ...(json === undefined ? {} : { body: json }),
      }),
    );
    const told = await answer.text();
    const read = told.startsWith("{") ? JSON.parse(told) : {};
    return { status: answer.status, issue: read.details?.[0]?.issue, body: read };
  };
}

const usd = (value: string, currency_code = "USD") => ({ currency_code, value });
const unit = (more: object = {}) => ({ amount: usd("25.00"), ...more });
const item = (unit_amount: object) => ({ name: "Gift", quantity: "1", unit_amount, category: "DONATION" });
const order = (more: object = {}) => ({ intent: "CAPTURE", purchase_units: [unit()], ...more });
const itemized = (total: object, price: object, amount: object = usd("25.00")) =>
  order({
    purchase_units: [{ amount: { ...amount, breakdown: { item_total: total } }, items: [item(price)] }],
  });
const withPaypal = (more: object = {}) => ({ payment_source: { paypal: more } });

describe("an order", () => {
  test.each<[string, object, number, string]>([
    ["for an authorization", order({ intent: "AUTHORIZE" }), 422, "UNSUPPORTED_INTENT"],
    [
      "of two units",
      order({ purchase_units: [unit({ reference_id: "a" }), unit({ reference_id: "b" })] }),
      422,
      "UNSUPPORTED_INTENT",
    ],
    [
      "in a currency PayPal does not carry",
      order({ purchase_units: [{ amount: usd("1.00", "ZWL") }] }),
      422,
      "INVALID_CURRENCY_CODE",
    ],
    [
      "in reais, from abroad",
      order({ purchase_units: [{ amount: usd("1.00", "BRL") }] }),
      422,
      "CURRENCY_NOT_SUPPORTED_FOR_COUNTRY",
    ],
    [
      "of parts of a yen",
      order({ purchase_units: [{ amount: usd("10.50", "JPY") }] }),
      422,
      "DECIMALS_NOT_SUPPORTED",
    ],
    ["of parts of a cent", order({ purchase_units: [{ amount: usd("10.505") }] }), 422, "DECIMAL_PRECISION"],
    ["of nothing", order({ purchase_units: [{ amount: usd("0.00") }] }), 422, "CANNOT_BE_ZERO_OR_NEGATIVE"],
    [
      "whose lines are in another currency",
      itemized(usd("25.00"), usd("25.00", "EUR")),
      422,
      "MULTI_CURRENCY_ORDER",
    ],
    ["whose lines are not their sum", itemized(usd("25.00"), usd("24.00")), 422, "ITEM_TOTAL_MISMATCH"],
    ["whose sum is not the amount", itemized(usd("24.00"), usd("24.00")), 422, "AMOUNT_MISMATCH"],
    [
      "by two wallets",
      order({ payment_source: { paypal: {}, venmo: {} } }),
      422,
      "ONLY_ONE_PAYMENT_SOURCE_ALLOWED",
    ],
    [
      "that keeps the wallet and leads nowhere",
      order(withPaypal({ attributes: { vault: { store_in_vault: "ON_SUCCESS", usage_type: "MERCHANT" } } })),
      422,
      "RETURN_URL_REQUIRED",
    ],
    [
      "of Venmo in euros",
      order({ purchase_units: [{ amount: usd("5.00", "EUR") }], payment_source: { venmo: {} } }),
      422,
      "CURRENCY_NOT_SUPPORTED_FOR_COUNTRY",
    ],
    ["by a permission nobody gave", order(withPaypal({ vault_id: "none" })), 422, "TOKEN_ID_NOT_FOUND"],
  ])("%s is refused", async (_what, body, status, issue) => {
    const ask = await client(await paypalWorld());
    expect(await ask("POST", "/v2/checkout/orders", { body })).toMatchObject({ status, issue });
  });

  test("by a wallet needs a name of its own, which another order cannot take", async () => {
    const world = await paypalWorld();
    const ask = await client(world);
    const token = await tokenOf(world);
    const nameless = await world.simulator.fetch(
      new Request(`${host}/v2/checkout/orders`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(order(withPaypal())),
      }),
    );
    expect(nameless.status).toBe(400);
    const headers = { "paypal-request-id": "one" };
    const made = await ask("POST", "/v2/checkout/orders", { body: order(), headers });
    const again = await ask("POST", "/v2/checkout/orders", { body: order(), headers });
    expect([made.status, again.status, again.body.id]).toEqual([201, 200, made.body.id]);
    const other = order({ purchase_units: [{ amount: usd("9.00") }] });
    expect(await ask("POST", "/v2/checkout/orders", { body: other, headers })).toMatchObject({
      status: 422,
      issue: "DUPLICATE_REQUEST_ID",
    });
    const long = { "paypal-request-id": "x".repeat(109) };
    expect((await ask("POST", "/v2/checkout/orders", { body: order(), headers: long })).issue).toBe(
      "INVALID_STRING_LENGTH",
    );
  });

  test("is changed in its items alone, and not any more once it is paid", async () => {
    const world = await paypalWorld();
    const ask = await client(world);
    const made = await ask("POST", "/v2/checkout/orders", { body: itemized(usd("25.00"), usd("25.00")) });
    const path = `/v2/checkout/orders/${made.body.id}`;
    const items = "/purchase_units/@reference_id=='default'/items";
    const patches: [object, number, string | undefined][] = [
      [{ op: "replace", path: "/intent", value: "AUTHORIZE" }, 422, "NOT_PATCHABLE"],
      [{ op: "replace" }, 422, "PATCH_PATH_REQUIRED"],
      [{ op: "add", path: items, value: [] }, 400, "INVALID_PATCH_OPERATION"],
      [{ op: "replace", path: items }, 422, "PATCH_VALUE_REQUIRED"],
      [{ op: "replace", path: items, value: [item(usd("1.00"))] }, 422, "ITEM_TOTAL_MISMATCH"],
      [
        { op: "replace", path: items, value: [{ ...item(usd("25.00")), category: "DIGITAL_GOODS" }] },
        204,
        undefined,
      ],
    ];
    for (const [patch, status, issue] of patches) {
      expect(await ask("PATCH", path, { body: [patch] })).toMatchObject({ status, issue });
    }
    expect(await ask("POST", `${path}/capture`)).toMatchObject({ status: 422, issue: "ORDER_NOT_APPROVED" });
    must(await world.control.approve(made.body.id));
    expect((await ask("POST", `${path}/capture`)).status).toBe(201);
    const late = { op: "replace", path: items, value: [item(usd("25.00"))] };
    expect((await ask("PATCH", path, { body: [late] })).issue).toBe("ORDER_ALREADY_COMPLETED");
    expect((await ask("POST", `${path}/capture`)).issue).toBe("ORDER_ALREADY_CAPTURED");
    expect(await world.control.approve(made.body.id)).toMatchObject({ ok: false });
    expect(await world.control.reverseApproval(made.body.id)).toMatchObject({ ok: false });
  });

  test("approved and left alone is over after three hours, and one given up is over at once", async () => {
    const world = await paypalWorld();
    const ask = await client(world);
    const ids: string[] = [];
    for (let n = 0; n < 2; n++) {
      ids.push((await ask("POST", "/v2/checkout/orders", { body: order() })).body.id);
    }
    const [late = "", given = ""] = ids;
    must(await world.control.approve(late));
    must(await world.control.approve(given));
    must(await world.control.reverseApproval(given));
    expect((await ask("POST", `/v2/checkout/orders/${given}/capture`)).issue).toBe("ORDER_EXPIRED");
    expect(await world.control.approve(given)).toMatchObject({ ok: false });
    world.clock.advance(hours(4));
    expect((await ask("POST", `/v2/checkout/orders/${late}/capture`)).issue).toBe("ORDER_EXPIRED");
  });
});

describe("money back", () => {
  test("is refused where PayPal refuses it, and ends either way", async () => {
    const world = await paypalWorld();
    const ask = await client(world);
    const { captureId } = await world.paid();
    const refund = (body: object) => ask("POST", `/v2/payments/captures/${captureId}/refund`, { body });
    expect((await refund({ amount: usd("5.00", "EUR") })).issue).toBe("REFUND_CAPTURE_CURRENCY_MISMATCH");
    expect((await refund({ amount: usd("26.00") })).issue).toBe("REFUND_AMOUNT_EXCEEDED");
    must(await world.control.settings(world.clientId, { refunds: "pending" }));
    const going = await refund({ amount: usd("5.00") });
    const other = await refund({ amount: usd("6.00") });
    expect(going.body.status).toBe("PENDING");
    expect(must(await world.control.settleRefund(going.body.id, true)).status).toBe("COMPLETED");
    expect(must(await world.control.settleRefund(other.body.id, false)).status).toBe("FAILED");
    expect(await world.control.settleRefund(going.body.id, true)).toMatchObject({ ok: false });
    const dispute = must(await world.control.openDispute(captureId, { inquiry: true }));
    expect((await refund({ amount: usd("5.00") })).issue).toBe("TRANSACTION_DISPUTED");
    expect(await world.control.openDispute(captureId)).toMatchObject({ ok: false });
    must(await world.control.resolveDispute(dispute.id, "CANCELED_BY_BUYER"));
    expect(await world.control.resolveDispute(dispute.id, "ACCEPTED")).toMatchObject({ ok: false });
    must(await world.control.settings(world.clientId, { refunds: "at_once" }));
    must(await world.control.refundFromDashboard(captureId));
    expect((await refund({})).issue).toBe("CAPTURE_FULLY_REFUNDED");
    expect(await world.control.openDispute(captureId)).toMatchObject({ ok: false });
    expect(await world.control.refundFromDashboard("none", "1.00")).toMatchObject({ ok: false });
  });

  test("of a capture that the bank still holds or refused, there is none, nor a dispute", async () => {
    const world = await paypalWorld();
    const ask = await client(world);
    const id = await world.collected(orderOf());
    must(await world.control.approve(id, { pending: "ECHECK" }));
    const captured = await ask("POST", `/v2/checkout/orders/${id}/capture`, {
      headers: { prefer: "return=representation" },
    });
    const [capture] = captured.body.purchase_units[0].payments.captures;
    const refund = () => ask("POST", `/v2/payments/captures/${capture.id}/refund`, { body: {} });
    expect(capture.status).toBe("PENDING");
    expect((await refund()).issue).toBe("PENDING_CAPTURE");
    expect(await world.control.openDispute(capture.id)).toMatchObject({ ok: false });
    expect(must(await world.control.settle(capture.id, false)).status).toBe("DECLINED");
    expect((await refund()).issue).toBe("REFUND_NOT_ALLOWED");
    expect(await world.control.settle(capture.id, true)).toMatchObject({ ok: false });
    expect(await world.control.openDispute(capture.id)).toMatchObject({ ok: false });
  });

  test("cannot be asked for after half a year", async () => {
    const world = await paypalWorld();
    const { captureId } = await world.paid();
    world.clock.advance(days(181));
    const ask = await client(world);
    const told = await ask("POST", `/v2/payments/captures/${captureId}/refund`, { body: {} });
    expect(told.issue).toBe("REFUND_TIME_LIMIT_EXCEEDED");
  });
});

describe("lists", () => {
  test("of disputes come in pages, from a day on", async () => {
    const world = await paypalWorld();
    const ask = await client(world);
    expect((await ask("GET", "/v1/customer/disputes")).body.items).toBeUndefined();
    for (let n = 0; n < 3; n++) {
      const { captureId } = await world.paid();
      must(await world.control.openDispute(captureId));
      world.clock.advance(days(1));
    }
    // The first token has ended by now.
    const later = await client(world);
    const first = await later("GET", "/v1/customer/disputes?page_size=2");
    expect(first.body.items).toHaveLength(2);
    const next = first.body.links.find(({ rel }: { rel: string }) => rel === "next");
    expect((await later("GET", next.href)).body.items).toHaveLength(1);
    const recent = await later("GET", "/v1/customer/disputes?start_time=2026-11-21T00:00:00.000Z");
    expect(recent.body.items).toHaveLength(2);
    const moved = await later("GET", "/v1/customer/disputes?update_time_after=2026-11-22T00:00:00.000Z");
    expect(moved.body.items).toHaveLength(1);
    for (const from of ["start_time=2026-01-01T00:00:00.000Z", "update_time_after=yesterday"]) {
      const told = await later("GET", `/v1/customer/disputes?${from}`);
      expect([told.status, told.issue]).toEqual([400, "INVALID_PARAMETER_VALUE"]);
    }
    expect((await ask("GET", "/v1/customer/disputes")).status).toBe(401);
  });

  test.each([
    ["without a beginning", "end_date=2026-11-21T00:00:00Z", "MISSING_REQUIRED_PARAMETER"],
    [
      "of a day that is no instant",
      "start_date=2026-11-01&end_date=2026-11-21T00:00:00Z",
      "INVALID_PARAMETER_SYNTAX",
    ],
    [
      "of two months",
      "start_date=2026-09-01T00:00:00Z&end_date=2026-11-01T00:00:00Z",
      "INVALID_PARAMETER_VALUE",
    ],
    [
      "that ends before it begins",
      "start_date=2026-11-02T00:00:00Z&end_date=2026-11-01T00:00:00Z",
      "INVALID_PARAMETER_VALUE",
    ],
    [
      "of pages that are too long",
      "start_date=2026-11-01T00:00:00Z&end_date=2026-11-02T00:00:00Z&page_size=501",
      "INVALID_PARAMETER_VALUE",
    ],
  ])("of transactions %s are refused", async (_what, query, issue) => {
    const ask = await client(await paypalWorld());
    expect(await ask("GET", `/v1/reporting/transactions?${query}`)).toMatchObject({ status: 400, issue });
  });

  test("of transactions without a page's length are one page", async () => {
    const world = await paypalWorld();
    await world.paid();
    world.clock.advance(hours(5));
    const ask = await client(world);
    const query = "start_date=2026-11-20T00:00:00Z&end_date=2026-11-21T00:00:00Z";
    const told = await ask("GET", `/v1/reporting/transactions?${query}`);
    expect(told).toMatchObject({ status: 200, body: { page: 1, total_pages: 1 } });
    expect(told.body.transaction_details).toHaveLength(1);
  });
});

describe("a standing permission", () => {
  const context = { return_url: "https://give.test/yes", cancel_url: "https://give.test/no" };
  const paypalSetup = { payment_source: { paypal: { usage_type: "MERCHANT", experience_context: context } } };

  test.each<[string, string, object, number, string]>([
    ["for no wallet", "us", { payment_source: {} }, 400, "INVALID_PARAMETER_VALUE"],
    [
      "for nobody's use",
      "us",
      { payment_source: { paypal: { experience_context: context } } },
      400,
      "MISSING_REQUIRED_PARAMETER",
    ],
    [
      "that leads nowhere",
      "us",
      { payment_source: { paypal: { usage_type: "MERCHANT" } } },
      422,
      "RETURN_URL_REQUIRED",
    ],
    [
      "of Venmo in Mexico",
      "mx",
      { payment_source: { venmo: { usage_type: "MERCHANT" } } },
      422,
      "PAYEE_COUNTRY_NOT_SUPPORTED_FOR_PAYMENT_SOURCE",
    ],
  ])("%s is refused", async (_what, country, body, status, issue) => {
    const ask = await client(await paypalWorld(country));
    expect(await ask("POST", "/v3/vault/setup-tokens", { body })).toMatchObject({ status, issue });
  });

  test("lasts from the donor's yes, once", async () => {
    const world = await paypalWorld();
    const ask = await client(world);
    const setup = await ask("POST", "/v3/vault/setup-tokens", { body: paypalSetup });
    const body = { payment_source: { token: { id: setup.body.id, type: "SETUP_TOKEN" } } };
    const keep = () => ask("POST", "/v3/vault/payment-tokens", { body });
    expect((await keep()).issue).toBe("ORDER_NOT_APPROVED");
    must(await world.control.approveSetup(setup.body.id));
    expect(await world.control.approveSetup(setup.body.id)).toMatchObject({ ok: false });
    const kept = await keep();
    expect(kept.status).toBe(201);
    expect((await keep()).issue).toBe("TOKEN_EXPIRED");
    expect((await ask("GET", "/v3/vault/payment-tokens")).issue).toBe("MISSING_REQUIRED_PARAMETER");
    const byVenmo = order({ payment_source: { venmo: { vault_id: kept.body.id } } });
    expect((await ask("POST", "/v2/checkout/orders", { body: byVenmo })).issue).toBe(
      "MISMATCHED_VAULT_ID_TO_PAYMENT_SOURCE",
    );
    expect((await ask("DELETE", `/v3/vault/payment-tokens/${kept.body.id}`)).status).toBe(204);
    expect((await ask("GET", `/v3/vault/payment-tokens/${kept.body.id}`)).status).toBe(404);
  });
});

describe("a call", () => {
  test.each([
    ["RATE_LIMIT_REACHED", 429],
    ["INTERNAL_SERVER_ERROR", 500],
    ["INVALID_ACCOUNT_STATUS", 401],
    ["PREVIOUS_REQUEST_IN_PROGRESS", 409],
    ["INVALID_STRING_LENGTH", 400],
    ["CONSENT_NEEDED", 403],
    ["INVALID_RESOURCE_ID", 404],
    ["INSTRUMENT_DECLINED", 422],
  ])("can be made to be refused with %s", async (issue, status) => {
    const ask = await client(await paypalWorld());
    const headers = { "paypal-mock-response": JSON.stringify({ mock_application_codes: issue }) };
    expect((await ask("POST", "/v2/checkout/orders", { body: order(), headers })).status).toBe(status);
  });

  test.each<[string, string, string, Sent, number]>([
    ["of a stranger", "GET", "/v1/customer/disputes", { headers: { authorization: "Basic x" } }, 401],
    ["to no address", "GET", "/v2/nothing", {}, 404],
    [
      "in no JSON",
      "POST",
      "/v2/checkout/orders",
      { text: "a=1", headers: { "content-type": "text/plain" } },
      400,
    ],
    ["without a body", "POST", "/v2/checkout/orders", {}, 400],
    [
      "of too many units",
      "POST",
      "/v2/checkout/orders",
      { body: order({ purchase_units: Array(11).fill(unit()) }) },
      400,
    ],
    [
      "of a field of another kind",
      "POST",
      "/v2/checkout/orders",
      { body: order({ purchase_units: "x" }) },
      400,
    ],
  ])("%s is refused", async (_what, method, path, sent, status) => {
    const ask = await client(await paypalWorld());
    expect((await ask(method, path, sent)).status).toBe(status);
  });

  test.each([
    ["", 401],
    ["Bearer x", 401],
    [`Basic ${btoa("sandbox-zz-nobody:x")}`, 401],
    ["Basic %%%", 401],
  ])("for a token as %o is refused", async (authorization, status) => {
    const { simulator } = await paypalWorld();
    const asked = new Request(`${host}/v1/oauth2/token`, {
      method: "POST",
      headers: { authorization },
      body: "grant_type=client_credentials",
    });
    expect((await simulator.fetch(asked)).status).toBe(status);
  });

  test("for a token of another grant is refused", async () => {
    const { simulator, account } = await paypalWorld();
    const { client_id: id, client_secret: secret } = account.credentials;
    const asked = new Request(`${host}/v1/oauth2/token`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
      body: "grant_type=password",
    });
    expect((await simulator.fetch(asked)).status).toBe(400);
  });

  test.each([
    ["refused_connection", "ECONNREFUSED"],
    ["lost_before", "ECONNRESET"],
    ["lost_after", "ECONNRESET"],
  ] as const)("broken by %s is lost as a network loses it", async (fault, code) => {
    const world = await paypalWorld();
    const ask = await client(world);
    await world.control.nextCall(fault);
    const lost = await ask("POST", "/v2/checkout/orders", { body: order() }).catch((error: unknown) => error);
    expect(JSON.stringify(lost, ["cause", "code"])).toContain(code);
    const done = await world.control.payments();
    expect(done).toHaveLength(fault === "lost_after" ? 1 : 0);
  });

  test("answered by a proxy says nothing", async () => {
    const world = await paypalWorld();
    const ask = await client(world);
    await world.control.nextCall("not_json");
    expect((await ask("POST", "/v2/checkout/orders", { body: order() })).body).toEqual({});
  });
});

describe("an adapter", () => {
  test("meets the same order whatever the gateway lost", async () => {
    const world = await paypalWorld();
    const asked = orderOf({ amount: money(2_500n, "USD") });
    await world.control.nextCall("refused_connection", "POST /v2/checkout/orders");
    expect(await world.adapter.payments.collect(asked, world.call())).toMatchObject({ kind: "not_sent" });
    expect(await world.adapter.payments.collect(asked, world.call())).toMatchObject({
      kind: "action_required",
    });
  });
});
