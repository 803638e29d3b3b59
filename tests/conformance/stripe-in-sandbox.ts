import { stripe } from "../../adapters/stripe/index.ts";
import { stripeManifest } from "../../adapters/stripe/manifest.ts";
import type { StripeSandboxOptions } from "../../adapters/stripe/sandbox/index.ts";
import type { CollectOrder, GatewayEvent, GatewayFee } from "../../src/gateway/adapter.ts";
import type { MethodType } from "../../src/gateway/methods.ts";
import { newId } from "../../src/kernel/ids.ts";
import { type Money, money } from "../../src/kernel/money.ts";
import { secret } from "../../src/kernel/secret.ts";
import { sandboxWorld, webhookSecret } from "../support/stripe-sandbox.ts";
import { callAt, orderOf } from "./stripe-under-test.ts";

/** The adapter over the sandbox, with the manifest's own fees, for a Mexican and a United States account. */
export async function adapterInSandbox(options: Partial<StripeSandboxOptions> = {}) {
  const world = sandboxWorld({ fees: stripeManifest.fees, ...options });
  const { control, clock, inbox } = world;
  const on = (country: "mx" | "us") =>
    stripe.create({
      credentials: { secret_key: `sk_test_${country}_demo`, publishable_key: `pk_test_${country}_demo` },
      transport: (input, init) => world.sandbox.fetch(new Request(input, init)),
    });
  const adapters = { mx: on("mx"), us: on("us") };
  for (const country of ["mx", "us"] as const) {
    await control.registerWebhookEndpoint(`sk_test_${country}_demo`, {
      url: `https://ofrenda.example/webhooks/stripe/${country}`,
      secret: webhookSecret,
    });
  }
  let calls = 0;
  const nextCall = () => callAt({ now: clock.now(), idempotencyKey: `key-${++calls}`, timeoutMs: 10_000 });

  /** Everything Stripe announced since the last time, verified and read by the adapter, without the ignored. */
  const announced = async (): Promise<GatewayEvent[]> => {
    await control.tick();
    await control.flush();
    const events: GatewayEvent[] = [];
    for (const webhook of inbox.splice(0)) {
      const headers = Object.fromEntries(
        Object.entries(webhook.headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
      const delivery = { headers, body: new TextEncoder().encode(webhook.body) };
      const verdict = await adapters.mx.webhooks.verify(delivery, [secret(webhookSecret)], clock.now());
      if (verdict !== "genuine") throw new Error(`a webhook of the sandbox is ${verdict}`);
      const read = adapters.mx.webhooks.read(delivery);
      if (!read.ok) throw new Error(read.error);
      events.push(...read.value.filter((event) => event.kind !== "ignored"));
    }
    return events;
  };
  return { ...world, ...adapters, nextCall, announced };
}

export type AdapterInSandbox = Awaited<ReturnType<typeof adapterInSandbox>>;

/** An order of the United States account. */
export const usOrder = (fields: Partial<CollectOrder>): CollectOrder =>
  orderOf({ country: "us", amount: money(2_500n, "USD"), locale: "en-US", ...fields });

const device = { ipAddress: "203.0.113.9", userAgent: "Mozilla/5.0" };

/** How a donor pays by each method in the sandbox, up to the capture. */
export async function captureInSandbox(
  method: MethodType,
  country: string,
  amount: Money,
): Promise<GatewayFee> {
  const house = await adapterInSandbox();
  const adapter = country === "mx" ? house.mx : house.us;
  const base = orderOf({ country, amount, attemptId: newId("attempt") });
  const collect = (order: CollectOrder) => adapter.payments.collect(order, house.nextCall());
  let id: string;
  if (method === "oxxo" || method === "spei") {
    id = paymentId(await collect({ ...base, method: { type: method, presentation: "instructions" } }));
    const played =
      method === "oxxo"
        ? await house.control.payVoucher(id)
        : await house.control.fundClabe(id, Number(amount.minor));
    if (!played.ok) throw new Error(played.error);
  } else if (method === "ach_debit") {
    const token = { type: method, presentation: "token", token: "pm_usBankAccount_success" } as const;
    id = paymentId(await collect({ ...base, method: token, mandateAcceptance: device }));
    const played = await house.control.settleAch(id, { kind: "succeeds" });
    if (!played.ok) throw new Error(played.error);
  } else if (method === "link") {
    id = paymentId(await collect({ ...base, method: { type: method, presentation: "hosted" } }));
    const played = await house.control.completeCheckout(id, { type: "link" });
    if (!played.ok) throw new Error(played.error);
  } else {
    id = paymentId(
      await collect({ ...base, method: { type: method, presentation: "token", token: "pm_card_visa" } }),
    );
  }
  const outcome = await adapter.payments.lookup(
    { attemptId: base.attemptId, gatewayPaymentId: id },
    house.nextCall(),
  );
  if (outcome.kind !== "captured" || !outcome.fee)
    throw new Error(`${method} is ${outcome.kind}, or has no fee`);
  return outcome.fee;
}

/** The gateway's id in an outcome that must have one. */
export function paymentId(outcome: { readonly kind: string; readonly gatewayPaymentId?: string }): string {
  if (outcome.gatewayPaymentId === undefined) throw new Error(`${outcome.kind} names no payment`);
  return outcome.gatewayPaymentId;
}
