import {
  boolean,
  foreignKey,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
} from "drizzle-orm/pg-core";
import { churches, legalEntities } from "../churches/tables.ts";
import { bytes, idColumn, instant } from "../db/columns.ts";

/** A legal entity's account at a gateway. Credentials and webhook secrets are sealed. */
export const gatewayAccounts = pgTable(
  "gateway_accounts",
  {
    churchId: idColumn("church")
      .notNull()
      .references(() => churches.churchId),
    id: idColumn("gatewayAccount").notNull(),
    legalEntityId: idColumn("legalEntity").notNull(),
    gateway: text().notNull(),
    mode: text({ enum: ["test", "live"] }).notNull(),
    country: text().notNull(),
    label: text().notNull(),
    status: text({ enum: ["active", "disabled"] }).notNull(),
    /** Served by our simulator of the gateway, never by the gateway. */
    sandbox: boolean().notNull(),
    /** `{"wire": ["USD"]}` where the credentials decide what can be taken; null: all that the gateway carries. */
    takes: jsonb(),
    /** How often in a row it asked for quiet or could not be reached, and until when it is left alone (see quiet-account.ts). */
    troubles: smallint().notNull().default(0),
    quietUntil: instant(),
    keyVersion: integer().notNull(),
    /** Sealed JSON: the adapter's credential fields. */
    credentials: bytes().notNull(),
    /** The opaque last part of `/webhooks/{gateway}/{endpoint}`. */
    endpointToken: text().notNull().unique(),
    /** Sealed JSON: `[{secret, expires_at}]`, several live while one is being rotated. */
    webhookSecrets: bytes().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    foreignKey({
      columns: [t.churchId, t.legalEntityId],
      foreignColumns: [legalEntities.churchId, legalEntities.id],
    }),
  ],
);
