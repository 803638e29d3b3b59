import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import type { ChurchId, RecurringGiftId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { lastOpened, progressOf, saveOccurrence, unsettledOccurrences } from "./occurrence-store.ts";
import { noSuchGift } from "./read-recurring-gift.ts";
import type { Occurrence, OccurrenceState, RecurringGift, RecurringStatus } from "./recurring-gift.ts";
import type { RecurringGiftView } from "./recurring-json.ts";
import { civilDate, type LastOpened } from "./schedule.ts";
import { holdAllOfDonor, loadRecurringGift } from "./store.ts";
import { viewOfGift } from "./view.ts";

/** What a command on a recurring gift works with: the gift under lock, and the day it is where the church is. */
export type CommandFacts = {
  readonly tx: Tx;
  readonly gift: RecurringGift;
  readonly now: Date;
  readonly today: string;
};

/**
 * One command on one recurring gift, in one transaction; a refusal writes nothing. `holds`: what it may change beside
 * the gift itself.
 */
export async function command(
  deps: Pick<Deps, "db" | "clock" | "doorbell">,
  church: ChurchId,
  id: RecurringGiftId,
  work: (facts: CommandFacts) => Promise<Result<RecurringGift, Problem>>,
  holds: "it" | "all_of_donor" = "it",
): Promise<Result<RecurringGiftView, Problem>> {
  const answer = await deps.db.inChurch(church, async (tx) => {
    const owner = holds === "all_of_donor" && (await loadRecurringGift(tx, church, id, false));
    if (owner) await holdAllOfDonor(tx, church, owner.donorId);
    const gift = await loadRecurringGift(tx, church, id, true);
    if (!gift) return err(noSuchGift);
    const now = deps.clock.now();
    const done = await work({ tx, gift, now, today: civilDate(now, gift.timeZone) });
    return done.ok ? ok(await viewOfGift(tx, done.value)) : done;
  });
  if (answer.ok) ringFor(deps);
  return answer;
}

/** A change is to be told to the church's systems and the donor, and may have made something due now. */
export function ringFor({ doorbell }: Pick<Deps, "doorbell">): void {
  doorbell.ring("outbox");
  doorbell.ring("messages");
  doorbell.ring("recurring");
}

/** Refused by name where the gift is in none of the states the command is for. */
export function requireStatus(
  gift: RecurringGift,
  allowed: readonly RecurringStatus[],
  mend: string,
): Result<RecurringGift, Problem> {
  if (allowed.includes(gift.status)) return ok(gift);
  return err({ code: "conflict", detail: `the recurring gift is ${gift.status}: ${mend}` });
}

/** How far it has come and what was opened last. */
export async function standing(
  tx: Tx,
  gift: RecurringGift,
): Promise<{
  readonly progress: Awaited<ReturnType<typeof progressOf>>;
  readonly last: LastOpened | undefined;
}> {
  return {
    progress: await progressOf(tx, gift.churchId, gift.id),
    last: await lastOpened(tx, gift),
  };
}

/**
 * What is due is left: `open` as `untouched` says, `retrying` is canceled; what is on its way is to be stopped at the
 * gateway where that is still possible (collection does it), and runs its course where it is not.
 */
export async function leaveOpen(
  tx: Tx,
  gift: RecurringGift,
  untouched: Extract<OccurrenceState, "skipped" | "canceled">,
  now: Date,
): Promise<void> {
  for (const occurrence of await unsettledOccurrences(tx, gift.churchId, gift.id)) {
    if (occurrence.state === "collecting") {
      await stopAtGateway(tx, occurrence, untouched, now);
      continue;
    }
    const state = occurrence.state === "open" ? untouched : "canceled";
    await saveOccurrence(tx, occurrence, {
      ...occurrence,
      state,
      nextAt: undefined,
      settledAt: now,
      version: occurrence.version + 1,
      updatedAt: now,
    });
  }
}

/** Asks collection to take back what was announced. */
export const stopAtGateway = (
  tx: Tx,
  occurrence: Occurrence,
  stopAs: NonNullable<Occurrence["stopAs"]>,
  now: Date,
): Promise<boolean> =>
  saveOccurrence(tx, occurrence, {
    ...occurrence,
    stopAs,
    nextAt: now,
    version: occurrence.version + 1,
    updatedAt: now,
  });
