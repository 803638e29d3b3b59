import { describe, expect, test } from "vitest";
import type { SettlementLine } from "../../src/gateway/settlement.ts";
import { money } from "../../src/kernel/money.ts";
import { answers, type HttpAnswer, type Recorded } from "./recording-transport.ts";
import * as bodies from "./stripe-bodies.ts";
import { callAt, stripeOn } from "./stripe-under-test.ts";

const day = 86_400;
const start = bodies.created;
const at = (seconds: number) => new Date((start + seconds) * 1000);

async function lines(answer: (request: Recorded) => HttpAnswer, from: Date, to: Date) {
  const { adapter, requests } = stripeOn(answer);
  const found: SettlementLine[] = [];
  for await (const line of adapter.settlements?.lines({ from, to }, callAt()) ?? []) found.push(line);
  return { found, requests };
}

/** Stripe's list: newest first, a page at a time. */
const listing =
  (all: readonly { id: string; created: number }[], pageSize: number) =>
  (request: Recorded): HttpAnswer => {
    const query = request.url.searchParams;
    const within = all
      .filter(
        (one) =>
          one.created >= Number(query.get("created[gte]")) && one.created < Number(query.get("created[lt]")),
      )
      .sort((a, b) => b.created - a.created);
    const cursor = query.get("starting_after");
    const rest = cursor ? within.slice(within.findIndex((one) => one.id === cursor) + 1) : within;
    return answers(200, bodies.list(rest.slice(0, pageSize), rest.length > pageSize));
  };

describe("settlement lines", () => {
  test("come oldest first, over pages and days, each exactly once", async () => {
    const all = Array.from({ length: 23 }, (_, i) =>
      bodies.balanceTransaction({ id: `txn_${i}`, created: start + i * 9_000 }),
    );
    const { found, requests } = await lines(listing(all, 4), at(0), at(3 * day));
    expect(found.map((line) => line.gatewayLineId)).toEqual(all.map((one) => one.id));
    expect(requests.length).toBeGreaterThan(6);
  });

  test("a window is half open: its start belongs to it, its end to the next", async () => {
    const all = [
      bodies.balanceTransaction({ id: "txn_first", created: start }),
      bodies.balanceTransaction({ id: "txn_next", created: start + day }),
    ];
    const { found } = await lines(listing(all, 100), at(0), at(day));
    expect(found.map((line) => line.gatewayLineId)).toEqual(["txn_first"]);
  });

  test("gross, fee, tax on the fee and net are Stripe's own figures", async () => {
    const { found } = await lines(
      listing([bodies.balanceTransaction({ created: start })], 9),
      at(0),
      at(day),
    );
    expect(found[0]).toEqual({
      gatewayLineId: "txn_1",
      kind: "capture",
      rawType: "charge",
      gross: money(50_000n, "MXN"),
      fee: { amount: money(2_436n, "MXN"), tax: money(336n, "MXN") },
      net: money(47_564n, "MXN"),
      sourceId: "ch_1",
      occurredAt: at(0),
      availableOn: at(172_800),
    });
  });

  test.each([
    ["payment", "charge", "capture"],
    ["refund", "refund", "refund"],
    ["payment_refund", "refund", "refund"],
    ["refund_failure", "refund_failure", "refund_failed"],
    ["adjustment", "dispute", "dispute"],
    ["adjustment", "dispute_reversal", "dispute_reversal"],
    ["adjustment", "other_adjustment", "adjustment"],
    ["stripe_fee", "fee", "fee"],
    ["payout", "payout", "payout"],
    ["payout_failure", "payout_reversal", "payout_failed"],
    ["a_word_of_tomorrow", "other", "other"],
  ])("%s reported as %s is a line of kind %s", async (type, reporting_category, kind) => {
    const one = bodies.balanceTransaction({ type, reporting_category, created: start });
    const { found } = await lines(listing([one], 9), at(0), at(day));
    expect(found[0]?.kind).toBe(kind);
  });

  test("a page that cannot be read stops the reading loudly instead of leaving a gap", async () => {
    await expect(lines(() => answers(500, {}), at(0), at(day))).rejects.toThrow("could not be read");
  });

  test("an empty window asks nothing", async () => {
    expect((await lines(() => answers(500, {}), at(0), at(0))).requests).toHaveLength(0);
  });
});
