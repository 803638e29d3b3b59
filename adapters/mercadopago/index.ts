import type { AdapterFactory } from "../../src/gateway/adapter.ts";
import type { GatewayModule } from "../../src/gateway/gateway-module.ts";
import { accountOf, credentials, modeOf } from "./account.ts";
import { mercadoPagoBanks } from "./banks.ts";
import { mercadoPagoBrowserSdk } from "./browser-sdk.ts";
import { mercadoPagoManifest } from "./manifest.ts";
import { mercadoPagoPayments } from "./payments.ts";
import { reportRows } from "./report-rows.ts";
import { simulateMercadoPago } from "./sandbox/index.ts";
import { mercadoPagoSettlements } from "./settlement.ts";
import { mercadoPagoWebhooks } from "./webhook.ts";

/** The Mercado Pago adapter. `create` does no I/O. */
const factory: AdapterFactory = {
  manifest: mercadoPagoManifest,
  credentials,
  modeOf,
  create(given) {
    const account = accountOf(given.credentials, given.transport);
    return {
      manifest: mercadoPagoManifest,
      payments: mercadoPagoPayments(account),
      webhooks: mercadoPagoWebhooks(account),
      hostedFields: { publicKey: account.publicKey },
      settlements: mercadoPagoSettlements(account, reportRows),
      ...(account.site.country === "co" ? { banks: mercadoPagoBanks(account) } : {}),
    };
  },
};

/** Mercado Pago: seven countries, one account each. */
export const mercadopago: GatewayModule = {
  factory,
  browserSdk: mercadoPagoBrowserSdk,
  simulate: simulateMercadoPago,
};
