import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accountOf } from "../../adapters/mercadopago/account.ts";
import { lineOf, reportAmount } from "../../adapters/mercadopago/report-lines.ts";
import { mercadoPagoSettlements } from "../../adapters/mercadopago/settlement.ts";
import type { SettlementLine } from "../../src/gateway/settlement.ts";
import { decimalText, money } from "../../src/kernel/money.ts";
import { specsAbsent } from "../support/specs.ts";
import { mercadoPagoJudge } from "./mercadopago-specs.ts";
import { world } from "./mercadopago-world.ts";
import { answers, type HttpAnswer, type Recorded, recording } from "./recording-transport.ts";

const row = (fields: Record<string, string> = {}): Record<string, string> => ({
  SOURCE_ID: "900001",
  TRANSACTION_TYPE: "SETTLEMENT",
  TRANSACTION_DATE: "2026-09-05T10:12:00.000-03:00",
  TRANSACTION_AMOUNT: "148000.00",
  FEE_AMOUNT: "-10360.00",
  SETTLEMENT_NET_AMOUNT: "137640.00",
  SETTLEMENT_CURRENCY: "ARS",
  ...fields,
});

describe("a row of the report", () => {
  test("gross, what was kept, net", () => {
    expect(lineOf(row(), "ARS")).toMatchObject({
      ok: true,
      value: {
        kind: "capture",
        gross: money(14_800_000n, "ARS"),
        fee: { amount: money(1_036_000n, "ARS") },
        net: money(13_764_000n, "ARS"),
        sourceId: "900001",
      },
    });
  });

  test.each([
    ["SETTLEMENT", "capture"],
    ["REFUND", "refund"],
    ["CHARGEBACK", "dispute"],
    ["DISPUTE", "dispute"],
    ["WITHDRAWAL", "payout"],
    ["CASHBACK", "adjustment"],
    ["SETTLEMENT_SHIPPING", "other"],
  ])("%s is %s", (type, kind) => {
    expect(lineOf(row({ TRANSACTION_TYPE: type }), "ARS")).toMatchObject({ ok: true, value: { kind } });
  });

  test.each([
    ["no date", { TRANSACTION_DATE: "" }, "TRANSACTION_DATE"],
    ["no type", { TRANSACTION_TYPE: "" }, "TRANSACTION_TYPE"],
    ["an amount of words", { SETTLEMENT_NET_AMOUNT: "much" }, "SETTLEMENT_NET_AMOUNT"],
    ["another currency", { SETTLEMENT_CURRENCY: "USD" }, "SETTLEMENT_CURRENCY"],
  ])("%s is refused by its column", (_name, fields, column) => {
    expect(lineOf(row(fields), "ARS")).toEqual({ ok: false, error: column });
  });
});

describe("amounts as reports write them", () => {
  test.each([
    ["1234,50", "ARS", 123_450n],
    ["1234.50", "ARS", 123_450n],
    ["1.234,50", "ARS", 123_450n],
    ["1,234.50", "MXN", 123_450n],
    ["-50,00", "BRL", -5_000n],
    ["9.700", "CLP", 9_700n],
    ["14.550", "CLP", 14_550n],
    ["1.234.567", "CLP", 1_234_567n],
    ["0", "CLP", 0n],
  ] as const)("%s %s", (text, currency, minor) => {
    expect(reportAmount(text, currency)).toEqual(money(minor, currency));
  });

  test.each([
    ["1.234", "ARS"],
    ["1,2,3", "ARS"],
    ["12.34.56", "MXN"],
    ["", "MXN"],
  ] as const)("%j %s cannot be told and is not guessed at", (text, currency) => {
    expect(reportAmount(text, currency)).toBeUndefined();
  });

  test("either mark before two decimals is read back exactly", () => {
    fc.assert(
      fc.property(fc.bigInt(-99_999_999_999n, 99_999_999_999n), fc.constantFrom(".", ","), (minor, mark) => {
        const amount = money(minor, "MXN");
        expect(reportAmount(decimalText(amount).replace(".", mark), "MXN")).toEqual(amount);
      }),
    );
  });
});

describe("reports of the gateway's", () => {
  const { account, call } = world();
  const { credentials } = account("ar");
  const window = { from: new Date("2026-09-05T00:00:00Z"), to: new Date("2026-09-06T00:00:00Z") };
  const report = {
    file_name: "a.csv",
    begin_date: "2026-09-01T00:00:00Z",
    end_date: "2026-09-30T00:00:00Z",
    status: "available",
  };
  const rows = [
    row({ TRANSACTION_DATE: "2026-09-05T20:00:00Z", SOURCE_ID: "2" }),
    row({ TRANSACTION_DATE: "2026-09-05T10:00:00Z", SOURCE_ID: "1" }),
    row({ TRANSACTION_DATE: "2026-09-06T00:00:00Z", SOURCE_ID: "3" }),
  ];

  const linesOf = async (answer: (request: Recorded) => HttpAnswer) => {
    const { transport, requests } = recording(answer);
    // How a CSV is read is the reader's affair: here the file is JSON.
    const settlements = mercadoPagoSettlements(accountOf(credentials, transport), (text) => JSON.parse(text));
    const lines: SettlementLine[] = [];
    const failed = await (async () => {
      for await (const line of settlements.lines(window, call())) lines.push(line);
    })().catch((error: unknown) => String(error));
    return { lines, failed, requests };
  };

  test("only what lies in the window, oldest first", async () => {
    const { lines, failed } = await linesOf(({ url }) =>
      url.pathname.endsWith("/list")
        ? answers(200, { results: [report] })
        : answers(200, JSON.stringify(rows)),
    );
    expect(failed).toBeUndefined();
    expect(lines.map((line) => line.sourceId)).toEqual(["1", "2"]);
  });

  test("where none covers the window one is ordered, and the window is to be repeated", async () => {
    const { lines, failed, requests } = await linesOf(({ method }) =>
      method === "POST"
        ? answers(202, { id: "task" })
        : answers(200, [{ ...report, end_date: "2026-09-05T12:00:00Z" }]),
    );
    expect(lines).toEqual([]);
    expect(failed).toContain("ordered");
    expect(requests.map(({ method }) => method)).toEqual(["GET", "POST"]);
    const judge = specsAbsent ? undefined : mercadoPagoJudge();
    for (const request of requests) expect(judge?.request(request).faults ?? []).toEqual([]);
  });

  test("a broken row is named by place and column, never by what stands in it", async () => {
    const { failed } = await linesOf(({ url }) =>
      url.pathname.endsWith("/list")
        ? answers(200, [report])
        : answers(200, JSON.stringify([row(), row({ SETTLEMENT_NET_AMOUNT: "secret" })])),
    );
    expect(failed).toContain("row 2");
    expect(failed).toContain("SETTLEMENT_NET_AMOUNT");
    expect(failed).not.toContain("secret");
  });
});
