import { MercadoPagoError, MPConnectionError } from "mercadopago";
import { z } from "zod";
import type { Decline, Evidence, Refusal, TransportCause } from "../../src/gateway/payment.ts";
import { transportFailure } from "../../src/gateway/transport-cause.ts";
import { alreadyPosted, donorFault } from "./codes.ts";
import { type DonorWords, scrub } from "./evidence.ts";

/** How a request can end without an answer to use. Each is also a `CollectOutcome`. */
export type Failure = { readonly evidence: Evidence } & (
  | { readonly kind: "declined"; readonly decline: Decline }
  | { readonly kind: "refused"; readonly problem: Refusal }
  | { readonly kind: "not_sent" | "in_doubt"; readonly cause: TransportCause }
);

const causeSchema = z.object({
  code: z.union([z.string(), z.number()]).transform(String).optional(),
  description: z.string().nullish(),
});

/**
 * Reads what the SDK threw, or the transport under our own requests (facts: methods §8).
 *
 * - the connection failed: `not_sent` only when it provably never existed;
 * - 409, 423, 424, 5xx, and "already posted the same request": nobody knows, `in_doubt`;
 * - 429: turned away unread, `refused` as `rate_limited`;
 * - 401, 403: the credentials or the account;
 * - other 4xx: refused, unless its cause is the donor's to mend;
 * - anything else, such as a body that is no JSON object: `in_doubt`.
 */
export function failureOf(error: unknown, seen: Evidence, words: DonorWords): Failure {
  if (error instanceof MPConnectionError) {
    // The SDK keeps what happened in a field of its own, not in `cause`.
    return { ...transportFailure(Reflect.get(error, "__cause__")), evidence: seen };
  }
  if (!(error instanceof MercadoPagoError)) {
    if (seen.httpStatus === undefined) return { ...transportFailure(error), evidence: seen };
    return { kind: "in_doubt", cause: "unreadable_answer", evidence: seen };
  }
  const causes = z.array(causeSchema).safeParse(error.causes).data ?? [];
  const said = { error: error.error, message: error.message, cause: causes };
  const codes = causes.flatMap(({ code }) => (code === undefined ? [] : [code]));
  const rawCode = codes[0] ?? (error.error === "" ? String(error.status) : error.error);
  const evidence: Evidence = { ...seen, rawCode, excerpt: scrub(JSON.stringify(said), words) };
  if (isUnsettled(error.status) || codes.includes(alreadyPosted)) {
    return { kind: "in_doubt", cause: "gateway_error", evidence };
  }
  const fault = codes.find((code) => donorFault(code) !== undefined);
  const verdict = fault === undefined ? undefined : donorFault(fault);
  if (fault !== undefined && verdict) {
    return { kind: "declined", decline: { ...verdict, rawCode: fault }, evidence };
  }
  const detail = scrub(causes[0]?.description ?? error.message, words);
  return { kind: "refused", problem: { reason: refusalReason(error.status), rawCode, detail }, evidence };
}

/** A conflict or a lock tells of another request under the same key; a broken gateway may have done its work. */
const isUnsettled = (status: number): boolean =>
  status < 400 || status === 409 || status === 423 || status === 424 || status >= 500;

function refusalReason(status: number): Refusal["reason"] {
  if (status === 401) return "authentication";
  if (status === 403) return "account_problem";
  return status === 429 ? "rate_limited" : "invalid_request";
}

/**
 * A read that failed says nothing about the money, however definite it sounds (a revoked key answers 401 while the
 * donor's money is on its way): always `in_doubt`.
 */
export function unknown(failure: Failure): {
  readonly kind: "in_doubt";
  readonly cause: TransportCause;
  readonly evidence: Evidence;
} {
  const cause = "cause" in failure ? failure.cause : "gateway_error";
  return { kind: "in_doubt", cause, evidence: failure.evidence };
}
