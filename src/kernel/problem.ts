/**
 * Why a request was not carried out, as a value. The closed list of codes is the outside's vocabulary
 * (CONTRACT, RFC 9457); `http/problems.ts` alone knows their statuses and titles.
 */
export type Problem = {
  readonly code: ProblemCode;
  /** What went wrong and how to mend it, for the engineer reading it. */
  readonly detail: string;
  /** One line per field at fault: a JSON pointer into the request, and how to mend it. */
  readonly errors?: readonly FieldError[];
  /** When trying again makes sense, in whole seconds. */
  readonly retryAfterSeconds?: number;
};

export type FieldError = { readonly pointer: string; readonly detail: string };

export const problemCodes = [
  "malformed_json",
  "invalid_request",
  "unsupported_media_type",
  "body_too_large",
  "unauthenticated",
  "key_expired",
  "key_revoked",
  "forbidden",
  "not_found",
  "method_not_allowed",
  "idempotency_key_missing",
  "idempotency_key_invalid",
  "idempotency_key_reused",
  "idempotency_in_flight",
  "currency_unknown",
  "amount_invalid",
  "amount_out_of_range",
  "payment_method_not_offered",
  "donor_field_missing",
  "donor_field_invalid",
  "allocations_do_not_add_up",
  "fund_unknown",
  "church_unknown",
  "conflict",
  "donation_not_cancelable",
  "donation_not_refundable",
  "refund_exceeds_remaining",
  "gateway_account_missing",
  "gateway_unavailable",
  "gateway_refused",
  "webhook_signature_invalid",
  "webhook_timestamp_stale",
  "too_many_requests",
  "overloaded",
  "internal_error",
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/** A problem about one field. `pointer` is a JSON pointer such as `/donor/email`. */
export function fieldProblem(code: ProblemCode, pointer: string, detail: string): Problem {
  return { code, detail, errors: [{ pointer, detail }] };
}
