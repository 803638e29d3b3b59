import { Client, Environment, type OrderRequest, OrdersController } from "@paypal/paypal-server-sdk";
import { MercadoPagoConfig, Payment } from "mercadopago";
import { parse as parseForm } from "qs";
import Stripe from "stripe";
import { type Sealable, sealer } from "../adapters/epayco/seal.ts";
import { gateways } from "../adapters/index.ts";
import { testToken } from "../adapters/mercadopago/sandbox/tokens.ts";
import type { GatewayCredentials, Transport } from "../src/gateway/adapter.ts";
import { memorySandboxStore } from "../src/gateway/memory-sandbox-store.ts";
import type { CollectMethod, CollectOrder } from "../src/gateway/payment.ts";
import { present } from "../src/kernel/assert.ts";
import { fixedClock } from "../src/kernel/clock.ts";
import { newId } from "../src/kernel/ids.ts";
import { type Money, money } from "../src/kernel/money.ts";

/**
 * What one call through an adapter costs, and how much of it is ours: microseconds of this thread's own processor
 * time, so that neighbours on the machine do not count; nor does what WebCrypto does on its own threads (ePayco).
 */
export type Translation = {
  readonly gateway: string;
  /** What the call is compared with: the official SDK making the same request, or a plain exchange of the same text. */
  readonly against: "official SDK" | "plain exchange";
  readonly requests: number;
  readonly adapterUs: number;
  readonly bareUs: number;
  /** Building the request and reading the answer: the one less the other. */
  readonly oursUs: number;
  readonly p50Us: number;
  readonly p95Us: number;
  readonly p99Us: number;
};

/** One request as it left, and what came back. */
type Exchange = {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
  readonly answer: { readonly status: number; readonly type: string; readonly text: string };
};

type Case = {
  readonly country: string;
  readonly amount: Money;
  readonly method: CollectMethod;
  readonly taxId?: CollectOrder["donor"]["taxId"];
  /** The same request without our adapter. */
  readonly bare: (parts: Parts) => () => Promise<unknown>;
};
type Parts = {
  readonly credentials: GatewayCredentials;
  readonly seen: readonly Exchange[];
  readonly transport: Transport;
};

const timeout = 10_000;
const last = (seen: readonly Exchange[]): Exchange => present(seen.at(-1), "a request was made");
const jsonIn = ({ body }: Exchange): Record<string, unknown> => JSON.parse(body ?? "{}");

/** What a plain HTTP client would do for each of the requests: send the text, read the text. */
const plainly =
  ({ seen, transport }: Parts) =>
  async () => {
    const signal = AbortSignal.timeout(timeout);
    for (const { method, url, headers, body } of seen) {
      const value: unknown = body === undefined ? undefined : JSON.parse(body);
      const sent = value === undefined ? {} : { body: JSON.stringify(value) };
      const response = await transport(url, { method, headers, signal, redirect: "manual", ...sent });
      JSON.parse(await response.text());
    }
  };

const cases: Readonly<Record<string, Case>> = {
  stripe: {
    country: "mx",
    amount: money(50_000n, "MXN"),
    method: { type: "card", presentation: "token", token: "pm_card_visa" },
    bare: ({ credentials, seen, transport }) => {
      const stripe = new Stripe(credentials.secret_key ?? "", {
        httpClient: Stripe.createFetchHttpClient(transport),
        maxNetworkRetries: 0,
        telemetry: false,
      });
      const params = parseForm(last(seen).body ?? "") as unknown as Stripe.PaymentIntentCreateParams;
      return () => stripe.paymentIntents.create(params, { idempotencyKey: "bench", timeout });
    },
  },
  mercadopago: {
    country: "mx",
    amount: money(50_000n, "MXN"),
    method: { type: "card", presentation: "token", token: testToken("APRO") },
    bare: ({ credentials, seen, transport }) => {
      const payment = new Payment(new MercadoPagoConfig({ accessToken: credentials.access_token ?? "" }));
      const body = jsonIn(last(seen));
      const requestOptions = { idempotencyKey: crypto.randomUUID(), timeout, maxRetries: 0 };
      return () => {
        // It knows no way out but the global one.
        const own = globalThis.fetch;
        globalThis.fetch = transport;
        const answer = payment.create({ body, requestOptions });
        globalThis.fetch = own;
        return answer;
      };
    },
  },
  paypal: {
    country: "us",
    amount: money(5_000n, "USD"),
    method: { type: "paypal", presentation: "hosted" },
    bare: ({ credentials, seen, transport }) => {
      const client = new Client({
        environment: Environment.Sandbox,
        clientCredentialsAuthCredentials: {
          oAuthClientId: credentials.client_id ?? "",
          oAuthClientSecret: credentials.client_secret ?? "",
          oAuthToken: { accessToken: "A21AA", tokenType: "Bearer" },
        },
        httpClientOptions: { retryConfig: { maxNumberOfRetries: 0, retryOnTimeout: false } },
        unstable_httpClientOptions: { adapter: "fetch", env: { fetch: transport } },
      });
      const orders = new OrdersController(client);
      const body = inCamelCase(jsonIn(last(seen))) as OrderRequest;
      const request = { body, paypalRequestId: "bench", prefer: "return=representation" };
      return () => orders.createOrder(request, { abortSignal: AbortSignal.timeout(timeout) });
    },
  },
  pix: {
    country: "br",
    amount: money(5_000n, "BRL"),
    method: { type: "pix", presentation: "instructions" },
    taxId: { type: "cpf", number: "39053344705" },
    bare: plainly,
  },
  btcpay: {
    country: "us",
    amount: money(5_000n, "USD"),
    method: { type: "bitcoin", presentation: "instructions" },
    bare: plainly,
  },
  epayco: {
    country: "co",
    amount: money(5_000_000n, "COP"),
    method: { type: "baloto", presentation: "instructions" },
    taxId: { type: "cc", number: "213123432" },
    // Its server reads nothing but a body sealed leaf by leaf: whoever calls it pays for that.
    bare: (parts) => {
      const exchange = plainly(parts);
      const clear = leavesLike(jsonIn(last(parts.seen)));
      const key = parts.credentials.private_key ?? "";
      return async () => {
        await sealer(key, {})(clear);
        await exchange();
      };
    },
  },
};

const orderOf = ({ country, amount, method, taxId }: Case): CollectOrder => ({
  attemptId: newId("attempt"),
  donationId: newId("donation"),
  amount,
  country,
  method,
  donor: {
    name: "María José Peñúñuri",
    email: "maria@example.org",
    phone: "+573001234567",
    reference: "dnr_bench",
    device: { ipAddress: "203.0.113.7", userAgent: "bench" },
    ...(taxId ? { taxId } : {}),
  },
  description: "Iglesia Camino de Luz",
  returnUrl: "https://give.example.org/gifts/1",
  cancelUrl: "https://give.example.org/gifts/1?back=1",
  notificationUrl: "https://give.example.org/webhooks/1",
  locale: "es-MX",
});

/** Measures every case: the adapter and the bare call by turns, so that both meet the same machine. */
export async function translateBench(
  seconds = 1.5,
  only: readonly string[] = [],
): Promise<readonly Translation[]> {
  const found: Translation[] = [];
  for (const [gateway, one] of Object.entries(cases)) {
    if (only.length === 0 || only.includes(gateway)) found.push(await measure(gateway, one, seconds));
  }
  return found;
}

async function measure(gateway: string, one: Case, seconds: number): Promise<Translation> {
  const module = present(gateways.get(gateway), "it is registered");
  const clock = fixedClock(new Date());
  const simulator = present(
    module.simulate,
    "it is simulated",
  )({
    store: memorySandboxStore(),
    clock,
    deliver: async () => ({ status: 200 }),
    background: () => {},
    pagesUrl: `https://give.example.org/sandbox/${gateway}`,
  });
  const { credentials } = simulator.openAccount({ country: one.country, name: `${one.country}_bench` });
  const heard: Exchange[] = [];
  let asked = 0;
  const transport: Transport = async (input, init) => {
    asked += 1;
    const known = heard[(asked - 1) % heard.length];
    const { status, type, text } = present(known, "it was heard before").answer;
    // Some clients keep all they send inside the request.
    void (input instanceof Request || init);
    return new Response(text, { status, headers: { "content-type": type } });
  };
  let way: Transport = async (input, init) => {
    const request = new Request(input, init);
    const { method, url } = request;
    const body = await request.clone().text();
    const headers = Object.fromEntries(request.headers);
    const response = await simulator.fetch(request);
    const text = await response.text();
    const type = response.headers.get("content-type") ?? "application/json";
    const answer = { status: response.status, type, text };
    heard.push({ method, url, headers, body: body === "" ? undefined : body, answer });
    return new Response(text, response);
  };
  const adapter = module.factory.create({ credentials, transport: (input, init) => way(input, init) });
  const call = {
    idempotencyKey: `ofr-${crypto.randomUUID()}`,
    now: clock.now(),
    timeoutMs: timeout,
    traceId: "bench",
  };
  // Another gift before: a token that is kept is not asked for each time.
  await adapter.payments.collect(orderOf(one), {
    ...call,
    idempotencyKey: `ofr-${crypto.randomUUID()}`,
  });
  heard.length = 0;
  const order = orderOf(one);
  const collect = () => adapter.payments.collect(order, call);
  const first = await collect();
  if (["refused", "in_doubt", "not_sent"].includes(first.kind)) {
    throw new Error(`${gateway}: ${JSON.stringify(first)}`);
  }
  way = transport;
  const bare = one.bare({ credentials, seen: [...heard], transport });
  return {
    gateway,
    against: one.bare === plainly || gateway === "epayco" ? "plain exchange" : "official SDK",
    requests: heard.length,
    ...(await byTurns(collect, bare, seconds)),
  };
}

const batch = 50;

async function byTurns(ours: () => Promise<unknown>, bare: () => Promise<unknown>, seconds: number) {
  const warm = performance.now() + 700 * seconds;
  while (performance.now() < warm) {
    await ours();
    await bare();
  }
  const adapter = new Turns();
  const alone = new Turns();
  const until = performance.now() + 2000 * seconds;
  while (performance.now() < until) {
    await adapter.take(ours);
    await alone.take(bare);
  }
  const [adapterUs, bareUs] = [adapter.cpuUs(), alone.cpuUs()];
  return {
    ...{ adapterUs, bareUs, oursUs: adapterUs - bareUs },
    ...{ p50Us: adapter.wallUs(0.5), p95Us: adapter.wallUs(0.95), p99Us: adapter.wallUs(0.99) },
  };
}

/** The processor's clock ticks in milliseconds: only the sum of many batches says anything. */
class Turns {
  #cpu = 0;
  readonly #walls: number[] = [];

  async take(work: () => Promise<unknown>): Promise<void> {
    const cpu = process.threadCpuUsage();
    const wall = performance.now();
    for (let i = 0; i < batch; i++) await work();
    this.#walls.push(((performance.now() - wall) * 1000) / batch);
    const { user, system } = process.threadCpuUsage(cpu);
    this.#cpu += user + system;
  }

  /** Of one call, on average, its share of the garbage collection with it. */
  cpuUs(): number {
    return this.#cpu / (this.#walls.length * batch);
  }

  /** What a call took on the wall clock, by batches; busy neighbours lengthen it. */
  wallUs(share: number): number {
    return [...this.#walls].sort((a, b) => a - b)[Math.floor(this.#walls.length * share)] ?? 0;
  }
}

/** A body of as many leaves, with something to seal in each. */
function leavesLike(body: object): Record<string, Sealable> {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      typeof value === "object" && value !== null ? leavesLike(value) : "Iglesia Camino",
    ]),
  );
}

function inCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCamelCase);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      inCamelCase(inner),
    ]),
  );
}

if (process.argv[1] === import.meta.filename) {
  const rounded = (await translateBench(1.5, process.argv.slice(2))).map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        typeof value === "number" ? Math.round(value * 10) / 10 : value,
      ]),
    ),
  );
  console.table(rounded);
}
