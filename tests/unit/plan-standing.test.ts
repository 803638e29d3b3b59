import { describe, expect, test } from "vitest";
import { stripeManifest } from "../../adapters/stripe/manifest.ts";
import { countries } from "../../countries/index.ts";
import type { Deps } from "../../src/deps.ts";
import { planStanding, type StandingOrder } from "../../src/giving/standing-gift.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";

/** How one period's gift is to be collected, decided before anything is written: by whose account, and for how much. */
const mxn = (minor: bigint) => money(minor, "MXN");
const churchId = newId("church");
const legalEntityId = newId("legalEntity");
const accountId = newId("gatewayAccount");
const fundId = newId("fund");

const settings = {
  churchId,
  slug: "luz",
  name: "Iglesia Luz",
  country: "mx",
  timeZone: "America/Mexico_City",
  locale: "es-MX",
  legalEntities: [{ id: legalEntityId, country: "mx", currency: "MXN" as const }],
  funds: [{ id: fundId, code: "general", name: "General", restricted: false, active: true }],
  accounts: [
    {
      id: accountId,
      legalEntityId,
      gateway: "stripe",
      mode: "test" as const,
      country: "mx",
      status: "active" as const,
      sandbox: true,
    },
  ],
  dunning: {},
};
type Settings = typeof settings | undefined;

/** Settings as they are kept, and as they are read anew. */
const deps = (kept: Settings, fresh: Settings = kept): Deps =>
  ({
    settings: { read: async () => kept, readFresh: async () => fresh },
    countries,
    payments: { manifests: new Map([["stripe", stripeManifest]]) },
  }) as unknown as Deps;

const mandate = { accountId, cadence: "monthly" as const, ceiling: undefined, fixed: undefined };
const orderOf = (change: Partial<StandingOrder> = {}): StandingOrder => ({
  churchId,
  recurringGiftId: newId("recurringGift"),
  legalEntityId,
  donorId: newId("donor"),
  mode: "test",
  country: "mx",
  method: "card",
  presentation: "embedded",
  amount: mxn(50_000n),
  shares: [{ fundId, amount: mxn(50_000n) }],
  coverFees: true,
  anonymous: false,
  locale: "es-MX",
  returnUrl: undefined,
  mandate,
  ...change,
});

async function cover(change: Partial<StandingOrder> = {}): Promise<bigint> {
  const plan = await planStanding(deps(settings), orderOf(change));
  if (!plan.ok) throw new Error(plan.error.detail);
  expect(plan.value.route.account.id).toBe(accountId);
  return plan.value.cover.minor;
}

describe("what is charged", () => {
  test("covers the fee where the donor wished it", async () => {
    expect(await cover()).toBeGreaterThan(0n);
    expect(await cover({ coverFees: false })).toBe(0n);
  });

  test("is never more than the donor permitted: above the ceiling the fee is not covered", async () => {
    expect(await cover({ mandate: { ...mandate, ceiling: mxn(50_100n) } })).toBe(0n);
    expect(await cover({ mandate: { ...mandate, ceiling: mxn(90_000n) } })).toBeGreaterThan(0n);
  });

  test("is what the rail fixed, the gift and its cover together", async () => {
    expect(await cover({ mandate: { ...mandate, fixed: mxn(52_500n) } })).toBe(2_500n);
    expect(await cover({ mandate: { ...mandate, fixed: mxn(40_000n) } })).toBeGreaterThan(0n);
  });
});

describe("a gift that cannot be collected", () => {
  test.each<[string, Settings, Settings, Partial<StandingOrder>, string]>([
    ["of a church there is not", undefined, undefined, {}, "church_unknown"],
    ["of a country nobody serves", settings, settings, { country: "zz" }, "invalid_request"],
    [
      "by an account that is gone",
      { ...settings, accounts: [] },
      { ...settings, accounts: [] },
      {},
      "gateway_account_missing",
    ],
    [
      "by another legal entity's account",
      settings,
      settings,
      { legalEntityId: newId("legalEntity") },
      "gateway_account_missing",
    ],
    ["of more than the rail takes", settings, settings, { amount: mxn(10n ** 15n) }, "amount_out_of_range"],
  ])("%s is refused by name", async (_what, kept, fresh, change, code) => {
    expect(await planStanding(deps(kept, fresh), orderOf(change))).toMatchObject({
      ok: false,
      error: { code },
    });
  });

  test("by settings that are old is looked at once more", async () => {
    const old = { ...settings, accounts: [] };
    expect(await planStanding(deps(old, settings), orderOf())).toMatchObject({ ok: true });
    expect(await planStanding(deps(undefined, settings), orderOf())).toMatchObject({ ok: true });
  });
});
