import type { ChurchSettings } from "../churches/church-settings.ts";
import type { Deps } from "../deps.ts";
import { methodTypes, type Presentation } from "../gateway/methods.ts";
import type { Device } from "../gateway/payment.ts";
import { coverOf, noRoute } from "../giving/plan-gift.ts";
import { present } from "../kernel/assert.ts";
import { add, type Money } from "../kernel/money.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { chooseRoute, type Route } from "../routing/choose-route.ts";
import type { ChangeWish } from "./decide-change.ts";
import { newMandate } from "./new-mandate.ts";
import type { Agreement } from "./plan-start.ts";
import type { Mandate, RecurringGift } from "./recurring-gift.ts";
import { mandateCadenceOf } from "./rule.ts";

type Parts = Pick<Deps, "countries" | "payments">;

export type MethodWish = {
  readonly method: {
    readonly type: string;
    readonly presentation?: Presentation;
    readonly token?: string;
    readonly bank?: string;
  };
  readonly agreement: Agreement;
  readonly device?: Device;
  /** What is to change with it: amount and split, where the old permission did not cover them. */
  readonly change?: Pick<ChangeWish, "amount" | "allocations">;
  readonly returnUrl?: string;
  readonly traceId: string;
};

/** The permission to be asked for, for what a period is charged after the change. */
export function mandateFor(
  deps: Parts,
  settings: ChurchSettings,
  gift: RecurringGift,
  wish: MethodWish,
  now: Date,
): Result<Mandate, Problem> {
  const route = routeFor(deps, settings, gift, wish);
  if (!route.ok) return route;
  const charged = add(gift.amount, coverOf({ amount: gift.amount, coverFees: gift.coverFees }, route.value));
  const enough = ceilingEnough(wish.agreement.ceiling, charged);
  if (!enough.ok) return enough;
  return ok(
    newMandate(
      {
        churchId: gift.churchId,
        churchName: settings.name,
        donorId: gift.donorId,
        mode: gift.mode,
        country: gift.country,
        method: route.value.method.type,
        presentation: route.value.presentation,
        route: route.value,
        charged,
        rule: gift.rule,
        anchor: gift.anchor,
        locale: gift.locale,
        agreement: wish.agreement,
      },
      now,
    ),
  );
}

function ceilingEnough(ceiling: Money | undefined, charged: Money): Result<Money, Problem> {
  if (!ceiling || (ceiling.currency === charged.currency && ceiling.minor >= charged.minor))
    return ok(charged);
  const detail = `is less than what is charged, ${charged.minor}: the donor must agree to that much at least`;
  return err(fieldProblem("amount_out_of_range", "/agreement/ceiling", detail));
}

function routeFor(
  deps: Parts,
  settings: ChurchSettings,
  gift: RecurringGift,
  { method }: MethodWish,
): Result<Route, Problem> {
  const type = methodTypes.find((known) => known === method.type);
  if (!type) {
    return err(
      fieldProblem("payment_method_not_offered", "/payment_method/type", "is no payment method we know"),
    );
  }
  const presentation = method.token === undefined ? method.presentation : "token";
  const { routes, rejections } = chooseRoute({
    country: present(deps.countries.get(gift.country), "a gift's country is served"),
    method: type,
    ...(presentation ? { presentation } : {}),
    ...(method.token === undefined ? {} : { token: method.token }),
    amount: gift.amount,
    pulls: mandateCadenceOf[gift.rule.cadence],
    mode: gift.mode,
    // Its books are of one legal entity.
    accounts: settings.accounts.filter(({ legalEntityId }) => legalEntityId === gift.legalEntityId),
    manifests: deps.payments.manifests,
  });
  const [route] = routes;
  if (route?.presentation === "token" && method.token === undefined) {
    return err(
      fieldProblem(
        "invalid_request",
        "/payment_method/token",
        "is missing: send the token of the gateway's fields",
      ),
    );
  }
  if (route) return ok(route);
  if (rejections.some(({ reason }) => reason === "pulls_nothing" || reason === "cadence_not_taken")) {
    const detail = `${type} cannot be charged by itself ${gift.rule.cadence}: choose another method, or the collection "reminder"`;
    return err(fieldProblem("payment_method_not_offered", "/payment_method/type", detail));
  }
  return err(noRoute(rejections, { method, mode: gift.mode, country: gift.country, locale: gift.locale }));
}
