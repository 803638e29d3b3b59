import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CollectOutcome } from "../../src/gateway/payment.ts";
import { type AttemptState, attemptStates } from "../../src/giving/attempt-state.ts";
import { abandonedAfter, isAbandoned, nextCheck } from "../../src/giving/check-times.ts";
import { type Decision, decide, type Input, refundable } from "../../src/giving/decide.ts";
import type { Gift } from "../../src/giving/gift.ts";
import { days, hours, after as later, minutes } from "../../src/kernel/clock.ts";
import { money, zero } from "../../src/kernel/money.ts";
import { giftIn } from "../support/gift-in-state.ts";

const now = new Date("2026-11-20T12:00:00Z");
const fee = { amount: money(2_436n, "MXN"), tax: money(336n, "MXN") };

const paid = (minor = 50_000n, withFee = true): CollectOutcome => ({
  kind: "captured",
  gatewayPaymentId: "pi_1",
  amount: money(minor, "MXN"),
  capturedAt: now,
  funding: "direct",
  evidence: {},
  ...(withFee ? { fee } : {}),
});
const action = (url = "https://gateway.test/1"): CollectOutcome => ({
  kind: "action_required",
  gatewayPaymentId: "pi_1",
  action: { type: "redirect", url },
  evidence: {},
});
const decline = { reason: "insufficient_funds", retry: "later", rawCode: "x" } as const;
const others: readonly CollectOutcome[] = [
  action(),
  action("https://gateway.test/2"),
  { kind: "processing", gatewayPaymentId: "pi_1", answerDueAt: later(now, days(8)), evidence: {} },
  {
    kind: "authorized",
    gatewayPaymentId: "pi_1",
    amount: money(50_000n, "MXN"),
    expiresAt: later(now, days(7)),
    evidence: {},
  },
  { kind: "declined", gatewayPaymentId: "pi_1", decline, evidence: {} },
  { kind: "voided", gatewayPaymentId: "pi_1", expired: false, evidence: {} },
  { kind: "voided", gatewayPaymentId: "pi_1", expired: true, evidence: {} },
  { kind: "refused", problem: { reason: "invalid_request", rawCode: "x", detail: "y" }, evidence: {} },
  { kind: "in_doubt", cause: "timeout", evidence: {} },
  { kind: "not_sent", cause: "dns", evidence: {} },
];
const of = (outcome: CollectOutcome): Input => ({ kind: "outcome", outcome });
const ours: readonly Input[] = [
  { kind: "never_seen", evidence: {} },
  { kind: "give_up_asking", evidence: {} },
];
const anyInput = fc.constantFrom<Input>(...others.map(of), ...ours);
const captures = fc.constantFrom<Input>(of(paid()), of(paid(50_000n, false)));
const changed = (decision: Decision) => {
  if (decision.kind !== "changed") throw new Error(decision.why);
  return decision;
};
const step = (gift: Gift, input: Input): Gift => {
  const decision = decide(gift, input, now);
  return decision.kind === "changed" ? decision.gift : gift;
};
const alive = attemptStates.filter((state) => !["created", "captured", "conflicted"].includes(state));

describe("whatever else is said, in whatever order", () => {
  test("money that was captured is captured in the end, once, with the amount", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...alive),
        fc.array(anyInput),
        captures,
        fc.array(anyInput),
        (from, before, capture, later) => {
          let gift = giftIn(from);
          let booked = 0;
          for (const input of [...before, capture, ...later, capture]) {
            const decision = decide(gift, input, now);
            if (decision.kind !== "changed") continue;
            if (decision.book.capture) booked += 1;
            gift = decision.gift;
          }
          expect(gift.attempt).toMatchObject({ state: "captured", captured: money(50_000n, "MXN") });
          expect(booked).toBe(1);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("news out of order end where news in order end, whenever a capture is among them", () => {
    const shuffled = fc
      .array(anyInput, { maxLength: 6 })
      .chain((rest) => fc.tuple(fc.constant(rest), captures))
      .chain(([rest, capture]) => {
        const all = [...rest, capture];
        return fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
        );
      });
    fc.assert(
      fc.property(shuffled, ([inOrder, outOfOrder]) => {
        const begun = giftIn("submitted");
        const [one, two] = [inOrder.reduce(step, begun), outOfOrder.reduce(step, begun)];
        const told = ({ attempt }: Gift) => [
          attempt.state,
          attempt.captured,
          attempt.gatewayPaymentId,
          attempt.fee,
          attempt.nextCheckAt,
        ];
        expect(told(two)).toEqual(told(one));
      }),
      { numRuns: 500 },
    );
  });

  test("the same news twice changes nothing the second time", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...attemptStates),
        fc.array(anyInput),
        fc.oneof(anyInput, captures),
        (from, before, input) => {
          const once = step(before.reduce(step, giftIn(from)), input);
          expect(decide(once, input, now).kind).toBe("unchanged");
        },
      ),
      { numRuns: 500 },
    );
  });

  test("a decision leaves the gift it was made from as it was, and raises the version by one", () => {
    fc.assert(
      fc.property(fc.constantFrom(...attemptStates), fc.oneof(anyInput, captures), (from, input) => {
        const gift = giftIn(from);
        const before = structuredClone(gift);
        const decision = decide(gift, input, now);
        expect(gift).toEqual(before);
        if (decision.kind === "changed") expect(decision.gift.attempt.version).toBe(gift.attempt.version + 1);
      }),
    );
  });

  test("every announcement is counted, so that its number follows the last one's", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anyInput, captures)), (inputs) => {
        let gift = giftIn("submitted");
        for (const input of inputs) {
          const decision = decide(gift, input, now);
          if (decision.kind !== "changed") continue;
          const counted = decision.gift.donation.eventSequence - gift.donation.eventSequence;
          expect(counted).toBe(decision.announce === undefined ? 0 : 1);
          gift = decision.gift;
        }
      }),
    );
  });
});

describe("a capture", () => {
  test("of our amount is booked with its fee and announced", () => {
    expect(changed(decide(giftIn("submitted"), of(paid()), now))).toMatchObject({
      book: { capture: true, fee: true, suspense: false },
      announce: "donation.succeeded",
      late: false,
      gift: { attempt: { state: "captured", fee, nextCheckAt: undefined } },
    });
  });

  test.each([49_999n, 50_001n, 1n])("of %s in place of 50000 is held in suspense for a person", (minor) => {
    expect(changed(decide(giftIn("action_required"), of(paid(minor)), now))).toMatchObject({
      book: { capture: false, fee: false, suspense: true },
      announce: "donation.needs_review",
      gift: { attempt: { state: "conflicted", captured: zero("MXN") } },
    });
  });

  test("in another currency is held as well", () => {
    const dollars = { ...paid(), amount: money(50_000n, "USD") } as CollectOutcome;
    expect(changed(decide(giftIn("submitted"), of(dollars), now)).gift.attempt.state).toBe("conflicted");
  });

  test.each(["declined", "refused", "voided", "expired"] as const)(
    "after %s is a late settlement",
    (state) => {
      expect(changed(decide(giftIn(state), of(paid()), now))).toMatchObject({
        late: true,
        book: { capture: true },
      });
    },
  );

  test("without its fee is asked about again, and learns the fee once", () => {
    const first = changed(decide(giftIn("submitted"), of(paid(50_000n, false)), now));
    expect(first).toMatchObject({
      book: { capture: true, fee: false },
      gift: { attempt: { nextCheckAt: later(now, minutes(10)) } },
    });
    const learnt = changed(decide(first.gift, of(paid()), now));
    expect(learnt).toMatchObject({
      book: { capture: false, fee: true },
      announce: undefined,
      gift: { attempt: { fee, nextCheckAt: undefined } },
    });
    expect(decide(learnt.gift, of(paid()), now).kind).toBe("unchanged");
  });
});

test("a refusal that another route will follow is not yet news", () => {
  const outcome = others.find(({ kind }) => kind === "refused");
  if (!outcome) throw new Error("refused is an outcome");
  const quiet = decide(giftIn("submitted"), { kind: "outcome", outcome, anotherRoute: true }, now);
  expect(changed(quiet)).toMatchObject({ announce: undefined, gift: { attempt: { state: "refused" } } });
  expect(changed(decide(giftIn("submitted"), of(outcome), now)).announce).toBe("donation.failed");
});

test("once another attempt has paid, only money that comes besides is news", () => {
  const gift = { ...giftIn("action_required"), paidByAnother: true };
  const besides = decide(gift, of(paid()), now);
  expect(besides).toMatchObject({
    announce: "donation.needs_review",
    book: { capture: false, suspense: true },
  });
  const lapsed = of({ kind: "voided", gatewayPaymentId: "pi_1", expired: true, evidence: {} });
  expect(decide(gift, lapsed, now)).toMatchObject({ kind: "changed", announce: undefined });
  const returned = decide(changed(besides).gift, { kind: "returned", evidence: {} }, now);
  expect(returned).toMatchObject({ kind: "changed", announce: undefined });
});

test("what is left to refund is what was captured less what was asked back", () => {
  const { attempt } = giftIn("captured", {
    captured: money(50_000n, "MXN"),
    refundClaimed: money(20_000n, "MXN"),
  });
  expect(refundable(attempt)).toEqual(money(30_000n, "MXN"));
});

describe("the sweeper's times", () => {
  const check = (state: AttemptState, checks: number, more: object = {}) =>
    nextCheck({ state, checks, now, createdAt: now, action: undefined, expiresAt: undefined, ...more });

  test.each(["submitted", "in_doubt"] as const)(
    "%s is asked after 5 min, 1 h, then daily five times, then a person is",
    (state) => {
      const waits = [minutes(5), hours(1), days(1), days(1), days(1), days(1), days(1)];
      expect(waits.map((_, n) => check(state, n))).toEqual(waits.map((wait) => later(now, wait)));
      expect(check(state, waits.length)).toBe("give_up");
    },
  );

  test("processing is asked when its answer is due, twice more within the half hour, then daily five times, then a person is", () => {
    const due = later(now, days(8));
    expect(check("processing", 0, { answerDueAt: due })).toEqual(due);
    expect(check("processing", 0)).toEqual(later(now, days(1)));
    // A bank redirect due after five minutes is so asked at 5, 15 and 30.
    expect([1, 2].map((n) => check("processing", n))).toEqual(
      [minutes(10), minutes(15)].map((ms) => later(now, ms)),
    );
    for (const n of [3, 4, 5, 6, 7]) expect(check("processing", n)).toEqual(later(now, days(1)));
    expect(check("processing", 8)).toBe("give_up");
  });

  test("a voucher is asked about an hour after it ends; a form after a day, a transfer after thirty", () => {
    const expiresAt = later(now, days(3));
    expect(check("action_required", 0, { expiresAt })).toEqual(later(expiresAt, hours(1)));
    expect(check("action_required", 0)).toEqual(later(now, abandonedAfter.form));
    const transfer = { type: "display_bank_transfer" };
    expect(check("action_required", 0, { action: transfer })).toEqual(later(now, abandonedAfter.transfer));
  });

  test("an authorization that could not be taken is tried again soon, whenever it ends, and in the end a person is asked", () => {
    const expiresAt = later(now, days(7));
    expect(check("authorized", 0, { expiresAt })).toEqual(later(now, minutes(5)));
    expect(check("authorized", 7)).toBe("give_up");
  });

  test("money without its fee is asked about five times and then left alone; nothing else that is over is", () => {
    expect([0, 1, 2, 3, 4].every((n) => check("captured", n) instanceof Date)).toBe(true);
    expect(check("captured", 5)).toBe("never");
    expect(check("captured", 0, { fee })).toBe("never");
    for (const state of ["declined", "refused", "voided", "expired", "conflicted", "needs_review"] as const) {
      expect(check(state, 0)).toBe("never");
    }
  });

  test("an open attempt is abandoned after its day, or when its gateway holds it open long past its end", () => {
    const old = {
      now: later(now, days(1)),
      createdAt: now,
      action: undefined,
      expiresAt: undefined,
      checks: 0,
    };
    expect(isAbandoned({ ...old, state: "action_required" })).toBe(true);
    expect(isAbandoned({ ...old, state: "action_required", now: later(now, days(1) - 1) })).toBe(false);
    expect(isAbandoned({ ...old, state: "action_required", expiresAt: now, checks: 4 })).toBe(false);
    expect(isAbandoned({ ...old, state: "action_required", expiresAt: now, checks: 5 })).toBe(true);
    expect(isAbandoned({ ...old, state: "processing" })).toBe(false);
  });
});
