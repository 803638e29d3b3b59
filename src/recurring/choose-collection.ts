import type { ChurchSettings } from "../churches/church-settings.ts";
import type { Deps } from "../deps.ts";
import type { CheckedRequest } from "../giving/give-request.ts";
import { noRoute } from "../giving/plan-gift.ts";
import type { Money } from "../kernel/money.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { chooseRoute, type Route, type RouteDecision, type RouteQuery } from "../routing/choose-route.ts";
import type { StartRequest } from "./plan-start.ts";
import type { Collection } from "./recurring-gift.ts";
import { mandateCadenceOf } from "./rule.ts";

type Chosen = { readonly collection: Collection; readonly route: Route };

/** Whether it pulls or reminds, and by which account; or why it can do neither, and what would do. */
export function chooseCollection(
  deps: Pick<Deps, "payments">,
  request: StartRequest,
  checked: CheckedRequest,
  settings: ChurchSettings,
  amount: Money,
): Result<Chosen, Problem> {
  const { method } = checked;
  if (method.recurs === "none") {
    const detail = `${method.type} cannot be given again and again: choose another method`;
    return err(fieldProblem("payment_method_not_offered", "/payment_method/type", detail));
  }
  const query: RouteQuery = {
    country: checked.profile,
    method: checked.type,
    ...(checked.presentation ? { presentation: checked.presentation } : {}),
    ...(request.method.token === undefined ? {} : { token: request.method.token }),
    amount,
    mode: request.mode,
    accounts: settings.accounts,
    manifests: deps.payments.manifests,
  };
  const reminded = () => remind(query, request);
  if (request.collection === "reminder") return reminded();
  const decision = chooseRoute({ ...query, pulls: mandateCadenceOf[request.rule.cadence] });
  const [route] = decision.routes;
  if (route?.presentation === "token" && request.method.token === undefined) {
    const detail = "is missing: send the token of the gateway's hosted fields";
    return err(fieldProblem("invalid_request", "/payment_method/token", detail));
  }
  if (route) return ok({ collection: "automatic", route });
  const why = new Set(decision.rejections.map(({ reason }) => reason));
  if (why.has("cadence_not_taken")) return err(cadenceProblem(request, decision, deps));
  if (why.has("account_lacks_method")) return err(accountProblem(query, request));
  const neverPulls = [...why].every((reason) => reason === "pulls_nothing" || unavailable.has(reason));
  if (!neverPulls || !why.has("pulls_nothing")) return err(noRoute(decision.rejections, request));
  if (request.collection === undefined) return reminded();
  const detail = `${method.type} is never charged by itself: ask for the collection "reminder", or choose another method`;
  return err(fieldProblem("payment_method_not_offered", "/collection", detail));
}

/** What says nothing of whether the method pulls. */
const unavailable: ReadonlySet<string> = new Set([
  "gateway_without_account",
  "account_disabled",
  "account_of_other_mode",
  "account_of_other_country",
  "gateway_lacks_method",
]);

function remind(query: RouteQuery, request: StartRequest): Result<Chosen, Problem> {
  if (request.method.token !== undefined) {
    const detail = "is used up by one gift: leave it out, the donor gets a link for each";
    return err(fieldProblem("invalid_request", "/payment_method/token", detail));
  }
  const decision = chooseRoute(query);
  const [route] = decision.routes;
  if (route) return ok({ collection: "reminder", route });
  if (decision.rejections.some(({ reason }) => reason === "method_not_in_country")) {
    const detail = `${query.method} cannot remind: leave the collection out, or choose another method`;
    return err(fieldProblem("payment_method_not_offered", "/collection", detail));
  }
  return err(noRoute(decision.rejections, request));
}

/** The church's account was not opened for this way of pulling: what may remind instead, where anything does. */
function accountProblem(query: RouteQuery, request: StartRequest): Problem {
  const { type } = request.method;
  const reminding = query.country.methods.filter(
    ({ type: other, recurs }) =>
      recurs === "reminder" && other !== type && chooseRoute({ ...query, method: other }).routes.length > 0,
  );
  const names = reminding.map((method) => method.type).join(", ");
  const instead = names === "" ? "choose another method" : `choose a reminder instead: ${names}`;
  const detail = `the church's account has not been opened for ${type}: ${instead}`;
  return fieldProblem("payment_method_not_offered", "/payment_method/type", detail);
}

function cadenceProblem(
  request: StartRequest,
  decision: RouteDecision,
  deps: Pick<Deps, "payments">,
): Problem {
  const gateway = decision.rejections.find(({ reason }) => reason === "cadence_not_taken")?.gateway ?? "";
  const terms = deps.payments.manifests
    .get(gateway)
    ?.methods.find((able) => able.type === request.method.type && able.mandate)?.mandate;
  const known = terms?.cadences.join(", ") ?? "";
  const detail = `${request.method.type} knows only: ${known}; choose one of them, or another method with the collection "reminder"`;
  return fieldProblem("payment_method_not_offered", "/frequency", detail);
}
