import type { Deps } from "../deps.ts";
import type { AttemptHandle, CollectOutcome, NeverSeen } from "../gateway/adapter.ts";
import { callGateway } from "../gateway/call-gateway.ts";
import type { ChurchId, GatewayAccountId } from "../kernel/ids.ts";

type Parts = Pick<Deps, "payments" | "clock" | "log" | "metrics">;

/** Asks the gateway what it knows of an attempt. `undefined` when the account can no longer be used. */
export async function lookUp(
  deps: Parts,
  church: ChurchId,
  account: GatewayAccountId,
  handle: AttemptHandle,
  traceId: string,
): Promise<CollectOutcome | NeverSeen | undefined> {
  const ready = await deps.payments.ready(church, account);
  if (!ready) return undefined;
  const names = {
    gateway: ready.account.gateway,
    operation: "lookup",
    idempotencyKey: `lookup-${handle.attemptId}`,
    traceId,
  } as const;
  return callGateway<CollectOutcome | NeverSeen>(deps, names, (call) =>
    ready.adapter.payments.lookup(handle, call),
  );
}
