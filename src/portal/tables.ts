import { foreignKey, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { churches } from "../churches/tables.ts";
import { bytes, idColumn, instant } from "../db/columns.ts";
import { donors } from "../donors/tables.ts";

/** A donor's way in, once: whoever holds the link within its time becomes the donor. Only its hash is kept. */
export const portalLinks = pgTable(
  "portal_links",
  {
    churchId: idColumn("church").notNull(),
    hash: bytes().notNull(),
    donorId: idColumn("donor").notNull(),
    createdAt: instant().notNull(),
    expiresAt: instant().notNull(),
    usedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.hash] }),
    foreignKey({ columns: [t.churchId, t.donorId], foreignColumns: [donors.churchId, donors.id] }),
    index("portal_links_expiry").on(t.churchId, t.expiresAt),
  ],
);

/** A donor's visit in one browser. Only the hash of its cookie is kept. */
export const portalSessions = pgTable(
  "portal_sessions",
  {
    churchId: idColumn("church").notNull(),
    hash: bytes().notNull(),
    donorId: idColumn("donor").notNull(),
    createdAt: instant().notNull(),
    seenAt: instant().notNull(),
    endedAt: instant(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.hash] }),
    foreignKey({ columns: [t.churchId, t.donorId], foreignColumns: [donors.churchId, donors.id] }),
    index("portal_sessions_donor").on(t.churchId, t.donorId),
    index("portal_sessions_start").on(t.churchId, t.createdAt),
  ],
);

/** Each asking for a link, whether or not the address gives at the church: what the limits are counted from. */
export const portalAsks = pgTable(
  "portal_asks",
  {
    churchId: idColumn("church")
      .notNull()
      .references(() => churches.churchId),
    id: uuid().notNull(),
    askedAt: instant().notNull(),
    /** Keyed hashes of the e-mail address and of the network address asked from; null where nobody can tell it. */
    address: bytes().notNull(),
    client: text(),
  },
  (t) => [primaryKey({ columns: [t.churchId, t.id] }), index("portal_asks_time").on(t.churchId, t.askedAt)],
);
