import { type Church, findChurchBySlug } from "../../churches/churches.ts";
import type { Deps } from "../../deps.ts";
import type { CountryProfile } from "../../gateway/country-profile.ts";
import type { Money } from "../../kernel/money.ts";
import { offeredMethods } from "../../routing/offered-methods.ts";
import type { Offer } from "./offer.ts";
import type { Visit } from "./page-visit.ts";

export type FoundChurch = { readonly church: Church; readonly country: CountryProfile };

const slugShape = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** The church at this address, with its country's facts; `undefined` when there is no such page. */
export async function findGivingPage(deps: Deps, slug: string): Promise<FoundChurch | undefined> {
  if (!slugShape.test(slug)) return undefined;
  const church = await findChurchBySlug(deps.db, slug);
  const country = church && deps.countries.get(church.country);
  return church && country ? { church, country } : undefined;
}

/**
 * What the church offers. Every method it takes is listed, whatever the amount, because the donor may still change
 * it; `feeCover` is for the amount in hand and absent without one.
 */
export async function offerFor(
  deps: Deps,
  { church, country }: FoundChurch,
  visit: Visit,
  amount: Money | undefined,
): Promise<Offer> {
  const query = { churchId: church.id, country, mode: visit.mode };
  const [settings, methods, priced] = await Promise.all([
    deps.settings.read(church.id),
    offeredMethods(deps, query),
    amount ? offeredMethods(deps, { ...query, amount }) : [],
  ]);
  return {
    church,
    country,
    currency: country.currency,
    language: visit.language,
    locale: visit.locale,
    funds: settings?.funds.filter((fund) => fund.active) ?? [],
    methods: methods.map((method) => ({
      ...method,
      feeCover: priced.find((same) => same.type === method.type)?.feeCover,
    })),
  };
}
