import { describe, expect, test } from "vitest";
import { stripeSandboxPages } from "../../adapters/stripe/sandbox/pages.tsx";
import { present } from "../../src/kernel/assert.ts";
import { days } from "../../src/kernel/clock.ts";
import { money } from "../../src/kernel/money.ts";
import { answers, type HttpAnswer } from "./recording-transport.ts";
import * as bodies from "./stripe-bodies.ts";
import { adapterInSandbox } from "./stripe-in-sandbox.ts";
import { by, played } from "./stripe-sandbox-steps.ts";
import {
  callAt,
  chargeOf,
  form,
  handleOf,
  mandateOf,
  orderOf,
  routes,
  stripeOn,
} from "./stripe-under-test.ts";

const ok = (body: unknown): HttpAnswer => answers(200, body);
const mandatesOf = (adapter: ReturnType<typeof stripeOn>["adapter"]) =>
  present(adapter.mandates, "Stripe has mandates");

const saved = [
  { type: "card", token: "pm_card_mx", country: "mx", currency: "MXN", display: "visa 8001" },
  {
    type: "ach_debit",
    token: "pm_usBankAccount_success",
    country: "us",
    currency: "USD",
    display: "STRIPE TEST BANK 6789",
  },
  { type: "sepa_debit", token: "pm_success_de", country: "de", currency: "EUR", display: "sepa 3000" },
  { type: "bacs_debit", token: "pm_bacsDebit_success", country: "gb", currency: "GBP", display: "bacs 2345" },
  {
    type: "acss_debit",
    token: "pm_acssDebit_success",
    country: "ca",
    currency: "CAD",
    display: "STRIPE TEST BANK 6789",
  },
] as const;

/** Asks for permission in the simulator. */
async function asked(
  one: { type: (typeof saved)[number]["type"]; country: (typeof saved)[number]["country"] },
  token: string,
) {
  const house = await adapterInSandbox();
  const mandates = mandatesOf(house[one.country]);
  const outcome = await mandates.request(
    mandateOf(one.type, "token", token, { country: one.country }),
    house.nextCall(),
  );
  const id = "gatewayMandateId" in outcome ? outcome.gatewayMandateId : "";
  const look = (gatewayMandateId = id) =>
    mandates.lookup({ reference: "rcg_1", gatewayMandateId }, house.nextCall());
  return { house, mandates, outcome, id, look };
}

describe.each(saved)("$type saved for later", ({ type, token, country, currency, display }) => {
  const gift = () =>
    orderOf({ country, amount: money(5_000n, currency), method: { type, presentation: "token" } });

  test("is active by its payment method and shows what the donor knows it by", async () => {
    const { outcome, id, look } = await asked({ type, country }, token);
    expect(outcome).toMatchObject({ kind: "active", display });
    expect(id).toMatch(/^pm_/);
    expect(await look()).toMatchObject({ kind: "active", gatewayMandateId: id, display });
  });

  test("is charged without the donor, twice, each as its own payment", async () => {
    const { house, mandates, id } = await asked({ type, country }, token);
    for (let month = 0; month < 2; month++) {
      const order = gift();
      const charged = await mandates.charge(chargeOf(id, order), house.nextCall());
      expect(["captured", "processing"]).toContain(charged.kind);
      const payment = "gatewayPaymentId" in charged ? (charged.gatewayPaymentId ?? "") : "";
      if (charged.kind === "processing") played(await house.control.settleDebit(payment));
      expect(await house[country].payments.lookup(handleOf(payment, order), house.nextCall())).toMatchObject({
        kind: "captured",
        amount: money(5_000n, currency),
      });
    }
    expect(await house.control.payments()).toHaveLength(2);
  });

  test("ended by the church: it says so ever after, and nothing is charged under it", async () => {
    const { house, mandates, id, look } = await asked({ type, country }, token);
    await house.announced();
    const handle = { reference: "rcg_1", gatewayMandateId: id };
    expect(await mandates.cancel(handle, house.nextCall())).toMatchObject({ kind: "ended", by: "church" });
    expect(await mandates.cancel(handle, house.nextCall())).toMatchObject({ kind: "ended" });
    expect(await look()).toMatchObject({ kind: "ended", gatewayMandateId: id });
    expect(await mandates.charge(chargeOf(id, gift()), house.nextCall())).toMatchObject({
      kind: "declined",
      decline: { reason: "mandate_invalid" },
    });
    expect(await house.announced()).toContainEqual(
      expect.objectContaining({
        kind: "mandate_changed",
        gatewayMandateId: id,
        outcome: expect.objectContaining({ kind: "ended" }),
      }),
    );
  });

  test("the donor's yes is announced with our own reference", async () => {
    const { house, id } = await asked({ type, country }, token);
    expect(await house.announced()).toContainEqual(
      expect.objectContaining({ kind: "mandate_changed", gatewayMandateId: id, reference: "rcg_1" }),
    );
  });
});

describe("a mandate the donor's bank ends", () => {
  test.each(saved.filter(({ type }) => type !== "card"))(
    "$type",
    async ({ type, token, country, currency }) => {
      const { house, mandates, id, look } = await asked({ type, country }, token);
      await house.announced();
      played(await house.control.revokeMandate(id));
      expect(await house.announced()).toMatchObject([
        { kind: "mandate_changed", gatewayMandateId: id, outcome: { kind: "ended", by: "bank" } },
      ]);
      expect(await look()).toMatchObject({ kind: "ended", by: "bank" });
      const order = orderOf({
        country,
        amount: money(5_000n, currency),
        method: { type, presentation: "token" },
      });
      expect(await mandates.charge(chargeOf(id, order), house.nextCall())).toMatchObject({
        kind: "declined",
        decline: { reason: "mandate_invalid" },
      });
    },
  );
});

describe("cards that are not simply saved", () => {
  const card = { type: "card", country: "mx" } as const;

  test("a bank that wants to see the donor once: a redirect, then charges without them", async () => {
    const { house, mandates, outcome, id, look } = await asked(card, "pm_card_authenticationRequiredOnSetup");
    expect(outcome).toMatchObject({ kind: "action_required", action: { type: "redirect" } });
    expect(id).toMatch(/^seti_/);
    played(await house.control.passSetup(id));
    const now = await look();
    expect(now).toMatchObject({ kind: "active" });
    const method = "gatewayMandateId" in now ? now.gatewayMandateId : "";
    const charged = await mandates.charge(chargeOf(method), house.nextCall());
    expect(charged).toMatchObject({ kind: "captured" });
  });

  test("a donor who fails the bank's question has given no permission", async () => {
    const { house, id, look } = await asked(card, "pm_card_authenticationRequiredOnSetup");
    played(await house.control.failSetup(id));
    expect(await look()).toMatchObject({ kind: "ended", by: "bank", gatewayMandateId: id });
  });

  test("a bank that always wants the donor declines a charge without them, and says that they must come", async () => {
    const { house, mandates, id, look } = await asked(card, "pm_card_authenticationRequired");
    played(await house.control.passSetup(id));
    const now = await look();
    const method = "gatewayMandateId" in now ? now.gatewayMandateId : "";
    expect(await mandates.charge(chargeOf(method), house.nextCall())).toMatchObject({
      kind: "declined",
      decline: { reason: "authentication_required", retry: "authenticate" },
    });
  });

  test("a card saved without trouble and refused when charged", async () => {
    const { house, mandates, id } = await asked(card, "pm_card_chargeCustomerFail");
    expect(await mandates.charge(chargeOf(id), house.nextCall())).toMatchObject({
      kind: "declined",
      decline: { reason: "declined_generic" },
    });
  });

  test("a card the bank refuses to have saved", async () => {
    const { outcome, id } = await asked(card, "pm_card_chargeDeclinedInsufficientFunds");
    expect(outcome).toMatchObject({ kind: "ended", by: "bank", rawCode: "insufficient_funds" });
    expect(id).toMatch(/^seti_/);
  });
});

describe("the donor gives permission", () => {
  test("in the form on our page, known by our reference when the first answer was lost", async () => {
    const house = await adapterInSandbox();
    const mandates = mandatesOf(house.mx);
    await house.control.nextCall({ kind: "timeout_after", on: "POST /v1/setup_intents" });
    const order = mandateOf("card", "embedded");
    expect((await mandates.request(order, house.nextCall())).kind).toBe("in_doubt");
    const found = await mandates.lookup({ reference: order.reference }, house.nextCall());
    expect(found).toMatchObject({
      kind: "action_required",
      action: { type: "use_sdk", clientToken: expect.stringMatching(/^seti_.*_secret_/) },
    });
    if (found.kind !== "action_required" || found.action.type !== "use_sdk") return;
    const confirmed = await house.call(
      "POST",
      `/v1/setup_intents/${found.gatewayMandateId}/confirm`,
      "pk_test_mx_demo",
      `client_secret=${found.action.clientToken}&payment_method_data[type]=card&payment_method_data[card][number]=4242424242424242&payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=40`,
    );
    expect(confirmed.status).toBe(200);
    const now = await mandates.lookup({ reference: order.reference }, house.nextCall());
    expect(now).toMatchObject({ kind: "active", display: "visa 4242" });
  });

  test("on Stripe's page, where nothing is charged", async () => {
    const house = await adapterInSandbox();
    const mandates = mandatesOf(house.de);
    const order = mandateOf("sepa_debit", "hosted", undefined, {
      country: "de",
      amount: money(2_500n, "EUR"),
    });
    const outcome = await mandates.request(order, house.nextCall());
    expect(outcome).toMatchObject({
      kind: "action_required",
      gatewayMandateId: expect.stringMatching(/^cs_/),
      action: { type: "redirect" },
    });
    const id = "gatewayMandateId" in outcome ? outcome.gatewayMandateId : "";
    const pages = stripeSandboxPages(house.sandbox, { publicUrl: "http://localhost" });
    const form = new URLSearchParams({ type: "sepa_debit", account: "DE89370400440532013000", name: "Ana" });
    const answered = await pages.request(`/sandbox/stripe/pay/${id}`, {
      method: "POST",
      body: form.toString(),
    });
    expect(answered.status).toBe(303);
    expect(
      await mandates.lookup({ reference: "rcg_1", gatewayMandateId: id }, house.nextCall()),
    ).toMatchObject({
      kind: "active",
      gatewayMandateId: expect.stringMatching(/^pm_/),
      display: "sepa 3000",
    });
    expect(await house.control.payments()).toEqual([]);
  });

  test("not at all: the page expires, or is closed by us", async () => {
    const house = await adapterInSandbox();
    const mandates = mandatesOf(house.mx);
    const ids: string[] = [];
    for (const reference of ["rcg_1", "rcg_2"]) {
      const outcome = await mandates.request({ ...mandateOf("card", "hosted"), reference }, house.nextCall());
      ids.push("gatewayMandateId" in outcome ? outcome.gatewayMandateId : "");
    }
    const [left = "", closed = ""] = ids;
    const handle = { reference: "rcg_2", gatewayMandateId: closed };
    expect(await mandates.cancel(handle, house.nextCall())).toMatchObject({ kind: "ended", by: "church" });
    house.clock.advance(days(2));
    await house.announced();
    expect(
      await mandates.lookup({ reference: "rcg_1", gatewayMandateId: left }, house.nextCall()),
    ).toMatchObject({ kind: "ended", by: "gateway", rawCode: "expired" });
  });

  test("a repeat with the same key asks once", async () => {
    const house = await adapterInSandbox();
    const mandates = mandatesOf(house.us);
    const call = house.nextCall();
    const order = mandateOf("ach_debit", "token", "pm_usBankAccount_success", { country: "us" });
    const first = await mandates.request(order, call);
    expect(await mandates.request(order, { ...call, traceId: "again" })).toEqual({
      ...first,
      evidence: expect.anything(),
    });
    expect((await house.client("sk_test_us_demo").setupIntents.list()).data).toHaveLength(1);
  });
});

describe("what cannot be saved", () => {
  test.each([
    ["oxxo", "instructions"],
    ["spei", "instructions"],
    ["crypto_stablecoin", "hosted"],
    ["link", "hosted"],
  ] as const)("%s is refused without a request", async (type, presentation) => {
    const { adapter, requests } = stripeOn(() => ({ fails: "before_send" }));
    expect(await mandatesOf(adapter).request(mandateOf(type, presentation), callAt())).toMatchObject({
      kind: "refused",
      problem: { reason: "unsupported" },
    });
    expect(requests).toHaveLength(0);
  });

  test("a debit by token without knowing from where the donor accepted", async () => {
    const { adapter, requests } = stripeOn(() => ({ fails: "before_send" }));
    const order = mandateOf("sepa_debit", "token", "pm_1", { donor: { reference: "dnr-1" } });
    expect(await mandatesOf(adapter).request(order, callAt())).toMatchObject({
      problem: { rawCode: "mandate_missing" },
    });
    expect(requests).toHaveLength(0);
  });
});

describe("answers about a mandate", () => {
  const lookup = (body: unknown) =>
    mandatesOf(stripeOn(routes({ "GET /v1/setup_intents/seti_1": ok(body) })).adapter).lookup(
      { reference: "rcg_1", gatewayMandateId: "seti_1" },
      callAt(),
    );

  test.each([
    [bodies.setupIntent({ status: "processing" }), { kind: "pending" }],
    [
      bodies.setupIntent({ status: "requires_action", next_action: bodies.microdeposits }),
      { kind: "action_required" },
    ],
    [
      bodies.setupIntent({ status: "canceled", cancellation_reason: "abandoned" }),
      { kind: "ended", by: "church", rawCode: "abandoned" },
    ],
    [bodies.setupIntent({ mandate: bodies.mandate({ status: "pending" }) }), { kind: "active" }],
    [bodies.setupIntent({ mandate: bodies.mandate({ status: "inactive" }) }), { kind: "ended", by: "bank" }],
    [
      bodies.setupIntent({ payment_method: bodies.paymentMethod({ customer: null }) }),
      { kind: "ended", by: "church" },
    ],
    [bodies.setupIntent({ payment_method: null }), { kind: "in_doubt", cause: "unreadable_answer" }],
    [
      bodies.setupIntent({ status: "requires_patience" }),
      { kind: "pending", evidence: { unrecognized: "requires_patience" } },
    ],
    [
      bodies.setupIntent({ mandate: bodies.mandate({ status: "asleep" }) }),
      { kind: "active", evidence: { unrecognized: "mandate asleep" } },
    ],
    [
      { id: "seti_1", object: "setup_intent" },
      { kind: "in_doubt", cause: "unreadable_answer" },
    ],
  ])("case %#", async (body, becomes) => {
    expect(await lookup(body)).toMatchObject(becomes);
  });

  test.each([400, 401, 404, 429, 500])("HTTP %i to a look-up leaves it in doubt", async (status) => {
    const { adapter } = stripeOn(() => answers(status, bodies.requestError(undefined)));
    const handle = { reference: "rcg_1", gatewayMandateId: "pm_1" };
    expect((await mandatesOf(adapter).lookup(handle, callAt())).kind).toBe("in_doubt");
  });

  test("a lost connection: nothing was asked while only the customer was being made", async () => {
    const { adapter, requests } = stripeOn(() => ({ fails: "after_send" }));
    expect(await mandatesOf(adapter).request(mandateOf("card", "embedded"), callAt())).toMatchObject({
      kind: "not_sent",
    });
    expect(requests.map((request) => request.headers.get("idempotency-key"))).toEqual(["key-1:customer"]);
    expect(await mandatesOf(adapter).charge(chargeOf("pm_1"), callAt())).toMatchObject({ kind: "not_sent" });
    const known = { ...chargeOf("pm_1"), donor: { reference: "dnr-1", customerRef: "cus_1" } };
    expect(await mandatesOf(adapter).charge(known, callAt())).toMatchObject({
      kind: "in_doubt",
      cause: "connection_lost",
    });
  });

  test("a charge says that the donor is not there, and whose payment it is", async () => {
    const { adapter, requests } = stripeOn(
      routes({
        "GET /v1/payment_methods/pm_1": ok(bodies.paymentMethod()),
        "POST /v1/payment_intents": ok(bodies.succeeded()),
      }),
    );
    const order = orderOf(by("card", "token", "pm_1"));
    await mandatesOf(adapter).charge(chargeOf("pm_1", order), callAt());
    const sent = form(requests[1]);
    expect(sent.get("off_session")).toBe("true");
    expect(sent.get("customer")).toBe("cus_1");
    expect(sent.get("metadata[attempt_id]")).toBe(order.attemptId);
  });
});
