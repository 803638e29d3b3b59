import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCsv } from "../../src/bank-statements/read-csv.ts";
import { readStatement } from "../../src/bank-statements/read-statement.ts";
import { fileMost } from "../../src/bank-statements/statement-file.ts";
import { isCurrency } from "../../src/kernel/currency.ts";
import { decimalText, money } from "../../src/kernel/money.ts";

const linesOf = (text: string, currency = "MXN") => {
  const read = readCsv(text, currency);
  if (!read.ok) throw new Error(read.error);
  return read.value.statements.flatMap((statement) => statement.lines);
};

describe("a treasurer's table", () => {
  test("in Spanish, with credit and debit apart", () => {
    const lines = linesOf(
      "Fecha;Concepto;Cargos;Abonos;Referencia;Clave de rastreo;Ordenante\n02/03/2026;Ofrenda;;1.500,00;1234567;MBAN01;Ana Pérez\n03/03/2026;Comisión;35,50;;;;\n",
    );
    expect(lines).toMatchObject([
      {
        bookedOn: "2026-03-02",
        amount: { minor: 150_000n, currency: "MXN" },
        endToEndId: "MBAN01",
        counterparty: { name: "Ana Pérez" },
      },
      { bookedOn: "2026-03-03", amount: { minor: -3_550n } },
    ]);
    expect(lines[0]?.texts).toEqual(["1234567", "Ofrenda", "MBAN01"]);
  });

  test("in English and Portuguese, signed amounts, a currency of its own, quotes and line ends inside cells", () => {
    const [first] = linesOf(
      'date,amount,currency,description\n2026-03-02,-12.5,USD,"wire, ""fee""\nabroad"\n',
    );
    expect(first).toMatchObject({
      amount: { minor: -1_250n, currency: "USD" },
      texts: ['wire, "fee" abroad'],
    });
    expect(linesOf("Data\tValor\tHistórico\n02/03/2026\tR$ 1.234,56\tOferta\n", "BRL")[0]?.amount.minor).toBe(
      123_456n,
    );
  });

  test("what moved nothing is no line, and a debit leaves with or without a sign of its own", () => {
    const lines = linesOf(
      "fecha,abono,cargo\n2026-03-02,,\n2026-03-03,0.00,0.00\n2026-03-04,,3.00\n2026-03-05,,-3.00\n",
    );
    expect(lines.map(({ bookedOn, amount }) => [bookedOn, amount.minor])).toEqual([
      ["2026-03-04", -300n],
      ["2026-03-05", -300n],
    ]);
  });

  test("whole pesos of Chile may be grouped; there are no decimals to mistake", () => {
    expect(linesOf("fecha,monto\n2026-03-02,12.500\n", "CLP")[0]?.amount.minor).toBe(12_500n);
  });

  test.each([
    ["a mark that could mean either", 'fecha,monto\n2026-03-02,"1,234"'],
    ["both a credit and a debit", "fecha,abono,cargo\n2026-03-02,1.00,2.00"],
    ["the month first", "date,amount\n03/31/2026,1.00"],
    ["an amount in words", "date,amount\n2026-03-02,ten"],
    ["grouping that is none", 'date,amount\n2026-03-02,"12,34.00"'],
    ["no heading for the amount", "date,what\n2026-03-02,1.00"],
    ["a quote never closed", 'date,amount\n2026-03-02,"1.00'],
    ["a formula", "date,amount\n2026-03-02,=1+1"],
    ["no day", "date,amount\n,1.00"],
    ["a currency that is none", "date,amount,currency\n2026-03-02,1.00,Pesos"],
    ["a credit in words", "fecha,abono,cargo\n2026-03-02,diez,"],
    ["a debit in words", "fecha,abono,cargo\n2026-03-02,,diez"],
  ])("refused whole: %s", (_, text) => {
    expect(readCsv(text, "MXN").ok).toBe(false);
  });

  test("any amount, in either way of writing decimals, is read to the minor unit", () => {
    const currencies = fc.constantFrom("MXN", "CLP", "USD").filter(isCurrency);
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 14n), currencies, fc.boolean(), (minor, currency, comma) => {
        const text = decimalText(money(minor, currency));
        const cell = comma ? text.replace(".", ",") : text;
        expect(linesOf(`date;amount\n2026-03-02;${cell}\n`, currency)[0]?.amount).toEqual(
          money(minor, currency),
        );
      }),
    );
  });

  test("no text makes it fall", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(typeof readCsv(`date,amount\n${text}`, "MXN").ok).toBe("boolean");
        expect(typeof readStatement(new TextEncoder().encode(text), { currency: "MXN" }).ok).toBe("boolean");
      }),
    );
  });
});

describe("any file", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  test("is told from how it begins", () => {
    const format = (text: string) => {
      const read = readStatement(bytes(text), { currency: "MXN" });
      return read.ok ? read.value.format : read.error;
    };
    expect(format("\ufefffecha,monto\n2026-03-02,1.00")).toBe("csv");
    expect(format(":20:A\n:60F:C260301MXN1,00\n:61:260302C1,00NTRFX\n")).toBe("mt940");
    expect(format("  <html/>")).toContain("could not be read");
  });

  test("of Windows is read as Windows wrote it", () => {
    const latin = Uint8Array.from("fecha,monto,concepto\n2026-03-02,1.00,Misi\u00f3n", (c) =>
      c.charCodeAt(0),
    );
    const read = readStatement(latin, { currency: "MXN" });
    expect(read.ok && read.value.statements[0]?.lines[0]?.texts).toEqual(["Misión"]);
  });

  test("that is empty or beyond the bound is refused", () => {
    expect(readStatement(new Uint8Array(), { currency: "MXN" }).ok).toBe(false);
    expect(readStatement(new Uint8Array(fileMost.bytes + 1), { currency: "MXN" }).ok).toBe(false);
    const many = `date,amount\n${"2026-03-02,1.00\n".repeat(fileMost.lines + 1)}`;
    expect(readStatement(bytes(many), { currency: "MXN" }).ok).toBe(false);
  });
});
