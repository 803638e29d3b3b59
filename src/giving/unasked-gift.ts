import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import type { CollectOutcome } from "../gateway/payment.ts";
import { type DonationId, newId } from "../kernel/ids.ts";
import { applyOutcome } from "./apply-outcome.ts";
import { moneyElsewhere } from "./attempt-history.ts";
import type { AttemptState } from "./attempt-state.ts";
import type { Gift } from "./gift.ts";
import { type NextWay, startNextAttempt } from "./next-attempt.ts";
import { type GiftWords, openGift } from "./open-gift.ts";
import { type GiftTerms, newGift } from "./plan-gift.ts";

type Parts = Pick<Deps, "clock" | "log" | "metrics" | "vault">;
/** Money that came without our asking for it there and then. */
export type Came = Extract<CollectOutcome, { kind: "captured" }>;

/** A gift nobody was asked for, written as it came: donation, attempt and capture, in the caller's transaction. */
export async function openUnasked(
  deps: Parts,
  tx: Tx,
  terms: GiftTerms,
  words: GiftWords,
  came: Came,
): Promise<DonationId> {
  const gift = newGift(terms, newId("donation"), deps.clock.now());
  await openGift(deps, tx, gift, words);
  await applyOutcome(deps, tx, gift, { kind: "outcome", outcome: came }, "webhook");
  return gift.donation.id;
}

/** Open at the gateway, or over without money: only these give way to money that came another way. */
const yields: ReadonlySet<AttemptState> = new Set([
  "action_required",
  "authorized",
  "declined",
  "refused",
  "voided",
  "expired",
]);

/** Whether money that came another way can be this donation's. */
export const isOpenTo = ({ attempt }: Pick<Gift, "attempt">): boolean => yields.has(attempt.state);

/**
 * What came is a donation's that was asked for another way: its present attempt, which the caller holds and has closed at
 * the gateway where it was open (`closed`), makes room for one that is captured at once. `false`, with nothing
 * written, where other money of it has come or may.
 */
export async function payAnotherWay(
  deps: Parts,
  tx: Tx,
  gift: Gift,
  closed: CollectOutcome | undefined,
  way: NextWay,
  came: Came,
): Promise<boolean> {
  if (!isOpenTo(gift) || (await moneyElsewhere(tx, gift))) return false;
  if (closed) {
    // Not yet news: the gift goes on in the same breath.
    await applyOutcome(deps, tx, gift, { kind: "outcome", outcome: closed, anotherRoute: true }, "webhook");
  }
  const next = await startNextAttempt(tx, gift, way, deps.clock.now());
  await applyOutcome(deps, tx, next.gift, { kind: "outcome", outcome: came }, "webhook");
  return true;
}
