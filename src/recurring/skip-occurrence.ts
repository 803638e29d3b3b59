import type { Deps } from "../deps.ts";
import { present } from "../kernel/assert.ts";
import { type ChurchId, newId, type RecurringGiftId } from "../kernel/ids.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { type CommandFacts, command, requireStatus, stopAtGateway } from "./command.ts";
import { loadMandate } from "./mandate-store.ts";
import { aheadFrom, amountDue, opensAt } from "./next-due.ts";
import { insertOccurrences, progressOf, saveOccurrence, unsettledOccurrences } from "./occurrence-store.ts";
import type { Actor, Occurrence, RecurringGift } from "./recurring-gift.ts";
import type { RecurringGiftView } from "./recurring-json.ts";
import { civilDate, daysAfter, instantOf, occurrenceAt } from "./schedule.ts";
import { loadRecurringGift } from "./store.ts";
import { writeChange } from "./write-change.ts";

type Parts = Pick<Deps, "db" | "clock" | "payments" | "doorbell">;
const only = "only one that is being asked for has a next gift";

/** The next gift as it can still be left out: its date, and whether it can be put off as well. */
export type NextGift = { readonly dueOn: string; readonly canPutOff: boolean };

/** What {@link skipNext} would leave out now; `undefined` where nothing is to come. */
export function nextGift(deps: Parts, church: ChurchId, id: RecurringGiftId): Promise<NextGift | undefined> {
  return deps.db.inChurch(church, async (tx) => {
    const gift = await loadRecurringGift(tx, church, id, true);
    if (gift?.status !== "active") return undefined;
    const now = deps.clock.now();
    const facts = { tx, gift, now, today: civilDate(now, gift.timeZone) };
    const open = await untouched(facts);
    const announced = open ? undefined : await announcedAhead(facts);
    const dueOn = open?.dueOn ?? announced?.dueOn ?? gift.nextDueOn;
    if (dueOn === undefined) return undefined;
    return { dueOn, canPutOff: !announced && !(await dayIsFixed(deps, facts)) };
  });
}

/**
 * Leaves out the next gift: the one that is open and not yet asked for, else the next to come. Its period stays empty.
 * `seen`: the date whoever asks has before them; another's being next by now is a `conflict`, so that a button pressed
 * twice leaves out one gift.
 */
export function skipNext(
  deps: Parts,
  church: ChurchId,
  id: RecurringGiftId,
  actor: Actor,
  seen?: string,
): Promise<Result<RecurringGiftView, Problem>> {
  return command(deps, church, id, async (facts) => {
    const { tx, gift, now } = facts;
    const can = requireStatus(gift, ["active"], only);
    if (!can.ok) return can;
    const open = await untouched(facts);
    const announced = open ? undefined : await announcedAhead(facts);
    const next = open?.dueOn ?? announced?.dueOn ?? gift.nextDueOn;
    if (seen !== undefined && next !== seen) return err(notThatOne(next));
    const ahead = open || announced ? {} : await skipComing(facts);
    if (!ahead) return err(noNext);
    if (announced) await stopAtGateway(tx, announced, "skipped", now);
    if (open) {
      await saveOccurrence(tx, open, {
        ...open,
        state: "skipped",
        nextAt: undefined,
        settledAt: now,
        version: open.version + 1,
        updatedAt: now,
      });
    }
    const changed = await writeChange(tx, gift, {
      to: ahead,
      what: ["skipped"],
      event: "recurring_gift.updated",
      actor,
      now,
      after: { due_on: next ?? null },
    });
    return ok(changed);
  });
}

const noNext: Problem = { code: "conflict", detail: "no gift is to come any more: its end has been reached" };

const notThatOne = (next: string | undefined): Problem =>
  fieldProblem("conflict", "/due_on", `is not the next gift any more: ${next ?? "none is to come"}`);

/** The occurrence that was opened and of which nobody has been asked anything yet. */
async function untouched({ tx, gift }: CommandFacts): Promise<Occurrence | undefined> {
  const unsettled = await unsettledOccurrences(tx, gift.churchId, gift.id);
  return unsettled.find(({ state, donationId }) => state === "open" && donationId === undefined);
}

/** The occurrence whose charge or voucher is out already, and whose day has not come: it can be taken back. */
async function announcedAhead({ tx, gift, today }: CommandFacts): Promise<Occurrence | undefined> {
  const unsettled = await unsettledOccurrences(tx, gift.churchId, gift.id);
  return unsettled.find(
    ({ state, dueOn, stopAs }) => state === "collecting" && dueOn > today && stopAs === undefined,
  );
}

/** Writes the coming period as skipped, so that nothing can open it, and moves on. */
async function skipComing({ tx, gift, now }: CommandFacts) {
  if (gift.nextDueOn === undefined) return undefined;
  const progress = await progressOf(tx, gift.churchId, gift.id);
  const dated = occurrenceAt(gift.rule, gift.anchor, gift.nextIndex);
  await insertOccurrences(tx, [
    {
      churchId: gift.churchId,
      id: newId("occurrence"),
      recurringGiftId: gift.id,
      period: dated.period,
      ruleNumber: gift.ruleNumber,
      index: dated.index,
      dueOn: gift.nextDueOn,
      state: "skipped",
      amount: amountDue(gift, progress),
      donationId: undefined,
      nextAt: undefined,
      tries: 0,
      reminders: 0,
      heldUntil: undefined,
      stopAs: undefined,
      decline: undefined,
      version: 1,
      createdAt: now,
      updatedAt: now,
      settledAt: now,
    },
  ]);
  return aheadFrom(gift, gift.nextIndex + 1, progress);
}

/** Puts the next gift off by some days; the ones after it stay where they are. `seen`: as for {@link skipNext}. */
export function snooze(
  deps: Parts,
  church: ChurchId,
  id: RecurringGiftId,
  days: 3 | 7,
  actor: Actor,
  seen?: string,
): Promise<Result<RecurringGiftView, Problem>> {
  return command(deps, church, id, async (facts) => {
    const { tx, gift, now } = facts;
    const can = requireStatus(gift, ["active"], only);
    if (!can.ok) return can;
    if (await dayIsFixed(deps, facts)) {
      return err({
        code: "conflict",
        detail: "the donor's bank fixed the day of each gift: skip it instead",
      });
    }
    const open = await untouched(facts);
    const from = open?.dueOn ?? gift.nextDueOn;
    if (from === undefined) return err(noNext);
    if (seen !== undefined && from !== seen) return err(notThatOne(from));
    const dueOn = daysAfter(from, days);
    const following = open ? gift.nextDueOn : occurrenceAt(gift.rule, gift.anchor, gift.nextIndex + 1).dueOn;
    if (following !== undefined && dueOn >= following) {
      const detail = `the gift after it is due on ${following}: choose fewer days, or skip this one`;
      return err(fieldProblem("conflict", "/days", detail));
    }
    if (open) {
      await saveOccurrence(tx, open, {
        ...open,
        dueOn,
        nextAt: instantOf(dueOn, gift.timeZone, gift.id),
        version: open.version + 1,
        updatedAt: now,
      });
    }
    const changed = await writeChange(tx, gift, {
      to: open ? {} : { nextDueOn: dueOn, nextOpenAt: opensAt(gift, dueOn) },
      what: ["snoozed"],
      event: "recurring_gift.updated",
      actor,
      now,
      before: { due_on: from },
      after: { due_on: dueOn },
    });
    return ok(changed);
  });
}

/** Whether the rail of the gift's mandate fixed the day with the permission. */
async function dayIsFixed(deps: Parts, { tx, gift }: CommandFacts): Promise<boolean> {
  if (gift.mandateId === undefined) return false;
  const mandate = present(await loadMandate(tx, gift.churchId, gift.mandateId, false), "the mandate exists");
  return fixesDay(deps, mandate);
}

/** Whether the rail of a mandate fixes the day of each charge. */
export const fixesDay = (
  deps: Pick<Deps, "payments">,
  mandate: { readonly gateway: string; readonly method: RecurringGift["method"] },
): boolean =>
  deps.payments.manifests
    .get(mandate.gateway)
    ?.methods.some((able) => able.type === mandate.method && able.mandate?.fixedDay === true) ?? false;
