import type { Tx } from "../../db/client.ts";
import type { Decline } from "../../gateway/payment.ts";
import { attemptsOf, contestedSince } from "../../giving/attempt-history.ts";
import { after, type Clock, days } from "../../kernel/clock.ts";
import { donationsUnder } from "../occurrence-history.ts";
import type { Mandate } from "../recurring-gift.ts";
import { needsNewMethod } from "./decide-retry.ts";

/** So far back a bank's word about an instrument is looked for: a year of yearly gifts. */
const lookBackMs = days(400);

/** What a donor has taken back through their bank is a no to the next one too, until they give another permission. */
const contested: Decline = { reason: "mandate_invalid", retry: "new_method", rawCode: "contested" };

/**
 * The last word of a bank that this saved instrument will never pay again, unless it was renewed since: a lost card is
 * not tried in the next period either.
 */
export async function barredBy(
  clock: Clock,
  tx: Tx,
  mandate: Pick<Mandate, "churchId" | "id" | "network" | "createdAt" | "updatedAt">,
): Promise<Decline | undefined> {
  const { churchId, id, network, createdAt, updatedAt } = mandate;
  const donations = await donationsUnder(tx, churchId, id, after(clock.now(), -lookBackMs));
  if (await contestedSince(tx, churchId, donations, createdAt)) return contested;
  const last = (await attemptsOf(tx, churchId, donations)).at(-1);
  if (!last?.decline || last.state !== "declined" || last.at <= updatedAt) return undefined;
  return needsNewMethod(network, last.decline) ? last.decline : undefined;
}
