import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  bankBarcode,
  checkBoleto,
  formatBoleto,
  lineOf,
  readBoleto,
} from "../../src/kernel/bank-numbers/boleto.ts";
import { dueDateOf, dueFactorOf } from "../../src/kernel/bank-numbers/boleto-due-date.ts";
import { money } from "../../src/kernel/money.ts";
import { ok } from "../../src/kernel/result.ts";
import { specJson, specsAbsent } from "../support/specs.ts";

const vectorsSchema = z.array(
  z.object({
    input: z.string(),
    valid: z.boolean(),
    valor: z.number().optional(),
    codigoBarras: z.string().optional(),
    linhaDigitavel: z.string().optional(),
    vencimento: z.string().optional(),
    vencimentoNovoFator2025: z.string().optional(),
  }),
);

describe.skipIf(specsAbsent)("the published boletos", () => {
  const vectors = specsAbsent ? [] : vectorsSchema.parse(specJson("boleto/vectors.json"));

  test("get the same verdict, barcode, line and amount, and are refused with one digit changed", () => {
    expect(vectors.length).toBeGreaterThan(10);
    for (const { input, valid, valor, codigoBarras, linhaDigitavel } of vectors) {
      const read = readBoleto(input);
      expect(read.ok, input).toBe(valid);
      if (!read.ok) continue;
      expect(read.value.barcode).toBe(codigoBarras);
      expect(read.value.line).toBe(linhaDigitavel);
      expect(read.value.amount?.minor ?? 0n).toBe(BigInt(Math.round((valor ?? 0) * 100)));
    }
  });

  test("fall due when they say: in the first cycle of factors, or in the second, by the day they are looked at", () => {
    for (const { input, vencimento = "", vencimentoNovoFator2025 = "" } of vectors) {
      const read = readBoleto(input);
      if (!read.ok || read.value.dueFactor === undefined) continue;
      const factor = read.value.dueFactor;
      expect(dueDateOf(factor, vencimento.slice(0, 10))).toBe(vencimento.slice(0, 10));
      // The other library counts from 29 May 2022, by which factor 1000 is 22 February 2025, as here.
      expect(dueDateOf(factor, vencimentoNovoFator2025.slice(0, 10))).toBe(
        vencimentoNovoFator2025.slice(0, 10),
      );
    }
  });
});

describe("the slip of the documentation", () => {
  const barcode = "23794167700000050001234567890123456789012345";
  const line = "23791234546789012345767890123457416770000005000";

  test("has this line, this barcode, this amount and this date, either way round", () => {
    for (const form of [barcode, line, formatBoleto(line)]) {
      const read = readBoleto(form);
      expect(read).toEqual(
        ok({ kind: "bank", barcode, line, amount: money(5_000n, "BRL"), dueFactor: 1677 }),
      );
    }
    expect(dueDateOf(1677, "2026-11-20")).toBe("2026-12-31");
    expect(dueFactorOf("2026-12-31")).toBe(1677);
    expect(
      bankBarcode({ bank: "237", dueFactor: 1677, amount: 5_000n, free: "1234567890123456789012345" }),
    ).toBe(barcode);
  });

  test("is refused with any one digit of its barcode or line wrong", () => {
    for (const form of [barcode, line]) {
      for (let place = 0; place < form.length; place++) {
        for (const digit of "0123456789") {
          if (digit === form[place]) continue;
          const wrong = form.slice(0, place) + digit + form.slice(place + 1);
          // A whole number modulo 11 that leaves 0, 1 or 10 is written 1 three times over: there the promise ends.
          const escapes = checkBoleto(wrong);
          if (escapes.ok) expect(lineOf(escapes.value)).not.toBe(line);
        }
      }
    }
  });
});

test("the factor began again: 9999 was 21 February 2025, 1000 the day after", () => {
  expect(dueFactorOf("2025-02-21")).toBe(9999);
  expect(dueFactorOf("2025-02-22")).toBe(1000);
  expect(dueDateOf(9999, "2025-02-21")).toBe("2025-02-21");
  expect(dueDateOf(1000, "2025-02-22")).toBe("2025-02-22");
});

test("a due date is read again from its factor by whoever looks within the window", () => {
  const days = fc.integer({ min: 0, max: 14_000 });
  fc.assert(
    fc.property(days, fc.integer({ min: -2999, max: 5999 }), (day, lead) => {
      const date = (offset: number) =>
        new Date(Date.UTC(2000, 6, 3) + offset * 86_400_000).toISOString().slice(0, 10);
      fc.pre(day - lead >= 0);
      expect(dueDateOf(dueFactorOf(date(day)), date(day - lead))).toBe(date(day));
    }),
  );
});

test("any bank slip's line gives its barcode back, and its amount", () => {
  const text = (length: number) =>
    fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: length, maxLength: length });
  fc.assert(
    fc.property(
      text(3).filter((bank) => !bank.startsWith("8")),
      fc.integer({ min: 1000, max: 9999 }),
      fc.bigInt({ min: 1n, max: 9_999_999_999n }),
      text(25),
      (bank, dueFactor, amount, free) => {
        const barcode = bankBarcode({ bank, dueFactor, amount, free });
        const read = readBoleto(lineOf(barcode));
        expect(read.ok && read.value).toMatchObject({ barcode, dueFactor, amount: money(amount, "BRL") });
        expect(checkBoleto(formatBoleto(lineOf(barcode)))).toEqual(ok(barcode));
      },
    ),
  );
});

test("a collection slip is written in its four blocks; one that counts by no known rule is refused", () => {
  expect(formatBoleto("838600000050096000190009000801782309000343062712")).toBe(
    "83860000005-0 09600019000-9 00080178230-9 00034306271-2",
  );
  expect(checkBoleto("83160000005096000190000008017823000034306271").ok).toBe(false);
  for (const nonsense of ["", "8", "x".repeat(47), "0".repeat(46), "9".repeat(48)]) {
    expect(checkBoleto(nonsense).ok).toBe(false);
  }
});
