import { exhaustive } from "../../../src/kernel/result.ts";
import { settleDebit, verificationOver } from "./bank-debits.ts";
import { returnCash } from "./cash.ts";
import { bringBalance } from "./charges.ts";
import { closeSession } from "./checkout-sessions.ts";
import { challengeAnswered } from "./confirm.ts";
import { decideDispute, openDispute } from "./disputes.ts";
import { pushExpired } from "./elsewhere.ts";
import { refundFailed, refundSucceeded } from "./refunds.ts";
import { run } from "./run.ts";
import type { House, Scene } from "./scene.ts";
import { type Due, dueBy } from "./schedule.ts";
import { testCards } from "./test-values.ts";
import { voucherOf } from "./voucher-shapes.ts";
import { lateMoneyEnds, voucherExpired, voucherPaid } from "./vouchers.ts";
import { type Charge, idIn } from "./wire.ts";

/** Applies everything that is due by `now`, the oldest first; what it brings about and is due too, as well. */
export async function tick(house: House, now: Date): Promise<number> {
  let applied = 0;
  for (let round = 0; round < 100; round++) {
    const due = await dueBy(house.store, Math.floor(now.getTime() / 1000));
    if (due.length === 0) return applied;
    for (const one of due) {
      await run(house, settingFor(one, now), async (scene) => {
        // Another may have been first, or an earlier one of this round may have called it off.
        if (!(await scene.raw.get("due", one.id))) return;
        await scene.raw.remove("due", one.id);
        await apply(scene, one);
      });
      applied += 1;
    }
  }
  return applied;
}

const settingFor = (due: Due, now: Date) => ({
  account: due.account,
  caller: "secret" as const,
  now,
  request: { id: null, idempotencyKey: null },
});

async function apply(scene: Scene, due: Due): Promise<void> {
  switch (due.kind) {
    case "voucher_paid":
    case "voucher_expires":
    case "debit_settles":
    case "microdeposits_expire":
    case "push_approved":
    case "push_expires":
    case "late_money_ends":
      return applyToIntent(scene, due.kind, due.subject);
    case "refund_succeeds":
    case "refund_fails":
    case "refund_expires":
      return applyToRefund(scene, due.kind, due.subject);
    case "charge_gets_balance_transaction":
      return bringBalance(scene, due.subject);
    case "cash_returns":
      return returnCash(scene, due.subject, due.amount);
    case "dispute_opens": {
      const charge = await scene.documents.get("charge", due.subject);
      if (charge && !charge.disputed) await disputeByCard(scene, charge);
      return;
    }
    case "dispute_decided_won":
    case "dispute_decided_lost": {
      const dispute = await scene.documents.get("dispute", due.subject);
      if (dispute) await decideDispute(scene, dispute, due.kind === "dispute_decided_won" ? "won" : "lost");
      return;
    }
    case "session_expires": {
      const session = await scene.documents.get("checkout_session", due.subject);
      if (session) await closeSession(scene, session);
      return;
    }
    default:
      return exhaustive(due.kind);
  }
}

async function applyToIntent(scene: Scene, kind: Due["kind"], id: string): Promise<void> {
  const intent = await scene.documents.get("payment_intent", id);
  if (!intent) return;
  const methodId = idIn(intent.payment_method);
  if (kind === "push_approved") await challengeAnswered(scene, intent, true);
  else if (kind === "push_expires") await pushExpired(scene, intent);
  else if (kind === "late_money_ends") await lateMoneyEnds(scene, intent);
  else if (kind === "debit_settles") await settleDebit(scene, intent);
  else if (kind === "microdeposits_expire") await verificationOver(scene, intent, "timeout");
  else if (kind === "voucher_expires") await voucherExpired(scene, intent);
  else if (methodId && voucherOf(intent)) await voucherPaid(scene, intent, methodId);
}

async function applyToRefund(
  scene: Scene,
  kind: "refund_succeeds" | "refund_fails" | "refund_expires",
  id: string,
): Promise<void> {
  const refund = await scene.documents.get("refund", id);
  if (!refund) return;
  if (kind === "refund_succeeds") await refundSucceeded(scene, refund);
  else await refundFailed(scene, refund, kind === "refund_expires" ? "unknown" : "expired_or_canceled_card");
}

/** Stripe's dispute cards: the dispute their number stands for. */
async function disputeByCard(scene: Scene, charge: Charge): Promise<void> {
  const instrument = await scene.documents.named("instrument", charge.payment_method);
  const kind = instrument && testCards[instrument.number]?.dispute;
  if (!kind) return;
  await openDispute(scene, charge, {
    reason: kind === "inquiry" ? "fraudulent" : kind,
    inquiry: kind === "inquiry",
  });
}
