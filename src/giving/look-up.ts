import type { Deps } from "../deps.ts";
import { callGateway } from "../gateway/call-gateway.ts";
import type { CollectOutcome, NeverSeen } from "../gateway/payment.ts";
import { nextState } from "./attempt-state.ts";
import { type Gift, handleOf } from "./gift.ts";

type Parts = Pick<Deps, "payments" | "clock" | "log" | "metrics">;

/**
 * Asks the gateway what it knows of an attempt, and takes at once what the donor has agreed to and the gateway only
 * waits for us to take. `undefined` when the account can no longer be used. `paymentId`: the gateway's id where an
 * event has told it before we knew it.
 */
export async function lookUp(
  deps: Parts,
  gift: Gift,
  traceId: string,
  paymentId = gift.attempt.gatewayPaymentId,
): Promise<CollectOutcome | NeverSeen | undefined> {
  const { attempt, donation } = gift;
  const ready = await deps.payments.ready(donation.churchId, attempt.gatewayAccountId);
  if (!ready) return undefined;
  const handle = { ...handleOf(gift), ...(paymentId === undefined ? {} : { gatewayPaymentId: paymentId }) };
  const { gateway } = ready.account;
  const answer = await callGateway<CollectOutcome | NeverSeen>(
    deps,
    { gateway, operation: "lookup", idempotencyKey: `lookup-${attempt.id}`, traceId },
    (call) => ready.adapter.payments.lookup(handle, call),
  );
  const { holds } = ready.adapter;
  // An attempt that is over (canceled, declined, given up) is never captured, whatever the donor approved meanwhile.
  const waits = attempt.state === "authorized" || nextState(attempt.state, "authorized") !== undefined;
  if (answer.kind !== "authorized" || !holds || !waits) return answer;
  // Our own key for it, fixed with the attempt: two processes that both see the approval take the money once.
  const taken = await callGateway<CollectOutcome>(
    deps,
    { gateway, operation: "capture", idempotencyKey: `${attempt.gatewayKey}-capture`, traceId },
    (call) => holds.capture({ ...handle, gatewayPaymentId: answer.gatewayPaymentId }, call),
  );
  // Nobody knows whether it was taken: what is known is that it was approved, and the next look-up tells the rest.
  const unsure = taken.kind === "in_doubt" || taken.kind === "not_sent" || taken.kind === "refused";
  return unsure ? answer : taken;
}
