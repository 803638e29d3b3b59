import type { Database } from "../db/client.ts";
import type { Problem } from "../kernel/problem.ts";
import type { Result } from "../kernel/result.ts";
import { type Claim, type KeyLook, replayed } from "./claim.ts";

/** Milliseconds before each look: about a second and a half in all, then the caller is told to come back. */
const looks = [20, 40, 80, 160, 320, 400, 500] as const;

/**
 * A repeat that meets its first request still at work waits a little for that one's answer, so that a double click
 * or fifty clients at once all get the same one. `undefined` when it does not come in time, or when the first
 * request gave its key back. No transaction is open while it waits.
 */
export async function awaitAnswer(db: Database, order: KeyLook): Promise<Result<Claim, Problem> | undefined> {
  for (const wait of looks) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    const found = await db.inChurch(order.church, (tx) => replayed(tx, order));
    if (found) return found;
  }
  return undefined;
}
