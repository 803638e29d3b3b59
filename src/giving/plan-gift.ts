import type { ChurchSettings, SettingsFund } from "../churches/church-settings.ts";
import type { Deps } from "../deps.ts";
import { chargeCovering } from "../gateway/fees.ts";
import type { MethodType, Presentation } from "../gateway/methods.ts";
import type { ChurchId, DonationId, DonorId, RecurringGiftId } from "../kernel/ids.ts";
import { add, formatMoney, isZero, type Money, zero } from "../kernel/money.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { chooseRoute, type Rejection, type Route } from "../routing/choose-route.ts";
import type { Gift } from "./gift.ts";
import {
  type CheckedRequest,
  checkAllocations,
  checkRequest,
  type GiveRequest,
  tokenMissing,
} from "./give-request.ts";
import { submittedAttempt } from "./submitted-attempt.ts";

/** Everything decided before anything is written. */
export type Plan = {
  readonly request: GiveRequest;
  readonly checked: CheckedRequest;
  readonly settings: ChurchSettings;
  /** Best first; never empty. */
  readonly routes: readonly [Route, ...Route[]];
  readonly shares: readonly { readonly fund: SettingsFund; readonly amount: Money }[];
  readonly cover: Money;
  readonly charged: Money;
};

/** Gathers the church's facts and decides: what is charged, to which funds it goes, and by which route. */
export async function planGift(deps: Deps, request: GiveRequest): Promise<Result<Plan, Problem>> {
  const checked = checkRequest(request, deps.countries);
  if (!checked.ok) return checked;
  const settings = await deps.settings.read(request.churchId);
  const first = settings ? decidePlan(deps, request, checked.value, settings) : undefined;
  if (first?.ok) return first;
  // What we knew may have been a few seconds old: look again before refusing.
  const fresh = await deps.settings.readFresh(request.churchId);
  if (!fresh) return err({ code: "church_unknown", detail: "there is no such church" });
  return decidePlan(deps, request, checked.value, fresh);
}

function decidePlan(
  deps: Deps,
  request: GiveRequest,
  checked: CheckedRequest,
  settings: ChurchSettings,
): Result<Plan, Problem> {
  const shares = checkAllocations(request, settings.funds);
  if (!shares.ok) return shares;
  const query = {
    country: checked.profile,
    method: checked.type,
    ...(checked.presentation ? { presentation: checked.presentation } : {}),
    ...(request.method.token === undefined ? {} : { token: request.method.token }),
    ...(request.method.tokenFrom ? { tokenFrom: request.method.tokenFrom } : {}),
    mode: request.mode,
    accounts: settings.accounts,
    manifests: deps.payments.manifests,
  };
  const decision = chooseRoute({ ...query, amount: request.amount });
  const [chosen] = decision.routes;
  if (!chosen) return err(noRoute(decision.rejections, request));
  if (chosen.presentation === "token" && request.method.token === undefined) return err(tokenMissing);
  const cover = coverOf(request, chosen);
  const charged = add(request.amount, cover);
  // The limits hold for what is charged, so a covered amount is routed again.
  const final = isZero(cover) ? decision : chooseRoute({ ...query, amount: charged });
  const [first, ...others] = final.routes;
  if (!first) return err(noRoute(final.rejections, request));
  return ok({ request, checked, settings, routes: [first, ...others], shares: shares.value, cover, charged });
}

/** What covering the fee adds to a gift by this route; nothing where it is not asked for or no fee is known. */
export function coverOf(
  request: Pick<GiveRequest, "coverFees" | "amount">,
  chosen: Pick<Route, "fee">,
): Money {
  if (!request.coverFees || !chosen.fee) return zero(request.amount.currency);
  return chargeCovering(request.amount, chosen.fee).cover;
}

/** Why no route is left, as the problem that helps most: a limit first, then what the church lacks. */
export function noRoute(
  rejections: readonly Rejection[],
  request: Pick<GiveRequest, "method" | "locale" | "mode" | "country">,
): Problem {
  const limit = rejections.find((r) => r.reason === "below_minimum" || r.reason === "above_maximum");
  if (limit?.limit) {
    const bound = formatMoney(limit.limit, request.locale ?? "en");
    const detail =
      limit.reason === "below_minimum"
        ? `the least for ${request.method.type} is ${bound}`
        : `the most for ${request.method.type} is ${bound}`;
    return fieldProblem("amount_out_of_range", "/amount", detail);
  }
  if (rejections.some((r) => r.reason === "presentation_not_offered")) {
    const detail = `${request.method.type} is not offered in that presentation here`;
    return fieldProblem("payment_method_not_offered", "/payment_method/presentation", detail);
  }
  return {
    code: "gateway_account_missing",
    detail: `the church has no ${request.mode} gateway account that takes ${request.method.type} in ${request.country}: connect one (${rejections.map((r) => r.reason).join(", ")})`,
    errors: [
      { pointer: "/payment_method/type", detail: "choose another method, or connect a gateway account" },
    ],
  };
}

/** What a new gift is made of, once its way is chosen. */
export type GiftTerms = {
  readonly churchId: ChurchId;
  readonly donorId: DonorId;
  readonly recurringGiftId: RecurringGiftId | undefined;
  readonly mode: "test" | "live";
  readonly amount: Money;
  readonly cover: Money;
  readonly charged: Money;
  readonly shares: readonly { readonly fund: SettingsFund; readonly amount: Money }[];
  readonly country: string;
  readonly method: MethodType;
  readonly account: Route["account"];
  readonly presentation: Presentation;
  readonly anonymous: boolean;
  readonly locale: string;
  readonly returnUrl: string | undefined;
};

/** The gift as it is first written: its attempt already `submitted`. */
export function newGift(terms: GiftTerms, id: DonationId, now: Date): Gift {
  const nothing = zero(terms.amount.currency);
  return {
    donation: {
      churchId: terms.churchId,
      id,
      legalEntityId: terms.account.legalEntityId,
      donorId: terms.donorId,
      recurringGiftId: terms.recurringGiftId,
      mode: terms.mode,
      amount: terms.amount,
      cover: terms.cover,
      country: terms.country,
      method: terms.method,
      anonymous: terms.anonymous,
      locale: terms.locale,
      returnUrl: terms.returnUrl,
      eventSequence: 1,
      createdAt: now,
    },
    allocations: terms.shares.map(({ fund, amount }) => ({
      fundId: fund.id,
      code: fund.code,
      restricted: fund.restricted,
      amount,
    })),
    refunded: nothing,
    disputed: false,
    paidByAnother: false,
    attempt: {
      ...submittedAttempt(terms.account, now),
      number: 1,
      presentation: terms.presentation,
      amount: terms.charged,
      captured: nothing,
      refundClaimed: nothing,
    },
  };
}
