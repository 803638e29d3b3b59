import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { faultsOf } from "../../adapters/ach-file/check-file.ts";
import { readAchFile } from "../../adapters/ach-file/read-file.ts";
import { readAchReturns } from "../../adapters/ach-file/read-returns.ts";
import { isReturnCode, knownReturnCodes } from "../../adapters/ach-file/return-codes.ts";
import { err } from "../../src/kernel/result.ts";
import { specFolder, specsAbsent, specText } from "../support/specs.ts";
import { built, debit, dollars, returnsFile } from "./ach-file-under-test.ts";

/** The published files that are not sound, and why; all others are. */
const unsound: Readonly<Record<string, string>> = {
  "20110805A.ach": "batches: 5 said, 4 held",
  "adv-invalidBatchEntries.ach": "record 3: an addendum without its entry",
  "adv-invalidFileControl.ach": "entries: 0 said, 2 held",
  "adv-noFileControl.ach": "the file has no control record: it was cut off",
  "iat-batchHeaderErr.ach": "record 4: a batch begins inside another",
  "iat-invalidBatchControl.ach": "batch 1: two numbers",
  "nonascii.ach": "blocks: 1 said, 2 held",
  "ppd-debit-fixedLengthInvalid.ach": 'record 2: no record begins with " "',
  "return-no-batch-header.ach": "record 1: a file begins with its header",
  "shr-credit.ach": "batches: 665 said, 1 held",
  "txp-debit.ach": "blocks: 2 said, 1 held",
};

const firstFault = (text: string): string | undefined => {
  const read = readAchFile(text);
  return read.ok ? faultsOf(read.value)[0] : read.error;
};

describe.skipIf(specsAbsent)("the published files", () => {
  const published = specsAbsent
    ? []
    : readdirSync(join(specFolder, "nacha", "test"), { recursive: true, encoding: "utf8" })
        .filter((path) => path.endsWith(".ach"))
        .map((path) => ({ name: path.split("/").at(-1) ?? path, text: specText(`nacha/test/${path}`) }));

  test("get the verdict the structure deserves: 46 of 57 sound, the others each for its reason", () => {
    const verdicts = published.map(({ name, text }) => ({ name, fault: firstFault(text) }));
    const faulty = verdicts.filter(({ fault }) => fault !== undefined);
    process.stdout.write(
      `ACH files: ${verdicts.length} read, ${verdicts.length - faulty.length} sound\n${faulty.map(({ name, fault }) => `  ${name}: ${fault}`).join("\n")}\n`,
    );
    expect(Object.fromEntries(faulty.map(({ name, fault }) => [name, fault]))).toEqual(unsound);
    expect(verdicts.length).toBeGreaterThanOrEqual(57);
    expect(verdicts.length - faulty.length).toBeGreaterThanOrEqual(46);
  });

  test("read the same without newlines, with other newlines, and without the filling of nines", () => {
    for (const { name, text } of published) {
      if (name in unsound) continue;
      const lines = text
        .split(/\r?\n/)
        .map((line) => line.trimEnd())
        .filter((line) => line !== "");
      const records = lines.filter((line) => !/^9{55,}$/.test(line));
      const whole = records.map((line) => line.padEnd(94));
      for (const form of [whole.join(""), whole.join("\r\n"), whole.join("\r"), records.join("\n")]) {
        expect(firstFault(form), name).toBeUndefined();
      }
    }
  });

  test("never make the reader throw, whole, cut anywhere or shaken", () => {
    for (const { text } of published) {
      for (const length of [0, 1, 93, 94, 95, 300, Math.floor(text.length / 2)]) {
        readAchReturns(text.slice(0, length));
      }
      readAchReturns([...text].reverse().join(""));
    }
  });
});

describe("returns", () => {
  const orders = [debit(), debit({ amount: dollars(5_000n) }), debit({ amount: dollars(700n) })] as const;
  const trace = (n: number) => `02100002${String(n).padStart(7, "0")}`;

  test("name the gift by our reference, with the reason, the amount and the day", () => {
    const read = readAchReturns(
      returnsFile([
        { order: orders[0], code: "R01", trace: trace(1) },
        { order: orders[1], code: "R10", trace: trace(2) },
      ]),
    );
    expect(read).toEqual({
      ok: true,
      value: {
        returns: [
          {
            reference: orders[0].reference,
            returnId: "021000020000001-110000000000001",
            amount: dollars(12_550n),
            decline: { reason: "insufficient_funds", retry: "later", rawCode: "R01" },
            unauthorized: false,
            returnedOn: "2026-11-25",
          },
          {
            reference: orders[1].reference,
            returnId: "021000020000002-110000000000002",
            amount: dollars(5_000n),
            decline: { reason: "mandate_invalid", retry: "never", rawCode: "R10" },
            unauthorized: true,
            returnedOn: "2026-11-25",
          },
        ],
        corrections: [],
        others: 0,
      },
    });
  });

  test("are told from notices of change, from the banks' own disputes and from plain entries", () => {
    const read = readAchReturns(
      returnsFile([
        { order: orders[0], code: "C01", trace: trace(1) },
        { order: orders[1], code: "R61", trace: trace(2) },
        { order: orders[2], code: "R03", trace: trace(3) },
      ]),
    );
    if (!read.ok) throw new Error(read.error);
    expect(read.value.corrections).toEqual([
      { reference: orders[0].reference, code: "C01", corrected: "000999888777" },
    ]);
    expect(read.value.returns.map(({ decline }) => decline.rawCode)).toEqual(["R03"]);
    expect(read.value.others).toBe(1);
    const ours = readAchReturns(built(orders).text);
    expect(ours).toEqual({ ok: true, value: { returns: [], corrections: [], others: 3 } });
  });

  test("have a reason for every code of the rules, and a generic one for a code nobody has told us", () => {
    for (const code of [...knownReturnCodes, "R59"]) {
      expect(isReturnCode(code)).toBe(true);
      const read = readAchReturns(returnsFile([{ order: orders[0], code, trace: trace(1) }]));
      expect(read.ok && read.value.returns[0]?.decline.rawCode).toBe(code);
    }
    const unknown = readAchReturns(returnsFile([{ order: orders[0], code: "R59", trace: trace(1) }]));
    expect(unknown.ok && unknown.value.returns[0]?.decline.reason).toBe("declined_generic");
  });

  test("of a file that was cut, altered or is none are refused whole", () => {
    const whole = returnsFile([{ order: orders[0], code: "R01", trace: trace(1) }]);
    const lines = whole.split("\n");
    expect(readAchReturns(lines.slice(0, -1).join("\n"))).toEqual(
      err("the file has no control record: it was cut off"),
    );
    expect(readAchReturns(lines.filter((line) => !line.startsWith("8")).join("\n"))).toEqual(
      err("record 5: the file ends inside a batch"),
    );
    expect(readAchReturns(whole.replace("0000012550", "0000012551"))).toEqual(
      err("batch 1 debits: 12550 said, 12551 held"),
    );
    expect(readAchReturns(whole.replace(`${trace(1)}      1`, `${trace(1)}         1`))).toEqual(
      err("record 4: wider than 94 columns"),
    );
    expect(readAchReturns(whole.replace("261125", "269925"))).toEqual(
      err("record 1: no date the file was made on"),
    );
    for (const nonsense of ["", "\n\n", "hello", "<xml/>", "9".repeat(940), "1".repeat(94)]) {
      expect(readAchReturns(nonsense).ok).toBe(false);
    }
  });

  test("never make the reader throw, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("1", "5", "6", "7", "8", "9", "x"), { maxLength: 12 }),
        fc.string({ unit: "binary", maxLength: 120 }),
        (kinds, rest) => {
          readAchReturns(kinds.map((kind) => kind + rest).join("\n"));
        },
      ),
    );
  });
});
