import { sql } from "drizzle-orm";
import {
  boolean,
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
import { bytes, idColumn, instant } from "../db/columns.ts";
import { donors } from "../donors/tables.ts";
import { channels, messageStates, returnKinds } from "./states.ts";

/** One message to one person, on its way or gone. */
export const messages = pgTable(
  "messages",
  {
    churchId: idColumn("church")
      .notNull()
      .references(() => churches.churchId),
    id: idColumn("message").notNull(),
    kind: text().notNull(),
    /** Null: it goes to the church itself. */
    donorId: idColumn("donor"),
    channel: text({ enum: channels }).notNull(),
    locale: text().notNull(),
    /** What makes two of them the same, such as `upcoming:occ_…`. */
    dedupeKey: text().notNull(),
    state: text({ enum: messageStates }).notNull(),
    keyVersion: integer().notNull(),
    /** Sealed JSON: what the template shows. It may hold a link that opens a door. */
    params: bytes().notNull(),
    /** Sealed, once composed: where it went, and its subject. */
    recipient: bytes(),
    subject: bytes(),
    /** When the next try is due; moved ahead while one is under way. Null when there is nothing left to do. */
    nextAt: instant(),
    tries: smallint().notNull(),
    providerId: text(),
    fault: text(),
    createdAt: instant().notNull(),
    sentAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    foreignKey({ columns: [t.churchId, t.donorId], foreignColumns: [donors.churchId, donors.id] }),
    uniqueIndex("messages_dedupe").on(t.churchId, t.dedupeKey),
    uniqueIndex("messages_provider").on(t.churchId, t.providerId).where(sql`provider_id is not null`),
    // Church first, so that one church's flood never hides another's due row from the sweep.
    index("messages_due").on(t.churchId, t.nextAt).where(sql`next_at is not null`),
    index("messages_donor").on(t.churchId, t.donorId, t.id),
    // A mail that comes back names its message and no church.
    index("messages_returned").on(t.id),
  ],
);

/** The log of tries: what the mail server or the carrier answered. Written once. */
export const messageTries = pgTable(
  "message_tries",
  {
    churchId: idColumn("church").notNull(),
    messageId: idColumn("message").notNull(),
    number: smallint().notNull(),
    at: instant().notNull(),
    result: text({ enum: ["sent", "retry", "failed", "bounced"] }).notNull(),
    /** The answer's code and words, scrubbed of addresses. */
    answer: text(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.messageId, t.number] }),
    foreignKey({ columns: [t.churchId, t.messageId], foreignColumns: [messages.churchId, messages.id] }),
  ],
);

/** What was told of a mail after it had been taken, once of each kind. Written once. */
export const messageReturns = pgTable(
  "message_returns",
  {
    churchId: idColumn("church").notNull(),
    messageId: idColumn("message").notNull(),
    /** The try that came back, in one byte: see `returned/return-address.ts`. */
    number: smallint().notNull(),
    kind: text({ enum: returnKinds }).notNull(),
    /** Enhanced status code (RFC 3463), where there is one. */
    status: text(),
    /** The server's words, scrubbed of addresses; or the kind of complaint. */
    answer: text(),
    at: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.messageId, t.number, t.kind] }),
    foreignKey({ columns: [t.churchId, t.messageId], foreignColumns: [messages.churchId, messages.id] }),
  ],
);

/** What a donor wants to be told and how; no row means the default of the category. */
export const messagePreferences = pgTable(
  "message_preferences",
  {
    churchId: idColumn("church").notNull(),
    donorId: idColumn("donor").notNull(),
    channel: text({ enum: channels }).notNull(),
    category: text({ enum: ["service", "reminder"] }).notNull(),
    wanted: boolean().notNull(),
    /** Where the yes or no was given: `portal`, `api`, `unsubscribe`, `reply`, `complaint`. */
    source: text().notNull(),
    at: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.donorId, t.channel, t.category] }),
    foreignKey({ columns: [t.churchId, t.donorId], foreignColumns: [donors.churchId, donors.id] }),
  ],
);

/** Addresses nothing is sent to any more, as keyed hashes. */
export const deadAddresses = pgTable(
  "dead_addresses",
  {
    churchId: idColumn("church")
      .notNull()
      .references(() => churches.churchId),
    addressIndex: bytes().notNull(),
    channel: text({ enum: channels }).notNull(),
    why: text({ enum: ["bounced", "complained", "opted_out"] }).notNull(),
    at: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.churchId, t.addressIndex, t.channel] })],
);
