import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accountOf } from "../../adapters/mercadopago/account.ts";
import { lineOf, reportAmount, reportInstant } from "../../adapters/mercadopago/report-lines.ts";
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

test.each([
  ["2026-10-03T11:13:00", "2026-10-03T15:13:00.000Z"],
  ["2026-10-03T11:13:00.000-03:00", "2026-10-03T14:13:00.000Z"],
  ["2026-10-03T11:13:00-0400", "2026-10-03T15:13:00.000Z"],
  ["2026-10-03T11:13:00Z", "2026-10-03T11:13:00.000Z"],
  ["soon", undefined],
  [undefined, undefined],
])("%s is %s, in the reports' own zone where it says none", (text, at) => {
  expect(reportInstant(text)?.toISOString()).toBe(at);
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

  /** What the gateway answers under each path: both reports are there, and the release report is empty. */
  const usually = (
    balance: unknown,
    over: (request: Recorded) => HttpAnswer | undefined = () => undefined,
  ) => {
    return (request: Recorded): HttpAnswer => {
      const { pathname } = request.url;
      const own = over(request);
      if (own) return own;
      if (pathname.endsWith("/list")) return answers(200, [report]);
      if (pathname.endsWith("/config"))
        return answers(404, { message: "none", error: "not_found", status: 404 });
      return answers(200, JSON.stringify(pathname.includes("release_report") ? [] : balance));
    };
  };

  const linesOf = async (answer: (request: Recorded) => HttpAnswer, over = window) => {
    const { transport, requests } = recording(answer);
    // How a CSV is read is the reader's affair: here the file is JSON.
    const settlements = mercadoPagoSettlements(accountOf(credentials, transport), (text) => JSON.parse(text));
    const lines: SettlementLine[] = [];
    const failed = await (async () => {
      for await (const line of settlements.lines(over, call())) lines.push(line);
    })().catch((error: unknown) => error);
    return { lines, failed, requests };
  };

  test("only what lies in the window, oldest first", async () => {
    const { lines, failed } = await linesOf(
      usually(rows, ({ url }) =>
        url.pathname.endsWith("/list") ? answers(200, { results: [report] }) : undefined,
      ),
    );
    expect(failed).toBeUndefined();
    expect(lines.map((line) => line.sourceId)).toEqual(["1", "2"]);
  });

  test("where none covers the window one of each is ordered, and the window is to be repeated", async () => {
    const { lines, failed, requests } = await linesOf(({ method }) =>
      method === "POST"
        ? answers(202, { id: "task" })
        : answers(200, [{ ...report, end_date: "2026-09-05T12:00:00Z" }]),
    );
    expect(lines).toEqual([]);
    expect(failed).toMatchObject({ name: "SettlementUnread", reason: "not_ready" });
    expect(requests.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
      "GET /v1/account/settlement_report/list",
      "POST /v1/account/settlement_report",
      "GET /v1/account/release_report/list",
      "POST /v1/account/release_report",
    ]);
    expect(JSON.parse(requests[3]?.body ?? "")).toEqual({
      begin_date: "2026-09-05T00:00:00Z",
      end_date: "2026-09-06T00:00:00Z",
    });
    const judge = specsAbsent ? undefined : mercadoPagoJudge();
    for (const request of requests) expect(judge?.request(request).faults ?? []).toEqual([]);
  });

  test("a report made before its time was over is not taken for the whole of it", async () => {
    const early = { ...report, date_created: "2026-09-05T23:59:59.000-04:00" };
    const { failed, requests } = await linesOf(({ method }) =>
      method === "POST"
        ? answers(203, {})
        : answers(200, [{ ...early, date_created: "2026-09-05T12:00:00Z" }]),
    );
    expect(failed).toMatchObject({ reason: "not_ready" });
    expect(requests.filter(({ method }) => method === "POST")).toHaveLength(2);
    const { lines } = await linesOf(
      usually(rows, ({ url }) => (url.pathname.endsWith("/list") ? answers(200, [early]) : undefined)),
    );
    expect(lines).toHaveLength(2);
  });

  test("a quarter is asked for in reports the gateway makes", async () => {
    const quarter = { from: new Date("2026-07-01T00:00:00.500Z"), to: new Date("2026-10-01T00:00:00Z") };
    const whole = { ...report, begin_date: "2026-07-01T00:00:00Z", end_date: "2026-08-30T00:00:00Z" };
    const { requests } = await linesOf(
      usually([], ({ method, url }) => {
        if (method === "POST") return answers(202, { id: "task" });
        return url.pathname.endsWith("/list") ? answers(200, [whole]) : undefined;
      }),
      quarter,
    );
    const [asked] = requests.filter(({ method }) => method === "POST");
    expect(JSON.parse(asked?.body ?? "")).toEqual({
      begin_date: "2026-08-29T00:00:00Z",
      end_date: "2026-10-01T00:00:00Z",
    });
  });

  test("a broken row is named by place and column, never by what stands in it", async () => {
    const { failed } = await linesOf(usually([row(), row({ SETTLEMENT_NET_AMOUNT: "secret" })]));
    expect(failed).toMatchObject({ reason: "unreadable" });
    expect(String(failed)).toContain("row 2 of the account balance report at SETTLEMENT_NET_AMOUNT");
    expect(String(failed)).not.toContain("secret");
  });

  test.each([
    ["a report that is no CSV", "/settlement_report/a.csv", "<html>", "unreadable"],
    [
      "a release report that leaves withdrawals out",
      "/config",
      { include_withdrawal: false },
      "withdrawals_left_out",
    ],
    [
      "a release report whose sums do not hold",
      "/release_report/a.csv",
      JSON.stringify([
        {
          DATE: "2026-09-05T10:00:00Z",
          RECORD_TYPE: "release",
          DESCRIPTION: "payout",
          NET_CREDIT_AMOUNT: "0.00",
          NET_DEBIT_AMOUNT: "5.00",
          BALANCE_AMOUNT: "1.00",
        },
      ]),
      "sums_differ",
    ],
  ])("%s is refused whole", async (_name, path, body, reason) => {
    const { lines, failed } = await linesOf(
      usually(rows, ({ url }) => (url.pathname.endsWith(path) ? answers(200, body) : undefined)),
    );
    expect(lines).toEqual([]);
    expect(failed).toMatchObject({ name: "SettlementUnread", reason });
  });

  test("a gateway that does not answer is not an account without configuration", async () => {
    const { failed } = await linesOf(
      usually(rows, ({ url }) => (url.pathname.endsWith("/config") ? answers(500, {}) : undefined)),
    );
    expect(failed).toMatchObject({ reason: "unavailable" });
  });
});
