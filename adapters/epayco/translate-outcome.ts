import type { CollectOutcome, DonorAction, Evidence } from "../../src/gateway/payment.ts";
import { after, days } from "../../src/kernel/clock.ts";
import { exhaustive } from "../../src/kernel/result.ts";
import { fromEpaycoAmount } from "./amounts.ts";
import { declineOf, stageOf } from "./codes.ts";
import type { WireTransaction } from "./wire.ts";

export type View = { readonly asOf: Date; readonly evidence: Evidence; readonly test: boolean };

/** One of the eight answers from a transaction. A flag of the other mode is never believed. */
export function transactionOutcome(transaction: WireTransaction, view: View): CollectOutcome {
  const gatewayPaymentId = transaction.refPayco;
  const evidence: Evidence = { ...view.evidence, rawStatus: transaction.status.slice(0, 100) };
  const doubtful = (rawCode: string): CollectOutcome => ({
    kind: "in_doubt",
    gatewayPaymentId,
    cause: "unreadable_answer",
    evidence: { ...evidence, rawCode },
  });
  if (transaction.testMode !== view.test) return doubtful("mode_mismatch");
  const stage = stageOf(transaction.status);
  switch (stage) {
    case "open": {
      const action = voucher(transaction);
      // Without the number there is nothing to show, and what the donor was shown before stays true.
      return action
        ? { kind: "action_required", gatewayPaymentId, action, evidence }
        : doubtful("voucher_incomplete");
    }
    case "held":
      return waiting(gatewayPaymentId, view, evidence);
    case "paid": {
      const amount = fromEpaycoAmount(transaction.amount, transaction.currency);
      const capturedAt = bogota(transaction.date ?? "") ?? view.asOf;
      return amount
        ? { kind: "captured", gatewayPaymentId, amount, capturedAt, funding: "direct", evidence }
        : doubtful("amount_unreadable");
    }
    case "refused":
      return { kind: "declined", gatewayPaymentId, decline: declineOf(transaction.status), evidence };
    case "lapsed":
    case "stopped":
    // Taken back before we ever saw it paid: no money stays. After a capture the core keeps what it has.
    case "reversed":
      return { kind: "voided", gatewayPaymentId, expired: stage === "lapsed", evidence };
    case undefined:
      return waiting(gatewayPaymentId, view, { ...evidence, unrecognized: transaction.status.slice(0, 100) });
    default:
      return exhaustive(stage);
  }
}

const waiting = (gatewayPaymentId: string, view: View, evidence: Evidence): CollectOutcome => ({
  kind: "processing",
  gatewayPaymentId,
  answerDueAt: after(view.asOf, days(2)),
  evidence,
});

function voucher({ paymentProviderData: told }: WireTransaction): DonorAction | undefined {
  const expiresAt = bogota(told?.expirationDate ?? "");
  if (!told?.pin || !expiresAt) return undefined;
  return {
    type: "display_voucher",
    reference: told.pin,
    ...(told.agreementCode ? { payee: told.agreementCode } : {}),
    expiresAt,
  };
}

/** `2026-07-07 19:50:07` as Bogotá writes it: five hours behind UTC, all year round. */
export function bogota(text: string): Date | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})/.exec(text);
  if (!parts) return undefined;
  const at = new Date(`${parts[1]}T${parts[2]}-05:00`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
