import type { Deps } from "../deps.ts";
import { callGateway } from "../gateway/call-gateway.ts";
import type { NeverSeen, RefundOutcome } from "../gateway/payment.ts";
import { type ChurchId, newId, type RefundId, toId } from "../kernel/ids.ts";
import { applyRefund, nextRefundCheck, type RefundNews } from "./apply-refund.ts";
import type { Gift } from "./gift.ts";
import { loadGift } from "./load-gift.ts";
import { sealedClaim } from "./refund-claim.ts";
import { newsOf } from "./refund-donation.ts";
import { lockRefund, type RefundRecord, saveRefund } from "./refund-store.ts";

type Parts = Pick<Deps, "db" | "vault" | "payments" | "clock" | "log" | "metrics" | "doorbell">;

/** One turn over refunds whose answer is awaited, at most `limit`: the gateway is asked what became of each. */
export async function sweepRefunds(
  deps: Parts,
  limit: number,
  signal?: AbortSignal,
): Promise<{ asked: number }> {
  const now = deps.clock.now();
  const due = await deps.db.sweeping(
    ({ sql }) => sql<{ church_id: string; id: string }[]>`
      select church_id, id from refunds where next_check_at <= ${now} order by next_check_at limit ${limit}`,
  );
  for (const row of due) {
    if (signal?.aborted) break;
    await sweepOne(deps, toId("church", row.church_id), toId("refund", row.id));
  }
  if (due.length > 0) deps.doorbell.ring("outbox");
  return { asked: due.length };
}

async function sweepOne(deps: Parts, church: ChurchId, id: RefundId): Promise<void> {
  const found = await deps.db.inChurch(church, async (tx) => {
    const refund = await lockRefund(tx, church, { refundId: id });
    const gift = refund && (await loadGift(tx, church, { attemptId: refund.attemptId }, false));
    return refund && gift ? { refund, gift } : undefined;
  });
  if (!found) return;
  const answer = await ask(deps, found.gift, found.refund);
  await deps.db.inChurch(church, async (tx) => {
    const gift = await loadGift(tx, church, { attemptId: found.refund.attemptId }, true);
    const refund = await lockRefund(tx, church, { refundId: id });
    if (!gift || !refund) return;
    const news = answer && readable(answer);
    const claim = answer ? await sealedClaim(deps, tx, church, id, answer) : {};
    const after = news ? await applyRefund(deps, tx, gift, refund, { ...news, ...claim }) : refund;
    if (after.state !== refund.state) return;
    const checks = refund.checks + 1;
    const next = nextRefundCheck(refund.state, checks, deps.clock.now());
    if (next === "give_up") await applyRefund(deps, tx, gift, refund, { event: "give_up_asking" });
    else {
      const nextCheckAt = next === "never" ? undefined : next;
      await saveRefund(tx, church, { ...after, checks, nextCheckAt }, undefined, deps.clock.now());
    }
  });
}

/** A look-up that itself failed says nothing about the refund. */
function readable(answer: RefundOutcome | NeverSeen): RefundNews | undefined {
  switch (answer.kind) {
    case "never_seen":
      return { event: "never_seen", evidence: answer.evidence };
    case "refused":
    case "in_doubt":
    case "not_sent":
      return undefined;
    case "succeeded":
    case "processing":
    case "action_required":
    case "failed":
      return newsOf(answer);
  }
}

async function ask(
  deps: Parts,
  gift: Gift,
  refund: RefundRecord,
): Promise<RefundOutcome | NeverSeen | undefined> {
  const ready = await deps.payments.ready(gift.donation.churchId, gift.attempt.gatewayAccountId);
  const { gatewayPaymentId } = gift.attempt;
  if (!ready || gatewayPaymentId === undefined) return undefined;
  const names = {
    gateway: gift.attempt.gateway,
    operation: "lookup_refund",
    idempotencyKey: `lookup-${refund.id}`,
    traceId: newId("event").slice(4),
  } as const;
  const handle = {
    refundId: refund.id,
    gatewayPaymentId,
    method: gift.donation.method,
    amount: refund.amount,
    ...(refund.gatewayRefundId === undefined ? {} : { gatewayRefundId: refund.gatewayRefundId }),
  };
  return callGateway<RefundOutcome | NeverSeen>(deps, names, (call) =>
    ready.adapter.payments.lookupRefund(handle, call),
  );
}
