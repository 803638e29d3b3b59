import { Temporal } from "temporal-polyfill";
import type { MandateTerms } from "../../gateway/manifest.ts";
import type { RetryAdvice } from "../../gateway/payment.ts";
import { days } from "../../kernel/clock.ts";
import { exhaustive } from "../../kernel/result.ts";
import { civilDate, instantAt, instantOf } from "../schedule.ts";
import type { Limit } from "./limits.ts";
import { adviceOf } from "./network-words.ts";
import { bankingDayFrom, nextPayday } from "./paydays.ts";
import { type FailureReason, holdDays, planOf, stepsOf, type Wait } from "./plans.ts";
import { keepsBankingDays, type Rail } from "./rails.ts";

export type Failure = {
  readonly reason: FailureReason;
  readonly retry?: RetryAdvice | undefined;
  readonly adviceCode?: string | undefined;
  readonly networkCode?: string | undefined;
};

/** A try of this occurrence that brought no money, oldest first. */
export type FailedTry = { readonly at: Date; readonly reason: FailureReason };

/** Everything the decision is made from. */
export type RetryQuestion = {
  readonly now: Date;
  readonly zone: string;
  /** Spreads tries over the morning where nobody's habit is known: the recurring gift's id. */
  readonly seed: string;
  readonly rail: Rail;
  readonly network: string | undefined;
  readonly failure: Failure;
  /** Every failed try of this occurrence, the one just failed among them. */
  readonly tries: readonly FailedTry[];
  /** When the same saved instrument was asked again lately, for whatever occurrence, without the first tries. */
  readonly retriesOfInstrument: readonly Date[];
  /** The hour of the day, in `zone`, at which this donor's gifts usually succeed. */
  readonly usualHour: number | undefined;
  readonly dueOn: string;
  /** When the next period falls due; absent: there is none. */
  readonly nextDueOn: string | undefined;
  readonly limits: readonly Limit[];
  /** The rail's own rule, as its gateway's manifest has it. */
  readonly railRule: MandateTerms["retries"];
  readonly bankHolidays: ReadonlySet<string>;
};

export type RetryDecision =
  | { readonly kind: "retry"; readonly at: Date }
  /** Only another means of payment helps: the donor is asked, and waited for. */
  | { readonly kind: "ask_method"; readonly until: Date }
  /** The donor must show that it is them: a link goes out; nothing is tried without them meanwhile. */
  | { readonly kind: "ask_donor"; readonly until: Date }
  | { readonly kind: "give_up"; readonly why: "final" | "plan_over" | "limit" | "next_period" };

/**
 * When an occurrence is asked for again, if ever. Pure. A network's advice comes before the plan, the limits after it;
 * the calendar never moves: nothing is tried on or after the day the next period falls due.
 */
export function decideRetry(question: RetryQuestion): RetryDecision {
  const { failure, rail, now } = question;
  const plan = planOf[failure.reason];
  const advice = adviceOf(question.network, failure);
  if (plan === "final") return { kind: "give_up", why: "final" };
  if (plan === "hard" || needsNewMethod(question.network, failure))
    return waiting(question, "ask_method", holdDays.hard);
  if (plan === "authenticate") return waiting(question, "ask_donor", holdDays.authenticate);
  const failedSo = question.tries.filter((one) => planOf[one.reason] === plan).length;
  const step = stepsOf[rail][plan][Math.max(0, failedSo - 1)];
  if (!step) return { kind: "give_up", why: "plan_over" };
  const planned = momentOf(step, question, now);
  const told = advice.kind === "not_before" ? new Date(now.getTime() + advice.ms) : now;
  const at =
    planned >= told
      ? planned
      : momentOf({ kind: "after", ms: told.getTime() - now.getTime() }, question, now);
  if (!withinLimits(question, at)) return { kind: "give_up", why: "limit" };
  return inPeriod(question, at) ? { kind: "retry", at } : { kind: "give_up", why: "next_period" };
}

/** Whether a bank's no means that the same instrument will not be taken again, whenever it is asked. */
export function needsNewMethod(network: string | undefined, failure: Failure): boolean {
  const advice = adviceOf(network, failure);
  const plan = planOf[failure.reason];
  const over = failure.retry === "never" || advice.kind === "never" || advice.kind === "new_method";
  return plan === "hard" || (over && plan !== "final");
}

/** When a donor who was asked for something is waited for no longer: before the next period, at most so many days. */
export function heldUntil(
  question: Pick<RetryQuestion, "now" | "nextDueOn" | "zone" | "seed">,
  mostDays: number,
): Date {
  const held = new Date(question.now.getTime() + days(mostDays));
  const { nextDueOn, zone, seed } = question;
  const next = nextDueOn === undefined ? undefined : instantOf(nextDueOn, zone, seed);
  return next && next < held ? next : held;
}

function waiting(question: RetryQuestion, kind: "ask_method" | "ask_donor", most: number): RetryDecision {
  const until = heldUntil(question, most);
  return until > question.now ? { kind, until } : { kind: "give_up", why: "next_period" };
}

function momentOf(wait: Wait, question: RetryQuestion, from: Date): Date {
  const { zone, bankHolidays, rail } = question;
  const today = Temporal.PlainDate.from(civilDate(from, zone));
  const banking = (date: Temporal.PlainDate) =>
    keepsBankingDays(rail) ? bankingDayFrom(date, bankHolidays) : date;
  switch (wait.kind) {
    case "after": {
      const at = new Date(from.getTime() + wait.ms);
      const day = Temporal.PlainDate.from(civilDate(at, zone));
      return banking(day).equals(day) ? at : morning(banking(day), question);
    }
    case "days":
      return morning(banking(today.add({ days: wait.days })), question);
    case "payday":
      return morning(banking(nextPayday(today, bankHolidays)), question);
    default:
      return exhaustive(wait);
  }
}

/** The donor's usual hour on a day, else its place in the morning window. */
function morning(date: Temporal.PlainDate, { zone, seed, usualHour }: RetryQuestion): Date {
  if (usualHour === undefined) return instantOf(date.toString(), zone, seed);
  return instantAt(date.toPlainDateTime({ hour: usualHour }), zone);
}

/** Whether one more try at a moment is within every limit, each counted over its own stretch of time up to then. */
function withinLimits({ limits, tries, retriesOfInstrument, railRule }: RetryQuestion, at: Date): boolean {
  const retries = tries.slice(1).map((one) => one.at);
  const ruled = railRule === undefined || retries.length + 1 <= railRule.most;
  return (
    ruled &&
    limits.every((limit) => {
      const counted = limit.per === "occurrence" ? retries : retriesOfInstrument;
      const since = at.getTime() - limit.withinMs;
      return counted.filter((one) => one.getTime() > since).length + 1 <= limit.retries;
    })
  );
}

/** Before the next period's day, and within the days the rail gives. */
function inPeriod({ nextDueOn, zone, dueOn, railRule }: RetryQuestion, at: Date): boolean {
  const day = civilDate(at, zone);
  if (nextDueOn !== undefined && day >= nextDueOn) return false;
  if (railRule === undefined) return true;
  return day <= Temporal.PlainDate.from(dueOn).add({ days: railRule.withinDays }).toString();
}
