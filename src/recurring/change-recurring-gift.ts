import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { coverOf, noRoute } from "../giving/plan-gift.ts";
import { present } from "../kernel/assert.ts";
import type { ChurchId, RecurringGiftId } from "../kernel/ids.ts";
import { add, type Money, moneyJson } from "../kernel/money.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { chooseRoute, type Route } from "../routing/choose-route.ts";
import { command, standing } from "./command.ts";
import { type ChangeFacts, type ChangeWish, type DecidedChange, decideChange } from "./decide-change.ts";
import { describeRule } from "./describe-rule.ts";
import { loadMandate } from "./mandate-store.ts";
import { nextDates } from "./next-due.ts";
import { noSuchGift } from "./read-recurring-gift.ts";
import type { Actor, Mandate, RecurringGift } from "./recurring-gift.ts";
import type { RecurringGiftView } from "./recurring-json.ts";
import type { End, Rule } from "./rule.ts";
import { civilDate } from "./schedule.ts";
import { fixesDay } from "./skip-occurrence.ts";
import { loadRecurringGift } from "./store.ts";
import { writeChange } from "./write-change.ts";

type Parts = Pick<Deps, "db" | "clock" | "settings" | "payments" | "countries" | "doorbell">;
type Settings = ChangeFacts["settings"] & NonNullable<Awaited<ReturnType<Deps["settings"]["read"]>>>;

/** What a donor has agreed to give, as it is shown before and after a change. */
export type Terms = {
  readonly amount: { readonly amount: number; readonly currency: string };
  readonly allocations: readonly { readonly fund: string; readonly amount: number }[];
  readonly cover_fees: boolean;
  readonly frequency: Rule;
  readonly frequency_text: string;
  readonly ends: End;
  readonly next_dates: readonly string[];
};

export type Preview = {
  readonly before: Terms;
  readonly after: Terms;
  /** The next four dates, once it is changed. */
  readonly next: readonly string[];
  /** The donor must give a new permission first, and why. */
  readonly needsMandate: Problem | undefined;
};

/** What a change would make of a recurring gift: nothing is written. Refused as the change itself would be. */
export async function previewChange(
  deps: Parts,
  church: ChurchId,
  id: RecurringGiftId,
  wish: ChangeWish,
): Promise<Result<Preview, Problem>> {
  const settings = present(await deps.settings.readFresh(church), "a church that asks is there");
  return deps.db.inChurch(church, async (tx) => {
    const gift = await loadRecurringGift(tx, church, id, false);
    if (!gift) return err(noSuchGift);
    const decided = await decideIn(deps, tx, settings, gift, wish);
    if (!decided.ok) return decided;
    const { progress } = await standing(tx, gift);
    const terms = (each: RecurringGift): Terms => ({
      amount: moneyJson(each.amount),
      allocations: each.shares.map((share) => ({
        fund: share.fundId,
        amount: moneyJson(share.amount).amount,
      })),
      cover_fees: each.coverFees,
      frequency: each.rule,
      frequency_text: describeRule(each.rule, each.anchor, each.locale),
      ends: each.ends,
      next_dates: nextDates(each, progress, 4),
    });
    const { after, needsMandate } = decided.value;
    return ok({
      before: terms(gift),
      after: terms(after),
      next: nextDates(after, progress, 4),
      needsMandate,
    });
  });
}

/**
 * Changes amount, split, day or rhythm, end, or the cover of fees, in place: from the next gift not yet opened. Refused
 * where the donor's permission does not cover it, saying how to ask for another. A wish that changes nothing writes
 * nothing.
 */
export async function changeRecurringGift(
  deps: Parts,
  church: ChurchId,
  id: RecurringGiftId,
  wish: ChangeWish,
  actor: Actor,
): Promise<Result<RecurringGiftView, Problem>> {
  const settings = present(await deps.settings.readFresh(church), "a church that asks is there");
  return command(deps, church, id, async ({ tx, gift, now }) => {
    const decided = await decideIn(deps, tx, settings, gift, wish);
    if (!decided.ok) return decided;
    const { after, what, needsMandate } = decided.value;
    if (needsMandate) return err(needsMandate);
    if (what.length === 0) return ok(gift);
    const changed = await writeChange(tx, gift, {
      to: after,
      what,
      event: "recurring_gift.updated",
      actor,
      now,
      before: loggedTerms(gift),
      after: loggedTerms(after),
    });
    return ok(changed);
  });
}

const loggedTerms = (gift: RecurringGift): object => ({
  amount: moneyJson(gift.amount),
  allocations: gift.shares.map(({ fundId, amount }) => ({ fund: fundId, amount: moneyJson(amount).amount })),
  frequency: gift.rule,
  ends: gift.ends,
  cover_fees: gift.coverFees,
});

/** Decides a change with the church's facts; the amount must be one that its route takes. */
export async function decideIn(
  deps: Parts,
  tx: Tx,
  settings: Settings,
  gift: RecurringGift,
  wish: ChangeWish,
): Promise<Result<DecidedChange, Problem>> {
  const mandate = gift.mandateId && (await loadMandate(tx, gift.churchId, gift.mandateId, false));
  const { progress, last } = await standing(tx, gift);
  const chargedFor = (amount: Money, coverFees: boolean): Money => {
    const [route] = routesOf(deps, settings, gift, mandate || undefined, amount).routes;
    return route ? add(amount, coverOf({ amount, coverFees }, route)) : amount;
  };
  const decided = decideChange(gift, wish, {
    settings,
    mandate: mandate || undefined,
    last,
    progress,
    today: civilDate(deps.clock.now(), gift.timeZone),
    fixedDay: mandate ? fixesDay(deps, mandate) : false,
    chargedFor,
  });
  if (!decided.ok || wish.amount === undefined) return decided;
  const charged = chargedFor(decided.value.after.amount, decided.value.after.coverFees);
  const { routes, rejections } = routesOf(deps, settings, gift, mandate || undefined, charged);
  if (routes.length > 0) return decided;
  return err(
    noRoute(rejections, {
      method: { type: gift.method },
      locale: gift.locale,
      mode: gift.mode,
      country: gift.country,
    }),
  );
}

/** The ways a recurring gift can be collected: its mandate's account alone where it has one. */
function routesOf(
  deps: Parts,
  settings: Settings,
  gift: RecurringGift,
  mandate: Mandate | undefined,
  amount: Money,
): { readonly routes: readonly Route[]; readonly rejections: ReturnType<typeof chooseRoute>["rejections"] } {
  const automatic = gift.collection === "automatic" && mandate;
  return chooseRoute({
    country: present(deps.countries.get(gift.country), "a gift's country is served"),
    method: gift.method,
    amount,
    mode: gift.mode,
    accounts: automatic
      ? settings.accounts.filter(({ id }) => id === mandate.gatewayAccountId)
      : settings.accounts,
    manifests: deps.payments.manifests,
    ...(automatic ? { pulls: mandate.cadence } : {}),
  });
}
