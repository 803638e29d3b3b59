import { bigint, customType, timestamp } from "drizzle-orm/pg-core";
import { type IdKind, type IdOf, toId, uuidOf } from "../kernel/ids.ts";

/** A prefixed id of the kind named, kept as a bare uuid. */
export const idColumn = <K extends IdKind>(kind: K, name?: string) =>
  customType<{ data: IdOf<K>; driverData: string }>({
    dataType: () => "uuid",
    toDriver: (id) => uuidOf(id),
    fromDriver: (uuid) => toId(kind, uuid),
  })(name ?? "");

/** Bytes: ciphertext, hashes, raw bodies. */
export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "bytea" });

/** An instant, to the millisecond, in UTC. */
export const instant = () => timestamp({ withTimezone: true, mode: "date", precision: 3 });

/** An amount in minor units of the currency in the same row. */
export const minorUnits = () => bigint({ mode: "bigint" });
