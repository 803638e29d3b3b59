import type { ChurchSettingsReader } from "./churches/church-settings.ts";
import type { Config } from "./config.ts";
import type { Database } from "./db/client.ts";
import type { CountryProfile } from "./gateway/country-profile.ts";
import type { Clock } from "./kernel/clock.ts";
import type { Log } from "./kernel/log.ts";
import type { Metrics } from "./kernel/metrics.ts";
import type { ChurchVault } from "./privacy/vault.ts";
import type { BankLists } from "./routing/bank-list.ts";
import type { PaymentFactory } from "./routing/payment-factory.ts";

/** What the whole service stands on, made once by `app.ts`. Functions ask for the parts they use. */
export type Deps = {
  readonly config: Pick<Config, "publicUrl" | "sandbox" | "maxInFlight" | "returned">;
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly vault: ChurchVault;
  readonly payments: PaymentFactory;
  readonly banks: BankLists;
  readonly settings: ChurchSettingsReader;
  /** By ISO code, lower case. */
  readonly countries: ReadonlyMap<string, CountryProfile>;
  readonly doorbell: Doorbell;
};

/** What there is to do now. */
export type Bell = "inbox" | "outbox" | "attempts" | "messages" | "recurring";

/** Tells the job loop that there is work now. Losing a ring costs only time: the truth is in the tables. */
export type Doorbell = { ring(work: Bell): void };
