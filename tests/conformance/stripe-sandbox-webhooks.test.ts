import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { createStripeSandbox } from "../../adapters/stripe/sandbox/index.ts";
import { memorySandboxStore } from "../../src/gateway/memory-sandbox-store.ts";
import type { SandboxDocuments, SandboxStore } from "../../src/gateway/sandbox.ts";
import { hours, minutes } from "../../src/kernel/clock.ts";
import { sandboxWorld, testFees, webhookSecret } from "../support/stripe-sandbox.ts";

const order: Stripe.PaymentIntentCreateParams = {
  amount: 10_000,
  currency: "usd",
  allowed_payment_method_types: ["card"],
  payment_method: "pm_card_visa",
  confirm: true,
};
describe("webhooks", () => {
  async function world() {
    const made = sandboxWorld();
    await made.control.registerWebhookEndpoint("sk_test_us_demo", {
      url: "https://x.test/w",
      secret: webhookSecret,
      events: ["charge.succeeded", "payment_intent.succeeded"],
    });
    return made;
  }

  it("go only where the account said, and only of the types it asked for", async () => {
    const { us, mx, control, received } = await world();
    await us.paymentIntents.create(order);
    await mx.paymentIntents.create({ ...order, currency: "mxn" });
    await control.flush();
    expect(received()).toEqual(["charge.succeeded", "payment_intent.succeeded"]);
    const [newest] = (await us.events.list({ type: "payment_intent.succeeded" })).data;
    expect(newest?.pending_webhooks).toBe(0);
    expect((await mx.events.list()).data).toHaveLength(3);
  });

  it("are retried with the same event id until the endpoint takes them", async () => {
    const { us, control, clock, answers, inbox } = await world();
    answers.push(500, 503, 200, 404);
    await us.paymentIntents.create(order);
    await control.flush();
    expect(inbox).toHaveLength(0);
    await control.flush();
    expect(inbox).toHaveLength(0);
    clock.advance(minutes(2));
    await control.flush();
    expect(inbox).toHaveLength(1);
    clock.advance(hours(1));
    await control.flush();
    expect(new Set(inbox.map((one) => JSON.parse(one.body).id)).size).toBe(2);
  });

  it("come duplicated, late, out of order or never, as asked", async () => {
    const { us, control, inbox, received } = await world();
    await control.deliverWebhooks({ mode: "duplicated", times: 3 });
    await us.paymentIntents.create(order);
    await control.flush();
    expect(inbox).toHaveLength(6);
    expect(new Set(inbox.map((one) => JSON.parse(one.body).id)).size).toBe(2);
    inbox.length = 0;
    await control.deliverWebhooks({ mode: "late" });
    await us.paymentIntents.create(order);
    await control.flush();
    expect(inbox).toHaveLength(0);
    await control.releaseHeld();
    expect(inbox).toHaveLength(2);
    inbox.length = 0;
    await control.deliverWebhooks({ mode: "out_of_order" });
    await us.paymentIntents.create(order);
    await control.flush();
    expect(received()).toEqual(["payment_intent.succeeded", "charge.succeeded"]);
    inbox.length = 0;
    await control.deliverWebhooks({ mode: "lost" });
    await us.paymentIntents.create(order);
    await control.flush();
    await control.releaseHeld();
    expect(inbox).toHaveLength(0);
    expect((await us.events.list({ limit: 100 })).data).toHaveLength(12);
  });

  it("survive a restart while pending", async () => {
    const { us, store, clock } = await world();
    await us.paymentIntents.create(order);
    const seen: string[] = [];
    const restarted = createStripeSandbox({
      store,
      clock,
      fees: testFees,
      deliver: async ({ body }) => {
        seen.push(JSON.parse(body).type);
        return { status: 200 };
      },
    });
    await restarted.control.flush();
    expect(seen).toEqual(["charge.succeeded", "payment_intent.succeeded"]);
  });

  it("are offered to the background hook after each call that made some", async () => {
    const works: (() => Promise<void>)[] = [];
    const { us, control, inbox } = sandboxWorld({ background: (work) => works.push(work) });
    await us.paymentIntents.create(order);
    expect(works).toHaveLength(0);
    await control.registerWebhookEndpoint("sk_test_us_demo", {
      url: "https://x.test/w",
      secret: webhookSecret,
    });
    await us.paymentIntents.create(order);
    expect(works).toHaveLength(1);
    await works[0]?.();
    expect(inbox).toHaveLength(3);
  });

  it("endpoints are made, read without their secret, and deleted over the API", async () => {
    const { us, control, inbox } = sandboxWorld();
    const made = await us.webhookEndpoints.create({ url: "https://x.test/w", enabled_events: ["*"] });
    expect(made.secret).toMatch(/^whsec_/);
    expect((await us.webhookEndpoints.retrieve(made.id)).secret).toBeUndefined();
    expect((await us.webhookEndpoints.list()).data[0]?.secret).toBeUndefined();
    await us.webhookEndpoints.del(made.id);
    await us.paymentIntents.create(order);
    await control.flush();
    expect(inbox).toHaveLength(0);
  });
});

describe("the memory store", () => {
  it("takes back every write of work that throws", async () => {
    const store = memorySandboxStore();
    await store.put("k", "a", { n: 1 }, ["x"]);
    const failing = store.atomically("lane", async (documents) => {
      await documents.put("k", "a", { n: 2 }, ["y"]);
      await documents.put("k", "b", { n: 3 }, ["x"]);
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    const page = { order: "oldest_first", limit: 10 } as const;
    expect(await store.list("k", "x", page)).toEqual([{ id: "a", document: { n: 1 } }]);
    expect(await store.list("k", "y", page)).toEqual([]);
  });

  it("runs one piece of work at a time in a lane", async () => {
    const store = memorySandboxStore();
    let running = 0;
    let most = 0;
    const work = () =>
      store.atomically("lane", async () => {
        most = Math.max(most, ++running);
        await Promise.resolve();
        running -= 1;
      });
    await Promise.all(Array.from({ length: 20 }, work));
    expect(most).toBe(1);
  });

  it("forgets the oldest beyond its bound", async () => {
    const store = memorySandboxStore({ keepPerKind: 10 });
    for (let i = 0; i < 100; i++) await store.put("k", String(i), { i }, ["x"]);
    const kept = await store.list("k", "x", { order: "newest_first", limit: 1000 });
    expect(kept[0]?.id).toBe("99");
    expect(kept.length).toBeLessThanOrEqual(11);
  });
});

/** A store that keeps JSON text, as a database does. */
function textStore(): SandboxStore {
  const inner = memorySandboxStore();
  const text = (documents: SandboxDocuments): SandboxDocuments => ({
    ...documents,
    put: (kind, id, document, keys) => documents.put(kind, id, JSON.parse(JSON.stringify(document)), keys),
  });
  return {
    ...text(inner),
    atomically: (lane, work) => inner.atomically(lane, (documents) => work(text(documents))),
  };
}

describe("the state of the sandbox", () => {
  it("is plain JSON: a payment, refund, dispute, voucher and transfer live through a store of text", async () => {
    const { mx, control, store } = sandboxWorld({ store: textStore() });
    await control.registerWebhookEndpoint("sk_test_mx_demo", {
      url: "https://x.test/w",
      secret: webhookSecret,
    });
    const mxn = { ...order, currency: "mxn", metadata: { attempt_id: "att_1" } };
    const intent = await mx.paymentIntents.create(mxn, { idempotencyKey: "k" });
    expect((await mx.paymentIntents.create(mxn, { idempotencyKey: "k" })).id).toBe(intent.id);
    await mx.refunds.create({ payment_intent: intent.id, amount: 100 });
    expect(await control.openDispute(intent.id)).toMatchObject({ ok: true, value: { amount: 9900 } });
    const voucher = await mx.paymentIntents.create({
      amount: 50_000,
      currency: "mxn",
      allowed_payment_method_types: ["oxxo"],
      payment_method_data: { type: "oxxo", billing_details: { name: "Ana", email: "ana@example.org" } },
      confirm: true,
    });
    expect(await control.payVoucher(voucher.id)).toMatchObject({ ok: true });
    const customer = await mx.customers.create({ name: "Ana" });
    await control.transfer(customer.id, 5000);
    expect((await mx.customers.retrieveCashBalance(customer.id)).available).toEqual({ mxn: 5000 });
    await control.nextCall({ kind: "429" });
    await expect(mx.paymentIntents.retrieve(intent.id)).rejects.toThrow(/rate limit/i);
    await control.flush();
    expect(await store.list("delivery", "pending", { order: "oldest_first", limit: 10 })).toEqual([]);
    expect((await control.payments()).map((one) => one.intent.id)).toEqual([voucher.id, intent.id]);
  });
});
