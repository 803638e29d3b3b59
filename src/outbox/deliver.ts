import type { Database } from "../db/client.ts";
import { dueByTurns } from "../db/due-by-turns.ts";
import { after, type Clock, minutes } from "../kernel/clock.ts";
import type { DeliveryId } from "../kernel/ids.ts";
import type { Log } from "../kernel/log.ts";
import type { Metrics } from "../kernel/metrics.ts";
import type { Secret } from "../kernel/secret.ts";
import type { ChurchVault } from "../privacy/vault.ts";
import { deliveryPlaces } from "./delivery-places.ts";
import {
  type ClaimedDelivery,
  claimDelivery,
  type DueDelivery,
  deliveryQueue,
  disableEndpoint,
  holdEndpoint,
  logTry,
  markFailing,
  settleDelivered,
  settleFailed,
} from "./delivery-store.ts";
import { openSecrets } from "./endpoint-secrets.ts";
import { answerTimeoutMs, sendTry, type WebhookTransport } from "./send.ts";
import type { TargetPolicy } from "./ssrf-guard.ts";
import { type Answer, isDelivered, judge } from "./verdict.ts";

export type DeliverDeps = {
  readonly db: Database;
  readonly vault: ChurchVault;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly transport: WebhookTransport;
  readonly targets: TargetPolicy;
  /** Uniform in [0, 1), for the retry jitter; `Math.random` unless a test says otherwise. */
  readonly random?: () => number;
  /** How long a receiver may take, in milliseconds; 20 s unless a test says otherwise. */
  readonly timeoutMs?: number;
};

/** A church whose endpoint hangs holds its own few places; the others stay free. */
const bounds = { total: 16, perChurch: 4 } as const;
/** How many due deliveries are looked up at once. */
const listing = { perChurch: 16, limit: 128 } as const;
/** While tries are under way we look this often for others that came due. */
const lookAgainMs = 500;
/** Longer than a try can take, so a lease ends only when its holder is gone. */
const lease = minutes(2);

export type DeliverReport = {
  /** Answered 2xx. */
  readonly delivered: number;
  /** Tried and failed: waiting for their next try, or dead. */
  readonly failed: number;
  /** Due but left for the next call: beyond the limit, stopped by the signal, or hindered by an error of ours. */
  readonly waiting: number;
};

/**
 * Sends what is due, at most `limit` tries. Each is claimed in its own transaction (its `next_at` moved ahead as
 * the lease), sent with no transaction open, and recorded in another. A crash in between only delays the try: it
 * goes out again, with the same `webhook-id`, when the lease ends. Safe to run in many processes at once: a
 * delivery is never with two of them. A place that becomes free is filled at once, so one endpoint that hangs
 * holds up nobody else's. When `signal` aborts, nothing new is started; what is under way is finished.
 */
export async function deliverDue(
  deps: DeliverDeps,
  options: { readonly limit: number; readonly signal?: AbortSignal },
): Promise<DeliverReport> {
  const tally = { delivered: 0, failed: 0, tried: 0 };
  const places = deliveryPlaces(bounds);
  const passed = new Set<DeliveryId>();
  const carryOut = async (due: DueDelivery): Promise<void> => {
    const outcome = await deliverOne(deps, due);
    if (outcome === "delivered" || outcome === "failed") {
      tally[outcome] += 1;
      tally.tried += 1;
    } else passed.add(due.id);
  };
  let listed: DueDelivery[] = [];
  for (;;) {
    let room = options.signal?.aborted ? 0 : options.limit - tally.tried - places.taken();
    if (room > 0 && !listed.some(places.free)) {
      listed = (await dueNow(deps, listing)).filter((due) => !passed.has(due.id) && !places.holds(due.id));
    }
    for (let at = listed.findIndex(places.free); room > 0 && at >= 0; at = listed.findIndex(places.free)) {
      for (const due of listed.splice(at, 1)) places.take(due, carryOut(due));
      room -= 1;
    }
    if (places.taken() === 0) break;
    await places.oneIsFree(lookAgainMs);
  }
  const left = await dueNow(deps, { perChurch: options.limit, limit: options.limit });
  return { delivered: tally.delivered, failed: tally.failed, waiting: left.length };
}

const dueNow = (
  deps: DeliverDeps,
  bound: { readonly perChurch: number; readonly limit: number },
): Promise<DueDelivery[]> => deps.db.sweeping((tx) => dueByTurns(tx, deliveryQueue, deps.clock.now(), bound));

type Outcome = "delivered" | "failed" | "taken" | "hindered";

/** One delivery, whatever happens to it: an error of ours is logged and leaves the others alone. */
async function deliverOne(deps: DeliverDeps, due: DueDelivery): Promise<Outcome> {
  try {
    const claim = await claimWithSecrets(deps, due);
    if (claim === undefined) return "taken";
    const { claimed, secrets } = claim;
    if (!claimed.endpoint.enabled) {
      await deps.db.inChurch(due.church, (tx) => settleFailed(tx, claimed, undefined));
      return "failed";
    }
    const at = deps.clock.now();
    const answer: Answer =
      secrets === undefined
        ? { kind: "unreachable", error: "not sent: the endpoint's secret could not be opened, rotate it" }
        : await sendTry(
            {
              transport: deps.transport,
              targets: deps.targets,
              timeoutMs: deps.timeoutMs ?? answerTimeoutMs,
            },
            { url: claimed.endpoint.url, event: claimed.event, secrets, at },
          );
    await record(deps, claimed, answer, at);
    return isDelivered(answer) ? "delivered" : "failed";
  } catch (error) {
    deps.log.error({ church: due.church, delivery: due.id, error: String(error) }, "delivery hindered");
    return "hindered";
  }
}

type Claim = { readonly claimed: ClaimedDelivery; readonly secrets: readonly Secret[] | undefined };

async function claimWithSecrets(deps: DeliverDeps, due: DueDelivery): Promise<Claim | undefined> {
  const now = deps.clock.now();
  return deps.db.inChurch(due.church, async (tx) => {
    const claimed = await claimDelivery(tx, due, now, after(now, lease));
    if (claimed === undefined) return undefined;
    try {
      const secrets = await openSecrets(deps.vault, tx, due.church, claimed.endpoint, now);
      return { claimed, secrets: secrets.map((s) => s.secret) };
    } catch (error) {
      // The claim stands, so an endpoint we cannot sign for runs down its schedule instead of coming due for ever.
      deps.log.error(
        { endpoint: claimed.endpoint.id, error: String(error) },
        "webhook secret cannot be opened",
      );
      return { claimed, secrets: undefined };
    }
  });
}

async function record(deps: DeliverDeps, claimed: ClaimedDelivery, answer: Answer, at: Date): Promise<void> {
  const now = deps.clock.now();
  const durationMs = Math.max(0, now.getTime() - at.getTime());
  const status = answer.kind === "answered" ? answer.status : null;
  const line = { number: claimed.number, at, status, durationMs };
  const disabled = await deps.db.inChurch(claimed.church, async (tx) => {
    if (isDelivered(answer)) {
      await settleDelivered(tx, claimed);
      await logTry(tx, claimed, { ...line, error: null, excerpt: null });
      return undefined;
    }
    const failingSince = await markFailing(tx, claimed, at);
    if (failingSince === undefined) return undefined;
    const random = (deps.random ?? Math.random)();
    const verdict = judge(answer, { tries: claimed.number, now, failingSince, random });
    if (verdict.kind === "delivered") return undefined;
    await settleFailed(tx, claimed, verdict.nextAt);
    const excerpt = answer.kind === "answered" ? answer.excerpt : null;
    await logTry(tx, claimed, { ...line, error: verdict.error, excerpt });
    if (verdict.disable !== undefined) {
      await disableEndpoint(tx, claimed.church, claimed.endpoint.id, verdict.disable);
    } else if (verdict.holdUntil !== undefined) {
      await holdEndpoint(tx, claimed, verdict.holdUntil);
    }
    return verdict.disable;
  });
  deps.metrics.count("ofrenda_deliveries_total", { result: isDelivered(answer) ? "delivered" : "failed" });
  deps.metrics.observe("ofrenda_delivery_seconds", {}, durationMs / 1000);
  if (disabled !== undefined) {
    deps.log.warn(
      { church: claimed.church, endpoint: claimed.endpoint.id, reason: disabled },
      "webhook endpoint disabled",
    );
  }
}
