import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { finish, type KeptAnswer } from "../idempotency/claim.ts";
import { present } from "../kernel/assert.ts";
import { type Applied, applyAtOnce, applyOutcome } from "./apply-outcome.ts";
import type { Input } from "./decide.ts";
import type { Gift } from "./gift.ts";
import { loadGift } from "./load-gift.ts";

type Parts = Pick<Deps, "db" | "clock" | "log" | "metrics">;
type Answer = Extract<Input, { kind: "outcome" }>;

/**
 * Writes a gateway's answer to an attempt of ours, and with it what the command is answered, where somebody asked. The
 * gift in hand is trusted first; when a webhook was quicker, what it made of the attempt is read under lock, and our
 * answer, now old news, changes it only where the state table allows.
 */
export async function writeAnswer(
  deps: Parts,
  gift: Gift,
  input: Answer,
  answering?: (after: Gift) => KeptAnswer,
): Promise<Applied> {
  const done = await applyAtOnce(deps, gift, input, answering);
  return (
    done ??
    writeUnderLock(deps, gift, input, async (tx, after) => {
      if (answering) await finish(tx.sql, after.donation.churchId, [answering(after)]);
    })
  );
}

/** The same where what follows has to be decided from what the answer made of the attempt. */
export function writeUnderLock(
  deps: Parts,
  gift: Gift,
  input: Answer,
  also: (tx: Tx, after: Gift) => Promise<void>,
): Promise<Applied> {
  const church = gift.donation.churchId;
  return deps.db.inChurch(church, async (tx) => {
    const current = await loadGift(tx, church, { attemptId: gift.attempt.id }, true);
    const applied = await applyOutcome(deps, tx, present(current, "the attempt exists"), input, "request");
    await also(tx, applied.gift);
    return applied;
  });
}
