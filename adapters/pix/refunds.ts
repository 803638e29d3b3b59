import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type {
  Evidence,
  NeverSeen,
  RefundHandle,
  RefundOrder,
  RefundOutcome,
} from "../../src/gateway/payment.ts";
import { compare, type Money, subtract } from "../../src/kernel/money.ts";
import { writeAmount } from "./amounts.ts";
import { type FoundClaim, type PixAccount, readClaim, refuse } from "./claims.ts";
import { type Answer, type Asking, beginAsking, type Failure } from "./client.ts";
import { scrub } from "./evidence.ts";
import { kindOf, readRefundReference, refundReference, returnIdOf } from "./ids.ts";
import { capturingPix } from "./translate-outcome.ts";
import { returnSchema, type WirePix, type WireReturn } from "./wire.ts";

/** What of a devolução's status we know; `undefined`: a word of tomorrow. */
export function returnStage(status: string): "processing" | "succeeded" | "failed" | undefined {
  switch (status) {
    case "EM_PROCESSAMENTO":
      return "processing";
    case "DEVOLVIDO":
      return "succeeded";
    case "NAO_REALIZADO":
      return "failed";
    default:
      return undefined;
  }
}

/**
 * Sends money back to the account it came from: a devolução of the Pix that paid. Its id is made from the refund's, so
 * that a repeat finds the first one; the API itself refuses a second with the same id.
 */
export async function refund(
  account: PixAccount,
  order: RefundOrder,
  call: GatewayCall,
): Promise<RefundOutcome> {
  const valor = writeAmount(order.amount);
  if (!valor.ok) return refused("amount", valor.error);
  const asking = beginAsking(call);
  const claim = await readClaim(account, kindOf(order.gatewayPaymentId), order.gatewayPaymentId, asking);
  // Nothing has been asked back yet, whatever became of this answer.
  if (!claim.ok) return beforeSending(claim.failure);
  const id = returnIdOf(order.refundId);
  const before = returnIn(claim.value, id);
  if (before) return outcomeOf(before.pix.endToEndId, before.made, claim.evidence);
  // Another Pix on the same claim is no part of the gift: it is returned in the bank's app.
  const pix = capturingPix(claim.value.received, claim.value.original);
  if (!pix || compare(leftOf(pix), order.amount) < 0) {
    return refused("valor", "the Pix of this gift has not so much left to give back");
  }
  const path = `/pix/${pix.endToEndId}/devolucao/${id}`;
  const body = { valor: valor.value };
  const made = await account.client.ask(returnSchema, { method: "PUT", path, body }, asking);
  if (made.ok) return outcomeOf(pix.endToEndId, made.value, made.evidence);
  return refusedOrMade(account, pix.endToEndId, id, made.failure, asking);
}

const refused = (rawCode: string, detail: string): RefundOutcome => ({
  kind: "refused",
  problem: refuse("invalid_request", rawCode, detail),
  evidence: {},
});

function beforeSending(failure: Failure): RefundOutcome {
  if (failure.kind === "refused") {
    return { kind: "refused", problem: failure.problem, evidence: failure.evidence };
  }
  return { kind: "not_sent", cause: failure.cause, evidence: failure.evidence };
}

/** A refusal may mean that the devolução exists already; it is believed only when it is not there. */
async function refusedOrMade(
  account: PixAccount,
  endToEndId: string,
  id: string,
  failure: Failure,
  asking: Asking,
): Promise<RefundOutcome> {
  if (failure.kind !== "refused")
    return { kind: failure.kind, cause: failure.cause, evidence: failure.evidence };
  const { problem, evidence } = failure;
  if (!failure.objected) return { kind: "refused", problem, evidence };
  const there = await readReturn(account, endToEndId, id, asking);
  if (there.ok) return outcomeOf(endToEndId, there.value, there.evidence);
  if (there.failure.absent) return { kind: "refused", problem, evidence };
  return doubt(there.failure);
}

const readReturn = (
  account: PixAccount,
  endToEndId: string,
  id: string,
  asking: Asking,
): Promise<Answer<WireReturn>> =>
  account.client.ask(returnSchema, { method: "GET", path: `/pix/${endToEndId}/devolucao/${id}` }, asking);

const doubt = (failure: Failure): RefundOutcome => ({
  kind: "in_doubt",
  cause: failure.kind === "refused" ? "gateway_error" : failure.cause,
  evidence: failure.evidence,
});

/** What of a Pix has not been given back or promised back. */
function leftOf(pix: WirePix): Money {
  return pix.devolucoes
    .filter((one) => returnStage(one.status) !== "failed")
    .reduce((left, one) => subtract(left, one.valor), pix.valor);
}

function returnIn(claim: FoundClaim, id: string): { pix: WirePix; made: WireReturn } | undefined {
  for (const pix of claim.received) {
    const made = pix.devolucoes.find((one) => one.id === id);
    if (made) return { pix, made };
  }
  return undefined;
}

function outcomeOf(endToEndId: string, made: WireReturn, seen: Evidence): RefundOutcome {
  const gatewayRefundId = refundReference(endToEndId, made.id);
  const evidence: Evidence = { ...seen, rawStatus: made.status };
  const stage = returnStage(made.status);
  switch (stage) {
    case "failed": {
      // Providers write why in words of their own.
      const rawCode = scrub(made.motivo ?? made.status).slice(0, 140);
      return { kind: "failed", gatewayRefundId, rawCode, evidence };
    }
    case "processing":
    case "succeeded":
      return { kind: stage, gatewayRefundId, evidence };
    case undefined:
      return { kind: "processing", gatewayRefundId, evidence: { ...evidence, unrecognized: made.status } };
  }
}

/** What became of a devolução: by its reference, else among those of the gift's Pix. */
export async function lookupRefund(
  account: PixAccount,
  handle: RefundHandle,
  call: GatewayCall,
): Promise<RefundOutcome | NeverSeen> {
  const asking = beginAsking(call);
  const known =
    handle.gatewayRefundId === undefined ? undefined : readRefundReference(handle.gatewayRefundId);
  if (known) {
    const made = await readReturn(account, known.endToEndId, known.returnId, asking);
    return made.ok ? outcomeOf(known.endToEndId, made.value, made.evidence) : doubt(made.failure);
  }
  const claim = await readClaim(account, kindOf(handle.gatewayPaymentId), handle.gatewayPaymentId, asking);
  if (!claim.ok) return doubt(claim.failure);
  const before = returnIn(claim.value, returnIdOf(handle.refundId));
  if (before) return outcomeOf(before.pix.endToEndId, before.made, claim.evidence);
  return { kind: "never_seen", evidence: claim.evidence };
}
