import { createHash } from "node:crypto";
import type { ParsedLine } from "./statement-file.ts";

/**
 * What makes each line of a file the movement it is, so that files that overlap, or come again in another format, count
 * it once: day and amount, and the bank's own reference where it has one, else everything that was said. Lines alike in
 * all that are told apart by their order among themselves.
 */
export function fingerprints(lines: readonly ParsedLine[]): readonly Uint8Array[] {
  const seen = new Map<string, number>();
  return lines.map((line) => {
    const told = line.bankReference ?? [line.endToEndId, ...line.texts, line.counterparty.account].join("\n");
    const key = JSON.stringify([
      line.bookedOn,
      line.amount.minor.toString(),
      line.amount.currency,
      told.toUpperCase().replace(/[^\p{L}\p{N}]/gu, ""),
    ]);
    const earlier = seen.get(key) ?? 0;
    seen.set(key, earlier + 1);
    return createHash("sha256").update(`${key}#${earlier}`).digest();
  });
}
