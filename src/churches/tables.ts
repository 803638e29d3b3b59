import { sql } from "drizzle-orm";
import { boolean, check, integer, jsonb, pgTable, primaryKey, text, unique } from "drizzle-orm/pg-core";
import { bytes, idColumn, instant } from "../db/columns.ts";

/** An organisation that runs many churches through one key (a ChMS, a denomination). Holds nothing private. */
export const platforms = pgTable("platforms", {
  id: idColumn("platform").primaryKey(),
  name: text().notNull(),
  createdAt: instant().notNull(),
});

export const churches = pgTable("churches", {
  churchId: idColumn("church").primaryKey(),
  platformId: idColumn("platform").references(() => platforms.id),
  slug: text().notNull().unique(),
  name: text().notNull(),
  /** ISO 3166-1 alpha-2, lower case. */
  country: text().notNull(),
  timeZone: text().notNull(),
  locale: text().notNull(),
  /** `{ color, logo_url }` */
  brand: jsonb().notNull().default({}),
  /** Where donors' answers go, and what concerns the church itself; shown to donors. */
  contactEmail: text(),
  /** Its own, lower limits on asking again, by the limit's name: `{retries_per_occurrence: 2}`. */
  dunning: jsonb().notNull().default({}),
  /** Its own hours without messages, `{from: "20:00", until: "09:00"}`; empty: the usual ones. */
  quietHours: jsonb().notNull().default({}),
  createdAt: instant().notNull(),
});

/** The registered body in one country that receives and acknowledges gifts. */
export const legalEntities = pgTable(
  "legal_entities",
  {
    churchId: idColumn("church")
      .notNull()
      .references(() => churches.churchId),
    id: idColumn("legalEntity").notNull(),
    name: text().notNull(),
    country: text().notNull(),
    /** The books' currency. */
    currency: text().notNull(),
    /** RFC, EIN … of a public body: not a secret. */
    taxId: text(),
    address: text(),
    createdAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.churchId, t.id] }), unique().on(t.churchId, t.country, t.name)],
);

export const funds = pgTable(
  "funds",
  {
    churchId: idColumn("church")
      .notNull()
      .references(() => churches.churchId),
    id: idColumn("fund").notNull(),
    /** What the API and links call it: `general`, `missions`. */
    code: text().notNull(),
    name: text().notNull(),
    description: text(),
    restricted: boolean().notNull().default(false),
    active: boolean().notNull().default(true),
    position: integer().notNull().default(0),
    createdAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    unique().on(t.churchId, t.code),
    check("funds_code", sql`${t.code} ~ '^[a-z0-9][a-z0-9_-]{0,62}$'`),
  ],
);

/** Data keys of a church, wrapped by the master key; old versions stay until no row uses them. */
export const churchKeys = pgTable(
  "church_keys",
  {
    churchId: idColumn("church")
      .notNull()
      .references(() => churches.churchId),
    version: integer().notNull(),
    wrapped: bytes().notNull(),
    masterVersion: integer().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [primaryKey({ columns: [t.churchId, t.version] })],
);
