import { randomBytes } from "node:crypto";
import { HttpResponse, http, passthrough } from "msw";
import { setupServer } from "msw/node";
import { afterAll, expect, onTestFinished } from "vitest";
import type { SandboxControl } from "../../adapters/stripe/sandbox/control.ts";
import { createApiKey } from "../../src/access/api-keys.ts";
import { type App, createApp, type Platform } from "../../src/app.ts";
import { createChurch } from "../../src/churches/create-church.ts";
import { createFund } from "../../src/churches/funds.ts";
import type { Config } from "../../src/config.ts";
import { memorySandboxStore } from "../../src/gateway/memory-sandbox-store.ts";
import type { SandboxStore } from "../../src/gateway/sandbox.ts";
import { type LocalBell, localBell } from "../../src/jobs/bell.ts";
import { runJob } from "../../src/jobs/run-job.ts";
import { present } from "../../src/kernel/assert.ts";
import { type FixedClock, fixedClock } from "../../src/kernel/clock.ts";
import type { ChurchId, FundId, LegalEntityId } from "../../src/kernel/ids.ts";
import { type Log, silentLog } from "../../src/kernel/log.ts";
import { noMetrics } from "../../src/kernel/metrics.ts";
import { secret } from "../../src/kernel/secret.ts";
import { connectGateway } from "../../src/routing/connect-gateway.ts";
import { type TestDatabase, testDatabase } from "./database.ts";
import { stripeControl } from "./stripe-control.ts";

export type HouseChurch = {
  readonly churchId: ChurchId;
  readonly slug: string;
  readonly legalEntityId: LegalEntityId;
  readonly fundId: FundId;
  readonly key: string;
  readonly stripeKey: string;
  readonly webhookUrl: string;
  readonly webhookSecret: string;
};

/** Answers are matched, never trusted. */
export type Reply = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
};

export type House = {
  readonly app: App;
  readonly database: TestDatabase;
  readonly clock: FixedClock;
  readonly bell: LocalBell;
  /** The simulated Stripe, and what moves it. */
  readonly sandbox: { fetch(request: Request): Promise<Response>; readonly control: SandboxControl };
  church(country: "mx" | "us"): Promise<HouseChurch>;
  ask(
    church: HouseChurch,
    method: string,
    path: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<Reply>;
  /** Lets webhooks arrive and every rung job finish. */
  settle(): Promise<void>;
  /** Puts something in the gateway's way, at its host; returns how to take it away before the test ends. */
  hold(gateway: (request: Request) => Promise<Response>): () => void;
  /** Moves the clock, lets the simulators live through it, and runs every job once. */
  pass(ms: number): Promise<void>;
  /** Sum of all postings: zero, always. */
  trialBalance(church: HouseChurch): Promise<Record<string, unknown>>;
};

export type HouseOptions = {
  readonly database?: TestDatabase;
  readonly store?: SandboxStore;
  readonly platform?: Partial<Platform>;
  /** Gateways are reached at their real host names, caught on the way out; or in process. */
  readonly wire?: "host" | "in_process";
  /** Where browsers reach it, for tests that listen on a port. */
  readonly publicUrl?: string;
  /** Where mail comes back to, and who may bring it. */
  readonly returned?: Config["returned"];
};

/** Silent, but for what no test expects: a request that ended in an internal error. */
const unexpectedOnly: Log = {
  ...silentLog,
  error: (fields, sentence) => {
    if (sentence === "request failed") console.error(sentence, fields);
  },
  child: () => unexpectedOnly,
};

const nowhere = "http://ofrenda.test";

/** The whole service, its simulated gateway and a real database, with a clock that stands until it is moved. */
export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const database = options.database ?? (await testDatabase());
  const clock = fixedClock("2026-11-20T15:00:00Z");
  const bell = localBell();
  const config: Config = {
    home: "",
    databaseUrl: database.url,
    databasePrepare: true,
    databaseMaxConnections: 10,
    port: 0,
    publicUrl: options.publicUrl ?? nowhere,
    masterKey: undefined,
    previousMasterKeys: [],
    sandbox: true,
    mail: { server: undefined, from: "no-reply@ofrenda.test" },
    returned: options.returned ?? { address: undefined, secret: undefined },
    twilio: undefined,
    logLevel: "silent",
    maxInFlight: 512,
    shutdownMs: 1000,
  };
  const store = options.store ?? memorySandboxStore();
  const app = createApp(config, {
    db: database.db,
    clock,
    log: unexpectedOnly,
    metrics: noMetrics,
    masterKey: secret(randomBytes(32).toString("base64")),
    transport: throughHosts,
    webhookTransport: (url, init) => fetch(url, init),
    doorbell: bell,
    background: () => {},
    sandboxStore: () => store,
    ...options.platform,
  });
  bell.bind(app.deps, app.jobs);
  const simulator = present(app.simulators.get("stripe"), "the sandbox is on");
  const sandbox = { fetch: (request: Request) => simulator.fetch(request), control: stripeControl(app) };
  const way = { fetch: sandbox.fetch };
  if (options.wire !== "in_process") catchHosts(way);
  const settle = async () => {
    for (let round = 0; round < 4; round++) {
      await sandbox.control.flush();
      await bell.quiet();
    }
  };
  return {
    app,
    database,
    clock,
    bell,
    sandbox,
    church: (country) => makeChurch(app, country, options.wire === "in_process"),
    ask: (church, method, path, body, headers) => ask(app, church, method, path, body, headers),
    settle,
    hold: (gateway) => {
      const usual = way.fetch;
      way.fetch = gateway;
      const restore = () => {
        way.fetch = usual;
      };
      onTestFinished(restore);
      return restore;
    },
    pass: async (ms) => {
      clock.advance(ms);
      await sandbox.control.tick(clock.now());
      await settle();
      for (const job of app.jobs) await runJob(app.deps, job, new AbortController().signal);
      await settle();
    },
    trialBalance: async (church) => (await ask(app, church, "GET", "/v1/ledger/trial-balance")).body,
  };
}

/** What the simulator threw in place of an answer, by call: msw keeps only that the network failed, not how. */
const faults = new Map<string, unknown>();
const callHeader = "x-house-call";

async function throughHosts(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const call = crypto.randomUUID();
  const request = new Request(input, init);
  request.headers.set(callHeader, call);
  try {
    return await fetch(request);
  } catch (error) {
    const fault = faults.get(call) ?? error;
    faults.delete(call);
    throw fault;
  }
}

/** The gateways' real host names lead to the simulators; the churches' own local servers are let through. */
function catchHosts(way: { readonly fetch: (request: Request) => Promise<Response> }): void {
  const server = setupServer(
    http.all("https://api.stripe.com/*", async ({ request }) => {
      try {
        return await way.fetch(request);
      } catch (error) {
        faults.set(request.headers.get(callHeader) ?? "", error);
        return HttpResponse.error();
      }
    }),
    http.all("http://127.0.0.1:*/*", () => passthrough()),
    http.all("http://localhost:*/*", () => passthrough()),
  );
  server.listen({ onUnhandledFrame: "error" });
  afterAll(() => server.close());
}

let made = 0;

async function makeChurch(app: App, country: "mx" | "us", inProcess: boolean): Promise<HouseChurch> {
  made += 1;
  const slug = `church-${country}-${made}-${randomBytes(3).toString("hex")}`;
  const created = await createChurch(app.deps, {
    name: "Iglesia de Prueba",
    slug,
    country,
    legalEntity: { name: "Iglesia de Prueba A.R.", address: "Calle 1, Oaxaca" },
  });
  if (!created.ok) throw new Error(created.error.detail);
  const { church, legalEntityId, fundId } = created.value;
  const now = app.deps.clock.now();
  await createFund(app.deps.db, church.id, { code: "missions", name: "Misiones", restricted: true }, now);
  const simulator = present(app.simulators.get("stripe"), "the sandbox is on");
  const account = simulator.openAccount({ country, name: `${country}_${randomBytes(8).toString("hex")}` });
  const webhookSecret = present(account.webhookSecret, "Stripe signs");
  const stripeKey = present(account.credentials.secret_key, "Stripe has a secret key");
  const connected = await connectGateway(app.deps, {
    gateway: "stripe",
    churchId: church.id,
    legalEntityId,
    country,
    mode: "test",
    label: "Stripe",
    sandbox: inProcess,
    credentials: account.credentials,
    webhookSecret: secret(webhookSecret),
  });
  if (!connected.ok) throw new Error(connected.error.detail);
  const { webhookUrl } = connected.value;
  await simulator.listen(account, webhookUrl);
  const given = { kind: "secret", mode: "test", label: "test", scopes: ["*"] } as const;
  const key = await createApiKey(app.deps.db, church.id, given, now);
  return {
    churchId: church.id,
    slug,
    legalEntityId,
    fundId,
    key: key.text.reveal(),
    stripeKey,
    webhookUrl,
    webhookSecret,
  };
}

async function ask(
  app: App,
  church: HouseChurch,
  method: string,
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const keyed =
    method === "POST" && !("idempotency-key" in headers) ? { "idempotency-key": crypto.randomUUID() } : {};
  const response = await app.fetch(
    new Request(`${app.deps.config.publicUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${church.key}`,
        ...(body ? { "content-type": "application/json" } : {}),
        ...keyed,
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    }),
  );
  const text = await response.text();
  const parsed: unknown = text === "" ? {} : JSON.parse(text);
  expect(parsed).toBeTypeOf("object");
  return { status: response.status, headers: response.headers, body: parsed as Record<string, unknown> };
}
