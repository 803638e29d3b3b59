import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bookedLines } from "../../adapters/mercadopago/booked-lines.ts";
import { readReleases } from "../../adapters/mercadopago/release-lines.ts";
import { reportRows } from "../../adapters/mercadopago/report-rows.ts";
import type { Books, Entry } from "../../adapters/mercadopago/sandbox/books.ts";
import { releaseText, settlementText } from "../../adapters/mercadopago/sandbox/report-texts.ts";
import { seconds } from "../../src/kernel/clock.ts";
import type { CurrencyCode } from "../../src/kernel/currency.ts";
import { money } from "../../src/kernel/money.ts";

const heading = "DATE,SOURCE_ID,RECORD_TYPE,DESCRIPTION,NET_CREDIT_AMOUNT,NET_DEBIT_AMOUNT";
const releases = (...rows: string[]) => readReleases(reportRows([heading, ...rows].join("\n")), "MXN");
const row = (type: string, description: string, credit: string, debit = "0.00", id = "1") =>
  `2026-09-05T10:00:00-06:00,${id},${type},${description},${credit},${debit}`;

describe("what a release report adds", () => {
  test.each([
    ["payout", "0.00", "100.00", "payout"],
    ["withdrawal", "0.00", "100.00", "payout"],
    ["payout", "100.00", "0.00", "payout_failed"],
    ["tax_payment_iibb", "0.00", "100.00", "fee"],
    ["fee-release_in_advance", "0.00", "100.00", "fee"],
    ["asset_management_gain", "100.00", "0.00", "adjustment"],
    ["a_word_of_tomorrow", "0.00", "100.00", "other"],
  ])("%s, %s in and %s out, is a %s", (description, credit, debit, kind) => {
    const minor = credit === "0.00" ? -10_000n : 10_000n;
    expect(releases(row("release", description, credit, debit))).toMatchObject({
      ok: true,
      value: { lines: [{ kind, rawType: `release.${description}`, net: money(minor, "MXN") }] },
    });
  });

  test.each([
    "payment",
    "refund",
    "chargeback",
    "dispute",
    "mediation",
    "reserve_for_payout",
    "reserve_for_x",
  ])("%s is told elsewhere, or only held", (description) => {
    expect(releases(row("release", description, "0.00", "100.00"))).toMatchObject({
      ok: true,
      value: { lines: [] },
    });
  });

  test("blocked money has not gone anywhere", () => {
    expect(releases(row("block", "dispute", "0", "80"), row("unblock", "dispute", "80"))).toMatchObject({
      ok: true,
      value: { lines: [] },
    });
  });

  test("a withdrawal's fee is what left beyond it", () => {
    const text = `${heading},GROSS_AMOUNT\n${row("release", "withdrawal", "0.00", "813363.45")},-813360.45`;
    expect(readReleases(reportRows(text), "ARS")).toMatchObject({
      ok: true,
      value: { lines: [{ gross: money(-81_336_045n, "ARS"), fee: { amount: money(300n, "ARS") } }] },
    });
  });
});

describe("a release report is read whole or not at all", () => {
  const body = [
    row("initial_available_balance", "", "10.00"),
    row("release", "payment", "100.00"),
    row("block", "dispute", "0.00", "30.00"),
    row("unblock", "dispute", "20.00"),
  ];
  const total = (amount: string) => `,,total,,${amount},0.00`;

  test.each([
    ["the total is all that moved", "90.00"],
    ["or what is at hand in the end", "100.00"],
  ])("%s", (_name, amount) => {
    const subtotals = [
      row("subtotal", "release", "110.00"),
      row("subtotal", "block", "0.00", "30.00"),
      row("subtotal", "unblock", "20.00"),
    ];
    expect(releases(...body, ...subtotals, total(amount)).ok).toBe(true);
  });

  test.each([
    ["a total that is neither", total("100.01"), "total"],
    ["a subtotal of releases", row("subtotal", "release", "100.01"), "subtotal of release"],
    [
      "a subtotal of blocks with what was there before",
      row("subtotal", "block", "0", "20"),
      "subtotal of block",
    ],
    ["a subtotal of nothing known", row("subtotal", "gifts", "1"), "subtotal of gifts"],
  ])("%s", (_name, said, place) => {
    expect(releases(...body, said)).toEqual({ ok: false, error: { reason: "sums_differ", place } });
  });

  test.each([
    ["a kind of row nobody knows", row("gift", "payment", "1.00"), "RECORD_TYPE"],
    ["an amount of words", row("release", "payment", "much"), "NET_CREDIT_AMOUNT"],
    ["an amount that cannot be told", row("release", "payout", "0.00", "1.234"), "NET_DEBIT_AMOUNT"],
    ["no date", row("release", "payout", "0.00", "1.00").replace(/^[^,]+/, ""), "DATE"],
  ])("%s is refused by its row and column", (_name, broken, column) => {
    const error = { reason: "unreadable", place: `row 5 of the release report at ${column}` };
    expect(releases(...body, broken)).toEqual({ ok: false, error });
  });

  test.each(["RECORD_TYPE", "DESCRIPTION", "NET_CREDIT_AMOUNT", "NET_DEBIT_AMOUNT", "DATE"])(
    "an account that left %s out of its columns is told so",
    (column) => {
      const text = [heading.replace(column, "TAXES_AMOUNT"), row("release", "payout", "0.00", "1.00")].join(
        "\n",
      );
      expect(readReleases(reportRows(text), "MXN")).toMatchObject({
        ok: false,
        error: { place: `row 1 of the release report at ${column}` },
      });
    },
  );
});

const start = new Date("2026-09-05T00:00:00Z");
const inSeconds = (n: number) => new Date(start.getTime() + seconds(n));
const span = { from: start, to: inSeconds(3600) };
const entry = (
  word: string,
  source: string,
  net: bigint,
  at = start,
  currency: CurrencyCode = "MXN",
): Entry => ({
  at,
  source,
  reference: 'att "1"; a',
  word,
  gross: money(net, currency),
  net: money(net, currency),
});
const linesOf = (books: Books, currency: CurrencyCode = "MXN") => {
  const read = bookedLines(
    {
      balance: reportRows(settlementText(books, span)),
      release: reportRows(releaseText(books, span, currency)),
    },
    currency,
  );
  if (!read.ok) throw new Error(read.error.place);
  return read.value;
};
const told = (books: Books) =>
  linesOf(books).map(({ kind, sourceId, net }) => `${kind} ${sourceId} ${net.minor}`);

describe("both reports as one list", () => {
  test("a payment is booked once, and available when it was released", () => {
    const released = inSeconds(300);
    const lines = linesOf({
      balance: [entry("SETTLEMENT", "1", 500n)],
      release: [entry("payment", "1", 500n, released)],
    });
    expect(lines).toMatchObject([
      { kind: "capture", sourceId: "1", availableOn: released, occurredAt: start },
    ]);
  });

  test.each([["WITHDRAWAL"], ["PAYOUT"], ["PAYOUTS"], [undefined]])(
    "a payout is one line, whether the other report tells of it (%s) or not",
    (word) => {
      const balance = word === undefined ? [] : [entry(word, "W1", -500n)];
      const back = word === undefined ? [] : [entry("WITHDRAWAL_CANCEL", "W1", 500n, inSeconds(9))];
      expect(
        told({
          balance: [...balance, ...back],
          release: [entry("payout", "W1", -500n), entry("payout", "W1", 500n, inSeconds(9))],
        }),
      ).toEqual(["payout W1 -500", "payout_failed W1 500"]);
    },
  );

  test("a payout under a word of tomorrow is not lost between the two", () => {
    expect(
      told({ balance: [entry("WITHDRAWAL", "W1", -500n)], release: [entry("bank_run", "W1", -500n)] }),
    ).toEqual(["other W1 -500"]);
  });

  test("a tax charged by itself is told once, whichever report has it", () => {
    const tax = [entry("tax_credit_debit", "T1", -7n)];
    expect(told({ balance: [], release: tax })).toEqual(["fee T1 -7"]);
    expect(told({ balance: [entry("TAX", "T1", -7n)], release: tax })).toEqual(["fee T1 -7"]);
    expect(told({ balance: [entry("SETTLEMENT", "T1", 500n)], release: tax })).toEqual([
      "capture T1 500",
      "fee T1 -7",
    ]);
  });

  test("two rows that are alike in everything are two lines", () => {
    const twice = [entry("tax_credit_debit", "", -7n), entry("tax_credit_debit", "", -7n)];
    expect(new Set(linesOf({ balance: [], release: twice }).map((line) => line.gatewayLineId)).size).toBe(2);
  });
});

/** What can happen in an account: its rows in the one report and the other, and which way the money goes. */
const reserved: readonly Rows[] = [
  [undefined, "reserve_for_payout", -1n],
  [undefined, "reserve_for_payout", 1n],
];
type Rows = readonly [balance: string | undefined, release: string, sign: bigint];
const happenings: Readonly<Record<string, readonly Rows[]>> = {
  payment: [["SETTLEMENT", "payment", 1n]],
  refund: [["REFUND", "refund", -1n]],
  chargeback: [["CHARGEBACK", "chargeback", -1n]],
  tax: [[undefined, "tax_payment_iibb", -1n]],
  payout: [...reserved, ["WITHDRAWAL", "payout", -1n]],
  "payout of an account that leaves withdrawals out": [...reserved, [undefined, "payout", -1n]],
  "failed payout": [...reserved, ["WITHDRAWAL", "payout", -1n], ["WITHDRAWAL_CANCEL", "payout", 1n]],
};
const happening = fc.record({
  what: fc.constantFrom(...Object.keys(happenings)),
  minor: fc.bigInt(1n, 99_999_999n),
  at: fc.nat(3599),
  /** Payments are released within two hours, of which the reports cover one. */
  released: fc.nat(7200),
});
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

const rowsOf = ({ what }: Happening): readonly Rows[] => happenings[what] ?? [];

function booksFor(all: readonly Happening[], currency: CurrencyCode): Books {
  const rows = all.flatMap((one, i) =>
    rowsOf(one).map(([balance, release, sign]) => {
      const row = (word: string, at: number) =>
        entry(word, String(i), sign * one.minor, inSeconds(at), currency);
      return {
        balance: balance === undefined ? [] : [row(balance, one.at)],
        release: [row(release, release === "payment" ? one.at + one.released : one.at)],
      };
    }),
  );
  const byTime = (a: Entry, b: Entry) => a.at.getTime() - b.at.getTime();
  return {
    balance: rows.flatMap(({ balance }) => balance).sort(byTime),
    release: rows.flatMap(({ release }) => release).sort(byTime),
  };
}

describe("random books", () => {
  test("every cent is booked, and nothing twice", () => {
    fc.assert(
      fc.property(
        fc.array(happening, { maxLength: 12 }),
        fc.constantFrom("MXN", "CLP", "COP"),
        (all, currency) => {
          const lines = linesOf(booksFor(all, currency), currency);
          const moved = all.flatMap((one) => rowsOf(one).map(([, , sign]) => sign * one.minor));
          expect(lines.reduce((total, { net }) => total + net.minor, 0n)).toBe(
            moved.reduce((total, minor) => total + minor, 0n),
          );
          const expected = all.flatMap(({ what }, i) =>
            (what === "failed payout" ? [i, i] : [i]).map(String),
          );
          expect(lines.map(({ sourceId }) => sourceId ?? "").sort()).toEqual(expected.sort());
        },
      ),
    );
  });

  test("a release report that lost a row is refused", () => {
    fc.assert(
      fc.property(fc.array(happening, { minLength: 1, maxLength: 8 }), fc.nat(), (all, which) => {
        const rows = reportRows(releaseText(booksFor(all, "MXN"), span, "MXN"));
        const movements = rows.filter((each) => each.RECORD_TYPE === "release");
        fc.pre(movements.length > 0);
        const lost = movements[which % movements.length];
        const kept = rows.filter((each) => each !== lost);
        expect(readReleases(kept, "MXN")).toMatchObject({ ok: false, error: { reason: "sums_differ" } });
      }),
    );
  });
});
