import type { GatewayModule } from "../../src/gateway/gateway-module.ts";
import { err } from "../../src/kernel/result.ts";
import { inNewYork } from "./banking-days.ts";
import { buildAchFile } from "./build-file.ts";
import { credentials, originatorOf } from "./credentials.ts";
import { achFileManifest } from "./manifest.ts";
import { achPayments } from "./payments.ts";
import { readAchReturns } from "./read-returns.ts";

const silent = "a bank that takes files sends no webhooks";

/**
 * The church's own bank as a gateway of debits: the adapter writes Nacha files and reads the bank's files of returns
 * (`debitFiles`); the core keeps the donors' accounts, sealed, and the operator carries the files. It calls nobody, so
 * there is nothing to simulate, and an agreement does not say whether it is real: `either` mode.
 */
export const achFile: GatewayModule = {
  factory: {
    manifest: achFileManifest,
    credentials,
    modeOf: () => "either",
    create: (account) => {
      const originator = originatorOf(account.credentials);
      return {
        manifest: achFileManifest,
        payments: achPayments(originator),
        webhooks: {
          verify: async () => "forged",
          envelope: () => err(silent),
          read: () => err(silent),
        },
        debitFiles: {
          build: (request) => buildAchFile(originator, request),
          dayOf: (at) => inNewYork(at).date,
          readReturns: readAchReturns,
        },
      };
    },
  },
};
