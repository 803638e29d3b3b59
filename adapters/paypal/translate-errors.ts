import type { Decline, Evidence, Refusal, TransportCause } from "../../src/gateway/payment.ts";
import { exhaustive } from "../../src/kernel/result.ts";
import { type DonorWords, evidence, scrub } from "./evidence.ts";
import { issueVerdict } from "./issue-codes.ts";
import { errorSchema } from "./wire.ts";

/** How a request to PayPal can end without a body to use. Each is also a `CollectOutcome`. */
export type Failure = { readonly evidence: Evidence } & (
  | { readonly kind: "declined"; readonly decline: Decline }
  | { readonly kind: "refused"; readonly problem: Refusal }
  | { readonly kind: "not_sent" | "in_doubt"; readonly cause: TransportCause }
);

/** One HTTP answer, as far as errors are concerned. */
export type HttpSeen = {
  readonly status: number;
  readonly debugId: string | undefined;
  readonly body: unknown;
};

/**
 * Reads an answer that is no 2xx (PayPal docs "API responses" and "Orders v2 errors"; facts: methods §8).
 *
 * - 408, 409 and 5xx settle nothing: another request may hold the id, or PayPal failed after it began;
 * - 429: turned away unread;
 * - 401 and 403: the credentials, or what the account may do;
 * - other 4xx: the first issue decides, by `issue-codes.ts`. An issue nobody has documented is `refused` with an
 *   alert: a 4xx means that nothing was booked, whatever the word.
 */
export function failureFrom(seen: HttpSeen, words: DonorWords): Failure {
  const { status } = seen;
  const read = errorSchema.safeParse(seen.body);
  const said = read.success ? read.data : {};
  const issue = said.details?.find((detail) => detail.issue !== undefined)?.issue;
  const rawCode = issue ?? said.error ?? said.name ?? String(status);
  const proof = evidence({
    httpStatus: status,
    gatewayRequestId: seen.debugId ?? said.debug_id,
    rawCode,
    excerpt: scrub(JSON.stringify(said), words),
  });
  if (status < 400 || status === 408 || status === 409 || status >= 500) {
    return { kind: "in_doubt", cause: "gateway_error", evidence: proof };
  }
  const detail = scrub(said.details?.[0]?.description ?? said.error_description ?? said.message ?? "", words);
  const refused = (reason: Refusal["reason"], unrecognized?: string): Failure => ({
    kind: "refused",
    problem: { reason, rawCode, detail },
    evidence: { ...proof, ...evidence({ unrecognized }) },
  });
  if (status === 429) return refused("rate_limited");
  if (status === 401 && issue === undefined) return refused("authentication");
  const verdict = issue === undefined ? undefined : issueVerdict(issue);
  if (verdict === undefined) {
    return refused(status === 403 ? "account_problem" : "invalid_request", issue);
  }
  switch (verdict.as) {
    case "declined": {
      const decline: Decline = { reason: verdict.reason, retry: verdict.retry, rawCode };
      return { kind: "declined", decline, evidence: proof };
    }
    case "refused":
      return refused(verdict.reason);
    case "in_doubt":
      return { kind: "in_doubt", cause: "gateway_error", evidence: proof };
    default:
      return exhaustive(verdict);
  }
}

/** PayPal's word for why, wherever the failure keeps it. */
export const rawCodeOf = (failure: Failure): string => failure.evidence.rawCode ?? failure.kind;

/**
 * A read that failed says nothing about what was asked for, however definite it sounds (a revoked credential
 * answers 401 while the donor's money is on its way): always in doubt.
 */
export function unread(failure: Failure): { kind: "in_doubt"; cause: TransportCause; evidence: Evidence } {
  const cause = failure.kind === "in_doubt" || failure.kind === "not_sent" ? failure.cause : "gateway_error";
  return { kind: "in_doubt", cause, evidence: failure.evidence };
}
