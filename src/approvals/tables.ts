import { sql } from "drizzle-orm";
import {
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { bankLines } from "../bank-statements/tables.ts";
import { bytes, idColumn, instant, minorUnits } from "../db/columns.ts";
import { donations, paymentAttempts, refunds } from "../giving/tables.ts";
import { gatewayAccounts } from "../routing/tables.ts";

/**
 * Something about money that one asks for and another must agree to. That they are two is a check of the database; what
 * was asked cannot be changed afterwards (trigger `approvals_keep_their_word`).
 */
export const approvals = pgTable(
  "approvals",
  {
    churchId: idColumn("church").notNull(),
    id: idColumn("approval").notNull(),
    kind: text().notNull(),
    state: text({ enum: ["pending", "approved", "rejected", "expired"] }).notNull(),
    gatewayAccountId: idColumn("gatewayAccount").notNull(),
    donationId: idColumn("donation"),
    attemptId: idColumn("attempt"),
    bankLineId: idColumn("bankLine"),
    refundId: idColumn("refund"),
    /** What it is about, as one text: an attempt, a line or a refund may have one request open. */
    subject: text().notNull(),
    amountMinor: minorUnits().notNull(),
    currency: text().notNull(),
    /** What the kind needs beside that; nothing of a person. */
    particulars: jsonb().notNull(),
    keyVersion: integer(),
    /** Sealed JSON: to whom and to which account it is paid. */
    payee: bytes(),
    /** The API key that asked. */
    requestedBy: uuid().notNull(),
    /** The first of the keys by which that key was made: of one root, one person. */
    requestedRoot: uuid().notNull(),
    requestedAt: instant().notNull(),
    expiresAt: instant().notNull(),
    /** The API key that agreed or refused. */
    decidedBy: uuid(),
    decidedRoot: uuid(),
    decidedAt: instant(),
    paidBy: uuid(),
    paidAt: instant(),
    /** The day, and what the bank calls the payment. */
    paidOn: date({ mode: "string" }),
    paidReference: text(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    uniqueIndex("approvals_one_open").on(t.churchId, t.subject).where(sql`state = 'pending'`),
    index("approvals_state").on(t.state, t.id, t.churchId),
    foreignKey({
      columns: [t.churchId, t.gatewayAccountId],
      foreignColumns: [gatewayAccounts.churchId, gatewayAccounts.id],
    }),
    foreignKey({
      columns: [t.churchId, t.donationId],
      foreignColumns: [donations.churchId, donations.id],
    }),
    foreignKey({
      columns: [t.churchId, t.attemptId],
      foreignColumns: [paymentAttempts.churchId, paymentAttempts.id],
    }),
    foreignKey({ columns: [t.churchId, t.bankLineId], foreignColumns: [bankLines.churchId, bankLines.id] }),
    foreignKey({ columns: [t.churchId, t.refundId], foreignColumns: [refunds.churchId, refunds.id] }),
    check(
      "approvals_two_people",
      sql`${t.decidedBy} is null or ${t.decidedBy} <> ${t.requestedBy}
          and ${t.decidedRoot} is not null and ${t.decidedRoot} <> ${t.requestedRoot}`,
    ),
    check(
      "approvals_decided",
      sql`(${t.state} in ('approved', 'rejected')) = (${t.decidedBy} is not null)
          and (${t.decidedBy} is null) = (${t.decidedAt} is null)`,
    ),
    check("approvals_paid", sql`${t.paidAt} is null or (${t.state} = 'approved' and ${t.payee} is not null)`),
    check("approvals_amount", sql`${t.amountMinor} > 0`),
  ],
);

/** Who did what to a request, in order: written once. */
export const approvalSteps = pgTable(
  "approval_steps",
  {
    churchId: idColumn("church").notNull(),
    approvalId: idColumn("approval").notNull(),
    /** 1, 2, 3 … */
    number: smallint().notNull(),
    what: text({ enum: ["requested", "approved", "rejected", "expired", "paid"] }).notNull(),
    /** The API key; null where time did it. */
    by: uuid(),
    note: text(),
    at: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.approvalId, t.number] }),
    foreignKey({ columns: [t.churchId, t.approvalId], foreignColumns: [approvals.churchId, approvals.id] }),
  ],
);
