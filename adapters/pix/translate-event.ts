import type { EventSubject, GatewayEvent } from "../../src/gateway/webhook.ts";
import type { FoundClaim } from "./claims.ts";
import { readTxid, refundIdIn, refundReference } from "./ids.ts";
import type { Notice } from "./notice.ts";
import { returnStage } from "./refunds.ts";
import { capturingPix } from "./translate-outcome.ts";
import type { WirePix, WireReturn } from "./wire.ts";

/** What a notice says by itself: that something of ours changed. Nothing in it is taken for a fact. */
export function hintsIn(notice: Notice): readonly GatewayEvent[] {
  switch (notice.kind) {
    case "pix":
      return notice.pix.map(({ txid }) => hint(txid, "pix.other"));
    case "cobr":
      return notice.cobsr.map(({ txid }) => hint(txid, "cobr.other"));
    case "rec":
      return notice.recs.map(() => ({ kind: "ignored", type: "rec" }));
  }
}

/** A static code's, or another system's on the same key, is none of ours: it stands in the settlement lines. */
function hint(txid: string | undefined, other: string): GatewayEvent {
  const subject = txid === undefined ? undefined : subjectOf(txid);
  return subject ? { kind: "attempt_hint", subject } : { kind: "ignored", type: other };
}

export function subjectOf(txid: string): EventSubject | undefined {
  const ours = readTxid(txid);
  return ours && { gatewayPaymentId: txid, attemptId: ours.attemptId };
}

/**
 * Everything a claim of ours says, as the provider has it now: what became of the attempt; devoluções of the Pix that
 * captured it; and every other Pix on the same txid, with its own devoluções, as money that arrived (and went) without
 * belonging to a gift, each booked once by its own id.
 */
export function claimEvents(claim: FoundClaim, subject: EventSubject, asOf: Date): readonly GatewayEvent[] {
  const captured = capturingPix(claim.received, claim.original);
  const others = claim.received.filter((pix) => pix !== captured);
  return [
    { kind: "attempt_changed", subject, outcome: claim.outcome(claim.original, asOf) },
    ...(captured?.devolucoes ?? []).flatMap((made) => returnEvents(made, captured, subject)),
    ...others.flatMap((pix) => strayEvents(pix, claim.txid)),
  ];
}

/**
 * A devolução, by its nature. `MED_FRAUDE` and `MED_PIX_AUTOMATICO` are the donor's contest of the gift, decided
 * against the church by the banks without asking us: a dispute, lost when the money has gone. `MED_OPERACIONAL` is a
 * bank undoing its own mistake: nobody contests the gift, money merely goes back, which is a refund that we did not
 * make. So are those made in the bank's app, which have no id of ours: they are told once the money has gone, and
 * never when they come to nothing.
 */
export function returnEvents(
  made: WireReturn,
  pix: WirePix | undefined,
  subject: EventSubject,
): readonly GatewayEvent[] {
  const stage = returnStage(made.status) ?? "processing";
  const reference = refundReference(pix?.endToEndId ?? "", made.id);
  const amount = made.valor;
  if (isContest(made.natureza)) {
    const status = stage === "succeeded" ? "lost" : stage === "failed" ? "won" : "under_review";
    const rawReason = made.natureza ?? "";
    const fundsWithdrawn = stage === "succeeded";
    const dispute = {
      subject,
      gatewayDisputeId: reference,
      amount,
      status,
      fundsWithdrawn,
      rawReason,
    } as const;
    return [{ kind: "dispute_changed", ...dispute }];
  }
  const refundId = refundIdIn(made.id);
  const refund = {
    kind: "refund_changed",
    subject,
    gatewayRefundId: reference,
    amount,
    status: stage,
  } as const;
  if (refundId) return [{ ...refund, refundId }];
  return stage === "succeeded" ? [refund] : [];
}

/** Whether a devolução of this nature is a contest of the gift rather than a return of it. */
export const isContest = (natureza: string | undefined): boolean =>
  natureza === "MED_FRAUDE" || natureza === "MED_PIX_AUTOMATICO";

function strayEvents(pix: WirePix, txid: string): readonly GatewayEvent[] {
  const moved = (
    gatewayTransactionId: string,
    direction: "received" | "returned",
    amount: WirePix["valor"],
  ) => ({ kind: "funds_moved", customerRef: txid, gatewayTransactionId, direction, amount }) as const;
  return [
    moved(pix.endToEndId, "received", pix.valor),
    ...pix.devolucoes
      .filter(({ status }) => status === "DEVOLVIDO")
      .map((made) => moved(refundReference(pix.endToEndId, made.id), "returned", made.valor)),
  ];
}
