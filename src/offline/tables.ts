import { sql } from "drizzle-orm";
import {
  check,
  date,
  foreignKey,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import { legalEntities } from "../churches/tables.ts";
import { bytes, idColumn, instant, minorUnits } from "../db/columns.ts";
import { donations } from "../giving/tables.ts";

/** One count of what was handed over: entered by one, counted again by another, and only then booked. */
export const offlineBatches = pgTable(
  "offline_batches",
  {
    churchId: idColumn("church").notNull(),
    id: idColumn("offlineBatch").notNull(),
    legalEntityId: idColumn("legalEntity").notNull(),
    mode: text({ enum: ["test", "live"] }).notNull(),
    /** What it is of: "Sunday 10 o'clock". */
    label: text().notNull(),
    /** The day it was given, in the church's own calendar. */
    receivedOn: date({ mode: "string" }).notNull(),
    currency: text().notNull(),
    state: text({ enum: ["open", "counted", "booked", "discarded"] }).notNull(),
    /** The API keys of those who counted. */
    enteredBy: uuid().notNull(),
    countedBy: uuid(),
    /** The first of the keys by which those were made: of one root, one person. */
    enteredRoot: uuid().notNull(),
    countedRoot: uuid(),
    createdAt: instant().notNull(),
    countedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    foreignKey({
      columns: [t.churchId, t.legalEntityId],
      foreignColumns: [legalEntities.churchId, legalEntities.id],
    }),
    check(
      "offline_batches_two_count",
      sql`${t.countedBy} is null or ${t.countedBy} <> ${t.enteredBy}
          and ${t.countedRoot} is not null and ${t.countedRoot} <> ${t.enteredRoot}`,
    ),
    check(
      "offline_batches_booked_once_counted",
      sql`${t.state} not in ('counted', 'booked') or ${t.countedBy} is not null`,
    ),
  ],
);

/** One gift of a batch. */
export const offlineLines = pgTable(
  "offline_lines",
  {
    churchId: idColumn("church").notNull(),
    batchId: idColumn("offlineBatch").notNull(),
    position: smallint().notNull(),
    method: text().notNull(),
    amountMinor: minorUnits().notNull(),
    /** `[{fund, amount}]`, as it was entered. */
    allocations: jsonb().notNull(),
    keyVersion: integer().notNull(),
    /** Sealed JSON: who gave, the cheque's number, what the thing is. */
    words: bytes().notNull(),
    donationId: idColumn("donation"),
    /** Why it could not be booked, for the treasurer. */
    fault: text(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.batchId, t.position] }),
    foreignKey({
      columns: [t.churchId, t.batchId],
      foreignColumns: [offlineBatches.churchId, offlineBatches.id],
    }),
    foreignKey({
      columns: [t.churchId, t.donationId],
      foreignColumns: [donations.churchId, donations.id],
    }),
    check("offline_lines_amount", sql`${t.amountMinor} > 0`),
  ],
);
