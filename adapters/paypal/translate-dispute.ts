import type { GatewayEvent } from "../../src/gateway/webhook.ts";
import { parseId } from "../../src/kernel/ids.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { fromPaypalAmount } from "./amounts.ts";
import { disputeOutcome, disputeStatus } from "./codes.ts";
import type { WireDispute } from "./wire.ts";

export type DisputeEvent = Extract<GatewayEvent, { kind: "dispute_changed" }>;

/**
 * A dispute as PayPal shows it, in a webhook or a list: about the capture that is its `seller_transaction_id`.
 * `undefined` when it names no transaction of the church's. `Err` for an amount that cannot be read.
 */
export function disputeEvent(dispute: WireDispute): Result<DisputeEvent | undefined, string> {
  const disputed = dispute.disputed_transactions.find((one) => one.seller_transaction_id !== undefined);
  const captureId = disputed?.seller_transaction_id;
  if (captureId === undefined) return ok(undefined);
  const { value, currency_code } = dispute.dispute_amount;
  const amount = fromPaypalAmount(value, currency_code);
  if (!amount) return err("the amount of a dispute cannot be read");
  const attemptId = parseId("attempt", disputed?.custom);
  const status = statusOf(dispute);
  return ok({
    kind: "dispute_changed",
    subject: { gatewayPaymentId: captureId, ...(attemptId ? { attemptId } : {}) },
    gatewayDisputeId: dispute.dispute_id,
    amount,
    status,
    fundsWithdrawn: isWithdrawn(dispute, status),
    ...(dispute.seller_response_due_date ? { evidenceDueAt: dispute.seller_response_due_date } : {}),
    rawReason: dispute.reason,
  });
}

/** A status or an outcome nobody has documented stays open: a person finds it in PayPal's own pages. */
function statusOf(dispute: WireDispute): DisputeEvent["status"] {
  if (dispute.status !== "RESOLVED") return disputeStatus(dispute.status) ?? "under_review";
  return disputeOutcome(dispute.dispute_outcome?.outcome_code ?? "") ?? "under_review";
}

/**
 * Whether PayPal has taken the money. It says so itself in `money_movements`, where the body carries them; else by
 * the stage: an inquiry leaves the money with the church, a claim or chargeback holds it until the decision.
 */
function isWithdrawn(dispute: WireDispute, status: DisputeEvent["status"]): boolean {
  if (status === "won") return false;
  if (status === "lost") return true;
  const ours = dispute.money_movements?.filter((move) => move.affected_party === "SELLER");
  if (ours && ours.length > 0) return ours.at(-1)?.type === "DEBIT";
  const stage = dispute.dispute_life_cycle_stage;
  return stage !== undefined && stage !== "INQUIRY";
}
