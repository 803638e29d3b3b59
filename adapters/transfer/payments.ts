import type { AttemptHandle, CollectOutcome, Payments } from "../../src/gateway/payment.ts";
import { transferPaymentId } from "../../src/gateway/transfer-reference.ts";
import { ok } from "../../src/kernel/result.ts";
import type { Rail } from "./credentials.ts";
import { type Asked, expiryOf, instructionsFor } from "./instructions.ts";

const evidence = {};

/** Instructions, and nothing else: no message leaves this house, and what arrives is told by the bank's statement. */
export function transferPayments(rail: Rail): Payments {
  const shown = (asked: Asked, createdAt: Date): CollectOutcome => {
    const told = instructionsFor(rail, asked, createdAt);
    if (!told.ok) return { kind: "refused", problem: told.error, evidence };
    const { action, form } = told.value;
    const gatewayPaymentId = transferPaymentId(asked.attemptId, form);
    return { kind: "action_required", gatewayPaymentId, action, evidence };
  };
  return {
    collect: async (order, call) => shown({ ...order, method: order.method.type }, call.now),
    lookup: async (handle, call) => {
      const expiresAt = expiryOf(handle, handle.createdAt);
      const now = shown(handle, handle.createdAt);
      const gatewayPaymentId = nameOf(handle, now);
      const over = expiresAt !== undefined && call.now >= expiresAt && gatewayPaymentId !== undefined;
      return over ? { kind: "voided", expired: true, gatewayPaymentId, evidence } : now;
    },
    // Nobody has to be told: money that comes all the same is read from the statement.
    cancel: async (handle) => {
      const now = shown(handle, handle.createdAt);
      const gatewayPaymentId = nameOf(handle, now);
      if (gatewayPaymentId !== undefined) return { kind: "voided", gatewayPaymentId, evidence };
      return { kind: "too_late", current: now, evidence };
    },
    refund: async () => ({
      kind: "refused",
      problem: {
        reason: "unsupported",
        rawCode: "manual_payout",
        detail: "a bank account gives nothing back by itself: pay it by hand, agreed by two",
      },
      evidence,
    }),
    lookupRefund: async () => ({ kind: "never_seen", evidence }),
    checkCredentials: async () => ok({ country: countryOf(rail) }),
  };
}

/** What the payment is called: as it was told, also where the account has since become another. */
const nameOf = (handle: AttemptHandle, now: CollectOutcome): string | undefined =>
  handle.gatewayPaymentId ?? (now.kind === "action_required" ? now.gatewayPaymentId : undefined);

/** Where the number itself says it is; a church may keep an IBAN or an account for wires in another country. */
function countryOf({ kind }: Rail): string | undefined {
  switch (kind) {
    case "clabe":
      return "mx";
    case "cbu":
      return "ar";
    case "phone":
      return "cr";
    case "iban":
    case "account":
      return undefined;
  }
}
