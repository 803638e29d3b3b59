import type { Localized } from "../../../src/gateway/country-profile.ts";
import type { DeskAction, DeskField, DeskPayment, SandboxDesk } from "../../../src/gateway/sandbox-desk.ts";
import { type Money, money } from "../../../src/kernel/money.ts";
import { err } from "../../../src/kernel/result.ts";
import { knownDeclineCodes } from "../codes.ts";
import * as bank from "./bank-side.ts";
import type { Control } from "./control.ts";
import type { SimPayment } from "./documents.ts";
import type { TravelMode } from "./notices.ts";
import { refundable } from "./refunds.ts";

type Fields = Readonly<Record<string, string>>;
type Button = DeskAction & { readonly does: (play: bank.Play, fields: Fields) => bank.Played };

const say = (es: string, en: string, pt: string): Localized => ({ es, en, pt });
const button = (id: string, label: Localized, does: Button["does"], field?: DeskField): Button => ({
  id,
  label,
  does,
  ...(field ? { field } : {}),
});

/** The bank's side of the Mercado Pago simulator, for `/sandbox`. */
export function deskOf(control: Control): SandboxDesk {
  return {
    name: "Mercado Pago",
    payments: async () => (await control.payments(60)).map(shown),
    play: async (press) => {
      const payment = await control.payment(press.payment);
      const pressed = payment && buttonsFor(payment).find(({ id }) => id === press.action);
      if (!pressed) return err("This cannot be done to the payment as it stands now.");
      const done = await control.play(press.payment, (play) => pressed.does(play, press.fields));
      await control.flush();
      return done;
    },
    delivery: {
      modes,
      choose: async (id) => {
        const chosen = modes.find((mode) => mode.id === id);
        if (chosen) await control.travel(chosen.id);
      },
      deliverNow: async () => {
        await control.travel("normal");
        await control.flush();
      },
    },
  };
}

const modes: readonly { readonly id: TravelMode; readonly label: Localized }[] = [
  { id: "normal", label: say("normal", "normal", "normal") },
  { id: "duplicated", label: say("cada uno tres veces", "each three times", "cada um três vezes") },
  { id: "late", label: say("retenidos hasta soltarlos", "held until released", "retidos até serem soltos") },
  { id: "out_of_order", label: say("el más nuevo primero", "newest first", "o mais novo primeiro") },
  { id: "lost", label: say("perdidos", "lost", "perdidos") },
];

function shown(payment: SimPayment): DeskPayment {
  const { body } = payment;
  const donation = body.metadata.donation_id;
  const told = body.transaction_details;
  const number =
    told.digitable_line ?? body.payment_method.data?.reference_id ?? told.payment_method_reference_id;
  const facts = number
    ? [{ label: say("Número a pagar", "Number to pay", "Número para pagar"), value: number }]
    : [];
  return {
    id: String(body.id),
    amount: bank.askedFor(payment),
    method: `${payment.method} (${body.payment_method_id})`,
    status: [
      `${body.status}/${body.status_detail}`,
      ...body.refunds.map((one) => `refund ${one.status}`),
    ].join(" · "),
    donation: typeof donation === "string" ? donation : undefined,
    createdAt: new Date(body.date_created),
    facts,
    actions: buttonsFor(payment).map(({ does: _, ...action }) => action),
  };
}

const amountField = (value: Money): DeskField => ({
  kind: "amount",
  label: say("Cantidad", "Amount", "Valor"),
  value,
});

/** What the donor, the till, the bank and the network can do to a payment as it stands. */
function buttonsFor(payment: SimPayment): readonly Button[] {
  const { status } = payment.body;
  switch (status) {
    case "pending":
    case "in_process":
      return waiting(payment);
    case "cancelled":
    case "rejected":
      return payment.body.payment_type_id === "credit_card"
        ? []
        : [button("pay", say("Pagar tarde", "Pay late", "Pagar com atraso"), (play) => bank.pay(play))];
    case "approved":
      return paid(payment);
    case "charged_back":
      return payment.body.status_detail === "in_process" ? disowned : [];
    case "in_mediation":
      return complained;
    default:
      return ending(payment);
  }
}

function waiting(payment: SimPayment): readonly Button[] {
  const asked = bank.askedFor(payment);
  const less = money(asked.minor / 2n, asked.currency);
  const reason: DeskField = {
    kind: "choice",
    label: say("Motivo", "Reason", "Motivo"),
    options: knownDeclineCodes.map((code) => ({ value: code, label: code.replaceAll("_", " ") })),
  };
  return [
    button("pay", say("Pagar", "Pay", "Pagar"), (play) => bank.pay(play)),
    button(
      "pay_other",
      say("Pagar otra cantidad", "Pay another amount", "Pagar outro valor"),
      (play, fields) => bank.pay(play, amountIn(fields, play.payment)),
      amountField(less),
    ),
    button("expire", say("Dejar vencer", "Let it expire", "Deixar vencer"), bank.expire),
    button(
      "refuse",
      say("Rechazar", "Refuse", "Recusar"),
      (play, fields) => bank.refuse(play, fields.choice ?? "cc_rejected_other_reason"),
      reason,
    ),
  ];
}

function amountIn(fields: Fields, payment: SimPayment): Money {
  const { amount = "" } = fields;
  return money(/^\d{1,15}$/.test(amount) ? BigInt(amount) : 0n, bank.askedFor(payment).currency);
}

function paid(payment: SimPayment): readonly Button[] {
  const left = refundable(payment);
  return [
    ...ending(payment),
    button("pay_again", say("Pagar otra vez", "Pay a second time", "Pagar outra vez"), bank.payAgain),
    button(
      "refund",
      say("Devolver desde el panel", "Refund from the panel", "Devolver pelo painel"),
      (play, fields) => bank.refundInPanel(play, amountIn(fields, play.payment)),
      amountField(left),
    ),
    button(
      "dispute",
      say("Desconocer el cargo", "Disown the charge", "Contestar a cobrança"),
      bank.openChargeback,
    ),
    button("claim", say("Abrir un reclamo", "Open a complaint", "Abrir uma reclamação"), bank.openClaim),
  ];
}

/** Refunds on their way. */
const ending = ({ body }: SimPayment): readonly Button[] =>
  body.refunds
    .filter((one) => one.status === "in_process")
    .flatMap((one) => [
      button(
        `refund_ok.${one.id}`,
        say("Completar la devolución", "Complete the refund", "Concluir a devolução"),
        (play) => bank.endRefund(play, one.id, "approved"),
      ),
      button(
        `refund_no.${one.id}`,
        say("Rechazar la devolución", "Fail the refund", "Recusar a devolução"),
        (play) => bank.endRefund(play, one.id, "rejected"),
      ),
    ]);

const wins = say("La iglesia gana", "The church wins", "A igreja ganha");
const loses = say("La iglesia pierde", "The church loses", "A igreja perde");
const disowned: readonly Button[] = [
  button("win", wins, (play) => bank.closeChargeback(play, true)),
  button("lose", loses, (play) => bank.closeChargeback(play, false)),
];
const complained: readonly Button[] = [
  button("claim_win", wins, (play) => bank.closeClaim(play, true)),
  button("claim_lose", loses, (play) => bank.closeClaim(play, false)),
];
