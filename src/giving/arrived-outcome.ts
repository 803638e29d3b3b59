import type { CollectOutcome, Funding } from "../gateway/payment.ts";
import { present } from "../kernel/assert.ts";
import { type Money, zero } from "../kernel/money.ts";
import type { Gift } from "./gift.ts";

type Captured = Extract<CollectOutcome, { kind: "captured" }>;

/**
 * Money that arrived on the church's own account, as a gateway would have told it: nobody kept a fee. `on` is the bank's
 * day, which becomes an instant at noon UTC, never later than now.
 */
export function arrivedOutcome(
  { attempt }: Gift,
  arrived: { readonly amount: Money; readonly on: string },
  funding: Funding,
  now: Date,
): Captured {
  const nothing = zero(arrived.amount.currency);
  const noon = new Date(`${arrived.on}T12:00:00Z`);
  return {
    kind: "captured",
    gatewayPaymentId: present(attempt.gatewayPaymentId, "a donor who was told where to pay has a payment id"),
    amount: arrived.amount,
    fee: { amount: nothing, tax: nothing },
    capturedAt: noon < now ? noon : now,
    funding,
    evidence: { rawStatus: "arrived at the bank" },
  };
}
