import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { days } from "../kernel/clock.ts";
import { exhaustive } from "../kernel/result.ts";
import { enqueue } from "../messages/enqueue.ts";
import { askToEnd } from "./ask-to-end.ts";
import { changedShares } from "./decide-change.ts";
import { aheadFrom, indexToGoOn } from "./next-due.ts";
import {
  lastOpened,
  progressOf,
  saveOccurrence,
  unsettledOccurrences,
  wakeRetrying,
} from "./occurrence-store.ts";
import { leadDaysOf } from "./plan-start.ts";
import type { Mandate, RecurringGift } from "./recurring-gift.ts";
import { civilDate } from "./schedule.ts";
import { giftsOnMandate } from "./store.ts";
import { writeChange } from "./write-change.ts";

type Parts = Pick<Deps, "vault" | "clock" | "payments">;
const byGateway = { kind: "gateway" } as const;

/** The donor gave the permission: what waited for it begins, and what was to move to it moves. */
export async function giftsGoOn(deps: Parts, tx: Tx, mandate: Mandate, now: Date): Promise<void> {
  for (const gift of await giftsOnMandate(tx, mandate.churchId, mandate.id, true)) {
    if (gift.nextMandateId === mandate.id) await moveTo(deps, tx, gift, mandate, now);
    else if (gift.status === "pending") await begin(tx, gift, now);
  }
}

async function begin(tx: Tx, gift: RecurringGift, now: Date): Promise<void> {
  const active: RecurringGift = { ...gift, status: "active" };
  const today = civilDate(now, gift.timeZone);
  // A permission that came after the first date still counts for that period.
  const index = indexToGoOn(active, { today, last: undefined, missed: gift.anchor });
  const ahead = aheadFrom(active, index, await progressOf(tx, gift.churchId, gift.id));
  await writeChange(tx, gift, {
    to: { status: "active", ...ahead },
    what: ["activated"],
    event: "recurring_gift.updated",
    actor: byGateway,
    now,
  });
}

/** A new permission takes over, with what was to change with it; the old one is ended when nothing lives on it. */
async function moveTo(deps: Parts, tx: Tx, gift: RecurringGift, mandate: Mandate, now: Date): Promise<void> {
  const capability = deps.payments.manifests
    .get(mandate.gateway)
    ?.methods.find((able) => able.type === mandate.method && able.countries.includes(mandate.country));
  const changed = gift.nextChange ? changedShares(gift, gift.nextChange) : gift;
  const wakes = gift.status === "dormant" || gift.status === "pending";
  const moved: RecurringGift = {
    ...changed,
    status: wakes ? "active" : gift.status,
    collection: "automatic",
    method: mandate.method,
    presentation: mandate.presentation,
    mandateId: mandate.id,
    nextMandateId: undefined,
    nextChange: undefined,
    leadDays: leadDaysOf("automatic", capability?.mandate),
    failedPeriods: 0,
    dormantReason: undefined,
  };
  const progress = await progressOf(tx, gift.churchId, gift.id);
  const last = await lastOpened(tx, gift);
  const index = wakes ? indexToGoOn(moved, { today: civilDate(now, gift.timeZone), last }) : gift.nextIndex;
  const ahead = gift.nextDueOn === undefined && !wakes ? {} : aheadFrom(moved, index, progress);
  const what = gift.nextChange ? (["method", "amount"] as const) : (["method"] as const);
  const shown = (method: string, display: string | undefined) => ({ method, display: display ?? null });
  await writeChange(tx, gift, {
    to: { ...moved, ...ahead },
    what,
    event: "recurring_gift.updated",
    actor: byGateway,
    now,
    before: shown(gift.method, undefined),
    after: shown(mandate.method, mandate.display),
  });
  await wakeRetrying(tx, gift.churchId, mandate.id, now);
  if (gift.mandateId) await askToEnd(tx, gift.churchId, gift.mandateId, now);
}

/** The permission is over, or was never given: nothing more is charged under it. */
export async function giftsLosePermission(deps: Parts, tx: Tx, mandate: Mandate, now: Date): Promise<void> {
  for (const gift of await giftsOnMandate(tx, mandate.churchId, mandate.id, true)) {
    if (gift.nextMandateId === mandate.id) await stay(tx, gift, now);
    else await lose(deps, tx, gift, mandate, now);
  }
}

/** The new permission was not given: it goes on as before. */
async function stay(tx: Tx, gift: RecurringGift, now: Date): Promise<void> {
  await writeChange(tx, gift, {
    to: { nextMandateId: undefined, nextChange: undefined },
    what: ["method"],
    event: "recurring_gift.updated",
    actor: byGateway,
    now,
    after: { new_permission: "not given" },
  });
}

async function lose(deps: Parts, tx: Tx, gift: RecurringGift, mandate: Mandate, now: Date): Promise<void> {
  switch (gift.status) {
    case "pending":
      // Another permission is being asked for: it is that one's now.
      if (gift.nextMandateId) return;
      await writeChange(tx, gift, {
        to: {
          status: "canceled",
          canceledBy: mandate.endedBy,
          cancelReason: mandate.endedCode,
          endedAt: now,
          nextDueOn: undefined,
          nextOpenAt: undefined,
        },
        what: ["canceled"],
        event: "recurring_gift.canceled",
        actor: byGateway,
        now,
      });
      return;
    case "active":
    case "paused":
      await writeChange(tx, gift, {
        to: {
          status: "dormant",
          dormantReason: "mandate_ended",
          nextDueOn: undefined,
          nextOpenAt: undefined,
          resumesOn: undefined,
          pausedAt: undefined,
        },
        what: ["dormant"],
        event: "recurring_gift.updated",
        actor: byGateway,
        now,
        after: { reason: "mandate_ended", by: mandate.endedBy ?? null },
      });
      await park(tx, gift, now);
      await tell(deps, tx, gift, mandate);
      return;
    case "dormant":
    case "completed":
    case "canceled":
      return;
    default:
      return exhaustive(gift.status);
  }
}

/** What waited for a try waits a week for another payment method; then it is given up as any other (collection). */
async function park(tx: Tx, gift: RecurringGift, now: Date): Promise<void> {
  for (const occurrence of await unsettledOccurrences(tx, gift.churchId, gift.id)) {
    if (occurrence.state === "collecting") continue;
    await saveOccurrence(tx, occurrence, {
      ...occurrence,
      state: "retrying",
      nextAt: new Date(now.getTime() + days(7)),
      version: occurrence.version + 1,
      updatedAt: now,
    });
  }
}

const tell = (deps: Parts, tx: Tx, gift: RecurringGift, mandate: Mandate): Promise<void> =>
  enqueue(tx, deps, gift.churchId, {
    kind: "mandate_ended",
    to: { donor: gift.donorId },
    dedupeKey: `mandate_ended:${gift.id}:${mandate.id}`,
    locale: gift.locale,
    params: {
      recurring_gift: gift.id,
      by: mandate.endedBy ?? "bank",
      display: mandate.display ?? null,
      method: mandate.method,
      amount: { amount: Number(gift.amount.minor), currency: gift.amount.currency },
    },
  });
