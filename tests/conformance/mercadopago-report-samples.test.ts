import { describe, expect, test } from "vitest";
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
        "other -5000000 ARS 9001",
        "capture 395000 ARS 3007",
        "capture -80000 ARS 3008",
      ],
    ],
  ])("%s", (file, currency, expected) => {
    expect(read(file, currency)).toEqual(expected);
  });
});
