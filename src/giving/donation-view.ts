import type { MethodType, Presentation } from "../gateway/methods.ts";
import type { Decline, DonorAction } from "../gateway/payment.ts";
import type {
  AttemptId,
  ChurchId,
  DonationId,
  DonorId,
  FundId,
  LegalEntityId,
  RecurringGiftId,
} from "../kernel/ids.ts";
import type { Money } from "../kernel/money.ts";
import type { AttemptState } from "./attempt-state.ts";

/** The outside's words for where a donation stands (CONTRACT), computed from its current attempt. */
export const donationStatuses = [
  "requires_action",
  "processing",
  "authorized",
  "succeeded",
  "failed",
  "canceled",
  "expired",
  "needs_review",
] as const;
export type DonationStatus = (typeof donationStatuses)[number];

/** A donation as its church sees it. Donor fields stay sealed; ask for the donor by id. */
export type DonationView = {
  readonly id: DonationId;
  readonly churchId: ChurchId;
  readonly legalEntityId: LegalEntityId;
  readonly donorId: DonorId;
  readonly recurringGiftId: RecurringGiftId | undefined;
  readonly mode: "test" | "live";
  readonly status: DonationStatus;
  /** What the funds receive. */
  readonly amount: Money;
  /** What the donor added so that the gateway's fee is covered; zero otherwise. */
  readonly feeCover: Money;
  /** amount + feeCover: what the donor is charged. */
  readonly charged: Money;
  readonly country: string;
  readonly method: MethodType;
  readonly anonymous: boolean;
  readonly locale: string;
  readonly returnUrl: string | undefined;
  readonly allocations: readonly { readonly fundId: FundId; readonly fund: string; readonly amount: Money }[];
  readonly action: DonorAction | undefined;
  /** Why the bank or we said no, when it did: the last decline, also while the donor may still try again. */
  readonly decline: Decline | undefined;
  readonly refunded: Money;
  readonly disputed: boolean;
  /** What the gateway kept, once known. */
  readonly fee: Money | undefined;
  readonly capturedAt: Date | undefined;
  readonly expiresAt: Date | undefined;
  readonly createdAt: Date;
  readonly attempt: {
    readonly id: AttemptId;
    readonly number: number;
    readonly state: AttemptState;
    readonly gateway: string;
    readonly gatewayPaymentId: string | undefined;
    readonly presentation: Presentation;
    readonly refusalDetail: string | undefined;
  };
};
