import type { MethodType, Presentation } from "../gateway/methods.ts";
import type {
  AttemptHandle,
  Decline,
  DonorAction,
  Evidence,
  GatewayFee,
  Refusal,
} from "../gateway/payment.ts";
import type {
  AttemptId,
  ChurchId,
  DonationId,
  DonorId,
  FundId,
  GatewayAccountId,
  LegalEntityId,
  RecurringGiftId,
} from "../kernel/ids.ts";
import { add, type Money } from "../kernel/money.ts";
import { type AttemptState, statusOf } from "./attempt-state.ts";
import type { DonationStatus, DonationView } from "./donation-view.ts";

/** One act of giving with its current attempt: what every decision about it is made from. */
export type Gift = {
  readonly donation: DonationRecord;
  readonly allocations: readonly AllocationRecord[];
  readonly attempt: AttemptRecord;
  /** Refunds that have reached the donor. */
  readonly refunded: Money;
  readonly disputed: boolean;
  /** Another attempt of this donation has brought its money: what arrives by this one is not this gift's. */
  readonly paidByAnother: boolean;
};

export type DonationRecord = {
  readonly churchId: ChurchId;
  readonly id: DonationId;
  readonly legalEntityId: LegalEntityId;
  readonly donorId: DonorId;
  /** The standing promise it is one period of. */
  readonly recurringGiftId: RecurringGiftId | undefined;
  readonly mode: "test" | "live";
  readonly amount: Money;
  readonly cover: Money;
  readonly country: string;
  /** That of the attempt in hand: a later try may be by another. */
  readonly method: MethodType;
  readonly anonymous: boolean;
  readonly locale: string;
  readonly returnUrl: string | undefined;
  readonly eventSequence: number;
  readonly createdAt: Date;
};

export type AllocationRecord = {
  readonly fundId: FundId;
  readonly code: string;
  readonly restricted: boolean;
  readonly amount: Money;
};

export type AttemptRecord = {
  readonly id: AttemptId;
  readonly number: number;
  readonly gateway: string;
  readonly gatewayAccountId: GatewayAccountId;
  readonly presentation: Presentation;
  readonly amount: Money;
  readonly state: AttemptState;
  readonly version: number;
  readonly gatewayKey: string;
  readonly gatewayPaymentId: string | undefined;
  readonly action: DonorAction | undefined;
  readonly decline: Decline | undefined;
  readonly refusal: Refusal | undefined;
  readonly evidence: Evidence | undefined;
  readonly captured: Money;
  /** Asked back and not failed, whether or not it has arrived. */
  readonly refundClaimed: Money;
  readonly capturedAt: Date | undefined;
  readonly fee: GatewayFee | undefined;
  readonly expiresAt: Date | undefined;
  readonly nextCheckAt: Date | undefined;
  readonly checks: number;
  readonly createdAt: Date;
};

/** How a gateway is asked about the attempt. */
export function handleOf({ donation, attempt }: Gift): AttemptHandle {
  return {
    attemptId: attempt.id,
    method: donation.method,
    country: donation.country,
    amount: attempt.amount,
    createdAt: attempt.createdAt,
    ...(attempt.gatewayPaymentId === undefined ? {} : { gatewayPaymentId: attempt.gatewayPaymentId }),
  };
}

/** The public status: the attempt's, unless money says more. */
function donationStatus(gift: Gift): DonationStatus {
  return statusOf[gift.attempt.state];
}

export function viewOf(gift: Gift): DonationView {
  const { donation, attempt } = gift;
  return {
    id: donation.id,
    churchId: donation.churchId,
    legalEntityId: donation.legalEntityId,
    donorId: donation.donorId,
    recurringGiftId: donation.recurringGiftId,
    mode: donation.mode,
    status: donationStatus(gift),
    amount: donation.amount,
    feeCover: donation.cover,
    charged: add(donation.amount, donation.cover),
    country: donation.country,
    method: donation.method,
    anonymous: donation.anonymous,
    locale: donation.locale,
    returnUrl: donation.returnUrl,
    allocations: gift.allocations.map((a) => ({ fundId: a.fundId, fund: a.code, amount: a.amount })),
    action: attempt.state === "action_required" ? attempt.action : undefined,
    decline: attempt.decline,
    refunded: gift.refunded,
    disputed: gift.disputed,
    fee: attempt.fee?.amount,
    capturedAt: attempt.capturedAt,
    expiresAt: attempt.expiresAt,
    createdAt: donation.createdAt,
    attempt: {
      id: attempt.id,
      number: attempt.number,
      state: attempt.state,
      gateway: attempt.gateway,
      gatewayPaymentId: attempt.gatewayPaymentId,
      presentation: attempt.presentation,
      refusalDetail: attempt.refusal?.detail,
    },
  };
}
