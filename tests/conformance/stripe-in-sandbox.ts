import { stripeFactory } from "../../adapters/stripe/factory.ts";
import { stripeManifest } from "../../adapters/stripe/manifest.ts";
import { type AccountCountry, isAccountCountry } from "../../adapters/stripe/sandbox/accounts.ts";
import type { StripeSandboxOptions } from "../../adapters/stripe/sandbox/index.ts";
import type { MethodType } from "../../src/gateway/methods.ts";
import type { CollectOrder, GatewayFee } from "../../src/gateway/payment.ts";
import type { GatewayEvent } from "../../src/gateway/webhook.ts";
import { type Money, money } from "../../src/kernel/money.ts";
import { secret } from "../../src/kernel/secret.ts";
import { sandboxWorld, webhookSecret } from "../support/stripe-sandbox.ts";
import { callAt, handleOf, knownDonor, orderOf } from "./stripe-under-test.ts";

/** The adapter over the sandbox, with the manifest's own fees, for a Mexican and a United States account. */
export async function adapterInSandbox(options: Partial<StripeSandboxOptions> = {}) {
  const world = sandboxWorld({ fees: stripeManifest.fees, ...options });
  const { control, clock, inbox } = world;
  const on = (country: AccountCountry) =>
    stripeFactory.create({
      credentials: { secret_key: `sk_test_${country}_demo`, publishable_key: `pk_test_${country}_demo` },
      transport: (input, init) => world.sandbox.fetch(new Request(input, init)),
    });
  const adapters = {
    mx: on("mx"),
    us: on("us"),
    br: on("br"),
    ca: on("ca"),
    gb: on("gb"),
    es: on("es"),
    pt: on("pt"),
    de: on("de"),
  };
  for (const country of Object.keys(adapters)) {
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
      const delivery = { headers, body: new TextEncoder().encode(webhook.body), target: "" };
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

/** The good token of each debit. */
const goodAccounts: Partial<Record<MethodType, string>> = {
  ach_debit: "pm_usBankAccount_success",
  sepa_debit: "pm_success_de",
  bacs_debit: "pm_bacsDebit_success",
  acss_debit: "pm_acssDebit_success",
};

function methodOf(type: MethodType): CollectOrder["method"] {
  const capability = stripeManifest.methods.find((able) => able.type === type);
  const token = goodAccounts[type] ?? "pm_card_visa";
  if (capability?.presentations.includes("token")) return { type, presentation: "token", token };
  return { type, presentation: capability?.presentations.at(-1) ?? "instructions" };
}

/** How a donor pays by each method in the sandbox, up to the capture, on an account of the country. */
export async function captureInSandbox(
  method: MethodType,
  country: string,
  amount: Money,
): Promise<GatewayFee> {
  const house = await adapterInSandbox();
  const { captured } = await paidInSandbox(house, { method, country, amount });
  if (!captured.fee) throw new Error(`${method} has no fee`);
  return captured.fee;
}

type Gift = {
  readonly method: MethodType;
  readonly country: string;
  readonly amount: Money;
  readonly account?: AccountCountry;
};

/** Gives and pays. `account`: where the church's own is in another country. */
export async function paidInSandbox(house: AdapterInSandbox, { method, country, amount, account }: Gift) {
  const own = account ?? (isAccountCountry(country) ? country : "us");
  const { payments } = house[own];
  const order = orderOf({
    country,
    amount,
    donor: knownDonor,
    method: methodOf(method),
    mandateAcceptance: device,
  });
  const begun = await payments.collect(order, house.nextCall());
  const id = paymentId(begun);
  const played = begun.kind === "captured" ? undefined : await payAtTheBank(house, order, id);
  if (played && !played.ok) throw new Error(played.error);
  const captured = await payments.lookup(handleOf(id, order), house.nextCall());
  if (captured.kind !== "captured") throw new Error(`${method} is ${captured.kind}`);
  return { id, order, begun, captured, payments };
}

function payAtTheBank({ control }: AdapterInSandbox, { method, amount }: CollectOrder, id: string) {
  switch (method.type) {
    case "oxxo":
    case "boleto":
    case "multibanco":
      return control.payVoucher(id);
    case "spei":
    case "bank_transfer":
      return control.transfer(id, Number(amount.minor));
    case "ach_debit":
    case "sepa_debit":
    case "bacs_debit":
    case "acss_debit":
      return control.settleDebit(id, { kind: "succeeds" });
    case "link":
      return control.completeCheckout(id, { type: "link" });
    default:
      return control.passChallenge(id);
  }
}

/** The gateway's id in an outcome that must have one. */
export function paymentId(outcome: { readonly kind: string; readonly gatewayPaymentId?: string }): string {
  if (outcome.gatewayPaymentId === undefined) throw new Error(`${outcome.kind} names no payment`);
  return outcome.gatewayPaymentId;
}
