import type { Localized } from "../../../src/gateway/country-profile.ts";
import type { DeskDelivery, DeskPayment, DeskPress, SandboxDesk } from "../../../src/gateway/sandbox-desk.ts";
import { err, ok, type Result } from "../../../src/kernel/result.ts";
import { metadataKeys } from "../wire.ts";
import type { SandboxControl, SandboxPayment } from "./control.ts";
import type { DeliveryMode } from "./deliveries.ts";
import { actionsFor, inMoney } from "./desk-actions.ts";
import { voucherOf } from "./voucher-shapes.ts";

/** The bank's side of the Stripe simulator, for `/sandbox`. */
export function stripeDesk(control: SandboxControl): SandboxDesk {
  return {
    name: "Stripe",
    payments: async () => (await control.payments(60)).map(deskPayment),
    play: (press) => play(control, press),
    delivery: deliveryOf(control),
  };
}

async function play(control: SandboxControl, press: DeskPress): Promise<Result<void, string>> {
  const payment = await control.payment(press.payment);
  if (!payment) return err("There is no such payment.");
  const action = actionsFor(payment).find(({ id }) => id === press.action);
  if (!action) return err("This cannot be done to the payment as it stands now.");
  const done = await action.play(control, payment, press.fields);
  await control.flush();
  return done.ok ? ok(undefined) : done;
}

function deskPayment(payment: SandboxPayment): DeskPayment {
  const { intent } = payment;
  return {
    id: intent.id,
    amount: inMoney(intent.amount, intent.currency),
    method: intent.metadata[metadataKeys.method] ?? intent.payment_method_types.join(", "),
    status: statusOf(payment),
    donation: intent.metadata[metadataKeys.donation],
    createdAt: new Date(intent.created * 1000),
    facts: factsOf(payment),
    actions: actionsFor(payment).map(({ id, label, field }) => ({ id, label, ...(field ? { field } : {}) })),
  };
}

function statusOf({ intent, disputes, refunds }: SandboxPayment): string {
  return [
    intent.status,
    ...disputes.map((dispute) => `dispute ${dispute.status}`),
    ...refunds.map((refund) => `refund ${refund.status}`),
  ].join(" · ");
}

function factsOf({ intent }: SandboxPayment): { label: Localized; value: string }[] {
  const next = intent.next_action;
  const lent = next?.display_bank_transfer_instructions?.financial_addresses?.[0];
  const facts: { label: Localized; value: string }[] = [];
  const number = voucherOf(intent)?.number;
  if (number) facts.push({ label: { es: "Ficha", en: "Voucher", pt: "Guia" }, value: number });
  const account =
    lent?.spei?.clabe ??
    lent?.iban?.iban ??
    (lent?.aba && `${lent.aba.routing_number} ${lent.aba.account_number}`) ??
    (lent?.sort_code && `${lent.sort_code.sort_code} ${lent.sort_code.account_number}`);
  if (account) facts.push({ label: { es: "Cuenta", en: "Account", pt: "Conta" }, value: account });
  const failure = intent.last_payment_error;
  if (failure && intent.status !== "succeeded") {
    facts.push({
      label: { es: "Último rechazo", en: "Last refusal", pt: "Última recusa" },
      value: failure.decline_code ?? failure.code ?? "",
    });
  }
  return facts;
}

const modes: readonly { readonly id: string; readonly label: Localized; readonly mode: DeliveryMode }[] = [
  { id: "normal", label: { es: "normal", en: "normal", pt: "normal" }, mode: { mode: "normal" } },
  {
    id: "duplicated",
    label: { es: "cada uno tres veces", en: "each three times", pt: "cada um três vezes" },
    mode: { mode: "duplicated", times: 3 },
  },
  {
    id: "late",
    label: { es: "retenidos hasta soltarlos", en: "held until released", pt: "retidos até soltar" },
    mode: { mode: "late" },
  },
  {
    id: "out_of_order",
    label: { es: "el más nuevo primero", en: "newest first", pt: "o mais novo primeiro" },
    mode: { mode: "out_of_order" },
  },
  { id: "lost", label: { es: "perdidos", en: "lost", pt: "perdidos" }, mode: { mode: "lost" } },
];

function deliveryOf(control: SandboxControl): DeskDelivery {
  return {
    modes,
    choose: async (id) => {
      const chosen = modes.find((known) => known.id === id);
      if (!chosen) return;
      await control.deliverWebhooks(chosen.mode);
      await control.flush();
    },
    deliverNow: () => control.releaseHeld(),
  };
}
