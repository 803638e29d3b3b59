import type { Deps } from "../deps.ts";
import { callGateway } from "../gateway/call-gateway.ts";
import type { CollectOutcome } from "../gateway/payment.ts";
import { type ChurchId, type DonationId, newId } from "../kernel/ids.ts";
import { applyOutcome } from "./apply-outcome.ts";
import { closeAtGateway } from "./cancel-donation.ts";
import { type Gift, handleOf } from "./gift.ts";
import { loadGift } from "./load-gift.ts";

type Parts = Pick<Deps, "db" | "payments" | "clock" | "log" | "metrics" | "doorbell">;

/**
 * Stops a period's gift that is not paid yet: an announced charge is taken back, an open voucher or link is closed, at
 * the gateway first. Answers with the gift as it then stands: paid after all, still moving where it is too late or the
 * gateway did not say, or over.
 */
export async function stopStanding(
  deps: Parts,
  church: ChurchId,
  donation: DonationId,
): Promise<Gift | undefined> {
  const gift = await deps.db.inChurch(church, (tx) => loadGift(tx, church, { donationId: donation }, false));
  if (!gift) return undefined;
  if (gift.attempt.state === "action_required" || gift.attempt.state === "authorized") {
    return (await closeAtGateway(deps, gift, "operator")) ?? gift;
  }
  return gift.attempt.state === "processing" ? withdraw(deps, gift) : gift;
}

async function withdraw(deps: Parts, gift: Gift): Promise<Gift> {
  const { donation, attempt } = gift;
  const ready = await deps.payments.ready(donation.churchId, attempt.gatewayAccountId);
  const mandates = ready?.adapter.mandates;
  if (!mandates?.withdraw) return gift;
  const takeBack = mandates.withdraw;
  const outcome = await callGateway<CollectOutcome>(
    deps,
    {
      gateway: attempt.gateway,
      operation: "withdraw",
      idempotencyKey: `${attempt.gatewayKey}-withdraw`,
      traceId: newId("event").slice(4),
    },
    (call) => takeBack(handleOf(gift), call),
  );
  // What could not be asked, or was refused, says nothing of the charge.
  if (outcome.kind === "in_doubt" || outcome.kind === "not_sent" || outcome.kind === "refused") return gift;
  const applied = await deps.db.inChurch(donation.churchId, async (tx) => {
    const current = await loadGift(tx, donation.churchId, { attemptId: attempt.id }, true);
    return current && applyOutcome(deps, tx, current, { kind: "outcome", outcome }, "operator");
  });
  if (applied?.changed) deps.doorbell.ring("outbox");
  return applied?.gift ?? gift;
}
