import type { Database } from "../db/client.ts";
import type {
  AdapterFactory,
  ClientCertificate,
  GatewayAdapter,
  GatewayCredentials,
  Transport,
} from "../gateway/adapter.ts";
import type { GatewayManifest } from "../gateway/manifest.ts";
import { present } from "../kernel/assert.ts";
import { type Clock, seconds } from "../kernel/clock.ts";
import type { ChurchId, GatewayAccountId } from "../kernel/ids.ts";
import { shortCache } from "../kernel/short-cache.ts";
import type { ChurchVault } from "../privacy/vault.ts";
import { type OpenedAccount, openAccount } from "./gateway-accounts.ts";

/** An account ready to be used: its adapter, made with its own credentials. */
export type ReadyAccount = { readonly account: OpenedAccount; readonly adapter: GatewayAdapter };

/** The only look-up of adapters in the house. */
export type PaymentFactory = {
  readonly manifests: ReadonlyMap<string, GatewayManifest>;
  /** The adapter of one account of one church; `undefined` when the church has no such account, or it cannot be served here. */
  ready(church: ChurchId, account: GatewayAccountId): Promise<ReadyAccount | undefined>;
  /** How to make an adapter of a gateway; `undefined` when there is no such gateway. */
  factory(gateway: string): AdapterFactory | undefined;
  /** The way out for these credentials; `undefined` where this platform has none. */
  wayOut(gateway: string, credentials: GatewayCredentials, sandbox: boolean): Transport | undefined;
  /** Drops what is remembered of an account whose credentials were changed. */
  forget(account: GatewayAccountId): void;
};

export type PaymentFactoryParts = {
  readonly db: Database;
  readonly vault: ChurchVault;
  readonly clock: Clock;
  readonly adapters: ReadonlyMap<string, AdapterFactory>;
  /** The way out to real gateways. */
  readonly transport: Transport;
  /** The same with a client certificate; absent where the platform cannot show one. */
  readonly transportWith: ((certificate: ClientCertificate) => Transport) | undefined;
  /** Ways to the simulators, by gateway; empty where the sandbox is off. */
  readonly sandboxes: ReadonlyMap<string, Transport>;
};

/** How long opened credentials are kept in memory: a rotation is seen by other processes within this. */
const rememberMs = seconds(30);

export function createPaymentFactory(parts: PaymentFactoryParts): PaymentFactory {
  const manifests = new Map([...parts.adapters].map(([id, factory]) => [id, factory.manifest]));
  const cache = shortCache<GatewayAccountId, ReadyAccount | undefined>({
    clock: parts.clock,
    ttlMs: rememberMs,
    most: 10_000,
  });
  return {
    manifests,
    factory: (gateway) => parts.adapters.get(gateway),
    wayOut: (gateway, credentials, sandbox) => wayOut(parts, gateway, credentials, sandbox),
    ready: async (church, id) => {
      const found = await cache.get(id, () => open(parts, church, id));
      // The cache is keyed by account alone, so the church is compared again: an account serves its own church only.
      return found?.account.churchId === church ? found : undefined;
    },
    forget: (id) => cache.forget(id),
  };
}

async function open(
  parts: PaymentFactoryParts,
  church: ChurchId,
  id: GatewayAccountId,
): Promise<ReadyAccount | undefined> {
  const account = await parts.db.inChurch(church, (tx) => openAccount(tx, parts.vault, church, id));
  if (!account || account.status === "disabled") return undefined;
  const factory = present(parts.adapters.get(account.gateway), `no adapter for gateway ${account.gateway}`);
  const credentials = factory.credentials.parse(account.credentials);
  const transport = wayOut(parts, account.gateway, credentials, account.sandbox);
  if (!transport) return undefined;
  return { account, adapter: factory.create({ credentials, transport }) };
}

/** `undefined` where the gateway wants to see a certificate and this platform has no way to show one. */
function wayOut(
  parts: PaymentFactoryParts,
  gateway: string,
  credentials: GatewayCredentials,
  sandbox: boolean,
): Transport | undefined {
  if (sandbox) return parts.sandboxes.get(gateway) ?? nowhere;
  const certificate = parts.adapters.get(gateway)?.clientCertificate?.(credentials);
  return certificate ? parts.transportWith?.(certificate) : parts.transport;
}

/** For test accounts of gateways that are never called: the church's own bank. */
const nowhere: Transport = () => Promise.reject(new TypeError("nothing answers here: TEST MODE"));
