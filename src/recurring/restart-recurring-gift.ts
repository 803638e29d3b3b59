import type { Deps } from "../deps.ts";
import { days } from "../kernel/clock.ts";
import type { ChurchId, RecurringGiftId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { command, requireStatus, standing } from "./command.ts";
import { loadMandate } from "./mandate-store.ts";
import { aheadFrom, indexToGoOn } from "./next-due.ts";
import type { Actor, RecurringGift } from "./recurring-gift.ts";
import type { RecurringGiftView } from "./recurring-json.ts";
import { writeChange } from "./write-change.ts";

/** One that was canceled can be taken up again for so long. */
const canceledAtMost = days(365);

/**
 * Takes up one that lies dormant, or was canceled within a year, from its next date to come. Where its permission is
 * over, the donor has to give another one (`replaceMethod`).
 */
export function restart(
  deps: Pick<Deps, "db" | "clock" | "doorbell">,
  church: ChurchId,
  id: RecurringGiftId,
  actor: Actor,
): Promise<Result<RecurringGiftView, Problem>> {
  return command(deps, church, id, async ({ tx, gift, now, today }) => {
    const can = requireStatus(
      gift,
      ["dormant", "canceled"],
      "only a dormant or canceled one can be restarted",
    );
    if (!can.ok) return can;
    if (gift.endedAt && now.getTime() - gift.endedAt.getTime() > canceledAtMost) {
      return err({ code: "conflict", detail: "it was canceled more than a year ago: start a new one" });
    }
    if (gift.collection === "automatic") {
      const mandate = gift.mandateId && (await loadMandate(tx, church, gift.mandateId, true));
      if (mandate?.state !== "active" || mandate.endAskedAt) return err(permissionOver(gift));
    }
    const active: RecurringGift = {
      ...gift,
      status: "active",
      failedPeriods: 0,
      dormantReason: undefined,
      canceledBy: undefined,
      cancelReason: undefined,
      endedAt: undefined,
    };
    const { progress, last } = await standing(tx, gift);
    const ahead = aheadFrom(active, indexToGoOn(active, { today, last }), progress);
    if (ahead.nextDueOn === undefined) {
      return err({
        code: "conflict",
        detail: "its end has been reached: change the end first, or start a new one",
      });
    }
    const changed = await writeChange(tx, gift, {
      to: { ...active, ...ahead },
      what: ["restarted"],
      event: "recurring_gift.updated",
      actor,
      now,
    });
    return ok(changed);
  });
}

const permissionOver = ({ status }: RecurringGift): Problem => ({
  code: "conflict",
  detail:
    status === "canceled"
      ? "the donor's permission ended with it: start a new one"
      : "the donor's permission is over: ask for another with POST …/payment-method, and it goes on by itself",
});
