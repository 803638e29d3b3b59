import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isMap, isSeq, parseDocument, type YAMLMap } from "yaml";
import { readMt940 } from "../../src/bank-statements/read-mt940.ts";
import type { ParsedLine } from "../../src/bank-statements/statement-file.ts";
import { decimalText } from "../../src/kernel/money.ts";
import { specFolder, specsAbsent, specText } from "../support/specs.ts";

const samples = specsAbsent
  ? []
  : ["betterplace", "jejik"].flatMap((folder) =>
      readdirSync(join(specFolder, "mt940", folder))
        .filter((file) => file.endsWith(".sta"))
        .map((file) => `${folder}/${file.replace(".sta", "")}`),
    );
/** Single lines cut out of a message to try one expression; no message by themselves. */
const fragments = [
  "amount_formats",
  "currency_in_25",
  "empty_86",
  "empty_entry_date",
  "empty_line",
  "missing_crlf_at_end",
];

type Expected = {
  readonly text: (name: string) => string | undefined;
  readonly amount: string;
  readonly date: string;
  readonly entry: string | undefined;
};

/** The other parser's result: YAML of Python objects, of which the transactions' fields are looked at. */
function expectedOf(name: string): readonly Expected[] {
  const document = parseDocument(specText(`mt940/${name}.yml`), {
    logLevel: "silent",
    customTags: ["binary"],
  });
  const rows = document.get("transactions");
  if (!isSeq(rows)) return [];
  return rows.items.map((row) => {
    const data = isMap(row) ? row.get("data") : undefined;
    if (!isMap(data)) throw new Error("a transaction has data");
    const text = (key: string): string | undefined => {
      const value: unknown = data.get(key);
      return typeof value === "string" ? value : undefined;
    };
    return {
      text,
      amount: amountOf(data),
      date: dayOf(data, "date") ?? "",
      entry: dayOf(data, "entry_date"),
    };
  });
}

function amountOf(data: YAMLMap): string {
  const amount = data.getIn(["amount", "amount", 0]);
  return String(amount);
}

/** Python pickles a date as two bytes of year, one of month, one of day. */
function dayOf(data: YAMLMap, key: string): string | undefined {
  const bytes: unknown = data.getIn([key, 0]);
  if (!(bytes instanceof Uint8Array)) return undefined;
  const [high = 0, low = 0, month = 0, day = 0] = bytes;
  return `${high * 256 + low}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

const squeezed = (text: string) => text.replace(/\s+/g, "");

describe.skipIf(specsAbsent)("MT940 files of banks, read as another parser reads them", () => {
  test.each(samples.filter((name) => !fragments.includes(name.split("/")[1] ?? "")))("%s", (name) => {
    const read = readMt940(specText(`mt940/${name}.sta`));
    if (!read.ok) throw new Error(read.error);
    const lines = read.value.statements.flatMap((statement) => statement.lines);
    const expected = expectedOf(name);
    expect(expected.length).toBeGreaterThan(0);
    expect(lines).toHaveLength(expected.length);
    for (const [n, row] of expected.entries()) {
      const line = lines[n];
      if (!line) throw new Error("a line for each");
      // The other parser takes a reversed credit (RC) for money that came; by the field's own definition it left.
      const amount = row.text("status") === "RC" ? -Number(row.amount) : Number(row.amount);
      expect(Number(decimalText(line.amount))).toBe(amount);
      expect(line.valueOn).toBe(row.date);
      expect(line.bookedOn).toBe(row.entry ?? row.date);
      expectSaid(line, row);
    }
  });

  test.each(fragments)("a fragment is no statement, and is refused without a fall: %s", (name) => {
    const read = readMt940(specText(`mt940/betterplace/${name}.sta`));
    const lines = read.ok ? read.value.statements.flatMap((statement) => statement.lines) : [];
    expect(lines).toEqual([]);
  });
});

/** Words, names and references, wherever the bank put them. */
function expectSaid(line: ParsedLine, row: Expected): void {
  const everything = squeezed(line.texts.join(" "));
  for (const said of [row.text("transaction_details"), row.text("purpose")]) {
    // Where it is made of named parts only the parts are kept.
    if (said && !/^[/0]/.test(said)) expect(everything).toContain(squeezed(said));
  }
  const pairs = [
    [line.counterparty.name, row.text("applicant_name")],
    [line.counterparty.account, row.text("applicant_iban")],
    [line.endToEndId, row.text("end_to_end_reference")],
    [line.bankReference, row.text("bank_reference")],
  ];
  for (const [ours, theirs] of pairs) {
    if (theirs && theirs !== "NONREF") expect(squeezed(ours ?? "")).toBe(squeezed(theirs));
  }
}

const message = (...fields: string[]) =>
  [
    ":20:A",
    ":25:032180000118359719",
    ":28C:1/1",
    ":60F:C260301MXN100,00",
    ...fields,
    ":62F:C260302MXN1,00",
    "-",
  ].join("\r\n");
const linesOf = (text: string) => {
  const read = readMt940(text);
  if (!read.ok) throw new Error(read.error);
  return read.value.statements.flatMap((statement) => statement.lines);
};

describe("MT940, beyond the samples", () => {
  test("a reversal of a credit takes money, a reversal of a debit brings it back", () => {
    const lines = linesOf(message(":61:2603020302RC100,00NTRFNONREF", ":61:2603020302RD50,NTRFNONREF"));
    expect(lines.map((line) => [line.amount.minor, line.reversal])).toEqual([
      [-10_000n, true],
      [5_000n, true],
    ]);
  });

  test("around New Year the entry date takes the year that brings it near", () => {
    const [line] = linesOf(message(":61:2601021231C1,00NTRFNONREF"));
    expect([line?.bookedOn, line?.valueOn]).toEqual(["2025-12-31", "2026-01-02"]);
  });

  test("what is said after the closing balance is not about the last movement", () => {
    const [line] = linesOf(
      `${message(":61:260302C1,00NTRFNONREF", ":86:ofrenda").replace("-", ":86:pie de página")}`,
    );
    expect(line?.texts).toEqual(["ofrenda"]);
  });

  test("the envelope around the fields is left aside", () => {
    const text = `{1:F01BANKDEFFXXXX}{2:I940X}{4:\r\n${message(":61:260302C1,00NTRFNONREF")}}`;
    expect(linesOf(text)).toHaveLength(1);
    expect(linesOf(text.replace("{4:\r\n", "{4:"))).toHaveLength(1);
  });

  test("a reference broken at the end of a line is whole among the texts", () => {
    const [line] = linesOf(message(":61:260302C1,00NTRFNONREF", ":86:PAGO RF12ABCD", "EFGHJKLM GRACIAS"));
    expect(line?.texts.some((text) => text.includes("RF12ABCDEFGHJKLM"))).toBe(true);
  });

  test.each([
    ["no statement", "hello"],
    ["a movement that is none", message(":61:HELLO")],
    ["a day of no calendar", message(":61:260230C1,00NTRF")],
    ["three decimals of pesos", message(":61:260302C1,005NTRF")],
    ["no currency", message(":61:260302C1,00NTRF").replace(":60F:C260301MXN100,00\r\n", "")],
  ])("refused whole: %s", (_, text) => {
    expect(readMt940(text).ok).toBe(false);
  });
});
