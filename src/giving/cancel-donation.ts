import type { Deps } from "../deps.ts";
import { callGateway } from "../gateway/call-gateway.ts";
import type { CancelOutcome, CollectOutcome } from "../gateway/payment.ts";
import { type ChurchId, type DonationId, newId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { applyOutcome } from "./apply-outcome.ts";
import type { AttemptState } from "./attempt-state.ts";
import type { DonationView } from "./donation-view.ts";
import { type Gift, handleOf, viewOf } from "./gift.ts";
import { loadGift } from "./load-gift.ts";
import type { Cause } from "./store.ts";

type Parts = Pick<Deps, "db" | "payments" | "clock" | "log" | "metrics" | "doorbell">;

const open: ReadonlySet<AttemptState> = new Set(["action_required", "authorized"]);
/** Without money and for good: canceling again answers what stands. */
const over: ReadonlySet<AttemptState> = new Set(["voided", "expired"]);

/**
 * Stops a donation that has not been paid: the gateway is asked to close it first, so that a voucher cannot be
 * paid after the donor was told it is gone. A paid one is a conflict; one that is canceled or has expired is answered
 * as it is.
 */
export async function cancelDonation(
  deps: Parts,
  church: ChurchId,
  donation: DonationId,
): Promise<Result<DonationView, Problem>> {
  const gift = await deps.db.inChurch(church, (tx) => loadGift(tx, church, { donationId: donation }, false));
  if (!gift) return err({ code: "not_found", detail: "there is no such donation" });
  if (over.has(gift.attempt.state)) return ok(viewOf(gift));
  if (!open.has(gift.attempt.state)) return err(tooLate(gift));
  const closed = await closeAtGateway(deps, gift, "operator");
  if (!closed) {
    return err({
      code: "gateway_unavailable",
      detail: "the gateway did not confirm: the donation is as it was, try again shortly",
      retryAfterSeconds: 5,
    });
  }
  return over.has(closed.attempt.state) ? ok(viewOf(closed)) : err(tooLate(closed));
}

const tooLate = (gift: Gift): Problem => ({
  code: "donation_not_cancelable",
  detail:
    gift.attempt.state === "captured"
      ? "it has been paid: refund it instead"
      : `a donation that is ${viewOf(gift).status} cannot be canceled`,
});

/** Asks the gateway to close an open attempt, and writes nothing; `undefined` when it did not say. */
export async function askToClose(deps: Parts, gift: Gift): Promise<CollectOutcome | undefined> {
  const { attempt, donation } = gift;
  const ready = await deps.payments.ready(donation.churchId, attempt.gatewayAccountId);
  if (!ready) return undefined;
  const names = {
    gateway: attempt.gateway,
    operation: "cancel",
    idempotencyKey: `${attempt.gatewayKey}-cancel`,
    traceId: newId("event").slice(4),
  } as const;
  const answer = await callGateway<CancelOutcome>(deps, names, (call) =>
    ready.adapter.payments.cancel(handleOf(gift), call),
  );
  return closedOutcome(answer);
}

/** Closes an open attempt at its gateway and applies the answer; `undefined` when the gateway did not say. */
export async function closeAtGateway(deps: Parts, gift: Gift, cause: Cause): Promise<Gift | undefined> {
  const { attempt, donation } = gift;
  const outcome = await askToClose(deps, gift);
  if (!outcome) return undefined;
  const applied = await deps.db.inChurch(donation.churchId, async (tx) => {
    const current = await loadGift(tx, donation.churchId, { attemptId: attempt.id }, true);
    return current ? applyOutcome(deps, tx, current, { kind: "outcome", outcome }, cause) : undefined;
  });
  if (applied?.changed) deps.doorbell.ring("outbox");
  return applied?.gift;
}

function closedOutcome(answer: CancelOutcome): CollectOutcome | undefined {
  switch (answer.kind) {
    case "voided": {
      const { gatewayPaymentId, evidence } = answer;
      return { kind: "voided", expired: false, gatewayPaymentId, evidence };
    }
    case "too_late":
      return answer.current;
    case "refused":
    case "in_doubt":
    case "not_sent":
      return undefined;
  }
}
