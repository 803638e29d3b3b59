import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { present } from "../kernel/assert.ts";
import { applyOutcome, StaleGiftError } from "./apply-outcome.ts";
import type { Input } from "./decide.ts";
import type { Gift } from "./gift.ts";
import { loadGift } from "./store.ts";

/**
 * Writes a gateway's answer to an attempt of ours in one transaction, with whatever `also` has to be written
 * beside it. The gift in hand is trusted first; when a webhook was quicker, what it made of the attempt is
 * read under lock, and our answer, now old news, changes it only where the state table allows.
 */
export async function writeAnswer(
  deps: Pick<Deps, "db" | "clock" | "log" | "metrics">,
  gift: Gift,
  input: Input,
  also: (tx: Tx, after: Gift) => Promise<void>,
): Promise<Gift> {
  const church = gift.donation.churchId;
  const write = (read: (tx: Tx) => Promise<Gift>) =>
    deps.db.inChurch(church, async (tx) => {
      const applied = await applyOutcome(deps, tx, await read(tx), input, "request");
      await also(tx, applied.gift);
      return applied.gift;
    });
  try {
    return await write(() => Promise.resolve(gift));
  } catch (error) {
    if (!(error instanceof StaleGiftError)) throw error;
    const key = { attemptId: gift.attempt.id };
    return write(async (tx) => present(await loadGift(tx, church, key, true), "the attempt exists"));
  }
}
