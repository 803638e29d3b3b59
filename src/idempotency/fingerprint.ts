import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { present } from "../kernel/assert.ts";

/**
 * SHA-256 over the canonical JSON (RFC 8785) of a command, so that key order and spacing do not matter. Bigints
 * count as their digits, absent fields as absent.
 */
export function fingerprintOf(command: object): Uint8Array {
  const plain: unknown = JSON.parse(
    JSON.stringify(command, (_, value: unknown) => (typeof value === "bigint" ? value.toString() : value)),
  );
  return createHash("sha256")
    .update(present(canonicalize(plain), "a command is JSON"))
    .digest();
}
