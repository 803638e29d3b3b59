import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digitsFor, fromStripeAmount, toStripeAmount } from "../../adapters/stripe/amounts.ts";
import { currencyCodes } from "../../src/kernel/currency.ts";
import { money } from "../../src/kernel/money.ts";

const currency = fc.constantFrom(...currencyCodes);

describe("amounts at Stripe", () => {
  test("whatever Stripe can take comes back as the very same money, in every currency", () => {
    fc.assert(
      fc.property(currency, fc.bigInt({ min: -1_000n, max: 10n ** 12n }), (code, minor) => {
        const written = toStripeAmount(money(minor, code));
        if (!written.ok) return;
        expect(written.value.amount).toBeLessThan(10 ** digitsFor(code));
        expect(fromStripeAmount(written.value.amount, written.value.currency)).toEqual(money(minor, code));
      }),
    );
  });

  test("nothing is ever rounded away: what cannot be written is refused", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 9n }), (minor) => {
        expect(toStripeAmount(money(minor, "MGA")).ok).toBe(minor % 100n === 0n && minor / 100n < 10n ** 8n);
        expect(toStripeAmount(money(minor, "KWD")).ok).toBe(minor % 10n === 0n && minor < 10n ** 8n);
        expect(toStripeAmount(money(minor, "ISK")).ok).toBe(minor * 100n < 10n ** 8n);
      }),
    );
  });

  test("a body with an unknown currency, a fraction or half a króna is not read", () => {
    expect(fromStripeAmount(100, "zzz")).toBeUndefined();
    expect(fromStripeAmount(100.5, "mxn")).toBeUndefined();
    expect(fromStripeAmount(2 ** 53, "mxn")).toBeUndefined();
    expect(fromStripeAmount(150, "isk")).toBeUndefined();
    expect(fromStripeAmount(-500, "isk")).toEqual(money(-5n, "ISK"));
  });
});
