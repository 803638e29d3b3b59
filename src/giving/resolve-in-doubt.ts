import type { Deps } from "../deps.ts";
import { after } from "../kernel/clock.ts";
import { type AttemptId, type ChurchId, newId, toId } from "../kernel/ids.ts";
import { applyOutcome } from "./apply-outcome.ts";
import { closeAtGateway } from "./cancel-donation.ts";
import { isAbandoned, nextCheck } from "./check-times.ts";
import type { Input } from "./decide.ts";
import type { Gift } from "./gift.ts";
import { type GiftKey, loadGift } from "./load-gift.ts";
import { lookUp } from "./look-up.ts";
import { type Cause, saveCheck } from "./store.ts";

type Parts = Pick<Deps, "db" | "payments" | "clock" | "log" | "metrics" | "doorbell">;

/**
 * Asks the gateway about one gift now and applies what it says: for a donor who has just come back from the
 * gateway's page, before any webhook. Returns the gift as it then stands; `undefined` when there is none.
 */
export async function refreshAttempt(
  deps: Parts,
  church: ChurchId,
  key: GiftKey,
  cause: Cause,
): Promise<Gift | undefined> {
  const gift = await deps.db.inChurch(church, (tx) => loadGift(tx, church, key, false));
  if (!gift) return undefined;
  const answer = await ask(deps, gift);
  if (answer === undefined) return gift;
  const applied = await deps.db.inChurch(church, async (tx) => {
    const current = await loadGift(tx, church, { attemptId: gift.attempt.id }, true);
    return current ? applyOutcome(deps, tx, current, answer, cause) : undefined;
  });
  if (applied?.changed) deps.doorbell.ring("outbox");
  return applied?.gift;
}

export type Swept = { readonly asked: number; readonly changed: number };

/**
 * One turn of the sweeper: attempts whose look-up is due, at most `limit`. Unknown stays unknown until the gateway
 * says otherwise; after the last look-up a person is asked, and the attempt is never failed by us.
 */
export async function sweepAttempts(deps: Parts, limit: number, signal?: AbortSignal): Promise<Swept> {
  const now = deps.clock.now();
  const due = await deps.db.sweeping(
    ({ sql }) => sql<{ church_id: string; id: string }[]>`
      select church_id, id from payment_attempts where next_check_at <= ${now} order by next_check_at limit ${limit}`,
  );
  let changed = 0;
  for (const row of due) {
    if (signal?.aborted) break;
    const church = toId("church", row.church_id);
    if (await sweepOne(deps, church, toId("attempt", row.id))) changed += 1;
  }
  if (changed > 0) deps.doorbell.ring("outbox");
  return { asked: due.length, changed };
}

async function sweepOne(deps: Parts, church: ChurchId, attempt: AttemptId): Promise<boolean> {
  const gift = await deps.db.inChurch(church, async (tx) => {
    const found = await loadGift(tx, church, { attemptId: attempt }, true);
    const due = found?.attempt.nextCheckAt;
    if (!found || !due || due > deps.clock.now()) return undefined;
    // Moved ahead while we ask, so that another process does not ask too; a crash only delays the next look.
    await saveCheck(tx, church, attempt, found.attempt.checks, after(deps.clock.now(), askingMs));
    return found;
  });
  if (!gift) return false;
  if (isAbandoned({ ...gift.attempt, now: deps.clock.now() })) {
    const closed = await closeAtGateway(deps, gift, "sweeper");
    if (closed && closed.attempt.state !== gift.attempt.state) return true;
  }
  const answer = await ask(deps, gift);
  return deps.db.inChurch(church, async (tx) => {
    const current = await loadGift(tx, church, { attemptId: attempt }, true);
    if (!current) return false;
    const applied = answer ? await applyOutcome(deps, tx, current, answer, "sweeper") : undefined;
    if (applied?.changed) return true;
    return scheduleNext(deps, tx, current);
  });
}

/** How long one look-up may keep an attempt to itself. */
const askingMs = 120_000;

/** Nothing new: when to ask again, or the moment to call a person. */
async function scheduleNext(deps: Parts, tx: Parameters<typeof loadGift>[0], gift: Gift): Promise<boolean> {
  const checks = gift.attempt.checks + 1;
  const next = nextCheck({ ...gift.attempt, checks, now: deps.clock.now() });
  if (next === "give_up") {
    const input: Input = { kind: "give_up_asking", evidence: { rawStatus: `asked ${checks} times` } };
    return (await applyOutcome(deps, tx, gift, input, "sweeper")).changed;
  }
  await saveCheck(tx, gift.donation.churchId, gift.attempt.id, checks, next === "never" ? null : next);
  return false;
}

/** The gateway's answer as an input, or `undefined` when it gave none that means anything yet. */
async function ask(deps: Parts, gift: Gift): Promise<Input | undefined> {
  const { attempt } = gift;
  const answer = await lookUp(deps, gift, newId("event").slice(4));
  if (answer === undefined) return undefined;
  if (answer.kind !== "never_seen") {
    // A look-up that itself failed says nothing about the attempt.
    const failed = answer.kind === "in_doubt" || answer.kind === "not_sent" || answer.kind === "refused";
    return failed ? undefined : { kind: "outcome", outcome: answer };
  }
  const manifest = deps.payments.manifests.get(attempt.gateway);
  const age = deps.clock.now().getTime() - attempt.createdAt.getTime();
  const believable = manifest !== undefined && age >= manifest.lookupSettlesAfterMs;
  return believable ? { kind: "never_seen", evidence: answer.evidence } : undefined;
}
