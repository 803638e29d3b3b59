import { describe, expect, test } from "vitest";
import { present } from "../../src/kernel/assert.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { answers, type HttpAnswer } from "./recording-transport.ts";
import * as bodies from "./stripe-bodies.ts";
import { callAt, chargeOf, handleOf, mandateOf, orderOf, routes, stripeOn } from "./stripe-under-test.ts";

/** Stripe refuses, loses or delays what we ask about a payment or a permission: what we then say of it. */
type Table = Readonly<Record<string, HttpAnswer>>;
const ok = (body: unknown): HttpAnswer => answers(200, body);
const refused = answers(400, bodies.requestError("payment_intent_unexpected_state"));
const broken = answers(500, bodies.requestError(undefined));
const declined = answers(402, bodies.cardError("insufficient_funds"));

const payments = (table: Table) => stripeOn(routes(table)).adapter.payments;
const mandates = (table: Table) => present(stripeOn(routes(table)).adapter.mandates, "Stripe has mandates");

describe("calling a payment off", () => {
  const order = orderOf({ attemptId: newId("attempt") });
  const cancel = (table: Table, id: string | undefined = "pi_1") =>
    payments(table).cancel(handleOf(id, order), callAt());
  const intent = "GET /v1/payment_intents/pi_1";
  const stop = "POST /v1/payment_intents/pi_1/cancel";
  const waiting = ok(bodies.intent({ metadata: { presentation: "embedded" } }));

  test.each<[string, Table, object]>([
    [
      "that waits",
      { [intent]: waiting, [stop]: ok(bodies.intent({ status: "canceled" })) },
      { kind: "voided", gatewayPaymentId: "pi_1" },
    ],
    ["that is refused, and waits still", { [intent]: waiting, [stop]: refused }, { kind: "refused" }],
    ["that nobody answers", { [intent]: waiting, [stop]: broken }, { kind: "in_doubt" }],
    [
      "that a bank is asked about, which cannot be",
      { [intent]: waiting, [stop]: declined },
      { kind: "in_doubt" },
    ],
    [
      "that was paid",
      { [intent]: ok(bodies.succeeded()) },
      { kind: "too_late", current: { kind: "captured" } },
    ],
    ["that was called off", { [intent]: ok(bodies.intent({ status: "canceled" })) }, { kind: "voided" }],
    ["that nobody can read", { [intent]: broken }, { kind: "in_doubt" }],
    [
      "on Stripe's page, which nobody can find",
      {
        [intent]: ok(bodies.intent({ metadata: { presentation: "hosted" } })),
        "GET /v1/checkout/sessions": broken,
      },
      { kind: "in_doubt" },
    ],
  ])("%s", async (_what, table, outcome) => {
    expect(await cancel(table)).toMatchObject(outcome);
  });

  test("that nobody has seen is refused by name", async () => {
    const nothing = {
      "GET /v1/payment_intents/search": ok(bodies.found([])),
      "GET /v1/payment_intents": ok(bodies.list([])),
      "GET /v1/checkout/sessions": ok(bodies.list([])),
    };
    const late = callAt({ now: new Date("2099-01-01T00:00:00Z") });
    expect(await payments(nothing).cancel(handleOf(undefined, order), late)).toMatchObject({
      kind: "refused",
      problem: { rawCode: "never_seen" },
    });
  });
});

describe("credentials", () => {
  test.each<[HttpAnswer, boolean]>([
    [ok({ id: "acct_1", object: "account", country: "MX" }), true],
    [ok({ id: "acct_1", object: "account" }), true],
    [answers(401, bodies.requestError(undefined)), false],
    [broken, false],
    [declined, false],
  ])("%o", async (answer, is) => {
    expect((await payments({ "GET /v1/account": answer }).checkCredentials(callAt())).ok).toBe(is);
  });
});

describe("a permission", () => {
  const list = "GET /v1/setup_intents";
  const handle = { reference: "rcg_1", gatewayMandateId: "pm_1" };
  const nameless = { reference: "rcg_1" };
  const others = bodies.setupIntent({ metadata: { recurring_reference: "rcg_9" } });

  test("is looked for under our own name, page by page, and not found is no end", async () => {
    const found = { [list]: ok(bodies.list([others, bodies.setupIntent()], true)) };
    expect(await mandates(found).lookup(nameless, callAt())).toMatchObject({
      kind: "active",
      gatewayMandateId: "pm_1",
    });
    for (const page of [bodies.list([others]), bodies.list([others], true), bodies.list([], true)]) {
      expect(await mandates({ [list]: ok(page) }).lookup(nameless, callAt())).toMatchObject({
        kind: "in_doubt",
      });
    }
    expect(await mandates({ [list]: broken }).lookup(nameless, callAt())).toMatchObject({ kind: "in_doubt" });
    expect(await mandates({ [list]: declined }).lookup(nameless, callAt())).toMatchObject({
      kind: "in_doubt",
    });
  });

  const given = { [list]: ok(bodies.list([bodies.setupIntent()])) };
  test.each<[string, Table, object]>([
    [
      "ended",
      { ...given, "POST /v1/payment_methods/pm_1/detach": ok(bodies.paymentMethod({ customer: null })) },
      { kind: "ended", by: "church" },
    ],
    ["refused", { ...given, "POST /v1/payment_methods/pm_1/detach": refused }, { kind: "refused" }],
    ["not answered", { ...given, "POST /v1/payment_methods/pm_1/detach": broken }, { kind: "in_doubt" }],
    ["of nothing that can be read", { [list]: broken }, { kind: "in_doubt" }],
    ["of what is not there", { [list]: ok(bodies.list([])) }, { kind: "in_doubt" }],
  ])("asked to end: %s", async (_what, table, outcome) => {
    expect(await mandates(table).cancel(handle, callAt())).toMatchObject(outcome);
  });

  const ask = (table: Table, fields: object = {}) =>
    mandates({ "POST /v1/customers": ok({ id: "cus_1", object: "customer" }), ...table }).request(
      { ...mandateOf("card", "token", "pm_card_visa"), ...fields },
      callAt(),
    );
  const setup = "POST /v1/setup_intents";

  test.each<[string, Table, object]>([
    ["given", { [setup]: ok(bodies.setupIntent()) }, { kind: "active" }],
    [
      "declined without a name of Stripe's",
      { [setup]: declined },
      { kind: "ended", by: "bank", rawCode: "insufficient_funds" },
    ],
    ["refused", { [setup]: refused }, { kind: "refused" }],
    ["of a customer that cannot be made", { "POST /v1/customers": broken }, { kind: "not_sent" }],
    ["of a customer that is refused", { "POST /v1/customers": refused }, { kind: "refused" }],
  ])("asked for: %s", async (_what, table, outcome) => {
    expect(await ask(table)).toMatchObject(outcome);
  });

  test("of a donor Stripe knows asks for no other customer", async () => {
    const { donor } = mandateOf("card", "token", "pm_card_visa");
    const known = { donor: { ...donor, customerRef: "cus_9" } };
    expect(
      await ask({ [setup]: ok(bodies.setupIntent()), "POST /v1/customers": broken }, known),
    ).toMatchObject({
      kind: "active",
    });
  });

  test("by a token that is not there, or of what cannot be kept, never leaves", async () => {
    expect(await ask({}, { method: { type: "card", presentation: "token" } })).toMatchObject({
      kind: "refused",
      problem: { rawCode: "token_missing" },
    });
    expect(await ask({}, { method: { type: "oxxo", presentation: "instructions" } })).toMatchObject({
      kind: "refused",
      problem: { rawCode: "method_unsupported" },
    });
  });

  const owned = { "GET /v1/payment_methods/pm_1": ok(bodies.paymentMethod()) };
  test.each<[string, Table, object, object]>([
    ["of an amount Stripe has no room for", owned, { amount: money(10n ** 12n, "MXN") }, { kind: "refused" }],
    [
      "of what is nobody's any more",
      { "GET /v1/payment_methods/pm_1": ok(bodies.paymentMethod({ customer: null })) },
      {},
      { kind: "declined", decline: { reason: "mandate_invalid" } },
    ],
    ["of what nobody can read", { "GET /v1/payment_methods/pm_1": broken }, {}, { kind: "not_sent" }],
    ["that the bank declines", { ...owned, "POST /v1/payment_intents": declined }, {}, { kind: "declined" }],
    [
      "that is taken",
      { ...owned, "POST /v1/payment_intents": ok(bodies.succeeded()) },
      {},
      { kind: "captured" },
    ],
  ])("charged: %s", async (_what, table, fields, outcome) => {
    const charge = chargeOf("pm_1", orderOf({ amount: money(50_000n, "MXN"), ...fields }));
    expect(await mandates(table).charge(charge, callAt())).toMatchObject(outcome);
  });
});
