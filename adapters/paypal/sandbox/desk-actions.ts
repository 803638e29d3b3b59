import type { Localized } from "../../../src/gateway/country-profile.ts";
import type { DeskField } from "../../../src/gateway/sandbox-desk.ts";
import { money, subtract, sum } from "../../../src/kernel/money.ts";
import { err, type Result } from "../../../src/kernel/result.ts";
import type { SandboxControl, SandboxPayment } from "./control.ts";
import type { Capture } from "./documents.ts";
import { reread, written } from "./money.ts";
import { pendingTenders, refusedTenders, type TenderChoice, tenderNamed } from "./tenders.ts";

/** One button: what it says and what it does. */
export type Action = {
  readonly id: string;
  readonly label: Localized;
  readonly field?: DeskField;
  readonly play: (
    control: SandboxControl,
    fields: Readonly<Record<string, string>>,
  ) => Promise<Result<unknown, string>>;
};

const words = (es: string, en: string, pt: string): Localized => ({ es, en, pt });

/** What donor, bank, PayPal and church can do to a payment as it stands. */
export function actionsFor(payment: SandboxPayment): readonly Action[] {
  return [
    ...approvals(payment),
    ...payment.captures.flatMap((capture) => captureActions(payment, capture)),
    ...disputeActions(payment),
    ...refundActions(payment),
    ...payment.tokens.map(
      (token): Action => ({
        id: `withdraw.${token.id}`,
        label: words(
          "Retirar el permiso guardado",
          "Withdraw the stored permission",
          "Retirar a permissão guardada",
        ),
        play: (control) => control.withdrawPermission(token.id),
      }),
    ),
  ];
}

const chosen = (label: Localized, choices: readonly TenderChoice[]): DeskField => ({
  kind: "choice",
  label,
  options: choices.map((one) => ({ value: one.id, label: one.label.en })),
});

function approvals({ order }: SandboxPayment): readonly Action[] {
  const { id, status } = order;
  if (status === "APPROVED") {
    return [
      {
        id: "reverse",
        label: words("Dejar caducar la aprobación", "Let the approval lapse", "Deixar a aprovação expirar"),
        play: (control) => control.reverseApproval(id),
      },
    ];
  }
  if (status !== "CREATED" && status !== "PAYER_ACTION_REQUIRED") return [];
  return [
    {
      id: "approve",
      label: words("Aprobar y pagar", "Approve and pay", "Aprovar e pagar"),
      play: (control) => control.approve(id),
    },
    {
      id: "approve_refused",
      label: words(
        "Aprobar con un medio que falla",
        "Approve with an instrument that fails",
        "Aprovar com um meio que falha",
      ),
      field: chosen(words("Motivo", "Reason", "Motivo"), refusedTenders),
      play: (control, { choice }) => control.approve(id, tenderNamed(choice)),
    },
    {
      id: "approve_pending",
      label: words(
        "Aprobar con dinero que tarda",
        "Approve with money that takes time",
        "Aprovar com dinheiro que demora",
      ),
      field: chosen(words("Motivo", "Reason", "Motivo"), pendingTenders),
      play: (control, { choice }) => control.approve(id, tenderNamed(choice)),
    },
  ];
}

function captureActions(payment: SandboxPayment, capture: Capture): readonly Action[] {
  const { id, status } = capture;
  if (status === "PENDING") {
    return [
      {
        id: `settle.${id}`,
        label: words("Llega el dinero", "The money comes", "O dinheiro chega"),
        play: (control) => control.settle(id, true),
      },
      {
        id: `deny.${id}`,
        label: words("El pago se rechaza", "The payment is denied", "O pagamento é negado"),
        play: (control) => control.settle(id, false),
      },
    ];
  }
  if (status !== "COMPLETED" && status !== "PARTIALLY_REFUNDED") return [];
  const left = leftOf(payment, capture);
  const refund: Action = {
    id: `refund.${id}`,
    label: words("Devolver desde PayPal", "Refund from PayPal's own pages", "Devolver pelo próprio PayPal"),
    field: { kind: "amount", label: words("Cantidad", "Amount", "Valor"), value: left },
    play: (control, { amount }) => refundFrom(control, capture, amount),
  };
  const disputed = payment.disputes.some((one) => one.captureId === id && one.status !== "RESOLVED");
  if (disputed) return [refund];
  return [
    refund,
    {
      id: `dispute.${id}`,
      label: words("Abrir un reclamo", "Open a claim", "Abrir uma reclamação"),
      play: (control) => control.openDispute(id),
    },
    {
      id: `inquiry.${id}`,
      label: words("Abrir una disputa sin retención", "Open an inquiry", "Abrir uma consulta"),
      play: (control) => control.openDispute(id, { inquiry: true }),
    },
  ];
}

function leftOf({ refunds }: SandboxPayment, capture: Capture) {
  const whole = reread(capture.amount);
  const given = refunds
    .filter((one) => one.captureId === capture.id && (one.status === "COMPLETED" || one.status === "PENDING"))
    .map((one) => reread(one.amount));
  return subtract(whole, sum(given, whole.currency));
}

function refundFrom(
  control: SandboxControl,
  capture: Capture,
  minor: string | undefined,
): Promise<Result<unknown, string>> {
  if (!/^\d{1,15}$/.test(minor ?? "")) return Promise.resolve(err("The amount is not a whole number."));
  const { currency } = reread(capture.amount);
  const amount = money(BigInt(minor ?? "0"), currency);
  if (amount.minor === 0n) return Promise.resolve(err("The amount is nothing."));
  return control.refundFromDashboard(capture.id, written(amount).value);
}

function disputeActions({ disputes }: SandboxPayment): readonly Action[] {
  return disputes
    .filter((dispute) => dispute.status !== "RESOLVED")
    .flatMap(({ id, stage }): Action[] => [
      ...(stage === "INQUIRY"
        ? [
            {
              id: `claim.${id}`,
              label: words("Pasar a reclamo", "Escalate to a claim", "Passar a reclamação"),
              play: (control: SandboxControl) => control.moveDispute(id, "claim"),
            },
          ]
        : []),
      {
        id: `review.${id}`,
        label: words("PayPal lo revisa", "PayPal reviews it", "O PayPal analisa"),
        play: (control) => control.moveDispute(id, "under_review"),
      },
      {
        id: `win.${id}`,
        label: words("La iglesia gana", "The church wins", "A igreja ganha"),
        play: (control) => control.resolveDispute(id, "RESOLVED_SELLER_FAVOUR"),
      },
      {
        id: `lose.${id}`,
        label: words("La iglesia pierde", "The church loses", "A igreja perde"),
        play: (control) => control.resolveDispute(id, "RESOLVED_BUYER_FAVOUR"),
      },
    ]);
}

function refundActions({ refunds }: SandboxPayment): readonly Action[] {
  return refunds
    .filter((refund) => refund.status === "PENDING")
    .flatMap(({ id }): Action[] => [
      {
        id: `refund_ok.${id}`,
        label: words("La devolución llega", "The refund arrives", "A devolução chega"),
        play: (control) => control.settleRefund(id, true),
      },
      {
        id: `refund_no.${id}`,
        label: words("La devolución falla", "The refund fails", "A devolução falha"),
        play: (control) => control.settleRefund(id, false),
      },
    ]);
}
