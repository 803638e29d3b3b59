import { type Church, findChurchBySlug } from "../../churches/churches.ts";
import type { Deps } from "../../deps.ts";
import type { CountryProfile } from "../../gateway/country-profile.ts";
import type { Ctx } from "../../http/context.ts";
import type { CurrencyCode } from "../../kernel/currency.ts";
import type { Money } from "../../kernel/money.ts";
import { mandateCadenceOf, type Rule } from "../../recurring/rule.ts";
import { type OfferedMethod, offeredMethods } from "../../routing/offered-methods.ts";
import type { Offer } from "./offer.ts";
import type { Visit } from "./page-visit.ts";

export type FoundChurch = { readonly church: Church; readonly country: CountryProfile };

const slugShape = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** The church at `/give/:church`, with its country's facts; `undefined` when there is no such page. */
export async function findGivingPage(c: Ctx): Promise<FoundChurch | undefined> {
  const deps = c.get("deps");
  const slug = c.req.param("church");
  const church = slug && slugShape.test(slug) ? await findChurchBySlug(deps.db, slug) : undefined;
  const country = church && deps.countries.get(church.country);
  return church && country ? { church, country } : undefined;
}

/** An account typed in our page is good for a gift and for a permission, never for being reminded of. */
const hasPage = ({ presentations, takesAccount, recurring }: OfferedMethod): boolean =>
  (takesAccount === true && recurring !== "reminder") || presentations.some((each) => each !== "token");

/** What gifts in a country may be in: its own currency first, then those of methods that take another. */
export function currenciesOf(country: CountryProfile): readonly CurrencyCode[] {
  return [...new Set([country.currency, ...country.methods.flatMap(({ currency }) => currency ?? [])])];
}

/** Suggested in a currency that is not the country's own (dollars, euros): minor units of two decimals. */
const suggestedElsewhere = [1_000n, 2_500n, 5_000n, 10_000n] as const;

/**
 * What the church offers. Every method it takes is listed, whatever the amount, because the donor may still change
 * it; `feeCover` is for the amount in hand and absent without one. `rule` (monthly, where there is none yet) says in
 * which rhythm giving again and again is asked about.
 */
export async function offerFor(
  deps: Deps,
  { church, country }: FoundChurch,
  visit: Visit,
  currency: CurrencyCode,
  amount?: Money,
  rule?: Rule,
): Promise<Offer> {
  const query = { churchId: church.id, country, mode: visit.mode, currency };
  const recurring = mandateCadenceOf[rule?.cadence ?? "monthly"];
  const [settings, methods, priced, standing, standingPriced] = await Promise.all([
    deps.settings.read(church.id),
    offeredMethods(deps, query),
    amount ? offeredMethods(deps, { ...query, amount }) : [],
    offeredMethods(deps, { ...query, recurring }),
    amount ? offeredMethods(deps, { ...query, amount, recurring }) : [],
  ]);
  // Where a gateway takes nothing but a token of its own fields, and we have no such fields, the API alone can give.
  const withPrices = (offered: typeof methods, prices: typeof methods) =>
    offered.filter(hasPage).map((method) => ({
      ...method,
      feeCover: prices.find((same) => same.type === method.type)?.feeCover,
    }));
  return {
    church,
    country,
    currency,
    otherCurrencies: currenciesOf(country).filter((other) => other !== currency),
    suggestedAmounts: currency === country.currency ? country.suggestedAmounts : suggestedElsewhere,
    language: visit.language,
    locale: visit.locale,
    funds: settings?.funds.filter((fund) => fund.active) ?? [],
    methods: withPrices(methods, priced),
    standing: withPrices(standing, standingPriced),
  };
}
