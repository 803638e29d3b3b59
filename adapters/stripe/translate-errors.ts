import Stripe from "stripe";
import { z } from "zod";
import type { Decline, Evidence, Refusal, TransportCause } from "../../src/gateway/payment.ts";
import { transportFailure } from "../../src/gateway/transport-cause.ts";
import { declineOf } from "./codes.ts";
import { errorVerdict } from "./error-codes.ts";
import { type DonorWords, evidence, scrub } from "./evidence.ts";

/** How a request to Stripe can end without an answer to use. Each is also a `CollectOutcome`. */
export type Failure = { readonly evidence: Evidence } & (
  | { readonly kind: "declined"; readonly gatewayPaymentId?: string; readonly decline: Decline }
  | { readonly kind: "refused"; readonly problem: Refusal }
  | { readonly kind: "not_sent" | "in_doubt"; readonly cause: TransportCause }
);

/**
 * Reads what the SDK threw (Stripe docs "Error handling"; facts: methods §8).
 *
 * - the connection failed: `not_sent` only when it provably never existed, else `in_doubt`;
 * - 402: the bank said no;
 * - 409 and 5xx: another request holds the key, or Stripe failed: nobody knows, `in_doubt`;
 * - `idempotency_error` (the key was used with other parameters): Stripe has seen this key, so a payment may
 *   exist under it: `in_doubt`, never `refused`, which would let another gateway charge the donor again;
 * - 429: Stripe turned it away unread, `refused` as `rate_limited`;
 * - other 4xx: refused, unless the code says that the bank or the donor's details were at fault;
 * - an answer that is not JSON, or anything else: `in_doubt`.
 */
export function failureOf(error: unknown, words: DonorWords): Failure {
  if (!(error instanceof Stripe.errors.StripeError)) {
    return { kind: "in_doubt", cause: "unreadable_answer", evidence: {} };
  }
  const seen = evidenceOf(error, words);
  if (error instanceof Stripe.errors.StripeConnectionError) {
    return { ...transportFailure(error), evidence: seen };
  }
  const status = error.statusCode;
  if (status === undefined) return { kind: "in_doubt", cause: "unreadable_answer", evidence: seen };
  if (error instanceof Stripe.errors.StripeIdempotencyError || error.rawType === "idempotency_error") {
    return { kind: "in_doubt", cause: "gateway_error", evidence: { ...seen, rawCode: "idempotency_error" } };
  }
  if (status === 402) return declinedBy(error, seen);
  if (status < 400 || status === 409 || status >= 500) {
    return { kind: "in_doubt", cause: "gateway_error", evidence: seen };
  }
  return refusedBy(error, status, seen, words);
}

/** The intent a decline is about: one to pay, or one to save. */
const intentId = z.object({ id: z.string() });

function declinedBy(error: Stripe.errors.StripeError, seen: Evidence): Failure {
  const { decline, unrecognized } = declineOf(error);
  const intent = intentId.safeParse(error.payment_intent ?? error.setup_intent);
  return {
    kind: "declined",
    decline,
    ...(intent.success ? { gatewayPaymentId: intent.data.id } : {}),
    evidence: unrecognized === undefined ? seen : { ...seen, unrecognized },
  };
}

function refusedBy(
  error: Stripe.errors.StripeError,
  status: number,
  seen: Evidence,
  words: DonorWords,
): Failure {
  // The token is the donor's part of the order: one that Stripe does not know is theirs to replace.
  if (error.code === "resource_missing" && error.param === "payment_method") {
    const decline = { reason: "invalid_card_data", retry: "new_method", rawCode: error.code } as const;
    return { kind: "declined", decline, evidence: seen };
  }
  const verdict = error.code === undefined ? undefined : errorVerdict(error.code);
  if (verdict?.as === "declined") return declinedBy(error, seen);
  const problem: Refusal = {
    reason: refusalReason(status, verdict?.reason),
    rawCode: error.code ?? error.rawType ?? String(status),
    detail: scrub(error.message, words),
  };
  const unknown = error.code !== undefined && verdict === undefined ? error.code : undefined;
  return { kind: "refused", problem, evidence: { ...seen, ...evidence({ unrecognized: unknown }) } };
}

function refusalReason(status: number, byCode: Refusal["reason"] | undefined): Refusal["reason"] {
  if (status === 429) return "rate_limited";
  if (status === 401) return "authentication";
  if (status === 403) return "account_problem";
  return byCode ?? "invalid_request";
}

function evidenceOf(error: Stripe.errors.StripeError, words: DonorWords): Evidence {
  const said = {
    type: error.rawType,
    code: error.code,
    decline_code: error.decline_code || undefined,
    param: error.param,
    message: error.message,
  };
  return evidence({
    httpStatus: error.statusCode,
    gatewayRequestId: error.requestId,
    rawCode: error.decline_code || error.code || error.rawType,
    excerpt: scrub(JSON.stringify(said), words),
  });
}
