import { describe, expect, test } from "vitest";
import { baseUrls } from "../../adapters/paypal/client.ts";
import {
  captureStage,
  disputeOutcome,
  disputeStatus,
  orderStage,
  pendingTime,
  refundStage,
} from "../../adapters/paypal/codes.ts";
import { issueVerdict } from "../../adapters/paypal/issue-codes.ts";
import { adviceOf, processorVerdict } from "../../adapters/paypal/processor-codes.ts";
import { declineReasons } from "../../src/gateway/payment.ts";
import { present } from "../../src/kernel/assert.ts";
import { days, hours } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { secret } from "../../src/kernel/secret.ts";
import { specsAbsent } from "../support/specs.ts";
import { issuesInSpecs, paypalJudge, wordsAt } from "./paypal-specs.ts";
import { deliveryOf, mandatesOf, must, orderOf, type PaypalWorld, paypalWorld } from "./paypal-world.ts";
import type { Recorded } from "./recording-transport.ts";

/** Every request the adapter can make, each answered by the simulator, refusals among them. */
async function everyExchange(): Promise<PaypalWorld["exchanges"]> {
  const world = await paypalWorld();
  const { adapter, control, call } = world;
  for (const type of ["paypal", "venmo", "card"] as const) {
    await world.paid(orderOf({ method: { type, presentation: "hosted" } }));
  }
  const pending = orderOf({ locale: "not a locale" });
  const pendingId = await world.collected(pending);
  must(await control.approve(pendingId, { pending: "ECHECK" }));
  await world.capture(pending, pendingId);
  await world.lookup(pending, pendingId);
  const card = orderOf({ method: { type: "card", presentation: "hosted" } });
  const cardId = await world.collected(card);
  must(await control.approve(cardId, { code: "5400" }));
  await world.capture(card, cardId);
  await world.capture(card, cardId);
  const refused = orderOf();
  const refusedId = await world.collected(refused);
  await world.capture(refused, refusedId);
  must(await control.approve(refusedId, { issue: "INSTRUMENT_DECLINED" }));
  await world.lookup(refused, refusedId);
  await world.capture(refused, refusedId);
  must(await control.settings(world.clientId, { donations: "refused_at_order" }));
  await adapter.payments.collect(orderOf(), call());
  must(await control.settings(world.clientId, { donations: "refused_at_capture" }));
  await world.paid();
  must(await control.settings(world.clientId, { donations: "allowed" }));
  const { order, captureId } = await world.paid();
  await world.lookup(order, captureId);
  const refund = world.refundOrder(captureId, money(500n, "USD"));
  await adapter.payments.refund(refund, call());
  await adapter.payments.refund(refund, call());
  await adapter.payments.refund(world.refundOrder(captureId, money(9_999n, "USD")), call());
  const handle = {
    refundId: refund.refundId,
    gatewayPaymentId: captureId,
    method: "paypal",
    amount: refund.amount,
  } as const;
  await adapter.payments.lookupRefund(handle, call());
  must(await control.settings(world.clientId, { refunds: "pending" }));
  const slow = await adapter.payments.refund(world.refundOrder(captureId, money(500n, "USD")), call());
  if (slow.kind === "processing") {
    await adapter.payments.lookupRefund({ ...handle, gatewayRefundId: slow.gatewayRefundId }, call());
  }
  await mandateExchanges(world);
  const { id } = must(await control.openDispute(captureId));
  const yesterday = new Date(world.clock.now().getTime() - days(1));
  const disputes = present(adapter.disputes, "PayPal lists disputes");
  expect(must(await disputes.changedSince(yesterday, call()))).toEqual([id]);
  must(await disputes.read(id, call()));
  await world.lookup(orderOf(), undefined);
  const window = {
    from: new Date(world.clock.now().getTime() - days(40)),
    to: new Date(world.clock.now().getTime() + hours(1)),
  };
  for await (const _ of adapter.settlements?.lines(window, call()) ?? []);
  await askedToVerify(world);
  return world.exchanges;
}

async function mandateExchanges(world: PaypalWorld): Promise<void> {
  const mandates = mandatesOf(world.adapter);
  for (const type of ["paypal", "venmo"] as const) {
    const order = {
      reference: "recurring-1",
      donorId: newId("donor"),
      country: "us",
      method: { type, presentation: "hosted" },
      donor: { reference: "dnr-1" },
      amount: money(1_000n, "USD"),
      cadence: "monthly",
      startsOn: "2026-12-01",
      description: "Iglesia Bautista de Jesús, Cañón (mensual)",
      returnUrl: "https://give.example.org/return",
      locale: "es-MX",
    } as const;
    const asked = await mandates.request(order, world.call());
    if (asked.kind !== "action_required") throw new Error(asked.kind);
    const waiting = { reference: "recurring-1", gatewayMandateId: asked.gatewayMandateId };
    await mandates.lookup(waiting, world.call());
    must(await world.control.approveSetup(asked.gatewayMandateId));
    const active = await mandates.lookup(waiting, world.call());
    if (active.kind !== "active") throw new Error(active.kind);
    await mandates.lookup(waiting, world.call());
    const known = { reference: "recurring-1", gatewayMandateId: active.gatewayMandateId };
    await mandates.lookup(known, world.call());
    const attempt = {
      attemptId: newId("attempt"),
      method: type,
      country: "us",
      amount: money(1_000n, "USD"),
      createdAt: world.clock.now(),
    };
    const charge = {
      mandate: { gatewayMandateId: active.gatewayMandateId, method: type },
      attempt,
      description: "x",
      dueOn: "2026-12-01",
      donor: { reference: "dnr-1" },
    } as const;
    const charged = await mandates.charge(charge, world.call());
    if (charged.kind !== "captured") throw new Error(`${charged.kind} ${JSON.stringify(charged.evidence)}`);
    await mandates.cancel(known, world.call());
    await mandates.cancel(known, world.call());
    await mandates.lookup(known, world.call());
  }
}

/** A webhook whose certificate cannot be had, so that PayPal is asked. */
async function askedToVerify(world: PaypalWorld): Promise<void> {
  await world.paid();
  const order = orderOf();
  must(await world.control.approve(await world.collected(order)));
  await world.control.flush();
  const [webhook] = world.inbox.splice(0);
  if (!webhook) throw new Error("nothing was announced");
  await world.control.nextCall("too_many", "GET /v1/notifications/certs/");
  const delivery = deliveryOf(webhook);
  const verdict = await world.adapter.webhooks.verify(delivery, [secret(world.webhookId)], world.clock.now());
  expect(verdict).toBe("genuine");
}

const apart = ["/v1/oauth2/token", "/v1/notifications/certs/"];
const isSpecified = ({ request }: PaypalWorld["exchanges"][number]) =>
  !apart.some((path) => request.url.pathname.startsWith(path));

describe.skipIf(specsAbsent)("PayPal's published specifications", () => {
  const judge = specsAbsent ? undefined : paypalJudge();

  test("accept every request of the adapter, sent by the SDK to PayPal's own host", async () => {
    const exchanges = (await everyExchange()).filter(isSpecified);
    const judged = exchanges.map(({ request }) => judge?.request(request));
    expect([
      ...new Set(judged.flatMap((one) => (one?.faults ?? []).map((fault) => `${one?.operation}: ${fault}`))),
    ]).toEqual([]);
    expect(new Set(exchanges.map(({ request }) => request.url.origin))).toEqual(new Set([baseUrls.sandbox]));
    expect([...new Set(judged.map((one) => one?.operation))].sort()).toEqual([
      "DELETE /v3/vault/payment-tokens/{id}",
      "GET /v1/customer/disputes",
      "GET /v1/customer/disputes/{id}",
      "GET /v1/reporting/transactions",
      "GET /v2/checkout/orders/{id}",
      "GET /v2/payments/captures/{capture_id}",
      "GET /v2/payments/refunds/{refund_id}",
      "GET /v3/vault/payment-tokens",
      "GET /v3/vault/payment-tokens/{id}",
      "GET /v3/vault/setup-tokens/{id}",
      "PATCH /v2/checkout/orders/{id}",
      "POST /v1/notifications/verify-webhook-signature",
      "POST /v2/checkout/orders",
      "POST /v2/checkout/orders/{id}/capture",
      "POST /v2/payments/captures/{capture_id}/refund",
      "POST /v3/vault/payment-tokens",
      "POST /v3/vault/setup-tokens",
    ]);
  });

  test("accept every answer of the simulator, refusals too", async () => {
    const exchanges = (await everyExchange()).filter(isSpecified);
    const faults = exchanges.flatMap((exchange) => {
      const { operation, faults } = judge?.response(exchange) ?? { operation: "", faults: [] };
      return faults.map(
        (fault) => `${operation} ${exchange.status}: ${fault} ${exchange.body.slice(0, 200)}`,
      );
    });
    expect([...new Set(faults)]).toEqual([]);
    expect([...new Set(exchanges.map(({ status }) => status))].sort()).toEqual([
      200, 201, 204, 403, 404, 422,
    ]);
  });

  test("refuse an answer with a status nobody has documented (the judge judges)", async () => {
    const exchanges = await everyExchange();
    const capture = exchanges.find(
      ({ request, status }) => request.url.pathname.endsWith("/capture") && status === 201,
    );
    if (!capture) throw new Error("no capture was answered");
    const spoilt = { ...capture, body: capture.body.replaceAll('"COMPLETED"', '"WONDERING"') };
    expect(judge?.response(spoilt).faults).not.toEqual([]);
    expect(
      judge?.response({
        ...capture,
        body: capture.body.replace('"currency_code":"USD"', '"currency_code":"US"'),
      }).faults,
    ).not.toEqual([]);
  });

  const request = (line: string, body: object | string, headers: Record<string, string> = {}): Recorded => {
    const [method = "", path = ""] = line.split(" ");
    return {
      method,
      url: new URL(path, baseUrls.sandbox),
      headers: new Headers(headers),
      body: typeof body === "string" ? body : JSON.stringify(body),
    };
  };
  const unit = { amount: { currency_code: "USD", value: "1.00" } };

  test.each([
    ["an order without a unit", "POST /v2/checkout/orders", { intent: "CAPTURE" }],
    [
      "an amount that is a number",
      "POST /v2/checkout/orders",
      { intent: "CAPTURE", purchase_units: [{ amount: { currency_code: "USD", value: 1 } }] },
    ],
    ["an intent nobody knows", "POST /v2/checkout/orders", { intent: "GIVE", purchase_units: [unit] }],
    [
      "a category nobody knows",
      "POST /v2/checkout/orders",
      {
        intent: "CAPTURE",
        purchase_units: [
          { ...unit, items: [{ name: "x", quantity: "1", unit_amount: unit.amount, category: "TITHE" }] },
        ],
      },
    ],
    ["a refund without a currency", "POST /v2/payments/captures/1/refund", { amount: { value: "1.00" } }],
    ["a search without its end", "GET /v1/reporting/transactions?start_date=2026-11-20T00:00:00Z", ""],
    ["a search of a word", "GET /v1/reporting/transactions?start_date=x&end_date=2026-11-20T00:00:00Z", ""],
    ["a webhook id with a space", "POST /v1/notifications/verify-webhook-signature", { webhook_id: "a b" }],
    ["a path that does not exist", "POST /v2/gifts", {}],
  ] as const)("refuse %s", (_, line, body) => {
    expect(judge?.request(request(line, body)).faults).not.toEqual([]);
  });

  test("and the simulator refuses what they refuse: every spoilt form of an order and of a refund", async () => {
    const world = await paypalWorld();
    const { captureId } = await world.paid();
    const good = world.exchanges.filter(
      ({ request, status }) => request.method === "POST" && request.body.startsWith("{") && status === 201,
    );
    await world.adapter.payments.refund(world.refundOrder(captureId, money(100n, "USD")), world.call());
    const refund = world.exchanges.at(-1);
    const patterns = [good[0], refund].flatMap((one) => (one ? [one.request] : []));
    let refusals = 0;
    for (const pattern of patterns) {
      for (const spoilt of mutations(JSON.parse(pattern.body))) {
        const headers = new Headers(pattern.headers);
        headers.set("paypal-request-id", `spoilt-${refusals}`);
        const sent = { ...pattern, headers, body: JSON.stringify(spoilt) };
        if (judge?.request(sent).faults.length === 0) continue;
        refusals += 1;
        const answer = await world.simulator.fetch(
          new Request(sent.url, { method: "POST", headers, body: sent.body }),
        );
        expect([answer.status, sent.body.slice(0, 300)]).toEqual([400, expect.any(String)]);
      }
    }
    // The negative control of this very test: a judge that refuses nothing proves nothing.
    expect(refusals).toBeGreaterThan(40);
  });
});

/** Each leaf left out, made a number, an unknown word, too long, or an object; nothing else is changed. */
function mutations(body: unknown): unknown[] {
  const paths = leaves(body, []);
  const wrong: readonly unknown[] = [
    undefined,
    7,
    "",
    "not_a_word_of_theirs",
    "x".repeat(300),
    { deeper: 1 },
    [],
  ];
  return paths.flatMap((path) => wrong.map((value) => replaced(body, path, value)));
}

type Path = readonly (string | number)[];

function leaves(value: unknown, path: Path): Path[] {
  if (Array.isArray(value)) return value.flatMap((one, i) => leaves(one, [...path, i]));
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([name, one]) => leaves(one, [...path, name]));
}

function replaced(body: unknown, path: Path, value: unknown): unknown {
  const copy: unknown = structuredClone(body);
  let at: unknown = copy;
  for (const part of path.slice(0, -1)) at = Reflect.get(Object(at), part);
  const last = path.at(-1) ?? "";
  if (value === undefined) Reflect.deleteProperty(Object(at), last);
  else Reflect.set(Object(at), last, value);
  return copy;
}

describe.skipIf(specsAbsent)("the tables know every word of the specifications", () => {
  test("issues", () => {
    const issues = [...issuesInSpecs()];
    expect(issues.length).toBeGreaterThan(200);
    expect(issues.filter((issue) => issueVerdict(issue) === undefined)).toEqual([]);
  });

  test("processor codes, each to a reason of the closed set, and the networks' advice", () => {
    const at = ["components", "schemas", "processor_response", "properties"];
    const codes = wordsAt("orders", ...at, "response_code", "enum");
    expect(codes.filter((code) => processorVerdict(code) === undefined)).toEqual([]);
    for (const code of codes) expect(declineReasons).toContain(processorVerdict(code)?.reason);
    expect(
      wordsAt("orders", ...at, "payment_advice_code", "enum").filter((code) => adviceOf(code) === undefined),
    ).toEqual([]);
  });

  test("statuses of orders, captures, refunds and disputes", () => {
    const unknown = (words: readonly string[], table: (word: string) => unknown) =>
      words.filter((word) => table(word) === undefined);
    const schemas = ["components", "schemas"];
    expect(unknown(wordsAt("orders", ...schemas, "order_status", "enum"), orderStage)).toEqual([]);
    expect(
      unknown(wordsAt("orders", ...schemas, "capture_status", "properties", "status", "enum"), captureStage),
    ).toEqual([]);
    expect(
      unknown(
        wordsAt("orders", ...schemas, "capture_status_details", "properties", "reason", "enum"),
        pendingTime,
      ),
    ).toEqual([]);
    expect(
      unknown(wordsAt("payments", ...schemas, "refund_status", "properties", "status", "enum"), refundStage),
    ).toEqual([]);
    expect(unknown(wordsAt("disputes", ...schemas, "status", "enum"), disputeStatus)).toEqual(["RESOLVED"]);
    expect(
      unknown(
        wordsAt("disputes", ...schemas, "dispute_outcome", "properties", "outcome_code", "enum"),
        disputeOutcome,
      ),
    ).toEqual([]);
  });
});
