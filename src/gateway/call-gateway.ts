import type { Clock } from "../kernel/clock.ts";
import type { Log } from "../kernel/log.ts";
import type { Metrics } from "../kernel/metrics.ts";
import type { GatewayCall } from "./adapter.ts";
import type { Evidence, TransportCause } from "./payment.ts";

export type CallContext = { readonly clock: Clock; readonly log: Log; readonly metrics: Metrics };

export type CallNames = {
  readonly gateway: string;
  readonly operation:
    | "collect"
    | "charge"
    | "withdraw"
    | "lookup"
    | "capture"
    | "cancel"
    | "refund"
    | "lookup_refund"
    | "check"
    | "banks"
    | "inquire"
    | "mandate"
    | "mandate_lookup"
    | "mandate_end";
  readonly idempotencyKey: string;
  readonly traceId: string;
};

type Answer = { readonly kind: string; readonly evidence: Evidence };
type InDoubt = { readonly kind: "in_doubt"; readonly cause: TransportCause; readonly evidence: Evidence };

/** How long a gateway may take before its answer counts as lost, in milliseconds. */
const timeoutMs = 25_000;
/** What the adapter itself may take beyond that to give up in its own words. */
const graceMs = 2_000;

/**
 * Makes one call to a gateway: deadline, measurement, and the rule that a throw after dispatch is `in_doubt`, so
 * that a bug in a mapper can never turn into a second charge. No database transaction may be open.
 */
export async function callGateway<A extends Answer>(
  context: CallContext,
  names: CallNames,
  call: (call: GatewayCall) => Promise<A>,
): Promise<A | InDoubt> {
  const started = performance.now();
  const answer = await settle(context, names, call);
  const seconds = (performance.now() - started) / 1000;
  const labels = { gateway: names.gateway, operation: names.operation };
  context.metrics.observe("ofrenda_gateway_call_seconds", labels, seconds);
  context.metrics.count("ofrenda_gateway_calls_total", { ...labels, answer: answer.kind });
  if (answer.evidence.unrecognized !== undefined) {
    context.metrics.count("ofrenda_gateway_unrecognized_total", { gateway: names.gateway });
    context.log.warn(
      { ...labels, word: answer.evidence.unrecognized },
      "the gateway used a word we do not know",
    );
  }
  context.log.info(
    {
      ...labels,
      answer: answer.kind,
      trace: names.traceId,
      gateway_request: answer.evidence.gatewayRequestId,
      ms: Math.round(seconds * 1000),
    },
    "gateway called",
  );
  return answer;
}

async function settle<A extends Answer>(
  context: CallContext,
  names: CallNames,
  call: (call: GatewayCall) => Promise<A>,
): Promise<A | InDoubt> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<InDoubt>((resolve) => {
    timer = setTimeout(() => resolve(inDoubt("timeout")), timeoutMs + graceMs);
  });
  try {
    const made = call({
      idempotencyKey: names.idempotencyKey,
      now: context.clock.now(),
      timeoutMs,
      traceId: names.traceId,
    });
    return await Promise.race([made, deadline]);
  } catch (error) {
    const fault = error instanceof Error ? `${error.name}: ${error.message}` : "unknown";
    context.log.error({ gateway: names.gateway, operation: names.operation, fault }, "the adapter threw");
    return inDoubt("adapter_fault");
  } finally {
    clearTimeout(timer);
  }
}

const inDoubt = (cause: TransportCause): InDoubt => ({ kind: "in_doubt", cause, evidence: {} });
