import Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { createStripeSandbox } from "../../adapters/stripe/sandbox/index.ts";
import { transportFailure } from "../../src/gateway/transport-cause.ts";
import { hours, minutes } from "../../src/kernel/clock.ts";
import { refusal, sandboxWorld, stripeOver, testFees } from "../support/stripe-sandbox.ts";

const order: Stripe.PaymentIntentCreateParams = {
  amount: 10_000,
  currency: "usd",
  allowed_payment_method_types: ["card"],
  payment_method: "pm_card_visa",
  confirm: true,
};
const form =
  "amount=10000&currency=usd&allowed_payment_method_types[]=card&payment_method=pm_card_visa&confirm=true";

describe("authentication", () => {
  it.each([
    ["no key", undefined],
    ["a malformed key", "Bearer nonsense"],
    ["a live key", "Bearer sk_live_us_demo"],
    ["another scheme", "Digest sk_test_us_demo"],
  ])("refuses %s with 401", async (_what, authorization) => {
    const { sandbox } = sandboxWorld();
    const headers = authorization ? { authorization } : {};
    const answer = await sandbox.fetch(new Request("https://api.stripe.com/v1/account", { headers }));
    expect(answer.status).toBe(401);
    expect(answer.headers.get("request-id")).toMatch(/^req_/);
    expect((await answer.json()).error.type).toBe("invalid_request_error");
  });

  it("tells account and country from the key, and hides one account from another", async () => {
    const { us, mx, client } = sandboxWorld();
    const mine = await us.accounts.retrieveCurrent();
    expect(mine.country).toBe("US");
    expect((await mx.accounts.retrieveCurrent()).country).toBe("MX");
    const intent = await us.paymentIntents.create(order);
    expect((await refusal(mx.paymentIntents.retrieve(intent.id))).statusCode).toBe(404);
    expect((await refusal(mx.refunds.create({ payment_intent: intent.id }))).code).toBe("resource_missing");
    expect((await client("sk_test_us_other").paymentIntents.list()).data).toEqual([]);
  });

  it("lets a publishable key do only what a browser does", async () => {
    const { usBrowser, us } = sandboxWorld();
    const intent = await us.paymentIntents.create(order);
    expect((await refusal(usBrowser.paymentIntents.create(order))).statusCode).toBe(403);
    expect((await refusal(usBrowser.paymentIntents.retrieve(intent.id))).statusCode).toBe(404);
    const seen = await usBrowser.paymentIntents.retrieve(intent.id, {
      client_secret: intent.client_secret ?? "",
    });
    expect(seen.id).toBe(intent.id);
  });
});

describe("an idempotency key", () => {
  it("replays the first answer, says so, and makes one payment", async () => {
    const { us, call } = sandboxWorld();
    const pay = () =>
      call("POST", "/v1/payment_intents", "sk_test_us_demo", form, { "idempotency-key": "k1" });
    const first = await pay();
    const again = await pay();
    expect(await again.text()).toBe(await first.text());
    expect(first.headers.get("idempotent-replayed")).toBeNull();
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(again.headers.get("original-request")).toBe(first.headers.get("request-id"));
    expect(again.headers.get("request-id")).not.toBe(first.headers.get("request-id"));
    expect((await us.paymentIntents.list()).data).toHaveLength(1);
  });

  it("replays a decline, but not a request that never began", async () => {
    const { us } = sandboxWorld();
    const declined = { ...order, payment_method: "pm_card_chargeDeclined" };
    const first = await refusal(us.paymentIntents.create(declined, { idempotencyKey: "k1" }));
    const again = await refusal(us.paymentIntents.create(declined, { idempotencyKey: "k1" }));
    expect(again.payment_intent?.id).toBe(first.payment_intent?.id);
    await refusal(us.paymentIntents.create({ ...order, currency: "" }, { idempotencyKey: "k2" }));
    expect((await us.paymentIntents.create(order, { idempotencyKey: "k2" })).status).toBe("succeeded");
  });

  it("with other parameters is refused, and belongs to one account", async () => {
    const { us, client } = sandboxWorld();
    await us.paymentIntents.create(order, { idempotencyKey: "k1" });
    const other = await refusal(
      us.paymentIntents.create({ ...order, amount: 9999 }, { idempotencyKey: "k1" }),
    );
    expect(other.type).toBe("StripeIdempotencyError");
    const elsewhere = await client("sk_test_us_other").paymentIntents.create(
      { ...order, amount: 9999 },
      { idempotencyKey: "k1" },
    );
    expect(elsewhere.status).toBe("succeeded");
  });

  it("in use by a call still running is refused with 409", async () => {
    const { us } = sandboxWorld();
    const calls = Array.from({ length: 10 }, () => us.paymentIntents.create(order, { idempotencyKey: "k1" }));
    const outcomes = await Promise.allSettled(calls);
    const made = outcomes.flatMap((one) => (one.status === "fulfilled" ? [one.value.id] : []));
    const refused = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(new Set(made).size).toBe(1);
    for (const error of refused) expect(error.code).toBe("idempotency_key_in_use");
    expect(refused.length).toBeGreaterThan(0);
    expect((await us.paymentIntents.list()).data).toHaveLength(1);
  });

  it("is forgotten after a day, and survives a restart until then", async () => {
    const { us, clock, store, sandbox } = sandboxWorld();
    const first = await us.paymentIntents.create(order, { idempotencyKey: "k1" });
    const restarted = createStripeSandbox({
      store,
      clock,
      fees: testFees,
      deliver: async () => ({ status: 200 }),
    });
    const after = stripeOver(restarted.fetch, "sk_test_us_demo");
    expect((await after.paymentIntents.create(order, { idempotencyKey: "k1" })).id).toBe(first.id);
    expect(sandbox).not.toBe(restarted);
    clock.advance(hours(25));
    expect((await us.paymentIntents.create(order, { idempotencyKey: "k1" })).id).not.toBe(first.id);
  });
});

describe("a request", () => {
  it.each([
    ["amount=10.5&currency=usd", "parameter_invalid_integer", "amount"],
    ["currency=usd", "parameter_missing", "amount"],
    ["amount=5000", "parameter_missing", "currency"],
    ["amount=5000&currency=", "parameter_invalid_empty", "currency"],
    ["amount=5000&currency=usd&payment_method_types[]=card", "parameter_unknown", "payment_method_types"],
    [
      "amount=5000&currency=usd&automatic_payment_methods[on]=true",
      "parameter_unknown",
      "automatic_payment_methods[on]",
    ],
    [
      "amount=5000&currency=usd&payment_method_options[card][x]=1",
      "parameter_unknown",
      "payment_method_options[card][x]",
    ],
    ["amount=5000&currency=usd&capture_method=sometimes", undefined, "capture_method"],
    ["amount=49&currency=usd", "amount_too_small", "amount"],
    ["amount=999&currency=mxn", "amount_too_small", "amount"],
    ["amount=100000000&currency=usd", "amount_too_large", "amount"],
    ["amount=5000&currency=zzz", undefined, "currency"],
    ["amount=5000&currency=usd&customer=cus_none", "resource_missing", "customer"],
    ["amount=5000&currency=usd&payment_method=pm_none&confirm=true", "resource_missing", "payment_method"],
    ["amount=5000&currency=usd&return_url=https://x.test", undefined, "return_url"],
    ["amount=5000&currency=usd&receipt_email=nonsense", "email_invalid", "receipt_email"],
    ["amount=5000&currency=usd&metadata[a]=1&metadata=2", undefined, "metadata"],
    ["amount=5000&currency=usd&expand[]=nothing.here", undefined, "expand"],
  ])("%s is refused in Stripe's shape, naming the parameter", async (body, code, param) => {
    const { call, us } = sandboxWorld();
    const answer = await call("POST", "/v1/payment_intents", "sk_test_us_demo", body);
    const { error } = await answer.json();
    expect(answer.status).toBe(400);
    expect(error).toMatchObject({ type: "invalid_request_error", param });
    expect(error.code).toBe(code);
    expect(error.request_log_url).toContain(answer.headers.get("request-id"));
    expect((await us.paymentIntents.list()).data).toEqual([]);
  });

  it("to an unknown address, in JSON, or of another API version is refused", async () => {
    const { call } = sandboxWorld();
    expect((await call("GET", "/v1/nothing", "sk_test_us_demo")).status).toBe(404);
    expect((await call("DELETE", "/v1/payment_intents/pi_1", "sk_test_us_demo")).status).toBe(404);
    const json = await call("POST", "/v1/payment_intents", "sk_test_us_demo", "{}", {
      "content-type": "application/json",
    });
    expect(json.status).toBe(400);
    const old = await call("POST", "/v1/payment_intents", "sk_test_us_demo", form, {
      "stripe-version": "2022-11-15",
    });
    expect(old.status).toBe(400);
  });

  it("finds a payment by the attempt in its metadata, after the search index has caught up", async () => {
    const { us, clock } = sandboxWorld({ searchDelay: 60 });
    await us.paymentIntents.create({ ...order, metadata: { attempt_id: "att_1" } });
    const other = await us.paymentIntents.create({ ...order, metadata: { attempt_id: "att_2" } });
    const find = () =>
      us.paymentIntents.search({ query: "metadata['attempt_id']:'att_2' AND status:'succeeded'" });
    expect((await find()).data).toEqual([]);
    clock.advance(minutes(2));
    expect((await find()).data.map((one) => one.id)).toEqual([other.id]);
    expect((await refusal(us.paymentIntents.search({ query: "nonsense" }))).statusCode).toBe(400);
  });

  it("lists in pages, newest first, in both directions", async () => {
    const { us } = sandboxWorld();
    for (let amount = 1000; amount < 1007; amount++) await us.paymentIntents.create({ ...order, amount });
    const amounts: number[] = [];
    for await (const one of us.paymentIntents.list({ limit: 3 })) amounts.push(one.amount);
    expect(amounts).toEqual([1006, 1005, 1004, 1003, 1002, 1001, 1000]);
    const second = await us.paymentIntents.list({
      limit: 2,
      starting_after: (await us.paymentIntents.list({ limit: 2 })).data[1]?.id ?? "",
    });
    const back = await us.paymentIntents.list({ limit: 2, ending_before: second.data[0]?.id ?? "" });
    expect(back.data.map((one) => one.amount)).toEqual([1006, 1005]);
    expect((await refusal(us.paymentIntents.list({ limit: 101 }))).statusCode).toBe(400);
  });
});

describe("a fault on the next call", () => {
  it("before sending leaves nothing done and reads as not sent", async () => {
    const { us, control } = sandboxWorld();
    await control.nextCall({ kind: "connection_refused" });
    const error = await us.paymentIntents
      .create(order, { idempotencyKey: "k" })
      .catch((thrown: unknown) => thrown);
    expect(transportFailure(error)).toEqual({ kind: "not_sent", cause: "connection_refused" });
    expect((await us.paymentIntents.list()).data).toEqual([]);
  });

  it("after the work was done reads as in doubt, and the same key then finds the one payment", async () => {
    const { us, control } = sandboxWorld();
    await control.nextCall({ kind: "timeout_after" });
    const error = await us.paymentIntents
      .create(order, { idempotencyKey: "k" })
      .catch((thrown: unknown) => thrown);
    expect(transportFailure(error)).toEqual({ kind: "in_doubt", cause: "timeout" });
    const repeated = await us.paymentIntents.create(order, { idempotencyKey: "k" });
    expect(repeated.status).toBe("succeeded");
    expect((await us.paymentIntents.list()).data).toHaveLength(1);
  });

  it("of 500 does nothing and stays under its key; of 429 does not", async () => {
    const { us, control } = sandboxWorld();
    await control.nextCall({ kind: "500" });
    expect((await refusal(us.paymentIntents.create(order, { idempotencyKey: "a" }))).statusCode).toBe(500);
    expect((await refusal(us.paymentIntents.create(order, { idempotencyKey: "a" }))).statusCode).toBe(500);
    await control.nextCall({ kind: "429" });
    expect((await refusal(us.paymentIntents.create(order, { idempotencyKey: "b" }))).statusCode).toBe(429);
    expect((await us.paymentIntents.create(order, { idempotencyKey: "b" })).status).toBe("succeeded");
    expect((await us.paymentIntents.list()).data).toHaveLength(1);
  });

  it("can wait for one endpoint, and can answer what is not JSON", async () => {
    const { us, control } = sandboxWorld();
    await control.nextCall({ kind: "malformed", on: "POST /v1/refunds" });
    const intent = await us.paymentIntents.create(order);
    await expect(us.refunds.create({ payment_intent: intent.id })).rejects.toThrow(
      Stripe.errors.StripeAPIError,
    );
    expect((await us.refunds.list({ payment_intent: intent.id })).data).toHaveLength(1);
  });
});
