import { describe, expect, test } from "vitest";
import { nextRefundCheck } from "../../src/giving/apply-refund.ts";
import {
  gaveUp,
  nextRefundState,
  type RefundEvent,
  type RefundState,
  refundStates,
} from "../../src/giving/refund-state.ts";
import { days, hours, after as later, minutes } from "../../src/kernel/clock.ts";

/** As the attempts' table: each state (left) by each event (top); `.` changes nothing. */
const table = `
                 suc pro act fai ref not dou nev giv app rej pai
submitted        S   P   A   F   R   R   I   F   N   .   .   .
processing       S   .   A   F   .   .   .   .   N   .   .   .
action_required  S   P   .   F   .   .   .   .   N   .   .   .
succeeded        .   .   .   F   .   .   .   .   . app rej pai
failed           .   .   .   .   .   .   .   .   .   .   .   .
refused          .   .   .   .   .   .   .   .   .   .   .   .
in_doubt         S   P   A   F   R   .   .   F   N   .   .   .
needs_review     S   P   A   F   .   .   .   .   .   .   .   .
awaiting_payout  .   .   .   .   .   .   .   .   .   O   R   .
payout_approved  .   .   .   .   .   .   .   .   .   .   .   S
`;
const letters: Readonly<Record<string, RefundState | undefined>> = {
  S: "succeeded",
  P: "processing",
  A: "action_required",
  F: "failed",
  R: "refused",
  I: "in_doubt",
  N: "needs_review",
  O: "payout_approved",
};
const events: readonly RefundEvent[] = [
  "succeeded",
  "processing",
  "action_required",
  "failed",
  "refused",
  "not_sent",
  "in_doubt",
  "never_seen",
  "give_up_asking",
  "payout_approved",
  "payout_rejected",
  "paid_out",
];
const rows = table
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.trim().split(/\s+/));

describe("the states of a refund", () => {
  test("are all in the table", () => {
    expect(rows.map(([state]) => state)).toEqual([...refundStates]);
  });

  test.each(rows.map(([state = "", ...cells]) => [state, cells] as const))(
    "%s leaves only as the table says",
    (name, cells) => {
      const from = refundStates.find((state) => state === name);
      if (!from) throw new Error(`${name} is no state`);
      expect(events.map((event) => [event, nextRefundState(from, event)])).toEqual(
        events.map((event, n) => [event, letters[cells[n] ?? ""]]),
      );
    },
  );

  test("give the claim back exactly where no money went out", () => {
    expect(refundStates.filter(gaveUp)).toEqual(["failed", "refused"]);
  });

  test("that wait are asked about, those that are over are not, and in the end a person is", () => {
    const now = new Date("2026-11-20T12:00:00Z");
    const waits = [minutes(5), hours(1), days(1), days(1), days(1), days(1), days(1)];
    for (const state of ["submitted", "in_doubt"] as const) {
      expect(waits.map((_, n) => nextRefundCheck(state, n, now))).toEqual(
        waits.map((wait) => later(now, wait)),
      );
      expect(nextRefundCheck(state, waits.length, now)).toBe("give_up");
    }
    for (const state of ["processing", "action_required"] as const) {
      expect(nextRefundCheck(state, 59, now)).toEqual(later(now, days(1)));
      expect(nextRefundCheck(state, 60, now)).toBe("give_up");
    }
    for (const state of [
      "succeeded",
      "failed",
      "refused",
      "needs_review",
      "awaiting_payout",
      "payout_approved",
    ] as const) {
      expect(nextRefundCheck(state, 0, now)).toBe("never");
    }
  });
});
