import { serve } from "@hono/node-server";
import { createApiKey } from "../src/access/api-keys.ts";
import { readConfig } from "../src/config.ts";
import { memorySandboxStore } from "../src/gateway/memory-sandbox-store.ts";
import { present } from "../src/kernel/assert.ts";
import { seedDemo } from "../src/platform/demo.ts";
import { openNodeApp } from "../src/platform/node-app.ts";

/** The service under measurement: the real one, its simulators in memory so that they cost as little as they can. */
const config = readConfig({ ...process.env, SANDBOX: "on", LOG_LEVEL: "silent" });
const node = await openNodeApp(config, { sandboxStore: () => memorySandboxStore({ keepPerKind: 5_000 }) });
const demo = await seedDemo(node.app);
const [church] = demo.churches;
// What a gateway tells afterwards is measured on its own, by the webhook scenario.
await node.app.sandbox?.stripe.control.deliverWebhooks({ mode: "lost" });
const given = { kind: "secret", mode: "test", label: "bench", scopes: ["*"] } as const;
const key = await createApiKey(node.db, present(church, "a demo church").churchId, given, new Date());
const server = serve({ fetch: node.app.fetch, port: config.port }, (info) => {
  process.send?.({ ready: true, port: info.port, key: key.text.reveal(), databaseUrl: node.databaseUrl });
});
process.on("message", (message) => {
  if (message === "cpu") process.send?.({ cpu: process.cpuUsage(), heap: process.memoryUsage().rss });
});
process.on("SIGTERM", () => {
  server.close(() => void node.close().then(() => process.exit(0)));
});
