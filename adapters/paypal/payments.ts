import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type {
  AttemptHandle,
  CancelOutcome,
  CollectOrder,
  CollectOutcome,
  Decline,
  Holds,
  NeverSeen,
  Payments,
} from "../../src/gateway/payment.ts";
import { err, exhaustive, ok } from "../../src/kernel/result.ts";
import { type Ask, deadline, type PaypalAccount } from "./client.ts";
import { donorWords } from "./evidence.ts";
import { findAttempt } from "./find-attempt.ts";
import { captureOrder, createOrder, getCapture, getOrder, orderAnswer } from "./orders.ts";
import { lookupRefund, refund } from "./refunds.ts";
import { type Failure, rawCodeOf, unread } from "./translate-errors.ts";
import { orderRequest, readyToSend } from "./translate-order.ts";
import { captureOutcome, orderGoneAfter } from "./translate-outcome.ts";

/** The payments side of the adapter. Stateless but for the access token of its account. */
export function paypalPayments(account: PaypalAccount): Payments {
  return {
    collect: (order, call) => collect(account, order, call),
    lookup: (handle, call) => lookup(account, handle, call),
    cancel: (handle, call) => cancel(account, handle, call),
    refund: (order, call) => refund(account, order, call),
    lookupRefund: (handle, call) => lookupRefund(account, handle, call),
    checkCredentials: (call) => checkCredentials(account, call),
  };
}

/** Taking what the donor has approved. */
export const paypalHolds = (account: PaypalAccount): Holds => ({
  capture: (handle, call) => capture(account, handle, call),
});

async function collect(
  account: PaypalAccount,
  order: CollectOrder,
  call: GatewayCall,
): Promise<CollectOutcome> {
  const ready = readyToSend(order, account.country);
  if (!ready.ok) return { kind: "refused", problem: ready.error, evidence: {} };
  const about: Ask = { call, words: donorWords(order.donor), signal: deadline(call) };
  const made = await createOrder(account, (category) => orderRequest(order, ready.value, category), about);
  return made.ok ? orderAnswer(made, about) : made.failure;
}

/**
 * What PayPal knows now. The handle's id is the order's until there is a capture, and the capture's from then on;
 * the two look alike, so an id that is no order is tried as a capture. An order nobody knows any more, long after
 * its last possible hour, has expired.
 */
async function lookup(
  account: PaypalAccount,
  handle: AttemptHandle,
  call: GatewayCall,
): Promise<CollectOutcome | NeverSeen> {
  const id = handle.gatewayPaymentId;
  if (id !== undefined) return lookupById(account, id, handle, call);
  const found = await findAttempt(account, handle, call);
  switch (found.kind) {
    case "capture":
      return lookupById(account, found.id, handle, call);
    case "never_paid":
      return { kind: "never_seen", evidence: found.evidence };
    case "unsettled":
      return { kind: "in_doubt", cause: "connection_lost", evidence: found.evidence };
    case "failed":
      return unread(found.failure);
    default:
      return exhaustive(found);
  }
}

async function lookupById(
  account: PaypalAccount,
  id: string,
  handle: AttemptHandle,
  call: GatewayCall,
): Promise<CollectOutcome> {
  const about: Ask = { call, signal: deadline(call) };
  const order = await getOrder(account, id, about);
  if (order.ok) return orderAnswer(order, about);
  if (order.failure.evidence.httpStatus !== 404) {
    return { ...unread(order.failure), gatewayPaymentId: id };
  }
  const taken = await getCapture(account, id, about);
  if (taken.ok) return captureOutcome(taken.value, { asOf: call.now, evidence: taken.evidence });
  const gone = taken.failure.evidence.httpStatus === 404;
  if (gone && call.now.getTime() - handle.createdAt.getTime() >= orderGoneAfter) {
    return { kind: "voided", gatewayPaymentId: id, expired: true, evidence: taken.failure.evidence };
  }
  return { ...unread(taken.failure), gatewayPaymentId: id };
}

/** Takes an approved order's money; what cannot be taken any more, or was taken already, is looked up. */
async function capture(
  account: PaypalAccount,
  handle: AttemptHandle,
  call: GatewayCall,
): Promise<CollectOutcome> {
  const id = handle.gatewayPaymentId;
  if (id === undefined) {
    const detail = "only an order whose id is known can be captured";
    return {
      kind: "refused",
      problem: { reason: "invalid_request", rawCode: "no_order_id", detail },
      evidence: {},
    };
  }
  const about: Ask = { call, signal: deadline(call) };
  const taken = await captureOrder(account, id, handle, about);
  if (taken.ok) return orderAnswer(taken, about);
  return notTaken(account, { ...handle, gatewayPaymentId: id }, call, taken.failure);
}

type KnownHandle = AttemptHandle & { readonly gatewayPaymentId: string };

async function notTaken(
  account: PaypalAccount,
  handle: KnownHandle,
  call: GatewayCall,
  failure: Failure,
): Promise<CollectOutcome> {
  const { gatewayPaymentId } = handle;
  switch (rawCodeOf(failure)) {
    case "ORDER_EXPIRED":
      return { kind: "voided", gatewayPaymentId, expired: true, evidence: failure.evidence };
    case "ORDER_ALREADY_CAPTURED":
      return lookupById(account, gatewayPaymentId, handle, call);
    case "ORDER_NOT_APPROVED":
    case "PAYER_ACTION_REQUIRED":
      return sentBack(await lookupById(account, gatewayPaymentId, handle, call), failure);
    default:
      return failure.kind === "refused" || failure.kind === "not_sent"
        ? failure
        : { ...failure, gatewayPaymentId };
  }
}

/** The donor has to go back to PayPal: where to, with the reason they were sent back for. */
function sentBack(current: CollectOutcome, failure: Failure): CollectOutcome {
  if (current.kind !== "action_required") return current;
  const lastDecline: Decline = {
    reason: "authentication_required",
    retry: "authenticate",
    rawCode: rawCodeOf(failure),
  };
  return { ...current, lastDecline };
}

/**
 * PayPal has no call that ends an order. None is needed: an order, approved or not, holds no money, and takes
 * some only when we capture it. To give it up is therefore to never capture it again, which the core keeps (an
 * attempt that is over is never captured; the donor's approval lapses by itself). Only a capture comes too late.
 */
async function cancel(
  account: PaypalAccount,
  handle: AttemptHandle,
  call: GatewayCall,
): Promise<CancelOutcome> {
  const current = await lookup(account, handle, call);
  const { evidence } = current;
  switch (current.kind) {
    case "action_required":
    case "authorized":
    case "voided":
      return { kind: "voided", gatewayPaymentId: current.gatewayPaymentId, evidence };
    case "declined": {
      const gatewayPaymentId = current.gatewayPaymentId ?? handle.gatewayPaymentId ?? handle.attemptId;
      return { kind: "voided", gatewayPaymentId, evidence };
    }
    case "captured":
    case "processing":
      return { kind: "too_late", current, evidence };
    case "never_seen": {
      const detail = "PayPal has taken no money for this attempt";
      return {
        kind: "refused",
        problem: { reason: "invalid_request", rawCode: "never_seen", detail },
        evidence,
      };
    }
    case "refused":
      return { kind: "refused", problem: current.problem, evidence };
    case "not_sent":
    case "in_doubt":
      return { kind: "in_doubt", cause: current.cause, evidence };
    default:
      return exhaustive(current);
  }
}

/** A token of one's own is the most harmless thing to ask for, and only right credentials get one. */
async function checkCredentials(
  account: PaypalAccount,
  call: GatewayCall,
): ReturnType<Payments["checkCredentials"]> {
  const access = await account.tokens.fresh(call.now, deadline(call));
  if (access.ok) return ok({ country: account.country });
  const failure = access.error;
  if (failure.kind === "refused") return err(`PayPal refused the credentials: ${failure.problem.detail}`);
  return err(`PayPal could not be asked (${failure.kind === "declined" ? failure.kind : failure.cause}).`);
}
