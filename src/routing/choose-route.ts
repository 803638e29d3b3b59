import type { FeeRule, GatewayManifest, MethodCapability } from "../gateway/adapter.ts";
import type { CountryMethod, CountryProfile } from "../gateway/country-profile.ts";
import type { MethodType, Presentation } from "../gateway/methods.ts";
import type { GatewayAccountId, LegalEntityId } from "../kernel/ids.ts";
import { compare, type Money } from "../kernel/money.ts";

/** An account a church has at a gateway, without its secrets. */
export type RoutableAccount = {
  readonly id: GatewayAccountId;
  readonly legalEntityId: LegalEntityId;
  readonly gateway: string;
  readonly mode: "test" | "live";
  readonly country: string;
  readonly status: "active" | "disabled";
  readonly sandbox: boolean;
};

export type RouteQuery = {
  readonly country: CountryProfile;
  readonly method: MethodType;
  /** Absent: any presentation will do. */
  readonly presentation?: Presentation;
  readonly amount: Money;
  readonly mode: "test" | "live";
  readonly accounts: readonly RoutableAccount[];
  readonly manifests: ReadonlyMap<string, GatewayManifest>;
};

/** A way to collect, and why it was chosen. The first route of a decision is the one to try. */
export type Route = {
  readonly account: RoutableAccount;
  readonly method: CountryMethod;
  readonly capability: MethodCapability;
  /** What the gateway keeps, when its list price is known. */
  readonly fee: FeeRule | undefined;
  readonly reasons: readonly string[];
};

export type RejectReason =
  | "method_not_in_country"
  | "gateway_without_account"
  | "account_disabled"
  | "account_of_other_mode"
  | "account_of_other_country"
  | "gateway_lacks_method"
  | "currency_not_taken"
  | "presentation_not_offered"
  | "below_minimum"
  | "above_maximum";

export type Rejection = {
  readonly gateway: string | undefined;
  readonly account: GatewayAccountId | undefined;
  readonly reason: RejectReason;
  /** The limit that was passed, for the two amount reasons. */
  readonly limit?: Money;
};

export type RouteDecision = { readonly routes: readonly Route[]; readonly rejections: readonly Rejection[] };

/**
 * Which account collects this method now, best first, and why every other one was passed over. Pure: the same
 * query gives the same decision, so a decision can be replayed from its inputs.
 */
export function chooseRoute(query: RouteQuery): RouteDecision {
  const method = query.country.methods.find((offered) => offered.type === query.method);
  if (!method) {
    return { routes: [], rejections: [reject("method_not_in_country")] };
  }
  const routes: Route[] = [];
  const rejections: Rejection[] = [];
  method.gateways.forEach((gateway, rank) => {
    const accounts = query.accounts.filter((account) => account.gateway === gateway);
    if (accounts.length === 0) rejections.push(reject("gateway_without_account", gateway));
    for (const account of accounts) {
      const verdict = judge(query, method, account, rank);
      if ("reason" in verdict) rejections.push(verdict);
      else routes.push(verdict);
    }
  });
  return { routes, rejections };
}

function judge(
  query: RouteQuery,
  method: CountryMethod,
  account: RoutableAccount,
  rank: number,
): Route | Rejection {
  const no = (reason: RejectReason, limit?: Money) => reject(reason, account.gateway, account.id, limit);
  if (account.status === "disabled") return no("account_disabled");
  if (account.mode !== query.mode) return no("account_of_other_mode");
  if (account.country !== query.country.code) return no("account_of_other_country");
  const manifest = query.manifests.get(account.gateway);
  const capability = manifest?.methods.find(
    (able) => able.type === query.method && able.countries.includes(account.country),
  );
  if (!manifest || !capability) return no("gateway_lacks_method");
  if (!capability.currencies.includes(query.amount.currency)) return no("currency_not_taken");
  const asked = query.presentation;
  if (asked && !(capability.presentations.includes(asked) && method.presentations.includes(asked))) {
    return no("presentation_not_offered");
  }
  const { minimum, maximum } = limitsOf(method, capability, query.amount.currency);
  if (minimum && compare(query.amount, minimum) < 0) return no("below_minimum", minimum);
  if (maximum && compare(query.amount, maximum) > 0) return no("above_maximum", maximum);
  const fee = manifest.fees.find(
    (rule) => rule.country === account.country && rule.methods.includes(query.method),
  );
  const reasons = [
    rank === 0
      ? `preferred gateway for ${query.method} in ${query.country.code}`
      : `choice ${rank + 1} of the country`,
    `account in ${account.country}, ${account.mode} mode`,
  ];
  return { account, method, capability, fee, reasons };
}

/** The tighter of the rail's limits and the gateway's, in one currency. */
export function limitsOf(
  method: CountryMethod,
  capability: MethodCapability,
  currency: Money["currency"],
): { minimum: Money | undefined; maximum: Money | undefined } {
  const inCurrency = (limits: readonly (Money | undefined)[]) =>
    limits.filter((limit): limit is Money => limit?.currency === currency);
  const floors = inCurrency([method.minimum, ...capability.minimum]);
  const ceilings = inCurrency([method.maximum, ...capability.maximum]);
  return {
    minimum: floors.reduce<Money | undefined>((a, b) => (a && compare(a, b) >= 0 ? a : b), undefined),
    maximum: ceilings.reduce<Money | undefined>((a, b) => (a && compare(a, b) <= 0 ? a : b), undefined),
  };
}

function reject(
  reason: RejectReason,
  gateway?: string,
  account?: GatewayAccountId,
  limit?: Money,
): Rejection {
  return { gateway, account, reason, ...(limit ? { limit } : {}) };
}
