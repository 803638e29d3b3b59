import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromPaypalAmount, paypalAmountRules, toPaypalAmount } from "../../adapters/paypal/amounts.ts";
import { lineKind } from "../../adapters/paypal/event-codes.ts";
import { paypal } from "../../adapters/paypal/index.ts";
import type { SettlementLine } from "../../src/gateway/settlement.ts";
import { present } from "../../src/kernel/assert.ts";
import { days, hours } from "../../src/kernel/clock.ts";
import { exponentOf } from "../../src/kernel/currency.ts";
import { money } from "../../src/kernel/money.ts";
import { call, now } from "./gateway-under-test.ts";
import { credentials } from "./paypal-under-test.ts";
import { must, orderOf, type PaypalWorld, paypalWorld } from "./paypal-world.ts";
import { answers, type HttpAnswer, type Recorded, recording } from "./recording-transport.ts";

async function linesOf(world: PaypalWorld, from: Date, to: Date): Promise<SettlementLine[]> {
  const lines: SettlementLine[] = [];
  for await (const line of world.adapter.settlements?.lines({ from, to }, world.call()) ?? [])
    lines.push(line);
  return lines;
}

describe("settlement lines from the transaction search", () => {
  test("captures, refunds and disputes as PayPal booked them, oldest first, each net of its fee", async () => {
    const world = await paypalWorld();
    const from = world.clock.now();
    const { captureId } = await world.paid();
    world.clock.advance(hours(1));
    const refund = world.refundOrder(captureId, money(500n, "USD"));
    const given = await world.adapter.payments.refund(refund, world.call());
    world.clock.advance(hours(1));
    const dispute = must(await world.control.openDispute(captureId));
    world.clock.advance(hours(1));
    must(await world.control.resolveDispute(dispute.id, "RESOLVED_BUYER_FAVOUR"));
    const lines = await linesOf(world, from, new Date(world.clock.now().getTime() + hours(1)));
    expect(lines).toMatchObject([
      {
        kind: "capture",
        rawType: "T0006",
        gross: money(2_500n, "USD"),
        fee: { amount: money(136n, "USD") },
        net: money(2_364n, "USD"),
        sourceId: captureId,
      },
      {
        kind: "refund",
        rawType: "T1107",
        net: money(-500n, "USD"),
        sourceId: given.kind === "succeeded" ? given.gatewayRefundId : "",
      },
      { kind: "dispute", rawType: "T1110", net: money(-2_000n, "USD"), sourceId: captureId },
      { kind: "dispute_reversal", rawType: "T1111", net: money(2_000n, "USD"), sourceId: captureId },
      { kind: "dispute", rawType: "T1106", net: money(-2_000n, "USD"), sourceId: captureId },
    ]);
    expect(new Set(lines.map((line) => line.gatewayLineId)).size).toBe(lines.length);
  });

  test("three months are read in windows of 31 days that meet without a gap or an overlap", async () => {
    const world = await paypalWorld();
    const from = world.clock.now();
    for (let i = 0; i < 9; i++) {
      await world.paid();
      world.clock.advance(days(10));
    }
    const to = world.clock.now();
    world.exchanges.splice(0);
    expect(await linesOf(world, from, to)).toHaveLength(9);
    const windows = world.exchanges
      .map(({ request }) => request.url.searchParams)
      .filter((query) => query.has("start_date"))
      .map(
        (query) =>
          [Date.parse(query.get("start_date") ?? ""), Date.parse(query.get("end_date") ?? "")] as const,
      );
    expect(windows).toHaveLength(3);
    for (const [start, end] of windows) expect(end - start).toBeLessThan(days(31));
    expect(windows.slice(1).map(([start]) => start)).toEqual(
      windows.slice(0, -1).map(([, end]) => end + 1000),
    );
  });

  /** A PayPal whose search answers by hand. */
  const searching = (answer: (query: URLSearchParams) => HttpAnswer) =>
    recording((request: Recorded) =>
      request.url.pathname === "/v1/oauth2/token"
        ? answers(200, { access_token: "A21AAtoken", expires_in: 32_400 })
        : answer(request.url.searchParams),
    );
  const account = { ...credentials, environment: "sandbox", country: "us" } as const;
  const row = (id: string, fields: Readonly<Record<string, unknown>> = {}) => ({
    transaction_info: {
      transaction_id: id,
      transaction_event_code: "T0006",
      transaction_status: "S",
      transaction_initiation_date: "2026-11-20T06:00:00-0600",
      transaction_amount: { currency_code: "USD", value: "10.00" },
      ...fields,
    },
  });
  const read = async (
    answer: (query: URLSearchParams) => HttpAnswer,
    from = new Date(now.getTime() - days(1)),
  ) => {
    const { transport, requests } = searching(answer);
    const adapter = paypal.factory.create({ credentials: account, transport });
    const lines: SettlementLine[] = [];
    for await (const line of adapter.settlements?.lines({ from, to: now }, call()) ?? []) lines.push(line);
    return { lines, requests };
  };

  test("pages are followed to the last, and what moved no money is left out", async () => {
    const { lines } = await read((query) =>
      answers(200, {
        transaction_details: [
          row(`P${query.get("page")}`),
          row(`D${query.get("page")}`, { transaction_status: "D" }),
        ],
        total_pages: 3,
      }),
    );
    expect(lines.map((line) => line.gatewayLineId)).toEqual(["P1:T0006", "P2:T0006", "P3:T0006"]);
    expect(lines[0]?.occurredAt).toEqual(new Date("2026-11-20T12:00:00Z"));
  });

  test("a window with more than PayPal lists is halved until it fits", async () => {
    const tooMany = { name: "RESULTSET_TOO_LARGE", message: "x", debug_id: "1" };
    const { requests } = await read((query) => {
      const span = Date.parse(query.get("end_date") ?? "") - Date.parse(query.get("start_date") ?? "");
      return span > hours(7) ? answers(400, tooMany) : answers(200, { total_pages: 1 });
    });
    expect(requests.filter(({ url }) => url.searchParams.has("page"))).toHaveLength(2 + 4);
  });

  test("what cannot be read stops the reading, so that the window is repeated and nothing is left out", async () => {
    await expect(read(() => answers(403, { name: "NOT_AUTHORIZED", message: "x" }))).rejects.toThrow(
      "account_problem",
    );
    await expect(
      read(() => answers(200, { transaction_details: [row("X", { transaction_initiation_date: "soon" })] })),
    ).rejects.toThrow();
    await expect(read(() => ({ fails: "after_send" }))).rejects.toThrow("in_doubt");
  });

  test.each([
    ["T0006", true, "capture"],
    ["T0013", true, "capture"],
    ["T0006", false, "other"],
    ["T0001", false, "other"],
    ["T0106", false, "fee"],
    ["T0200", true, "adjustment"],
    ["T0400", false, "payout"],
    ["T0403", false, "payout"],
    ["T1101", true, "payout_failed"],
    ["T1107", false, "refund"],
    ["T1107", true, "refund_failed"],
    ["T1110", false, "dispute"],
    ["T1111", true, "dispute_reversal"],
    ["T1201", false, "dispute"],
    ["T1202", true, "dispute_reversal"],
    ["T1299", false, "adjustment"],
    ["T2106", true, "other"],
    ["Z0001", true, "other"],
  ] as const)("code %s (incoming: %s) is a %s line", (code, comesIn, kind) => {
    expect(lineKind(code, comesIn)).toBe(kind);
  });
});

describe("disputes, read without a webhook", () => {
  test("those opened or moved on since, over pages, each as the event a webhook would have brought", async () => {
    const world = await paypalWorld();
    const disputes = present(world.adapter.disputes, "PayPal lists disputes");
    const opened: string[] = [];
    for (let i = 0; i < 52; i++) {
      const { captureId } = await world.paid(orderOf());
      opened.push(must(await world.control.openDispute(captureId)).id);
    }
    world.clock.advance(days(1));
    const since = world.clock.now();
    const [moved = ""] = opened;
    must(await world.control.resolveDispute(moved, "RESOLVED_BUYER_FAVOUR"));
    const all = must(await disputes.changedSince(new Date(since.getTime() - days(2)), world.call()));
    expect([...all].sort()).toEqual([...opened].sort());
    expect(must(await disputes.changedSince(since, world.call()))).toEqual([moved]);
    const [, waiting = ""] = opened;
    expect(must(await disputes.read(waiting, world.call()))).toMatchObject({
      kind: "dispute_changed",
      gatewayDisputeId: waiting,
      status: "needs_response",
      fundsWithdrawn: true,
    });
    expect(must(await disputes.read(moved, world.call()))).toMatchObject({ status: "lost" });
    expect(await disputes.read("PP-D-0", world.call())).toMatchObject({ ok: false });
    await world.control.nextCall("too_many");
    expect((await disputes.changedSince(since, world.call())).ok).toBe(false);
  });
});

describe("amounts", () => {
  const currencies = ["USD", "MXN", "EUR", "JPY", "HUF", "TWD", "BRL"] as const;

  test("what is written is read back the same, for every amount PayPal takes", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 15n }),
        fc.constantFrom(...currencies),
        (minor, currency) => {
          const whole = paypalAmountRules.zeroDecimal.includes(currency) && exponentOf(currency) > 0;
          const amount = money(whole ? minor * 100n : minor, currency);
          const written = toPaypalAmount(amount);
          if (!written.ok) return amount.minor >= 10n ** 15n;
          expect(fromPaypalAmount(written.value.value, currency)).toEqual(amount);
          return true;
        },
      ),
    );
  });

  test.each(["", "-", "1.", ".5", "1,00", "1e3", "0x10", " 1", "1.005", "9".repeat(16), "١"])(
    "the text %j is no amount",
    (text) => {
      expect(fromPaypalAmount(text, "USD")).toBeUndefined();
    },
  );

  test("a minus is kept, zeros beyond the currency's decimals are nothing, a currency nobody knows is unreadable", () => {
    expect(fromPaypalAmount("-1.36", "USD")).toEqual(money(-136n, "USD"));
    expect(fromPaypalAmount("500.00", "JPY")).toEqual(money(500n, "JPY"));
    expect(fromPaypalAmount("500", "USD")).toEqual(money(50_000n, "USD"));
    expect(fromPaypalAmount("1.00", "ZZZ")).toBeUndefined();
  });
});
