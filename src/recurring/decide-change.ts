import type { ChurchSettings } from "../churches/church-settings.ts";
import { checkAllocations } from "../giving/give-request.ts";
import { sameStored } from "../giving/stored-json.ts";
import { type FundId, parseId } from "../kernel/ids.ts";
import { allocate, compare, type Money, money, sum } from "../kernel/money.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import type { WhatChanged } from "./change-log.ts";
import { checkEnd, checkStart } from "./check-schedule.ts";
import { aheadFrom } from "./next-due.ts";
import type { Progress } from "./occurrence-store.ts";
import type { Mandate, RecurringGift, StoredChange } from "./recurring-gift.ts";
import { type End, mandateCadenceOf, type Rule } from "./rule.ts";
import { indexAfter, type LastOpened } from "./schedule.ts";

/** What is to change, in minor units of the gift's currency; what is absent stays. */
export type ChangeWish = {
  readonly amount?: number | undefined;
  /** Funds by id or code; they add up to the amount. Absent with a new amount: in the proportion they had. */
  readonly allocations?: readonly { readonly fund: string; readonly amount: number }[] | undefined;
  readonly rule?: Rule | undefined;
  /** From which day a new rule counts; absent: as it counted, or from the next date for another rhythm. */
  readonly startsOn?: string | undefined;
  readonly ends?: End | undefined;
  readonly coverFees?: boolean | undefined;
};

export type ChangeFacts = {
  readonly settings: Pick<ChurchSettings, "funds">;
  readonly mandate: Mandate | undefined;
  readonly last: LastOpened | undefined;
  readonly progress: Progress;
  readonly today: string;
  /** The rail fixed the day with the permission. */
  readonly fixedDay: boolean;
  /** What a period of this amount is charged, its cover included. */
  readonly chargedFor: (amount: Money, coverFees: boolean) => Money;
};

export type DecidedChange = {
  readonly after: RecurringGift;
  readonly what: readonly WhatChanged[];
  /** Why the present permission does not do for it; absent: it does. */
  readonly needsMandate: Problem | undefined;
};

/**
 * A recurring gift with a change made to it, in place: nothing else of it moves. Pure. Refused: shares that do not add
 * up, funds unknown, days there are not, an end before what was given.
 */
export function decideChange(
  gift: RecurringGift,
  wish: ChangeWish,
  facts: ChangeFacts,
): Result<DecidedChange, Problem> {
  if (gift.status === "canceled" || gift.status === "completed") return err(isOver(gift));
  const shared = decideShares(gift, wish, facts);
  if (!shared.ok) return shared;
  const ruled = decideRule(shared.value, wish, facts);
  if (!ruled.ok) return ruled;
  const covered = { ...ruled.value, coverFees: wish.coverFees ?? gift.coverFees };
  if (wish.ends) {
    const schedule = { rule: covered.rule, anchor: covered.anchor, index: covered.nextIndex };
    const ends = checkEnd(wish.ends, schedule, facts.progress);
    if (!ends.ok) return ends;
  }
  const ended = { ...covered, ends: wish.ends ?? gift.ends };
  const coming = gift.nextDueOn !== undefined || wish.ends !== undefined || wish.rule !== undefined;
  const redated = wish.rule !== undefined || wish.startsOn !== undefined || wish.ends !== undefined;
  // A date that was put off stays where it was put.
  const after = coming && redated ? { ...ended, ...ahead(ended, gift, facts) } : ended;
  return ok({ after, what: whatChanged(gift, after), needsMandate: needsMandate(gift, after, facts) });
}

const isOver = ({ status }: RecurringGift): Problem => ({
  code: "conflict",
  detail: `the recurring gift is ${status}: nothing of it can change any more; start a new one`,
});

function ahead(after: RecurringGift, before: RecurringGift, facts: ChangeFacts) {
  const next = aheadFrom(after, after.nextIndex, facts.progress);
  const sameDate =
    after.rule === before.rule && after.anchor === before.anchor && next.nextDueOn !== undefined;
  return sameDate && before.nextDueOn !== undefined
    ? { ...next, nextDueOn: before.nextDueOn, nextOpenAt: before.nextOpenAt }
    : next;
}

function decideShares(
  gift: RecurringGift,
  wish: ChangeWish,
  { settings }: ChangeFacts,
): Result<RecurringGift, Problem> {
  const { currency } = gift.amount;
  const amount = wish.amount === undefined ? gift.amount : money(BigInt(wish.amount), currency);
  if (!wish.allocations) {
    if (amount.minor < BigInt(gift.shares.length)) {
      return err(fieldProblem("amount_invalid", "/amount", "is too little for each fund to have some of it"));
    }
    return ok(wish.amount === undefined ? gift : changedShares(gift, { amount: wish.amount }));
  }
  const wanted = wish.allocations.map((share) => ({
    fund: share.fund,
    amount: money(BigInt(share.amount), currency),
  }));
  const checked = checkAllocations({ amount, allocations: wanted }, settings.funds);
  if (!checked.ok) return checked;
  const shares = checked.value.map(({ fund, amount: share }) => ({ fundId: fund.id, amount: share }));
  return ok({ ...gift, amount, shares });
}

/** The gift with a stored change of amount and shares; without shares each fund keeps its proportion. */
export function changedShares(gift: RecurringGift, change: StoredChange): RecurringGift {
  const { currency } = gift.amount;
  if (change.allocations) {
    const shares = change.allocations.flatMap(({ fund, amount }) => {
      const fundId: FundId | undefined = parseId("fund", fund);
      return fundId ? [{ fundId, amount: money(BigInt(amount), currency) }] : [];
    });
    return {
      ...gift,
      shares,
      amount: sum(
        shares.map((share) => share.amount),
        currency,
      ),
    };
  }
  if (change.amount === undefined) return gift;
  const amount = money(BigInt(change.amount), currency);
  const weights = gift.shares.map((share) => share.amount.minor);
  // One unit each before the rest is shared out, so that no fund is left with nothing.
  const rest = money(amount.minor - BigInt(weights.length), currency);
  const parts = allocate(rest, weights);
  const shares = gift.shares.map((share, at) => ({
    fundId: share.fundId,
    amount: money((parts[at]?.minor ?? 0n) + 1n, currency),
  }));
  return { ...gift, amount, shares };
}

function decideRule(
  gift: RecurringGift,
  { rule = gift.rule, startsOn }: ChangeWish,
  { last, today }: ChangeFacts,
): Result<RecurringGift, Problem> {
  if (sameStored(rule, gift.rule) && startsOn === undefined) return ok(gift);
  if (startsOn !== undefined) {
    const start = checkStart(startsOn, today, today);
    if (!start.ok) return start;
  }
  const sameRhythm = rule.cadence === gift.rule.cadence;
  const anchor = startsOn ?? (sameRhythm ? gift.anchor : (gift.nextDueOn ?? today));
  const from = startsOn ?? today;
  const nextIndex = indexAfter(rule, anchor, from > today ? from : today, last);
  return ok({ ...gift, rule, anchor, nextIndex, ruleNumber: gift.ruleNumber + 1 });
}

function whatChanged(before: RecurringGift, after: RecurringGift): readonly WhatChanged[] {
  const changes: readonly (readonly [WhatChanged, boolean])[] = [
    ["amount", before.amount.minor !== after.amount.minor],
    ["split", JSON.stringify(split(before)) !== JSON.stringify(split(after))],
    ["rule", before.ruleNumber !== after.ruleNumber],
    ["end", !sameStored(before.ends, after.ends)],
    ["cover", before.coverFees !== after.coverFees],
  ];
  return changes.flatMap(([what, changed]) => (changed ? [what] : []));
}

/** Of how much each fund's share is, in what order: what a donor would call the split. */
const split = (gift: RecurringGift) =>
  gift.shares.map(({ fundId, amount }) => [fundId, String(amount.minor)]);

/** Above the ceiling, another amount than the rail fixed, another rhythm or day than it was told. */
function needsMandate(
  before: RecurringGift,
  after: RecurringGift,
  { mandate, chargedFor, fixedDay }: ChangeFacts,
): Problem | undefined {
  if (after.collection !== "automatic" || !mandate) return undefined;
  const mend = "ask the donor for a new permission with POST …/payment-method, which may carry this change";
  const charged = chargedFor(after.amount, after.coverFees);
  const dearer = charged.minor > chargedFor(before.amount, before.coverFees).minor;
  if (mandate.fixed && mandate.fixed.minor !== charged.minor) {
    return fieldProblem(
      "conflict",
      "/amount",
      `the donor's bank fixed ${mandate.fixed.minor} a time: ${mend}`,
    );
  }
  if (mandate.ceiling && dearer && compare(charged, mandate.ceiling) > 0) {
    const detail = `is above the ${mandate.ceiling.minor} that the donor agreed to: ${mend}`;
    return fieldProblem("amount_out_of_range", "/amount", detail);
  }
  const rhythm = mandateCadenceOf[after.rule.cadence];
  const told = mandate.cadence === "as_needed" || mandate.cadence === rhythm;
  if (!told || (fixedDay && before.ruleNumber !== after.ruleNumber)) {
    return fieldProblem("conflict", "/frequency", `the donor's bank was told another: ${mend}`);
  }
  return undefined;
}
