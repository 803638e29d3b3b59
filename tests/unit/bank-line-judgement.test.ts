import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { referencesIn } from "../../src/bank-statements/find-references.ts";
import { fingerprints } from "../../src/bank-statements/fingerprint.ts";
import { type Candidate, judgeLine } from "../../src/bank-statements/judge-line.ts";
import { namesAnother } from "../../src/bank-statements/same-account.ts";
import type { ParsedLine } from "../../src/bank-statements/statement-file.ts";
import { referenceFor } from "../../src/gateway/transfer-reference.ts";
import { attemptStates } from "../../src/giving/attempt-state.ts";
import { newId, toId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";

const pesos = (minor: bigint) => money(minor, "MXN");
const line = (more: Partial<ParsedLine> = {}): ParsedLine => ({
  bookedOn: "2026-11-20",
  valueOn: undefined,
  amount: pesos(50_000n),
  reversal: false,
  bankReference: undefined,
  endToEndId: undefined,
  texts: [],
  counterparty: { name: undefined, account: undefined },
  ...more,
});
const candidate = (more: Partial<Candidate> = {}): Candidate => ({
  attemptId: newId("attempt"),
  state: "action_required",
  amount: pesos(50_000n),
  captured: pesos(0n),
  createdAt: new Date("2026-11-19T10:00:00Z"),
  seenAtBank: false,
  ...more,
});
const paid = (more: Partial<Candidate> = {}) =>
  candidate({ state: "captured", captured: pesos(50_000n), seenAtBank: true, ...more });

describe("what a line is", () => {
  test.each(attemptStates.filter((state) => state !== "captured" && state !== "conflicted"))(
    "money for an attempt that is %s pays it",
    (state) => {
      const one = candidate({ state });
      expect(judgeLine(line(), [one])).toEqual({ kind: "pays", attemptId: one.attemptId });
    },
  );

  test.each([
    ["nothing quoted", line(), [], "unmatched"],
    ["leaving the account", line({ amount: pesos(-50_000n) }), [candidate()], "outgoing"],
    ["taken back by the bank", line({ reversal: true }), [candidate()], "unmatched"],
    ["another amount", line({ amount: pesos(1n) }), [candidate()], "pays"],
    ["two of the amount", line(), [candidate(), candidate()], "unmatched"],
    ["two of other amounts", line({ amount: pesos(1n) }), [candidate(), candidate()], "unmatched"],
    ["one of the amount, one not", line(), [candidate({ amount: pesos(1n) }), candidate()], "pays"],
    ["paid before", line(), [paid()], "duplicate"],
    ["two paid before", line(), [paid(), paid()], "unmatched"],
    ["confirmed by hand", line(), [paid({ seenAtBank: false })], "proves"],
    [
      "confirmed by hand as another amount",
      line({ amount: pesos(1n) }),
      [paid({ seenAtBank: false })],
      "duplicate",
    ],
    ["waiting, beside one paid with the same reference", line(), [paid(), candidate()], "pays"],
    ["in conflict", line(), [candidate({ state: "conflicted" })], "adds_to_conflict"],
    ["older than the gift", line({ bookedOn: "2026-11-10" }), [candidate()], "unmatched"],
    ["of the day before, as banks abroad count", line({ bookedOn: "2026-11-18" }), [candidate()], "pays"],
  ] as const)("%s", (_, given, quoted, kind) => {
    expect(judgeLine(given, quoted).kind).toBe(kind);
  });
});

describe("references in a line", () => {
  const attempts = fc.uuid().map((uuid) => toId("attempt", uuid));
  const noise = fc.stringMatching(/^[a-zñ .,:;/()-]{0,20}$/);
  const spaced = (text: string) => text.replace(/(.{4})/g, "$1 ");

  test.each(["creditor", "short", "numeric"] as const)("a %s one is found in any company", (form) => {
    fc.assert(
      fc.property(attempts, noise, noise, fc.boolean(), (attempt, before, after, apart) => {
        const reference = referenceFor(attempt, form);
        const written = apart && form !== "numeric" ? spaced(reference.toLowerCase()) : reference;
        expect(referencesIn({ texts: [`${before} ${written} ${after}`], endToEndId: undefined })).toContain(
          reference,
        );
      }),
    );
  });

  test("seven digits are found in groups and never inside a longer number", () => {
    const reference = referenceFor(newId("attempt"), "numeric");
    // Letters and digits around it may by chance make one of the longer references, which is not what this is about.
    const found = (text: string) =>
      referencesIn({ texts: [text], endToEndId: undefined }).filter((one) => /^\d{7}$/.test(one));
    expect(found(`${reference.slice(0, 3)} ${reference.slice(3)}`)).toEqual([reference]);
    expect(found(`${reference.slice(0, 3)}-${reference.slice(3)}`)).toEqual([reference]);
    expect(found(`REF${reference}GRACIAS`)).toEqual([reference]);
    for (const text of [`1${reference}`, `${reference}1`, `00${reference}00`])
      expect(found(text)).toEqual([]);
  });

  test("the end-to-end id is looked through too", () => {
    const reference = referenceFor(newId("attempt"), "creditor");
    expect(referencesIn({ texts: [], endToEndId: reference })).toContain(reference);
  });

  test("a text without end costs little", () => {
    const started = performance.now();
    referencesIn({ texts: Array.from({ length: 50 }, () => "RF22".repeat(10_000)), endToEndId: undefined });
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe("fingerprints", () => {
  const hex = (lines: readonly ParsedLine[]) =>
    fingerprints(lines).map((mark) => Buffer.from(mark).toString("hex"));

  test("are the same whatever else is in the file, and for another spelling of the same movement", () => {
    const one = line({ bankReference: "MB-01 00", texts: ["ofrenda"] });
    const same = line({ bankReference: "mb0100", texts: ["OFRENDA, otro texto"], valueOn: "2026-11-21" });
    expect(hex([line({ texts: ["x"] }), one])[1]).toBe(hex([same])[0]);
  });

  test("tell apart another day, amount, currency, text, and twins", () => {
    const lines = [
      line({ texts: ["a"] }),
      line({ texts: ["a"] }),
      line({ texts: ["b"] }),
      line({ texts: ["a"], bookedOn: "2026-11-21" }),
      line({ texts: ["a"], amount: pesos(1n) }),
      line({ texts: ["a"], amount: money(50_000n, "USD") }),
    ];
    expect(new Set(hex(lines)).size).toBe(lines.length);
  });
});

test.each([
  ["032180000118359719", false],
  ["00011835971", false],
  ["0321800-00118359719", false],
  ["646180157000000004", true],
  ["DE89370400440532013000", true],
  [undefined, false],
  ["123", false],
] as const)("a file that calls its account %s is of another: %s", (named, another) => {
  expect(
    namesAnother({ kind: "clabe", number: "032 180 00011835971 9", bank: "B", bic: "BNMXMXMM" }, named),
  ).toBe(another);
});

test("where the account is known by a phone nothing can be said", () => {
  expect(namesAnother({ kind: "phone", number: "+506 8888 1234" }, "CR05015202001026284066")).toBe(false);
});
