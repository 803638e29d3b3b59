import type { Deps } from "../deps.ts";
import { callGateway } from "../gateway/call-gateway.ts";
import type { GatewayEvent, RawDelivery } from "../gateway/webhook.ts";
import { applyGatewayEvent, type EventResult, prepareEvent } from "../giving/apply-gateway-event.ts";
import { after, hours, minutes, seconds } from "../kernel/clock.ts";
import { type ChurchId, type GatewayAccountId, type InboxEventId, toId } from "../kernel/ids.ts";
import { err, type Result } from "../kernel/result.ts";
import { prepareArrival } from "../recurring/apply-arrival.ts";
import { applyMandateEvent, prepareMandateEvent } from "../recurring/apply-mandate-event.ts";
import type { ReadyAccount } from "../routing/payment-factory.ts";
import {
  type ClaimedEvent,
  claimNext,
  type Lane,
  park,
  remarkOf,
  settleEvent,
  settleQuiet,
} from "./store.ts";

type Parts = Pick<Deps, "db" | "vault" | "payments" | "settings" | "clock" | "log" | "metrics" | "doorbell">;

/** Waits between tries of an event that failed; after the last it is a dead letter, with replay. */
const retryWaits = [seconds(5), seconds(30), minutes(2), minutes(10), hours(1), hours(6), hours(24)] as const;
/** Waits of an event about a payment we do not have yet; after the last it was not ours. */
const earlyWaits = [seconds(2), seconds(10), minutes(1), minutes(10), hours(1), hours(6), hours(24)] as const;

export type Drained = { readonly applied: number; readonly parked: number; readonly dead: number };

/** Most payments of one church looked at in one transaction. */
const bunchMost = 50;
/** Most due events a turn looks at for each payment it takes: few have more than one waiting. */
const eventsPerLane = 3;

/**
 * The desk: applies stored events, in order per payment, at our pace. Safe to run in many processes at once: each
 * event is leased under a row lock, and its effects and its `handled` mark are one transaction.
 */
export async function drainInbox(
  deps: Parts,
  options: { readonly limit: number; readonly lanes: number; readonly signal?: AbortSignal },
): Promise<Drained> {
  const total = { applied: 0, parked: 0, dead: 0 };
  const now = deps.clock.now();
  const due = await deps.db.sweeping(
    ({ sql }) => sql<{ church_id: string; gateway_account_id: string; order_key: string; due: number }[]>`
      select church_id, gateway_account_id, order_key, count(*)::int as due from (
        select church_id, gateway_account_id, order_key, next_at from inbox where next_at <= ${now}
        order by next_at limit ${options.limit * eventsPerLane}) as soonest
      group by church_id, gateway_account_id, order_key order by min(next_at) limit ${options.limit}`,
  );
  const lanes = due.map(
    (row): Lane => ({
      church: toId("church", row.church_id),
      account: toId("gatewayAccount", row.gateway_account_id),
      orderKey: row.order_key,
      due: row.due,
    }),
  );
  const sideBySide = <T>(waiting: T[], work: (one: T) => Promise<void>) => {
    const worker = async () => {
      for (let one = waiting.shift(); one && !options.signal?.aborted; one = waiting.shift()) await work(one);
    };
    return Promise.all(Array.from({ length: options.lanes }, worker));
  };
  const loud: Lane[] = [];
  await sideBySide(bunched(lanes), async (bunch) => void loud.push(...(await passQuiet(deps, bunch, total))));
  await sideBySide(loud, (lane) => drainLane(deps, lane, total));
  if (total.applied > 0) deps.doorbell.ring("outbox");
  return total;
}

type Bunch = readonly [Lane, ...Lane[]];

/** Lanes of one church each, the earliest first. */
function bunched(lanes: readonly Lane[]): Bunch[] {
  const open = new Map<ChurchId, [Lane, ...Lane[]]>();
  const bunches: Bunch[] = [];
  for (const lane of lanes) {
    const bunch = open.get(lane.church);
    if (bunch && bunch.length < bunchMost) bunch.push(lane);
    else {
      const fresh: [Lane, ...Lane[]] = [lane];
      open.set(lane.church, fresh);
      bunches.push(fresh);
    }
  }
  return bunches;
}

/** Settles what says nothing to us; answers the payments with something to apply. */
async function passQuiet(deps: Parts, bunch: Bunch, total: Total): Promise<readonly Lane[]> {
  const accounts = new Map<GatewayAccountId, ReadyAccount | undefined>();
  for (const { church, account } of bunch) {
    if (!accounts.has(account)) accounts.set(account, await deps.payments.ready(church, account));
  }
  const { quiet, loud } = await settleQuiet(
    deps.db,
    deps.vault,
    bunch,
    ({ event, lane }) => quietRemark(accounts.get(lane.account), event),
    deps.clock.now(),
  );
  for (const { event, lane } of quiet) {
    const ready = accounts.get(lane.account);
    if (ready) total[count(deps, ready, event, [])] += 1;
  }
  return loud;
}

/** What to keep of an event that says nothing to us; `undefined` where it does, or cannot be told without asking. */
function quietRemark(
  ready: ReadyAccount | undefined,
  event: ClaimedEvent,
): { readonly remark: string | null } | undefined {
  const { headers, target, body } = event;
  if (!ready || !body || ready.adapter.webhooks.inquire) return undefined;
  const read = ready.adapter.webhooks.read({ headers, target, body });
  if (!read.ok) return undefined;
  const ignored = read.value.filter((told) => told.kind === "ignored");
  if (ignored.length < read.value.length) return undefined;
  return { remark: remarkOf(ignored.map(({ type }) => ({ kind: "ignored", remark: type }))) };
}

type Total = { applied: number; parked: number; dead: number };

/** Applies what was due of one payment; what has come since rings for a turn of its own. */
async function drainLane(deps: Parts, lane: Lane, total: Total): Promise<void> {
  for (let turn = 0; turn < lane.due; turn++) {
    const claimed = await claimNext(deps.db, deps.vault, lane, deps.clock.now());
    if (!claimed) return;
    const ready = await deps.payments.ready(lane.church, lane.account);
    const result = ready
      ? await applyEvent(deps, ready, claimed)
      : await postpone(deps, claimed, "the gateway account is disabled");
    total[result] += 1;
    // One that has to wait is met again when it is due; what comes after it is for the next turn.
    if (result !== "applied") return;
  }
}

async function applyEvent(deps: Parts, ready: ReadyAccount, claimed: ClaimedEvent): Promise<keyof Total> {
  const { headers, target, body } = claimed;
  // One of these must not hold up all others: it goes the way of whatever fails.
  if (!body) return postpone(deps, claimed, "what was stored does not open");
  const delivery: RawDelivery = { headers, target, body };
  const read = await factsIn(deps, ready, delivery, claimed.id);
  if (!read.ok) return postpone(deps, claimed, `unreadable: ${read.error}`);
  try {
    const steps: Step[] = [];
    for (const event of read.value) steps.push(await prepare(deps, ready, event, claimed.id.slice(4)));
    const results = await deps.db.inChurch(claimed.church, async (tx) => {
      const outcomes: EventResult[] = [];
      for (const step of steps) outcomes.push(await step(tx));
      if (!outcomes.some((o) => o.kind === "early"))
        await settleEvent(tx, claimed, outcomes, deps.clock.now());
      else await parkEarly(deps, tx, claimed, outcomes);
      return outcomes;
    });
    return count(deps, ready, claimed, results);
  } catch (error) {
    return postpone(deps, claimed, error instanceof Error ? error.message : "failed");
  }
}

/** What is done about one event once all that must be asked at the gateway is known. */
type Step = (tx: Tx) => Promise<EventResult>;

/** Permissions, and gifts that nobody was asked for, belong to recurring giving; all else to the gift it is about. */
async function prepare(
  deps: Parts,
  { account }: ReadyAccount,
  event: GatewayEvent,
  traceId: string,
): Promise<Step> {
  switch (event.kind) {
    case "mandate_changed": {
      const known = await prepareMandateEvent(deps, account, event);
      return (tx) => applyMandateEvent(deps, tx, account, known);
    }
    case "donor_paid":
      return prepareArrival(deps, account, event);
    default: {
      const ready = await prepareEvent(deps, account, event, traceId);
      return (tx) => applyGatewayEvent(deps, tx, account, ready);
    }
  }
}

/** What a delivery says; a gateway that only names what changed is asked about it first. No transaction is open. */
async function factsIn(
  deps: Parts,
  { account, adapter }: ReadyAccount,
  delivery: RawDelivery,
  id: InboxEventId,
): Promise<Result<readonly GatewayEvent[], string>> {
  const { webhooks } = adapter;
  const { inquire } = webhooks;
  if (!inquire) return webhooks.read(delivery);
  const names = {
    gateway: account.gateway,
    operation: "inquire",
    idempotencyKey: `inquire-${id}`,
    traceId: id.slice(4),
  } as const;
  const answer = await callGateway(deps, names, async (call) => {
    const facts = await inquire(delivery, call);
    return { kind: facts.ok ? "told" : "failed", facts, evidence: {} } as const;
  });
  return answer.kind === "in_doubt" ? err("the gateway could not be asked") : answer.facts;
}

function count(
  deps: Parts,
  ready: ReadyAccount,
  claimed: ClaimedEvent,
  results: readonly EventResult[],
): keyof Total {
  const early = results.some((r) => r.kind === "early");
  const result = early ? "early" : (results.find((r) => r.kind === "applied")?.kind ?? "unchanged");
  deps.metrics.count("ofrenda_webhooks_applied_total", { gateway: ready.account.gateway, result });
  if (early) return "parked";
  if (claimed.occurredAt) {
    const lag = (deps.clock.now().getTime() - claimed.occurredAt.getTime()) / 1000;
    deps.metrics.observe("ofrenda_webhook_lag_seconds", { gateway: ready.account.gateway }, Math.max(lag, 0));
  }
  return "applied";
}

type Tx = Parameters<typeof settleEvent>[0];

async function parkEarly(
  deps: Parts,
  tx: Tx,
  claimed: ClaimedEvent,
  results: readonly EventResult[],
): Promise<void> {
  const wait = earlyWaits[claimed.tries - 1];
  const remark = results.find((r) => r.kind === "early")?.remark ?? "";
  const now = deps.clock.now();
  // Looked for long enough: it is about a payment that is not ours.
  if (wait === undefined)
    await settleEvent(tx, claimed, [{ kind: "ignored", remark: `not ours: ${remark}` }], now);
  else await park(tx, claimed, { state: "parked", nextAt: after(now, wait), remark });
}

/** The event failed: it waits for another try, or becomes a dead letter that a person can replay. */
async function postpone(deps: Parts, claimed: ClaimedEvent, remark: string): Promise<"parked" | "dead"> {
  const wait = retryWaits[claimed.tries - 1];
  const fields = { church: claimed.church, event: claimed.id, tries: claimed.tries, remark };
  const dead = wait === undefined;
  await deps.db.inChurch(claimed.church, (tx) =>
    park(tx, claimed, {
      state: dead ? "dead" : "parked",
      nextAt: dead ? null : after(deps.clock.now(), wait),
      remark: remark.slice(0, 500),
    }),
  );
  deps.metrics.count("ofrenda_webhooks_applied_total", { gateway: "", result: dead ? "dead" : "retry" });
  if (dead) deps.log.error(fields, "a webhook could not be applied: it is in the dead letters");
  else deps.log.warn(fields, "a webhook will be tried again");
  return dead ? "dead" : "parked";
}
