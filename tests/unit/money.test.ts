import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CurrencyCode, currencyCodes, exponentOf, isCurrency } from "../../src/kernel/currency.ts";
import {
  add,
  allocate,
  compare,
  decimalText,
  equals,
  formatMoney,
  type Money,
  money,
  moneyJson,
  negate,
  portion,
  subtract,
  sum,
  zero,
} from "../../src/kernel/money.ts";
import { specsAbsent, specText } from "../support/specs.ts";

const minor = fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n });
const currency = fc.constantFrom<CurrencyCode>("MXN", "USD", "CLP", "KWD", "BRL", "JPY");
const amounts = (n: number) =>
  currency.chain((code) => fc.tuple(...Array.from({ length: n }, () => minor.map((m) => money(m, code)))));
const at = (list: readonly Money[], n: number): Money => list[n] ?? zero("MXN");

describe("adding and taking away", () => {
  test("undo each other exactly, far beyond what a double can hold", () => {
    fc.assert(
      fc.property(amounts(2), (list) => {
        const [a, b] = [at(list, 0), at(list, 1)];
        expect(subtract(add(a, b), b)).toEqual(a);
        expect(add(a, negate(a))).toEqual(zero(a.currency));
        expect(compare(a, b) === 0).toBe(equals(a, b));
        expect(compare(a, b) + compare(b, a)).toBe(0);
      }),
    );
  });

  test("of two currencies is a bug that stops the work, never a number", () => {
    const [pesos, dollars] = [money(1n, "MXN"), money(1n, "USD")];
    for (const mix of [add, subtract, compare]) expect(() => mix(pesos, dollars)).toThrow("currenc");
    expect(equals(pesos, dollars)).toBe(false);
    expect(() => sum([pesos, dollars], "MXN")).toThrow("currenc");
  });
});

describe("an allocation", () => {
  const weights = fc
    .array(fc.bigInt({ min: 0n, max: 10_000n }), { minLength: 1, maxLength: 20 })
    .filter((list) => list.some((w) => w > 0n));

  test("adds up to exactly what was divided, gives nothing to a weight of 0, and is fair to the minor unit", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 60n }), weights, (total, by) => {
        const shares = allocate(money(total, "MXN"), by);
        expect(sum(shares, "MXN").minor).toBe(total);
        const all = by.reduce((a, b) => a + b, 0n);
        shares.forEach((share, n) => {
          const exact = total * (by[n] ?? 0n);
          const off = share.minor * all - exact;
          expect(off > -all * BigInt(by.length) && off < all * BigInt(by.length)).toBe(true);
          if (by[n] === 0n) expect(share.minor).toBe(0n);
        });
      }),
    );
  });

  test("by nothing, or by less than nothing, is refused", () => {
    expect(() => allocate(money(1n, "MXN"), [])).toThrow();
    expect(() => allocate(money(1n, "MXN"), [0n, 0n])).toThrow();
    expect(() => allocate(money(1n, "MXN"), [2n, -1n])).toThrow();
  });
});

describe("a portion", () => {
  test.each([
    ["half_away_from_zero", 25n, 3n],
    ["half_away_from_zero", 24n, 2n],
    ["half_away_from_zero", -25n, -3n],
    ["half_even", 25n, 2n],
    ["half_even", 35n, 4n],
    ["up", 21n, 3n],
  ] as const)("rounds %s: a tenth of %s is %s", (rounding, amount, expected) => {
    expect(portion(money(amount, "MXN"), { numerator: 1n, scale: 1 }, rounding).minor).toBe(expected);
  });

  test("is never off by more than one minor unit, whatever the rate", () => {
    fc.assert(
      fc.property(minor, fc.bigInt({ min: 0n, max: 100_000n }), fc.nat({ max: 6 }), (m, numerator, scale) => {
        for (const rounding of ["half_away_from_zero", "half_even", "up"] as const) {
          const got = portion(money(m, "MXN"), { numerator, scale }, rounding).minor;
          const off = got * 10n ** BigInt(scale) - m * numerator;
          expect(off < 10n ** BigInt(scale) && off > -(10n ** BigInt(scale))).toBe(true);
        }
      }),
    );
  });
});

describe("money in writing", () => {
  test("has as many decimals as its currency, and reads back to the same minor units", () => {
    expect(decimalText(money(12_550n, "MXN"))).toBe("125.50");
    expect(decimalText(money(12_550n, "CLP"))).toBe("12550");
    expect(decimalText(money(12_550n, "KWD"))).toBe("12.550");
    fc.assert(
      fc.property(currency, fc.bigInt({ min: 0n, max: 2n ** 70n }), (code, m) => {
        const text = decimalText(money(m, code));
        expect(BigInt(text.replace(".", ""))).toBe(m);
        expect(text.split(".")[1]?.length ?? 0).toBe(exponentOf(code));
      }),
    );
  });

  test("for a donor keeps every digit of a sum no double can hold", () => {
    expect(formatMoney(money(900_719_925_474_099_301n, "MXN"), "es-MX")).toBe("$9,007,199,254,740,993.01");
  });

  test("in JSON is whole minor units, and beyond 2^53 a bug rather than a rounded number", () => {
    expect(moneyJson(money(12_550n, "MXN"))).toEqual({ amount: 12_550, currency: "MXN" });
    expect(() => moneyJson(money(2n ** 53n, "MXN"))).toThrow("2^53");
  });
});

describe("the currency table", () => {
  test("knows codes in capitals only", () => {
    expect(isCurrency("MXN")).toBe(true);
    for (const code of ["mxn", "XXP", "", "constructor", "__proto__"]) expect(isCurrency(code)).toBe(false);
  });

  test.skipIf(specsAbsent)("is ISO 4217's list one, but for what ISO has changed since that copy", () => {
    const listed = new Map<string, string>();
    const entry = /<Ccy>(\w+)<\/Ccy>\s*<CcyNbr>\d+<\/CcyNbr>\s*<CcyMnrUnts>([^<]+)</g;
    for (const [, code, units] of specText("iso4217/list-one.xml").matchAll(entry)) {
      if (code !== undefined && units !== undefined && units !== "N.A.") listed.set(code, units);
    }
    expect(listed.size).toBeGreaterThan(150);
    const ours = new Map(currencyCodes.map((code): [string, string] => [code, String(exponentOf(code))]));
    // The copy is of June 2024: the peso convertible and the Antillean guilder have gone, the Caribbean guilder
    // has come, and with it the Arab accounting dinar.
    expect([...listed.keys()].filter((code) => !ours.has(code)).sort()).toEqual(["ANG", "CUC"]);
    expect([...ours.keys()].filter((code) => !listed.has(code)).sort()).toEqual(["XAD", "XCG"]);
    for (const [code, units] of listed)
      if (ours.has(code)) expect([code, ours.get(code)]).toEqual([code, units]);
  });
});
