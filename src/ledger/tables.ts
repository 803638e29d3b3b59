import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  date,
  foreignKey,
  index,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { churches, funds, legalEntities } from "../churches/tables.ts";
import { bytes, idColumn, instant, minorUnits } from "../db/columns.ts";
import { gatewayAccounts } from "../routing/tables.ts";

/**
 * One account of the chart for one legal entity, currency and fund or gateway account. Written once, on first
 * use. Its balance lies in {@link ledgerBalances}; `id` is for the outside, `account_no` for the rows inside.
 */
export const ledgerAccounts = pgTable(
  "ledger_accounts",
  {
    churchId: idColumn("church")
      .notNull()
      .references(() => churches.churchId),
    accountNo: bigint({ mode: "bigint" }).notNull().generatedAlwaysAsIdentity(),
    id: idColumn("account").notNull(),
    legalEntityId: idColumn("legalEntity").notNull(),
    /** As in the chart (src/ledger/chart.ts). */
    code: text().notNull(),
    currency: text().notNull(),
    fundId: idColumn("fund"),
    gatewayAccountId: idColumn("gatewayAccount"),
    /** What tells accounts of one code apart: never null, so that one index finds the account. */
    dimensionId: uuid()
      .notNull()
      .generatedAlwaysAs(sql`coalesce(fund_id, gateway_account_id, legal_entity_id)`),
    normalSide: text({ enum: ["debit", "credit"] }).notNull(),
    mayGoNegative: boolean().notNull(),
    /** How many rows share the balance, so that writers of a busy account need not queue for one. */
    shards: smallint().notNull(),
    openedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.accountNo] }),
    unique().on(t.churchId, t.id),
    uniqueIndex("ledger_accounts_address").on(t.churchId, t.legalEntityId, t.code, t.dimensionId, t.currency),
    foreignKey({
      columns: [t.churchId, t.legalEntityId],
      foreignColumns: [legalEntities.churchId, legalEntities.id],
    }),
    foreignKey({ columns: [t.churchId, t.fundId], foreignColumns: [funds.churchId, funds.id] }),
    foreignKey({
      columns: [t.churchId, t.gatewayAccountId],
      foreignColumns: [gatewayAccounts.churchId, gatewayAccounts.id],
    }),
    check("ledger_accounts_one_dimension", sql`${t.fundId} is null or ${t.gatewayAccountId} is null`),
    // A sign limit is checked on one balance row; an account that has one cannot be shared out.
    check("ledger_accounts_shards", sql`${t.shards} = 1 or (${t.shards} > 1 and ${t.mayGoNegative})`),
  ],
);

/**
 * Where each account (or shard of one) stands: the only row of the ledger that changes, and the row writers
 * lock. Its account is checked by trigger, like everything else about it.
 */
export const ledgerBalances = pgTable(
  "ledger_balances",
  {
    churchId: idColumn("church").notNull(),
    accountNo: bigint({ mode: "bigint" }).notNull(),
    shard: smallint().notNull(),
    /** How many postings it holds. */
    version: bigint({ mode: "bigint" }).notNull(),
    /** Debit positive, credit negative. */
    balanceMinor: minorUnits().notNull(),
  },
  (t) => [primaryKey({ columns: [t.churchId, t.accountNo, t.shard] })],
);

/** One event, booked once. Its postings add up to zero in every currency (checked when the transaction commits). */
export const journalEntries = pgTable(
  "journal_entries",
  {
    churchId: idColumn("church").notNull(),
    id: idColumn("entry").notNull(),
    legalEntityId: idColumn("legalEntity").notNull(),
    sourceKind: text({ enum: ["attempt", "refund", "dispute", "funds", "correction"] }).notNull(),
    /** Prefixed id of ours, or the gateway's transaction id for `funds`. */
    sourceId: text().notNull(),
    purpose: text().notNull(),
    /** When it happened in the world: the date of the books. */
    occurredAt: instant().notNull(),
    /** When the bank counts it, where that is another day. */
    valueDate: date({ mode: "string" }),
    memo: text().notNull(),
    /** The entry this one takes back. */
    correctsEntryId: idColumn("entry"),
    /** Declared here, counted at commit: an entry can neither miss a posting nor gain one later. */
    postingCount: smallint().notNull(),
    /** When we wrote it. */
    recordedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    uniqueIndex("journal_entries_source").on(t.churchId, t.sourceKind, t.sourceId, t.purpose),
    index("journal_entries_occurred").on(t.churchId, t.occurredAt),
    foreignKey({ columns: [t.churchId, t.correctsEntryId], foreignColumns: [t.churchId, t.id] }),
    check("journal_entries_two_postings", sql`${t.postingCount} >= 2`),
    check(
      "journal_entries_correction_names_original",
      sql`(${t.sourceKind} = 'correction') = (${t.correctsEntryId} is not null)`,
    ),
  ],
);

/**
 * One side of an entry. Entry and account are checked by trigger rather than by foreign key: neither can ever
 * be deleted, and a key's share lock on a busy account's row would make every writer queue for it.
 */
export const postings = pgTable(
  "postings",
  {
    churchId: idColumn("church").notNull(),
    accountNo: bigint({ mode: "bigint" }).notNull(),
    shard: smallint().notNull(),
    /** 1, 2, 3 … per account and shard. */
    version: bigint({ mode: "bigint" }).notNull(),
    entryId: idColumn("entry").notNull(),
    /** 1, 2, 3 … within the entry. */
    position: smallint().notNull(),
    /** Debit positive, credit negative. */
    amountMinor: minorUnits().notNull(),
    currency: text().notNull(),
    /** The balance of the account's shard with this posting in it. */
    balanceAfterMinor: minorUnits().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.accountNo, t.shard, t.version] }),
    uniqueIndex("postings_entry").on(t.churchId, t.entryId, t.position),
    check("postings_amount", sql`${t.amountMinor} <> 0`),
    check("postings_order", sql`${t.position} >= 1 and ${t.version} >= 1 and ${t.shard} >= 0`),
  ],
);

/** Entries the sealer has still to take into the hash chain; filled by trigger, emptied only by sealing. */
export const ledgerUnsealed = pgTable(
  "ledger_unsealed",
  {
    churchId: idColumn("church").notNull(),
    entryId: idColumn("entry").notNull(),
  },
  (t) => [primaryKey({ columns: [t.churchId, t.entryId] })],
);

/** The hash chain of a church's entries, in the order the sealer met them, which follows the order of commits. */
export const ledgerSeals = pgTable(
  "ledger_seals",
  {
    churchId: idColumn("church").notNull(),
    /** 1, 2, 3 … without a gap. */
    number: bigint({ mode: "bigint" }).notNull(),
    entryId: idColumn("entry").notNull(),
    /** SHA-256 over the hash before and the entry's canonical text (src/ledger/canonical-entry.ts). */
    hash: bytes().notNull(),
    sealedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.number] }),
    uniqueIndex("ledger_seals_entry").on(t.churchId, t.entryId),
    foreignKey({
      columns: [t.churchId, t.entryId],
      foreignColumns: [journalEntries.churchId, journalEntries.id],
    }),
  ],
);
