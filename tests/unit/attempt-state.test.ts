import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { attemptDiagram } from "../../scripts/attempt-diagram.ts";
import {
  type AttemptEvent,
  type AttemptState,
  attemptEvents,
  attemptStates,
  isLateSettlement,
  nextState,
  statesOf,
  statusOf,
} from "../../src/giving/attempt-state.ts";
import { donationStatuses } from "../../src/giving/donation-view.ts";

/**
 * All of it, by hand: what each state (left) becomes by each event (top); `.` changes nothing. Written beside the
 * table of the code, so that either can be wrong only together with the other.
 */
const table = `
                 sub act pro aut cap dec ref not dou voi exp nev mis giv acc ret
created          S   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
submitted        .   A   P   H   C   D   R   R   I   V   E   V   X   N acc ret
action_required  .   A   P   H   C   D   R   .   .   V   E   V   X   N   .   .
processing       .   A   P   H   C   D   .   .   .   V   E   .   X   N   .   .
authorized       .   .   .   .   C   .   .   .   .   V   E   .   X   N   .   .
captured         .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
declined         .   .   .   .   C   .   .   .   .   .   .   .   X   .   .   .
refused          .   .   .   .   C   .   .   .   .   .   .   .   X   .   .   .
in_doubt         .   A   P   H   C   D   R   .   I   V   E   V   X   N   .   .
voided           .   .   .   .   C   .   .   .   .   .   .   .   X   .   .   .
expired          .   .   .   .   C   .   .   .   .   .   .   .   X   .   .   .
conflicted       .   .   .   .   .   .   .   .   .   .   .   .   .   .   C   V
needs_review     .   A   P   H   C   D   R   .   .   V   E   V   X   .   .   .
`;
const states: Readonly<Record<string, AttemptState | undefined>> = {
  S: "submitted",
  A: "action_required",
  P: "processing",
  H: "authorized",
  C: "captured",
  D: "declined",
  R: "refused",
  I: "in_doubt",
  V: "voided",
  E: "expired",
  X: "conflicted",
  N: "needs_review",
};
const columns: readonly AttemptEvent[] = [
  "submit",
  "action_required",
  "processing",
  "authorized",
  "captured",
  "declined",
  "refused",
  "not_sent",
  "in_doubt",
  "voided",
  "expired",
  "never_seen",
  "mismatch",
  "give_up_asking",
  "accepted",
  "returned",
];
const rows = table
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.trim().split(/\s+/));

describe("the states of an attempt", () => {
  test("are all in the table, with every event", () => {
    expect(rows.map(([state]) => state)).toEqual([...attemptStates]);
    expect(columns).toEqual([...attemptEvents]);
  });

  test.each(rows.map(([state = "", ...cells]) => [state, cells] as const))(
    "%s leaves only as the table says",
    (name, cells) => {
      const from = attemptStates.find((state) => state === name);
      if (!from) throw new Error(`${name} is no state`);
      expect(columns.map((event) => [event, nextState(from, event)])).toEqual(
        columns.map((event, n) => [event, states[cells[n] ?? ""]]),
      );
    },
  );

  const closed = ["declined", "refused", "voided", "expired"] as const;
  test.each(closed)("%s is left only by money that came late", (state) => {
    const left = attemptEvents.filter((event) => nextState(state, event) !== undefined);
    expect(left).toEqual(["captured", "mismatch"]);
    expect(isLateSettlement(state)).toBe(true);
  });

  test("that hold money are never left by a gateway's word: captured by nothing, conflicted by two people", () => {
    const left = (state: AttemptState) =>
      attemptEvents.filter((event) => nextState(state, event) !== undefined);
    expect(left("captured")).toEqual([]);
    expect(left("conflicted")).toEqual(["accepted", "returned"]);
  });

  test("an unknown outcome never becomes a failure by itself: only by the gateway's word", () => {
    const failures = new Set<AttemptState>(["declined", "refused"]);
    const ours = ["give_up_asking", "never_seen", "in_doubt"] as const;
    for (const event of ours) {
      for (const state of attemptStates)
        expect(failures.has(nextState(state, event) ?? "captured")).toBe(false);
    }
    expect(nextState("in_doubt", "not_sent")).toBeUndefined();
  });

  test("every state but the last ones can reach captured, and no state without money hides it", () => {
    for (const state of attemptStates) {
      const holds = state === "captured" || state === "conflicted" || state === "created";
      expect([state, nextState(state, "captured")]).toEqual([state, holds ? undefined : "captured"]);
    }
  });

  test("each show as one public status, and each status filters back to its states", () => {
    const seen = donationStatuses.flatMap((status) => statesOf(status).map((state) => [state, status]));
    expect(Object.fromEntries(seen)).toEqual(statusOf);
  });

  test("are drawn in docs/attempt-states.md as the code has them now: npm run docs", () => {
    const file = join(import.meta.dirname, "..", "..", "docs", "attempt-states.md");
    expect(readFileSync(file, "utf8")).toBe(attemptDiagram());
    for (const state of attemptStates) expect(attemptDiagram()).toContain(state);
  });
});
