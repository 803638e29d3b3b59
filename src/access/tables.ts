import { foreignKey, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { churches, platforms } from "../churches/tables.ts";
import { bytes, idColumn, instant } from "../db/columns.ts";

const keyColumns = () => ({
  id: idColumn("apiKey").notNull(),
  /** `secret` (server) or `publishable` (may only start a gift). */
  kind: text({ enum: ["secret", "publishable"] }).notNull(),
  mode: text({ enum: ["test", "live"] }).notNull(),
  /** SHA-256 of the whole key: the key itself is shown once and never kept. */
  hash: bytes().notNull().unique(),
  last4: text().notNull(),
  label: text().notNull(),
  scopes: text().array().notNull(),
  createdAt: instant().notNull(),
  expiresAt: instant(),
  revokedAt: instant(),
  lastUsedAt: instant(),
});

export const apiKeys = pgTable(
  "api_keys",
  {
    churchId: idColumn("church")
      .notNull()
      .references(() => churches.churchId),
    ...keyColumns(),
    /**
     * The first of the keys by which it was made; its own id where the operator or a platform made it. Who makes or
     * rotates a key has held it, so where two people are asked for, the keys of one root are one person.
     */
    rootId: idColumn("apiKey").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    foreignKey({ columns: [t.churchId, t.rootId], foreignColumns: [t.churchId, t.id] }),
  ],
);

/** Keys of a platform: they act for a church of that platform, named in the `Ofrenda-Church` header. */
export const platformKeys = pgTable("platform_keys", {
  platformId: idColumn("platform")
    .notNull()
    .references(() => platforms.id),
  ...keyColumns(),
});
