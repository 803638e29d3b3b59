import type { MandateOutcome } from "../../src/gateway/mandate.ts";
import type { Evidence } from "../../src/gateway/payment.ts";
import { endOf } from "./calendar.ts";
import { codeFor, type Receiver } from "./receiver.ts";
import type { WireRec } from "./wire.ts";

export type RecView = {
  readonly evidence: Evidence;
  /** Absent where no code can be shown anyway: a notice. */
  readonly receiver: Receiver | undefined;
  /** The day of the first payment: a code that nobody has accepted by then is of no use. */
  readonly startsOn?: string;
};

type Ended = Extract<MandateOutcome, { kind: "ended" }>["by"];

/** Who ended it, by the API's word; `undefined`: a word of tomorrow. */
const enders: Readonly<Record<string, Ended>> = {
  PSP_PAGADOR: "bank",
  USUARIO_PAGADOR: "donor",
  PSP_RECEBEDOR: "gateway",
  USUARIO_RECEBEDOR: "church",
};

/** Every code that ends a recurrence in API Pix 2.9.0: two rejections, eight cancellations. */
export const knownEndings: ReadonlySet<string> = new Set(
  "AP13 AP14 ACCL CPCL DCSD ERSL FRUD PCFD SLCR SLDB".split(" "),
);

/** A recurrence as a mandate: `CRIADA` waits for the donor's yes in their bank's app, `APROVADA` has it. */
export function recOutcome(rec: Omit<WireRec, "vinculo" | "atualizacao">, view: RecView): MandateOutcome {
  const evidence: Evidence = { ...view.evidence, rawStatus: rec.status };
  const gatewayMandateId = rec.idRec;
  switch (rec.status) {
    case "CRIADA":
      return asked(rec, view, evidence);
    case "APROVADA":
      return { kind: "active", gatewayMandateId, display: "Pix Automático", evidence };
    case "REJEITADA":
      return ended(gatewayMandateId, "donor", rec.encerramento?.rejeicao?.codigo ?? rec.status, evidence);
    case "EXPIRADA":
      return { kind: "ended", gatewayMandateId, by: "gateway", rawCode: rec.status, evidence };
    case "CANCELADA": {
      const cancelled = rec.encerramento?.cancelamento;
      const by = enders[cancelled?.solicitante ?? ""] ?? "gateway";
      return ended(gatewayMandateId, by, cancelled?.codigo ?? rec.status, evidence);
    }
    default:
      return { kind: "pending", gatewayMandateId, evidence: { ...evidence, unrecognized: rec.status } };
  }
}

function ended(gatewayMandateId: string, by: Ended, rawCode: string, seen: Evidence): MandateOutcome {
  const odd = knownEndings.has(rawCode) || rawCode === seen.rawStatus ? {} : { unrecognized: rawCode };
  return { kind: "ended", gatewayMandateId, by, rawCode, evidence: { ...seen, rawCode, ...odd } };
}

/** With a code to show, the donor scans it; without, their bank was asked to ask them (solicrec). */
function asked(
  rec: Pick<WireRec, "idRec" | "dadosQR" | "loc">,
  { receiver, startsOn }: RecView,
  evidence: Evidence,
): MandateOutcome {
  const gatewayMandateId = rec.idRec;
  const copyCode = rec.dadosQR?.pixCopiaECola;
  const location = rec.loc?.location;
  const payload = receiver && codeFor(receiver, { copyCode, location, recurrence: true });
  if (payload === undefined || startsOn === undefined) return { kind: "pending", gatewayMandateId, evidence };
  const action = { type: "display_qr", payload, expiresAt: endOf(startsOn) } as const;
  return { kind: "action_required", gatewayMandateId, action, evidence };
}
