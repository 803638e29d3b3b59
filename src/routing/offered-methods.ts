import type { ChurchSettings } from "../churches/church-settings.ts";
import type { Deps } from "../deps.ts";
import type { Bank } from "../gateway/banks.ts";
import type { CountryMethod, CountryProfile, DonorFieldRule, Localized } from "../gateway/country-profile.ts";
import { chargeCovering } from "../gateway/fees.ts";
import type { MandateCadence } from "../gateway/mandate.ts";
import type { MethodKind, MethodType, Presentation } from "../gateway/methods.ts";
import type { CurrencyCode } from "../kernel/currency.ts";
import type { ChurchId, GatewayAccountId } from "../kernel/ids.ts";
import type { Money } from "../kernel/money.ts";
import { chooseRoute, limitsOf, type RouteDecision } from "./choose-route.ts";

/** A method this church's donors may use now. */
export type OfferedMethod = {
  readonly type: MethodType;
  readonly kind: MethodKind;
  /** What it is given in. */
  readonly currency: CurrencyCode;
  readonly label: Localized;
  readonly hint: Localized;
  readonly presentations: readonly Presentation[];
  /** Its tokens name donors' bank accounts that we hold sealed, so that our own page can ask for one. */
  readonly takesAccount?: true;
  /** The account whose fields in our own page make a token before anything is given; absent where none does. */
  readonly tokenFrom?: GatewayAccountId;
  readonly minimum: Money | undefined;
  readonly maximum: Money | undefined;
  readonly donorFields: readonly DonorFieldRule[];
  readonly recurs: CountryMethod["recurs"];
  /** How a standing promise in the rhythm asked about is collected here; absent where one is not asked about. */
  readonly recurring: "automatic" | "reminder" | undefined;
  readonly confirms: CountryMethod["confirms"];
  readonly gateway: string;
  /** The banks the donor chooses from, where the method asks for one and the gateway could tell. */
  readonly banks: readonly Bank[];
  /** What covering the fee adds, for the amount asked about. */
  readonly feeCover: Money | undefined;
};

export type OfferQuery = {
  readonly churchId: ChurchId;
  readonly country: CountryProfile;
  readonly mode: "test" | "live";
  /** Absent: methods of every currency, each in its own. */
  readonly currency?: CurrencyCode;
  /** In `currency`, or the country's own. Absent: limits are shown, none is applied. */
  readonly amount?: Money;
  /** A standing promise in this rhythm is wanted: methods that neither pull nor remind are left out. */
  readonly recurring?: MandateCadence;
};

/** In the country's order: only what a route exists for. Empty for a church with no gateway account here. */
export async function offeredMethods(
  deps: Pick<Deps, "settings" | "payments" | "banks">,
  query: OfferQuery,
): Promise<readonly OfferedMethod[]> {
  const settings = await deps.settings.read(query.churchId);
  if (!settings) return [];
  const { methods, standingMethods = [] } = query.country;
  const offered = (query.recurring ? [...standingMethods, ...methods] : methods)
    .filter((method) => !query.recurring || method.recurs !== "none")
    .filter((method) => !query.currency || currencyOf(method, query.country) === query.currency)
    .flatMap((method) => offer(deps, query, settings, method) ?? []);
  return Promise.all(offered.map((method) => withBanks(deps, query, method)));
}

type Found = Omit<OfferedMethod, "banks"> & { readonly accountId: GatewayAccountId };

async function withBanks(
  deps: Pick<Deps, "banks">,
  { churchId, country }: OfferQuery,
  { accountId, ...method }: Found,
): Promise<OfferedMethod> {
  if (!method.donorFields.some(({ field }) => field === "bank")) return { ...method, banks: [] };
  const banks = await deps.banks.list(churchId, accountId, { method: method.type, country: country.code });
  return { ...method, banks };
}

const currencyOf = (method: CountryMethod, country: CountryProfile): CurrencyCode =>
  method.currency ?? country.currency;

function offer(
  deps: Pick<Deps, "payments">,
  query: OfferQuery,
  settings: ChurchSettings,
  method: CountryMethod,
): Found | undefined {
  const { country } = query;
  const pulling = query.recurring && routesFor(deps, query, settings, method, query.recurring).routes[0];
  // A rail that cannot pull in this rhythm may still remind, unless it is there for nothing but pulling.
  const route = pulling ?? routesFor(deps, query, settings, method).routes[0];
  if (!route) return undefined;
  const recurring = query.recurring && (pulling ? "automatic" : "reminder");
  const able = (recurring === "automatic" ? route.capability.mandate : route.capability)?.presentations ?? [];
  const currency = currencyOf(method, country);
  const limits = limitsOf(method, route.capability, currency);
  return {
    type: method.type,
    kind: method.kind,
    currency,
    label: method.label,
    hint: method.hint,
    // A token is used up by one gift: a reminder could only ask for another.
    presentations: method.presentations.filter(
      (p) => able.includes(p) && !(recurring === "reminder" && p === "token"),
    ),
    ...(route.capability.tokens === "debit_account" ? { takesAccount: true } : {}),
    // A permission is not saved this way, and a reminder could not use the token.
    ...(route.capability.tokens === "hosted_fields" && !recurring ? { tokenFrom: route.account.id } : {}),
    ...limits,
    donorFields: method.donorFields,
    recurs: method.recurs,
    recurring,
    confirms: method.confirms,
    gateway: route.account.gateway,
    accountId: route.account.id,
    feeCover: query.amount && route.fee ? chargeCovering(query.amount, route.fee).cover : undefined,
  };
}

/** Without an amount the least that the method takes is asked about, so that limits hide nothing. */
function routesFor(
  deps: Pick<Deps, "payments">,
  query: OfferQuery,
  settings: ChurchSettings,
  method: CountryMethod,
  pulls?: MandateCadence,
): RouteDecision {
  const { manifests } = deps.payments;
  const base = {
    country: query.country,
    method: method.type,
    mode: query.mode,
    accounts: settings.accounts,
    manifests,
    ...(pulls ? { pulls } : {}),
  };
  if (query.amount) return chooseRoute({ ...base, amount: query.amount });
  const probe = chooseRoute({ ...base, amount: { minor: 1n, currency: currencyOf(method, query.country) } });
  const floor = probe.rejections.find((r) => r.reason === "below_minimum")?.limit;
  return floor ? chooseRoute({ ...base, amount: floor }) : probe;
}
