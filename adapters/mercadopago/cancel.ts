import { Payment, Preference } from "mercadopago";
import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type { AttemptHandle, CancelOutcome } from "../../src/gateway/payment.ts";
import type { Account } from "./account.ts";
import { type Answer, ask } from "./client.ts";
import { isPaymentId, preferenceOf } from "./find-attempt.ts";
import { lookup } from "./lookup.ts";
import { closedPreference } from "./translate-preference.ts";
import { paymentSchema, preferenceSchema } from "./wire.ts";

/**
 * Stops a payment that has no money yet: an open slip, code or transfer is cancelled, Checkout Pro's page is
 * closed. Vouchers do not close by themselves at once, so this is also how an overdue one ends (facts:
 * payment-methods). What was refused because it came too late is answered with the present state.
 */
export async function cancel(
  account: Account,
  handle: AttemptHandle,
  call: GatewayCall,
): Promise<CancelOutcome> {
  const current = await lookup(account, handle, call);
  const { evidence } = current;
  switch (current.kind) {
    case "never_seen":
      return {
        kind: "refused",
        problem: { reason: "invalid_request", rawCode: "never_seen", detail: "there is no such payment" },
        evidence,
      };
    case "in_doubt":
    case "not_sent":
      return { kind: "in_doubt", cause: current.cause, evidence };
    case "refused":
      return { kind: "refused", problem: current.problem, evidence };
    case "captured":
      return { kind: "too_late", current, evidence };
    case "voided":
    case "declined":
      return {
        kind: "voided",
        gatewayPaymentId: current.gatewayPaymentId ?? handle.gatewayPaymentId ?? handle.attemptId,
        evidence,
      };
    case "action_required":
    case "processing":
    case "authorized":
      return stop(account, { ...handle, gatewayPaymentId: current.gatewayPaymentId }, call);
  }
}

async function stop(
  account: Account,
  handle: AttemptHandle & { readonly gatewayPaymentId: string },
  call: GatewayCall,
): Promise<CancelOutcome> {
  const { gatewayPaymentId } = handle;
  const about = { call, key: `${call.idempotencyKey}:cancel` };
  const answer = isPaymentId(gatewayPaymentId)
    ? await ask(account, paymentSchema, about, (config) =>
        new Payment(config).cancel({ id: gatewayPaymentId }),
      )
    : await closePage(account, handle, call);
  if (answer.ok) return { kind: "voided", gatewayPaymentId, evidence: answer.evidence };
  const { failure } = answer;
  if (failure.kind === "in_doubt" || failure.kind === "not_sent") return failure;
  const now = await lookup(account, handle, call);
  if (now.kind === "voided") return { kind: "voided", gatewayPaymentId, evidence: now.evidence };
  if (now.kind === "captured" || now.kind === "processing" || now.kind === "authorized") {
    return { kind: "too_late", current: now, evidence: failure.evidence };
  }
  if (failure.kind === "refused") return failure;
  return { kind: "in_doubt", cause: "gateway_error", evidence: failure.evidence };
}

async function closePage(
  account: Account,
  handle: AttemptHandle,
  call: GatewayCall,
): Promise<Answer<unknown>> {
  const page = await preferenceOf(account, handle, call);
  if (!page.ok || !page.value) return page;
  const { id } = page.value;
  const updatePreferenceRequest = closedPreference(page.value, call.now);
  return ask(account, preferenceSchema, { call, key: `${call.idempotencyKey}:cancel` }, (config) =>
    new Preference(config).update({ id, updatePreferenceRequest }),
  );
}
