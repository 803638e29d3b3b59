import type { Deps } from "../deps.ts";
import type { GatewayCall } from "../gateway/adapter.ts";
import { callGateway } from "../gateway/call-gateway.ts";
import { after, days } from "../kernel/clock.ts";
import { type ChurchId, newId } from "../kernel/ids.ts";
import { err, type Result } from "../kernel/result.ts";
import type { ReadyAccount } from "../routing/payment-factory.ts";
import { applyGatewayEvent } from "./apply-gateway-event.ts";

type Parts = Pick<Deps, "db" | "payments" | "clock" | "log" | "metrics" | "settings" | "doorbell">;

/** So far back every look reaches: longer than gateways go on trying a webhook, and than we may have been out. */
const reachMs = days(10);

/**
 * Asks a church's gateways which disputes were opened or moved on lately, for the webhooks that were lost; what is
 * known already changes nothing. Answers how many were told. What cannot be asked is asked again next time.
 */
export async function sweepDisputes(deps: Parts, church: ChurchId, signal?: AbortSignal): Promise<number> {
  const settings = await deps.settings.read(church);
  let found = 0;
  for (const { id, status } of settings?.accounts ?? []) {
    if (signal?.aborted) break;
    const ready = status === "active" ? await deps.payments.ready(church, id) : undefined;
    if (ready) found += await sweepAccount(deps, ready, signal);
  }
  if (found > 0) deps.doorbell.ring("outbox");
  return found;
}

async function sweepAccount(
  deps: Parts,
  { account, adapter }: ReadyAccount,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { disputes } = adapter;
  if (!disputes) return 0;
  const { gateway, churchId: church } = account;
  const since = after(deps.clock.now(), -reachMs);
  const changed = await asked(deps, gateway, (call) => disputes.changedSince(since, call));
  if (!changed.ok) {
    deps.log.warn({ church, gateway, fault: changed.error }, "the disputes could not be asked for");
    return 0;
  }
  let found = 0;
  for (const id of changed.value) {
    if (signal?.aborted) break;
    const read = await asked(deps, gateway, (call) => disputes.read(id, call));
    const event = read.ok ? read.value : undefined;
    if (!read.ok) deps.log.warn({ church, gateway, fault: read.error }, "a dispute could not be read");
    if (!event) continue;
    // One about a payment that is none of our gifts is `early`: there is nothing it could wait for.
    const done = await deps.db.inChurch(church, (tx) =>
      applyGatewayEvent(deps, tx, account, { event, answer: undefined }),
    );
    if (done.kind === "applied") found += 1;
  }
  return found;
}

/** One question, with a deadline of its own. */
async function asked<T>(
  deps: Parts,
  gateway: string,
  ask: (call: GatewayCall) => Promise<Result<T, string>>,
): Promise<Result<T, string>> {
  const traceId = newId("event").slice(4);
  const names = { gateway, operation: "inquire", idempotencyKey: `disputes-${traceId}`, traceId } as const;
  const answer = await callGateway(deps, names, async (call) => {
    const told = await ask(call);
    return { kind: told.ok ? "told" : "failed", told, evidence: {} } as const;
  });
  return answer.kind === "in_doubt" ? err("no answer") : answer.told;
}
