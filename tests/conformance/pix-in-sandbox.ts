import { expect, onTestFinished } from "vitest";
import { pix } from "../../adapters/pix/index.ts";
import { registerWebhook } from "../../adapters/pix/register-webhook.ts";
import { type Account, credentialsOf } from "../../adapters/pix/sandbox/accounts.ts";
import { createPixSandbox } from "../../adapters/pix/sandbox/index.ts";
import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type { MandateOrder, Mandates } from "../../src/gateway/mandate.ts";
import { memorySandboxStore } from "../../src/gateway/memory-sandbox-store.ts";
import type { AttemptHandle, CollectOrder } from "../../src/gateway/payment.ts";
import type { SandboxWebhook } from "../../src/gateway/sandbox.ts";
import type { RawDelivery } from "../../src/gateway/webhook.ts";
import { present } from "../../src/kernel/assert.ts";
import { fixedClock } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { secret } from "../../src/kernel/secret.ts";
import { pixSpec } from "./pix-specs.ts";
import { orderOf } from "./pix-under-test.ts";

export const webhookUrl = "https://give.example.org/webhooks/pix/whe_1";

export type Traffic = {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
  readonly status: number;
  readonly answer: unknown;
};

/** The adapter against the simulator, with a clock, its notices, and every request and answer checked by the document. */
export function pixWorld(options: { readonly background?: boolean } = {}) {
  const clock = fixedClock("2026-11-20T15:00:00Z");
  /** What broke the published document; the adapter would take a throw for a lost connection. */
  const faults: string[] = [];
  onTestFinished(() => {
    expect(faults).toEqual([]);
  });
  const inbox: SandboxWebhook[] = [];
  const statuses: number[] = [];
  const traffic: Traffic[] = [];
  const store = memorySandboxStore();
  const sandbox = createPixSandbox({
    store,
    clock,
    deliver: async (webhook) => {
      const status = statuses.shift() ?? 200;
      if (status < 300) inbox.push(webhook);
      return { status };
    },
    ...(options.background ? { background: (work) => void work() } : {}),
  });
  const account: Account = present(sandbox.control.account("luz"), "a name makes an account");
  const credentials = credentialsOf(account);
  const transport = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const sent = await request.clone().text();
    const response = await sandbox.fetch(request);
    const url = new URL(request.url);
    if (url.pathname !== "/oauth/token") {
      const received = await response.clone().text();
      const one = {
        method: request.method,
        url,
        body: json(sent),
        status: response.status,
        answer: json(received),
      };
      traffic.push(one);
      // What is not JSON was put in the API's mouth on purpose.
      if (!received.startsWith("<")) checkByTheDocument(one, faults);
    }
    return response;
  };
  const adapter = pix.factory.create({ credentials, transport });
  const call = (fields: Partial<GatewayCall> = {}): GatewayCall => ({
    idempotencyKey: "key-1",
    now: clock.now(),
    timeoutMs: 2_000,
    traceId: "trace-1",
    ...fields,
  });
  const deliveries = (): readonly RawDelivery[] => inbox.splice(0).map(deliveryOf);
  return {
    clock,
    inbox,
    statuses,
    traffic,
    store,
    sandbox,
    control: sandbox.control,
    account,
    credentials,
    transport,
    adapter,
    payments: adapter.payments,
    webhooks: adapter.webhooks,
    mandates: present<Mandates>(adapter.mandates, "the account has Pix Automático"),
    settlements: present(adapter.settlements, "there are settlement lines"),
    call,
    /** What was posted since the last time, delivered by hand. */
    deliveries,
    listen: async () => {
      expect(await registerWebhook({ credentials, transport }, webhookUrl, call())).toEqual({
        ok: true,
        value: undefined,
      });
    },
    /** Verifies what was posted since the last time and asks what it means, as the core does. */
    told: async () => {
      await sandbox.control.flush();
      const events = [];
      for (const delivery of deliveries()) {
        expect(await adapter.webhooks.verify(delivery, [secret(account.fingerprint)], clock.now())).toBe(
          "genuine",
        );
        expectNotice(delivery);
        const facts = await adapter.webhooks.inquire?.(delivery, call());
        if (!facts?.ok) throw new Error("the notice could not be read");
        events.push(...facts.value);
      }
      return events;
    },
  };
}
export type PixWorld = ReturnType<typeof pixWorld>;

const json = (text: string): unknown => (/^[{[]/.test(text) ? JSON.parse(text) : undefined);

/** Nothing the adapter sends and nothing the simulator answers may break the published document. */
function checkByTheDocument({ method, url, body, status, answer }: Traffic, faults: string[]): void {
  if (!pixSpec) return;
  const line = `${method} ${url.pathname}${url.search}`;
  faults.push(...pixSpec.request(method, url, body).map((fault) => `${line} asks: ${fault}`));
  // What the document does not foresee is said of the transport, not of the API.
  if (status === 401 || status === 429 || status === 500) return;
  faults.push(
    ...pixSpec.answer(method, url, status, answer).map((fault) => `${line} answers ${status}: ${fault}`),
  );
}

function expectNotice({ target, body }: RawDelivery): void {
  const kind = target.slice(1);
  if (!pixSpec || (kind !== "pix" && kind !== "rec" && kind !== "cobr")) return;
  expect(pixSpec.notice(kind, JSON.parse(new TextDecoder().decode(body)))).toEqual([]);
}

function deliveryOf({ url, headers, body }: SandboxWebhook): RawDelivery {
  expect(url.startsWith(webhookUrl)).toBe(true);
  return { headers, body: new TextEncoder().encode(body), target: url.slice(webhookUrl.length) };
}

export const giftOf = (fields: Partial<CollectOrder> = {}): CollectOrder =>
  orderOf({ attemptId: newId("attempt"), ...fields });

export const handleOf = (order: CollectOrder, gatewayPaymentId?: string): AttemptHandle => ({
  attemptId: order.attemptId,
  ...(gatewayPaymentId === undefined ? {} : { gatewayPaymentId }),
  method: order.method.type,
  country: order.country,
  amount: order.amount,
  createdAt: new Date("2026-11-20T15:00:00Z"),
});

export const mandateOf = (fields: Partial<MandateOrder> = {}): MandateOrder => {
  const { donor, amount, description, returnUrl, locale } = orderOf();
  return {
    reference: `rcg_${"0190b0c3a4f57d3e8a1b2c3d4e5f6055"}`,
    donorId: newId("donor"),
    country: "br",
    method: { type: "pix_automatico", presentation: "instructions" },
    donor,
    amount,
    cadence: "monthly",
    startsOn: "2026-11-25",
    description,
    returnUrl,
    locale,
    ...fields,
  };
};

/** Makes a claim and tells its id at the provider. */
export async function collected(world: PixWorld, order = giftOf()): Promise<string> {
  const outcome = await world.payments.collect(order, world.call());
  if (outcome.kind !== "action_required")
    throw new Error(`${outcome.kind}: ${JSON.stringify(outcome.evidence)}`);
  return outcome.gatewayPaymentId;
}
