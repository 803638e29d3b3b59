import { gateways } from "../../adapters/index.ts";
import { countries } from "../../countries/index.ts";
import type { GatewayAdapter, Transport } from "../../src/gateway/adapter.ts";
import type { MethodCapability } from "../../src/gateway/manifest.ts";
import { memorySandboxStore } from "../../src/gateway/memory-sandbox-store.ts";
import type { AttemptHandle, CollectOrder } from "../../src/gateway/payment.ts";
import type { SandboxWebhook } from "../../src/gateway/sandbox.ts";
import { present } from "../../src/kernel/assert.ts";
import { fixedClock } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { call, now } from "./gateway-under-test.ts";

/** A simulated gateway with an account in a country, and its adapter over any way to it; `inbox`: what it posted. */
export function openSimulated(id: string, country: string) {
  const { factory, simulate } = present(gateways.get(id), "it is registered");
  const background: Promise<void>[] = [];
  const inbox: SandboxWebhook[] = [];
  const simulator = present(
    simulate,
    "it is simulated",
  )({
    store: memorySandboxStore(),
    clock: fixedClock(now.toISOString()),
    deliver: async (webhook) => {
      inbox.push(webhook);
      return { status: 200 };
    },
    background: (work) => void background.push(work()),
    pagesUrl: `http://ofrenda.test/sandbox/${id}`,
  });
  const name = `${country}_breaks`;
  const account = { ...simulator.openAccount({ country, name }), name };
  const { credentials } = account;
  const over = (transport: Transport): GatewayAdapter => factory.create({ credentials, transport });
  const sound = over((input, init) => simulator.fetch(new Request(input, init)));
  /** Lets what was put off be done, and what was announced arrive. */
  const settle = async () => {
    await Promise.all(background.splice(0));
    await simulator.desk.delivery?.deliverNow();
    return inbox.splice(0);
  };
  return { simulator, account, over, sound, settle };
}

/** An order of the method by a donor of whom everything is known. */
export function orderFor(method: MethodCapability, country: string): CollectOrder {
  const profile = present(countries.get(country), "a country we serve");
  const currency = method.currencies.includes(profile.currency)
    ? profile.currency
    : present(method.currencies[0], "a method has a currency");
  const usual = currency === profile.currency ? (profile.suggestedAmounts[1] ?? 1_000n) : 1_000n;
  const least = method.minimum.find((each) => each.currency === currency)?.minor ?? 0n;
  const [document] = profile.donorDocuments;
  const number = document?.check(document.example);
  return {
    attemptId: newId("attempt"),
    donationId: newId("donation"),
    amount: money(usual > least ? usual : least, currency),
    country,
    method: {
      type: method.type,
      presentation: present(
        method.presentations.find((each) => each !== "token") ?? method.presentations[0],
        "a method is presented somehow",
      ),
      bank: "1007",
    },
    donor: {
      name: "Ana López",
      email: "ana.lopez@example.org",
      phone: "+573001234567",
      reference: `dnr-${newId("donor").slice(4)}`,
      device: { ipAddress: "203.0.113.7", userAgent: "test" },
      address: {
        street: "Rua A",
        number: "1",
        district: "Centro",
        city: "São Paulo",
        region: "SP",
        postalCode: "01310100",
      },
      ...(document && number?.ok ? { taxId: { type: document.type, number: number.value } } : {}),
    },
    description: "Iglesia Luz",
    returnUrl: "http://ofrenda.test/return",
    cancelUrl: "http://ofrenda.test/cancel",
    notificationUrl: `http://ofrenda.test/webhooks/x/${"t".repeat(32)}`,
    locale: profile.locales[0] ?? "es-MX",
  };
}

export const handleOf = (order: CollectOrder, gatewayPaymentId?: string): AttemptHandle => ({
  attemptId: order.attemptId,
  method: order.method.type,
  country: order.country,
  amount: order.amount,
  createdAt: now,
  ...(gatewayPaymentId === undefined ? {} : { gatewayPaymentId }),
});
export const idIn = (outcome: object): string | undefined =>
  "gatewayPaymentId" in outcome && typeof outcome.gatewayPaymentId === "string"
    ? outcome.gatewayPaymentId
    : undefined;
/** A name of its own for each call, as every attempt has; a repeat of one would be the same request. */
export const asked = () => call({ idempotencyKey: crypto.randomUUID() });

/** Every method of every simulated gateway that needs no token, once for each gateway and method. */
export const simulatedMethods = [...gateways].flatMap(([id, { factory, simulate }]) =>
  (simulate ? factory.manifest.methods : [])
    .filter((method) => method.presentations.some((each) => each !== "token"))
    .flatMap((method) => {
      const home = (method.accounts ?? method.countries).find((each) => countries.has(each));
      const from = method.countries.find((each) => countries.has(each));
      return home && from ? [[id, method.type, home, from, method] as const] : [];
    }),
);
