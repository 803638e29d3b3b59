import type { LineState } from "../bank-statements/line-state.ts";
import { settleLine } from "../bank-statements/store.ts";
import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { applyOutcome } from "../giving/apply-outcome.ts";
import { applyRefund } from "../giving/apply-refund.ts";
import { arrivedOutcome } from "../giving/arrived-outcome.ts";
import type { Gift } from "../giving/gift.ts";
import { newId } from "../kernel/ids.ts";
import { exhaustive } from "../kernel/result.ts";
import { returnOwedEntry } from "../ledger/entries.ts";
import type { EntryDraft } from "../ledger/entry-draft.ts";
import { postEntries } from "../ledger/post-entry.ts";
import type { Examined } from "./examine.ts";
import type { ApprovalRecord } from "./store.ts";

type Parts = Pick<Deps, "db" | "payments" | "clock" | "log" | "metrics">;
type Owner = Pick<Gift["donation"], "churchId" | "legalEntityId">;

/** Does what was agreed to, in the approving transaction, on what {@link examine} has just found and locked. */
export async function execute(
  deps: Parts,
  tx: Tx,
  owner: Owner,
  approval: ApprovalRecord,
  found: Examined,
): Promise<void> {
  const now = deps.clock.now();
  switch (found.kind) {
    case "confirm_transfer":
      return confirm(deps, tx, approval, found.gift);
    case "assign_unmatched_line":
      return assign(deps, tx, found);
    case "accept_conflicted":
      return accept(deps, tx, found);
    case "return_conflicted": {
      const evidence = { rawStatus: "returned by agreement of two" };
      const owed = owedOf(owner, approval, now);
      await applyOutcome(deps, tx, found.gift, { kind: "returned", evidence }, "approval", [owed]);
      return settleAll(tx, found, "returned", now);
    }
    case "return_unmatched_line": {
      const { line } = found;
      await settleLine(tx, owner.churchId, line.id, { state: "returned", attemptId: line.attemptId }, now);
      await postEntries(tx, owner.churchId, [owedOf(owner, approval, now)], now);
      return;
    }
    case "manual_payout":
      await applyRefund(deps, tx, found.gift, found.refund, { event: "payout_approved" });
      return;
    default:
      return exhaustive(found);
  }
}

async function confirm(deps: Parts, tx: Tx, { matter }: ApprovalRecord, gift: Gift): Promise<void> {
  if (matter.kind !== "confirm_transfer") return;
  const arrived = { amount: gift.attempt.amount, on: matter.receivedOn };
  const outcome = arrivedOutcome(gift, arrived, "direct", deps.clock.now());
  const evidence = {
    rawStatus: "confirmed by agreement of two",
    ...(matter.bankReference === undefined ? {} : { gatewayRequestId: matter.bankReference }),
  };
  await applyOutcome(deps, tx, gift, { kind: "outcome", outcome: { ...outcome, evidence } }, "approval");
}

/** The movement stands in suspense already, so it pays from there; of another amount, the gift conflicts. */
async function assign(
  deps: Parts,
  tx: Tx,
  { gift, line }: Extract<Examined, { kind: "assign_unmatched_line" }>,
): Promise<void> {
  const now = deps.clock.now();
  const { attempt, donation } = gift;
  const settled = (state: LineState) =>
    settleLine(tx, donation.churchId, line.id, { state, attemptId: attempt.id }, now);
  if (attempt.state === "conflicted") return settled("conflicted");
  const arrived = { amount: line.amount, on: line.bookedOn };
  const outcome = arrivedOutcome(gift, arrived, "balance", now);
  const applied = await applyOutcome(deps, tx, gift, { kind: "outcome", outcome }, "approval");
  return settled(applied.gift.attempt.state === "captured" ? "assigned" : "conflicted");
}

async function accept(
  deps: Parts,
  tx: Tx,
  found: Extract<Examined, { kind: "accept_conflicted" | "return_conflicted" }>,
): Promise<void> {
  const { gift, arrived } = found;
  const now = deps.clock.now();
  const on = arrived.at.toISOString().slice(0, 10);
  const { fee, ...outcome } = arrivedOutcome(gift, { amount: arrived.amount, on }, "balance", now);
  // A gateway's fee is learnt from the gateway; the church's own bank account has none.
  const told = deps.payments.manifests.get(gift.attempt.gateway)?.confirmedBy === "gateway";
  const whole = told || fee === undefined ? outcome : { ...outcome, fee };
  await applyOutcome(deps, tx, gift, { kind: "accepted", outcome: whole }, "approval");
  await settleAll(tx, found, "accepted", now);
}

async function settleAll(
  tx: Tx,
  { gift, arrived }: Extract<Examined, { kind: "accept_conflicted" | "return_conflicted" }>,
  state: LineState,
  now: Date,
): Promise<void> {
  for (const line of arrived.lines) {
    await settleLine(tx, gift.donation.churchId, line.id, { state, attemptId: gift.attempt.id }, now);
  }
}

const owedOf = (owner: Owner, approval: ApprovalRecord, now: Date): EntryDraft =>
  returnOwedEntry({
    entryId: newId("entry"),
    legalEntityId: owner.legalEntityId,
    gatewayAccountId: approval.gatewayAccountId,
    occurredAt: now,
    approvalId: approval.id,
    amount: approval.amount,
  });
