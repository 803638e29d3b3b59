import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CurrencyCode, exponentOf } from "../../src/kernel/currency.ts";
import { amountText } from "../../src/kernel/format.ts";
import { money } from "../../src/kernel/money.ts";
import { parseAmount } from "../../src/pages/checkout/parse-amount.ts";

const minorOf = (typed: string, locale = "es-MX", currency: CurrencyCode = "MXN") => {
  const read = parseAmount(typed, currency, locale);
  return read.ok ? read.value.minor : read.error.kind;
};

describe("an amount as a donor types it", () => {
  test.each([
    ["500", 50_000n],
    ["$500", 50_000n],
    ["500.5", 50_050n],
    ["MX$ 1,234.50 MXN", 123_450n],
    ["1,500", 150_000n],
    ["12,345,678.90", 1_234_567_890n],
    ["1 234,50", 123_450n],
    ["50,5", 5_050n],
    ["1.234,50", 123_450n],
    [".5", 50n],
    ["500.", 50_000n],
    ["５００", 50_000n],
    ["007.10", 710n],
    ["0.001", "too_many_decimals"],
    ["1.500", "ambiguous"],
    ["1,2,3", "unreadable"],
    ["1.2.3", "unreadable"],
    ["1,23.45", "unreadable"],
    ["12e3", "unreadable"],
    ["0x10", "unreadable"],
    ["quinientos", "unreadable"],
    ["NaN", "unreadable"],
    ["", "missing"],
    ["   ", "missing"],
    ["$", "missing"],
    ["-5", "not_positive"],
    ["(5)", "not_positive"],
    ["0", "not_positive"],
    ["0.00", "not_positive"],
    ["90071992547409.91", 9_007_199_254_740_991n],
    ["90071992547409.92", "too_large"],
    ["9".repeat(60), "too_large"],
  ])("in Mexico %j is %s", (typed, expected) => {
    expect(minorOf(typed)).toBe(expected);
  });

  test("what is thousands in one country and decimals in another is read by the country, or asked about", () => {
    expect(minorOf("1.500", "es-CO", "COP")).toBe(150_000n);
    expect(minorOf("1,500", "es-CO", "COP")).toBe("ambiguous");
    expect(minorOf("1.500", "es-CL", "CLP")).toBe(1500n);
    expect(minorOf("1.5", "es-CL", "CLP")).toBe("too_many_decimals");
    expect(minorOf("1.500", "ar-KW-u-nu-latn", "KWD")).toBe(1500n);
  });

  test("whatever we print, we read back to the minor unit", () => {
    const places = [
      ["es-MX", "MXN"],
      ["en-US", "USD"],
      ["es-CO", "COP"],
      ["pt-BR", "BRL"],
      ["es-CL", "CLP"],
      ["de-DE", "EUR"],
    ] as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...places),
        fc.bigInt({ min: 1n, max: 9_007_199_254_740_991n }),
        ([locale, currency], minor) => {
          const read = parseAmount(amountText(money(minor, currency), locale), currency, locale);
          expect(read.ok && read.value.minor).toBe(minor);
        },
      ),
    );
  });

  test("no text throws, gives less than one minor unit, or a fraction", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[0-9.,' -]{0,20}$/)),
        fc.constantFrom("es-MX", "es-CO", "en-US"),
        fc.constantFrom<CurrencyCode>("MXN", "CLP", "KWD"),
        (typed, locale, currency) => {
          const read = parseAmount(typed, currency, locale);
          if (!read.ok) return;
          expect(read.value.minor > 0n).toBe(true);
          expect(exponentOf(read.value.currency)).toBe(exponentOf(currency));
        },
      ),
    );
  });
});
