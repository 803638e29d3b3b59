import { describe, expect, test } from "vitest";
import { z } from "zod";
import { readCamt } from "../../src/bank-statements/read-camt.ts";
import { decimalText } from "../../src/kernel/money.ts";
import { specJson, specsAbsent, specText } from "../support/specs.ts";

/** As the other decoder wrote it; what refers back to itself is cut there. */
const expectedEntry = z.looseObject({
  getAmount: z.looseObject({
    getAmount: z.string(),
    getCurrency: z.union([z.looseObject({ getCode: z.string() }), z.string()]),
  }),
  getBookingDate: z.looseObject({ 0: z.string() }).nullable(),
  getValueDate: z.looseObject({ 0: z.string() }).nullable(),
  getAccountServicerReference: z.string().nullable(),
  getReversalIndicator: z.boolean().nullable(),
});
const expectedFile = z.looseObject({ getEntries: z.array(expectedEntry) });

/** Every text under a name, wherever it stands in the expected parse. */
function found(node: unknown, name: string): string[] {
  if (Array.isArray(node)) return node.flatMap((each) => found(each, name));
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === name && typeof value === "string" ? [value] : found(value, name),
  );
}

describe.skipIf(specsAbsent)("camt files of others, read as their own decoder reads them", () => {
  test.each([
    "camt052.v2",
    "camt053.v2.minimal",
    "camt053.v2.with-account-name",
    "camt053.v3",
    "camt053.v4",
    "camt054.v2",
  ])("%s", (name) => {
    const read = readCamt(specText(`camt/${name}.xml`));
    if (!read.ok) throw new Error(read.error);
    const expected = expectedFile.parse(specJson(`camt/${name}.json`));
    const lines = read.value.statements.flatMap((statement) => statement.lines);
    expect(read.value.format).toBe(`camt.${name.slice(4, 7)}`);
    expect(lines).toHaveLength(expected.getEntries.length);
    for (const [n, entry] of expected.getEntries.entries()) {
      const line = lines[n];
      expect(line?.amount.minor).toBe(BigInt(entry.getAmount.getAmount));
      const code = entry.getAmount.getCurrency;
      if (typeof code !== "string") expect(line?.amount.currency).toBe(code.getCode);
      expect(line?.bookedOn).toBe(entry.getBookingDate?.[0].slice(0, 10));
      expect(line?.valueOn).toBe(entry.getValueDate?.[0].slice(0, 10));
      expect(line?.reversal).toBe(entry.getReversalIndicator ?? false);
      if (entry.getAccountServicerReference) {
        expect(line?.bankReference).toBe(entry.getAccountServicerReference);
      }
      for (const message of [...found(entry, "getMessage"), ...found(entry, "getRef")]) {
        expect(line?.texts).toContain(message.replace(/\s+/g, " ").trim());
      }
      for (const id of found(entry, "getEndToEndId")) expect(line?.endToEndId).toBe(id);
    }
  });

  test("an account is named by its IBAN or by the bank's own number", () => {
    const accounts = ["camt053.v4", "camt054.v2"].map((name) => {
      const read = readCamt(specText(`camt/${name}.xml`));
      return read.ok ? read.value.statements[0]?.account : undefined;
    });
    expect(accounts[1]).toBe("CH2801234000123456789");
    expect(accounts[0]).toMatch(/^[A-Z0-9]{10,}$/);
  });

  test("a message without a statement is refused", () => {
    const read = readCamt(specText("camt/camt053.v2.wrong.xml"));
    expect(read).toMatchObject({ ok: false, error: expect.stringContaining("Stmt") });
  });
});

const entry = (inner: string, amount = "100.00", side = "CRDT", status = "<Sts>BOOK</Sts>") =>
  `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${side}</CdtDbtInd>${status}
   <BookgDt><Dt>2026-03-02</Dt></BookgDt>${inner}</Ntry>`;
const camt = (entries: string, head = "") => `<?xml version="1.0" encoding="UTF-8"?>${head}
  <ns:Document xmlns:ns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><ns:BkToCstmrStmt>
  <GrpHdr><MsgId>M1</MsgId></GrpHdr><Stmt><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>${entries}</Stmt>
  </ns:BkToCstmrStmt></ns:Document>`;
const linesOf = (xml: string) => {
  const read = readCamt(xml);
  if (!read.ok) throw new Error(read.error);
  return read.value.statements.flatMap((statement) => statement.lines);
};
const detail = (amount: string, ref: string) =>
  `<TxDtls><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Pty><Nm>Ana &amp; Luis</Nm></Pty></Dbtr>
   <DbtrAcct><Id><IBAN>ES9121000418450200051332</IBAN></Id></DbtrAcct></RltdPties>
   <RmtInf><Strd><CdtrRefInf><Ref>${ref}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>`;

describe("camt, beyond the samples", () => {
  test("version 08: status in a code, names a level deeper, namespaced tags, entities of XML itself", () => {
    const [line] = linesOf(
      camt(
        entry(
          `<NtryDtls>${detail("100.00", "RF18539007547034")}</NtryDtls>`,
          "100.00",
          "CRDT",
          "<Sts><Cd>BOOK</Cd></Sts>",
        ),
      ),
    );
    expect(line?.counterparty).toEqual({ name: "Ana & Luis", account: "ES9121000418450200051332" });
    expect(line?.texts).toContain("RF18539007547034");
  });

  test("a batch whose payments add up is read payment by payment; one that does not, as one line with all its texts", () => {
    const batch = `<AcctSvcrRef>B7</AcctSvcrRef><NtryDtls>${detail("60.00", "REF A")}${detail("40.00", "REF B")}</NtryDtls>`;
    const lines = linesOf(camt(entry(batch)));
    expect(lines.map((line) => [decimalText(line.amount), line.texts[0], line.bankReference])).toEqual([
      ["60.00", "REF A", "B7/1"],
      ["40.00", "REF B", "B7/2"],
    ]);
    const [whole, ...none] = linesOf(camt(entry(batch.replace("40.00", "39.00"))));
    expect(none).toEqual([]);
    expect(whole?.amount.minor).toBe(10_000n);
    expect(whole?.texts).toEqual(expect.arrayContaining(["REF A", "REF B"]));
  });

  test("characters by their number are read; what is no character is a gap, and an entity of others stays as written", () => {
    const name = "Ana &#38; &#x4C;uis&#0;&#xD800;&nope;";
    const [line] = linesOf(
      camt(entry(`<NtryDtls>${detail("100.00", "REF A").replace("Ana &amp; Luis", name)}</NtryDtls>`)),
    );
    expect(line?.counterparty.name?.replace(/\s+/g, " ")).toBe("Ana & Luis &nope;");
  });

  test("what is pending is not yet money", () => {
    expect(linesOf(camt(entry("", "5.00", "CRDT", "<Sts>PDNG</Sts>") + entry("")))).toHaveLength(1);
  });

  test("a debit is negative, whoever it went to", () => {
    expect(linesOf(camt(entry("", "12.50", "DBIT")))[0]?.amount.minor).toBe(-1_250n);
  });

  test.each([
    ["an amount with more decimals than euros have", entry("", "1.005")],
    ["an amount with a grouping mark", entry("", "1,000.00")],
    ["a currency nobody has", entry("").replace("EUR", "EUX")],
    ["a day that is in no calendar", entry("").replace("2026-03-02", "2026-02-30")],
    ["neither credit nor debit", entry("", "1.00", "BOTH")],
  ])("refused whole: %s", (_, entries) => {
    expect(readCamt(camt(entry("") + entries)).ok).toBe(false);
  });

  test("a document type, and with it every entity bomb and outside file, is refused before it is read", () => {
    const bomb = `<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_, n) => `<!ENTITY a${n} "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">`).join("")}]>`;
    const started = performance.now();
    expect(readCamt(camt(entry(""), bomb))).toMatchObject({
      ok: false,
      error: expect.stringContaining("document type"),
    });
    expect(readCamt(camt(entry(""), '<!DOCTYPE x SYSTEM "file:///etc/passwd">')).ok).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });

  test.each([
    ["nothing", ""],
    ["cut in half", camt(entry("")).slice(0, -90)],
    ["another document", "<Document><CstmrCdtTrfInitn/></Document>"],
    ["a page", "<html><body>Session expired</body></html>"],
    ["nested without end", `${"<a>".repeat(50_000)}${"</a>".repeat(50_000)}`],
  ])("no statement: %s", (_, xml) => {
    expect(readCamt(xml).ok).toBe(false);
  });
});
