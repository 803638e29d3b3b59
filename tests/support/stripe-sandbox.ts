import Stripe from "stripe";
import { createStripeSandbox, type StripeSandboxOptions } from "../../adapters/stripe/sandbox/index.ts";
import type { FeeRule } from "../../src/gateway/manifest.ts";
import { memorySandboxStore } from "../../src/gateway/memory-sandbox-store.ts";
import type { SandboxWebhook } from "../../src/gateway/sandbox.ts";
import { type FixedClock, fixedClock } from "../../src/kernel/clock.ts";
import { money } from "../../src/kernel/money.ts";

/** Round fees, so that a test can be read: 3.6 % + 3 MXN and 16 % IVA on it; 2.9 % + 0.30 USD; ACH 0.8 %, cap 5. */
export const testFees: readonly FeeRule[] = [
  {
    country: "mx",
    methods: ["card", "apple_pay", "google_pay", "link", "oxxo", "spei"],
    percent: { numerator: 36n, scale: 3 },
    fixed: money(300n, "MXN"),
    taxOnFee: { numerator: 16n, scale: 2 },
    source: "test",
  },
  {
    country: "us",
    methods: ["card", "apple_pay", "google_pay", "link"],
    percent: { numerator: 29n, scale: 3 },
    fixed: money(30n, "USD"),
    source: "test",
  },
  {
    country: "us",
    methods: ["ach_debit"],
    percent: { numerator: 8n, scale: 3 },
    fixed: money(0n, "USD"),
    cap: money(500n, "USD"),
    source: "test",
  },
];

export const webhookSecret = "whsec_test_ofrenda";

/** A sandbox with its clock, an inbox that catches its webhooks, and official SDK clients for two accounts. */
export function sandboxWorld(options: Partial<StripeSandboxOptions> = {}) {
  const clock: FixedClock = fixedClock("2026-11-20T18:00:00Z");
  const inbox: SandboxWebhook[] = [];
  const answers: number[] = [];
  const store = options.store ?? memorySandboxStore();
  const sandbox = createStripeSandbox({
    store,
    clock,
    fees: testFees,
    deliver: async (webhook) => {
      const status = answers.shift() ?? 200;
      if (status < 300) inbox.push(webhook);
      return { status };
    },
    ...options,
  });
  const client = (key: string) => stripeOver(sandbox.fetch, key);
  return {
    clock,
    inbox,
    /** Statuses the endpoint gives to the next deliveries; then 200. */
    answers,
    store,
    sandbox,
    control: sandbox.control,
    client,
    mx: client("sk_test_mx_demo"),
    us: client("sk_test_us_demo"),
    browser: client("pk_test_mx_demo"),
    usBrowser: client("pk_test_us_demo"),
    /** The types received, in order of arrival. */
    received: () => inbox.map((webhook) => String(JSON.parse(webhook.body).type)),
    /** A raw call as a browser or another client would make it. */
    call: (method: string, path: string, key: string, body?: string, headers: Record<string, string> = {}) =>
      sandbox.fetch(
        new Request(`https://api.stripe.com${path}`, {
          method,
          headers: {
            authorization: `Bearer ${key}`,
            ...(body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
            ...headers,
          },
          ...(body === undefined ? {} : { body }),
        }),
      ),
  };
}

export function stripeOver(fetchSandbox: (request: Request) => Promise<Response>, key: string): Stripe {
  const transport: typeof fetch = (input, init) => fetchSandbox(new Request(input, init));
  return new Stripe(key, { httpClient: Stripe.createFetchHttpClient(transport), maxNetworkRetries: 0 });
}

/** What Stripe refused with; anything else fails the test. */
export async function refusal(
  work: Promise<unknown>,
): Promise<InstanceType<typeof Stripe.errors.StripeError>> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Stripe.errors.StripeError) return error;
  throw new Error(`expected Stripe to refuse, got ${String(error)}`);
}
