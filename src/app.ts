import { Hono } from "hono";
import { gateways } from "../adapters/index.ts";
import { countries } from "../countries/index.ts";
import { churchSettingsReader } from "./churches/church-settings.ts";
import type { Config, TwilioSettings } from "./config.ts";
import type { Database } from "./db/client.ts";
import type { Deps, Doorbell } from "./deps.ts";
import type { AdapterFactory, ClientCertificate, Transport } from "./gateway/adapter.ts";
import type { SimulatedGateway } from "./gateway/gateway-module.ts";
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
import { sandboxMailbox } from "./messages/mailbox.ts";
import type { Mailer, TextSender } from "./messages/mailer.ts";
import { twilioSender } from "./messages/twilio/sender.ts";
import { simulatedTwilio, twilioSimulator } from "./messages/twilio/simulator.ts";
import type { WebhookTransport } from "./outbox/send.ts";
import { checkoutRoutes } from "./pages/checkout/routes.ts";
import { assetRoutes } from "./pages/design/asset-routes.ts";
import { messageRoutes } from "./pages/messages/routes.tsx";
import { portalRoutes } from "./pages/portal/routes.ts";
import { referenceRoutes } from "./pages/reference/routes.tsx";
import { mailboxRoutes, type SandboxPost } from "./pages/sandbox/mailbox-routes.tsx";
import { sandboxRoutes } from "./pages/sandbox/routes.tsx";
import { createVault, type Vault } from "./privacy/create-vault.ts";
import { bankLists } from "./routing/bank-list.ts";
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
  /** The same with a client certificate; absent where the platform has no way to show one (Workers). */
  readonly transportWith?: (certificate: ClientCertificate) => Transport;
  /** The way out to the churches' own systems: pinned to the address that was checked. */
  readonly webhookTransport: WebhookTransport;
  readonly doorbell: Doorbell;
  /** The mail server, where one is set. */
  readonly mailer?: Mailer;
  /** Keeps work going after the answer was sent (`waitUntil` on Workers). */
  readonly background: (work: () => Promise<void>) => void;
  /** State of the simulators; used only where the sandbox is on. */
  readonly sandboxStore: (gateway: string) => SandboxStore;
  /** Prometheus text, where this platform keeps metrics. */
  readonly scrape?: () => Promise<string>;
};

export type App = {
  /** `connection`: what the platform knows of where the request came from. */
  fetch(request: Request, connection?: object): Promise<Response>;
  readonly deps: Deps;
  readonly vault: Vault;
  readonly jobs: readonly Job[];
  readonly adapters: ReadonlyMap<string, AdapterFactory>;
  /** The simulators by gateway; empty where the sandbox is off. */
  readonly simulators: Simulators;
};

export type Simulators = ReadonlyMap<string, SimulatedGateway>;

/** The composition root: the only place that knows adapters, countries and platform together. */
export function createApp(config: Config, platform: Platform): App {
  const { db, clock, log, metrics } = platform;
  const vault = createVault({
    masterKey: platform.masterKey,
    previousMasterKeys: config.previousMasterKeys,
    clock,
  });
  let http: { fetch(request: Request, connection?: object): Response | Promise<Response> } | undefined;
  const self = async (request: Request, connection?: object) =>
    present(http, "the app is made before it is called").fetch(request, connection);
  const simulators = config.sandbox ? openSimulators(config, platform, self) : new Map();
  const adapters = new Map([...gateways].map(([id, { factory }]) => [id, factory]));
  const payments = createPaymentFactory({
    db,
    vault,
    clock,
    adapters,
    transport: platform.transport,
    transportWith: platform.transportWith,
    sandboxes: new Map(
      [...simulators].map(([id, simulator]) => [
        id,
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
    banks: bankLists({ clock, log, metrics }, payments),
    settings: churchSettingsReader(db, clock),
    countries,
    doorbell: platform.doorbell,
  };
  const door: Door = {
    ...deps,
    inbox: createInboxWriter(db, vault),
    endpoints: shortCache<string, Endpoint | undefined>({ clock, ttlMs: seconds(5), most: 20_000 }),
  };
  const post = postOffice(config, platform, self);
  const jobs = jobTable(
    deps,
    {
      db,
      vault,
      clock,
      log,
      metrics,
      transport: platform.webhookTransport,
      targets: { allowPrivateTargets: config.sandbox },
    },
    post,
  );
  const pages = [...pagesFor(simulators), messageRoutes(post.twilio)];
  if (post.sandbox) pages.push(mailboxRoutes(post.sandbox));
  http = createHttpApp(deps, { door, pages, scrape: platform.scrape });
  return { fetch: self, deps, vault, jobs, adapters, simulators };
}

/** What donors see, and the bank's side of it where the sandbox is on. */
function pagesFor(simulators: Simulators): readonly Hono<HonoEnv>[] {
  const sdks = new Map(
    [...gateways].flatMap(([id, { browserSdk }]) => (browserSdk ? [[id, browserSdk] as const] : [])),
  );
  const desks = new Map([...simulators].map(([id, { desk }]) => [id, desk]));
  const simulated = new Hono<HonoEnv>();
  for (const [id, simulator] of simulators) {
    const { pages } = simulator;
    if (pages) simulated.all(`/sandbox/${id}/*`, (c) => pages(c.req.raw));
  }
  return [
    assetRoutes(),
    referenceRoutes(openApiDocument),
    checkoutRoutes(sdks),
    portalRoutes(sdks),
    sandboxRoutes(desks),
    simulated,
  ];
}

type PostOffice = {
  readonly mailer: Mailer | undefined;
  readonly texts: TextSender | undefined;
  /** What the carrier's callbacks are signed with. */
  readonly twilio: TwilioSettings | undefined;
  /** Where messages lie that were sent nowhere. */
  readonly sandbox: SandboxPost | undefined;
};

/** The ways out for messages: what the settings name, and in the sandbox places of our own for what they do not. */
function postOffice(
  config: Config,
  platform: Platform,
  self: (request: Request) => Promise<Response>,
): PostOffice {
  const { clock, sandboxStore } = platform;
  const sandbox = config.sandbox
    ? {
        mailbox: sandboxMailbox(sandboxStore("mailbox"), clock),
        twilio: twilioSimulator(sandboxStore("twilio"), clock, self),
      }
    : undefined;
  const twilio = config.twilio ?? (sandbox && simulatedTwilio);
  const out: Transport = config.twilio
    ? platform.transport
    : (input, init) => present(sandbox, "simulated").twilio.fetch(new Request(input, init));
  return {
    mailer: platform.mailer ?? sandbox?.mailbox,
    texts: twilio && twilioSender(twilio, out),
    twilio,
    sandbox,
  };
}

/** Every gateway that can be simulated, sending its webhooks to this very service. */
function openSimulators(
  config: Config,
  platform: Platform,
  self: (request: Request) => Promise<Response>,
): Simulators {
  const { clock, background } = platform;
  return new Map(
    [...gateways].flatMap(([id, { simulate }]) => {
      if (!simulate) return [];
      const simulator = simulate({
        store: platform.sandboxStore(id),
        clock,
        background,
        pagesUrl: `${config.publicUrl}/sandbox/${id}`,
        deliver: async ({ url, headers, body }) => {
          const answer = await self(new Request(url, { method: "POST", headers, body }));
          return { status: answer.status };
        },
      });
      return [[id, simulator] as const];
    }),
  );
}
