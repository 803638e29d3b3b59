import type { AttemptState } from "../giving/attempt-state.ts";
import type { AttemptId } from "../kernel/ids.ts";
import { equals, type Money } from "../kernel/money.ts";
import type { ParsedLine } from "./statement-file.ts";

/** An attempt whose reference a line quotes, as it stands, locked. */
export type Candidate = {
  readonly attemptId: AttemptId;
  readonly state: AttemptState;
  readonly amount: Money;
  readonly captured: Money;
  readonly createdAt: Date;
  /** Whether a movement of the bank's stands for its money already; without one it was confirmed by hand. */
  readonly seenAtBank: boolean;
};

export type Verdict =
  /** `pays`: the gift is captured with it, or found to conflict with it. `proves`: it was confirmed by hand before. */
  | { readonly kind: "pays" | "proves" | "adds_to_conflict" | "duplicate"; readonly attemptId: AttemptId }
  | { readonly kind: "unmatched" | "outgoing" };

const dayMs = 86_400_000;

/**
 * What a movement is, from what it quotes. Pure. The amount decides where a reference was told to several; where it
 * does not decide either, a person does. What the bank takes back or gives back by itself is never matched.
 */
export function judgeLine(
  line: Pick<ParsedLine, "amount" | "bookedOn" | "reversal">,
  quoted: readonly Candidate[],
): Verdict {
  if (line.amount.minor < 0n) return { kind: "outgoing" };
  // A day's grace: the bank's day may have begun before ours.
  const before = Date.parse(line.bookedOn) + 2 * dayMs;
  const known = line.reversal ? [] : quoted.filter((each) => each.createdAt.getTime() < before);
  const waiting = known.filter((each) => each.state !== "captured" && each.state !== "conflicted");
  const exact = waiting.filter((each) => equals(each.amount, line.amount));
  const [only, ...others] = exact.length > 0 ? exact : waiting;
  if (only) return others.length === 0 ? { kind: "pays", attemptId: only.attemptId } : { kind: "unmatched" };
  const byHand = known.filter(
    (each) => each.state === "captured" && !each.seenAtBank && equals(each.captured, line.amount),
  );
  const [proved] = byHand;
  if (proved && byHand.length === 1) return { kind: "proves", attemptId: proved.attemptId };
  const [paid, ...more] = known;
  if (!paid || more.length > 0) return { kind: "unmatched" };
  return { kind: paid.state === "conflicted" ? "adds_to_conflict" : "duplicate", attemptId: paid.attemptId };
}
