import { randomBytes } from "node:crypto";
import { countries } from "../../countries/index.ts";
import { createApiKey, type NewApiKey } from "../../src/access/api-keys.ts";
import { churchSettingsReader } from "../../src/churches/church-settings.ts";
import { createChurch, type NewChurch } from "../../src/churches/create-church.ts";
import type { Deps } from "../../src/deps.ts";
import { createHttpApp } from "../../src/http/app.ts";
import { type FixedClock, fixedClock, seconds } from "../../src/kernel/clock.ts";
import type { ChurchId, FundId, LegalEntityId } from "../../src/kernel/ids.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { noMetrics } from "../../src/kernel/metrics.ts";
import { type Secret, secret } from "../../src/kernel/secret.ts";
import { shortCache } from "../../src/kernel/short-cache.ts";
import { createVault, type Vault } from "../../src/privacy/create-vault.ts";
import { createPaymentFactory } from "../../src/routing/payment-factory.ts";
import type { Door } from "../../src/webhooks/receive.ts";
import { createInboxWriter } from "../../src/webhooks/write-inbox.ts";
import { type TestDatabase, testDatabase } from "./database.ts";

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, to be matched and never trusted. */
  readonly body: unknown;
};

export type Ask = {
  readonly key?: string | Secret;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export type TestApp = {
  readonly deps: Deps & { readonly vault: Vault };
  readonly database: TestDatabase;
  readonly clock: FixedClock;
  /** One request through the whole HTTP face; no socket. */
  ask(method: string, path: string, ask?: Ask): Promise<Answer>;
};

/**
 * The HTTP face and its use cases on a database of this test file's own, with a clock that stands until it is moved.
 * No gateways, jobs or pages: for what concerns none of them. `tests/support/house.ts` has the whole house.
 */
export async function testApp(overrides: Partial<Deps> = {}): Promise<TestApp> {
  const database = await testDatabase();
  const clock = fixedClock("2026-11-20T12:00:00Z");
  const vault = createVault({ masterKey: secret(randomBytes(32).toString("base64")), clock });
  const { db } = database;
  const deps = {
    config: {
      publicUrl: "http://localhost:8787",
      sandbox: true,
      maxInFlight: 512,
      returned: { address: undefined, secret: undefined },
    },
    db,
    clock,
    log: silentLog,
    metrics: noMetrics,
    banks: { list: async () => [] },
    payments: createPaymentFactory({
      db,
      vault,
      clock,
      adapters: new Map(),
      transport: () => Promise.reject(new Error("no gateway in this test")),
      transportWith: undefined,
      sandboxes: new Map(),
    }),
    settings: churchSettingsReader(db, clock),
    countries,
    doorbell: { ring: () => {} },
    ...overrides,
    vault,
  };
  const door: Door = {
    ...deps,
    inbox: createInboxWriter(db, vault),
    endpoints: shortCache({ clock, ttlMs: seconds(5), most: 1000 }),
  };
  const app = createHttpApp(deps, { door, pages: [], scrape: undefined });
  return {
    deps,
    database,
    clock,
    async ask(method, path, { key, body, headers } = {}) {
      const text = typeof key === "string" ? key : key?.reveal();
      const response = await app.request(path, {
        method,
        headers: {
          ...(text === undefined ? {} : { authorization: `Bearer ${text}` }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answered = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: answered === "" ? undefined : JSON.parse(answered),
      };
    },
  };
}

export type TestChurch = {
  readonly id: ChurchId;
  readonly slug: string;
  readonly legalEntityId: LegalEntityId;
  readonly fundId: FundId;
  /** A test-mode server key that may do everything. */
  readonly key: Secret;
};

/** A church with a fund, a legal entity, a data key and an API key. */
export async function testChurch(
  { deps }: Pick<TestApp, "deps">,
  given: Partial<NewChurch> = {},
): Promise<TestChurch> {
  const slug = given.slug ?? `iglesia-${randomBytes(4).toString("hex")}`;
  const made = await createChurch(deps, {
    name: "Iglesia Esperanza",
    slug,
    country: "mx",
    legalEntity: { name: "Iglesia Esperanza A.R." },
    ...given,
  });
  if (!made.ok) throw new Error(`no church: ${made.error.detail}`);
  const { church, legalEntityId, fundId } = made.value;
  const key = await testKey({ deps }, church.id);
  return { id: church.id, slug, legalEntityId, fundId, key };
}

/** A server key of the church, in test mode and able to do everything unless told otherwise. */
export async function testKey(
  { deps }: Pick<TestApp, "deps">,
  church: ChurchId,
  given: Partial<NewApiKey> = {},
): Promise<Secret> {
  const wanted: NewApiKey = { kind: "secret", mode: "test", label: "tests", scopes: ["*"], ...given };
  return (await createApiKey(deps.db, church, wanted, deps.clock.now())).text;
}
