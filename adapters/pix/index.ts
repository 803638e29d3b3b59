import type { AdapterFactory } from "../../src/gateway/adapter.ts";
import type { GatewayModule } from "../../src/gateway/gateway-module.ts";
import type { PixAccount } from "./claims.ts";
import { pixClient } from "./client.ts";
import { payloadHosts, pixCredentials, receivingAccount } from "./credentials.ts";
import { pixDonorCodes } from "./donor-codes.ts";
import { pixMandates } from "./mandates.ts";
import { pixManifest } from "./manifest.ts";
import { pixPayments } from "./payments.ts";
import { simulatePix } from "./sandbox/index.ts";
import { pixSettlements } from "./settlement.ts";
import { pixWebhooks } from "./webhook.ts";

/** The adapter of the central bank's API Pix. `create` does no I/O; its access token lives as long as what it makes. */
const factory: AdapterFactory = {
  manifest: pixManifest,
  credentials: pixCredentials,
  // Providers name their test hosts as they like, so credentials do not tell.
  modeOf: () => "either",
  takes: (given) => {
    const taken = pixManifest.methods.filter(
      ({ mandate }) => !mandate || receivingAccount(pixCredentials.parse(given)),
    );
    return Object.fromEntries(taken.map(({ type, currencies }) => [type, currencies]));
  },
  clientCertificate: (given) => {
    const { certificate, private_key: privateKey } = pixCredentials.parse(given);
    return certificate === undefined || privateKey === undefined ? undefined : { certificate, privateKey };
  },
  create: ({ credentials, transport }) => {
    const given = pixCredentials.parse(credentials);
    const client = pixClient(given, transport);
    const bankAccount = receivingAccount(given);
    const receiver = { name: given.receiver_name, city: given.receiver_city, hosts: payloadHosts(given) };
    const account: PixAccount = { client, receiver, key: given.pix_key, bankAccount };
    return {
      manifest: pixManifest,
      payments: pixPayments(account),
      webhooks: pixWebhooks(account),
      settlements: pixSettlements(client),
      donorCodes: pixDonorCodes(account),
      ...(bankAccount ? { mandates: pixMandates(account) } : {}),
    };
  },
};

/** The church's own Pix provider: adapter and simulator. */
export const pix: GatewayModule = { factory, simulate: simulatePix };
