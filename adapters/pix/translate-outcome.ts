import type { CollectOutcome, Evidence } from "../../src/gateway/payment.ts";
import { after, days, hours, seconds } from "../../src/kernel/clock.ts";
import { equals, type Money, zero } from "../../src/kernel/money.ts";
import { endOf, plusDays } from "./calendar.ts";
import { codeFor, type Receiver } from "./receiver.ts";
import type { WireCob, WireCobv, WirePix } from "./wire.ts";

/** How an answer is seen: when, by whose account, and what was ordered. */
export type View = {
  readonly asOf: Date;
  readonly receiver: Receiver;
  readonly expected: Money;
  readonly evidence: Evidence;
};

/**
 * A due date on a day without banks moves to the next that has them, by the payer's own holidays, which nobody tells
 * us. A claim counts as expired only when the longest such pause is over.
 */
const pauseMost = days(5);

/** A claim for now as one of the eight answers. Its status never says that it expired: that is reckoned here. */
export function cobOutcome(cob: WireCob, view: View): CollectOutcome {
  const expiresAt = after(cob.calendario.criacao, seconds(cob.calendario.expiracao));
  return claimOutcome(cob, view, { shown: expiresAt, over: expiresAt });
}

/** A claim with a due date, payable for some days beyond it. */
export function cobvOutcome(cobv: WireCobv, view: View): CollectOutcome {
  const { dataDeVencimento, validadeAposVencimento } = cobv.calendario;
  const shown = endOf(plusDays(dataDeVencimento, validadeAposVencimento));
  return claimOutcome(cobv, view, { shown, over: after(shown, pauseMost) });
}

type Ends = { readonly shown: Date; readonly over: Date };

function claimOutcome(claim: WireCob | WireCobv, view: View, ends: Ends): CollectOutcome {
  const seen: Evidence = { ...view.evidence, rawStatus: claim.status };
  const paid = capturedBy(claim.pix, view.expected, { txid: claim.txid, evidence: seen });
  // Money first: a claim removed or expired may have been paid in the same moment.
  if (paid) return paid;
  const gatewayPaymentId = claim.txid;
  switch (claim.status) {
    case "ATIVA":
      return open(claim, { ...view, evidence: seen }, ends);
    case "CONCLUIDA":
      // Paid, says the provider, and does not yet say by which Pix.
      return {
        kind: "processing",
        gatewayPaymentId,
        answerDueAt: after(view.asOf, hours(1)),
        evidence: seen,
      };
    case "REMOVIDA_PELO_USUARIO_RECEBEDOR":
    case "REMOVIDA_PELO_PSP":
      return { kind: "voided", gatewayPaymentId, expired: false, evidence: seen };
    default:
      return unknownStatus(gatewayPaymentId, claim.status, { asOf: view.asOf, evidence: seen });
  }
}

/** A word of tomorrow waits, and raises an alert. */
export const unknownStatus = (
  gatewayPaymentId: string,
  word: string,
  { asOf, evidence }: Pick<View, "asOf" | "evidence">,
): CollectOutcome => ({
  kind: "processing",
  gatewayPaymentId,
  answerDueAt: after(asOf, days(1)),
  evidence: { ...evidence, unrecognized: word },
});

function open(claim: WireCob | WireCobv, view: View, ends: Ends): CollectOutcome {
  const gatewayPaymentId = claim.txid;
  if (ends.over <= view.asOf) {
    return { kind: "voided", gatewayPaymentId, expired: true, evidence: view.evidence };
  }
  if (!equals(claim.valor.original, view.expected)) {
    return unshowable(gatewayPaymentId, view.evidence, "the claim asks for another amount than was ordered");
  }
  const location = claim.location ?? claim.loc?.location;
  const payload = codeFor(view.receiver, { copyCode: claim.pixCopiaECola, location });
  if (payload === undefined) {
    return unshowable(
      gatewayPaymentId,
      view.evidence,
      "the code of the claim is damaged or leads to a stranger",
    );
  }
  return {
    kind: "action_required",
    gatewayPaymentId,
    action: { type: "display_qr", payload, expiresAt: ends.shown },
    evidence: view.evidence,
  };
}

const unshowable = (gatewayPaymentId: string, evidence: Evidence, excerpt: string): CollectOutcome => ({
  kind: "in_doubt",
  gatewayPaymentId,
  cause: "unreadable_answer",
  evidence: { ...evidence, excerpt },
});

/**
 * The Pix that captures a claim: the first of the very amount, else the first of all (the core then sees that it is
 * short or over). Any other on the same claim belongs to nobody yet.
 */
export function capturingPix(received: readonly WirePix[], expected: Money): WirePix | undefined {
  const inTime = [...received].sort((a, b) => a.horario.getTime() - b.horario.getTime());
  return inTime.find((pix) => equals(pix.valor, expected)) ?? inTime[0];
}

type About = { readonly txid: string; readonly evidence: Evidence };

/**
 * Money on a claim; `undefined` when there is none. More than one Pix raises an alert: what is beyond the gift is told
 * by notices and settlement lines. A Pix is credited whole, so what the gateway kept is nothing.
 */
export function capturedBy(
  received: readonly WirePix[],
  expected: Money,
  { txid, evidence }: About,
): CollectOutcome | undefined {
  const pix = capturingPix(received, expected);
  if (!pix) return undefined;
  const nothing = zero("BRL");
  const more = received.length > 1 ? { unrecognized: `${received.length} Pix on one txid` } : {};
  return {
    kind: "captured",
    gatewayPaymentId: txid,
    amount: pix.valor,
    fee: { amount: nothing, tax: nothing },
    capturedAt: pix.horario,
    funding: "direct",
    evidence: { ...evidence, rawCode: pix.endToEndId, ...more },
  };
}

/** A Pix that no claim asked for, paid by a donor's own code: credited whole when it is told. */
export const pixOutcome = (
  pix: WirePix,
  evidence: Evidence,
): Extract<CollectOutcome, { kind: "captured" }> => ({
  kind: "captured",
  gatewayPaymentId: pix.endToEndId,
  amount: pix.valor,
  fee: { amount: zero("BRL"), tax: zero("BRL") },
  capturedAt: pix.horario,
  funding: "direct",
  evidence: { ...evidence, rawStatus: "pix", rawCode: pix.endToEndId },
});
