import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import type { MandateOutcome } from "../gateway/mandate.ts";
import { assert, present } from "../kernel/assert.ts";
import type { ChurchId, MandateId } from "../kernel/ids.ts";
import { exhaustive } from "../kernel/result.ts";
import { giftsGoOn, giftsLosePermission } from "./gifts-of-mandate.ts";
import { nextMandateCheck } from "./mandate-checks.ts";
import { loadMandate, saveMandate } from "./mandate-store.ts";
import { wakeRetrying } from "./occurrence-store.ts";
import type { Mandate } from "./recurring-gift.ts";
import { holdAllOfDonor } from "./store.ts";

type Parts = Pick<Deps, "clock" | "vault" | "payments" | "log">;

export type AppliedMandate = { readonly mandate: Mandate; readonly changed: boolean };

/**
 * What a gateway says of a mandate, however it came: the answer to our request, a webhook, the sweep. The row is held
 * from here to the end of the caller's transaction. What has ended stays ended; what the gateway could not say changes
 * nothing but when it is asked again.
 */
export async function applyMandate(
  deps: Parts,
  tx: Tx,
  church: ChurchId,
  id: MandateId,
  outcome: MandateOutcome,
): Promise<AppliedMandate> {
  // Gifts first, then their mandate: whoever changes a gift locks them in that order.
  const { donorId } = present(await loadMandate(tx, church, id, false), "the mandate exists");
  await holdAllOfDonor(tx, church, donorId);
  const before = present(await loadMandate(tx, church, id, true), "the mandate exists");
  if (before.state === "ended") return { mandate: before, changed: false };
  const now = deps.clock.now();
  const told = { ...read(before, outcome), version: before.version + 1, updatedAt: now };
  const news = told.state !== before.state;
  const counted = { ...told, checks: news ? 0 : before.checks + 1 };
  const next = nextMandateCheck(counted, now);
  const after: Mandate = {
    ...counted,
    nextCheckAt: next === "never" ? undefined : next === "give_up" ? now : next,
    // Nobody said yes in all that time: it is closed at the gateway, and the promise with it.
    ...(next === "give_up" ? { endAskedAt: now, checks: 0 } : {}),
  };
  assert(await saveMandate(tx, before, after, outcome.evidence), "the mandate was read under lock");
  if (after.state === "active" && news) await giftsGoOn(deps, tx, after, now);
  if (after.state === "active" && mended(before, after)) await wakeRetrying(tx, church, id, now);
  if (after.state === "ended") await giftsLosePermission(deps, tx, after, now);
  return { mandate: after, changed: news || mended(before, after) };
}

/** The network gave the card a later month or another number: what waits for a try may go at once. */
const mended = (before: Mandate, after: Mandate): boolean =>
  before.state === "active" &&
  (before.expiresOn !== after.expiresOn || before.display !== after.display) &&
  after.expiresOn !== undefined;

function read(mandate: Mandate, outcome: MandateOutcome): Mandate {
  switch (outcome.kind) {
    case "active":
      return {
        ...mandate,
        state: "active",
        gatewayMandateId: outcome.gatewayMandateId,
        action: undefined,
        display: outcome.display ?? mandate.display,
        network: outcome.network ?? mandate.network,
        expiresOn: outcome.expiresOn ?? mandate.expiresOn,
        customerRef: outcome.customerRef ?? mandate.customerRef,
      };
    case "action_required":
    case "pending":
      // An old picture: what was given is not taken back by it.
      if (mandate.state === "active") return mandate;
      return {
        ...mandate,
        state: outcome.kind,
        gatewayMandateId: outcome.gatewayMandateId,
        action: outcome.kind === "action_required" ? outcome.action : undefined,
      };
    case "ended":
      return {
        ...mandate,
        state: "ended",
        gatewayMandateId: outcome.gatewayMandateId,
        action: undefined,
        endedBy: mandate.endAskedAt ? "church" : outcome.by,
        endedCode: outcome.rawCode,
      };
    case "refused":
      // Refused when it was asked for there is none; later a refusal only says that we could not ask.
      if (mandate.state !== "requested") return mandate;
      return { ...mandate, state: "ended", endedBy: "gateway", endedCode: outcome.problem.rawCode };
    case "not_sent":
    case "in_doubt":
      return mandate;
    default:
      return exhaustive(outcome);
  }
}
