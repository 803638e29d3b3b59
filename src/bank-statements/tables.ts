import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { bytes, idColumn, instant, minorUnits } from "../db/columns.ts";
import { paymentAttempts } from "../giving/tables.ts";
import { gatewayAccounts } from "../routing/tables.ts";

/** A file of the church's bank, once per account, known by its bytes. */
export const bankStatements = pgTable(
  "bank_statements",
  {
    churchId: idColumn("church").notNull(),
    id: idColumn("bankStatement").notNull(),
    gatewayAccountId: idColumn("gatewayAccount").notNull(),
    /** `camt.053`, `mt940`, `csv` … */
    format: text().notNull(),
    /** SHA-256 of the file. */
    sha256: bytes().notNull(),
    lines: integer().notNull(),
    /** The API key's id, or `operator`. */
    importedBy: text().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    uniqueIndex("bank_statements_file").on(t.churchId, t.gatewayAccountId, t.sha256),
    foreignKey({
      columns: [t.churchId, t.gatewayAccountId],
      foreignColumns: [gatewayAccounts.churchId, gatewayAccounts.id],
    }),
  ],
);

/**
 * One movement on the church's account, once, whatever files it stood in. What the bank said of it never changes; only
 * what became of it does (see line-state.ts).
 */
export const bankLines = pgTable(
  "bank_lines",
  {
    churchId: idColumn("church").notNull(),
    id: idColumn("bankLine").notNull(),
    /** The file it first stood in. */
    statementId: idColumn("bankStatement").notNull(),
    gatewayAccountId: idColumn("gatewayAccount").notNull(),
    /** SHA-256 of what makes it this movement and no other (src/bank-statements/fingerprint.ts). */
    fingerprint: bytes().notNull(),
    bookedOn: date({ mode: "string" }).notNull(),
    valueOn: date({ mode: "string" }),
    /** Credit positive, debit negative. */
    amountMinor: minorUnits().notNull(),
    currency: text().notNull(),
    reversal: boolean().notNull(),
    bankReference: text(),
    keyVersion: integer().notNull(),
    /** Sealed JSON: texts, end-to-end id, and the counterparty's name and account. */
    details: bytes().notNull(),
    state: text().notNull(),
    /** The attempt it is money for, or names. */
    attemptId: idColumn("attempt"),
    createdAt: instant().notNull(),
    settledAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    uniqueIndex("bank_lines_movement").on(t.churchId, t.gatewayAccountId, t.fingerprint),
    // One movement pays for a gift; more than one only where two people took them together.
    uniqueIndex("bank_lines_pays").on(t.churchId, t.attemptId).where(sql`state in ('matched', 'assigned')`),
    index("bank_lines_attempt").on(t.attemptId, t.churchId).where(sql`attempt_id is not null`),
    index("bank_lines_state").on(t.state, t.id, t.churchId),
    foreignKey({
      columns: [t.churchId, t.statementId],
      foreignColumns: [bankStatements.churchId, bankStatements.id],
    }),
    foreignKey({
      columns: [t.churchId, t.gatewayAccountId],
      foreignColumns: [gatewayAccounts.churchId, gatewayAccounts.id],
    }),
    foreignKey({
      columns: [t.churchId, t.attemptId],
      foreignColumns: [paymentAttempts.churchId, paymentAttempts.id],
    }),
    check("bank_lines_amount", sql`${t.amountMinor} <> 0`),
  ],
);
