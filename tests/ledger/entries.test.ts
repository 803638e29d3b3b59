import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newId } from "../../src/kernel/ids.ts";
import { type Money, money, zero } from "../../src/kernel/money.ts";
import { chart } from "../../src/ledger/chart.ts";
import {
  addsUpTo,
  bankedEntry,
  captureEntry,
  correctionEntry,
  disputeFeeEntry,
  disputeLostEntry,
  disputeOpenedEntry,
  disputeWonEntry,
  feeEntry,
  fundsReceivedEntry,
  fundsReturnedEntry,
  type GiftParts,
  giftTotal,
  refundEntry,
  refundReversedEntry,
  returnOwedEntry,
  returnPaidEntry,
} from "../../src/ledger/entries.ts";
import type { EntryDraft } from "../../src/ledger/entry-draft.ts";

const place = {
  legalEntityId: newId("legalEntity"),
  gatewayAccountId: newId("gatewayAccount"),
  occurredAt: new Date("2026-03-02T12:00:00Z"),
};
const at = () => ({ ...place, entryId: newId("entry") });
const mxn = (minor: bigint): Money => money(minor, "MXN");

/** `{"1100": 100n, "4100": -100n}`: what an entry does to each code. */
function effect(...entries: readonly EntryDraft[]): Record<string, bigint> {
  const totals: Record<string, bigint> = {};
  for (const { account, amount } of entries.flatMap((entry) => entry.postings)) {
    totals[account.code] = (totals[account.code] ?? 0n) + amount.minor;
  }
  return totals;
}
const total = (entry: EntryDraft) => entry.postings.reduce((sum, posting) => sum + posting.amount.minor, 0n);

const minor = fc.bigInt({ min: 1n, max: 9_000_000_000_000n });
const gifts: fc.Arbitrary<GiftParts> = fc
  .tuple(
    fc.array(fc.tuple(minor, fc.boolean(), fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 6 }),
    fc.oneof(fc.constant(0n), minor),
  )
  .map(([shares, cover]) => {
    // Few funds for many shares: a gift may name one fund twice.
    const funds = [newId("fund"), newId("fund"), newId("fund"), newId("fund")] as const;
    return {
      shares: shares.map(([amount, restricted, fund]) => ({
        fundId: funds[fund] ?? funds[0],
        restricted,
        amount: mxn(amount),
      })),
      cover: mxn(cover),
    };
  });

describe("capture", () => {
  const attemptId = newId("attempt");
  const fund = newId("fund");
  const missions = newId("fund");
  const gift: GiftParts = {
    shares: [
      { fundId: fund, restricted: false, amount: mxn(40000n) },
      { fundId: missions, restricted: true, amount: mxn(10000n) },
    ],
    cover: mxn(2320n),
  };

  test("each fund receives its whole share; what covers the fee stands apart", () => {
    const entry = captureEntry({ ...at(), attemptId, gift, funding: "direct" });
    expect(effect(entry)).toEqual({ "1100": 52320n, "4100": -40000n, "4200": -10000n, "4300": -2320n });
    expect(entry.source).toEqual({ kind: "attempt", id: attemptId });
  });
  test("money that had arrived before leaves suspense instead of raising the receivable", () => {
    const entry = captureEntry({ ...at(), attemptId, gift, funding: "balance" });
    expect(effect(entry)["2900"]).toBe(52320n);
    expect(effect(entry)["1100"]).toBeUndefined();
  });
  test("a gift whose donor covers nothing has no posting of nothing", () => {
    const entry = captureEntry({ ...at(), attemptId, gift: { ...gift, cover: mxn(0n) }, funding: "direct" });
    expect(entry.postings.map((posting) => posting.account.code)).toEqual(["1100", "4100", "4200"]);
  });
  test("whether parts add up to what was captured can be asked before", () => {
    expect(addsUpTo(gift, mxn(52320n))).toBe(true);
    expect(addsUpTo(gift, mxn(52321n))).toBe(false);
    expect(addsUpTo(gift, money(52320n, "USD"))).toBe(false);
  });
});

describe("fees, transfers, disputes and corrections", () => {
  const attemptId = newId("attempt");
  const dispute = () => ({ ...at(), disputeId: newId("dispute"), amount: mxn(50000n) });

  test("a fee is split from the tax on it and leaves the receivable whole", () => {
    const entry = feeEntry({ ...at(), attemptId, fee: mxn(2320n), tax: mxn(320n) });
    expect(effect(entry)).toEqual({ "5100": 2000n, "5110": 320n, "1100": -2320n });
    expect(effect(feeEntry({ ...at(), attemptId, fee: mxn(59n), tax: mxn(0n) }))).toEqual({
      "5100": 59n,
      "1100": -59n,
    });
  });
  test("a transfer waits in suspense, and goes back out of it", () => {
    const funds = { gatewayTransactionId: "ccsbtxn_1", amount: mxn(30000n) };
    expect(effect(fundsReceivedEntry({ ...at(), ...funds }))).toEqual({ "1100": 30000n, "2900": -30000n });
    expect(effect(fundsReturnedEntry({ ...at(), ...funds }))).toEqual({ "2900": 30000n, "1100": -30000n });
  });
  test("what the bank shows moves to the bank, and leaves it when it is paid back", () => {
    const amount = mxn(30000n);
    const bankLineId = newId("bankLine");
    const came = fundsReceivedEntry({ ...at(), gatewayTransactionId: bankLineId, amount });
    const banked = bankedEntry({ ...at(), bankLineId, amount, valueDate: "2026-11-20" });
    expect(effect(came, banked)).toEqual({ "1010": 30000n, "1100": 0n, "2900": -30000n });
    expect(banked.valueDate).toBe("2026-11-20");
    const approvalId = newId("approval");
    const owed = returnOwedEntry({ ...at(), approvalId, amount });
    expect(effect(owed)).toEqual({ "2900": 30000n, "2100": -30000n });
    const paid = returnPaidEntry({ ...at(), approvalId, amount });
    expect(effect(came, banked, owed, paid)).toEqual({ "1010": 0n, "1100": 0n, "2900": 0n, "2100": 0n });
  });
  test("a lost dispute is a loss, a won one leaves nothing behind but its fee", () => {
    const opened = disputeOpenedEntry(dispute());
    expect(effect(opened, disputeLostEntry(dispute()))).toEqual({
      "1120": 0n,
      "1100": -50000n,
      "5120": 50000n,
    });
    expect(effect(opened, disputeWonEntry(dispute()))).toEqual({ "1120": 0n, "1100": 0n });
    const fee = disputeFeeEntry({ ...dispute(), amount: mxn(1500n) });
    expect(effect(fee)).toEqual({ "5130": 1500n, "1100": -1500n });
    expect(effect(opened, fee, disputeWonEntry({ ...dispute(), feeReturned: mxn(1500n) }))).toEqual({
      "1120": 0n,
      "1100": 0n,
      "5130": 0n,
    });
  });
  test("a correction takes the whole entry back and names it", () => {
    const wrong = feeEntry({ ...at(), attemptId, fee: mxn(2320n), tax: mxn(320n) });
    const correction = correctionEntry(wrong, { ...at(), memo: "fee booked for the wrong account" });
    expect(effect(wrong, correction)).toEqual({ "5100": 0n, "5110": 0n, "1100": 0n });
    expect(correction).toMatchObject({ corrects: wrong.id, source: { kind: "correction", id: wrong.id } });
  });
  test("an entry that could not balance is never made", () => {
    expect(() => feeEntry({ ...at(), attemptId, fee: mxn(0n), tax: mxn(0n) })).toThrow(/two postings/);
    expect(() => feeEntry({ ...at(), attemptId, fee: mxn(5n), tax: money(1n, "USD") })).toThrow(/currency/);
  });
});

describe("refunds", () => {
  const refund = (gift: GiftParts, amount: bigint, earlier: readonly EntryDraft[]) =>
    refundEntry({ ...at(), refundId: newId("refund"), amount: mxn(amount), gift, earlier });

  test("a partial refund is spread over the funds and the covered fee in proportion", () => {
    const [a, b] = [newId("fund"), newId("fund")];
    const gift: GiftParts = {
      shares: [
        { fundId: a, restricted: false, amount: mxn(60000n) },
        { fundId: b, restricted: true, amount: mxn(30000n) },
      ],
      cover: mxn(10000n),
    };
    const entry = refund(gift, 50000n, []);
    expect(entry.postings.map(({ account, amount }) => [account.code, account.fundId, amount.minor])).toEqual(
      [
        ["4900", a, 30000n],
        ["4900", b, 15000n],
        ["4300", undefined, 5000n],
        ["1100", undefined, -50000n],
      ],
    );
  });
  test("a refund paid by hand goes out of the bank, and leaves what the gateway owes as it is", () => {
    const gift: GiftParts = {
      shares: [{ fundId: newId("fund"), restricted: false, amount: mxn(50000n) }],
      cover: mxn(0n),
    };
    const whole = { ...at(), refundId: newId("refund"), amount: mxn(50000n), gift, earlier: [] };
    expect(effect(refundEntry({ ...whole, paidFrom: "bank" }))).toEqual({ "4900": 50000n, "1010": -50000n });
  });
  test("any series of refunds that ends in the whole takes from every fund exactly what it received, never more", () => {
    fc.assert(
      fc.property(
        gifts,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
        (gift, cuts) => {
          const all = giftTotal(gift).minor;
          const booked: EntryDraft[] = [];
          let left = all;
          for (const cut of [...cuts, 1]) {
            const amount = cut === 1 ? left : (left * BigInt(Math.floor(cut * 1000))) / 1000n;
            if (amount === 0n) continue;
            const entry = refund(gift, amount, booked);
            expect(total(entry)).toBe(0n);
            expect(
              entry.postings.every((p) =>
                p.account.code === "1100" ? p.amount.minor < 0n : p.amount.minor > 0n,
              ),
            ).toBe(true);
            booked.push(entry);
            left -= amount;
          }
          const capture = captureEntry({ ...at(), attemptId: newId("attempt"), gift, funding: "direct" });
          const net = new Map<string, bigint>();
          for (const { account, amount } of [capture, ...booked].flatMap((entry) => entry.postings)) {
            const part = account.fundId ?? account.code;
            net.set(part, (net.get(part) ?? 0n) + amount.minor);
          }
          expect([...net.values()].every((rest) => rest === 0n)).toBe(true);
          expect(() => refund(gift, 1n, booked)).toThrow(/at most what is left/);
        },
      ),
    );
  });
  test("a refund that fails after success is undone to the centavo, and can be asked for again", () => {
    fc.assert(
      fc.property(gifts, (gift) => {
        const all = giftTotal(gift).minor;
        const first = refund(gift, all / 2n + 1n, []);
        const back = refundReversedEntry(first, at());
        expect(Object.values(effect(first, back)).every((rest) => rest === 0n)).toBe(true);
        expect(back.source).toEqual(first.source);
        expect(effect(refund(gift, all, [first, back]))["1100"]).toBe(-all);
      }),
    );
  });
  test("more than the gift, nothing, or a negative amount is not a refund", () => {
    const gift: GiftParts = {
      shares: [{ fundId: newId("fund"), restricted: false, amount: mxn(100n) }],
      cover: zero("MXN"),
    };
    for (const amount of [101n, 0n, -1n]) expect(() => refund(gift, amount, [])).toThrow(/at most/);
    expect(() =>
      refundReversedEntry(fundsReceivedEntry({ ...at(), gatewayTransactionId: "x", amount: mxn(1n) }), at()),
    ).toThrow();
  });
});

test("every capture balances and gives each fund what was allocated to it", () => {
  fc.assert(
    fc.property(gifts, (gift) => {
      const entry = captureEntry({ ...at(), attemptId: newId("attempt"), gift, funding: "direct" });
      expect(total(entry)).toBe(0n);
      for (const { fundId } of gift.shares) {
        const allocated = gift.shares
          .filter((s) => s.fundId === fundId)
          .reduce((n, s) => n + s.amount.minor, 0n);
        const posted = entry.postings
          .filter((p) => p.account.fundId === fundId)
          .reduce((n, p) => n - p.amount.minor, 0n);
        expect(posted).toBe(allocated);
      }
    }),
  );
});

test("the chart: only accounts without a sign limit are shared out", () => {
  for (const line of Object.values(chart)) expect(line.shards === 1 || line.mayGoNegative).toBe(true);
});
