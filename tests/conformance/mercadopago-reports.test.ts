import { describe, expect, test } from "vitest";
import * as bank from "../../adapters/mercadopago/sandbox/bank-side.ts";
import type { SettlementLine } from "../../src/gateway/settlement.ts";
import { present } from "../../src/kernel/assert.ts";
import { days, hours, minutes } from "../../src/kernel/clock.ts";
import { type Money, money, subtract } from "../../src/kernel/money.ts";
import { orderIn, usual, world } from "./mercadopago-world.ts";

const mxn = (minor: bigint): Money => money(minor, "MXN");

/** A Mexican church, what happens to it, and what its account says afterwards. */
function church() {
  const { adapter, account, call, clock, control } = world();
  const gateway = adapter("mx");
  const token = account("mx").credentials.access_token ?? "";
  const opened = clock.now();
  const give = async () => {
    const paid = await gateway.payments.collect(orderIn("mx", "card"), call());
    if (paid.kind !== "captured") throw new Error(paid.kind);
    clock.advance(minutes(10));
    return paid.gatewayPaymentId;
  };
  const read = async (from: Date, to: Date) => {
    const lines: SettlementLine[] = [];
    const booked = present(gateway.settlements, "there are reports");
    for await (const line of booked.lines({ from, to }, call())) lines.push(line);
    return lines;
  };
  /** The first look orders the reports, and they are there minutes later. */
  const linesOf = async (from = opened, to = clock.now()) => {
    await expect(read(from, to)).rejects.toMatchObject({ reason: "not_ready" });
    clock.advance(minutes(2));
    return read(from, to);
  };
  const out = async (amount: Money) => {
    const done = await control.payOut(token, amount);
    clock.advance(minutes(10));
    return done.ok ? done.value : done.error;
  };
  const ask = (method: string, path: string, body?: object) =>
    world().sandbox.fetch(
      new Request(`https://api.mercadopago.com${path}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body ? { body: JSON.stringify(body) } : {}),
      }),
    );
  return { clock, control, token, opened, give, linesOf, out, ask };
}

const shown = (lines: readonly SettlementLine[]) =>
  lines.map(({ kind, sourceId, gross }) => `${kind} ${sourceId} ${gross.minor}`);

describe("an account's reports, from order to lines", () => {
  test("gifts, a refund, a lost and a won chargeback, a complaint, payouts: each once, to the cent", async () => {
    const { clock, control, token, give, linesOf, out } = church();
    const ids = [await give(), await give(), await give(), await give()];
    const [kept = "", lost = "", won = "", complained = ""] = ids;
    const play = async (id: string, what: Parameters<typeof control.play>[1]) => {
      expect(await control.play(id, what)).toEqual({ ok: true, value: undefined });
      clock.advance(minutes(10));
    };
    await play(kept, (one) => bank.refundInPanel(one, mxn(100_000n)));
    await play(lost, bank.openChargeback);
    await play(lost, (one) => bank.closeChargeback(one, false));
    await play(won, bank.openChargeback);
    await play(won, (one) => bank.closeChargeback(one, true));
    await play(complained, bank.openClaim);
    await play(complained, (one) => bank.closeClaim(one, true));
    const sent = await out(mxn(300_000n));
    const returned = await out(mxn(200_000n));
    expect(await control.returnPayout(token, returned)).toMatchObject({ ok: true });
    clock.advance(minutes(1));

    const lines = await linesOf();
    expect(shown(lines)).toEqual([
      ...ids.map((id) => `capture ${id} 500000`),
      `refund ${kept} -100000`,
      `dispute ${lost} -500000`,
      `dispute ${won} -500000`,
      `dispute_reversal ${won} 500000`,
      `payout ${sent} -300000`,
      `payout ${returned} -200000`,
      `payout_failed ${returned} 200000`,
    ]);
    expect(new Set(lines.map((line) => line.gatewayLineId)).size).toBe(lines.length);
    const fee = subtract(usual("mx"), present(lines[0], "a gift came").net);
    expect(lines.reduce((total, { net }) => total + net.minor, 0n)).toBe(1_100_000n - 4n * fee.minor);
    expect(await control.payOut(token, mxn(1_100_000n - 4n * fee.minor))).toMatchObject({ ok: true });
    expect(await control.payOut(token, mxn(1n))).toMatchObject({ ok: false });
  });

  test("day by day is the same as all at once, though balances are carried over", async () => {
    const { clock, opened, give, linesOf, out } = church();
    await give();
    clock.advance(hours(30));
    await give();
    await out(mxn(600_000n));
    const middle = new Date(opened.getTime() + days(1));
    const until = clock.now();
    // The parts first: a report of the whole would do for each of them.
    const parts = [...(await linesOf(opened, middle)), ...(await linesOf(middle, until))];
    const whole = await linesOf(opened, until);
    expect(parts).toEqual(whole);
    expect(shown(whole).map((line) => line.split(" ")[0])).toEqual(["capture", "capture", "payout"]);
  });
});

describe("the simulator refuses what the gateway refuses", () => {
  test.each([
    ["an end before the beginning", { begin_date: "2026-09-02T00:00:00Z", end_date: "2026-09-01T00:00:00Z" }],
    ["more than sixty days", { begin_date: "2026-07-01T00:00:00Z", end_date: "2026-08-30T00:00:01Z" }],
    ["a time that is not UTC", { begin_date: "2026-09-01T00:00:00-06:00", end_date: "2026-09-02T00:00:00Z" }],
    ["no end", { begin_date: "2026-09-01T00:00:00Z" }],
  ])("%s", async (_name, body) => {
    expect((await church().ask("POST", "/v1/account/release_report", body)).status).toBe(400);
  });

  test("a report that is not there", async () => {
    expect((await church().ask("GET", "/v1/account/release_report/another.csv")).status).toBe(404);
  });
});
