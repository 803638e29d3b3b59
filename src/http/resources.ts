import { apiKeyRoutes } from "./routes/api-keys.ts";
import { churchRoutes } from "./routes/churches.ts";
import { countryRoutes } from "./routes/countries.ts";
import { deliveryRoutes } from "./routes/deliveries.ts";
import { donationRoutes } from "./routes/donations.ts";
import { donorRoutes } from "./routes/donors.ts";
import { eventRoutes } from "./routes/events.ts";
import { fundRoutes } from "./routes/funds.ts";
import { ledgerRoutes } from "./routes/ledger.ts";
import { legalEntityRoutes } from "./routes/legal-entities.ts";
import { webhookEndpointRoutes } from "./routes/webhook-endpoints.ts";

/** The API under `/v1`, one router per resource: what is served, and what the reference describes. */
export const resources = [
  donationRoutes,
  countryRoutes,
  churchRoutes,
  legalEntityRoutes,
  fundRoutes,
  donorRoutes,
  apiKeyRoutes,
  webhookEndpointRoutes,
  deliveryRoutes,
  eventRoutes,
  ledgerRoutes,
] as const;
