import { serve } from "@hono/node-server";
import { createApiKey } from "../src/access/api-keys.ts";
import { readConfig } from "../src/config.ts";
import { memorySandboxStore } from "../src/gateway/memory-sandbox-store.ts";
import { present } from "../src/kernel/assert.ts";
import { toId } from "../src/kernel/ids.ts";
import { seedDemo } from "../src/platform/demo.ts";
import { openNodeApp } from "../src/platform/node-app.ts";
import { stripeControl } from "../tests/support/stripe-control.ts";

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
 * The service under measurement: the real one with its durable database. The simulators keep their state in memory
 * and send no webhooks, so that a gift costs what it costs us; webhooks are measured on their own.
 */
const config = readConfig({ ...process.env, SANDBOX: "on", LOG_LEVEL: "error", PORT: "0" });
let resting = false;
process.on("message", (order: DeskOrder) => {
  resting = order.desk === "rests";
  if (!resting) node.bell.ring("inbox");
});
const node = await openNodeApp(config, {
  sandboxStore: () => memorySandboxStore({ keepPerKind: 5_000 }),
  doorbell: { ring: (work) => (work === "inbox" && resting ? undefined : node.bell.ring(work)) },
});
const demo = await seedDemo(node.app);
await stripeControl(node.app).deliverWebhooks({ mode: "lost" });
const given = { kind: "secret", mode: "test", label: "bench", scopes: ["*"] } as const;
const church = present(demo.churches[0], "a demo church").churchId;
const key = await createApiKey(node.db, church, given, new Date());
const [account] = await node.db.inChurch(
  church,
  ({ sql }) => sql<{ endpoint_token: string; id: string }[]>`select endpoint_token, id from gateway_accounts`,
);
const ready = await node.app.deps.payments.ready(church, toId("gatewayAccount", present(account, "one").id));
const [secret] = present(ready, "an account").account.webhookSecrets;
const server = serve({ fetch: node.app.fetch, port: config.port }, (info) => {
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
