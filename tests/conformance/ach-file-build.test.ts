import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bankingDayAfter, inNewYork, isBankingDay } from "../../adapters/ach-file/banking-days.ts";
import { faultsOf } from "../../adapters/ach-file/check-file.ts";
import { readAchFile } from "../../adapters/ach-file/read-file.ts";
import { bankHolidays } from "../../countries/generated/bank-holidays.ts";
import { withAbaCheckDigit } from "../../src/kernel/bank-numbers/aba-routing.ts";
import { err } from "../../src/kernel/result.ts";
import { built, debit, dollars, files } from "./ach-file-under-test.ts";
import { now } from "./gateway-under-test.ts";

const linesOf = (text: string) => text.split("\n").filter((line) => line !== "");

describe("a file of debits", () => {
  const orders = [
    debit(),
    debit({ authorization: "written", occurrence: "recurring", amount: dollars(5_000n) }),
    debit({
      occurrence: "recurring",
      account: { ...debit().account, kind: "savings", routing: "021000021" },
    }),
  ];
  const file = built(orders);
  const lines = linesOf(file.text);

  test("has 94 columns in every record and whole blocks of ten", () => {
    expect(new Set(lines.map((line) => line.length))).toEqual(new Set([94]));
    expect(lines.length % 10).toBe(0);
    expect(lines.slice(9)).toEqual(["9".repeat(94)]);
  });

  test("names the bank, the sender, the day and the file of the day", () => {
    expect(lines[0]).toBe(
      "101 02100002119111444422611200700A094101Example Bank           Luz Church Inc                 ",
    );
    expect(file.name).toBe("ach-2026-11-20-A.txt");
    expect(linesOf(built(orders, now, 35).text)[0]?.charAt(33)).toBe("9");
  });

  test("puts what was agreed online into a WEB batch and what was signed into a PPD batch, debits only", () => {
    const batches = lines.filter((line) => line.startsWith("5"));
    expect(batches.map((line) => line.slice(50, 53))).toEqual(["WEB", "PPD"]);
    expect(batches.map((line) => line.slice(1, 4))).toEqual(["225", "225"]);
    // Friday's file is effective on Monday.
    expect(batches.map((line) => line.slice(69, 75))).toEqual(["261123", "261123"]);
    expect(file.effectiveOn).toBe("2026-11-23");
  });

  test("says checking or savings, single or recurring, whose account, how much, and our reference", () => {
    const entries = lines.filter((line) => line.startsWith("6"));
    expect(entries.map((line) => line.slice(1, 3))).toEqual(["27", "37", "27"]);
    expect(entries.map((line) => line.slice(76, 78))).toEqual(["S ", "R ", "  "]);
    expect(entries[0]).toBe(
      `627110000000000123456789     0000012550${orders[0]?.reference}Ana Nunez             S 0021000020000001`,
    );
    expect(entries.map((line) => line.slice(79))).toEqual([
      "021000020000001",
      "021000020000002",
      "021000020000003",
    ]);
  });

  test("adds up: entries, hash, debits, per batch and over the file", () => {
    const read = readAchFile(file.text);
    expect(read.ok && faultsOf(read.value)).toEqual([]);
    expect(lines.find((line) => line.startsWith("82"))?.slice(10, 32)).toBe("0013100002000000025100");
    expect(file.total).toEqual(dollars(30_100n));
  });

  test("waits for returns until the fourth banking day after the money moved, Thanksgiving not counted", () => {
    expect(file.silentAfter.toISOString()).toBe("2026-12-01T08:00:00.000Z");
  });
});

describe("no file is built", () => {
  const refuse = (orders: Parameters<typeof built>[0], sequenceOfDay = 0) =>
    files.build({ orders, now, sequenceOfDay });

  test("of nothing, nor a thirty-seventh on one day", () => {
    expect(refuse([])).toEqual(err("there is nothing to debit"));
    expect(refuse([debit()], 36)).toEqual(err("a day has at most 36 files"));
  });

  test("with a routing number whose check digit is wrong, naming the gift and never the account", () => {
    const wrong = debit({ account: { ...debit().account, routing: "110000001" } });
    const answer = refuse([debit(), wrong]);
    expect(answer.ok).toBe(false);
    if (answer.ok) return;
    expect(answer.error).toContain(wrong.reference);
    expect(answer.error).not.toContain(wrong.account.number);
  });

  test("with an account number, amount, currency or reference the format has no room for", () => {
    for (const order of [
      debit({ account: { ...debit().account, number: "1".repeat(18) } }),
      debit({ account: { ...debit().account, number: "12/34" } }),
      debit({ account: { ...debit().account, number: "" } }),
      debit({ amount: dollars(10_000_000_000n) }),
      debit({ amount: dollars(0n) }),
      debit({ amount: { minor: 100n, currency: "MXN" } }),
      debit({ reference: "A".repeat(16) }),
    ]) {
      expect(refuse([order]).ok).toBe(false);
    }
  });

  test("with a sum wider than the format", () => {
    const orders = Array.from({ length: 101 }, () => debit({ amount: dollars(9_999_999_999n) }));
    expect(refuse(orders)).toEqual(err("a sum or a count is wider than the format: build two files"));
  });
});

describe("banking days", () => {
  test("are those of the published calendar, for ten years", () => {
    const holidays = new Set<string>(bankHolidays.us);
    for (let day = Date.UTC(2026, 0, 1); day < Date.UTC(2036, 0, 1); day += 86_400_000) {
      const date = new Date(day).toISOString().slice(0, 10);
      const weekday = new Date(day).getUTCDay();
      expect(isBankingDay(date), date).toBe(weekday !== 0 && weekday !== 6 && !holidays.has(date));
    }
  });

  test("a file of the evening is of New York's day, and a holiday is passed over", () => {
    expect(inNewYork(new Date("2026-11-21T03:30:00Z"))).toEqual({ date: "2026-11-20", time: "2230" });
    expect(inNewYork(new Date("2026-07-01T04:30:00Z"))).toEqual({ date: "2026-07-01", time: "0030" });
    expect(bankingDayAfter("2026-11-25", 1)).toBe("2026-11-27");
    expect(bankingDayAfter("2026-12-24", 1)).toBe("2026-12-28");
    expect(bankingDayAfter("2027-07-03", 0)).toBe("2027-07-06");
  });
});

test("whatever is debited, the file is read back to the same entries and the same sums", () => {
  const digits = (length: number) =>
    fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: length, maxLength: length });
  const order = fc
    .record({
      eight: digits(8).filter((eight) => eight !== "00000000"),
      number: fc.string({ unit: fc.constantFrom(..."0123456789ABC-"), minLength: 1, maxLength: 17 }),
      kind: fc.constantFrom("checking" as const, "savings" as const),
      holder: fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }),
      minor: fc.bigInt({ min: 1n, max: 99_999_999n }),
      authorization: fc.constantFrom("online" as const, "written" as const),
    })
    .map(({ eight, number, kind, holder, minor, authorization }) =>
      debit({
        amount: dollars(minor),
        account: { routing: withAbaCheckDigit(eight), number, kind, holder },
        authorization,
      }),
    );
  fc.assert(
    fc.property(fc.array(order, { minLength: 1, maxLength: 30 }), (orders) => {
      const file = built(orders);
      const sorted = [
        ...orders.filter(({ authorization }) => authorization === "online"),
        ...orders.filter(({ authorization }) => authorization === "written"),
      ];
      for (const text of [file.text, file.text.replaceAll("\n", ""), file.text.replaceAll("\n", "\r\n")]) {
        const read = readAchFile(text);
        if (!read.ok) throw new Error(read.error);
        expect(faultsOf(read.value)).toEqual([]);
        const entries = read.value.batches.flatMap((batch) => batch.entries.map(({ line }) => line));
        expect(entries.map((line) => line.slice(39, 54))).toEqual(sorted.map((each) => each.reference));
        expect(entries.map((line) => BigInt(line.slice(29, 39)))).toEqual(
          sorted.map((each) => each.amount.minor),
        );
        expect(entries.map((line) => line.slice(12, 29).trim())).toEqual(
          sorted.map((each) => each.account.number.trim()),
        );
      }
    }),
    { numRuns: 40 },
  );
});
