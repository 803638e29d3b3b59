import type { Localized } from "../../../src/gateway/country-profile.ts";
import type { DeskField } from "../../../src/gateway/sandbox-desk.ts";
import { isCurrency } from "../../../src/kernel/currency.ts";
import { money } from "../../../src/kernel/money.ts";
import type { Result } from "../../../src/kernel/result.ts";
import type { SandboxControl, SandboxPayment } from "./control.ts";
import { isOpen } from "./disputes.ts";
import { isElsewhere } from "./elsewhere.ts";
import { undisputed } from "./played-by-hand.ts";
import { type BankOutcome, isDebitType, testBankAccounts } from "./test-accounts.ts";
import { isVoucherType, voucherOf } from "./voucher-shapes.ts";

/** One button: what it says and what it does at the bank. */
export type Action = {
  readonly id: string;
  readonly label: Localized;
  readonly field?: DeskField;
  play(
    control: SandboxControl,
    payment: SandboxPayment,
    fields: Readonly<Record<string, string>>,
  ): Promise<Result<unknown, string>>;
};

const button = (id: string, label: Localized, play: Action["play"], field?: DeskField): Action => ({
  id,
  label,
  play,
  ...(field ? { field } : {}),
});

/** What the donor, the till, the bank and the network can do to a payment as it stands. */
export function actionsFor(payment: SandboxPayment): readonly Action[] {
  return [
    ...voucher(payment),
    ...transfer(payment),
    ...challenge(payment),
    ...debit(payment),
    ...after(payment),
  ];
}

const isVoucher = ({ intent, charge }: SandboxPayment) =>
  voucherOf(intent) !== undefined ||
  isLate(intent) ||
  isVoucherType(intent.last_payment_error?.payment_method?.type) ||
  isVoucherType(charge?.payment_method_details?.type);

/** A Multibanco reference past its day, waiting for money on its way. */
const isLate = (intent: SandboxPayment["intent"]) =>
  intent.status === "processing" && intent.payment_method_types.includes("multibanco");

const voucherField = ({ intent }: SandboxPayment): DeskField => ({
  kind: "amount",
  label: { es: "Cantidad en la caja", en: "Amount at the till", pt: "Valor no caixa" },
  value: inMoney(intent.amount - 100, intent.currency),
});

function voucher(payment: SandboxPayment): readonly Action[] {
  if (!isVoucher(payment)) return [];
  const { intent } = payment;
  if (intent.status === "succeeded") {
    return [
      button("pay_again", { es: "Pagar otra vez", en: "Pay a second time", pt: "Pagar outra vez" }, (c) =>
        c.payVoucher(intent.id),
      ),
    ];
  }
  if (voucherOf(intent) === undefined) {
    return [
      button(
        "pay_late",
        {
          es: "Avisar un pago del último día",
          en: "Announce a payment of the last day",
          pt: "Avisar um pagamento do último dia",
        },
        (c) => c.payVoucher(intent.id, { late: true }),
      ),
    ];
  }
  return [
    button("pay", { es: "Pagar en la caja", en: "Pay at the till", pt: "Pagar no caixa" }, (c) =>
      c.payVoucher(intent.id),
    ),
    button(
      "pay_other",
      { es: "Pagar otra cantidad", en: "Pay another amount", pt: "Pagar outro valor" },
      (c, _, fields) => c.payVoucher(intent.id, { amount: wholeNumber(fields.amount) }),
      voucherField(payment),
    ),
    button("expire", { es: "Dejar vencer", en: "Let it expire", pt: "Deixar vencer" }, (c) =>
      c.expireVoucher(intent.id),
    ),
  ];
}

function transfer({ intent, charge }: SandboxPayment): readonly Action[] {
  const open = intent.next_action?.display_bank_transfer_instructions;
  const paid = charge?.payment_method_details?.type === "customer_balance";
  if (!open && !paid) return [];
  const value = inMoney(open?.amount_remaining ?? intent.amount, intent.currency);
  return [
    button(
      "transfer",
      paid
        ? { es: "Transferir otra vez", en: "Transfer again", pt: "Transferir outra vez" }
        : { es: "Transferir", en: "Transfer", pt: "Transferir" },
      (c, _, fields) => c.transfer(intent.id, wholeNumber(fields.amount)),
      { kind: "amount", label: { es: "Cantidad", en: "Amount", pt: "Valor" }, value },
    ),
  ];
}

function challenge({ intent }: SandboxPayment): readonly Action[] {
  const asked = intent.next_action?.type;
  if (asked !== "use_stripe_sdk" && asked !== "redirect_to_url") return [];
  const elsewhere = intent.payment_method_types.some(isElsewhere);
  return [
    button(
      "pass",
      elsewhere
        ? { es: "Aprobar el pago", en: "Approve the payment", pt: "Aprovar o pagamento" }
        : {
            es: "Aprobar la verificación 3-D Secure",
            en: "Pass 3-D Secure",
            pt: "Aprovar a verificação 3-D Secure",
          },
      (c) => c.passChallenge(intent.id),
    ),
    button(
      "fail",
      elsewhere
        ? { es: "Rechazar el pago", en: "Refuse the payment", pt: "Recusar o pagamento" }
        : {
            es: "Reprobar la verificación 3-D Secure",
            en: "Fail 3-D Secure",
            pt: "Reprovar a verificação 3-D Secure",
          },
      (c) => c.failChallenge(intent.id),
    ),
  ];
}

const failures = Object.values(testBankAccounts).flatMap((outcome) =>
  outcome.kind === "fails" ? [outcome] : [],
);

function debit({ intent, charge }: SandboxPayment): readonly Action[] {
  const isDebit = isDebitType(charge?.payment_method_details?.type ?? "");
  if (intent.status === "processing" && isDebit) {
    const reason: DeskField = {
      kind: "choice",
      label: { es: "Motivo", en: "Reason", pt: "Motivo" },
      options: failures.map(({ code }) => ({ value: code, label: code.replaceAll("_", " ") })),
    };
    return [
      button("settle", { es: "Liquidar el cargo", en: "Settle the debit", pt: "Liquidar o débito" }, (c) =>
        c.settleDebit(intent.id, { kind: "succeeds" }),
      ),
      button(
        "refuse",
        { es: "Rechazar el cargo", en: "Refuse the debit", pt: "Recusar o débito" },
        (c, _, fields) => c.settleDebit(intent.id, failureNamed(fields.choice)),
        reason,
      ),
    ];
  }
  if (!isDebit || !charge || charge.status !== "succeeded" || charge.disputed) return [];
  return [
    button("return", { es: "Devolver el cargo", en: "Return the debit", pt: "Devolver o débito" }, (c) =>
      c.returnDebit(intent.id),
    ),
  ];
}

const failureNamed = (code: string | undefined): BankOutcome | undefined =>
  failures.find((failure) => failure.code === code);

/** What can still happen to money that has arrived: disputes and refunds on their way. */
function after({ intent, charge, disputes, refunds }: SandboxPayment): readonly Action[] {
  const type = charge?.payment_method_details?.type;
  const disputable =
    charge?.status === "succeeded" &&
    !charge.disputed &&
    type !== undefined &&
    !undisputed.has(type) &&
    !isDebitType(type);
  return [
    ...(disputable
      ? [
          button("dispute", { es: "Abrir una disputa", en: "Open a dispute", pt: "Abrir uma disputa" }, (c) =>
            c.openDispute(intent.id),
          ),
          button(
            "inquiry",
            { es: "Abrir una aclaración", en: "Open an inquiry", pt: "Abrir uma consulta" },
            (c) => c.openDispute(intent.id, { inquiry: true }),
          ),
        ]
      : []),
    ...disputes.filter(isOpen).flatMap((dispute) => [
      button(
        `win.${dispute.id}`,
        {
          es: "La iglesia gana la disputa",
          en: "The church wins the dispute",
          pt: "A igreja ganha a disputa",
        },
        (c) => c.closeDispute(dispute.id, "won"),
      ),
      button(
        `lose.${dispute.id}`,
        {
          es: "La iglesia pierde la disputa",
          en: "The church loses the dispute",
          pt: "A igreja perde a disputa",
        },
        (c) => c.closeDispute(dispute.id, "lost"),
      ),
    ]),
    ...refunds
      .filter((refund) => refund.status !== "failed" && refund.status !== "canceled")
      .flatMap((refund) => [
        ...(refund.status === "succeeded"
          ? []
          : [
              button(
                `refund_ok.${refund.id}`,
                { es: "Completar la devolución", en: "Complete the refund", pt: "Concluir o reembolso" },
                (c) => c.succeedRefund(refund.id),
              ),
            ]),
        button(
          `refund_no.${refund.id}`,
          { es: "Rechazar la devolución", en: "Fail the refund", pt: "Recusar o reembolso" },
          (c) => c.failRefund(refund.id),
        ),
      ]),
  ];
}

const wholeNumber = (text: string | undefined): number => (/^\d{1,12}$/.test(text ?? "") ? Number(text) : 0);

/** Stripe's lower-case currency and minor units as money of ours; in every currency served here its minor unit is ISO's. */
export function inMoney(minor: number, currency: string) {
  const code = currency.toUpperCase();
  return money(BigInt(Math.max(minor, 0)), isCurrency(code) ? code : "USD");
}
