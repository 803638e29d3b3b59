import type { Deps } from "../deps.ts";
import type { ChurchId, RecurringGiftId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { ok, type Result } from "../kernel/result.ts";
import { askToEnd } from "./ask-to-end.ts";
import { command, leaveOpen } from "./command.ts";
import { readRecurringGift } from "./read-recurring-gift.ts";
import type { Actor } from "./recurring-gift.ts";
import type { RecurringGiftView } from "./recurring-json.ts";
import { checkMandate } from "./sweep-mandates.ts";
import { writeChange } from "./write-change.ts";

type Parts = Pick<Deps, "db" | "vault" | "clock" | "payments" | "log" | "metrics" | "doorbell">;

/**
 * Ends the promise. What is due and not on its way is not asked for any more; what is on its way runs its course. The
 * mandate is ended at the gateway when nothing else lives on it, at once, or by the sweep where the gateway cannot be
 * reached. Repeated, it answers as before.
 */
export async function cancelRecurringGift(
  deps: Parts,
  church: ChurchId,
  id: RecurringGiftId,
  wish: { readonly reason?: string | undefined },
  actor: Actor,
): Promise<Result<RecurringGiftView, Problem>> {
  const mandates: (Parameters<typeof checkMandate>[2] | undefined)[] = [];
  const done = await command(deps, church, id, async ({ tx, gift, now }) => {
    if (gift.status === "canceled" || gift.status === "completed") return ok(gift);
    await leaveOpen(tx, gift, "canceled", now);
    const canceled = await writeChange(tx, gift, {
      to: {
        status: "canceled",
        canceledBy: actor.kind === "donor" ? "donor" : actor.kind === "gateway" ? "gateway" : "church",
        cancelReason: wish.reason,
        endedAt: now,
        nextDueOn: undefined,
        nextOpenAt: undefined,
        resumesOn: undefined,
        pausedAt: undefined,
      },
      what: ["canceled"],
      event: "recurring_gift.canceled",
      actor,
      now,
      after: { reason: wish.reason ?? null },
    });
    for (const mandate of [gift.mandateId, gift.nextMandateId]) {
      if (mandate && (await askToEnd(tx, gift.churchId, mandate, now))) mandates.push(mandate);
    }
    return ok(canceled);
  });
  if (!done.ok || mandates.length === 0) return done;
  for (const mandate of mandates) if (mandate) await checkMandate(deps, church, mandate);
  return ok((await readRecurringGift(deps, church, id)) ?? done.value);
}
