import type Stripe from "stripe";
import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type {
  AttemptHandle,
  CancelOutcome,
  CollectOrder,
  CollectOutcome,
  NeverSeen,
  Payments,
} from "../../src/gateway/payment.ts";
import { err, ok } from "../../src/kernel/result.ts";
import type { StripeAmount } from "./amounts.ts";
import { isFromBalance, isRedirect } from "./carried.ts";
import { type Answer, ask, reading, writing } from "./client.ts";
import { donorWords } from "./evidence.ts";
import { findAttempt, findSessionOf, isSessionId } from "./find-attempt.ts";
import { lookupRefund, refund } from "./refunds.ts";
import type { Failure } from "./translate-errors.ts";
import {
  customerParams,
  intentExpand,
  intentParams,
  readyToSend,
  sessionExpand,
  sessionParams,
} from "./translate-order.ts";
import { intentOutcome, needsSession, sessionOutcome } from "./translate-outcome.ts";
import {
  accountSchema,
  customerSchema,
  paymentIntentSchema,
  sessionSchema,
  type WirePaymentIntent,
  type WireSession,
} from "./wire.ts";

/** One gateway account, ready to call. */
export type StripeAccount = { readonly stripe: Stripe; readonly publishableKey: string };

/** The payments side of the adapter. Stateless: everything comes from the account, the order and the call. */
export function stripePayments(account: StripeAccount): Payments {
  return {
    collect: (order, call) => collect(account, order, call),
    lookup: (handle, call) => lookup(account, handle, call),
    cancel: (handle, call) => cancel(account, handle, call),
    refund: (order, call) => refund(account.stripe, order, call),
    lookupRefund: (handle, call) => lookupRefund(account.stripe, handle, call),
    checkCredentials: (call) => checkCredentials(account.stripe, call),
  };
}

async function collect(
  account: StripeAccount,
  order: CollectOrder,
  call: GatewayCall,
): Promise<CollectOutcome> {
  const ready = readyToSend(order);
  if (!ready.ok) return { kind: "refused", problem: ready.error, evidence: {} };
  const { type, presentation } = order.method;
  const onStripesPage = presentation === "hosted" && !isRedirect(type);
  if (onStripesPage) return collectHosted(account, order, ready.value, call);
  if (isFromBalance(type)) return collectFromBalance(account, order, ready.value, call);
  return createIntent(account, order, ready.value, call);
}

async function createIntent(
  account: StripeAccount,
  order: CollectOrder,
  amount: StripeAmount,
  call: GatewayCall,
  customer?: string,
): Promise<CollectOutcome> {
  const params = intentParams(order, amount, customer);
  const answer = await ask(paymentIntentSchema, { call, words: donorWords(order) }, () =>
    account.stripe.paymentIntents.create(params, writing(call)),
  );
  return answer.ok ? intentAnswer(account, answer, call) : answer.failure;
}

async function collectHosted(
  account: StripeAccount,
  order: CollectOrder,
  amount: StripeAmount,
  call: GatewayCall,
): Promise<CollectOutcome> {
  const params = sessionParams(order, amount);
  const answer = await ask(sessionSchema, { call, words: donorWords(order) }, () =>
    account.stripe.checkout.sessions.create(params, writing(call)),
  );
  return answer.ok ? sessionAnswer(account, answer, call) : answer.failure;
}

/**
 * SPEI: the CLABE belongs to a Stripe customer, so the donor's is used or made first, under its own key
 * (`<key>:customer`). Whatever becomes of that request, no payment exists yet: a lost answer is `not_sent`.
 */
async function collectFromBalance(
  account: StripeAccount,
  order: CollectOrder,
  amount: StripeAmount,
  call: GatewayCall,
): Promise<CollectOutcome> {
  const known = order.donor.customerRef;
  if (known !== undefined) return createIntent(account, order, amount, call, known);
  const half = { ...call, timeoutMs: call.timeoutMs / 2 };
  const made = await ask(customerSchema, { call: half, words: donorWords(order) }, () =>
    account.stripe.customers.create(customerParams(order), writing(half, ":customer")),
  );
  if (made.ok) {
    const outcome = await createIntent(account, order, amount, half, made.value.id);
    return { customerRef: made.value.id, ...outcome };
  }
  const failure = made.failure;
  return failure.kind === "in_doubt" ? { ...failure, kind: "not_sent" } : failure;
}

export const intentAnswer = (
  account: StripeAccount,
  answer: Answer<WirePaymentIntent> & { ok: true },
  call: GatewayCall,
): CollectOutcome =>
  intentOutcome(answer.value, {
    publishableKey: account.publishableKey,
    asOf: call.now,
    evidence: answer.evidence,
  });

const sessionAnswer = (
  account: StripeAccount,
  answer: Answer<WireSession> & { ok: true },
  call: GatewayCall,
): CollectOutcome =>
  sessionOutcome(answer.value, {
    publishableKey: account.publishableKey,
    asOf: call.now,
    evidence: answer.evidence,
  });

/**
 * A read that failed says nothing about the attempt, however definite it sounds (a revoked key answers 401
 * while the donor's money is on its way): it is always `in_doubt`.
 */
function unknown(failure: Failure): Extract<CollectOutcome, { kind: "in_doubt" }> {
  const cause = failure.kind === "in_doubt" || failure.kind === "not_sent" ? failure.cause : "gateway_error";
  return { kind: "in_doubt", cause, evidence: failure.evidence };
}

/**
 * What Stripe knows now. The handle may hold either id: an intent's (`pi_…`), or a session's (`cs_…`) while the
 * donor had not yet tried on Stripe's page. An unfinished intent of that page is answered through its session
 * (found by `payment_intent`), and a session through its expanded intent, so both ids lead to the same answer.
 * Without an id the attempt is found by the `attempt_id` in the metadata: see `find-attempt.ts`.
 */
async function lookup(
  account: StripeAccount,
  handle: AttemptHandle,
  call: GatewayCall,
): Promise<CollectOutcome | NeverSeen> {
  const id = handle.gatewayPaymentId;
  if (id !== undefined) {
    return isSessionId(id) ? lookupSession(account, id, call) : lookupIntent(account, id, call);
  }
  const found = await findAttempt(account.stripe, handle.attemptId, call);
  switch (found.kind) {
    case "intent":
      return lookupIntent(account, found.id, call);
    case "session":
      return lookupSession(account, found.id, call);
    case "never_seen":
      return { kind: "never_seen", evidence: found.evidence };
    case "unsettled":
      return { kind: "in_doubt", cause: "connection_lost", evidence: found.evidence };
    case "failed":
      return unknown(found.failure);
  }
}

async function lookupIntent(account: StripeAccount, id: string, call: GatewayCall): Promise<CollectOutcome> {
  const answer = await ask(paymentIntentSchema, { call }, () =>
    account.stripe.paymentIntents.retrieve(id, { expand: [...intentExpand] }, reading(call)),
  );
  if (!answer.ok) return { ...unknown(answer.failure), gatewayPaymentId: id };
  if (!needsSession(answer.value)) return intentAnswer(account, answer, call);
  const session = await findSessionOf(account.stripe, id, call);
  if (!session.ok) return { ...unknown(session.failure), gatewayPaymentId: id };
  return intentOutcome(answer.value, {
    publishableKey: account.publishableKey,
    asOf: call.now,
    evidence: answer.evidence,
    ...(session.value ? { session: session.value } : {}),
  });
}

async function lookupSession(account: StripeAccount, id: string, call: GatewayCall): Promise<CollectOutcome> {
  const answer = await ask(sessionSchema, { call }, () =>
    account.stripe.checkout.sessions.retrieve(id, { expand: [...sessionExpand] }, reading(call)),
  );
  return answer.ok
    ? sessionAnswer(account, answer, call)
    : { ...unknown(answer.failure), gatewayPaymentId: id };
}

/**
 * Stops a payment: an intent is cancelled, Stripe's page is expired (Stripe refuses to cancel an intent that
 * its own page made). Whatever was refused because it came too late is answered with the present state.
 */
async function cancel(
  account: StripeAccount,
  handle: AttemptHandle,
  call: GatewayCall,
): Promise<CancelOutcome> {
  const current = await lookup(account, handle, call);
  if (current.kind === "never_seen") {
    const problem = {
      reason: "invalid_request",
      rawCode: "never_seen",
      detail: "Stripe has no such payment",
    } as const;
    return { kind: "refused", problem, evidence: current.evidence };
  }
  if (current.kind === "in_doubt" || current.kind === "not_sent") {
    return { kind: "in_doubt", cause: current.cause, evidence: current.evidence };
  }
  if (current.kind === "refused")
    return { kind: "refused", problem: current.problem, evidence: current.evidence };
  const id = current.gatewayPaymentId ?? handle.gatewayPaymentId;
  if (current.kind === "voided" || id === undefined) {
    return { kind: "voided", gatewayPaymentId: id ?? handle.attemptId, evidence: current.evidence };
  }
  if (current.kind === "captured") return { kind: "too_late", current, evidence: current.evidence };
  return stop(account, { ...handle, gatewayPaymentId: id }, call);
}

async function stop(
  account: StripeAccount,
  handle: AttemptHandle & { readonly gatewayPaymentId: string },
  call: GatewayCall,
): Promise<CancelOutcome> {
  const id = handle.gatewayPaymentId;
  const session = isSessionId(id) ? id : await openSession(account.stripe, id, call);
  const answer = session
    ? await ask(sessionSchema, { call }, () =>
        account.stripe.checkout.sessions.expire(
          session,
          { expand: ["payment_intent"] },
          writing(call, ":cancel"),
        ),
      )
    : await ask(paymentIntentSchema, { call }, () =>
        account.stripe.paymentIntents.cancel(
          id,
          { cancellation_reason: "requested_by_customer" },
          writing(call, ":cancel"),
        ),
      );
  if (answer.ok) return { kind: "voided", gatewayPaymentId: id, evidence: answer.evidence };
  const failure = answer.failure;
  if (failure.kind === "in_doubt" || failure.kind === "not_sent") return failure;
  const now = await lookup(account, handle, call);
  if (now.kind === "voided") return { kind: "voided", gatewayPaymentId: id, evidence: now.evidence };
  const settled = now.kind === "captured" || now.kind === "processing" || now.kind === "authorized";
  if (settled) return { kind: "too_late", current: now, evidence: failure.evidence };
  if (failure.kind === "refused") return failure;
  return { kind: "in_doubt", cause: "gateway_error", evidence: failure.evidence };
}

/** The id of the open page an intent belongs to, if any. A failed look-up leaves it to the cancel to say no. */
async function openSession(stripe: Stripe, intent: string, call: GatewayCall): Promise<string | undefined> {
  const found = await findSessionOf(stripe, intent, call);
  return found.ok && found.value?.status === "open" ? found.value.id : undefined;
}

async function checkCredentials(stripe: Stripe, call: GatewayCall): ReturnType<Payments["checkCredentials"]> {
  const answer = await ask(accountSchema, { call }, () => stripe.accounts.retrieveCurrent({}, reading(call)));
  if (answer.ok) return ok({ country: answer.value.country?.toLowerCase() });
  const failure = answer.failure;
  if (failure.kind === "refused") return err(`Stripe refused the key: ${failure.problem.detail}`);
  return err(`Stripe could not be asked (${failure.kind === "declined" ? failure.kind : failure.cause}).`);
}
