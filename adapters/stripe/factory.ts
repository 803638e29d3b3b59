import { z } from "zod";
import type { AdapterFactory } from "../../src/gateway/adapter.ts";
import { stripeClient } from "./client.ts";
import { stripeMandates } from "./mandates.ts";
import { stripeManifest } from "./manifest.ts";
import { stripePayments } from "./payments.ts";
import { stripeSettlements } from "./settlement.ts";
import { stripeWebhooks } from "./webhook.ts";

/**
 * Credentials of one Stripe account: a secret (or restricted) key and the publishable key, both of the same
 * mode. Webhook signing secrets are kept apart, because several can be live at once.
 */
const credentials = z
  .object({
    secret_key: z.string().regex(/^(sk|rk)_(test|live)_\w+$/, "a Stripe secret key starts with sk_ or rk_"),
    publishable_key: z.string().regex(/^pk_(test|live)_\w+$/, "a Stripe publishable key starts with pk_"),
  })
  .refine((keys) => modeOf(keys.secret_key) === modeOf(keys.publishable_key), {
    path: ["publishable_key"],
    message: "the two keys are of different modes, one test and one live",
  });

const modeOf = (key: string): string | undefined => key.split("_")[1];

/** The Stripe adapter. `create` does no I/O; one SDK client serves every call of the adapter it makes. */
export const stripeFactory: AdapterFactory = {
  manifest: stripeManifest,
  credentials,
  modeOf: (given) => (modeOf(credentials.parse(given).secret_key) === "live" ? "live" : "test"),
  create(account) {
    const keys = credentials.parse(account.credentials);
    const client = stripeClient(keys.secret_key, account.transport);
    return {
      manifest: stripeManifest,
      payments: stripePayments({ stripe: client, publishableKey: keys.publishable_key }),
      webhooks: stripeWebhooks(keys.publishable_key),
      mandates: stripeMandates({ stripe: client, publishableKey: keys.publishable_key }),
      settlements: stripeSettlements(client),
    };
  },
};
