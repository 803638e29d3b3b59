import type { Deps } from "../deps.ts";
import { type StandingWay, sendStanding } from "../giving/send-standing.ts";
import { planStanding } from "../giving/standing-gift.ts";
import { after, days } from "../kernel/clock.ts";
import { type ChurchId, newId, type OccurrenceId, toId } from "../kernel/ids.ts";
import { easeAccount, hushAccount, quietUntil } from "../routing/quiet-account.ts";
import { type Begun, beginTry } from "./begin-try.ts";
import type { Bulkhead } from "./bulkhead.ts";
import { closePeriod } from "./close-period.ts";
import { type Gathered, gatherOccurrence, standingOrder, usableMandate } from "./gather-occurrence.ts";
import { holdIfBarred } from "./hold-barred.ts";
import { lookAfter } from "./look-after.ts";
import { saveOccurrence } from "./occurrence-store.ts";
import type { Occurrence } from "./recurring-gift.ts";
import { civilDate, daysAfter } from "./schedule.ts";
import { stopOccurrence } from "./stop-occurrence.ts";

export type CollectOrder = {
  readonly limit: number;
  readonly lanes: number;
  /** At most so many of one church's at once: a slow gateway of theirs holds up nobody else. */
  readonly eachChurch: number;
  readonly signal?: AbortSignal;
};

/**
 * One turn: everything about which something is to be done now, at most `limit`, in so many lanes. Each occurrence is
 * compare-and-set on its version, so a second worker finds nothing to do. A failure of ours puts one off, and no other.
 */
export async function collectDue(deps: Deps, bulkhead: Bulkhead, order: CollectOrder): Promise<number> {
  const due = await deps.db.sweeping(
    ({ sql }) => sql<{ church_id: string; id: string }[]>`
      select church_id, id from occurrences where next_at <= ${deps.clock.now()}
      order by next_at, id limit ${order.limit}`,
  );
  const waiting = [...due];
  const busy = new Map<string, number>();
  // A lane that finds none it may take ends: the lanes at work for that church take the rest of its own.
  const lane = async () => {
    for (;;) {
      const at = waiting.findIndex(({ church_id }) => (busy.get(church_id) ?? 0) < order.eachChurch);
      const [row] = at < 0 || order.signal?.aborted ? [] : waiting.splice(at, 1);
      if (!row) return;
      const { church_id: church } = row;
      busy.set(church, (busy.get(church) ?? 0) + 1);
      await safely(deps, bulkhead, toId("church", church), toId("occurrence", row.id));
      busy.set(church, (busy.get(church) ?? 1) - 1);
    }
  };
  await Promise.all(Array.from({ length: Math.min(order.lanes, due.length) }, lane));
  if (due.length > 0) deps.doorbell.ring("recurring");
  return due.length;
}

async function safely(deps: Deps, bulkhead: Bulkhead, church: ChurchId, id: OccurrenceId): Promise<void> {
  try {
    await collectOne(deps, bulkhead, church, id);
  } catch (error) {
    const fault = error instanceof Error ? error.message : "unknown";
    deps.log.error({ church, occurrence: id, fault }, "an occurrence could not be worked on");
    deps.metrics.count("ofrenda_occurrences_total", { done: "fault" });
    const facts = await deps.db
      .inChurch(church, (tx) => gatherOccurrence(deps, tx, church, id))
      .catch(() => undefined);
    if (facts) await postpone(deps, facts.occurrence, after(deps.clock.now(), faultWaitMs)).catch(() => {});
  }
}

const faultWaitMs = 15 * 60_000;

/** What is to be done about one occurrence now. */
async function collectOne(deps: Deps, bulkhead: Bulkhead, church: ChurchId, id: OccurrenceId): Promise<void> {
  const facts = await deps.db.sharing(church, (tx) => gatherOccurrence(deps, tx, church, id));
  const now = deps.clock.now();
  const { occurrence } = facts ?? {};
  if (!facts || !occurrence?.nextAt || occurrence.nextAt > now) return;
  if (occurrence.stopAs) return stopOccurrence(deps, occurrence);
  if (occurrence.state === "collecting") {
    const again = await lookAfter(deps, facts);
    return again === "try" ? tryNow(deps, bulkhead, facts) : undefined;
  }
  if (occurrence.state !== "open" && occurrence.state !== "retrying") {
    return postpone(deps, occurrence, undefined);
  }
  if (occurrence.heldUntil && now >= occurrence.heldUntil) return closePeriod(deps, facts, "not_mended");
  if (facts.gift.collection === "automatic" && !usableMandate(facts)) {
    return closePeriod(deps, facts, "no_permission");
  }
  if (occurrence.state === "open" && (await holdIfBarred(deps, facts))) return;
  return tryNow(deps, bulkhead, facts);
}

/** Waits so often, a day each, for an account that can carry it. */
const wayTries = 3;

async function tryNow(deps: Deps, bulkhead: Bulkhead, facts: Gathered): Promise<void> {
  const { occurrence, gift } = facts;
  const plan = await planStanding(deps, standingOrder(facts));
  const now = deps.clock.now();
  if (!plan.ok) {
    const fields = { recurring_gift: gift.id, occurrence: occurrence.id, problem: plan.error.code };
    deps.log.error(fields, "no gateway account carries a recurring gift");
    const waitedMs = now.getTime() - occurrence.createdAt.getTime();
    if (waitedMs >= days(wayTries + gift.leadDays)) return closePeriod(deps, facts, "no_way");
    return postpone(deps, occurrence, after(now, days(1)));
  }
  const { account: chosen } = plan.value.route;
  const account = chosen.id;
  await bulkhead.run(account, async () => {
    const quiet = bulkhead.quietUntil(account) ?? quietUntil(chosen, now);
    if (quiet) return postpone(deps, occurrence, quiet);
    const begun = await beginTry(deps, facts, plan.value);
    if (!begun) return;
    if (begun.deliveries > 0) deps.doorbell.ring("outbox");
    const { name } = plan.value.settings;
    const applied = await sendStanding(deps, {
      gift: begun.gift,
      way: wayOf(deps, facts, begun, plan.value.route.capability.mandate?.notice.leastDays ?? 0),
      donor: facts.donor,
      customerRef: facts.mandate?.customerRef ?? begun.customerRef,
      churchName: name,
      traceId: newId("event").slice(4),
    });
    const { state, refusal, evidence } = applied.gift.attempt;
    const unreachable = state === "refused" && (refusal === undefined || refusal.reason === "rate_limited");
    if (unreachable || evidence?.httpStatus === 429) {
      bulkhead.hush(account, await hushAccount(deps, gift.churchId, account));
    } else {
      bulkhead.hush(account, undefined);
      if (chosen.quietUntil) await easeAccount(deps, gift.churchId, account);
    }
    deps.metrics.count("ofrenda_occurrences_total", {
      done: gift.collection === "automatic" ? "charged" : "asked",
    });
  });
}

function wayOf(deps: Deps, facts: Gathered, begun: Begun, noticeDays: number): StandingWay {
  const { gift, occurrence } = facts;
  const mandate = usableMandate(facts);
  if (gift.collection === "reminder" || !mandate) {
    return { kind: "ask", bank: gift.bank, pageUrl: begun.pageUrl };
  }
  const soonest = daysAfter(civilDate(deps.clock.now(), gift.timeZone), noticeDays);
  const dueOn = occurrence.dueOn > soonest ? occurrence.dueOn : soonest;
  return { kind: "pull", gatewayMandateId: mandate.gatewayMandateId, dueOn };
}

/** Puts off what is to be done, if nobody has moved it meanwhile; `undefined`: nothing is to be done. */
async function postpone(deps: Deps, occurrence: Occurrence, to: Date | undefined): Promise<void> {
  const { churchId, version } = occurrence;
  const after = { ...occurrence, nextAt: to, version: version + 1, updatedAt: deps.clock.now() };
  await deps.db.sharing(churchId, (tx) => saveOccurrence(tx, occurrence, after));
}
