import type { AccountCountry } from "../../adapters/stripe/sandbox/accounts.ts";
import type { CollectOrder, CollectOutcome } from "../../src/gateway/payment.ts";
import { type AdapterInSandbox, paymentId, usOrder } from "./stripe-in-sandbox.ts";
import { handleOf } from "./stripe-under-test.ts";

/** A method with its presentation and token. */
export const by = (
  type: CollectOrder["method"]["type"],
  presentation: CollectOrder["method"]["presentation"],
  token?: string,
) => ({ method: { type, presentation, ...(token ? { token } : {}) } });

const acceptance = { mandateAcceptance: { ipAddress: "203.0.113.9", userAgent: "Mozilla/5.0" } };
/** An ACH debit by token, with the donor's acceptance. */
export const ach = (token: string) => usOrder({ ...by("ach_debit", "token", token), ...acceptance });

/** Starts collecting, and how to look at it afterwards. */
export async function begun(house: AdapterInSandbox, order: CollectOrder, country: AccountCountry = "mx") {
  const outcome = await house[country].payments.collect(order, house.nextCall());
  const id = paymentId(outcome);
  const look = () => house[country].payments.lookup(handleOf(id, order), house.nextCall());
  return { outcome, id, look };
}

/** What the bank side did; throws where the sandbox would not. */
export function played<T>(result: { ok: true; value: T } | { ok: false; error: string }): T {
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

/** The form's token in an outcome that must have one. */
export const use = (outcome: CollectOutcome) => {
  if (outcome.kind !== "action_required" || outcome.action.type !== "use_sdk") throw new Error(outcome.kind);
  return outcome.action;
};
