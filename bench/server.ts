import { AsyncLocalStorage } from "node:async_hooks";
import { serve } from "@hono/node-server";
import { createApiKey } from "../src/access/api-keys.ts";
import { readConfig } from "../src/config.ts";
import { present } from "../src/kernel/assert.ts";
import { toId, uuidOf } from "../src/kernel/ids.ts";
import { seedDemo } from "../src/platform/demo.ts";
import { openNodeApp } from "../src/platform/node-app.ts";
import { tookHeader } from "./load.ts";

/** What the bench is told once the service listens. */
export type Ready = {
  readonly port: number;
  readonly key: string;
  readonly databaseUrl: string;
  readonly webhookPath: string;
  readonly webhookSecret: string;
};

/** Whether the desk applies what is accepted while it is accepted, which it does unless told. */
export type DeskOrder = { readonly desk: "rests" | "works" };

/**
 * The service under measurement: the real one with its durable database. It asks a gateway in another process, as it
 * would Stripe's, and says of each answer how much of its time was the gateway's own (`gateway.ts`).
 */
const gatewayUrl = `http://127.0.0.1:${process.env.BENCH_GATEWAY_PORT}`;
/** Milliseconds that the gateway took for the request at hand. */
const waited = new AsyncLocalStorage<{ ms: number }>();

const config = readConfig({ ...process.env, SANDBOX: "on", LOG_LEVEL: "error", PORT: "0" });
let resting = false;
process.on("message", (order: DeskOrder) => {
  resting = order.desk === "rests";
  if (!resting) node.bell.ring("inbox");
});
const node = await openNodeApp(config, {
  transport: async (input, init) => {
    const { pathname, search } = new URL(String(input));
    const answer = await fetch(`${gatewayUrl}${pathname}${search}`, init);
    const request = waited.getStore();
    if (request) request.ms += Number(answer.headers.get(tookHeader));
    return answer;
  },
  doorbell: { ring: (work) => (work === "inbox" && resting ? undefined : node.bell.ring(work)) },
});
const demo = await seedDemo(node.app);
const given = { kind: "secret", mode: "test", label: "bench", scopes: ["*"] } as const;
const church = present(demo.churches[0], "a demo church").churchId;
const key = await createApiKey(node.db, church, given, new Date());
// Not a simulated account any more: what is asked in its name goes out.
const [account] = await node.db.inChurch(
  church,
  ({ sql }) => sql<{ endpoint_token: string; id: string }[]>`
    update gateway_accounts set sandbox = false where church_id = ${uuidOf(church)} and gateway = 'stripe'
    returning endpoint_token, id`,
);
node.app.deps.payments.forget(toId("gatewayAccount", present(account, "one").id));
const ready = await node.app.deps.payments.ready(church, toId("gatewayAccount", present(account, "one").id));
const [secret] = present(ready, "an account").account.webhookSecrets;
const answered: typeof node.app.fetch = (request, connection) => {
  const gateway = { ms: 0 };
  return waited.run(gateway, async () => {
    const answer = await node.app.fetch(request, connection);
    if (gateway.ms > 0) answer.headers.set(tookHeader, gateway.ms.toFixed(3));
    return answer;
  });
};
const server = serve({ fetch: answered, port: config.port }, (info) => {
  const answer: Ready = {
    port: info.port,
    key: key.text.reveal(),
    databaseUrl: node.databaseUrl,
    webhookPath: `/webhooks/stripe/${account?.endpoint_token}`,
    webhookSecret: present(secret, "a webhook secret").secret.reveal(),
  };
  process.send?.(answer);
});
process.on("SIGTERM", () => {
  server.close(() => void node.close().then(() => process.exit(0)));
});
