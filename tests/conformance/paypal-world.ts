import { paypal } from "../../adapters/paypal/index.ts";
import { type SimulatorOptions, simulatePaypal } from "../../adapters/paypal/sandbox/simulate.ts";
import type { GatewayAdapter, GatewayCall } from "../../src/gateway/adapter.ts";
import type { SimulatedAccount } from "../../src/gateway/gateway-module.ts";
import { memorySandboxStore } from "../../src/gateway/memory-sandbox-store.ts";
import type { MethodType } from "../../src/gateway/methods.ts";
import type { AttemptHandle, CollectOrder, GatewayFee } from "../../src/gateway/payment.ts";
import type { SandboxWebhook } from "../../src/gateway/sandbox.ts";
import type { GatewayEvent, RawDelivery } from "../../src/gateway/webhook.ts";
import { fixedClock } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { type Money, money } from "../../src/kernel/money.ts";
import type { Result } from "../../src/kernel/result.ts";
import { secret } from "../../src/kernel/secret.ts";
import type { Recorded } from "./recording-transport.ts";

/** What a test reads of every exchange between the adapter and the simulator. */
export type Exchange = { readonly request: Recorded; readonly status: number; readonly body: string };

export const orderOf = (fields: Partial<CollectOrder> = {}): CollectOrder => ({
  attemptId: newId("attempt"),
  donationId: newId("donation"),
  amount: money(2_500n, "USD"),
  country: "us",
  method: { type: "paypal", presentation: "hosted" },
  donor: { name: "Ana Sofía López", email: "ana.lopez@example.org", reference: "dnr-1" },
  description: "Iglesia Demo",
  returnUrl: "https://give.example.org/return",
  cancelUrl: "https://give.example.org/cancel",
  notificationUrl: "https://ofrenda.example/webhooks/paypal/1",
  locale: "es-MX",
  ...fields,
});

export const handleOf = (order: CollectOrder, createdAt: Date, gatewayPaymentId?: string): AttemptHandle => ({
  attemptId: order.attemptId,
  method: order.method.type,
  country: order.country,
  amount: order.amount,
  createdAt,
  ...(gatewayPaymentId === undefined ? {} : { gatewayPaymentId }),
});

const start = new Date("2026-11-20T18:00:00Z");

/** The simulator makes its signing keys once per store, which takes a while: the tests share one pair. */
async function signerDocument(): Promise<object> {
  const store = memorySandboxStore();
  const simulator = simulatePaypal({
    store,
    clock: fixedClock(start),
    deliver: async () => ({ status: 200 }),
    background: () => {},
    pagesUrl: "https://give.example.org/sandbox/paypal",
  });
  await simulator.fetch(new Request("https://api.sandbox.paypal.com/v1/notifications/certs/any"));
  return (await store.get("control", "signer")) ?? {};
}
const signer = await signerDocument();

/** The adapter over the simulator, with a clock, an inbox of webhooks, and every exchange on record. */
export async function paypalWorld(country = "us", options: SimulatorOptions = {}) {
  const clock = fixedClock(start);
  const store = memorySandboxStore();
  await store.put("control", "signer", signer, []);
  const inbox: SandboxWebhook[] = [];
  /** Statuses the endpoint gives to the next deliveries; then 200. */
  const answers: number[] = [];
  const exchanges: Exchange[] = [];
  const simulator = simulatePaypal(
    {
      store,
      clock,
      deliver: async (webhook) => {
        const status = answers.shift() ?? 200;
        if (status < 300) inbox.push(webhook);
        return { status };
      },
      // Nothing leaves before a test asks for it.
      background: () => {},
      pagesUrl: "https://give.example.org/sandbox/paypal",
    },
    options,
  );
  const transport = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    const recorded: Recorded = {
      method: request.method,
      url: new URL(request.url),
      headers: request.headers,
      body: await request.clone().text(),
    };
    const response = await simulator.fetch(request);
    exchanges.push({ request: recorded, status: response.status, body: await response.clone().text() });
    return response;
  };
  const account: SimulatedAccount = simulator.openAccount({ country, name: "demo church" });
  const clientId = account.credentials.client_id ?? "";
  const webhookId = account.webhookSecret ?? "";
  const adapter = paypal.factory.create({ credentials: account.credentials, transport });
  await simulator.listen(account, "https://ofrenda.example/webhooks/paypal/1");
  let calls = 0;
  const call = (fields: Partial<GatewayCall> = {}): GatewayCall => ({
    idempotencyKey: `key-${++calls}`,
    now: clock.now(),
    timeoutMs: 5_000,
    traceId: "trace",
    ...fields,
  });

  /** Everything PayPal announced since the last time, verified and read by the adapter, without the ignored. */
  const announced = async (): Promise<GatewayEvent[]> => {
    await simulator.control.flush();
    const events: GatewayEvent[] = [];
    for (const webhook of inbox.splice(0)) {
      const delivery = deliveryOf(webhook);
      const verdict = await adapter.webhooks.verify(delivery, [secret(webhookId)], clock.now());
      if (verdict !== "genuine") throw new Error(`a webhook of the simulator is ${verdict}`);
      const read = adapter.webhooks.read(delivery);
      if (!read.ok) throw new Error(read.error);
      events.push(...read.value.filter((event) => event.kind !== "ignored"));
    }
    return events;
  };
  /** Collects, and gives the order's id. */
  const collected = async (order: CollectOrder) => {
    const outcome = await adapter.payments.collect(order, call());
    if (outcome.kind !== "action_required")
      throw new Error(`${outcome.kind} ${JSON.stringify(outcome.evidence)}`);
    return outcome.gatewayPaymentId;
  };
  const capture = (order: CollectOrder, id: string, fields: Partial<GatewayCall> = {}) =>
    holdsOf(adapter).capture(handleOf(order, clock.now(), id), call(fields));
  /** A gift paid with PayPal, up to its capture's id. */
  const paid = async (order: CollectOrder = orderOf()) => {
    const id = await collected(order);
    must(await simulator.control.approve(id));
    const outcome = await capture(order, id);
    if (outcome.kind !== "captured") throw new Error(`the gift is ${outcome.kind}`);
    // What was announced up to here is not what the test is about.
    await simulator.control.deliverWebhooks("lost");
    await simulator.control.flush();
    await simulator.control.deliverWebhooks("normal");
    return { order, orderId: id, captureId: outcome.gatewayPaymentId, outcome };
  };
  const refundOrder = (captureId: string, amount: Money, refundable = amount) => ({
    refundId: newId("refund"),
    gatewayPaymentId: captureId,
    amount,
    refundable,
    method: "paypal" as const,
    reason: "requested_by_donor" as const,
  });
  return {
    clock,
    inbox,
    answers,
    exchanges,
    simulator,
    control: simulator.control,
    adapter,
    account,
    clientId,
    webhookId,
    transport,
    call,
    announced,
    collected,
    capture,
    paid,
    refundOrder,
    lookup: (order: CollectOrder, id?: string, createdAt = clock.now()) =>
      adapter.payments.lookup(handleOf(order, createdAt, id), call()),
  };
}

export type PaypalWorld = Awaited<ReturnType<typeof paypalWorld>>;

/** A webhook as it arrives at our door. */
export const deliveryOf = (webhook: SandboxWebhook): RawDelivery => ({
  headers: Object.fromEntries(
    Object.entries(webhook.headers).map(([name, value]) => [name.toLowerCase(), value]),
  ),
  body: new TextEncoder().encode(webhook.body),
  target: "",
});

/** The value of a step that must go well. */
export function must<T>(result: Result<T, string>): T {
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

function holdsOf(adapter: GatewayAdapter) {
  if (!adapter.holds) throw new Error("the adapter has no holds");
  return adapter.holds;
}

export function mandatesOf(adapter: GatewayAdapter) {
  if (!adapter.mandates) throw new Error("the adapter has no mandates");
  return adapter.mandates;
}

/** How a donor pays by each method in the simulator, up to the capture. */
export async function captureInSandbox(
  method: MethodType,
  country: string,
  amount: Money,
): Promise<GatewayFee> {
  const world = await paypalWorld(country);
  const order = orderOf({ country, amount, method: { type: method, presentation: "hosted" } });
  const { outcome } = await world.paid(order);
  if (!outcome.fee) throw new Error("the capture tells no fee");
  return outcome.fee;
}
