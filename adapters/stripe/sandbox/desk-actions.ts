import type { Localized } from "../../../src/gateway/country-profile.ts";
import type { DeskField } from "../../../src/gateway/sandbox-desk.ts";
import { isCurrency } from "../../../src/kernel/currency.ts";
import { money } from "../../../src/kernel/money.ts";
import type { Result } from "../../../src/kernel/result.ts";
import type { SandboxControl, SandboxPayment } from "./control.ts";
import { isOpen } from "./disputes.ts";
import { type BankOutcome, testBankAccounts } from "./test-values.ts";

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

const button = (id: string, es: string, en: string, play: Action["play"], field?: DeskField): Action => ({
  id,
  label: { es, en },
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
  intent.payment_method_types.includes("oxxo") &&
  (intent.next_action?.oxxo_display_details !== undefined ||
    intent.last_payment_error?.payment_method?.type === "oxxo" ||
    charge?.payment_method_details?.type === "oxxo");

const voucherField = ({ intent }: SandboxPayment): DeskField => ({
  kind: "amount",
  label: { es: "Cantidad en la caja", en: "Amount at the till" },
  value: inMoney(intent.amount - 100, intent.currency),
});

function voucher(payment: SandboxPayment): readonly Action[] {
  if (!isVoucher(payment)) return [];
  const { intent } = payment;
  if (intent.status === "succeeded") {
    return [button("pay_again", "Pagar otra vez", "Pay a second time", (c) => c.payVoucher(intent.id))];
  }
  if (intent.next_action?.oxxo_display_details === undefined) {
    return [
      button("pay_late", "Avisar un pago del último día", "Announce a payment of the last day", (c) =>
        c.payVoucher(intent.id, { late: true }),
      ),
    ];
  }
  return [
    button("pay", "Pagar en la caja", "Pay at the till", (c) => c.payVoucher(intent.id)),
    button(
      "pay_other",
      "Pagar otra cantidad",
      "Pay another amount",
      (c, _, fields) => c.payVoucher(intent.id, { amount: wholeNumber(fields.amount) }),
      voucherField(payment),
    ),
    button("expire", "Dejar vencer", "Let it expire", (c) => c.expireVoucher(intent.id)),
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
      paid ? "Transferir otra vez" : "Transferir a la CLABE",
      paid ? "Transfer again" : "Transfer to the CLABE",
      (c, _, fields) => c.fundClabe(intent.id, wholeNumber(fields.amount)),
      { kind: "amount", label: { es: "Cantidad", en: "Amount" }, value },
    ),
  ];
}

function challenge({ intent }: SandboxPayment): readonly Action[] {
  const asked = intent.next_action?.type;
  if (asked !== "use_stripe_sdk" && asked !== "redirect_to_url") return [];
  return [
    button("pass", "Aprobar la verificación 3-D Secure", "Pass 3-D Secure", (c) =>
      c.passChallenge(intent.id),
    ),
    button("fail", "Reprobar la verificación 3-D Secure", "Fail 3-D Secure", (c) =>
      c.failChallenge(intent.id),
    ),
  ];
}

const failures = Object.values(testBankAccounts).flatMap((outcome) =>
  outcome.kind === "fails" ? [outcome] : [],
);

function debit({ intent, charge }: SandboxPayment): readonly Action[] {
  const ach = charge?.payment_method_details?.type === "us_bank_account";
  if (intent.status === "processing") {
    const reason: DeskField = {
      kind: "choice",
      label: { es: "Motivo", en: "Reason" },
      options: failures.map(({ code }) => ({ value: code, label: code.replaceAll("_", " ") })),
    };
    return [
      button("settle", "Liquidar el cargo", "Settle the debit", (c) =>
        c.settleAch(intent.id, { kind: "succeeds" }),
      ),
      button(
        "refuse",
        "Rechazar el cargo",
        "Refuse the debit",
        (c, _, fields) => c.settleAch(intent.id, failureNamed(fields.choice)),
        reason,
      ),
    ];
  }
  if (!ach || !charge || charge.status !== "succeeded" || charge.disputed) return [];
  return [button("return", "Devolver el cargo", "Return the debit", (c) => c.returnAch(intent.id))];
}

const failureNamed = (code: string | undefined): BankOutcome | undefined =>
  failures.find((failure) => failure.code === code);

/** What can still happen to money that has arrived: disputes and refunds on their way. */
function after({ intent, charge, disputes, refunds }: SandboxPayment): readonly Action[] {
  const type = charge?.payment_method_details?.type;
  const disputable =
    charge?.status === "succeeded" && !charge.disputed && (type === "card" || type === "link");
  return [
    ...(disputable
      ? [
          button("dispute", "Abrir una disputa", "Open a dispute", (c) => c.openDispute(intent.id)),
          button("inquiry", "Abrir una aclaración", "Open an inquiry", (c) =>
            c.openDispute(intent.id, { inquiry: true }),
          ),
        ]
      : []),
    ...disputes
      .filter(isOpen)
      .flatMap((dispute) => [
        button(`win.${dispute.id}`, "La iglesia gana la disputa", "The church wins the dispute", (c) =>
          c.closeDispute(dispute.id, "won"),
        ),
        button(`lose.${dispute.id}`, "La iglesia pierde la disputa", "The church loses the dispute", (c) =>
          c.closeDispute(dispute.id, "lost"),
        ),
      ]),
    ...refunds
      .filter((refund) => refund.status !== "failed" && refund.status !== "canceled")
      .flatMap((refund) => [
        ...(refund.status === "succeeded"
          ? []
          : [
              button(`refund_ok.${refund.id}`, "Completar la devolución", "Complete the refund", (c) =>
                c.succeedRefund(refund.id),
              ),
            ]),
        button(`refund_no.${refund.id}`, "Rechazar la devolución", "Fail the refund", (c) =>
          c.failRefund(refund.id),
        ),
      ]),
  ];
}

const wholeNumber = (text: string | undefined): number => (/^\d{1,12}$/.test(text ?? "") ? Number(text) : 0);

/** Stripe's lower-case currency and minor units as money of ours; both of its currencies here have two decimals. */
export function inMoney(minor: number, currency: string) {
  const code = currency.toUpperCase();
  return money(BigInt(Math.max(minor, 0)), isCurrency(code) ? code : "USD");
}
