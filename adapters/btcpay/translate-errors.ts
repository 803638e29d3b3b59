import type { Evidence, Refusal, TransportCause } from "../../src/gateway/payment.ts";
import { problemSchema } from "./wire.ts";

/** How a request can end without an answer to use. BTCPay asks no bank, so nothing is ever declined. */
export type Failure = { readonly evidence: Evidence } & (
  | { readonly kind: "refused"; readonly problem: Refusal }
  | { readonly kind: "not_sent" | "in_doubt"; readonly cause: TransportCause }
);

/**
 * Reads a status that is no 2xx (OpenAPI `ProblemDetails`, `ValidationProblemDetails`; the server answers 422 where
 * the document says 400).
 *
 * - 408, 409, 3xx and 5xx: nobody knows, `in_doubt`;
 * - 429: turned away unread;
 * - 401 and 403: the key is wrong, revoked, or lacks a permission;
 * - other 4xx: the request was read and refused, nothing was made.
 *
 * Of what the server says only codes and field names are kept: free text could echo anything.
 */
export function failureOf(status: number, body: unknown): Failure {
  const said = wordsOf(body);
  const rawCode = said[0] ?? String(status);
  const evidence: Evidence = {
    httpStatus: status,
    rawCode,
    excerpt: `status ${status}${said.length > 0 ? `, named: ${said.join(" ")}` : ""}`.slice(0, 500),
  };
  if (status < 400 || status >= 500 || status === 408 || status === 409) {
    return { kind: "in_doubt", cause: "gateway_error", evidence };
  }
  const [reason, detail] = refusals[status] ?? refusedRequest;
  return { kind: "refused", problem: { reason, rawCode, detail }, evidence };
}

type Words = readonly [Refusal["reason"], string];
const refusedRequest: Words = ["invalid_request", "BTCPay Server refused the request."];
const refusals: Readonly<Record<number, Words>> = {
  401: ["authentication", "BTCPay Server does not know the API key."],
  403: ["account_problem", "The API key lacks a permission for this store."],
  404: ["account_problem", "BTCPay Server knows no such store or invoice."],
  429: ["rate_limited", "BTCPay Server asks to slow down."],
};

const word = /^[\w.[\]-]{1,80}$/;

function wordsOf(body: unknown): readonly string[] {
  const read = problemSchema.safeParse(body);
  if (!read.success) return [];
  const named = Array.isArray(read.data) ? read.data.map(({ path }) => path) : [read.data.code];
  return named.flatMap((name) => (typeof name === "string" && word.test(name) ? [name] : [])).slice(0, 10);
}
