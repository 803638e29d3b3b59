import type { ChurchSettings } from "../churches/church-settings.ts";
import type { Deps } from "../deps.ts";
import { present } from "../kernel/assert.ts";
import type { ChurchId, MandateId, RecurringGiftId } from "../kernel/ids.ts";
import { moneyJson } from "../kernel/money.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { applyMandate } from "./apply-mandate.ts";
import { askMandate, type MandateAsk } from "./ask-mandate.ts";
import { askToEnd } from "./ask-to-end.ts";
import { decideIn } from "./change-recurring-gift.ts";
import type { CommandFacts } from "./command.ts";
import { command, requireStatus, ringFor } from "./command.ts";
import { donorOfGift } from "./donor-of-gift.ts";
import { type MethodWish, mandateFor } from "./mandate-for-gift.ts";
import { insertMandate } from "./mandate-store.ts";
import { asAnswer, sayUnavailable } from "./not-asked.ts";
import { readRecurringGift } from "./read-recurring-gift.ts";
import type { Actor, Mandate, RecurringGift, StoredChange } from "./recurring-gift.ts";
import type { RecurringGiftView } from "./recurring-json.ts";
import { giftsOnInstrument } from "./store.ts";
import { checkMandate } from "./sweep-mandates.ts";
import { writeChange } from "./write-change.ts";

type Parts = Deps;

/**
 * Asks the donor for a permission with another payment method, or a new one with the same. It takes over when the donor
 * has given it; until then all goes on as before. Every recurring gift of the donor's on the same card or
 * account moves with it, unless the new rail fixes the amount; what waits for a try is charged at once. The answer carries what the donor
 * does next.
 */
export async function replaceMethod(
  deps: Parts,
  church: ChurchId,
  id: RecurringGiftId,
  wish: MethodWish,
  actor: Actor,
): Promise<Result<RecurringGiftView, Problem>> {
  const settings = present(await deps.settings.readFresh(church), "a church that asks is there");
  const asks: MandateAsk[] = [];
  const stale: MandateId[] = [];
  const ask = async (facts: CommandFacts): Promise<Result<RecurringGift, Problem>> => {
    const { tx, gift, now } = facts;
    const can = requireStatus(gift, ["pending", "active", "paused", "dormant"], "start a new one instead");
    if (!can.ok) return can;
    const decided = await decideIn(deps, tx, settings, gift, wish.change ?? {});
    if (!decided.ok) return decided;
    const ready = mandateFor(deps, settings, decided.value.after, wish, now);
    if (!ready.ok) return ready;
    const mandate = ready.value;
    await insertMandate(tx, deps.vault, mandate, wish.agreement.device ?? wish.device);
    const asked = await waitFor(facts, mandate.id, wish.change && storedChange(decided.value.after), actor);
    if (!mandate.fixed) await othersWaitToo(facts, mandate, actor);
    if (gift.nextMandateId && (await askToEnd(tx, asked.churchId, gift.nextMandateId, now)))
      stale.push(gift.nextMandateId);
    asks.push(await askOf(deps, settings, facts, decided.value.after, mandate, wish));
    return ok(asked);
  };
  const begun = await command(deps, church, id, ask, "all_of_donor");
  if (!begun.ok) return begun;
  const asked = present(asks[0], "a permission is asked for");
  const outcome = await askMandate(deps, asked);
  await deps.db.inChurch(church, (tx) => applyMandate(deps, tx, church, asked.mandate.id, asAnswer(outcome)));
  for (const mandate of stale) await checkMandate(deps, church, mandate);
  ringFor(deps);
  if (outcome.kind === "refused" || outcome.kind === "not_sent") return err(sayUnavailable(outcome));
  const view = present(await readRecurringGift(deps, church, id), "it exists");
  const old = begun.value.gift.mandateId;
  // Taken over at once: the old permission is ended at its gateway now, not at the next sweep.
  if (old && view.gift.mandateId !== old) await checkMandate(deps, church, old);
  return ok(view);
}

async function askOf(
  deps: Parts,
  settings: ChurchSettings,
  { tx, gift, today }: CommandFacts,
  after: RecurringGift,
  mandate: Mandate,
  wish: MethodWish,
): Promise<MandateAsk> {
  return {
    mandate,
    donor: (await donorOfGift(deps, tx, gift)).donor,
    device: wish.agreement.device ?? wish.device,
    token: wish.method.token,
    bank: wish.method.bank,
    churchName: settings.name,
    startsOn: after.nextDueOn ?? today,
    endsOn: "date" in after.ends ? after.ends.date : undefined,
    returnUrl: wish.returnUrl ?? gift.returnUrl ?? `${deps.config.publicUrl}/portal/${settings.slug}`,
    locale: gift.locale,
    traceId: wish.traceId,
  };
}

const storedChange = (after: RecurringGift): StoredChange => ({
  amount: moneyJson(after.amount).amount,
  allocations: after.shares.map(({ fundId, amount }) => ({ fund: fundId, amount: moneyJson(amount).amount })),
});

function waitFor(
  { tx, now, gift }: Pick<CommandFacts, "tx" | "now" | "gift">,
  mandate: MandateId,
  change: StoredChange | undefined,
  actor: Actor,
): Promise<RecurringGift> {
  return writeChange(tx, gift, {
    to: { nextMandateId: mandate, nextChange: change },
    what: ["method"],
    event: "recurring_gift.updated",
    actor,
    now,
    after: { asked_for: mandate },
  });
}

/** One card change for all plans: what is charged to the same card, and the new permission covers, moves to it too. */
async function othersWaitToo({ tx, now, gift }: CommandFacts, mandate: Mandate, actor: Actor): Promise<void> {
  if (!gift.mandateId) return;
  const alive: readonly string[] = ["active", "paused", "dormant"];
  const covered = (other: RecurringGift) =>
    mandate.ceiling?.currency === other.amount.currency && other.amount.minor <= mandate.ceiling.minor;
  for (const other of await giftsOnInstrument(tx, gift.churchId, gift.mandateId)) {
    if (other.id !== gift.id && covered(other) && alive.includes(other.status)) {
      await waitFor({ tx, now, gift: other }, mandate.id, undefined, actor);
    }
  }
}
