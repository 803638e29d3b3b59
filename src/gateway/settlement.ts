import type { Money } from "../kernel/money.ts";
import type { GatewayCall } from "./adapter.ts";
import type { GatewayFee } from "./payment.ts";

export type Settlements = {
  /** Everything the gateway booked in the window, oldest first. */
  lines(window: { readonly from: Date; readonly to: Date }, call: GatewayCall): AsyncIterable<SettlementLine>;
};

export type SettlementLine = {
  readonly gatewayLineId: string;
  readonly kind:
    | "capture"
    | "refund"
    | "refund_failed"
    | "dispute"
    | "dispute_reversal"
    | "fee"
    | "payout"
    | "payout_failed"
    | "adjustment"
    | "other";
  readonly rawType: string;
  readonly gross: Money;
  readonly fee: GatewayFee;
  /** gross − fee, as the gateway states it. */
  readonly net: Money;
  readonly sourceId?: string;
  readonly occurredAt: Date;
  readonly availableOn: Date;
};
