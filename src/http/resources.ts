import { apiKeyRoutes } from "./routes/api-keys.ts";
import { approvalRoutes } from "./routes/approvals.ts";
import { bankStatementRoutes } from "./routes/bank-statements.ts";
import { churchRoutes } from "./routes/churches.ts";
import { countryRoutes } from "./routes/countries.ts";
import { debitAccountRoutes } from "./routes/debit-accounts.ts";
import { deliveryRoutes } from "./routes/deliveries.ts";
import { donationRoutes } from "./routes/donations.ts";
import { donorRoutes } from "./routes/donors.ts";
import { eventRoutes } from "./routes/events.ts";
import { fundRoutes } from "./routes/funds.ts";
import { gatewayAccountRoutes } from "./routes/gateway-accounts.ts";
import { ledgerRoutes } from "./routes/ledger.ts";
import { legalEntityRoutes } from "./routes/legal-entities.ts";
import { messageRoutes } from "./routes/messages.ts";
import { offlineDonationRoutes } from "./routes/offline-donations.ts";
import { portalLinkRoutes } from "./routes/portal-links.ts";
import { recurringForecastRoutes } from "./routes/recurring-forecast.ts";
import { recurringGiftRoutes } from "./routes/recurring-gifts.ts";
import { webhookEndpointRoutes } from "./routes/webhook-endpoints.ts";

/** The API under `/v1`, one router per resource: what is served, and what the reference describes. */
export const resources = [
  donationRoutes,
  offlineDonationRoutes,
  recurringForecastRoutes,
  recurringGiftRoutes,
  countryRoutes,
  churchRoutes,
  legalEntityRoutes,
  gatewayAccountRoutes,
  fundRoutes,
  donorRoutes,
  messageRoutes,
  portalLinkRoutes,
  debitAccountRoutes,
  apiKeyRoutes,
  webhookEndpointRoutes,
  deliveryRoutes,
  eventRoutes,
  ledgerRoutes,
  bankStatementRoutes,
  approvalRoutes,
] as const;
