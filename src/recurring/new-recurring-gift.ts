import type { DonorId, RecurringGiftId } from "../kernel/ids.ts";
import { aheadFrom } from "./next-due.ts";
import type { StartPlan } from "./plan-start.ts";
import type { Mandate, RecurringGift } from "./recurring-gift.ts";

/** A recurring gift as it is first written: active where it reminds, `pending` where it waits for a permission. */
export function newRecurringGift(
  plan: StartPlan,
  made: {
    readonly id: RecurringGiftId;
    readonly donorId: DonorId;
    readonly mandate: Mandate | undefined;
    readonly locale: string;
  },
  now: Date,
): RecurringGift {
  const { request, checked, collection, route, settings } = plan;
  const gift: RecurringGift = {
    churchId: request.churchId,
    id: made.id,
    legalEntityId: route.account.legalEntityId,
    donorId: made.donorId,
    mode: request.mode,
    status: collection === "reminder" ? "active" : "pending",
    collection,
    country: request.country,
    method: checked.type,
    presentation: route.presentation,
    bank: request.method.bank,
    mandateId: made.mandate?.id,
    nextMandateId: undefined,
    nextChange: undefined,
    amount: request.amount,
    shares: plan.shares.map(({ fund, amount }) => ({ fundId: fund.id, amount })),
    coverFees: request.coverFees,
    anonymous: request.anonymous,
    locale: made.locale,
    returnUrl: request.returnUrl,
    rule: request.rule,
    anchor: plan.anchor,
    timeZone: settings.timeZone,
    leadDays: plan.leadDays,
    ruleNumber: 0,
    ends: request.ends,
    nextIndex: 0,
    nextDueOn: undefined,
    nextOpenAt: undefined,
    resumesOn: undefined,
    pausedAt: undefined,
    catchUp: false,
    failedPeriods: 0,
    dormantReason: undefined,
    canceledBy: undefined,
    cancelReason: undefined,
    endedAt: undefined,
    version: 1,
    eventSequence: 1,
    createdAt: now,
    updatedAt: now,
  };
  return { ...gift, ...aheadFrom(gift, 0, { gifts: 0, totalMinor: 0n, unsettled: 0 }) };
}
