import type { PaymentIntent } from "./wire.ts";

/** The body under `error` in Stripe's answers (Stripe OpenAPI 2022-11-15, `api_errors`). */
export type ErrorBody = {
  readonly type: "api_error" | "card_error" | "idempotency_error" | "invalid_request_error";
  readonly message: string;
  readonly code?: string;
  readonly decline_code?: string;
  readonly param?: string;
  readonly charge?: string;
  readonly doc_url?: string;
  readonly payment_intent?: PaymentIntent;
  readonly payment_method?: object;
};

/**
 * Stripe's refusal of a call. It is thrown so that it unwinds the store's transaction: whatever the call had
 * written by then is taken back, as at Stripe. A card decline is no refusal, since what it wrote stays: handlers
 * return it as an answer.
 */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  readonly body: ErrorBody;
  /** Refused before the endpoint began to run, so Stripe keeps no answer under the idempotency key. */
  readonly beforeRunning: boolean;

  constructor(status: number, body: ErrorBody, beforeRunning = false) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.beforeRunning = beforeRunning;
  }
}

type Details = { readonly code?: string; readonly param?: string; readonly status?: number } & Pick<
  ErrorBody,
  "payment_intent" | "charge"
>;

/** A 400 `invalid_request_error` (another status when named) from a running endpoint. */
export function invalid(message: string, details: Details = {}): Refusal {
  const { status = 400, code, ...rest } = details;
  const coded = code
    ? { code, doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}` }
    : {};
  return new Refusal(status, { type: "invalid_request_error", message, ...coded, ...rest });
}

/** A parameter that is malformed, missing or unknown: refused before the endpoint runs. */
export function badParameter(message: string, param: string, code?: string): Refusal {
  const { body } = invalid(message, code ? { param, code } : { param });
  return new Refusal(400, body, true);
}

/** No object with this id: 404 when it is named in the path, 400 when it is a parameter (`param`). */
export function missing(what: string, id: string, param?: string): Refusal {
  return invalid(`No such ${what}: '${id}'`, {
    code: "resource_missing",
    param: param ?? "id",
    status: param ? 400 : 404,
  });
}

/** Why whoever plays the bank or the donor cannot do this. */
export const unplayable = (sentence: string): Refusal =>
  new Refusal(400, { type: "invalid_request_error", message: sentence });
