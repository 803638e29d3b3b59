import { isUnassigned } from "../bank-statements/line-state.ts";
import { type LineRecord, lockLine } from "../bank-statements/store.ts";
import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { nextState } from "../giving/attempt-state.ts";
import type { Gift } from "../giving/gift.ts";
import { loadGift } from "../giving/load-gift.ts";
import { lockRefund, type RefundRecord } from "../giving/refund-store.ts";
import { canRescale } from "../giving/rescale-gift.ts";
import type { BankLineId, ChurchId } from "../kernel/ids.ts";
import { formatMoney, type Money } from "../kernel/money.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, exhaustive, ok, type Result } from "../kernel/result.ts";
import { type Arrived, arrivedFor } from "./arrived.ts";
import type { Matter } from "./kinds.ts";

/** A matter as it stands now, everything it touches locked: attempt, then refund, then movement. */
export type Examined =
  | { readonly kind: "confirm_transfer"; readonly gift: Gift; readonly amount: Money }
  | {
      readonly kind: "assign_unmatched_line";
      readonly gift: Gift;
      readonly line: LineRecord;
      readonly amount: Money;
    }
  | {
      readonly kind: "accept_conflicted" | "return_conflicted";
      readonly gift: Gift;
      readonly arrived: Arrived;
      readonly amount: Money;
    }
  | { readonly kind: "return_unmatched_line"; readonly line: LineRecord; readonly amount: Money }
  | {
      readonly kind: "manual_payout";
      readonly gift: Gift;
      readonly refund: RefundRecord;
      readonly amount: Money;
    };

const conflict = (detail: string): Problem => ({ code: "conflict", detail });

/** Whether it can be done at all, asked when it is requested and again when it is carried out. */
export async function examine(
  deps: Pick<Deps, "payments">,
  tx: Tx,
  church: ChurchId,
  matter: Matter,
): Promise<Result<Examined, Problem>> {
  if (matter.kind === "return_unmatched_line") {
    const line = await unassignedLine(tx, church, matter.lineId);
    return line.ok ? ok({ kind: matter.kind, line: line.value, amount: line.value.amount }) : line;
  }
  const gift = await loadGift(tx, church, { attemptId: matter.attemptId }, true);
  if (!gift) return err({ code: "not_found", detail: "there is no such donation" });
  switch (matter.kind) {
    case "confirm_transfer":
      return canConfirm(deps, gift);
    case "assign_unmatched_line": {
      const line = await unassignedLine(tx, church, matter.lineId);
      return line.ok ? canAssign(gift, line.value) : line;
    }
    case "accept_conflicted":
    case "return_conflicted":
      return ofConflicted(tx, matter.kind, gift);
    case "manual_payout": {
      const refund = await lockRefund(tx, church, { refundId: matter.refundId });
      if (refund?.state !== "awaiting_payout") {
        return err(conflict(`the refund is ${refund?.state ?? "unknown"}, it waits for no payout`));
      }
      return ok({ kind: matter.kind, gift, refund, amount: refund.amount });
    }
    default:
      return exhaustive(matter);
  }
}

async function unassignedLine(
  tx: Tx,
  church: ChurchId,
  id: BankLineId,
): Promise<Result<LineRecord, Problem>> {
  const line = await lockLine(tx, church, id);
  if (!line) return err({ code: "not_found", detail: "there is no such line" });
  if (isUnassigned(line.state)) return ok(line);
  return err(conflict(`the line is ${line.state}: its money is not waiting to be assigned`));
}

function canConfirm(deps: Pick<Deps, "payments">, gift: Gift): Result<Examined, Problem> {
  const { attempt } = gift;
  const manifest = deps.payments.manifests.get(attempt.gateway);
  if (manifest?.confirmedBy !== "statement" || attempt.gatewayPaymentId === undefined) {
    return err(conflict("only a transfer to the church's own account is confirmed by hand"));
  }
  if (nextState(attempt.state, "captured") === undefined) {
    return err(conflict(`the donation is ${attempt.state}: there is nothing to confirm`));
  }
  return ok({ kind: "confirm_transfer", gift, amount: attempt.amount });
}

function canAssign(gift: Gift, line: LineRecord): Result<Examined, Problem> {
  const { attempt } = gift;
  if (attempt.gatewayAccountId !== line.gatewayAccountId || attempt.gatewayPaymentId === undefined) {
    return err(conflict("the donation was to be paid to another account than the line's"));
  }
  const waits = attempt.state === "conflicted" || nextState(attempt.state, "captured") !== undefined;
  if (!waits) return err(conflict(`the donation is ${attempt.state}: it waits for no money`));
  return ok({ kind: "assign_unmatched_line", gift, line, amount: line.amount });
}

async function ofConflicted(
  tx: Tx,
  kind: "accept_conflicted" | "return_conflicted",
  gift: Gift,
): Promise<Result<Examined, Problem>> {
  const { attempt } = gift;
  if (attempt.state !== "conflicted") {
    return err(conflict(`the donation is ${attempt.state}: nothing about it conflicts`));
  }
  const arrived = await arrivedFor(tx, gift);
  if (!arrived) return err(conflict("what arrived for it cannot be told from the books"));
  if (kind === "accept_conflicted" && gift.paidByAnother) {
    return err(conflict("the donation has been paid already: return what came besides"));
  }
  if (kind === "accept_conflicted" && !canRescale(gift, arrived.amount)) {
    const [agreed, came] = [attempt.amount, arrived.amount].map((amount) => formatMoney(amount, "en"));
    return err(conflict(`${came} arrived for ${agreed}: it cannot be shared among its funds, return it`));
  }
  return ok({ kind, gift, arrived, amount: arrived.amount });
}
