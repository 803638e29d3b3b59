import { createDecipheriv, createHash } from "node:crypto";
import { epayco } from "../../adapters/epayco/index.ts";
import { simulateEpayco } from "../../adapters/epayco/sandbox/simulate.ts";
import type { GatewayCall } from "../../src/gateway/adapter.ts";
import { memorySandboxStore } from "../../src/gateway/memory-sandbox-store.ts";
import type { AttemptHandle, CollectOrder } from "../../src/gateway/payment.ts";
import type { SandboxWebhook } from "../../src/gateway/sandbox.ts";
import type { GatewayEvent, RawDelivery } from "../../src/gateway/webhook.ts";
import { present } from "../../src/kernel/assert.ts";
import { fixedClock } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { secret } from "../../src/kernel/secret.ts";
import { call, now } from "./gateway-under-test.ts";
import type { Recorded } from "./recording-transport.ts";

/** A gift of 50,000 pesos through Baloto. */
export function balotoOrder(fields: Partial<CollectOrder> = {}): CollectOrder {
  return {
    attemptId: newId("attempt"),
    donationId: newId("donation"),
    amount: money(5_000_000n, "COP"),
    country: "co",
    method: { type: "baloto", presentation: "instructions" },
    donor: {
      name: "Ana Sofía López Díaz",
      email: "ana.lopez@example.org",
      phone: "+573001234567",
      taxId: { type: "cc", number: "1035851980" },
      reference: "dnr-1",
    },
    description: "Iglesia Demo",
    returnUrl: "https://give.example.org/don?back=1",
    cancelUrl: "https://give.example.org/don?back=canceled",
    notificationUrl: "https://ofrenda.example/webhooks/epayco/token",
    locale: "es-CO",
    ...fields,
  };
}

export const handleOf = (order: CollectOrder, id?: string): AttemptHandle => ({
  attemptId: order.attemptId,
  method: order.method.type,
  country: order.country,
  amount: order.amount,
  createdAt: now,
  ...(id === undefined ? {} : { gatewayPaymentId: id }),
});

/** A sealed body opened by another implementation than the adapter's, as the server opens it. */
export function opened(value: unknown, privateKey: string, field = ""): unknown {
  if (field === "publicKey" || field === "i") return value;
  if (typeof value === "string") {
    const decipher = createDecipheriv(
      "aes-256-cbc",
      Buffer.from(privateKey, "utf8"),
      Buffer.from("0000000000000000"),
    );
    return decipher.update(value, "base64", "utf8") + decipher.final("utf8");
  }
  return Object.fromEntries(
    Object.entries(value ?? {}).map(([name, inner]) => [name, opened(inner, privateKey, name)]),
  );
}

/** ePayco's signature, made by another implementation than the adapter's. */
export const signed = (customer: string, key: string, form: URLSearchParams): string =>
  createHash("sha256")
    .update(
      [
        customer,
        key,
        ...["x_ref_payco", "x_transaction_id", "x_amount", "x_currency_code"].map((f) => form.get(f)),
      ].join("^"),
    )
    .digest("hex");

/** The adapter over the simulator, its confirmations caught in `inbox`. */
export async function epaycoWorld() {
  const clock = fixedClock(now);
  const inbox: SandboxWebhook[] = [];
  const requests: Recorded[] = [];
  const door = { status: 200 };
  const work: Promise<void>[] = [];
  const simulator = simulateEpayco({
    store: memorySandboxStore(),
    clock,
    deliver: async (webhook) => {
      inbox.push(webhook);
      return { status: door.status };
    },
    background: (job) => {
      work.push(job());
    },
    pagesUrl: "https://give.example.org/sandbox/epayco",
  });
  const account = simulator.openAccount({ country: "co", name: "demo-co" });
  const adapter = epayco.factory.create({
    credentials: account.credentials,
    transport: async (input, init) => {
      const request = new Request(input, init);
      requests.push({
        method: request.method,
        url: new URL(request.url),
        headers: request.headers,
        body: await request.clone().text(),
      });
      return simulator.fetch(request);
    },
  });
  let calls = 0;
  const nextCall = (): GatewayCall =>
    call({ now: clock.now(), idempotencyKey: `key-${++calls}`, timeoutMs: 10_000 });
  const toDelivery = ({ headers, body }: SandboxWebhook): RawDelivery => ({
    headers,
    body: new TextEncoder().encode(body),
    target: "",
  });
  const announced = async (): Promise<GatewayEvent[]> => {
    await Promise.all(work.splice(0));
    await simulator.control.flush();
    const events: GatewayEvent[] = [];
    for (const webhook of inbox.splice(0)) {
      const delivery = toDelivery(webhook);
      const verdict = await adapter.webhooks.verify(
        delivery,
        [secret(account.webhookSecret ?? "")],
        clock.now(),
      );
      if (verdict !== "genuine") throw new Error(`a confirmation of the simulator is ${verdict}`);
      const read = await present(adapter.webhooks.inquire, "it can be asked")(delivery, nextCall());
      if (!read.ok) throw new Error(read.error);
      events.push(...read.value);
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
    announced,
    toDelivery,
  };
}
export type EpaycoWorld = Awaited<ReturnType<typeof epaycoWorld>>;

/** A voucher, its reference, and a way to ask again. */
export async function voucher(world: EpaycoWorld, order = balotoOrder()) {
  const outcome = await world.adapter.payments.collect(order, world.nextCall());
  if (outcome.kind !== "action_required") throw new Error(`no voucher: ${JSON.stringify(outcome.kind)}`);
  const id = outcome.gatewayPaymentId;
  const look = () => world.adapter.payments.lookup(handleOf(order, id), world.nextCall());
  return { order, outcome, id, look };
}
