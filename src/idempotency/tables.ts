import { index, json, pgTable, primaryKey, smallint, text } from "drizzle-orm/pg-core";
import { bytes, idColumn, instant } from "../db/columns.ts";

/** A client's name for one command, what it asked, and what it was answered. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    churchId: idColumn("church").notNull(),
    /** Who asked: the API key's id, or `checkout`. */
    principal: text().notNull(),
    /** Method and route template. */
    route: text().notNull(),
    key: text().notNull(),
    /** SHA-256 over the canonical body and path parameters. */
    fingerprint: bytes().notNull(),
    state: text({ enum: ["in_flight", "done"] }).notNull(),
    /** Which process holds the lease; after `lockedUntil` another may take over. */
    owner: text().notNull(),
    lockedUntil: instant().notNull(),
    /** Prefixed id of what the command made, as soon as it is made: where a take-over resumes. */
    resourceId: text(),
    responseStatus: smallint(),
    /** Not jsonb, which would turn the fields about: a replay is the first answer to the letter. */
    responseBody: json(),
    createdAt: instant().notNull(),
    expiresAt: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.churchId, t.principal, t.route, t.key] }),
    index("idempotency_expiry").on(t.expiresAt),
  ],
);
