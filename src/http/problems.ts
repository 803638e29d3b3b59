import { z } from "@hono/zod-openapi";
import type { Problem, ProblemCode } from "../kernel/problem.ts";

type Row = {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 502 | 503;
  readonly title: string;
};

/** The closed list: code → status → title (RFC 9457). 422 is for what was understood and cannot be done. */
export const problems: Readonly<Record<ProblemCode, Row>> = {
  malformed_json: { status: 400, title: "The body is not valid JSON" },
  invalid_request: { status: 400, title: "The request does not have the right shape" },
  unsupported_media_type: { status: 415, title: "The content type is not one we read" },
  body_too_large: { status: 413, title: "The body is too large" },
  unauthenticated: { status: 401, title: "A valid API key is needed" },
  key_expired: { status: 401, title: "The API key has expired" },
  key_revoked: { status: 401, title: "The API key has been revoked" },
  forbidden: { status: 403, title: "The API key may not do this" },
  not_found: { status: 404, title: "There is no such thing here" },
  method_not_allowed: { status: 405, title: "The address does not take this method" },
  idempotency_key_missing: { status: 400, title: "An Idempotency-Key header is needed" },
  idempotency_key_invalid: { status: 400, title: "The Idempotency-Key header is not usable" },
  idempotency_key_reused: { status: 422, title: "The idempotency key was used for another request" },
  idempotency_in_flight: { status: 409, title: "The first request with this key is still running" },
  currency_unknown: { status: 422, title: "The currency is not known" },
  amount_invalid: { status: 422, title: "The amount is not valid" },
  amount_out_of_range: { status: 422, title: "The amount is outside the method's limits" },
  payment_method_not_offered: { status: 422, title: "The payment method is not offered here" },
  donor_field_missing: { status: 422, title: "A field about the donor is missing" },
  donor_field_invalid: { status: 422, title: "A field about the donor is not valid" },
  allocations_do_not_add_up: { status: 422, title: "The allocations do not add up to the amount" },
  fund_unknown: { status: 422, title: "The fund is not one of this church's" },
  church_unknown: { status: 404, title: "There is no such church" },
  conflict: { status: 409, title: "This conflicts with what is already there" },
  donation_not_cancelable: { status: 409, title: "The donation can no longer be canceled" },
  donation_not_refundable: { status: 409, title: "The donation cannot be refunded" },
  refund_exceeds_remaining: { status: 422, title: "The refund is more than what is left" },
  gateway_account_missing: { status: 422, title: "The church has no gateway account for this" },
  gateway_unavailable: { status: 503, title: "The gateway could not be reached; nothing was charged" },
  gateway_refused: { status: 502, title: "The gateway refused the request" },
  webhook_signature_invalid: { status: 401, title: "The webhook's signature is not valid" },
  webhook_timestamp_stale: { status: 401, title: "The webhook's timestamp is too far from now" },
  too_many_requests: { status: 429, title: "Too many requests" },
  overloaded: { status: 503, title: "The service is at capacity" },
  internal_error: { status: 500, title: "Something went wrong on our side" },
};

/** The problem document, as OpenAPI shows it. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    request_id: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .openapi("Problem");

/** Renders a problem as `application/problem+json`. */
export function problemResponse(problem: Problem, requestId: string): Response {
  const { status, title } = problems[problem.code];
  const body: z.infer<typeof problemSchema> = {
    type: `https://ofrenda.dev/problems/${problem.code}`,
    title,
    status,
    detail: problem.detail,
    code: problem.code,
    request_id: requestId,
    ...(problem.errors ? { errors: [...problem.errors] } : {}),
  };
  const headers = new Headers({ "content-type": "application/problem+json", "x-request-id": requestId });
  if (problem.retryAfterSeconds !== undefined) headers.set("retry-after", String(problem.retryAfterSeconds));
  if (status === 401) headers.set("www-authenticate", 'Bearer realm="ofrenda"');
  return new Response(JSON.stringify(body), { status, headers });
}
