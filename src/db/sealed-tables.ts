import { is } from "drizzle-orm";
import { getTableConfig, type PgColumn, PgTable } from "drizzle-orm/pg-core";
import * as declared from "./tables.ts";

/** A table with columns sealed under a church's data key, as the database names them. */
export type SealedTable = {
  readonly name: string;
  readonly columns: readonly string[];
  /** What beside the church names a row, and how each part is written in what a value was sealed to. */
  readonly key: readonly { readonly column: string; readonly written: (stored: unknown) => string }[];
};

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Bytes that are no secret but the digest of one: made again from the text, never opened. */
const isDigest = (column: string): boolean => /(^|_)(index|fingerprint|hash|sha256)$/.test(column);

const keyPart = (column: PgColumn) => ({
  column: snake(column.name),
  written: (stored: unknown) => String(column.mapFromDriverValue(stored)),
});

/**
 * Every table whose rows carry a key version: all its bytes are sealed, but for digests. Read from the tables as they
 * are declared, so that no column of tomorrow can be forgotten.
 */
export const sealedTables: readonly SealedTable[] = Object.values(declared).flatMap((each: unknown) => {
  if (!is(each, PgTable)) return [];
  const { name, columns, primaryKeys } = getTableConfig(each);
  if (!columns.some((column) => snake(column.name) === "key_version")) return [];
  const named = new Set((primaryKeys[0]?.columns ?? []).map((column) => column.name));
  const key = columns.filter((column) => named.has(column.name) && snake(column.name) !== "church_id");
  const sealed = columns.filter((column) => column.getSQLType() === "bytea").map(({ name }) => snake(name));
  return [{ name, columns: sealed.filter((column) => !isDigest(column)), key: key.map(keyPart) }];
});
