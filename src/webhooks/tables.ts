import { sql } from "drizzle-orm";
import {
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { bytes, idColumn, instant } from "../db/columns.ts";
import { gatewayAccounts } from "../routing/tables.ts";

/**
 * Deliveries from gateways, stored before they are acknowledged and applied at our pace. A forged one has no
 * event key, so it can never stand in the way of the genuine event it imitates.
 */
export const inbox = pgTable(
  "inbox",
  {
    churchId: idColumn("church").notNull(),
    id: idColumn("inboxEvent").notNull(),
    gatewayAccountId: idColumn("gatewayAccount").notNull(),
    verdict: text({ enum: ["genuine", "forged", "stale"] }).notNull(),
    eventKey: text(),
    orderKey: text(),
    type: text(),
    headers: jsonb().notNull(),
    /** Path and query after our endpoint's address. */
    target: text().notNull(),
    keyVersion: integer().notNull(),
    /** The raw bytes, sealed: gateways write donors' names and addresses into their events. */
    body: bytes().notNull(),
    state: text({ enum: ["received", "parked", "handled", "ignored", "dead", "refused"] }).notNull(),
    occurredAt: instant(),
    receivedAt: instant().notNull(),
    tries: smallint().notNull(),
    nextAt: instant(),
    handledAt: instant(),
    /** Why it is parked, dead or ignored. */
    remark: text(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    foreignKey({
      columns: [t.churchId, t.gatewayAccountId],
      foreignColumns: [gatewayAccounts.churchId, gatewayAccounts.id],
    }),
    uniqueIndex("inbox_event")
      .on(t.churchId, t.gatewayAccountId, t.eventKey)
      .where(sql`event_key is not null`),
    index("inbox_due").on(t.nextAt).where(sql`next_at is not null`),
    index("inbox_order").on(t.churchId, t.gatewayAccountId, t.orderKey).where(sql`next_at is not null`),
  ],
);
