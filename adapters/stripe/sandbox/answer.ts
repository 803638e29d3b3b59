import type { ErrorBody, Refusal } from "./refusal.ts";
import type { PaymentIntent } from "./wire.ts";

/** What goes back over HTTP; `body` is written as JSON. */
export type Answer = { readonly status: number; readonly body: object };

export const ok = (body: object): Answer => ({ status: 200, body });

/** A refusal as an answer, for the endpoints whose writes must stay although they refuse. */
export const answerOf = (refusal: Refusal, requestId: string | null): Answer => ({
  status: refusal.status,
  body: { error: { ...refusal.body, ...logged(requestId) } },
});

/**
 * The intent as it is, or, when its last attempt was just declined, Stripe's 402 `card_error` that carries it.
 */
export function answerFor(intent: PaymentIntent, requestId: string | null): Answer {
  const failure = intent.last_payment_error;
  if (intent.status !== "requires_payment_method" || !failure) return ok(intent);
  const type = failure.type === "card_error" ? "card_error" : "invalid_request_error";
  const error: ErrorBody = {
    ...(failure.charge ? { charge: failure.charge } : {}),
    ...(failure.code ? { code: failure.code } : {}),
    ...(failure.decline_code ? { decline_code: failure.decline_code } : {}),
    ...(failure.doc_url ? { doc_url: failure.doc_url } : {}),
    message: failure.message ?? "Your card was declined.",
    payment_intent: intent,
    ...(failure.payment_method ? { payment_method: failure.payment_method } : {}),
    type,
  };
  return { status: type === "card_error" ? 402 : 400, body: { error: { ...error, ...logged(requestId) } } };
}

const logged = (requestId: string | null): object =>
  requestId ? { request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}` } : {};
