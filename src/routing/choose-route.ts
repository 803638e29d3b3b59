import type { CountryMethod, CountryProfile } from "../gateway/country-profile.ts";
import type { MandateCadence } from "../gateway/mandate.ts";
import type { FeeRule, GatewayManifest, MethodCapability } from "../gateway/manifest.ts";
import type { MethodType, Presentation } from "../gateway/methods.ts";
import { type GatewayAccountId, type LegalEntityId, parseId } from "../kernel/ids.ts";
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
  /** What this very account takes, where its credentials decide; absent: all that its gateway carries. */
  readonly takes?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Standing promises leave it alone until then; in the past once its troubles may be over. */
  readonly quietUntil?: Date | undefined;
};

export type RouteQuery = {
  readonly country: CountryProfile;
  readonly method: MethodType;
  /** Absent: any presentation will do. */
  readonly presentation?: Presentation;
  /** What the donor pays with, where hosted fields or our own have taken it already: only who made it can use it. */
  readonly token?: string;
  /** The only account that can use the token, where it is known whose fields made it. */
  readonly tokenFrom?: GatewayAccountId;
  readonly amount: Money;
  /** A standing permission is wanted, in this rhythm: only accounts that can pull by themselves will do. */
  readonly pulls?: MandateCadence;
  readonly mode: "test" | "live";
  readonly accounts: readonly RoutableAccount[];
  readonly manifests: ReadonlyMap<string, GatewayManifest>;
};

/** A way to collect, and why it was chosen. The first route of a decision is the one to try. */
export type Route = {
  readonly account: RoutableAccount;
  readonly method: CountryMethod;
  readonly capability: MethodCapability;
  /** The one asked for, or the gateway's own way. */
  readonly presentation: Presentation;
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
  | "account_lacks_method"
  | "currency_not_taken"
  | "presentation_not_offered"
  | "token_of_another"
  | "pulls_nothing"
  | "cadence_not_taken"
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
  const { methods, standingMethods = [] } = query.country;
  const offers = query.pulls ? [...methods, ...standingMethods] : methods;
  const method = offers.find((offered) => offered.type === query.method);
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
  if (query.tokenFrom && account.id !== query.tokenFrom) return no("token_of_another");
  const manifest = query.manifests.get(account.gateway);
  const here = manifest?.methods.filter(
    (able) => able.type === query.method && able.countries.includes(query.country.code),
  );
  if (!manifest || !here?.length) return no("gateway_lacks_method");
  const capability = here.find((able) => serves(able, query.country.code, account.country));
  if (!capability) return no("account_of_other_country");
  const { currency } = query.amount;
  const taken = account.takes?.[query.method];
  if (account.takes && !taken) return no("account_lacks_method");
  if (!capability.currencies.includes(currency) || taken?.includes(currency) === false) {
    return no("currency_not_taken");
  }
  const unfit = whyUnfit(query, method, capability);
  if (unfit) return no(unfit);
  const { minimum, maximum } = limitsOf(method, capability, query.amount.currency);
  if (minimum && compare(query.amount, minimum) < 0) return no("below_minimum", minimum);
  if (maximum && compare(query.amount, maximum) > 0) return no("above_maximum", maximum);
  const fee = manifest.fees.find(
    (rule) =>
      rule.country === account.country &&
      rule.methods.includes(query.method) &&
      rule.fixed.currency === query.amount.currency,
  );
  const reasons = [
    rank === 0
      ? `preferred gateway for ${query.method} in ${query.country.code}`
      : `choice ${rank + 1} of the country`,
    `account in ${account.country}, ${account.mode} mode`,
  ];
  const presentation = query.presentation ?? presentedBy(method, capability);
  return { account, method, capability, presentation, fee, reasons };
}

/** What of the query this way of taking the method cannot do: its presentation, its pulling, its token. */
function whyUnfit(
  { presentation: asked, pulls, token }: RouteQuery,
  method: CountryMethod,
  capability: MethodCapability,
): RejectReason | undefined {
  const presents = (able: readonly Presentation[] = []) => asked === undefined || able.includes(asked);
  if (!presents(capability.presentations) || !presents(method.presentations))
    return "presentation_not_offered";
  if (pulls) {
    if (!pullsByItself(method, capability)) return "pulls_nothing";
    if (!presents(capability.mandate?.presentations)) return "presentation_not_offered";
    if (!takesCadence(capability, pulls)) return "cadence_not_taken";
  }
  const ofAnother = token !== undefined && isSealedAccount(token) !== (capability.tokens === "debit_account");
  return ofAnother ? "token_of_another" : undefined;
}

/** Whether a standing promise by this method pulls by itself here; else it can only remind. */
const pullsByItself = (method: CountryMethod, capability: MethodCapability): boolean =>
  capability.mandate !== undefined && (method.recurs === "card_on_file" || method.recurs === "mandate");

/** Whether the rail takes charges in this rhythm; one that takes them as they come takes any. */
const takesCadence = ({ mandate }: MethodCapability, cadence: MandateCadence): boolean =>
  mandate !== undefined && (mandate.cadences.includes("as_needed") || mandate.cadences.includes(cadence));

/** How this gateway presents the method when the caller leaves it open: as the country prefers, a token only at the end. */
function presentedBy(method: CountryMethod, capability: MethodCapability): Presentation {
  const able = method.presentations.filter((each) => capability.presentations.includes(each));
  return able.find((each) => each !== "token") ?? "token";
}

const isSealedAccount = (token: string): boolean => parseId("debitAccount", token) !== undefined;

/** Whether an account of one country may collect from donors of another. */
const serves = (able: MethodCapability, donors: string, account: string): boolean =>
  able.accounts ? able.accounts.includes(account) : account === donors;

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
