import { describe, expect, test } from "vitest";
import { readReleases } from "../../adapters/mercadopago/release-lines.ts";
import { lineOf } from "../../adapters/mercadopago/report-lines.ts";
import { reportRows } from "../../adapters/mercadopago/report-rows.ts";
import type { CurrencyCode } from "../../src/kernel/currency.ts";
import { specsAbsent, specText } from "../support/specs.ts";

const read = (file: string, currency: CurrencyCode) =>
  reportRows(specText(`mercadopago/reports/${file}`)).map((row) => {
    const line = lineOf(row, currency);
    return line.ok
      ? `${line.value.kind} ${line.value.net.minor} ${line.value.net.currency} ${line.value.sourceId}`
      : `unreadable ${line.error}`;
  });

describe.skipIf(specsAbsent)("settlement reports as accounts have written them", () => {
  test.each<readonly [string, CurrencyCode, readonly string[]]>([
    [
      "settlement-bom-quoted.csv",
      "BRL",
      ["capture 15050 BRL TX_SETTLE_201", "payout -5000 BRL TX_SETTLE_202"],
    ],
    // Its last row has no date: refused by name, never guessed.
    [
      "settlement-comma-separated.csv",
      "ARS",
      [
        "capture 13764000 ARS 900001",
        "capture 6882000 ARS 900002",
        "capture 1860000 ARS 900003",
        "unreadable TRANSACTION_DATE",
      ],
    ],
    ["settlement-decimal-comma.csv", "BRL", ["capture 120000 BRL 1", "capture 9900 BRL 2"]],
    [
      "settlement-sample-1.csv",
      "ARS",
      [
        "capture 1180000 ARS 3001",
        "capture 295000 ARS 3002",
        "capture 695800 ARS 3003",
        "capture 198800 ARS 3005",
        "refund -1180000 ARS 3001",
        "refund -50000 ARS 3006",
        "payout -5000000 ARS 9001",
        "capture 395000 ARS 3007",
        "capture -80000 ARS 3008",
      ],
    ],
  ])("%s", (file, currency, expected) => {
    expect(read(file, currency)).toEqual(expected);
  });
});

describe.skipIf(specsAbsent)("release reports as accounts have written them", () => {
  test.each<readonly [string, CurrencyCode, readonly string[], readonly string[]]>([
    // No id, no offset, and the balance after each row.
    ["release-sample-1.csv", "ARS", ["payout -20101600 ARS undefined 2026-10-03T15:13:00.000Z"], []],
    // Thousands with a point, no decimals, no balance and no total.
    [
      "release-sample-2-clp.csv",
      "CLP",
      ["payout -14550 CLP W1 2026-09-21T12:00:00.000Z", "payout -6000 CLP W2 2026-09-22T12:00:00.000Z"],
      [
        "111 since 2026-09-20T15:00:00.000Z",
        "888 since 2026-09-20T16:00:00.000Z",
        "222 since 2026-09-21T15:00:00.000Z",
      ],
    ],
  ])("%s", (file, currency, lines, available) => {
    const read = readReleases(reportRows(specText(`mercadopago/reports/${file}`)), currency);
    if (!read.ok) throw new Error(read.error.place);
    const { lines: told, availableSince } = read.value;
    expect(
      told.map(
        ({ kind, net, sourceId, occurredAt }) =>
          `${kind} ${net.minor} ${net.currency} ${sourceId} ${occurredAt.toISOString()}`,
      ),
    ).toEqual(lines);
    expect([...availableSince].map(([id, at]) => `${id} since ${at.toISOString()}`)).toEqual(available);
  });

  test("one whose rows were cut or changed is refused whole", () => {
    const rows = reportRows(specText("mercadopago/reports/release-sample-1.csv"));
    const changed = rows.map((row) => ({
      ...row,
      NET_DEBIT_AMOUNT: row.NET_DEBIT_AMOUNT?.replace("6.00", "6.01") ?? "",
    }));
    const refused = { ok: false, error: { reason: "sums_differ", place: "BALANCE_AMOUNT" } };
    expect(readReleases(changed, "ARS")).toEqual(refused);
    expect(readReleases(rows.slice(1), "ARS")).toEqual(refused);
  });
});
