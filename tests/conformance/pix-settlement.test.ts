import { describe, expect, test } from "vitest";
import type { SettlementLine } from "../../src/gateway/settlement.ts";
import { days, hours, seconds } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { collected, type PixWorld, pixWorld } from "./pix-in-sandbox.ts";

async function linesOf(world: PixWorld, from: string, to: string): Promise<SettlementLine[]> {
  const lines: SettlementLine[] = [];
  const window = { from: new Date(from), to: new Date(to) };
  for await (const line of world.settlements.lines(window, world.call())) lines.push(line);
  return lines;
}
const reais = (minor: bigint) => money(minor, "BRL");

describe("Pix settlement lines", () => {
  test("every Pix is a capture of its whole amount, static codes included, oldest first", async () => {
    const world = pixWorld();
    const txid = await collected(world);
    await world.control.pay(world.account, txid);
    world.clock.advance(hours(1));
    await world.control.payStatic(world.account, "DIZIMO", 12_345n);
    await world.control.payStatic(world.account, undefined, 1n);
    const lines = await linesOf(world, "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z");
    expect(lines).toMatchObject([
      {
        kind: "capture",
        gross: reais(50_000n),
        fee: { amount: reais(0n) },
        net: reais(50_000n),
        sourceId: txid,
      },
      { kind: "capture", gross: reais(12_345n), sourceId: "DIZIMO" },
      { kind: "capture", gross: reais(1n) },
    ]);
    expect(lines[2]).not.toHaveProperty("sourceId");
  });

  test("a devolução stands on the day it was settled, however old its Pix; a contest is a dispute", async () => {
    const world = pixWorld();
    const txid = await collected(world);
    const paid = await world.control.pay(world.account, txid);
    world.clock.advance(days(40));
    const refund = {
      refundId: newId("refund"),
      gatewayPaymentId: txid,
      amount: reais(20_000n),
      refundable: reais(50_000n),
      method: "pix",
      reason: "requested_by_donor",
    } as const;
    await world.payments.refund(refund, world.call());
    world.clock.advance(seconds(1));
    await world.control.returnUnasked(world.account, paid.ok ? paid.value : "", "MED_FRAUDE", 10_000n);
    world.clock.advance(seconds(1));
    await world.control.nextReturn(world.account, "fails");
    await world.payments.refund({ ...refund, refundId: newId("refund"), amount: reais(100n) }, world.call());
    expect(await linesOf(world, "2026-12-30T00:00:00Z", "2026-12-31T00:00:00Z")).toMatchObject([
      {
        kind: "refund",
        rawType: "devolucao.ORIGINAL",
        gross: reais(-20_000n),
        net: reais(-20_000n),
        sourceId: txid,
      },
      { kind: "dispute", rawType: "devolucao.MED_FRAUDE", gross: reais(-10_000n) },
    ]);
    expect(await linesOf(world, "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z")).toMatchObject([
      { kind: "capture" },
    ]);
  });

  test("windows meet without gap or overlap, pages are all read", async () => {
    const world = pixWorld();
    for (let i = 0; i < 230; i++) {
      await world.control.payStatic(world.account, `F${i}`, 100n);
      if (i % 10 === 0) world.clock.advance(hours(9));
    }
    const whole = await linesOf(world, "2026-11-20T00:00:00Z", "2026-12-05T00:00:00Z");
    expect(whole).toHaveLength(230);
    expect(new Set(whole.map((line) => line.gatewayLineId)).size).toBe(230);
    const cut = whole[100]?.occurredAt.toISOString() ?? "";
    const before = await linesOf(world, "2026-11-20T00:00:00Z", cut);
    const after = await linesOf(world, cut, "2026-12-05T00:00:00Z");
    expect([...before, ...after]).toEqual(whole);
  });

  test("a page that cannot be read stops it with a reason, never with a hole", async () => {
    const world = pixWorld();
    await world.control.payStatic(world.account, "F1", 100n);
    await world.control.fail("503", "GET /pix");
    await expect(linesOf(world, "2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z")).rejects.toThrow(
      "could not be read",
    );
  });
});
