import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import type { Gift } from "../giving/gift.ts";
import { enqueue } from "../messages/enqueue.ts";
import type { RetryDecision } from "./dunning/decide-retry.ts";
import { planOf } from "./dunning/plans.ts";
import { occurrenceParams } from "./message-params.ts";
import { payUrl } from "./pay-url.ts";
import type { Mandate, Occurrence, RecurringGift } from "./recurring-gift.ts";
import { civilDate } from "./schedule.ts";

type About = {
  readonly gift: RecurringGift;
  readonly occurrence: Occurrence;
  readonly mandate: Mandate | undefined;
  readonly donation: Gift;
  readonly slug: string;
};

/**
 * The word to a donor whose gift was not taken: what they can do, or when it is tried again. What mends itself within
 * the day is not worth a word, and nobody is told the same thing twice for one period.
 */
export async function tellFailure(
  deps: Pick<Deps, "vault" | "clock" | "config">,
  tx: Tx,
  { gift, occurrence, mandate, donation, slug }: About,
  decision: RetryDecision,
): Promise<void> {
  const reason = donation.attempt.decline?.reason ?? "technical";
  if (decision.kind === "retry" && planOf[reason] === "technical") return;
  const ask =
    decision.kind === "ask_method" ? "new_method" : decision.kind === "ask_donor" ? "authenticate" : "none";
  await enqueue(tx, deps, gift.churchId, {
    kind: "payment_failed",
    to: { donor: gift.donorId },
    dedupeKey: `payment_failed:${occurrence.id}:${decision.kind}`,
    locale: gift.locale,
    params: {
      ...occurrenceParams(gift, occurrence, mandate),
      donation: donation.donation.id,
      reason: donation.attempt.decline?.reason ?? null,
      ask,
      next_try_on: decision.kind === "retry" ? civilDate(decision.at, gift.timeZone) : null,
      until: "until" in decision ? civilDate(decision.until, gift.timeZone) : null,
      url: ask === "authenticate" ? await payUrl(deps, tx, gift.churchId, slug, occurrence.id) : null,
    },
  });
}
