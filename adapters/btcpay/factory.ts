import { z } from "zod";
import type { AdapterFactory } from "../../src/gateway/adapter.ts";
import type { Store } from "./client.ts";
import { btcpayManifest } from "./manifest.ts";
import { networks } from "./network.ts";
import { btcpayPayments } from "./payments.ts";
import { btcpayWebhooks } from "./webhook.ts";

/**
 * Credentials of one store: the server's address, the store's id, an API key limited to that store, and which chain
 * its wallet is on. The webhook's secret is kept apart, because several can be live at once. Coins of value travel
 * over TLS only (or inside Tor).
 */
const credentials = z
  .object({
    url: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, "")),
    store_id: z
      .string()
      .regex(/^[A-Za-z0-9_-]{5,64}$/, "a store id is one word, as in the dashboard's address"),
    api_key: z.string().regex(/^[A-Za-z0-9]{20,100}$/, "an API key is letters and digits"),
    network: z.enum(networks),
  })
  .refine(({ url, network }) => network === "testnet" || isPrivate(url), {
    path: ["url"],
    message: "a server with real money is reached over https or an onion address",
  });

const isPrivate = (url: string): boolean =>
  url.startsWith("https:") || (URL.canParse(url) && new URL(url).hostname.endsWith(".onion"));

/** Makes the adapter of one store. */
export const btcpayFactory: AdapterFactory = {
  manifest: btcpayManifest,
  credentials,
  modeOf: ({ network }) => (network === "mainnet" ? "live" : "test"),
  create(account) {
    const { url, store_id: storeId, api_key: apiKey, network } = credentials.parse(account.credentials);
    const store: Store = { url, storeId, apiKey, network, transport: account.transport };
    return {
      manifest: btcpayManifest,
      payments: btcpayPayments(store),
      webhooks: btcpayWebhooks(storeId),
    };
  },
};
