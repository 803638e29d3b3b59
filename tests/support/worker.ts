import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterAll } from "vitest";
import { createTestHarness } from "wrangler";
import { readConfig } from "../../src/config.ts";
import { type Demo, seedDemo } from "../../src/platform/demo.ts";
import { type NodeApp, openNodeApp } from "../../src/platform/node-app.ts";
import { type TestDatabase, testDatabase } from "./database.ts";

/** Answers are matched, never trusted. */
export type WorkerReply = { readonly status: number; readonly headers: Headers; readonly text: string };

export type WorkerHouse = {
  readonly database: TestDatabase;
  readonly demo: Demo;
  /** The same service on Node over the same database, with a doorbell that rings nowhere. */
  readonly node: NodeApp;
  ask(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<WorkerReply>;
  /** A form as a page would send it; redirects are not followed. */
  submit(path: string, fields: Record<string, string>): Promise<WorkerReply>;
  /** Fires a cron trigger and waits for its end. */
  cron(expression: string): Promise<void>;
  /** What the Worker wrote as warnings and errors. */
  complaints(): readonly string[];
};

const root = join(import.meta.dirname, "..", "..");
const local = "CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE";

/** The settings both runtimes share, so that each opens what the other sealed. */
export const workerSettings = (): Readonly<Record<string, string>> => ({
  SANDBOX: "on",
  PUBLIC_URL: "http://ofrenda.test",
  MASTER_KEY: randomBytes(32).toString("base64"),
  LOG_LEVEL: "warn",
});

/** The Worker of `wrangler.toml`, bundled by wrangler and run by workerd, over a seeded database of this file's own. */
export async function openWorkerHouse(): Promise<WorkerHouse> {
  const database = await testDatabase();
  const { MASTER_KEY = "", ...vars } = workerSettings();
  const config = readConfig({ ...vars, MASTER_KEY, DATABASE_URL: database.url });
  const node = await openNodeApp(config, { doorbell: { ring: () => {} } });
  const demo = await seedDemo(node.app);
  process.env[local] = database.url;
  process.env.WRANGLER_SEND_METRICS = "false";
  const server = createTestHarness({
    root,
    workers: [{ configPath: "wrangler.toml", vars, secrets: { MASTER_KEY } }],
  });
  afterAll(async () => {
    await server.close();
    await node.close();
  });
  await server.listen();
  const send = async (path: string, init: { method: string; headers: Record<string, string>; body?: string }) => {
    const response = await server.fetch(path, { ...init, redirect: "manual" });
    const headers = new Headers([...response.headers]);
    return { status: response.status, headers, text: await response.text() };
  };
  return {
    database,
    demo,
    node,
    ask: (method, path, body, headers = {}) =>
      send(path, {
        method,
        headers: {
          authorization: `Bearer ${demo.key}`,
          ...(body ? { "content-type": "application/json" } : {}),
          ...(method === "POST" ? { "idempotency-key": crypto.randomUUID() } : {}),
          ...headers,
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      }),
    submit: (path, fields) =>
      send(path, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams(fields).toString(),
      }),
    cron: async (expression) => {
      await server.getWorker().scheduled({ cron: expression, scheduledTime: new Date() });
    },
    complaints: () =>
      server.getLogs().flatMap((line) => (line.level === "error" || line.level === "warn" ? [line.message] : [])),
  };
}
