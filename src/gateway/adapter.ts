import type { ZodType } from "zod";
import type { CurrencyCode } from "../kernel/currency.ts";
import type { AttemptId, DonationId, RefundId } from "../kernel/ids.ts";
import type { Money, Rate } from "../kernel/money.ts";
import type { Result } from "../kernel/result.ts";
import type { Secret } from "../kernel/secret.ts";
import type { MethodKind, MethodType, Presentation } from "./methods.ts";

/**
 * The contract between Ofrenda and a gateway: types only. An adapter is stateless; credentials and transport
 * come from the payment factory, clock, key and deadline from the call. Expected answers are values; an
 * exception is a bug and `call-gateway` turns it into `in_doubt`.
 */
export type GatewayAdapter = {
  readonly manifest: GatewayManifest;
  readonly payments: Payments;
  readonly webhooks: Webhooks;
  /** Present only where the gateway can list what it booked; absent is not an error. */
  readonly settlements?: Settlements;
};

/** What a gateway folder exports: its manifest, the shape of its credentials, and how to make an adapter. */
export type AdapterFactory = {
  readonly manifest: GatewayManifest;
  /** Credentials of one gateway account, as stored (encrypted). A wrong shape is refused when connecting. */
  readonly credentials: ZodType<GatewayCredentials>;
  /** Never does I/O. `transport` is the only way out; it has the shape of the global `fetch`. */
  create(account: { credentials: GatewayCredentials; transport: Transport }): GatewayAdapter;
};

export type Transport = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
/** Flat text fields, e.g. `{secret_key, publishable_key}`; each adapter's zod schema narrows them. */
export type GatewayCredentials = Readonly<Record<string, string>>;

export type Payments = {
  /** Starts collecting. Repeating it with the same key must give the same payment, never a second one. */
  collect(order: CollectOrder, call: GatewayCall): Promise<CollectOutcome>;
  /** What the gateway knows now, by its id or by our attempt id when the answer was lost. */
  lookup(handle: AttemptHandle, call: GatewayCall): Promise<CollectOutcome | NeverSeen>;
  /** Stops a payment that has not been captured. A captured one answers `too_late`. */
  cancel(handle: AttemptHandle, call: GatewayCall): Promise<CancelOutcome>;
  refund(order: RefundOrder, call: GatewayCall): Promise<RefundOutcome>;
  /** What became of a refund whose answer was lost or is pending. */
  lookupRefund(handle: RefundHandle, call: GatewayCall): Promise<RefundOutcome | NeverSeen>;
  /** A harmless authenticated read, for `gateway connect`. `Err` holds a sentence for the operator. */
  checkCredentials(call: GatewayCall): Promise<Result<{ country: string | undefined }, string>>;
};

export type GatewayCall = {
  /** Fixed per attempt (or refund) before the first send; the same on every repeat after an ambiguous failure. */
  readonly idempotencyKey: string;
  readonly now: Date;
  readonly timeoutMs: number;
  readonly traceId: string;
};

export type CollectOrder = {
  readonly attemptId: AttemptId;
  readonly donationId: DonationId;
  readonly amount: Money;
  /** ISO 3166-1 alpha-2, lower case: the country whose rails are used. */
  readonly country: string;
  readonly method: CollectMethod;
  readonly donor: CollectDonor;
  /** What the donor sees on the gateway's page, e.g. "Donation to Iglesia Demo". */
  readonly description: string;
  readonly returnUrl: string;
  readonly cancelUrl: string;
  /** BCP 47, e.g. `es-MX`. */
  readonly locale: string;
  /**
   * The donor's yes to being debited, where our own page took it: a bank debit with `token` needs it. Part of the
   * order, so that a repeat carries the same words.
   */
  readonly mandateAcceptance?: { readonly ipAddress: string; readonly userAgent: string };
};

export type CollectMethod = {
  readonly type: MethodType;
  readonly presentation: Presentation;
  /** A gateway token made by the gateway's hosted fields; never a card number. Only with `token`. */
  readonly token?: string;
};

export type CollectDonor = {
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string;
  /** The gateway's own id for this donor, if an earlier collect made one (see `CollectOutcome.customerRef`). */
  readonly customerRef?: string;
  /** Our stable, meaningless name for the donor at this gateway, for making that customer idempotently. */
  readonly reference: string;
};

export type AttemptHandle = {
  readonly attemptId: AttemptId;
  /** Absent when the first answer was lost. */
  readonly gatewayPaymentId?: string;
};
export type RefundHandle = {
  readonly refundId: RefundId;
  readonly gatewayPaymentId: string;
  readonly gatewayRefundId?: string;
};

export type RefundOrder = {
  readonly refundId: RefundId;
  readonly gatewayPaymentId: string;
  readonly amount: Money;
  readonly reason: RefundReason;
};
export type RefundReason = "requested_by_donor" | "duplicate" | "fraudulent";

/** Proof that the gateway never received the attempt (not merely that it did not answer). */
export type NeverSeen = { readonly kind: "never_seen"; readonly evidence: Evidence };

/** Eight answers, eight duties (docs/decisions and the table in src/giving/attempt-state.ts). */
export type CollectOutcome = {
  readonly evidence: Evidence;
  /** The gateway's id for the donor when this call made or used one; stored for the next gift. */
  readonly customerRef?: string;
} & (
  | {
      readonly kind: "captured";
      readonly gatewayPaymentId: string;
      readonly amount: Money;
      /** What the gateway kept, when already known; the fee arrives later for some rails. */
      readonly fee?: GatewayFee;
      readonly capturedAt: Date;
      readonly funding: Funding;
    }
  | {
      readonly kind: "authorized";
      readonly gatewayPaymentId: string;
      readonly amount: Money;
      readonly expiresAt: Date;
    }
  | { readonly kind: "processing"; readonly gatewayPaymentId: string; readonly answerDueAt: Date }
  | {
      readonly kind: "action_required";
      readonly gatewayPaymentId: string;
      readonly action: DonorAction;
      /** The last try on this still-open payment was refused by the bank (the donor may try again). */
      readonly lastDecline?: Decline;
    }
  | { readonly kind: "declined"; readonly gatewayPaymentId?: string; readonly decline: Decline }
  /** Cancelled at the gateway, or expired there, without money. */
  | { readonly kind: "voided"; readonly gatewayPaymentId: string; readonly expired: boolean }
  | { readonly kind: "refused"; readonly problem: Refusal }
  | { readonly kind: "not_sent"; readonly cause: TransportCause }
  | { readonly kind: "in_doubt"; readonly gatewayPaymentId?: string; readonly cause: TransportCause }
);

/**
 * Where the captured money came from: `direct` from the donor's instrument, or `balance`, from money the donor
 * had already sent to an account of theirs at the gateway (booked on arrival by `funds_moved`).
 */
export type Funding = "direct" | "balance";

/** `amount` is all the gateway kept; `tax` is the part of it that is tax on the fee (IVA in Mexico). */
export type GatewayFee = { readonly amount: Money; readonly tax: Money };

export type DonorAction =
  | { readonly type: "redirect"; readonly url: string; readonly expiresAt?: Date }
  | {
      readonly type: "display_voucher";
      /** What the cashier types or scans; `barcode` is the text to encode as Code 128. */
      readonly reference: string;
      readonly barcode: string;
      readonly url?: string;
      readonly expiresAt: Date;
    }
  | {
      readonly type: "display_bank_transfer";
      readonly account: { readonly kind: "clabe" | "account" | "iban"; readonly number: string };
      readonly bank: string;
      readonly beneficiary: string;
      readonly reference?: string;
      /** What is still to be sent: falls as partial transfers arrive. */
      readonly amountRemaining: Money;
      readonly expiresAt?: Date;
      readonly url?: string;
    }
  | { readonly type: "use_sdk"; readonly clientToken: string; readonly publishableKey: string };

export type Decline = {
  readonly reason: DeclineReason;
  readonly retry: RetryAdvice;
  /** The gateway's own word, for support; never shown to a donor and never branched on. */
  readonly rawCode: string;
};

/** One error set for all gateways (facts: methods §8). */
export const declineReasons = [
  "insufficient_funds",
  "card_expired",
  "invalid_card_data",
  "authentication_required",
  "call_issuer",
  "declined_generic",
  "blocked_fraud",
  "limit_exceeded",
  "method_not_allowed",
  "duplicate",
  "mandate_invalid",
  "account_invalid",
  "expired",
  "provider_unavailable",
] as const;
export type DeclineReason = (typeof declineReasons)[number];
export type RetryAdvice = "never" | "new_method" | "fix_details" | "later" | "authenticate";

/** Our fault or our account's: alerts a person; another gateway may be tried. */
export type Refusal = {
  readonly reason: "invalid_request" | "authentication" | "account_problem" | "rate_limited" | "unsupported";
  readonly rawCode: string;
  readonly detail: string;
};

export type TransportCause =
  | "connection_refused"
  | "dns"
  | "timeout"
  | "connection_lost"
  | "gateway_error"
  | "unreadable_answer"
  | "adapter_fault";

export type CancelOutcome = { readonly evidence: Evidence } & (
  | { readonly kind: "voided"; readonly gatewayPaymentId: string }
  | { readonly kind: "too_late"; readonly current: CollectOutcome }
  | { readonly kind: "refused"; readonly problem: Refusal }
  | { readonly kind: "in_doubt" | "not_sent"; readonly cause: TransportCause }
);

export type RefundOutcome = { readonly evidence: Evidence } & (
  | { readonly kind: "succeeded"; readonly gatewayRefundId: string }
  | { readonly kind: "processing"; readonly gatewayRefundId: string }
  /** The donor must give bank details to the gateway (SPEI): the gateway has written to them. */
  | { readonly kind: "action_required"; readonly gatewayRefundId: string }
  | { readonly kind: "failed"; readonly gatewayRefundId?: string; readonly rawCode: string }
  | { readonly kind: "refused"; readonly problem: Refusal }
  | { readonly kind: "in_doubt" | "not_sent"; readonly cause: TransportCause }
);

/** Stored and shown to support; never branched on. `excerpt` has been scrubbed of secrets and donor data. */
export type Evidence = {
  readonly httpStatus?: number;
  readonly gatewayRequestId?: string;
  readonly rawStatus?: string;
  readonly rawCode?: string;
  /** A status or type the adapter did not know: raises an alert. */
  readonly unrecognized?: string;
  readonly excerpt?: string;
};

export type Webhooks = {
  /** Over the raw bytes, constant time, against each live secret. Defaults to `forged`. */
  verify(
    delivery: RawDelivery,
    secrets: readonly Secret[],
    now: Date,
  ): Promise<"genuine" | "forged" | "stale">;
  /** What the door needs before the event is stored: who it is, and whose queue it stands in. */
  envelope(delivery: RawDelivery): Result<EventEnvelope, string>;
  /** The facts inside. One delivery may hold many, or none that matter (`ignored`). */
  read(delivery: RawDelivery): Result<readonly GatewayEvent[], string>;
};

export type RawDelivery = {
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
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
  | { readonly kind: "ignored"; readonly type: string };

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

/** Facts about a gateway, as data. Nothing outside the adapter's folder knows more about it than this. */
export type GatewayManifest = {
  readonly id: string;
  readonly name: string;
  /** Countries (lower case) whose legal entities can hold an account. */
  readonly accountCountries: readonly string[];
  readonly amounts: AmountRules;
  readonly methods: readonly MethodCapability[];
  readonly fees: readonly FeeRule[];
  /** The gateway replays the first answer for a repeated idempotency key, so a lost send may be repeated. */
  readonly repeatsSafely: boolean;
  /** How long after a send a look-up by our own id can be believed when it finds nothing. */
  readonly lookupSettlesAfterMs: number;
  readonly documents: readonly string[];
};

/** How the gateway writes amounts where it differs from ISO 4217. */
export type AmountRules = {
  readonly zeroDecimal: readonly CurrencyCode[];
  /** Sent with two decimals that must be 00, though ISO has none. */
  readonly twoDecimalZeroed: readonly CurrencyCode[];
  /** Three-decimal currencies whose last digit must be 0. */
  readonly threeDecimalRounded: boolean;
  readonly maxDigits: number;
};

/** One method at this gateway, for accounts of the countries named. */
export type MethodCapability = {
  readonly type: MethodType;
  readonly kind: MethodKind;
  readonly countries: readonly string[];
  readonly currencies: readonly CurrencyCode[];
  readonly presentations: readonly Presentation[];
  /** Donor fields the gateway itself insists on. */
  readonly requires: readonly ("name" | "email" | "phone")[];
  readonly minimum: readonly Money[];
  readonly maximum: readonly Money[];
  readonly refunds: "partial" | "full" | "none";
  readonly refundWindowDays?: number;
  /** The gateway keeps an account per donor for this method: its name is stored and used again. */
  readonly remembersDonor?: true;
  /** How long the donor has, when the gateway closes it by itself. */
  readonly expiresAfterDays?: number;
};

/** What the gateway keeps: `percent` of the amount (at most `cap`) plus `fixed`, plus `taxOnFee` of that. */
export type FeeRule = {
  readonly country: string;
  readonly methods: readonly MethodType[];
  readonly percent: Rate;
  readonly fixed: Money;
  readonly cap?: Money;
  readonly taxOnFee?: Rate;
  /** Where the figure stands, and when it was read. */
  readonly source: string;
};
