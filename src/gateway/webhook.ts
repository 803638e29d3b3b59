import type { AttemptId, DonorId, RefundId } from "../kernel/ids.ts";
import type { Money } from "../kernel/money.ts";
import type { Result } from "../kernel/result.ts";
import type { Secret } from "../kernel/secret.ts";
import type { GatewayCall } from "./adapter.ts";
import type { MandateOutcome } from "./mandate.ts";
import type { CollectOutcome } from "./payment.ts";

export type Webhooks = {
  /** Over the raw bytes, constant time, against each live secret. Defaults to `forged`. May ask the gateway. */
  verify(
    delivery: RawDelivery,
    secrets: readonly Secret[],
    now: Date,
  ): Promise<"genuine" | "forged" | "stale">;
  /**
   * What the door needs before the event is stored: who it is, and whose queue it stands in. `Err` when it is no
   * event, or one of somebody else's account.
   */
  envelope(delivery: RawDelivery): Result<EventEnvelope, string>;
  /** The facts inside. One delivery may hold many, or none that matter (`ignored`). */
  read(delivery: RawDelivery): Result<readonly GatewayEvent[], string>;
  /**
   * What a delivery means where its body only names something: asked at the gateway, with refunds and disputes that
   * no look-up of the payment tells. Where it is there it stands in for `read`. `Err`: to be tried again later.
   */
  inquire?(delivery: RawDelivery, call: GatewayCall): Promise<Result<readonly GatewayEvent[], string>>;
};

export type RawDelivery = {
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** What follows our endpoint's address, e.g. `/pix` or `?data.id=123&type=payment`; empty for most. */
  readonly target: string;
};

export type EventEnvelope = {
  /** The gateway's own id of the event: a second arrival is dropped by it. */
  readonly eventKey: string;
  /** Events with the same key are applied one after another (the payment's id at the gateway). */
  readonly orderKey: string;
  readonly type: string;
  readonly occurredAt: Date;
};

/** How an event names the attempt: the gateway's id, and ours when the gateway echoed it. */
export type EventSubject = { readonly gatewayPaymentId: string; readonly attemptId?: AttemptId };

export type GatewayEvent =
  | { readonly kind: "attempt_changed"; readonly subject: EventSubject; readonly outcome: CollectOutcome }
  /** Something about this payment changed; look it up. */
  | { readonly kind: "attempt_hint"; readonly subject: EventSubject }
  | {
      readonly kind: "refund_changed";
      readonly subject: EventSubject;
      readonly gatewayRefundId: string;
      /** Ours when the gateway echoed it; absent for refunds made in the gateway's own dashboard. */
      readonly refundId?: RefundId;
      readonly amount: Money;
      readonly status: "processing" | "action_required" | "succeeded" | "failed";
    }
  /** Something about this refund changed; look it up. Refunds we do not know are none of ours. */
  | { readonly kind: "refund_hint"; readonly gatewayRefundId: string }
  | {
      readonly kind: "dispute_changed";
      readonly subject: EventSubject;
      readonly gatewayDisputeId: string;
      readonly amount: Money;
      /** The gateway's charge for handling it, when it took one with this event. */
      readonly fee?: Money;
      readonly status: "needs_response" | "under_review" | "won" | "lost";
      /** Whether the gateway has taken the money out of the balance. */
      readonly fundsWithdrawn: boolean;
      readonly evidenceDueAt?: Date;
      readonly rawReason: string;
    }
  /** Money moved on a donor's account at the gateway (SPEI): arrived, or went back to the donor's bank. */
  | {
      readonly kind: "funds_moved";
      readonly customerRef: string;
      readonly gatewayTransactionId: string;
      readonly direction: "received" | "returned";
      readonly amount: Money;
    }
  /** A donor gave by their own code (`DonorCodes`), without being asked: it belongs to no attempt yet. */
  | {
      readonly kind: "donor_paid";
      readonly donorId: DonorId;
      readonly outcome: Extract<CollectOutcome, { kind: "captured" }>;
    }
  /** A donor's standing permission was given, refused or ended. */
  | {
      readonly kind: "mandate_changed";
      readonly gatewayMandateId: string;
      /** Ours, where the gateway echoed it. */
      readonly reference?: string;
      readonly outcome: MandateOutcome;
    }
  | { readonly kind: "ignored"; readonly type: string };
