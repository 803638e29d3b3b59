import type { Database, Tx } from "../db/client.ts";
import type { ChurchId } from "../kernel/ids.ts";
import { newId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { type CommandName, claim, finish } from "./claim.ts";
import { fingerprintOf } from "./fingerprint.ts";

export type OnceOrder<T> = {
  readonly church: ChurchId;
  readonly name: CommandName;
  /** All that makes the command this one; a repeat with another is refused. */
  readonly command: object;
  readonly status: number;
  readonly now: Date;
  /** Reads an answer that was given before. */
  readonly read: (body: unknown) => T;
};

/**
 * A command that is one transaction, calling nobody: its claim, its work and its answer are written together or not at
 * all. A refusal undoes the claim, so that the key is free for another try.
 */
export async function runOnce<T extends object>(
  db: Database,
  order: OnceOrder<T>,
  work: (tx: Tx) => Promise<Result<T, Problem>>,
): Promise<Result<{ readonly answer: T; readonly replayed: boolean }, Problem>> {
  const { church, name, now } = order;
  const claimed = {
    church,
    name,
    fingerprint: fingerprintOf(order.command),
    resourceId: newId("event"),
    now,
  };
  try {
    return await db.inChurch(church, async (tx) => {
      const won = await claim(tx, claimed);
      if (!won.ok) return won;
      if (won.value.kind === "replay") return ok({ answer: order.read(won.value.body), replayed: true });
      const done = await work(tx);
      if (!done.ok) throw new Refused(done.error);
      await finish(tx.sql, church, [{ name, status: order.status, body: done.value }]);
      return ok({ answer: done.value, replayed: false });
    });
  } catch (error) {
    if (error instanceof Refused) return err(error.problem);
    throw error;
  }
}

/** Carries a refusal out of the transaction, which undoes it. */
class Refused extends Error {
  override readonly name = "Refused";
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.code);
    this.problem = problem;
  }
}
