import { serve } from "@hono/node-server";
import { simulateStripe } from "../adapters/stripe/sandbox/simulate.ts";
import { memorySandboxStore } from "../src/gateway/memory-sandbox-store.ts";
import { systemClock } from "../src/kernel/clock.ts";
import { tookHeader } from "./load.ts";

/** Where the gateway listens. */
export type GatewayReady = { readonly port: number };

/**
 * The simulated Stripe in a process of its own, so that it is no part of what the service costs. It keeps its state in
 * memory and sends no webhooks: those are measured on their own.
 */
const simulated = simulateStripe({
  store: memorySandboxStore({ keepPerKind: 5_000 }),
  clock: systemClock,
  background: (work) => void work(),
  pagesUrl: "http://localhost/sandbox/stripe",
  deliver: () => Promise.resolve({ status: 200 }),
});
await simulated.control.deliverWebhooks({ mode: "lost" });
const fetch = async (request: Request): Promise<Response> => {
  const from = performance.now();
  const { pathname, search } = new URL(request.url);
  const { method, headers } = request;
  const body = method === "GET" ? undefined : await request.text();
  const asked = new Request(`https://api.stripe.com${pathname}${search}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  const answer = await simulated.fetch(asked);
  answer.headers.set(tookHeader, (performance.now() - from).toFixed(3));
  return answer;
};
serve({ fetch, port: 0 }, ({ port }) => process.send?.({ port } satisfies GatewayReady));
process.on("SIGTERM", () => process.exit(0));
