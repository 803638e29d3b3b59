import type { AttemptId, DonationId, RefundId } from "../kernel/ids.ts";
import type { Money } from "../kernel/money.ts";
import type { Result } from "../kernel/result.ts";
import type { GatewayCall } from "./adapter.ts";
import type { MethodType, Presentation } from "./methods.ts";

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

export type Holds = {
  /** Takes what was authorized: a PayPal order the donor approved. Safe to repeat with the same key. */
  capture(handle: AttemptHandle, call: GatewayCall): Promise<CollectOutcome>;
};

export type CollectOrder = {
  readonly attemptId: AttemptId;
  readonly donationId: DonationId;
  readonly amount: Money;
  /** ISO 3166-1 alpha-2, lower case: the country whose rails are used. */
  readonly country: string;
  readonly method: CollectMethod;
  readonly donor: CollectDonor;
  /** The church's name: what the donor sees on the gateway's page and on the statement. */
  readonly description: string;
  /** Our page about this gift, and the same after the donor turned back at the gateway. */
  readonly returnUrl: string;
  readonly cancelUrl: string;
  /** Where this account's webhooks go, for gateways that are told with each payment. */
  readonly notificationUrl: string;
  /** BCP 47, e.g. `es-MX`. */
  readonly locale: string;
  /** `YYYY-MM-DD` in the country's time, where a pledge falls due on a day; rails without due dates leave it out. */
  readonly dueOn?: string;
  /** When it was handed over, for what is entered after the fact. */
  readonly receivedAt?: Date;
  /**
   * The donor's yes to being debited, where our own page took it: a bank debit with `token` needs it. Part of the
   * order, so that a repeat carries the same words.
   */
  readonly mandateAcceptance?: Device;
};

/** From where the donor acts; some rails want to be told (PSE). */
export type Device = { readonly ipAddress: string; readonly userAgent: string };

export type CollectMethod = {
  readonly type: MethodType;
  readonly presentation: Presentation;
  /** A gateway token made by the gateway's hosted fields; never a card number. Only with `token`. */
  readonly token?: string;
  /** The gateway's code of the bank the donor chose, for methods that ask (`Banks`). */
  readonly bank?: string;
};

export type CollectDonor = {
  readonly name?: string;
  readonly email?: string;
  /** With country code, e.g. `+573001234567`. */
  readonly phone?: string;
  /** A document of the country, compact, and which one it is (`cpf`, `cc`, `nit` …). */
  readonly taxId?: { readonly type: string; readonly number: string };
  readonly address?: PostalAddress;
  readonly device?: Device;
  /** The gateway's own id for this donor, if an earlier collect made one (see `CollectOutcome.customerRef`). */
  readonly customerRef?: string;
  /** Our stable, meaningless name for the donor at this gateway, for making that customer idempotently. */
  readonly reference: string;
};

export type PostalAddress = {
  readonly street: string;
  readonly number?: string;
  readonly district?: string;
  readonly city: string;
  /** State, department or province, as the country abbreviates it. */
  readonly region?: string;
  readonly postalCode?: string;
};

/** An attempt, as it is asked about: what was ordered, so that an answer can be made even by who keeps no books. */
export type AttemptHandle = {
  readonly attemptId: AttemptId;
  /** Absent when the first answer was lost. */
  readonly gatewayPaymentId?: string;
  readonly method: MethodType;
  readonly country: string;
  readonly amount: Money;
  readonly createdAt: Date;
};
export type RefundHandle = {
  readonly refundId: RefundId;
  readonly gatewayPaymentId: string;
  readonly gatewayRefundId?: string;
  readonly method: MethodType;
  readonly amount: Money;
};

export type RefundOrder = {
  readonly refundId: RefundId;
  readonly gatewayPaymentId: string;
  readonly amount: Money;
  /** Captured and not yet given back before this refund: equal to `amount` when this is the rest of it. */
  readonly refundable: Money;
  readonly method: MethodType;
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
 * Where what was captured came from: `direct` from the donor's instrument; `balance`, from money the donor had already
 * sent to an account of theirs at the gateway (booked on arrival by `funds_moved`); `in_kind`, a thing at its fair
 * value, and no money anywhere.
 */
export type Funding = "direct" | "balance" | "in_kind";

/** `amount` is all the gateway kept; `tax` is the part of it that is tax on the fee (IVA in Mexico). */
export type GatewayFee = { readonly amount: Money; readonly tax: Money };

export type DonorAction =
  | { readonly type: "redirect"; readonly url: string; readonly expiresAt?: Date }
  | {
      readonly type: "display_voucher";
      /** What the cashier types, in the groups it is read in. */
      readonly reference: string;
      /** Whom the cashier looks up first, where there is such a number: Efecty's convenio, Multibanco's entidade. */
      readonly payee?: string;
      readonly barcode?: { readonly format: "code128" | "itf"; readonly text: string };
      /** The gateway's own page or PDF of the voucher. */
      readonly url?: string;
      readonly expiresAt: Date;
    }
  | {
      readonly type: "display_qr";
      /** The text of the QR code, which is also what the donor may copy into their bank's app. */
      readonly payload: string;
      readonly url?: string;
      readonly expiresAt: Date;
    }
  | {
      readonly type: "display_bank_transfer";
      readonly account: {
        readonly kind: "clabe" | "account" | "iban" | "phone";
        readonly number: string;
      };
      /** What finds the bank where the number alone does not: a BIC, an ABA routing number, a sort code. */
      readonly route?: { readonly kind: "bic" | "aba" | "sort_code" | "branch"; readonly number: string };
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
  /** The card network's advice on trying again, as two digits (Mastercard's advice code, MAC). */
  readonly adviceCode?: string;
  /** The issuer's own answer in the network's words (ISO 8583 field 39), such as `51`. */
  readonly networkCode?: string;
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
  /**
   * The donor must act before the money can go back. Without `claimUrl` the gateway has written to them (SPEI asks for
   * bank details). With it nobody has: it is the gateway's page on which the refund is claimed, worth the refund to
   * whoever opens it, so it is kept sealed, shown to the donor and to who asked for the refund, and never logged.
   */
  | { readonly kind: "action_required"; readonly gatewayRefundId: string; readonly claimUrl?: string }
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
