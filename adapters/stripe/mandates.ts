import type Stripe from "stripe";
import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type {
  MandateCharge,
  MandateHandle,
  MandateOrder,
  MandateOutcome,
  Mandates,
} from "../../src/gateway/mandate.ts";
import type { CollectDonor, CollectOutcome } from "../../src/gateway/payment.ts";
import { toStripeAmount } from "./amounts.ts";
import { type Answer, ask, reading, writing } from "./client.ts";
import { wordsOf } from "./evidence.ts";
import { isSessionId } from "./find-attempt.ts";
import {
  chargeParams,
  mandateCustomer,
  notReady,
  setupExpand,
  setupParams,
  setupSessionExpand,
  setupSessionParams,
} from "./mandate-params.ts";
import { intentAnswer, type StripeAccount } from "./payments.ts";
import type { Failure } from "./translate-errors.ts";
import { setupOutcome, setupSessionOutcome } from "./translate-mandate.ts";
import { customerSchema, listOf, metadataKeys, paymentIntentSchema } from "./wire.ts";
import { paymentMethodSchema, setupIntentSchema, setupSessionSchema } from "./wire-mandate.ts";

/** Saved cards and bank debits: a SetupIntent asks, the saved payment method is charged, detaching it ends it. */
export function stripeMandates(account: StripeAccount): Mandates {
  return {
    request: (order, call) => request(account, order, shared(order.donor, call)),
    lookup: (handle, call) => lookup(account, handle, call),
    cancel: (handle, call) => cancel(account, handle, call),
    charge: (order, call) => charge(account, order, shared(order.donor, call)),
  };
}

/** Where the donor's customer at Stripe is not known two requests share the time: the customer's goes first. */
const shared = (donor: CollectDonor, call: GatewayCall): GatewayCall =>
  donor.customerRef === undefined ? { ...call, timeoutMs: call.timeoutMs / 2 } : call;

const isMethodId = (id: string): boolean => id.startsWith("pm_");

async function request(
  account: StripeAccount,
  order: MandateOrder,
  call: GatewayCall,
): Promise<MandateOutcome> {
  const problem = notReady(order);
  if (problem) return { kind: "refused", problem, evidence: {} };
  const customer = await customerFor(account.stripe, order, call);
  // Without the customer nothing was asked of the donor: a lost answer leaves no mandate behind.
  if (!customer.ok) return notGiven(nothingAsked(customer.failure), order.reference);
  const about = { call, words: wordsOf(order.donor) };
  if (order.method.presentation === "hosted") {
    const params = setupSessionParams(order, customer.value);
    const answer = await ask(setupSessionSchema, about, () =>
      account.stripe.checkout.sessions.create(params, writing(call)),
    );
    return answer.ok
      ? setupSessionOutcome(answer.value, { ...account, evidence: answer.evidence })
      : notGiven(answer.failure, order.reference);
  }
  const params = setupParams(order, customer.value);
  const answer = await ask(setupIntentSchema, about, () =>
    account.stripe.setupIntents.create(params, writing(call)),
  );
  return answer.ok
    ? setupOutcome(answer.value, { ...account, evidence: answer.evidence })
    : notGiven(answer.failure, order.reference);
}

async function customerFor(stripe: Stripe, order: MandateOrder, call: GatewayCall): Promise<Answer<string>> {
  const known = order.donor.customerRef;
  if (known !== undefined) return { ok: true, value: known, evidence: {} };
  const made = await ask(customerSchema, { call, words: wordsOf(order.donor) }, () =>
    stripe.customers.create(mandateCustomer(order), writing(call, ":customer")),
  );
  return made.ok ? { ...made, value: made.value.id } : made;
}

const nothingAsked = (failure: Failure): Failure =>
  failure.kind === "in_doubt" ? { ...failure, kind: "not_sent" } : failure;

/** A bank that says no to saving ends the matter; `fallback` names a mandate Stripe gave no id. */
function notGiven(failure: Failure, fallback: string): MandateOutcome {
  if (failure.kind !== "declined") return failure;
  return {
    kind: "ended",
    gatewayMandateId: failure.gatewayPaymentId ?? fallback,
    by: "bank",
    rawCode: failure.decline.rawCode,
    evidence: failure.evidence,
  };
}

/** A read that failed says nothing about the mandate. */
function unread(failure: Failure): MandateOutcome {
  const cause = failure.kind === "in_doubt" || failure.kind === "not_sent" ? failure.cause : "gateway_error";
  return { kind: "in_doubt", cause, evidence: failure.evidence };
}

const setups = listOf(setupIntentSchema);
const pages = 5;

/** By the saved payment method, the SetupIntent, Stripe's page, or (when the answer was lost) our own name for it. */
async function lookup(
  account: StripeAccount,
  handle: MandateHandle,
  call: GatewayCall,
): Promise<MandateOutcome> {
  const { stripe } = account;
  const id = handle.gatewayMandateId;
  if (id === undefined) return lookupByReference(account, handle.reference, call);
  if (isSessionId(id)) {
    const answer = await ask(setupSessionSchema, { call }, () =>
      stripe.checkout.sessions.retrieve(id, { expand: [...setupSessionExpand] }, reading(call)),
    );
    return answer.ok
      ? setupSessionOutcome(answer.value, { ...account, evidence: answer.evidence })
      : unread(answer.failure);
  }
  if (!isMethodId(id)) {
    const answer = await ask(setupIntentSchema, { call }, () =>
      stripe.setupIntents.retrieve(id, { expand: [...setupExpand] }, reading(call)),
    );
    return answer.ok
      ? setupOutcome(answer.value, { ...account, evidence: answer.evidence })
      : unread(answer.failure);
  }
  const expand = setupExpand.map((path) => `data.${path}`);
  const answer = await ask(setups, { call }, () =>
    stripe.setupIntents.list({ payment_method: id, limit: 1, expand }, reading(call)),
  );
  if (!answer.ok) return unread(answer.failure);
  const [intent] = answer.value.data;
  return intent
    ? setupOutcome(intent, { ...account, evidence: answer.evidence })
    : { kind: "in_doubt", cause: "gateway_error", evidence: { ...answer.evidence, rawCode: "no_setup" } };
}

/** SetupIntents cannot be searched: the newest are listed and compared. Not finding one proves nothing. */
async function lookupByReference(
  account: StripeAccount,
  reference: string,
  call: GatewayCall,
): Promise<MandateOutcome> {
  const expand = setupExpand.map((path) => `data.${path}`);
  let cursor: { starting_after?: string } = {};
  for (let page = 0; page < pages; page++) {
    const params = { limit: 100, expand, ...cursor };
    const answer = await ask(setups, { call }, () => account.stripe.setupIntents.list(params, reading(call)));
    if (!answer.ok) return unread(answer.failure);
    const match = answer.value.data.find((one) => one.metadata[metadataKeys.recurring] === reference);
    if (match) return setupOutcome(match, { ...account, evidence: answer.evidence });
    const last = answer.value.data.at(-1);
    if (!answer.value.has_more || !last) break;
    cursor = { starting_after: last.id };
  }
  return { kind: "in_doubt", cause: "connection_lost", evidence: { rawCode: "not_found" } };
}

/** Detaches what was saved; closes what was only asked for. */
async function cancel(
  account: StripeAccount,
  handle: MandateHandle,
  call: GatewayCall,
): Promise<MandateOutcome> {
  const current = await lookup(account, handle, call);
  if (!("gatewayMandateId" in current) || current.kind === "ended") return current;
  const id = current.gatewayMandateId;
  const ended = await end(account.stripe, id, call);
  if (ended.ok) {
    return {
      kind: "ended",
      gatewayMandateId: id,
      by: "church",
      rawCode: "canceled",
      evidence: ended.evidence,
    };
  }
  const { failure } = ended;
  if (failure.kind === "in_doubt" || failure.kind === "not_sent") return failure;
  const now = await lookup(account, { ...handle, gatewayMandateId: id }, call);
  return now.kind === "ended" ? now : notGiven(failure, id);
}

function end(stripe: Stripe, id: string, call: GatewayCall): Promise<Answer<unknown>> {
  const options = writing(call, ":cancel");
  if (isMethodId(id)) {
    return ask(paymentMethodSchema, { call }, () => stripe.paymentMethods.detach(id, {}, options));
  }
  if (isSessionId(id)) {
    return ask(setupSessionSchema, { call }, () => stripe.checkout.sessions.expire(id, {}, options));
  }
  return ask(setupIntentSchema, { call }, () =>
    stripe.setupIntents.cancel(id, { cancellation_reason: "requested_by_customer" }, options),
  );
}

/** Charges what was saved; Stripe asks for the customer it belongs to, which it tells where we do not know it. */
async function charge(
  account: StripeAccount,
  order: MandateCharge,
  call: GatewayCall,
): Promise<CollectOutcome> {
  const amount = toStripeAmount(order.attempt.amount);
  if (!amount.ok) {
    const problem = {
      reason: "invalid_request",
      rawCode: "amount_unrepresentable",
      detail: amount.error,
    } as const;
    return { kind: "refused", problem, evidence: {} };
  }
  const owner = await ownerOf(account.stripe, order, call);
  if (!owner.ok) return nothingAsked(owner.failure);
  if (owner.value === undefined) {
    const decline = { reason: "mandate_invalid", retry: "new_method", rawCode: "detached" } as const;
    return { kind: "declined", decline, evidence: owner.evidence };
  }
  const params = chargeParams(order, amount.value, owner.value);
  const answer = await ask(paymentIntentSchema, { call, words: wordsOf(order.donor) }, () =>
    account.stripe.paymentIntents.create(params, writing(call)),
  );
  return answer.ok ? intentAnswer(account, answer, call) : answer.failure;
}

async function ownerOf(
  stripe: Stripe,
  order: MandateCharge,
  call: GatewayCall,
): Promise<Answer<string | undefined>> {
  const known = order.donor.customerRef;
  if (known !== undefined) return { ok: true, value: known, evidence: {} };
  const id = order.mandate.gatewayMandateId;
  const method = await ask(paymentMethodSchema, { call }, () =>
    stripe.paymentMethods.retrieve(id, {}, reading(call)),
  );
  return method.ok ? { ...method, value: method.value.customer } : method;
}
