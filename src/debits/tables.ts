import { sql } from "drizzle-orm";
import {
  check,
  date,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { churches } from "../churches/tables.ts";
import { bytes, idColumn, instant, minorUnits } from "../db/columns.ts";
import { paymentAttempts } from "../giving/tables.ts";
import { gatewayAccounts } from "../routing/tables.ts";

/** A donor's bank account, sealed, until the debit it was given for is over: then the number is forgotten. */
export const debitAccounts = pgTable(
  "debit_accounts",
  {
    churchId: idColumn("church")
      .notNull()
      .references(() => churches.churchId),
    id: idColumn("debitAccount").notNull(),
    keyVersion: integer().notNull(),
    /** Sealed JSON: routing, number, kind, holder; null once forgotten. */
    account: bytes(),
    /** The end of the number, for the donor and the church to know it by. */
    display: text().notNull(),
    authorization: text({ enum: ["online", "written"] }).notNull(),
    createdAt: instant().notNull(),
    forgottenAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    check("debit_accounts_forgotten", sql`(${t.account} is null) = (${t.forgottenAt} is not null)`),
  ],
);

/** A file of debits that was built for the church's bank. Its text is not kept: it holds account numbers. */
export const debitFiles = pgTable(
  "debit_files",
  {
    churchId: idColumn("church").notNull(),
    id: idColumn("debitFile").notNull(),
    gatewayAccountId: idColumn("gatewayAccount").notNull(),
    /** The bank's day it was built on, and which file of that day it is, from 0. */
    madeOn: date({ mode: "string" }).notNull(),
    sequenceOfDay: smallint().notNull(),
    name: text().notNull(),
    effectiveOn: date({ mode: "string" }).notNull(),
    silentAfter: instant().notNull(),
    entries: integer().notNull(),
    totalMinor: minorUnits().notNull(),
    currency: text().notNull(),
    /** SHA-256 of the text, so that one that was built again is known to be the same. */
    sha256: bytes().notNull(),
    state: text({ enum: ["built", "sent", "settled"] }).notNull(),
    createdAt: instant().notNull(),
    sentAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    uniqueIndex("debit_files_of_day").on(t.churchId, t.gatewayAccountId, t.madeOn, t.sequenceOfDay),
    foreignKey({
      columns: [t.churchId, t.gatewayAccountId],
      foreignColumns: [gatewayAccounts.churchId, gatewayAccounts.id],
    }),
  ],
);

/** One gift's debit in a file: a gift is in one file only, but that a returned one might be tried again. */
export const debitEntries = pgTable(
  "debit_entries",
  {
    churchId: idColumn("church").notNull(),
    attemptId: idColumn("attempt").notNull(),
    fileId: idColumn("debitFile").notNull(),
    debitAccountId: idColumn("debitAccount").notNull(),
    /** Its place in the file. */
    position: integer().notNull(),
    state: text({ enum: ["filed", "settled", "returned"] }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.fileId, t.position] }),
    uniqueIndex("debit_entries_once").on(t.churchId, t.attemptId).where(sql`state in ('filed', 'settled')`),
    index("debit_entries_attempt").on(t.attemptId, t.churchId),
    foreignKey({
      columns: [t.churchId, t.attemptId],
      foreignColumns: [paymentAttempts.churchId, paymentAttempts.id],
    }),
    foreignKey({
      columns: [t.churchId, t.fileId],
      foreignColumns: [debitFiles.churchId, debitFiles.id],
    }),
    foreignKey({
      columns: [t.churchId, t.debitAccountId],
      foreignColumns: [debitAccounts.churchId, debitAccounts.id],
    }),
  ],
);

/** A return as the bank sent it, once, whatever files it stood in. */
export const debitReturns = pgTable(
  "debit_returns",
  {
    churchId: idColumn("church").notNull(),
    gatewayAccountId: idColumn("gatewayAccount").notNull(),
    returnId: text().notNull(),
    attemptId: idColumn("attempt").notNull(),
    code: text().notNull(),
    amountMinor: minorUnits().notNull(),
    returnedOn: date({ mode: "string" }).notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.gatewayAccountId, t.returnId] }),
    foreignKey({
      columns: [t.churchId, t.gatewayAccountId],
      foreignColumns: [gatewayAccounts.churchId, gatewayAccounts.id],
    }),
    foreignKey({
      columns: [t.churchId, t.attemptId],
      foreignColumns: [paymentAttempts.churchId, paymentAttempts.id],
    }),
  ],
);
