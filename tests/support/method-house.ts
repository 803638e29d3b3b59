import { randomBytes } from "node:crypto";
import { z } from "zod";
import { createApiKey } from "../../src/access/api-keys.ts";
import { type App, createApp } from "../../src/app.ts";
import { createChurch } from "../../src/churches/create-church.ts";
import type { Config } from "../../src/config.ts";
import type { Database } from "../../src/db/client.ts";
import type { GatewayCredentials } from "../../src/gateway/adapter.ts";
import { memorySandboxStore } from "../../src/gateway/memory-sandbox-store.ts";
import { localBell } from "../../src/jobs/bell.ts";
import { runJob } from "../../src/jobs/run-job.ts";
import { present } from "../../src/kernel/assert.ts";
import { type FixedClock, fixedClock } from "../../src/kernel/clock.ts";
import { type ChurchId, type GatewayAccountId, toId } from "../../src/kernel/ids.ts";
import { type Log, silentLog } from "../../src/kernel/log.ts";
import { noMetrics } from "../../src/kernel/metrics.ts";
import { secret } from "../../src/kernel/secret.ts";
import { connectSimulated } from "../../src/platform/connect-simulated.ts";
import { seedDemo } from "../../src/platform/demo.ts";
import { connectGateway } from "../../src/routing/connect-gateway.ts";

/**
 * The whole service with every simulated gateway in this process, the demo churches in it, and a clock that stands
 * until it is moved. Needs a migrated database and nothing of the test runner: scripts use it too.
 */
export type MethodHouse = {
  readonly app: App;
  readonly clock: FixedClock;
  readonly db: Database;
  /** The demo church of each seed country, with all its gateways. */
  readonly churches: ReadonlyMap<string, MethodChurch>;
  /** A church of its own with one gateway and no other, so that the gifts can go no other way. */
  churchWith(only: OnlyWay): Promise<MethodChurch>;
  ask(church: MethodChurch, method: string, path: string, body?: object | string): Promise<MethodReply>;
  /** Lets webhooks arrive, of one gateway or of all, and every rung job finish. */
  settle(gateway?: string): Promise<void>;
  /** Moves the clock, lets the simulators live through it, and runs every job once. */
  pass(ms: number): Promise<void>;
};

export type MethodChurch = {
  readonly churchId: ChurchId;
  readonly slug: string;
  readonly country: string;
  readonly key: string;
  /** The account a bank's statement is imported for, or a debit file is written for. */
  readonly bankAccount: GatewayAccountId | undefined;
};

export type OnlyWay = {
  readonly country: string;
  readonly gateway: string;
  /** Where the gateway keeps the account. */
  readonly accountIn: string;
  /** For what is not simulated: a bank. */
  readonly credentials: GatewayCredentials | undefined;
};

export type MethodReply = { readonly status: number; readonly body: Record<string, unknown> };

/** Silent, but for what no gift of these passes may run into: a request that ended in an internal error. */
const loud: Log = {
  ...silentLog,
  error: (fields, sentence) => {
    if (sentence === "request failed") console.error(sentence, fields);
  },
  child: () => loud,
};

export async function openMethodHouse(db: Database, publicUrl = "http://ofrenda.test"): Promise<MethodHouse> {
  const clock = fixedClock("2026-11-20T15:00:00Z");
  const bell = localBell();
  const app = createApp(configAt(publicUrl), {
    db,
    clock,
    log: loud,
    metrics: noMetrics,
    masterKey: secret(randomBytes(32).toString("base64")),
    transport: async () => {
      throw new Error("every gateway is simulated in this house: nothing may leave it");
    },
    webhookTransport: (url, init) => fetch(url, init),
    doorbell: bell,
    background: () => {},
    sandboxStore: () => memorySandboxStore(),
  });
  bell.bind(app.deps, app.jobs);
  const settle = async (gateway?: string) => {
    // A job may call the gateway, which may have something to tell because of it.
    for (let round = 0; round < 2; round++) {
      for (const [id, { desk }] of app.simulators) {
        if (gateway === undefined || gateway === id) await desk.delivery?.deliverNow();
      }
      await bell.quiet();
    }
  };
  const churches = new Map<string, MethodChurch>();
  for (const { slug, churchId } of (await seedDemo(app)).churches) {
    const country = slug.slice("demo-".length);
    const bankAccount = await accountAt(db, churchId, "transfer");
    churches.set(country, { churchId, slug, country, key: await keyOf(app, churchId), bankAccount });
  }
  return {
    app,
    clock,
    db,
    churches,
    churchWith: (only) => churchWith(app, only),
    ask: (church, method, path, body) => ask(app, church, method, path, body),
    settle,
    pass: async (ms) => {
      clock.advance(ms);
      for (const simulator of app.simulators.values()) await simulator.tick?.(clock.now());
      await settle();
      for (const job of app.jobs) await runJob(app.deps, job, new AbortController().signal);
      await settle();
    },
  };
}

const configAt = (publicUrl: string): Config => ({
  home: "",
  databaseUrl: undefined,
  databasePrepare: true,
  databaseMaxConnections: 10,
  port: 0,
  publicUrl,
  masterKey: undefined,
  previousMasterKeys: [],
  sandbox: true,
  mail: { server: undefined, from: "no-reply@ofrenda.test" },
  returned: { address: undefined, secret: undefined },
  twilio: undefined,
  logLevel: "silent",
  maxInFlight: 512,
  shutdownMs: 1000,
});

async function keyOf(app: App, churchId: ChurchId): Promise<string> {
  const given = { kind: "secret", mode: "test", label: "every method", scopes: ["*"] } as const;
  return (await createApiKey(app.deps.db, churchId, given, app.deps.clock.now())).text.reveal();
}

const accountRows = z.array(z.object({ id: z.string() }));

async function accountAt(
  db: Database,
  churchId: ChurchId,
  gateway: string,
): Promise<GatewayAccountId | undefined> {
  const rows = await db.inChurch(
    churchId,
    ({ sql }) => sql`select id from gateway_accounts where gateway = ${gateway}`,
  );
  const [row] = accountRows.parse([...rows]);
  return row && toId("gatewayAccount", row.id);
}

let made = 0;

async function churchWith(
  app: App,
  { country, gateway, accountIn, credentials }: OnlyWay,
): Promise<MethodChurch> {
  made += 1;
  const created = await createChurch(app.deps, {
    name: "Iglesia de un solo camino",
    slug: `only-${country}-${gateway.replaceAll("_", "-")}-${made}`,
    country,
    legalEntity: { name: "Iglesia de un solo camino", address: "Calle 1" },
  });
  if (!created.ok) throw new Error(created.error.detail);
  const { church, legalEntityId } = created.value;
  const order = { gateway, churchId: church.id, legalEntityId, country: accountIn };
  const connected = credentials
    ? await connectGateway(app.deps, {
        ...order,
        mode: "test",
        label: gateway,
        sandbox: false,
        credentials,
        webhookSecret: undefined,
      })
    : await connectSimulated(app, order);
  if (!connected.ok) throw new Error(`${gateway} in ${country}: ${connected.error.detail}`);
  return {
    churchId: church.id,
    slug: church.slug,
    country,
    key: await keyOf(app, church.id),
    bankAccount: connected.value.accountId,
  };
}

async function ask(
  app: App,
  church: MethodChurch,
  method: string,
  path: string,
  body?: object | string,
): Promise<MethodReply> {
  const type = typeof body === "string" ? "text/csv" : "application/json";
  const response = await app.fetch(
    new Request(`${app.deps.config.publicUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${church.key}`,
        ...(body === undefined ? {} : { "content-type": type }),
        ...(method === "POST" ? { "idempotency-key": crypto.randomUUID() } : {}),
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    }),
  );
  const text = await response.text();
  const parsed = z.record(z.string(), z.unknown()).parse(text === "" ? {} : JSON.parse(text));
  return { status: response.status, body: parsed };
}

/** The demo church of a country. */
export const churchOf = (house: MethodHouse, country: string): MethodChurch =>
  present(house.churches.get(country), `there is a demo church in ${country}`);
