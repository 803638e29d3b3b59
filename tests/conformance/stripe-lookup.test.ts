import { describe, expect, test } from "vitest";
import { stripeFactory } from "../../adapters/stripe/factory.ts";
import { type AttemptId, newId, parseId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { answers, type HttpAnswer } from "./recording-transport.ts";
import * as bodies from "./stripe-bodies.ts";
import { callAt, credentials, handleOf, orderOf, refundOf, routes, stripeOn } from "./stripe-under-test.ts";

const ok = (body: unknown): HttpAnswer => answers(200, body);
const attemptId = newId("attempt");
const handle = (gatewayPaymentId?: string) => handleOf(gatewayPaymentId, orderOf({ attemptId }));
const lookup = (table: Readonly<Record<string, HttpAnswer>>, id?: string, call = callAt()) =>
  stripeOn(routes(table)).adapter.payments.lookup(handle(id), call);

describe("an attempt on Stripe's page is known by two ids", () => {
  const metadata = { attempt_id: attemptId, presentation: "hosted", method: "card" };
  const declinedOnce = bodies.intent({
    metadata,
    last_payment_error: { type: "card_error", code: "card_declined", decline_code: "insufficient_funds" },
  });
  const again = {
    kind: "action_required",
    gatewayPaymentId: "pi_1",
    action: { type: "redirect", url: "https://checkout.stripe.com/c/pay/cs_test_1" },
    lastDecline: { reason: "insufficient_funds" },
  };

  test("after a decline there, the session's id and the intent's id lead to the same answer", async () => {
    const open = bodies.session({ metadata, payment_intent: declinedOnce });
    const bySession = await lookup({ "GET /v1/checkout/sessions/cs_test_1": ok(open) }, "cs_test_1");
    const byIntent = await lookup(
      {
        "GET /v1/payment_intents/pi_1": ok(declinedOnce),
        "GET /v1/checkout/sessions": ok(bodies.list([open])),
      },
      "pi_1",
    );
    expect(bySession).toMatchObject(again);
    expect(byIntent).toMatchObject(again);
  });

  test("a paid session gives the intent's id, amount and fee", async () => {
    const paid = bodies.session({
      status: "complete",
      payment_status: "paid",
      payment_intent: bodies.succeeded(),
    });
    expect(await lookup({ "GET /v1/checkout/sessions/cs_test_1": ok(paid) }, "cs_test_1")).toMatchObject({
      kind: "captured",
      gatewayPaymentId: "pi_1",
      fee: { amount: money(2_436n, "MXN") },
    });
  });

  test("an expired session is void by time", async () => {
    const expired = bodies.session({ status: "expired", url: null });
    expect(await lookup({ "GET /v1/checkout/sessions/cs_test_1": ok(expired) }, "cs_test_1")).toMatchObject({
      kind: "voided",
      expired: true,
      gatewayPaymentId: "cs_test_1",
    });
  });

  test("a session status of tomorrow waits and raises an alert", async () => {
    const odd = bodies.session({ status: "asleep" });
    const outcome = await lookup({ "GET /v1/checkout/sessions/cs_test_1": ok(odd) }, "cs_test_1");
    expect(outcome).toMatchObject({ kind: "processing", evidence: { unrecognized: "session asleep" } });
  });
});

describe("an unpaid attempt", () => {
  const failed = (fields: object) => ({ "GET /v1/payment_intents/pi_1": ok(bodies.intent({ ...fields })) });
  const cardFailure = { type: "card_error", code: "card_declined", decline_code: "do_not_honor" };

  test("declined on our form stays open for another try, with the reason of the last", async () => {
    const metadata = { presentation: "embedded", method: "card" };
    expect(await lookup(failed({ metadata, last_payment_error: cardFailure }), "pi_1")).toMatchObject({
      kind: "action_required",
      action: { type: "use_sdk" },
      lastDecline: { reason: "call_issuer" },
    });
  });

  test("declined by token is over", async () => {
    const metadata = { presentation: "token", method: "card" };
    expect(await lookup(failed({ metadata, last_payment_error: cardFailure }), "pi_1")).toMatchObject({
      kind: "declined",
    });
  });

  test("an OXXO voucher nobody paid is void by time, not declined", async () => {
    const lapsed = { type: "card_error", code: "payment_intent_payment_attempt_expired" };
    const metadata = { presentation: "instructions", method: "oxxo" };
    expect(await lookup(failed({ metadata, last_payment_error: lapsed }), "pi_1")).toMatchObject({
      kind: "voided",
      expired: true,
    });
  });

  test("a next step this adapter has never heard of waits and raises an alert", async () => {
    const odd = { status: "requires_action", next_action: { type: "sing_a_psalm" } };
    expect(await lookup(failed(odd), "pi_1")).toMatchObject({
      kind: "processing",
      evidence: { unrecognized: "next_action sing_a_psalm" },
    });
  });
});

describe("an attempt whose answer was lost", () => {
  const nothing = { "GET /v1/payment_intents/search": ok(bodies.found([])) };
  const empty = { ...nothing, "GET /v1/checkout/sessions": ok(bodies.list([])) };
  const born = (id: AttemptId) => Number.parseInt(id.slice(4, 16), 16);

  test("is found by the attempt id in the metadata", async () => {
    const mine = bodies.succeeded({ metadata: { attempt_id: attemptId } });
    const outcome = await lookup({
      "GET /v1/payment_intents/search": ok(bodies.found([mine])),
      "GET /v1/payment_intents/pi_1": ok(mine),
    });
    expect(outcome).toMatchObject({ kind: "captured", gatewayPaymentId: "pi_1" });
  });

  test("is found as a session, which cannot be searched, on a later page of that day's list", async () => {
    const mine = bodies.session({ id: "cs_mine", metadata: { attempt_id: attemptId } });
    const { adapter, requests } = stripeOn((request) => {
      if (request.url.pathname.endsWith("/search")) return ok(bodies.found([]));
      if (request.url.pathname.endsWith("/cs_mine")) return ok(mine);
      const first = request.url.searchParams.get("starting_after") === null;
      return ok(first ? bodies.list([bodies.session({ id: "cs_other" })], true) : bodies.list([mine]));
    });
    expect(await adapter.payments.lookup(handle(), callAt())).toMatchObject({ kind: "action_required" });
    expect(requests.some((request) => request.url.searchParams.get("starting_after") === "cs_other")).toBe(
      true,
    );
  });

  test("not found while the search index may lag an hour: still in doubt", async () => {
    const soon = new Date(born(attemptId) + 3_599_000);
    expect((await lookup(empty, undefined, callAt({ now: soon }))).kind).toBe("in_doubt");
  });

  test("not found when the index can be believed: Stripe never saw it", async () => {
    const late = new Date(born(attemptId) + 3_601_000);
    expect((await lookup(empty, undefined, callAt({ now: late }))).kind).toBe("never_seen");
  });

  test("a search that fails proves nothing", async () => {
    expect(
      (await lookup({ "GET /v1/payment_intents/search": answers(401, bodies.requestError(undefined)) })).kind,
    ).toBe("in_doubt");
  });
});

describe("cancelling", () => {
  const cancel = (table: Readonly<Record<string, HttpAnswer>>, id: string) =>
    stripeOn(routes(table)).adapter.payments.cancel(handle(id), callAt());
  const open = bodies.intent({ metadata: { presentation: "embedded" } });

  test("an open intent is void", async () => {
    const table = {
      "GET /v1/payment_intents/pi_1": ok(open),
      "GET /v1/checkout/sessions": ok(bodies.list([])),
      "POST /v1/payment_intents/pi_1/cancel": ok(bodies.intent({ status: "canceled" })),
    };
    expect(await cancel(table, "pi_1")).toMatchObject({ kind: "voided", gatewayPaymentId: "pi_1" });
  });

  test("a captured one answers too_late with what it is now", async () => {
    expect(await cancel({ "GET /v1/payment_intents/pi_1": ok(bodies.succeeded()) }, "pi_1")).toMatchObject({
      kind: "too_late",
      current: { kind: "captured" },
    });
  });

  test("one that got captured between our look and our cancel answers too_late as well", async () => {
    let looks = 0;
    const { adapter } = stripeOn((request) => {
      if (request.method === "POST")
        return answers(400, bodies.requestError("payment_intent_unexpected_state"));
      if (request.url.pathname.includes("sessions")) return ok(bodies.list([]));
      looks += 1;
      return ok(looks === 1 ? open : bodies.succeeded());
    });
    expect(await adapter.payments.cancel(handle("pi_1"), callAt())).toMatchObject({ kind: "too_late" });
  });

  test("Stripe's page is expired, also when only the intent's id is known", async () => {
    const metadata = { presentation: "hosted" };
    const intent = bodies.intent({ metadata });
    const page = bodies.session({ payment_intent: intent, metadata });
    const table = {
      "GET /v1/payment_intents/pi_1": ok(intent),
      "GET /v1/checkout/sessions": ok(bodies.list([page])),
      "GET /v1/checkout/sessions/cs_test_1": ok(page),
      "POST /v1/checkout/sessions/cs_test_1/expire": ok(bodies.session({ status: "expired", url: null })),
    };
    expect(await cancel(table, "pi_1")).toMatchObject({ kind: "voided" });
    expect(await cancel(table, "cs_test_1")).toMatchObject({ kind: "voided" });
  });

  test("what Stripe never saw, or what cannot be read, is not called void", async () => {
    expect((await cancel({ "GET /v1/payment_intents/pi_1": answers(500, {}) }, "pi_1")).kind).toBe(
      "in_doubt",
    );
  });
});

describe("refunds", () => {
  const refundId = newId("refund");
  const order = refundOf("pi_1", { refundId });
  const refund = (answer: HttpAnswer) => stripeOn(() => answer).adapter.payments.refund(order, callAt());

  test.each([
    ["pending", "processing"],
    ["requires_action", "action_required"],
    ["succeeded", "succeeded"],
    ["failed", "failed"],
    ["canceled", "failed"],
  ])("%s is %s", async (status, kind) => {
    const outcome = await refund(ok(bodies.refund({ status })));
    expect(outcome).toMatchObject({ kind, gatewayRefundId: "re_1" });
    expect(outcome.evidence.unrecognized).toBeUndefined();
  });

  test("a status of tomorrow waits and raises an alert", async () => {
    expect(await refund(ok(bodies.refund({ status: "pondered" })))).toMatchObject({
      kind: "processing",
      evidence: { unrecognized: "pondered" },
    });
  });

  test.each([
    [answers(400, bodies.requestError("charge_already_refunded")), "refused"],
    [answers(400, bodies.requestError("balance_insufficient")), "refused"],
    [answers(402, bodies.cardError("generic_decline")), "failed"],
    [answers(500, {}), "in_doubt"],
    [{ fails: "after_send" } as const, "in_doubt"],
    [{ fails: "before_send" } as const, "not_sent"],
  ])("an answer that is no refund (%#)", async (answer, kind) => {
    expect((await refund(answer)).kind).toBe(kind);
  });

  test("one that only knows its session refunds the session's intent", async () => {
    const { adapter, requests } = stripeOn(
      routes({
        "GET /v1/checkout/sessions/cs_test_1": ok(
          bodies.session({ payment_intent: "pi_9", status: "complete" }),
        ),
        "POST /v1/refunds": ok(bodies.refund()),
      }),
    );
    await adapter.payments.refund({ ...order, gatewayPaymentId: "cs_test_1" }, callAt());
    expect(requests.at(-1)?.body).toContain("payment_intent=pi_9");
  });

  test("a refund whose answer was lost is found among the payment's by our id, page by page, or never existed", async () => {
    const { adapter } = stripeOn((request) =>
      request.url.searchParams.get("starting_after") === null
        ? ok(bodies.list([bodies.refund({ id: "re_other" })], true))
        : ok(
            bodies.list([
              bodies.refund({ id: "re_mine", status: "pending", metadata: { refund_id: refundId } }),
            ]),
          ),
    );
    const known = refundOf("pi_1", { refundId });
    expect(await adapter.payments.lookupRefund(known, callAt())).toMatchObject({
      kind: "processing",
      gatewayRefundId: "re_mine",
    });
    const other = { ...known, refundId: newId("refund") };
    expect((await adapter.payments.lookupRefund(other, callAt())).kind).toBe("never_seen");
  });

  test("a look-up that is refused leaves the refund in doubt", async () => {
    const { adapter } = stripeOn(() => answers(401, bodies.requestError(undefined)));
    const known = refundOf("pi_1", { refundId, gatewayRefundId: "re_1" });
    expect((await adapter.payments.lookupRefund(known, callAt())).kind).toBe("in_doubt");
  });
});

describe("credentials", () => {
  test.each([
    { secret_key: "pk_test_x", publishable_key: "pk_test_x" },
    { secret_key: "sk_test_x", publishable_key: "sk_test_x" },
    { secret_key: "sk_live_x", publishable_key: "pk_test_x" },
    { secret_key: "sk_test_x" },
  ])("keys of the wrong kind or of two modes are refused when connecting (%#)", (keys) => {
    expect(stripeFactory.credentials.safeParse(keys).success).toBe(false);
  });

  test("a working key tells the account's country; a wrong one a sentence without the key in it", async () => {
    const account = ok({ id: "acct_1", object: "account", country: "MX" });
    expect(await stripeOn(() => account).adapter.payments.checkCredentials(callAt())).toEqual({
      ok: true,
      value: { country: "mx" },
    });
    const wrong = answers(401, {
      error: {
        type: "invalid_request_error",
        message: `Invalid API Key provided: ${credentials.secret_key}`,
      },
    });
    const checked = await stripeOn(() => wrong).adapter.payments.checkCredentials(callAt());
    expect(checked.ok).toBe(false);
    expect(JSON.stringify(checked)).not.toContain(credentials.secret_key);
  });

  test("our ids survive the journey through Stripe's metadata", () => {
    expect(parseId("attempt", attemptId)).toBe(attemptId);
  });
});
