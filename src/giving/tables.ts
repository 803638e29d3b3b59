import { sql } from "drizzle-orm";
import {
  boolean,
  check,
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
import { funds, legalEntities } from "../churches/tables.ts";
import { bytes, idColumn, instant, minorUnits } from "../db/columns.ts";
import { donors } from "../donors/tables.ts";
import { gatewayAccounts } from "../routing/tables.ts";

/** One act of giving. Its public status is computed from the current attempt, never stored. */
export const donations = pgTable(
  "donations",
  {
    churchId: idColumn("church").notNull(),
    id: idColumn("donation").notNull(),
    legalEntityId: idColumn("legalEntity").notNull(),
    donorId: idColumn("donor").notNull(),
    /** The standing promise this is one period of; no reference, since that table points back at this one. */
    recurringGiftId: idColumn("recurringGift"),
    mode: text({ enum: ["test", "live"] }).notNull(),
    /** The gift: what the funds receive. */
    amountMinor: minorUnits().notNull(),
    /** What the donor adds so that the fee is covered; 0 otherwise. */
    coverMinor: minorUnits().notNull(),
    currency: text().notNull(),
    country: text().notNull(),
    method: text().notNull(),
    anonymous: boolean().notNull(),
    keyVersion: integer().notNull(),
    /** As it was typed for this gift: the acknowledgment shows it, never what is stored of a donor by e-mail. */
    givenName: bytes(),
    note: bytes(),
    locale: text().notNull(),
    returnUrl: text(),
    /** The attempt that decides the status. */
    currentAttemptId: idColumn("attempt").notNull(),
    /** Counts the announcements made about this donation, so receivers can drop stale ones. */
    eventSequence: integer().notNull().default(0),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    foreignKey({
      columns: [t.churchId, t.legalEntityId],
      foreignColumns: [legalEntities.churchId, legalEntities.id],
    }),
    foreignKey({ columns: [t.churchId, t.donorId], foreignColumns: [donors.churchId, donors.id] }),
    index("donations_donor").on(t.donorId, t.churchId),
    index("donations_recurring_gift")
      .on(t.churchId, t.recurringGiftId)
      .where(sql`recurring_gift_id is not null`),
    check("donations_amount", sql`${t.amountMinor} > 0 and ${t.coverMinor} >= 0`),
  ],
);

export const allocations = pgTable(
  "allocations",
  {
    churchId: idColumn("church").notNull(),
    donationId: idColumn("donation").notNull(),
    position: smallint().notNull(),
    fundId: idColumn("fund").notNull(),
    amountMinor: minorUnits().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.donationId, t.position] }),
    foreignKey({
      columns: [t.churchId, t.donationId],
      foreignColumns: [donations.churchId, donations.id],
    }),
    foreignKey({ columns: [t.churchId, t.fundId], foreignColumns: [funds.churchId, funds.id] }),
    check("allocations_amount", sql`${t.amountMinor} > 0`),
  ],
);

/** One try to collect one donation at one gateway. */
export const paymentAttempts = pgTable(
  "payment_attempts",
  {
    churchId: idColumn("church").notNull(),
    id: idColumn("attempt").notNull(),
    donationId: idColumn("donation").notNull(),
    number: smallint().notNull(),
    gateway: text().notNull(),
    gatewayAccountId: idColumn("gatewayAccount").notNull(),
    method: text().notNull(),
    presentation: text().notNull(),
    /** What the donor is charged: gift plus cover. */
    amountMinor: minorUnits().notNull(),
    currency: text().notNull(),
    state: text().notNull(),
    /** Goes up by one with each change; every change is compare-and-set on it. */
    version: integer().notNull(),
    /** The key we send to the gateway: made once, before the first send. */
    gatewayKey: text().notNull(),
    gatewayPaymentId: text(),
    /** What the donor must do now (a DonorAction), for `action_required`. */
    action: jsonb(),
    decline: jsonb(),
    refusal: jsonb(),
    evidence: jsonb(),
    capturedMinor: minorUnits().notNull(),
    /** Refunds asked for and not failed: raised before the gateway is called, so it can never pass what was captured. */
    refundedMinor: minorUnits().notNull(),
    capturedAt: instant(),
    feeMinor: minorUnits(),
    feeTaxMinor: minorUnits(),
    expiresAt: instant(),
    /** When the sweeper should ask the gateway; null when nothing is awaited. */
    nextCheckAt: instant(),
    checks: smallint().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    foreignKey({
      columns: [t.churchId, t.donationId],
      foreignColumns: [donations.churchId, donations.id],
    }),
    foreignKey({
      columns: [t.churchId, t.gatewayAccountId],
      foreignColumns: [gatewayAccounts.churchId, gatewayAccounts.id],
    }),
    uniqueIndex("attempts_number").on(t.churchId, t.donationId, t.number),
    uniqueIndex("attempts_gateway_payment")
      .on(t.churchId, t.gatewayAccountId, t.gatewayPaymentId)
      .where(sql`gateway_payment_id is not null`),
    // A gift is paid once: whatever else arrives for it is another matter.
    uniqueIndex("attempts_captured").on(t.churchId, t.donationId).where(sql`state = 'captured'`),
    index("attempts_due").on(t.nextCheckAt).where(sql`next_check_at is not null`),
    check("attempts_amount", sql`${t.amountMinor} > 0`),
    check(
      "attempts_refund_within_capture",
      sql`${t.refundedMinor} >= 0 and ${t.refundedMinor} <= ${t.capturedMinor}`,
    ),
  ],
);

/** Every change of an attempt, in order: what it was, what it became, and what made it so. */
export const attemptChanges = pgTable(
  "attempt_changes",
  {
    churchId: idColumn("church").notNull(),
    attemptId: idColumn("attempt").notNull(),
    version: integer().notNull(),
    fromState: text(),
    toState: text().notNull(),
    /** `request`, `webhook`, `return`, `sweeper`, `operator`, `statement`, `approval`. */
    cause: text().notNull(),
    evidence: jsonb(),
    at: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.attemptId, t.version] }),
    foreignKey({
      columns: [t.churchId, t.attemptId],
      foreignColumns: [paymentAttempts.churchId, paymentAttempts.id],
    }),
  ],
);

/** Money we give back. */
export const refunds = pgTable(
  "refunds",
  {
    churchId: idColumn("church").notNull(),
    id: idColumn("refund").notNull(),
    donationId: idColumn("donation").notNull(),
    attemptId: idColumn("attempt").notNull(),
    amountMinor: minorUnits().notNull(),
    currency: text().notNull(),
    state: text().notNull(),
    reason: text().notNull(),
    gatewayKey: text().notNull(),
    gatewayRefundId: text(),
    /** The gateway's page on which the donor claims it, sealed; only while it waits for that. */
    claimUrl: bytes(),
    keyVersion: integer(),
    evidence: jsonb(),
    nextCheckAt: instant(),
    checks: smallint().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    foreignKey({
      columns: [t.churchId, t.attemptId],
      foreignColumns: [paymentAttempts.churchId, paymentAttempts.id],
    }),
    foreignKey({
      columns: [t.churchId, t.donationId],
      foreignColumns: [donations.churchId, donations.id],
    }),
    index("refunds_donation").on(t.donationId, t.churchId),
    uniqueIndex("refunds_gateway_refund")
      .on(t.churchId, t.attemptId, t.gatewayRefundId)
      .where(sql`gateway_refund_id is not null`),
    index("refunds_due").on(t.nextCheckAt).where(sql`next_check_at is not null`),
    check("refunds_amount", sql`${t.amountMinor} > 0`),
  ],
);

/** The donor, or the donor's bank, contests an attempt. */
export const disputes = pgTable(
  "disputes",
  {
    churchId: idColumn("church").notNull(),
    id: idColumn("dispute").notNull(),
    donationId: idColumn("donation").notNull(),
    attemptId: idColumn("attempt").notNull(),
    gatewayDisputeId: text().notNull(),
    amountMinor: minorUnits().notNull(),
    feeMinor: minorUnits(),
    currency: text().notNull(),
    status: text({ enum: ["needs_response", "under_review", "won", "lost"] }).notNull(),
    fundsWithdrawn: boolean().notNull(),
    rawReason: text().notNull(),
    evidenceDueAt: instant(),
    openedAt: instant().notNull(),
    closedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    foreignKey({
      columns: [t.churchId, t.attemptId],
      foreignColumns: [paymentAttempts.churchId, paymentAttempts.id],
    }),
    uniqueIndex("disputes_gateway_dispute").on(t.churchId, t.attemptId, t.gatewayDisputeId),
  ],
);

/** The gateway's own name for a donor, kept so that the next gift reuses it (a SPEI CLABE is for good). */
export const gatewayCustomers = pgTable(
  "gateway_customers",
  {
    churchId: idColumn("church").notNull(),
    gatewayAccountId: idColumn("gatewayAccount").notNull(),
    donorId: idColumn("donor").notNull(),
    customerRef: text().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.gatewayAccountId, t.donorId] }),
    foreignKey({ columns: [t.churchId, t.donorId], foreignColumns: [donors.churchId, donors.id] }),
    foreignKey({
      columns: [t.churchId, t.gatewayAccountId],
      foreignColumns: [gatewayAccounts.churchId, gatewayAccounts.id],
    }),
    uniqueIndex("gateway_customers_ref").on(t.churchId, t.gatewayAccountId, t.customerRef),
  ],
);
