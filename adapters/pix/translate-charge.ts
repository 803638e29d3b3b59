import type {
  CollectOutcome,
  Decline,
  DeclineReason,
  Evidence,
  RetryAdvice,
} from "../../src/gateway/payment.ts";
import { after, days } from "../../src/kernel/clock.ts";
import type { Money } from "../../src/kernel/money.ts";
import { endOf } from "./calendar.ts";
import { capturedBy, unknownStatus } from "./translate-outcome.ts";
import type { WireCobr } from "./wire.ts";

type Told = readonly [DeclineReason, RetryAdvice];

/**
 * Every rejection code of a recurring claim in API Pix 2.9.0. The document lists them without their meaning; those of
 * ISO 20022's external code sets are read by it, the others stay generic. Insufficient funds has no code of its own:
 * such tries end as expired.
 */
const rejections: Readonly<Record<string, Told>> = {
  AB10: ["provider_unavailable", "later"],
  AC05: ["account_invalid", "new_method"],
  AC06: ["account_invalid", "new_method"],
  AM02: ["limit_exceeded", "later"],
  AM09: ["declined_generic", "never"],
  DENC: ["declined_generic", "never"],
  DS27: ["declined_generic", "never"],
  DTED: ["declined_generic", "never"],
  DTNT: ["declined_generic", "never"],
  FBRD: ["declined_generic", "never"],
  IRNT: ["declined_generic", "never"],
  MIDI: ["mandate_invalid", "new_method"],
  MSUC: ["mandate_invalid", "new_method"],
  NIEC: ["declined_generic", "never"],
  NIPA: ["declined_generic", "never"],
  NITX: ["declined_generic", "never"],
  QUNT: ["declined_generic", "never"],
  RC09: ["account_invalid", "new_method"],
  UDEI: ["declined_generic", "never"],
};

/** Every code with which a recurring claim is cancelled by somebody else than us. */
const cancellations: Readonly<Record<string, Told>> = {
  ACCT: ["account_invalid", "new_method"],
  BLCK: ["account_invalid", "new_method"],
  CCLD: ["mandate_invalid", "new_method"],
  FAIL: ["provider_unavailable", "later"],
  OTHR: ["declined_generic", "later"],
  SLBD: ["declined_generic", "never"],
  SLCR: ["declined_generic", "never"],
};

export const knownChargeCodes: readonly string[] = [
  ...new Set([...Object.keys(rejections), ...Object.keys(cancellations)]),
];

export type ChargeView = { readonly expected: Money; readonly asOf: Date; readonly evidence: Evidence };

/** A recurring claim as one of the eight answers. */
export function cobrOutcome(cobr: WireCobr, view: ChargeView): CollectOutcome {
  const evidence: Evidence = { ...view.evidence, rawStatus: cobr.status };
  const gatewayPaymentId = cobr.txid;
  const paid = capturedBy(cobr.pix, view.expected, { txid: cobr.txid, evidence });
  if (paid) return paid;
  switch (cobr.status) {
    case "CRIADA":
    case "ATIVA":
    case "CONCLUIDA":
      return { kind: "processing", gatewayPaymentId, answerDueAt: dueAnswer(cobr, view.asOf), evidence };
    case "EXPIRADA":
      return declined(cobr, lastCode(cobr) ?? "EXPIRADA", ["expired", "later"], evidence);
    case "REJEITADA":
      return rejected(cobr, rejections, cobr.encerramento?.rejeicao?.codigo ?? lastCode(cobr), evidence);
    case "CANCELADA": {
      const by = cobr.encerramento?.cancelamento;
      if (!by || by.solicitante === "USUARIO_RECEBEDOR") {
        return { kind: "voided", gatewayPaymentId, expired: false, evidence };
      }
      return rejected(cobr, cancellations, by.codigo, evidence);
    }
    default:
      return unknownStatus(gatewayPaymentId, cobr.status, { asOf: view.asOf, evidence });
  }
}

const lastCode = (cobr: WireCobr): string | undefined => cobr.tentativas.at(-1)?.rejeicao?.codigo;

/** The day after it is due, or after its last try: banks take what is scheduled in the course of that day. */
function dueAnswer(cobr: WireCobr, asOf: Date): Date {
  const last = cobr.tentativas.at(-1)?.dataLiquidacao;
  const day =
    last && /^\d{4}-\d{2}-\d{2}$/.test(last) && last > cobr.calendario.dataDeVencimento ? last : undefined;
  const due = after(endOf(day ?? cobr.calendario.dataDeVencimento), days(1));
  return due > asOf ? due : after(asOf, days(1));
}

function rejected(
  cobr: WireCobr,
  table: Readonly<Record<string, Told>>,
  code: string | undefined,
  evidence: Evidence,
): CollectOutcome {
  const told = code === undefined ? undefined : table[code];
  if (told) return declined(cobr, code ?? "", told, evidence);
  const word = code ?? cobr.status;
  return declined(cobr, word, ["declined_generic", "later"], { ...evidence, unrecognized: word });
}

function declined(
  cobr: WireCobr,
  rawCode: string,
  [reason, retry]: Told,
  evidence: Evidence,
): CollectOutcome {
  const decline: Decline = { reason, retry, rawCode };
  return { kind: "declined", gatewayPaymentId: cobr.txid, decline, evidence: { ...evidence, rawCode } };
}
