import { Payment } from "mercadopago";
import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type { AttemptHandle, CollectOutcome, Evidence, NeverSeen } from "../../src/gateway/payment.ts";
import type { Account } from "./account.ts";
import { ask } from "./client.ts";
import { type Best, bestOf, isOver, isPaymentId, paymentsOf, preferenceOf } from "./find-attempt.ts";
import { mercadoPagoManifest } from "./manifest.ts";
import { mayBeCheckoutPro } from "./method-codes.ts";
import { checkoutAction } from "./translate-action.ts";
import { unknown } from "./translate-errors.ts";
import { paymentOutcome } from "./translate-outcome.ts";
import { paymentSchema, type WirePayment } from "./wire.ts";

/**
 * What the gateway knows now. A payment that is over without money may not be the last word where the donor sat at
 * Checkout Pro's page: then, and when only the page is known or nothing at all, every payment under our reference
 * is looked through, and the page itself.
 */
export async function lookup(
  account: Account,
  handle: AttemptHandle,
  call: GatewayCall,
): Promise<CollectOutcome | NeverSeen> {
  const id = handle.gatewayPaymentId;
  if (id === undefined || !isPaymentId(id)) return lookupByReference(account, handle, call, undefined);
  const answer = await ask(account, paymentSchema, { call }, (config) => new Payment(config).get({ id }));
  if (!answer.ok) return { ...unknown(answer.failure), gatewayPaymentId: id };
  const payment = answer.value;
  if (payment.external_reference !== handle.attemptId) {
    // A notification can name any payment; only one that carries our reference is this attempt's.
    const evidence = { ...answer.evidence, rawCode: "reference_mismatch" };
    return { kind: "in_doubt", cause: "unreadable_answer", evidence };
  }
  if (isOver(payment) && mayBeCheckoutPro(handle.method)) {
    return lookupByReference(account, handle, call, payment);
  }
  return outcomeOf(account, payment, handle, call, answer.evidence);
}

const outcomeOf = (
  { publicKey }: Account,
  payment: WirePayment,
  handle: AttemptHandle,
  call: GatewayCall,
  evidence: Evidence,
): CollectOutcome => paymentOutcome(payment, { method: handle.method, publicKey, asOf: call.now, evidence });

async function lookupByReference(
  account: Account,
  handle: AttemptHandle,
  call: GatewayCall,
  known: WirePayment | undefined,
): Promise<CollectOutcome | NeverSeen> {
  const found = await paymentsOf(account, handle.attemptId, call);
  if (!found.ok) return unknown(found.failure);
  const listed = found.value.some((one) => one.id === known?.id);
  const best = bestOf(known && !listed ? [known, ...found.value] : found.value);
  if (best && !isOver(best.payment)) {
    return alarmed(best, outcomeOf(account, best.payment, handle, call, found.evidence));
  }
  if (mayBeCheckoutPro(handle.method)) {
    const onPage = await lookupPage(account, handle, call, best?.payment);
    if (onPage) return onPage;
  }
  if (best) return outcomeOf(account, best.payment, handle, call, found.evidence);
  return neverSeen(handle, call, found.evidence);
}

/** Paid more than once under one reference: the first counts, and somebody must give the others back. */
function alarmed(best: Best, outcome: CollectOutcome): CollectOutcome {
  if (best.paid < 2) return outcome;
  const unrecognized = `paid ${best.paid} times under one reference`;
  return { ...outcome, evidence: { ...outcome.evidence, unrecognized } };
}

/** Where the page stands; `undefined` when there is none, or when it closed after a try that says more. */
async function lookupPage(
  account: Account,
  handle: AttemptHandle,
  call: GatewayCall,
  last: WirePayment | undefined,
): Promise<CollectOutcome | undefined> {
  const page = await preferenceOf(account, handle, call);
  if (!page.ok) return unknown(page.failure);
  const preference = page.value;
  if (!preference) return undefined;
  const { evidence } = page;
  const gatewayPaymentId = preference.id;
  const action = checkoutAction(preference, call.now);
  const tried = last && outcomeOf(account, last, handle, call, evidence);
  if (!action) return tried ? undefined : { kind: "voided", gatewayPaymentId, expired: true, evidence };
  const lastDecline = tried?.kind === "declined" ? { lastDecline: tried.decline } : {};
  return { kind: "action_required", gatewayPaymentId, action, ...lastDecline, evidence };
}

/** Nothing is under our reference: proof only once the search can no longer be behind. */
function neverSeen(handle: AttemptHandle, call: GatewayCall, evidence: Evidence): CollectOutcome | NeverSeen {
  const age = call.now.getTime() - handle.createdAt.getTime();
  if (age >= mercadoPagoManifest.lookupSettlesAfterMs) return { kind: "never_seen", evidence };
  return { kind: "in_doubt", cause: "connection_lost", evidence };
}
