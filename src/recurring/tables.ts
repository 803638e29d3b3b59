import { sql } from "drizzle-orm";
import {
  boolean,
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
} from "drizzle-orm/pg-core";
import { funds, legalEntities } from "../churches/tables.ts";
import { bytes, idColumn, instant, minorUnits } from "../db/columns.ts";
import { donors } from "../donors/tables.ts";
import { donations } from "../giving/tables.ts";
import { gatewayAccounts } from "../routing/tables.ts";
import { mandateStates, occurrenceStates, recurringStatuses } from "./states.ts";

/** A donor's permission to be charged later, and the words it was given in. One may serve many recurring gifts. */
export const mandates = pgTable(
  "mandates",
  {
    churchId: idColumn("church").notNull(),
    id: idColumn("mandate").notNull(),
    donorId: idColumn("donor").notNull(),
    gatewayAccountId: idColumn("gatewayAccount").notNull(),
    gateway: text().notNull(),
    mode: text({ enum: ["test", "live"] }).notNull(),
    country: text().notNull(),
    method: text().notNull(),
    presentation: text().notNull(),
    state: text({ enum: mandateStates }).notNull(),
    /** Goes up by one with each change; every change is compare-and-set on it. */
    version: integer().notNull(),
    /** The key the gateway is sent, made once, before the first send. */
    gatewayKey: text().notNull(),
    gatewayMandateId: text(),
    customerRef: text(),
    /** What the donor must do now (a DonorAction), while `action_required`. */
    action: jsonb(),
    /** What may be shown of the instrument, such as `visa 4242`; its network, and the month it expires, `YYYY-MM`. */
    display: text(),
    network: text(),
    expiresOn: text(),
    /** The rhythm the rail was told, and the most one charge may be (in `currency`); null: no limit was agreed. */
    cadence: text().notNull(),
    currency: text().notNull(),
    ceilingMinor: minorUnits(),
    /** What each charge must be, where the rail fixed the amount with the permission. */
    fixedMinor: minorUnits(),
    /** The agreement as the donor read it, word for word, with the version of its wording. */
    agreementText: text().notNull(),
    agreementVersion: text().notNull(),
    agreedAt: instant().notNull(),
    keyVersion: integer().notNull(),
    /** Sealed JSON: from where the donor agreed, `{ip_address, user_agent}`. */
    agreedFrom: bytes(),
    /** Who ended it, and the gateway's word. */
    endedBy: text({ enum: ["donor", "bank", "church", "gateway"] }),
    endedCode: text(),
    evidence: jsonb(),
    /** When it was to be ended at the gateway; it stays until the gateway has said so. */
    endAskedAt: instant(),
    /** When the gateway should be asked how it stands; null when nothing is awaited. */
    nextCheckAt: instant(),
    checks: smallint().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    foreignKey({ columns: [t.churchId, t.donorId], foreignColumns: [donors.churchId, donors.id] }),
    foreignKey({
      columns: [t.churchId, t.gatewayAccountId],
      foreignColumns: [gatewayAccounts.churchId, gatewayAccounts.id],
    }),
    // Not unique: a donor may give the same saved card for two promises.
    index("mandates_at_gateway")
      .on(t.churchId, t.gatewayAccountId, t.gatewayMandateId)
      .where(sql`gateway_mandate_id is not null`),
    index("mandates_donor").on(t.churchId, t.donorId),
    index("mandates_due").on(t.nextCheckAt).where(sql`next_check_at is not null`),
    index("mandates_expiring").on(t.expiresOn).where(sql`expires_on is not null and state = 'active'`),
    check("mandates_ceiling", sql`${t.ceilingMinor} > 0`),
    check("mandates_ended", sql`(${t.state} = 'ended') = (${t.endedBy} is not null)`),
  ],
);

/** A standing promise to give. What falls due when is computed from rule and anchor; what fell due is occurrences. */
export const recurringGifts = pgTable(
  "recurring_gifts",
  {
    churchId: idColumn("church").notNull(),
    id: idColumn("recurringGift").notNull(),
    legalEntityId: idColumn("legalEntity").notNull(),
    donorId: idColumn("donor").notNull(),
    mode: text({ enum: ["test", "live"] }).notNull(),
    /** `pending`: waits for the donor's permission. `dormant`: three periods failed; it is asked for nothing more. */
    status: text({ enum: recurringStatuses }).notNull(),
    /** `automatic` pulls under the mandate; `reminder` sends the donor a fresh voucher or link. */
    collection: text({ enum: ["automatic", "reminder"] }).notNull(),
    country: text().notNull(),
    method: text().notNull(),
    presentation: text().notNull(),
    /** The gateway's code of the donor's bank, remembered for links that ask for it (PSE). */
    bank: text(),
    mandateId: idColumn("mandate"),
    /** A mandate that takes over from `mandateId` once the donor has given it. */
    nextMandateId: idColumn("mandate"),
    /** The gift of one period: what the funds receive. */
    amountMinor: minorUnits().notNull(),
    currency: text().notNull(),
    coverFees: boolean().notNull(),
    anonymous: boolean().notNull(),
    locale: text().notNull(),
    returnUrl: text(),
    keyVersion: integer().notNull(),
    /** Sealed JSON: what the donor's own row does not keep, `{name, tax_id_type, address}` as given with this promise. */
    given: bytes(),
    note: bytes(),
    /** A Rule, its anchor (civil date in `timeZone`, the church's when it was made), and how many times it was replaced. */
    rule: jsonb().notNull(),
    anchor: date({ mode: "string" }).notNull(),
    timeZone: text().notNull(),
    /** So many days before it is due an occurrence is opened: the rail's notice, or the time a voucher is given. */
    leadDays: smallint().notNull(),
    ruleNumber: smallint().notNull(),
    /** An End. */
    ends: jsonb().notNull(),
    /** What is to change when `nextMandateId` takes over, as the API's change; null: only the method. */
    nextChange: jsonb(),
    /** Index under the present rule of the next occurrence to open; the date it is due, and when it is to be opened. */
    nextIndex: integer().notNull(),
    nextDueOn: date({ mode: "string" }),
    nextOpenAt: instant(),
    /** While paused: the civil date it goes on by itself. */
    resumesOn: date({ mode: "string" }),
    pausedAt: instant(),
    /** Whether what fell due during a pause is collected once, on resuming. */
    catchUp: boolean().notNull(),
    /** Periods failed one after another; three make it dormant. */
    failedPeriods: smallint().notNull(),
    dormantReason: text(),
    canceledBy: text({ enum: ["donor", "church", "bank", "gateway"] }),
    cancelReason: text(),
    endedAt: instant(),
    /** Goes up by one with each change; every change is compare-and-set on it. */
    version: integer().notNull(),
    eventSequence: integer().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    foreignKey({
      columns: [t.churchId, t.legalEntityId],
      foreignColumns: [legalEntities.churchId, legalEntities.id],
    }),
    foreignKey({ columns: [t.churchId, t.donorId], foreignColumns: [donors.churchId, donors.id] }),
    foreignKey({ columns: [t.churchId, t.mandateId], foreignColumns: [mandates.churchId, mandates.id] }),
    foreignKey({ columns: [t.churchId, t.nextMandateId], foreignColumns: [mandates.churchId, mandates.id] }),
    index("recurring_gifts_donor").on(t.churchId, t.donorId),
    index("recurring_gifts_mandate").on(t.churchId, t.mandateId).where(sql`mandate_id is not null`),
    index("recurring_gifts_due").on(t.nextOpenAt).where(sql`next_open_at is not null`),
    index("recurring_gifts_resuming").on(t.resumesOn).where(sql`resumes_on is not null`),
    check("recurring_gifts_amount", sql`${t.amountMinor} > 0`),
  ],
);

/** Each fund's share of every period's gift. */
export const recurringAllocations = pgTable(
  "recurring_allocations",
  {
    churchId: idColumn("church").notNull(),
    recurringGiftId: idColumn("recurringGift").notNull(),
    position: smallint().notNull(),
    fundId: idColumn("fund").notNull(),
    amountMinor: minorUnits().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.recurringGiftId, t.position] }),
    foreignKey({
      columns: [t.churchId, t.recurringGiftId],
      foreignColumns: [recurringGifts.churchId, recurringGifts.id],
    }),
    foreignKey({ columns: [t.churchId, t.fundId], foreignColumns: [funds.churchId, funds.id] }),
    check("recurring_allocations_amount", sql`${t.amountMinor} > 0`),
  ],
);

/** One dated gift due from a standing promise: at most one per period, for good. */
export const occurrences = pgTable(
  "occurrences",
  {
    churchId: idColumn("church").notNull(),
    id: idColumn("occurrence").notNull(),
    recurringGiftId: idColumn("recurringGift").notNull(),
    /** The period's name, such as `2026-11`, `2026-W47`, `2026-11-b`: unique within its recurring gift. */
    period: text().notNull(),
    ruleNumber: smallint().notNull(),
    index: integer().notNull(),
    dueOn: date({ mode: "string" }).notNull(),
    /** `open`: not yet asked for. `collecting`: an attempt is on its way. `retrying`: declined, another try is planned. */
    state: text({ enum: occurrenceStates }).notNull(),
    amountMinor: minorUnits().notNull(),
    currency: text().notNull(),
    donationId: idColumn("donation"),
    /** When there is something to do about it (collect, retry, remind, give up); null when nothing is. */
    nextAt: instant(),
    /** Attempts sent, and reminders told. */
    tries: smallint().notNull(),
    reminders: smallint().notNull(),
    /** Until when, while `retrying`, somebody is waited for: the donor with another method, or proving it is them. */
    heldUntil: instant(),
    /** It is to be stopped at the gateway, which may not have said yes yet, and is then this. */
    stopAs: text({ enum: ["skipped", "canceled"] }),
    /** The last Decline, for dunning and for the treasurer. */
    decline: jsonb(),
    version: integer().notNull(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
    settledAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    foreignKey({
      columns: [t.churchId, t.recurringGiftId],
      foreignColumns: [recurringGifts.churchId, recurringGifts.id],
    }),
    foreignKey({ columns: [t.churchId, t.donationId], foreignColumns: [donations.churchId, donations.id] }),
    uniqueIndex("occurrences_period").on(t.churchId, t.recurringGiftId, t.period),
    uniqueIndex("occurrences_donation").on(t.churchId, t.donationId).where(sql`donation_id is not null`),
    index("occurrences_due").on(t.nextAt).where(sql`next_at is not null`),
    check("occurrences_amount", sql`${t.amountMinor} > 0`),
  ],
);

/** Who changed what of a recurring gift: written once. */
export const recurringChanges = pgTable(
  "recurring_changes",
  {
    churchId: idColumn("church").notNull(),
    recurringGiftId: idColumn("recurringGift").notNull(),
    version: integer().notNull(),
    /** `created`, `amount`, `split`, `rule`, `method`, `end`, `paused`, `resumed`, `skipped`, `snoozed`, `canceled` … */
    what: text().notNull(),
    /** `donor`, `church` (with the key's or person's id), `job`, `gateway`. */
    actor: text().notNull(),
    before: jsonb(),
    after: jsonb(),
    at: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.recurringGiftId, t.version, t.what] }),
    foreignKey({
      columns: [t.churchId, t.recurringGiftId],
      foreignColumns: [recurringGifts.churchId, recurringGifts.id],
    }),
  ],
);
