import type { GatewayModule } from "../../src/gateway/gateway-module.ts";
import { err } from "../../src/kernel/result.ts";
import { credentials, railOf } from "./credentials.ts";
import { takenBy } from "./instructions.ts";
import { transferManifest } from "./manifest.ts";
import { transferPayments } from "./payments.ts";

const silent = "a bank account sends no webhooks";

/**
 * The church's own bank account as a gateway: donors are told where to send and what to quote, and the bank's
 * statement confirms (src/bank-statements). It calls nobody, so there is nothing to simulate, and its numbers do not
 * say whether they are real: `either` mode.
 */
export const transfer: GatewayModule = {
  factory: {
    manifest: transferManifest,
    credentials,
    modeOf: () => "either",
    takes: (given, country) => takenBy(railOf(given), country),
    create: (account) => ({
      manifest: transferManifest,
      payments: transferPayments(railOf(account.credentials)),
      webhooks: {
        verify: async () => "forged",
        envelope: () => err(silent),
        read: () => err(silent),
      },
    }),
  },
};
