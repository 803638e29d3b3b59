import { Payment, Preference, User } from "mercadopago";
import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type { CancelOutcome, CollectOrder, CollectOutcome, Payments } from "../../src/gateway/payment.ts";
import { err, ok } from "../../src/kernel/result.ts";
import type { Account } from "./account.ts";
import { cancel } from "./cancel.ts";
import { ask } from "./client.ts";
import { donorWords } from "./evidence.ts";
import { lookup } from "./lookup.ts";
import { lookupRefund, refund } from "./refunds.ts";
import { countryOfSite } from "./sites.ts";
import { checkoutAction } from "./translate-action.ts";
import { paymentBody, type Ready, readyToSend } from "./translate-order.ts";
import { paymentOutcome } from "./translate-outcome.ts";
import { preferenceBody } from "./translate-preference.ts";
import { paymentSchema, preferenceSchema, userSchema } from "./wire.ts";

/** The payments side of the adapter. Stateless: everything comes from the account, the order and the call. */
export function mercadoPagoPayments(account: Account): Payments {
  return {
    collect: (order, call) => collect(account, order, call),
    lookup: (handle, call) => lookup(account, handle, call),
    cancel: (handle, call): Promise<CancelOutcome> => cancel(account, handle, call),
    refund: (order, call) => refund(account, order, call),
    lookupRefund: (handle, call) => lookupRefund(account, handle, call),
    checkCredentials: (call) => checkCredentials(account, call),
  };
}

async function collect(account: Account, order: CollectOrder, call: GatewayCall): Promise<CollectOutcome> {
  const ready = readyToSend(order, account.site);
  if (!ready.ok) return { kind: "refused", problem: ready.error, evidence: {} };
  if (ready.value.flow.kind === "checkout_pro") return openCheckout(account, order, ready.value, call);
  const body = paymentBody(order, ready.value, account.site);
  const about = { call, key: call.idempotencyKey, words: donorWords(order) };
  const answer = await ask(account, paymentSchema, about, (config) => new Payment(config).create({ body }));
  if (!answer.ok) return answer.failure;
  const { evidence, value } = answer;
  if (value.external_reference !== order.attemptId) {
    // The answer to another order: whatever became of this one, it is not what this body says.
    return {
      kind: "in_doubt",
      cause: "unreadable_answer",
      evidence: { ...evidence, rawCode: "reference_mismatch" },
    };
  }
  return paymentOutcome(value, {
    method: order.method.type,
    publicKey: account.publicKey,
    asOf: call.now,
    evidence,
  });
}

async function openCheckout(
  account: Account,
  order: CollectOrder,
  { amount, flow }: Ready,
  call: GatewayCall,
): Promise<CollectOutcome> {
  if (flow.kind !== "checkout_pro") throw new Error("only Checkout Pro has a page");
  const body = preferenceBody(order, amount, flow);
  const about = { call, key: call.idempotencyKey, words: donorWords(order) };
  const answer = await ask(account, preferenceSchema, about, (config) =>
    new Preference(config).create({ body }),
  );
  if (!answer.ok) return answer.failure;
  const { evidence, value } = answer;
  const action = checkoutAction(value, call.now);
  return action
    ? { kind: "action_required", gatewayPaymentId: value.id, action, evidence }
    : { kind: "voided", gatewayPaymentId: value.id, expired: true, evidence };
}

/** Reads the seller's own profile: the token must be of the country and of the seller it says it is. */
async function checkCredentials(
  account: Account,
  call: GatewayCall,
): ReturnType<Payments["checkCredentials"]> {
  const answer = await ask(account, userSchema, { call }, (config) => new User(config).get());
  if (!answer.ok) {
    const { failure } = answer;
    if (failure.kind === "refused") return err(`Mercado Pago refused the token: ${failure.problem.detail}`);
    return err(`Mercado Pago could not be asked (${"cause" in failure ? failure.cause : failure.kind}).`);
  }
  const country = countryOfSite(answer.value.site_id ?? "") ?? answer.value.country_id?.toLowerCase();
  if (answer.value.id !== account.userId) return err("The token belongs to another seller than it names.");
  if (country !== account.site.country) {
    return err(`This is an account of ${country ?? "no known country"}, not of ${account.site.country}.`);
  }
  return ok({ country });
}
