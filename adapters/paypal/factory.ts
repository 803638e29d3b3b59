import { z } from "zod";
import type { AdapterFactory } from "../../src/gateway/adapter.ts";
import { paypalAccount } from "./client.ts";
import { paypalDisputes } from "./disputes.ts";
import { paypalMandates } from "./mandates.ts";
import { paypalManifest } from "./manifest.ts";
import { paypalHolds, paypalPayments } from "./payments.ts";
import { paypalSettlements } from "./settlement.ts";
import { paypalWebhooks } from "./webhook.ts";

/**
 * Credentials of one PayPal REST app: its client id and secret, the environment they are of (PayPal's own words
 * do not tell), and the country of the account behind it, which PayPal tells nobody who only has an app. The
 * webhook's id is kept apart, as the webhook's secret.
 */
const credentials = z.object({
  client_id: z.string().regex(/^[\w-]{16,128}$/, "a PayPal client id is 16 to 128 letters, digits, - and _"),
  client_secret: z.string().regex(/^[\w-]{16,128}$/, "a PayPal secret is 16 to 128 letters, digits, - and _"),
  environment: z.enum(["sandbox", "live"]),
  country: z
    .string()
    .refine(
      (code) => paypalManifest.accountCountries.includes(code),
      "no PayPal account of this country is served",
    ),
});

/** The PayPal adapter. `create` does no I/O; one access token serves every call of the adapter until it expires. */
export const paypalFactory: AdapterFactory = {
  manifest: paypalManifest,
  credentials,
  modeOf: (given) => (credentials.parse(given).environment === "live" ? "live" : "test"),
  create({ credentials: given, transport }) {
    const account = paypalAccount(credentials.parse(given), transport);
    return {
      manifest: paypalManifest,
      payments: paypalPayments(account),
      webhooks: paypalWebhooks(account),
      holds: paypalHolds(account),
      mandates: paypalMandates(account),
      settlements: paypalSettlements(account),
      disputes: paypalDisputes(account),
    };
  },
};
