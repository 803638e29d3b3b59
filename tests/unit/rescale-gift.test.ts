import fc from "fast-check";
import { expect, test } from "vitest";
import type { Gift } from "../../src/giving/gift.ts";
import { canRescale, rescaled } from "../../src/giving/rescale-gift.ts";
import { add, money, sum } from "../../src/kernel/money.ts";
import { giftIn } from "../support/gift-in-state.ts";

const pesos = (minor: bigint) => money(minor, "MXN");
function giftOf(shares: readonly bigint[], cover: bigint): Gift {
  const gift = giftIn("conflicted");
  const [share] = gift.allocations;
  if (!share) throw new Error("a gift has a share");
  const amount = pesos(shares.reduce((a, b) => a + b, 0n));
  return {
    ...gift,
    donation: { ...gift.donation, amount, cover: pesos(cover) },
    allocations: shares.map((minor) => ({ ...share, amount: pesos(minor) })),
    attempt: { ...gift.attempt, amount: add(amount, pesos(cover)) },
  };
}

test("what arrived is shared out whole, every fund having some of it, near its proportion", () => {
  const shares = fc.array(fc.bigInt(1n, 10_000_000n), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(shares, fc.bigInt(0n, 10_000n), fc.bigInt(1n, 20_000_000n), (parts, cover, arrived) => {
      const gift = giftOf(parts, cover);
      fc.pre(canRescale(gift, pesos(arrived)));
      const after = rescaled(gift, pesos(arrived));
      const amounts = after.allocations.map((share) => share.amount);
      expect(sum(amounts, "MXN")).toEqual(after.donation.amount);
      expect(add(after.donation.amount, after.donation.cover)).toEqual(pesos(arrived));
      expect(after.attempt.amount).toEqual(pesos(arrived));
      expect(after.donation.cover.minor).toBeGreaterThanOrEqual(0n);
      const whole = gift.attempt.amount.minor;
      for (const [n, { minor }] of amounts.entries()) {
        expect(minor).toBeGreaterThan(0n);
        const fair = (arrived * (parts[n] ?? 0n)) / whole;
        expect(minor - fair).toBeGreaterThanOrEqual(-BigInt(parts.length));
        expect(minor - fair).toBeLessThanOrEqual(BigInt(parts.length + 1));
      }
    }),
  );
});

test("another currency, or less than one for each fund, is not shared out", () => {
  const gift = giftOf([100n, 100n], 0n);
  expect(canRescale(gift, money(100n, "USD"))).toBe(false);
  expect(canRescale(gift, pesos(2n))).toBe(false);
  expect(canRescale(gift, pesos(3n))).toBe(true);
});
