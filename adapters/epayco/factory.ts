import { z } from "zod";
import type { AdapterFactory } from "../../src/gateway/adapter.ts";
import type { Account } from "./client.ts";
import { epaycoManifest } from "./manifest.ts";
import { epaycoPayments } from "./payments.ts";
import { sealer } from "./seal.ts";
import { sharedFields } from "./translate-order.ts";
import { epaycoWebhooks } from "./webhook.ts";

/**
 * Credentials of one account, as in ePayco's dashboard: PUBLIC_KEY, PRIVATE_KEY, P_CUST_ID_CLIENTE, and whether
 * transactions are to be tests. P_KEY, which signs confirmations, is the webhook's secret and is kept apart. Keys look
 * alike in both modes, so the operator says which is meant, every transaction says so too, and each answer's own flag
 * is held against it.
 */
const credentials = z.object({
  public_key: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/, "the public key is one word, as in the dashboard"),
  private_key: z.string().regex(/^[A-Za-z0-9]{32}$/, "the private key has 32 letters and digits"),
  customer_id: z.string().regex(/^\d{1,12}$/, "P_CUST_ID_CLIENTE is a number"),
  mode: z.enum(["test", "live"]),
});

/** Makes the adapter of one account. */
export const epaycoFactory: AdapterFactory = {
  manifest: epaycoManifest,
  credentials,
  modeOf: ({ mode }) => (mode === "live" ? "live" : "test"),
  create(given) {
    const { public_key, private_key, customer_id, mode } = credentials.parse(given.credentials);
    const test = mode === "test";
    const account: Account = {
      publicKey: public_key,
      privateKey: private_key,
      customerId: customer_id,
      seal: sealer(private_key, sharedFields(public_key, test)),
      test,
      transport: given.transport,
    };
    return {
      manifest: epaycoManifest,
      payments: epaycoPayments(account),
      webhooks: epaycoWebhooks(account),
    };
  },
};
