import { Hono } from "hono";
import { adapters } from "../adapters/index.ts";
import { stripeBrowserSdk } from "../adapters/stripe/browser-sdk.ts";
import { stripeDesk } from "../adapters/stripe/sandbox/desk.ts";
import { createStripeSandbox } from "../adapters/stripe/sandbox/index.ts";
import { stripeSandboxPages } from "../adapters/stripe/sandbox/pages.tsx";
import { countries } from "../countries/index.ts";
import { churchSettingsReader } from "./churches/church-settings.ts";
import type { Config } from "./config.ts";
import type { Database } from "./db/client.ts";
import type { Deps, Doorbell } from "./deps.ts";
import type { AdapterFactory, Transport } from "./gateway/adapter.ts";
import type { SandboxStore } from "./gateway/sandbox.ts";
import { createHttpApp } from "./http/app.ts";
import type { HonoEnv } from "./http/context.ts";
import { openApiDocument } from "./http/openapi-document.ts";
import { type Job, jobTable } from "./jobs/job-table.ts";
import { present } from "./kernel/assert.ts";
import { type Clock, seconds } from "./kernel/clock.ts";
import type { Log } from "./kernel/log.ts";
import type { Metrics } from "./kernel/metrics.ts";
import type { Secret } from "./kernel/secret.ts";
import { shortCache } from "./kernel/short-cache.ts";
import type { WebhookTransport } from "./outbox/send.ts";
import { checkoutRoutes } from "./pages/checkout/routes.ts";
import { assetRoutes } from "./pages/design/asset-routes.ts";
import { referenceRoutes } from "./pages/reference/routes.tsx";
import { sandboxRoutes } from "./pages/sandbox/routes.tsx";
import { createVault, type Vault } from "./privacy/create-vault.ts";
import { createPaymentFactory } from "./routing/payment-factory.ts";
import type { Door, Endpoint } from "./webhooks/receive.ts";
import { createInboxWriter } from "./webhooks/write-inbox.ts";

/** What differs between Node, Workers and tests. */
export type Platform = {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly masterKey: Secret;
  /** The way out to gateways. */
  readonly transport: Transport;
  /** The way out to the churches' own systems: pinned to the address that was checked. */
  readonly webhookTransport: WebhookTransport;
  readonly doorbell: Doorbell;
  /** Keeps work going after the answer was sent (`waitUntil` on Workers). */
  readonly background: (work: () => Promise<void>) => void;
  /** State of the simulators; used only where the sandbox is on. */
  readonly sandboxStore: (gateway: string) => SandboxStore;
  /** Prometheus text, where this platform keeps metrics. */
  readonly scrape?: () => Promise<string>;
};

export type App = {
  fetch(request: Request): Promise<Response>;
  readonly deps: Deps;
  readonly vault: Vault;
  readonly jobs: readonly Job[];
  readonly adapters: ReadonlyMap<string, AdapterFactory>;
  readonly sandbox: Sandboxes | undefined;
};

export type Sandboxes = { readonly stripe: ReturnType<typeof createStripeSandbox> };

/** The composition root: the only place that knows adapters, countries and platform together. */
export function createApp(config: Config, platform: Platform): App {
  const { db, clock, log, metrics } = platform;
  const vault = createVault({
    masterKey: platform.masterKey,
    previousMasterKeys: config.previousMasterKeys,
    clock,
  });
  let http: { fetch(request: Request): Response | Promise<Response> } | undefined;
  const self = async (request: Request) =>
    present(http, "the app is made before it is called").fetch(request);
  const sandbox = config.sandbox ? makeSandboxes(config, platform, self) : undefined;
  const payments = createPaymentFactory({
    db,
    vault,
    clock,
    adapters,
    transport: platform.transport,
    sandboxes: new Map(
      Object.entries(sandbox ?? {}).map(([gateway, simulator]) => [
        gateway,
        (input, init) => simulator.fetch(new Request(input, init)),
      ]),
    ),
  });
  const deps: Deps = {
    config,
    db,
    clock,
    log,
    metrics,
    vault,
    payments,
    settings: churchSettingsReader(db, clock),
    countries,
    doorbell: platform.doorbell,
  };
  const door: Door = {
    ...deps,
    inbox: createInboxWriter(db, vault),
    endpoints: shortCache<string, Endpoint | undefined>({ clock, ttlMs: seconds(5), most: 20_000 }),
  };
  const jobs = jobTable(deps, {
    db,
    vault,
    clock,
    log,
    metrics,
    transport: platform.webhookTransport,
    targets: { allowPrivateTargets: config.sandbox },
  });
  http = createHttpApp(deps, {
    door,
    pages: pagesFor(config, sandbox),
    scrape: platform.scrape,
  });
  return { fetch: self, deps, vault, jobs, adapters, sandbox };
}

/** What donors see, and the bank's side of it where the sandbox is on. */
function pagesFor(config: Config, sandbox: Sandboxes | undefined): readonly Hono<HonoEnv>[] {
  const sdks = new Map([["stripe", stripeBrowserSdk]]);
  const always = [assetRoutes(), referenceRoutes(openApiDocument), checkoutRoutes(sdks)];
  if (!sandbox) return [...always, sandboxRoutes(new Map())];
  const desks = new Map([["stripe", stripeDesk(sandbox.stripe.control)]]);
  const gatewayPages = new Hono<HonoEnv>();
  gatewayPages.route("/", stripeSandboxPages(sandbox.stripe, { publicUrl: config.publicUrl }));
  return [...always, sandboxRoutes(desks), gatewayPages];
}

/** The simulators, sending their webhooks to this very service. */
function makeSandboxes(
  config: Config,
  platform: Platform,
  self: (request: Request) => Promise<Response>,
): Sandboxes {
  return {
    stripe: createStripeSandbox({
      store: platform.sandboxStore("stripe"),
      clock: platform.clock,
      fees: present(adapters.get("stripe"), "stripe is registered").manifest.fees,
      hostedPages: `${config.publicUrl}/sandbox/stripe`,
      background: platform.background,
      vouchersPayThemselves: false,
      deliver: async ({ url, headers, body }) => {
        const answer = await self(new Request(url, { method: "POST", headers, body }));
        return { status: answer.status };
      },
    }),
  };
}
