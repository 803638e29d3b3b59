import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stripeManifest } from "../../adapters/stripe/manifest.ts";
import { chargeCovering, feeOn } from "../../src/gateway/fees.ts";
import type { FeeRule } from "../../src/gateway/manifest.ts";
import { money } from "../../src/kernel/money.ts";

const rule = fc
  .record({
    percent: fc.bigInt({ min: 0n, max: 150n }),
    fixed: fc.bigInt({ min: 0n, max: 2_000n }),
    cap: fc.option(fc.bigInt({ min: 1n, max: 5_000n }), { nil: undefined }),
    tax: fc.option(fc.bigInt({ min: 0n, max: 30n }), { nil: undefined }),
  })
  .map(
    ({ percent, fixed, cap, tax }): FeeRule => ({
      country: "mx",
      methods: ["card"],
      percent: { numerator: percent, scale: 3 },
      fixed: money(fixed, "MXN"),
      ...(cap === undefined ? {} : { cap: money(cap, "MXN") }),
      ...(tax === undefined ? {} : { taxOnFee: { numerator: tax, scale: 2 } }),
      source: "any",
    }),
  );
const gift = fc.oneof(fc.bigInt({ min: 1n, max: 3_000n }), fc.bigInt({ min: 1n, max: 99_999_999n }));
const left = (charge: bigint, by: FeeRule) => charge - feeOn(money(charge, "MXN"), by).amount.minor;

describe("a donor who covers the fee", () => {
  test("leaves the fund exactly the whole gift, whatever the gateway's rule and the gift", () => {
    fc.assert(
      fc.property(rule, gift, (by, minor) => {
        const { charge, cover, fee } = chargeCovering(money(minor, "MXN"), by);
        expect(charge.minor - fee.amount.minor).toBe(minor);
        expect(cover).toEqual(fee.amount);
        expect(fee).toEqual(feeOn(charge, by));
      }),
      { numRuns: 500 },
    );
  });

  test("pays the least charge that does so", () => {
    fc.assert(
      fc.property(rule, fc.bigInt({ min: 1n, max: 4_000n }), (by, minor) => {
        const { charge } = chargeCovering(money(minor, "MXN"), by);
        const enough: bigint[] = [];
        for (let less = minor; less < charge.minor; less++) if (left(less, by) >= minor) enough.push(less);
        expect(enough).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test.each(stripeManifest.fees.map((by) => [`${by.country} ${by.methods.join(", ")}`, by] as const))(
    "is quoted right for every gift up to 300.00 by the price of %s",
    (_, by) => {
      const currency = by.fixed.currency;
      const wrong: bigint[] = [];
      for (let minor = 1n; minor <= 30_000n; minor += 7n) {
        const { charge, fee } = chargeCovering(money(minor, currency), by);
        if (charge.minor - fee.amount.minor !== minor) wrong.push(minor);
      }
      expect(wrong).toEqual([]);
    },
  );
});

describe("the gateway's fee", () => {
  test("is its percent, at most its cap, plus its fixed part, plus the tax on that", () => {
    const by = (more: Partial<FeeRule>): FeeRule => ({
      country: "mx",
      methods: ["card"],
      percent: { numerator: 36n, scale: 3 },
      fixed: money(300n, "MXN"),
      source: "test",
      ...more,
    });
    const of = (more: Partial<FeeRule>) => feeOn(money(50_000n, "MXN"), by(more));
    expect(of({})).toEqual({ amount: money(2_100n, "MXN"), tax: money(0n, "MXN") });
    expect(of({ taxOnFee: { numerator: 16n, scale: 2 } })).toEqual({
      amount: money(2_436n, "MXN"),
      tax: money(336n, "MXN"),
    });
    expect(of({ cap: money(500n, "MXN") }).amount.minor).toBe(800n);
  });
});
