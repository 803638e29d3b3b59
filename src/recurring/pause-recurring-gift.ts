import type { Deps } from "../deps.ts";
import { type ChurchId, type RecurringGiftId, toId } from "../kernel/ids.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { isCivilDate } from "./check-schedule.ts";
import { type CommandFacts, command, leaveOpen, requireStatus, standing } from "./command.ts";
import { aheadFrom, indexToGoOn } from "./next-due.ts";
import type { Actor, RecurringGift } from "./recurring-gift.ts";
import type { RecurringGiftView } from "./recurring-json.ts";
import { civilDate, daysAfter, monthsAfter } from "./schedule.ts";
import { writeChange } from "./write-change.ts";

type Parts = Pick<Deps, "db" | "clock" | "doorbell">;

/** Nobody pauses for good: after so many months it goes on by itself, or is canceled by who wants it to end. */
const monthsMost = 12;

export type Pause = {
  /** The day it goes on by itself, `YYYY-MM-DD`; absent: a year from today. `null` would be for ever, and is refused. */
  readonly resumesOn?: string | null | undefined;
  /** Whether what fell due meanwhile is collected once, on resuming. */
  readonly catchUp?: boolean | undefined;
};

/** Stops asking until a day. What is due and not yet asked for is left out; what is on its way runs its course. */
export function pause(
  deps: Parts,
  church: ChurchId,
  id: RecurringGiftId,
  wish: Pause,
  actor: Actor,
): Promise<Result<RecurringGiftView, Problem>> {
  return command(deps, church, id, async ({ tx, gift, now, today }) => {
    const can = requireStatus(gift, ["active"], "only one that is being asked for can be paused");
    if (!can.ok) return can;
    const until = resumeDay(wish.resumesOn, today);
    if (!until.ok) return until;
    const paused: RecurringGift = {
      ...gift,
      status: "paused",
      pausedAt: now,
      resumesOn: until.value,
      catchUp: wish.catchUp ?? false,
    };
    await leaveOpen(tx, gift, "skipped", now);
    const { progress, last } = await standing(tx, gift);
    const ahead = aheadFrom(paused, indexToGoOn(paused, { today: until.value, last }), progress);
    const changed = await writeChange(tx, gift, {
      to: { ...paused, ...ahead },
      what: ["paused"],
      event: "recurring_gift.paused",
      actor,
      now,
      after: { resumes_on: until.value, catch_up: paused.catchUp },
    });
    return ok(changed);
  });
}

function resumeDay(asked: string | null | undefined, today: string): Result<string, Problem> {
  const latest = monthsAfter(today, monthsMost);
  const no = (detail: string) => err(fieldProblem("invalid_request", "/resumes_on", detail));
  if (asked === null) {
    return no(`nothing is paused for ever: name a day up to ${latest}, or cancel it`);
  }
  if (asked === undefined) return ok(latest);
  if (!isCivilDate(asked)) return no("is no day of the calendar: write one as 2026-11-30");
  if (asked <= today) return no(`is not ahead: name ${daysAfter(today, 1)} or a later day`);
  if (asked > latest)
    return no(`is more than ${monthsMost} months ahead: name ${latest} or an earlier day, or cancel it`);
  return ok(asked);
}

/** Goes on now. `catchUp` absent: as it was chosen when it was paused. */
export function resume(
  deps: Parts,
  church: ChurchId,
  id: RecurringGiftId,
  wish: { readonly catchUp?: boolean | undefined },
  actor: Actor,
): Promise<Result<RecurringGiftView, Problem>> {
  return command(deps, church, id, async (facts) => {
    const can = requireStatus(facts.gift, ["paused"], "only a paused one can be resumed");
    return can.ok ? ok(await goOn(facts, wish.catchUp ?? facts.gift.catchUp, actor)) : can;
  });
}

async function goOn(
  { tx, gift, now, today }: CommandFacts,
  catchUp: boolean,
  actor: Actor,
): Promise<RecurringGift> {
  const active: RecurringGift = {
    ...gift,
    status: "active",
    pausedAt: undefined,
    resumesOn: undefined,
    catchUp: false,
  };
  const { progress, last } = await standing(tx, gift);
  const missed = catchUp && gift.pausedAt ? civilDate(gift.pausedAt, gift.timeZone) : undefined;
  const ahead = aheadFrom(active, indexToGoOn(active, { today, last, missed }), progress);
  return writeChange(tx, gift, {
    to: { ...active, ...ahead },
    what: ["resumed"],
    event: "recurring_gift.updated",
    actor,
    now,
    after: { catch_up: catchUp },
  });
}

/** Resumes what was paused until today or before, at most `limit`; safe to run twice. Answers how many went on. */
export async function resumeDue(
  deps: Parts,
  order: { readonly limit: number; readonly signal?: AbortSignal },
): Promise<number> {
  // Somewhere it is tomorrow already: each gift's own zone decides, under its lock.
  const latest = daysAfter(civilDate(deps.clock.now(), "UTC"), 1);
  const due = await deps.db.sweeping(
    ({ sql }) => sql<{ church_id: string; id: string }[]>`
      select church_id, id from recurring_gifts where resumes_on <= ${latest}
      order by resumes_on, id limit ${order.limit}`,
  );
  let resumed = 0;
  for (const row of due) {
    if (order.signal?.aborted) break;
    const done = await command(
      deps,
      toId("church", row.church_id),
      toId("recurringGift", row.id),
      async (facts) => {
        const { gift, today } = facts;
        const isDue = gift.status === "paused" && gift.resumesOn !== undefined && gift.resumesOn <= today;
        if (!isDue) return err<Problem>({ code: "conflict", detail: "it is not due" });
        return ok(await goOn(facts, gift.catchUp, { kind: "job" }));
      },
    );
    if (done.ok) resumed += 1;
  }
  return resumed;
}
