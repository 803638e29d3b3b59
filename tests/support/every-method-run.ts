import { testToken } from "../../adapters/mercadopago/sandbox/tokens.ts";
import { type Donation, give, offeredTo, secondChoices, trailOf } from "./every-method.ts";
import { churchOf, type MethodHouse } from "./method-house.ts";
import { type Ending, playVariant, type Route, type Variant, variants } from "./method-variants.ts";
import { keptAccount, playThrough } from "./play-method.ts";

/** One gift that was given and paid. */
export type PaidRow = {
  readonly country: string;
  readonly method: string;
  readonly gateway: string;
  readonly presentation: string;
  /** Whether it is what a church with every account gets, or a further choice of the country. */
  readonly choice: "first" | "further";
  readonly status: string;
  readonly states: readonly string[];
  readonly captures: number;
  readonly difference: number;
  readonly ms: number;
};

/** What a card's token is where hosted fields would have made it. */
const cardTokens: Readonly<Record<string, string>> = {
  stripe: "pm_card_visa",
  mercadopago: testToken("APRO"),
};

/** Every way a gift of a country can go: each method, by each gateway that carries it, in each presentation. */
export async function routesOf(
  house: MethodHouse,
  country: string,
): Promise<readonly (Route & { readonly choice: PaidRow["choice"] })[]> {
  const home = churchOf(house, country);
  const firsts = (await offeredTo(house, home)).map((offered) => ({ church: home, offered }));
  const further = await secondChoices(house, country);
  const ways = (choices: typeof firsts, choice: PaidRow["choice"]) =>
    choices.flatMap(({ church, offered }) =>
      offered.presentations.flatMap((presentation) => {
        const way = wayOf(offered.gateway, offered.kind, presentation);
        return way ? [{ country, church, offered, way, choice }] : [];
      }),
    );
  return [...ways(firsts, "first"), ...ways([...further], "further")];
}

function wayOf(gateway: string, kind: string, presentation: string): Route["way"] | undefined {
  if (presentation !== "token") return { presentation };
  // A debit's token of Stripe's comes from its fields; a debit by file takes an account kept here.
  if (kind === "bank_debit") return gateway === "ach_file" ? { presentation } : undefined;
  const token = cardTokens[gateway];
  return token === undefined ? undefined : { token };
}

/** Debits that wait for a bank's silence: the clock must pass a month, so that they come last. */
export const takesWeeks = ({ offered }: Route): boolean => offered.gateway === "ach_file";

/** Gives by a route, and plays donor and bank until the gift is paid. */
export async function payBy(
  house: MethodHouse,
  route: Route & { readonly choice: PaidRow["choice"] },
): Promise<PaidRow> {
  const from = performance.now();
  const way = takesWeeks(route) ? { token: await keptAccount(house, route.church) } : route.way;
  const gift = await give(house, route.church, route.offered, way);
  const paid = await playThrough(house, route.church, gift);
  const ms = performance.now() - from;
  const { states, captures, difference, presentation } = await trailOf(house, route.church, gift);
  const { country, offered, choice } = route;
  const { status, gateway } = paid;
  return {
    ...{ country, method: offered.type, gateway, presentation, choice },
    ...{ status, states, captures, difference, ms },
  };
}

export type LifeRow = {
  readonly route: Route;
  readonly variant: Variant;
  readonly gift: Donation;
  readonly ending: Ending;
};

/** One route for each method at each gateway: what life does to it is the same in every country. */
export function distinct<R extends Route>(routes: readonly R[]): readonly R[] {
  const seen = new Set<string>();
  return routes.filter((route) => {
    const { gateway, type } = route.offered;
    const known = takesWeeks(route) || "token" in route.way || seen.has(`${gateway} ${type}`);
    seen.add(`${gateway} ${type}`);
    return !known;
  });
}

/** Everything that can happen to a gift by this route, each to a gift of its own. */
export async function liveThrough(
  house: MethodHouse,
  route: Route,
  some: readonly Variant[] = variants,
): Promise<readonly LifeRow[]> {
  const rows: LifeRow[] = [];
  for (const variant of some) {
    const lived = await playVariant(house, route, variant);
    if (lived) rows.push({ route, variant, ...lived });
  }
  return rows;
}
