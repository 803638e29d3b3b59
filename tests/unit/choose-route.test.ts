import { describe, expect, test } from "vitest";
import { stripeManifest } from "../../adapters/stripe/manifest.ts";
import { mx as mexico } from "../../countries/mx.ts";
import { us as unitedStates } from "../../countries/us.ts";
import type { CountryProfile } from "../../src/gateway/country-profile.ts";
import type { GatewayManifest } from "../../src/gateway/manifest.ts";
import { newId } from "../../src/kernel/ids.ts";
import { type Money, money } from "../../src/kernel/money.ts";
import {
  chooseRoute,
  limitsOf,
  type RoutableAccount,
  type RouteQuery,
} from "../../src/routing/choose-route.ts";

/** A country that knows one gateway, so that what is chosen and refused can be read. */
const byStripe = (country: CountryProfile): CountryProfile => ({
  ...country,
  methods: country.methods
    .filter(({ gateways }) => gateways.includes("stripe"))
    .map((method) => ({ ...method, gateways: ["stripe"] })),
});
const mx = byStripe(mexico);
const us = byStripe(unitedStates);

const account = (change: Partial<RoutableAccount> = {}): RoutableAccount => ({
  id: newId("gatewayAccount"),
  legalEntityId: newId("legalEntity"),
  gateway: "stripe",
  mode: "test",
  country: "mx",
  status: "active",
  sandbox: true,
  ...change,
});
const query = (change: Partial<RouteQuery> = {}): RouteQuery => ({
  country: mx,
  method: "card",
  amount: money(50_000n, "MXN"),
  mode: "test",
  accounts: [account()],
  manifests: new Map([["stripe", stripeManifest]]),
  ...change,
});
/** Gateway, reason and limit of every rejection, as text. */
const rejected = (change: Partial<RouteQuery>) => {
  const { routes, rejections } = chooseRoute(query(change));
  expect(routes).toEqual([]);
  return rejections.map((r) => [r.gateway ?? "-", r.reason, shown(r.limit)].filter(Boolean).join(" "));
};
const shown = (limit: Money | undefined) => (limit ? `${limit.minor} ${limit.currency}` : "");
const manifestWith = (change: Partial<GatewayManifest>) =>
  new Map([["stripe", { ...stripeManifest, ...change }]]);

describe("a route is refused by name", () => {
  test.each<readonly [string, Partial<RouteQuery>, string]>([
    ["the country does not offer the method", { method: "ach_debit" }, "- method_not_in_country"],
    ["the church has no account", { accounts: [] }, "stripe gateway_without_account"],
    [
      "the account is of no gateway of the country",
      { accounts: [account({ gateway: "x" })] },
      "stripe gateway_without_account",
    ],
    ["the account is disabled", { accounts: [account({ status: "disabled" })] }, "stripe account_disabled"],
    [
      "the account is live and the gift a test",
      { accounts: [account({ mode: "live" })] },
      "stripe account_of_other_mode",
    ],
    ["the gift is live and the account a test", { mode: "live" }, "stripe account_of_other_mode"],
    [
      "the token is of another account's fields",
      { token: "tok", tokenFrom: newId("gatewayAccount") },
      "stripe token_of_another",
    ],
    ["the account is abroad", { accounts: [account({ country: "us" })] }, "stripe account_of_other_country"],
    [
      "the account takes other methods",
      { accounts: [account({ takes: { oxxo: ["MXN"] } })] },
      "stripe account_lacks_method",
    ],
    [
      "the account is kept in another money",
      { accounts: [account({ takes: { card: ["USD"] } })] },
      "stripe currency_not_taken",
    ],
    ["nobody knows the gateway", { manifests: new Map() }, "stripe gateway_lacks_method"],
    [
      "the gateway cannot do the method",
      { manifests: manifestWith({ methods: [] }) },
      "stripe gateway_lacks_method",
    ],
    ["the currency is another", { amount: money(50_000n, "USD") }, "stripe currency_not_taken"],
    [
      "the presentation is another",
      { method: "oxxo", presentation: "hosted" },
      "stripe presentation_not_offered",
    ],
    ["the amount is too small", { amount: money(999n, "MXN") }, "stripe below_minimum 1000 MXN"],
    [
      "the amount is too large",
      { method: "oxxo", amount: money(1_000_001n, "MXN") },
      "stripe above_maximum 1000000 MXN",
    ],
  ])("when %s", (_, change, expected) => {
    expect(rejected(change)).toEqual([expected]);
  });
});

describe("a route that is chosen", () => {
  test("says why, what the method is and what the gateway keeps", () => {
    const here = account();
    const { routes, rejections } = chooseRoute(query({ accounts: [here] }));
    expect(rejections).toEqual([]);
    expect(routes).toMatchObject([
      {
        account: here,
        method: { type: "card" },
        capability: { type: "card", countries: ["mx"] },
        fee: { country: "mx" },
        reasons: ["preferred gateway for card in mx", "account in mx, test mode"],
      },
    ]);
  });

  test("is the first account able to; every other stays in order behind it or is refused by name", () => {
    const [off, first, second] = [account({ status: "disabled" }), account(), account()];
    const { routes, rejections } = chooseRoute(query({ accounts: [off, first, second] }));
    expect(routes.map((route) => route.account.id)).toEqual([first.id, second.id]);
    expect(rejections.map((rejection) => rejection.account)).toEqual([off.id]);
  });

  test("takes the very limits themselves", () => {
    for (const minor of [1_000n, 1_000_000n]) {
      expect(chooseRoute(query({ method: "oxxo", amount: money(minor, "MXN") })).routes).toHaveLength(1);
    }
  });

  test("exists for every method a country offers, as the country presents it first, by Stripe", () => {
    for (const country of [mx, us]) {
      for (const { type, presentations } of country.methods) {
        const accounts = [account({ country: country.code })];
        const amount = money(50_000n, country.currency);
        const [presentation] = presentations;
        if (!presentation) throw new Error(`${type} is presented somehow`);
        const { routes, rejections } = chooseRoute(
          query({ country, method: type, presentation, amount, accounts }),
        );
        expect([type, routes.length, rejections]).toEqual([type, 1, []]);
      }
    }
  });
});

test("a decision is pure: the same query, even frozen, gives the same decision, and is left as it was", () => {
  const asked = query({ accounts: [account({ status: "disabled" }), account(), account()] });
  const before = structuredClone({ ...asked, manifests: undefined, country: asked.country.code });
  for (const one of asked.accounts) Object.freeze(one);
  Object.freeze(asked.accounts);
  Object.freeze(asked);
  expect(chooseRoute(asked)).toEqual(chooseRoute(asked));
  expect({ ...asked, manifests: undefined, country: asked.country.code }).toEqual(before);
});

test("a token goes to the account whose fields made it, though others are as good", () => {
  const [first, second, third] = [account(), account(), account()];
  const { routes } = chooseRoute(
    query({ accounts: [first, second, third], token: "tok", tokenFrom: second.id }),
  );
  expect(routes.map((route) => route.account.id)).toEqual([second.id]);
});

test("limits are the tighter of the rail's and the gateway's, each in its own currency", () => {
  const oxxo = mx.methods.find((method) => method.type === "oxxo");
  const able = stripeManifest.methods.find((method) => method.type === "oxxo");
  if (!oxxo || !able) throw new Error("OXXO is offered");
  const tighter = {
    ...able,
    minimum: [money(2_000n, "MXN"), money(1n, "USD")],
    maximum: [money(900_000n, "MXN")],
  };
  expect(limitsOf(oxxo, tighter, "MXN")).toEqual({
    minimum: money(2_000n, "MXN"),
    maximum: money(900_000n, "MXN"),
  });
  expect(limitsOf(oxxo, { ...able, minimum: [], maximum: [] }, "USD")).toEqual({
    minimum: undefined,
    maximum: undefined,
  });
});
