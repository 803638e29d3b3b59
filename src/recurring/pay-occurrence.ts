import type { Deps } from "../deps.ts";
import { pageUrlOf } from "../giving/gift-page-url.ts";
import { sendStanding } from "../giving/send-standing.ts";
import { planStanding } from "../giving/standing-gift.ts";
import { type ChurchId, newId, type OccurrenceId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { beginTry } from "./begin-try.ts";
import { type Gathered, gatherOccurrence, standingOrder } from "./gather-occurrence.ts";

/** One period's gift as its donor sees it, and whether it waits for them. */
export type ToPay = Pick<Gathered, "gift" | "occurrence"> & { readonly waits: boolean };

/** What a link to pay one period is for; `undefined` when there is no such occurrence. */
export async function readToPay(
  deps: Pick<Deps, "db" | "vault">,
  church: ChurchId,
  id: OccurrenceId,
): Promise<ToPay | undefined> {
  const facts = await deps.db.inChurch(church, (tx) => gatherOccurrence(deps, tx, church, id));
  if (!facts) return undefined;
  const { gift, occurrence } = facts;
  return { gift, occurrence, waits: occurrence.state === "retrying" };
}

const over: Problem = { code: "conflict", detail: "this gift does not wait for the donor any more" };

/**
 * The donor gives one period's gift themselves, present at their bank: one more try of its donation, on the gateway's
 * page, under the same rules as any other try. Answers with our page about the gift, which leads on; asked twice, it is
 * the same page.
 */
export async function payOccurrence(
  deps: Deps,
  church: ChurchId,
  id: OccurrenceId,
): Promise<Result<string, Problem>> {
  const facts = await deps.db.inChurch(church, (tx) => gatherOccurrence(deps, tx, church, id));
  const { occurrence, gift } = facts ?? {};
  const settings = await deps.settings.read(church);
  if (!facts || !occurrence?.donationId || !gift || !settings) return err(over);
  const { donationId } = occurrence;
  if (occurrence.state === "retrying") {
    const order = { ...standingOrder(facts), mandate: undefined, presentation: "hosted" } as const;
    const plan = await planStanding(deps, order);
    if (!plan.ok) return plan;
    const begun = await beginTry(deps, facts, plan.value);
    if (begun) {
      await sendStanding(deps, {
        gift: begun.gift,
        way: { kind: "ask", bank: gift.bank, pageUrl: begun.pageUrl },
        donor: facts.donor,
        customerRef: begun.customerRef,
        churchName: settings.name,
        traceId: newId("event").slice(4),
      });
      deps.doorbell.ring("recurring");
    }
  } else if (occurrence.state !== "collecting" && occurrence.state !== "succeeded") {
    return err(over);
  }
  return ok(await deps.db.inChurch(church, (tx) => pageUrlOf(deps, tx, church, settings.slug, donationId)));
}
