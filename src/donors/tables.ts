import { index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { churches } from "../churches/tables.ts";
import { bytes, idColumn, instant } from "../db/columns.ts";

/** A person who gives. Every personal field is sealed with the church's data key; the indexes are keyed hashes. */
export const donors = pgTable(
  "donors",
  {
    churchId: idColumn("church")
      .notNull()
      .references(() => churches.churchId),
    id: idColumn("donor").notNull(),
    keyVersion: integer().notNull(),
    name: bytes(),
    email: bytes(),
    phone: bytes(),
    taxId: bytes(),
    emailIndex: bytes(),
    taxIdIndex: bytes(),
    locale: text(),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.id] }),
    uniqueIndex("donors_email").on(t.churchId, t.emailIndex),
    index("donors_tax_id").on(t.taxIdIndex, t.churchId),
  ],
);
