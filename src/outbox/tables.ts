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
import { churches } from "../churches/tables.ts";
import { bytes, idColumn, instant } from "../db/columns.ts";

/** What happened, as announced to the ChMS: written in the transaction of the change itself. */
export const events = pgTable(
  "events",
  {
    churchId: idColumn("church")
      .notNull()
      .references(() => churches.churchId),
    id: idColumn("event").notNull(),
    type: text().notNull(),
    /** Prefixed id of the object it is about. */
    objectId: text().notNull(),
    /** 1, 2, 3 … per object: a receiver drops what is older than what it has. */
    sequence: integer().notNull(),
    data: jsonb().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    uniqueIndex("events_object").on(t.churchId, t.objectId, t.sequence),
  ],
);

/**
 * An event that a part of our own house still has to act on: written with the event, gone when it has been acted on.
 */
export const followings = pgTable(
  "followings",
  {
    churchId: idColumn("church").notNull(),
    eventId: idColumn("event").notNull(),
    follower: text().notNull(),
    tries: smallint().notNull(),
    /** When it is to be acted on; null: given up after the last try, a person may start it again. */
    nextAt: instant(),
    fault: text(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.eventId, t.follower] }),
    foreignKey({ columns: [t.churchId, t.eventId], foreignColumns: [events.churchId, events.id] }),
    index("followings_due").on(t.follower, t.nextAt).where(sql`next_at is not null`),
  ],
);

export const webhookEndpoints = pgTable(
  "webhook_endpoints",
  {
    churchId: idColumn("church")
      .notNull()
      .references(() => churches.churchId),
    id: idColumn("webhookEndpoint").notNull(),
    url: text().notNull(),
    /** Event types wanted; empty means all. */
    eventTypes: text().array().notNull(),
    status: text({ enum: ["enabled", "disabled"] }).notNull(),
    disabledReason: text(),
    keyVersion: integer().notNull(),
    /** Sealed JSON: `[{secret: "whsec_…", expires_at}]`, newest first; two while rotating. */
    secrets: bytes().notNull(),
    failingSince: instant(),
    createdAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.churchId, t.id] })],
);

/** `dead`: given up after the last try, or with its endpoint. */
export const deliveryStates = ["pending", "succeeded", "dead"] as const;

/** One event on its way to one endpoint. */
export const deliveries = pgTable(
  "deliveries",
  {
    churchId: idColumn("church").notNull(),
    id: idColumn("delivery").notNull(),
    eventId: idColumn("event").notNull(),
    endpointId: idColumn("webhookEndpoint").notNull(),
    state: text({ enum: deliveryStates }).notNull(),
    tries: smallint().notNull(),
    /** When the next try is due; moved ahead while one is under way, so a crash only delays it. */
    nextAt: instant(),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    foreignKey({ columns: [t.churchId, t.eventId], foreignColumns: [events.churchId, events.id] }),
    foreignKey({
      columns: [t.churchId, t.endpointId],
      foreignColumns: [webhookEndpoints.churchId, webhookEndpoints.id],
    }).onDelete("cascade"),
    // Church first, so that one church's flood never hides another's due row from the sweep.
    index("deliveries_due").on(t.churchId, t.nextAt).where(sql`next_at is not null`),
    index("deliveries_endpoint").on(t.churchId, t.endpointId, t.id),
    index("deliveries_event").on(t.churchId, t.eventId),
  ],
);

/** The log of tries: what was answered and how long it took. */
export const deliveryTries = pgTable(
  "delivery_tries",
  {
    churchId: idColumn("church").notNull(),
    deliveryId: idColumn("delivery").notNull(),
    number: smallint().notNull(),
    at: instant().notNull(),
    /** HTTP status, when an answer came. */
    status: smallint(),
    durationMs: integer().notNull(),
    error: text(),
    excerpt: text(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.deliveryId, t.number] }),
    foreignKey({
      columns: [t.churchId, t.deliveryId],
      foreignColumns: [deliveries.churchId, deliveries.id],
    }).onDelete("cascade"),
  ],
);
