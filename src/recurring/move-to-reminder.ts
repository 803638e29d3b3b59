import type { ChurchSettings } from "../churches/church-settings.ts";
import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import type { CountryMethod } from "../gateway/country-profile.ts";
import { fieldsMissing } from "../giving/give-request.ts";
import { noRoute } from "../giving/plan-gift.ts";
import { present } from "../kernel/assert.ts";
import type { ChurchId, MandateId, RecurringGiftId } from "../kernel/ids.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { chooseRoute, type Route } from "../routing/choose-route.ts";
import { askToEnd } from "./ask-to-end.ts";
import { decideIn } from "./change-recurring-gift.ts";
import { type CommandFacts, command, requireStatus, standing } from "./command.ts";
import { donorOfGift } from "./donor-of-gift.ts";
import type { MethodWish } from "./mandate-for-gift.ts";
import { aheadFrom, indexToGoOn } from "./next-due.ts";
import { saveOccurrence, unsettledOccurrences } from "./occurrence-store.ts";
import { leadDaysOf } from "./plan-start.ts";
import type { Actor, Occurrence, RecurringGift } from "./recurring-gift.ts";
import type { RecurringGiftView } from "./recurring-json.ts";
import { nextReminderAt } from "./reminders/plan.ts";
import { checkMandate } from "./sweep-mandates.ts";
import { writeChange } from "./write-change.ts";

type Settings = ChurchSettings;

/**
 * Nothing is pulled any more: from now on the donor is reminded, with a voucher, a code or a link of this method, at
 * once, since nobody else need agree. Permissions that no other gift lives on are ended at their gateways; what is on
 * its way runs its course, and what waited for a try becomes a reminder.
 */
export async function moveToReminder(
  deps: Deps,
  church: ChurchId,
  id: RecurringGiftId,
  wish: MethodWish,
  actor: Actor,
): Promise<Result<RecurringGiftView, Problem>> {
  const settings = present(await deps.settings.readFresh(church), "a church that asks is there");
  const ended: MandateId[] = [];
  const move = async (facts: CommandFacts): Promise<Result<RecurringGift, Problem>> => {
    const { tx, gift, now } = facts;
    const can = requireStatus(gift, ["pending", "active", "paused", "dormant"], "start a new one instead");
    if (!can.ok) return can;
    const decided = await decideIn(deps, tx, settings, gift, wish.change ?? {});
    if (!decided.ok) return decided;
    const route = reminderRoute(deps, settings, decided.value.after, wish);
    if (!route.ok) return route;
    const able = await donorCan(deps, tx, gift, route.value.method, wish);
    if (!able.ok) return able;
    const moved = await reminded(facts, decided.value.after, route.value, wish);
    const what = wish.change ? (["method", "amount"] as const) : (["method"] as const);
    const after = await writeChange(tx, gift, {
      to: moved,
      what,
      event: "recurring_gift.updated",
      actor,
      now,
      before: { method: gift.method, collection: gift.collection },
      after: { method: moved.method, collection: moved.collection },
    });
    await remindOfOpen(tx, after, now);
    for (const mandate of [gift.mandateId, gift.nextMandateId]) {
      if (mandate && (await askToEnd(tx, church, mandate, now))) ended.push(mandate);
    }
    return ok(after);
  };
  const done = await command(deps, church, id, move, "all_of_donor");
  // Ended at the gateway now, not at the next sweep.
  for (const mandate of ended) await checkMandate(deps, church, mandate);
  return done;
}

/** By which account the donor brings it; the donor gets a voucher, a code or a link each time, never a token's charge. */
function reminderRoute(
  deps: Pick<Deps, "countries" | "payments">,
  settings: Settings,
  gift: RecurringGift,
  { method }: MethodWish,
): Result<Route, Problem> {
  if (method.token !== undefined) {
    const detail = "is used up by one gift: leave it out, the donor gets a link for each";
    return err(fieldProblem("invalid_request", "/payment_method/token", detail));
  }
  const country = present(deps.countries.get(gift.country), "a gift's country is served");
  const known = country.methods.find(({ type, recurs }) => type === method.type && recurs !== "none");
  if (!known) {
    const detail = `${method.type} cannot remind in ${gift.country}: choose another method`;
    return err(fieldProblem("payment_method_not_offered", "/payment_method/type", detail));
  }
  const { routes, rejections } = chooseRoute({
    country,
    method: known.type,
    ...(method.presentation ? { presentation: method.presentation } : {}),
    amount: gift.amount,
    mode: gift.mode,
    // Its books are of one legal entity.
    accounts: settings.accounts.filter(({ legalEntityId }) => legalEntityId === gift.legalEntityId),
    manifests: deps.payments.manifests,
  });
  const { locale, mode, country: code } = gift;
  const asked = { method: { type: known.type }, locale, mode, country: code };
  const route = routes.find(({ presentation }) => presentation !== "token");
  return route ? ok(route) : err(noRoute(rejections, asked));
}

/** Whether we know of the donor what the method must be told each time. */
async function donorCan(
  deps: Pick<Deps, "vault">,
  tx: Tx,
  gift: RecurringGift,
  method: CountryMethod,
  wish: MethodWish,
): Promise<Result<true, Problem>> {
  const { donor } = await donorOfGift(deps, tx, gift);
  const missing = fieldsMissing(donor, wish.method.bank, method);
  if (missing.length === 0) return ok(true);
  const detail = `${method.type} needs more of the donor than is known: ${missing.map(({ pointer }) => pointer.slice(1)).join(", ")}`;
  return err({ code: "donor_field_missing", detail, errors: missing });
}

async function reminded(
  { tx, gift, today }: CommandFacts,
  after: RecurringGift,
  { method, presentation }: Route,
  wish: MethodWish,
): Promise<RecurringGift> {
  const wakes = gift.status === "dormant" || gift.status === "pending";
  const moved: RecurringGift = {
    ...after,
    status: wakes ? "active" : gift.status,
    collection: "reminder",
    method: method.type,
    presentation,
    bank: wish.method.bank,
    mandateId: undefined,
    nextMandateId: undefined,
    nextChange: undefined,
    leadDays: leadDaysOf("reminder", undefined),
    failedPeriods: 0,
    dormantReason: undefined,
  };
  const { progress, last } = await standing(tx, gift);
  const index = wakes ? indexToGoOn(moved, { today, last }) : gift.nextIndex;
  const ahead = gift.nextDueOn === undefined && !wakes ? {} : aheadFrom(moved, index, progress);
  return { ...moved, ...ahead };
}

/** What waited to be charged is asked of the donor now; what is on its way is looked at when a reminder would be due. */
async function remindOfOpen(tx: Tx, gift: RecurringGift, now: Date): Promise<void> {
  for (const occurrence of await unsettledOccurrences(tx, gift.churchId, gift.id)) {
    if (occurrence.stopAs) continue;
    await saveOccurrence(tx, occurrence, {
      ...occurrence,
      ...asReminder(occurrence, gift, now),
      version: occurrence.version + 1,
      updatedAt: now,
    });
  }
}

function asReminder(occurrence: Occurrence, gift: RecurringGift, now: Date): Partial<Occurrence> {
  if (occurrence.state !== "collecting") return { state: "open", nextAt: now, heldUntil: undefined };
  return { nextAt: nextReminderAt({ dueOn: occurrence.dueOn, told: 0 }, gift, now).at };
}
