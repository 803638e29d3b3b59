import type { MandateCadence } from "../gateway/mandate.ts";
import type { MethodType, Presentation } from "../gateway/methods.ts";
import type { Decline, DonorAction } from "../gateway/payment.ts";
import type {
  ChurchId,
  DonationId,
  DonorId,
  FundId,
  GatewayAccountId,
  LegalEntityId,
  MandateId,
  OccurrenceId,
  RecurringGiftId,
} from "../kernel/ids.ts";
import type { Money } from "../kernel/money.ts";
import type { End, Rule } from "./rule.ts";
import type { mandateStates, occurrenceStates, recurringStatuses } from "./states.ts";

/** `pending`: waits for the donor's permission. `dormant`: three periods failed; it is asked for nothing more. */
export type RecurringStatus = (typeof recurringStatuses)[number];
/** `automatic` pulls under a mandate; `reminder` sends the donor a fresh voucher or link, and never pulls. */
export type Collection = "automatic" | "reminder";

/** Each fund's share of every period's gift. */
export type Share = { readonly fundId: FundId; readonly amount: Money };

/** A standing promise to give, as its row holds it. What fell due from it is occurrences. */
export type RecurringGift = {
  readonly churchId: ChurchId;
  readonly id: RecurringGiftId;
  readonly legalEntityId: LegalEntityId;
  readonly donorId: DonorId;
  readonly mode: "test" | "live";
  readonly status: RecurringStatus;
  readonly collection: Collection;
  readonly country: string;
  readonly method: MethodType;
  readonly presentation: Presentation;
  /** The gateway's code of the donor's bank, remembered for links that ask for it (PSE). */
  readonly bank: string | undefined;
  readonly mandateId: MandateId | undefined;
  /** Takes over from `mandateId`, with `nextChange`, once the donor has given it. */
  readonly nextMandateId: MandateId | undefined;
  readonly nextChange: StoredChange | undefined;
  /** The gift of one period: what the funds receive, and the sum of the shares. */
  readonly amount: Money;
  readonly shares: readonly Share[];
  readonly coverFees: boolean;
  readonly anonymous: boolean;
  readonly locale: string;
  readonly returnUrl: string | undefined;
  readonly rule: Rule;
  /** Civil date in `timeZone` from which the rule counts. */
  readonly anchor: string;
  readonly timeZone: string;
  /** So many days before it is due an occurrence is opened: the rail's notice, or the time a voucher is given. */
  readonly leadDays: number;
  /** How many times the rule was replaced. */
  readonly ruleNumber: number;
  readonly ends: End;
  /** Index, under the present rule, of the next occurrence to open. */
  readonly nextIndex: number;
  /** The date it is due (later than the rule's where it was put off), and when it is opened; absent: none comes. */
  readonly nextDueOn: string | undefined;
  readonly nextOpenAt: Date | undefined;
  /** While paused: the civil date it goes on by itself. */
  readonly resumesOn: string | undefined;
  readonly pausedAt: Date | undefined;
  /** Whether what fell due during a pause is collected once, on resuming. */
  readonly catchUp: boolean;
  readonly failedPeriods: number;
  readonly dormantReason: string | undefined;
  readonly canceledBy: "donor" | "church" | "bank" | "gateway" | undefined;
  readonly cancelReason: string | undefined;
  readonly endedAt: Date | undefined;
  readonly version: number;
  readonly eventSequence: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** A change that waits for a mandate, in ids and minor units. */
export type StoredChange = {
  readonly amount?: number | undefined;
  readonly allocations?: readonly { readonly fund: string; readonly amount: number }[] | undefined;
};

export type MandateState = (typeof mandateStates)[number];

/** A donor's permission to be charged later, and the words it was given in. One may serve many recurring gifts. */
export type Mandate = {
  readonly churchId: ChurchId;
  readonly id: MandateId;
  readonly donorId: DonorId;
  readonly gatewayAccountId: GatewayAccountId;
  readonly gateway: string;
  readonly mode: "test" | "live";
  readonly country: string;
  readonly method: MethodType;
  readonly presentation: Presentation;
  readonly state: MandateState;
  readonly version: number;
  readonly gatewayKey: string;
  readonly gatewayMandateId: string | undefined;
  readonly customerRef: string | undefined;
  readonly action: DonorAction | undefined;
  readonly display: string | undefined;
  readonly network: string | undefined;
  /** The month a card expires, `YYYY-MM`. */
  readonly expiresOn: string | undefined;
  readonly cadence: MandateCadence;
  readonly currency: string;
  /** The most one charge may be; absent: no limit was agreed. */
  readonly ceiling: Money | undefined;
  /** What each charge must be, where the rail fixed it. */
  readonly fixed: Money | undefined;
  readonly agreementText: string;
  readonly agreementVersion: string;
  readonly agreedAt: Date;
  readonly endedBy: "donor" | "bank" | "church" | "gateway" | undefined;
  readonly endedCode: string | undefined;
  /** When it was to be ended at the gateway; it stays until the gateway has said so. */
  readonly endAskedAt: Date | undefined;
  readonly nextCheckAt: Date | undefined;
  readonly checks: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

export type OccurrenceState = (typeof occurrenceStates)[number];

/** One dated gift due from a standing promise. */
export type Occurrence = {
  readonly churchId: ChurchId;
  readonly id: OccurrenceId;
  readonly recurringGiftId: RecurringGiftId;
  readonly period: string;
  readonly ruleNumber: number;
  readonly index: number;
  readonly dueOn: string;
  readonly state: OccurrenceState;
  readonly amount: Money;
  readonly donationId: DonationId | undefined;
  readonly nextAt: Date | undefined;
  readonly tries: number;
  readonly reminders: number;
  /** Until when, while `retrying`, somebody is waited for: the donor with another method, or proving it is them. */
  readonly heldUntil: Date | undefined;
  /** It is to be stopped at the gateway, which may not have said yes yet, and is then this. */
  readonly stopAs: "skipped" | "canceled" | undefined;
  readonly decline: Decline | undefined;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly settledAt: Date | undefined;
};

/** Who changes a recurring gift. */
export type Actor = {
  readonly kind: "donor" | "church" | "job" | "gateway";
  /** The API key's or the person's id. */
  readonly id?: string | undefined;
};
