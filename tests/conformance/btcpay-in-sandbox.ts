import { btcpay } from "../../adapters/btcpay/index.ts";
import { simulateBtcpay } from "../../adapters/btcpay/sandbox/simulate.ts";
import type { GatewayCall } from "../../src/gateway/adapter.ts";
import { memorySandboxStore } from "../../src/gateway/memory-sandbox-store.ts";
import type { AttemptHandle, CollectOrder, CollectOutcome, NeverSeen } from "../../src/gateway/payment.ts";
import type { SandboxWebhook } from "../../src/gateway/sandbox.ts";
import type { GatewayEvent, RawDelivery } from "../../src/gateway/webhook.ts";
import { fixedClock } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { secret } from "../../src/kernel/secret.ts";
import { call, now } from "./gateway-under-test.ts";

/** An order of 500 pesos on the chain, shown on our own page; a method's own fields go in `fields`. */
export function orderOf(fields: Partial<CollectOrder> = {}): CollectOrder {
  return {
    attemptId: newId("attempt"),
    donationId: newId("donation"),
    amount: money(50_000n, "MXN"),
    country: "mx",
    method: { type: "bitcoin", presentation: "instructions" },
    donor: { name: "Ana Sofía López", email: "ana.lopez@example.org", reference: "dnr-1" },
    description: "Iglesia Demo",
    returnUrl: "https://give.example.org/don?back=1",
    cancelUrl: "https://give.example.org/don?back=canceled",
    notificationUrl: "https://ofrenda.example/webhooks/btcpay/token",
    locale: "es-MX",
    ...fields,
  };
}

export const lightning = (fields: Partial<CollectOrder> = {}): CollectOrder =>
  orderOf({ method: { type: "lightning", presentation: "instructions" }, ...fields });

/** The adapter over the simulator, one store, its webhooks caught in `inbox`. */
export async function btcpayWorld() {
  const clock = fixedClock(now);
  const inbox: SandboxWebhook[] = [];
  const requests: { readonly method: string; readonly url: URL; readonly body: string }[] = [];
  const work: Promise<void>[] = [];
  const door = { status: 200 };
  const simulator = simulateBtcpay({
    store: memorySandboxStore(),
    clock,
    deliver: async (webhook) => {
      inbox.push(webhook);
      return { status: door.status };
    },
    background: (job) => {
      work.push(job());
    },
    pagesUrl: "https://give.example.org/sandbox/btcpay",
  });
  const account = simulator.openAccount({ country: "mx", name: "demo-mx" });
  await simulator.listen(account, "https://ofrenda.example/webhooks/btcpay/token");
  const adapter = btcpay.factory.create({
    credentials: btcpay.factory.credentials.parse(account.credentials),
    transport: async (input, init) => {
      const request = new Request(input, init);
      requests.push({
        method: request.method,
        url: new URL(request.url),
        body: await request.clone().text(),
      });
      return simulator.fetch(request);
    },
  });
  let calls = 0;
  const nextCall = (): GatewayCall =>
    call({ now: clock.now(), idempotencyKey: `key-${++calls}`, timeoutMs: 10_000 });
  const handleOf = (order: CollectOrder, id?: string): AttemptHandle => ({
    attemptId: order.attemptId,
    method: order.method.type,
    country: order.country,
    amount: order.amount,
    createdAt: now,
    ...(id === undefined ? {} : { gatewayPaymentId: id }),
  });

  /** Everything announced since the last time, verified and read, without the ignored. */
  const announced = async (): Promise<GatewayEvent[]> => {
    await Promise.all(work.splice(0));
    await simulator.tick?.(clock.now());
    const events: GatewayEvent[] = [];
    for (const { headers, body } of inbox.splice(0)) {
      const delivery: RawDelivery = { headers, body: new TextEncoder().encode(body), target: "" };
      const secrets = [secret(account.webhookSecret ?? "")];
      const verdict = await adapter.webhooks.verify(delivery, secrets, clock.now());
      if (verdict !== "genuine") throw new Error(`a webhook of the simulator is ${verdict}`);
      const read = adapter.webhooks.read(delivery);
      if (!read.ok) throw new Error(read.error);
      events.push(...read.value.filter(({ kind }) => kind !== "ignored"));
    }
    return events;
  };
  return {
    simulator,
    control: simulator.control,
    account,
    adapter,
    clock,
    inbox,
    requests,
    door,
    nextCall,
    handleOf,
    announced,
  };
}
export type BtcpayWorld = Awaited<ReturnType<typeof btcpayWorld>>;

/** Collects and gives the invoice's id, and a way to ask again. */
export async function opened(world: BtcpayWorld, order = orderOf()) {
  const outcome = await world.adapter.payments.collect(order, world.nextCall());
  if (outcome.kind !== "action_required") throw new Error(`the invoice is ${JSON.stringify(outcome.kind)}`);
  const id = outcome.gatewayPaymentId;
  const look = (): Promise<CollectOutcome | NeverSeen> =>
    world.adapter.payments.lookup(world.handleOf(order, id), world.nextCall());
  return { order, id, outcome, look };
}

/** The value of a step that must work. */
export function done<T>(
  played: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string },
): T {
  if (!played.ok) throw new Error(played.error);
  return played.value;
}
