import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { days } from "../../src/kernel/clock.ts";
import { refusal, sandboxWorld } from "../support/stripe-sandbox.ts";

const order: Stripe.PaymentIntentCreateParams = {
  amount: 10_000,
  currency: "usd",
  allowed_payment_method_types: ["card"],
};
const paid = { ...order, payment_method: "pm_card_visa", confirm: true };

describe("lists and expansion", () => {
  it("expand what a line stands for, four deep and no deeper", async () => {
    const { us, control } = sandboxWorld();
    const intent = await us.paymentIntents.create(paid);
    const refund = await us.refunds.create({ payment_intent: intent.id, amount: 100 });
    const lines = (await us.balanceTransactions.list({ expand: ["data.source"] })).data;
    expect(
      lines.map((line) => (typeof line.source === "object" ? line.source?.object : line.source)),
    ).toEqual(["refund", "charge"]);
    const line = await us.balanceTransactions.retrieve(String(refund.balance_transaction));
    expect(line).toMatchObject({ type: "refund", amount: -100 });
    expect((await us.balanceTransactions.list({ currency: "mxn" })).data).toEqual([]);
    const deep = "payment_intent.latest_charge.payment_intent.latest_charge.customer";
    expect((await refusal(us.refunds.retrieve(refund.id, { expand: [deep] }))).param).toBe("expand");
    expect((await refusal(us.refunds.retrieve(refund.id, { expand: ["amount"] }))).param).toBe("expand");
    const opened = await control.openDispute(String(intent.latest_charge), { inquiry: true, amount: 500 });
    expect(opened).toMatchObject({ ok: true, value: { amount: 500 } });
    expect((await us.refunds.list({ charge: String(intent.latest_charge) })).data).toHaveLength(1);
  });

  it("keep to a window of time and to known cursors", async () => {
    const { us, clock } = sandboxWorld();
    const at = () => Math.floor(clock.now().getTime() / 1000);
    await us.paymentIntents.create(order);
    clock.advance(days(1));
    const second = await us.paymentIntents.create(order);
    const ids = async (created: Stripe.RangeQueryParam | number) =>
      (await us.paymentIntents.list({ created })).data.map((one) => one.id);
    expect(await ids({ gt: at() - 10 })).toEqual([second.id]);
    expect(await ids(at())).toEqual([second.id]);
    expect(await ids({ lt: at() - 200_000 })).toEqual([]);
    expect((await refusal(us.paymentIntents.list({ starting_after: "pi_none" }))).code).toBe(
      "resource_missing",
    );
    const both = { starting_after: second.id, ending_before: second.id };
    expect((await refusal(us.paymentIntents.list(both))).statusCode).toBe(400);
    const events = await us.events.list({ types: ["payment_intent.created"], delivery_success: true });
    expect(events.data).toHaveLength(2);
    expect((await us.events.list({ type: "charge.*" })).data).toEqual([]);
    expect((await us.events.retrieve(events.data[0]?.id ?? "")).type).toBe("payment_intent.created");
  });

  it("search in pages and by customer", async () => {
    const { us } = sandboxWorld();
    const ana = await us.customers.create({});
    for (let i = 0; i < 3; i++) await us.paymentIntents.create({ ...order, customer: ana.id });
    const query = `customer:'${ana.id}' AND currency:'usd'`;
    const first = await us.paymentIntents.search({ query, limit: 2 });
    expect([first.data.length, first.has_more]).toEqual([2, true]);
    const next = await us.paymentIntents.search({ query, limit: 2, page: first.next_page ?? "" });
    expect([next.data.length, next.has_more]).toEqual([1, false]);
  });
});

describe("malformed forms", () => {
  it.each([
    ["amount=%zz", ""],
    ["a[b=1", "a[b"],
    ["amount=1&amount[x]=2", "amount[x]"],
    ["metadata[a]=1&metadata[a][b]=2", "metadata[a][b]"],
    [`a${"[b]".repeat(12)}=1`, undefined],
    [Array.from({ length: 1001 }, (_, i) => `a${i}=1`).join("&"), ""],
    [`amount=5000&currency=usd&metadata[a]=${"x".repeat(501)}`, "metadata[a]"],
    [`amount=5000&currency=usd&description=${"x".repeat(1001)}`, "description"],
    [
      `amount=5000&currency=usd&${Array.from({ length: 51 }, (_, i) => `metadata[k${i}]=1`).join("&")}`,
      "metadata",
    ],
    ["amount=5000&currency=usd&confirm=true&payment_method=pm_card_visa&return_url=nowhere", "return_url"],
    ["amount=5000&currency=usd&allowed_payment_method_types=card", "allowed_payment_method_types"],
    [
      "amount=5000&currency=usd&automatic_payment_methods[enabled]=true&allowed_payment_method_types[]=card",
      "automatic_payment_methods",
    ],
  ])("are refused, never half read: %s", async (body, param) => {
    const { call } = sandboxWorld();
    const answer = await call("POST", "/v1/payment_intents", "sk_test_us_demo", body);
    const { error } = await answer.json();
    expect([answer.status, error.type]).toEqual([400, "invalid_request_error"]);
    if (param !== undefined) expect(error.param).toBe(param);
  });

  it("take a key by Basic authentication, and refuse an idempotency key of 256 characters", async () => {
    const { sandbox, call } = sandboxWorld();
    const headers = { authorization: `Basic ${btoa("sk_test_us_demo:")}` };
    const basic = await sandbox.fetch(new Request("https://api.stripe.com/v1/account", { headers }));
    expect(basic.status).toBe(200);
    const broken = { authorization: "Basic %%%" };
    const bad = await sandbox.fetch(new Request("https://api.stripe.com/v1/account", { headers: broken }));
    expect(bad.status).toBe(401);
    const long = { "idempotency-key": "k".repeat(256) };
    expect((await call("POST", "/v1/customers", "sk_test_us_demo", "name=x", long)).status).toBe(400);
  });
});

describe("the person playing the bank", () => {
  it("sees every account's payments and sessions, and is told what the bank would not do", async () => {
    const { us, mx, control } = sandboxWorld();
    const one = await us.paymentIntents.create(paid);
    const two = await mx.paymentIntents.create({ ...paid, currency: "mxn" });
    const refund = await us.refunds.create({ payment_intent: one.id, amount: 100 });
    expect((await control.payments()).map((seen) => seen.account.country)).toEqual(["mx", "us"]);
    expect((await control.payment(one.id))?.refunds.map((seen) => seen.id)).toEqual([refund.id]);
    expect(await control.payment("pi_none")).toBeUndefined();
    expect(await control.session("cs_none")).toBeUndefined();
    expect(await control.sessions()).toEqual([]);
    const refused = await Promise.all([
      control.payVoucher(one.id),
      control.expireVoucher(one.id),
      control.transfer(two.id, 100),
      control.settleDebit(one.id),
      control.returnDebit(one.id),
      control.failChallenge(one.id),
      control.succeedRefund(refund.id),
      control.openDispute("ch_none"),
      control.closeDispute("dp_none", "won"),
      control.completeCheckout("cs_none", { type: "oxxo" }),
      control.registerWebhookEndpoint("pk_test_us_demo", { url: "https://x.test", secret: "s" }),
    ]);
    expect(refused.filter((answer) => answer.ok)).toEqual([]);
    expect(await control.failRefund(refund.id)).toMatchObject({ ok: true, value: { status: "failed" } });
    expect(await control.failRefund(refund.id)).toMatchObject({ ok: false });
    expect((await control.openDispute(two.id)).ok).toBe(true);
    expect((await control.openDispute(two.id)).ok).toBe(false);
  });
});
