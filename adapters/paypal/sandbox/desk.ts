import type { Localized } from "../../../src/gateway/country-profile.ts";
import type { DeskPayment, DeskPress, SandboxDesk } from "../../../src/gateway/sandbox-desk.ts";
import { err, ok, type Result } from "../../../src/kernel/result.ts";
import type { SandboxControl, SandboxPayment } from "./control.ts";
import { type DeliveryMode, deliveryModes } from "./deliveries.ts";
import { actionsFor } from "./desk-actions.ts";
import { reread } from "./money.ts";

/** PayPal's side of it, for `/sandbox`. */
export function paypalDesk(control: SandboxControl): SandboxDesk {
  return {
    name: "PayPal",
    payments: async () => (await control.payments()).map(deskPayment),
    play: (press) => play(control, press),
    delivery: {
      modes: deliveryModes.map((id) => ({ id, label: modeNames[id] })),
      choose: async (id) => {
        const mode = deliveryModes.find((known) => known === id);
        if (mode === undefined) return;
        await control.deliverWebhooks(mode);
        await control.flush();
      },
      deliverNow: () => control.releaseHeld(),
    },
  };
}

const modeNames: Readonly<Record<DeliveryMode, Localized>> = {
  normal: { es: "normal", en: "normal", pt: "normal" },
  duplicated: { es: "cada uno tres veces", en: "each three times", pt: "cada um três vezes" },
  late: { es: "retenidos hasta soltarlos", en: "held until released", pt: "retidos até soltar" },
  out_of_order: { es: "el más nuevo primero", en: "newest first", pt: "o mais novo primeiro" },
  lost: { es: "perdidos", en: "lost", pt: "perdidos" },
};

async function play(control: SandboxControl, press: DeskPress): Promise<Result<void, string>> {
  const payment = await control.payment(press.payment);
  if (!payment) return err("There is no such payment.");
  const action = actionsFor(payment).find(({ id }) => id === press.action);
  if (!action) return err("This cannot be done to the payment as it stands now.");
  const done = await action.play(control, press.fields);
  await control.flush();
  return done.ok ? ok(undefined) : done;
}

function deskPayment(payment: SandboxPayment): DeskPayment {
  const { order } = payment;
  return {
    id: order.id,
    amount: reread(order.unit.amount),
    method: order.guest ? "card (guest)" : order.source,
    status: statusOf(payment),
    donation: order.unit.invoice_id,
    createdAt: new Date(order.createdAt),
    facts: factsOf(payment),
    actions: actionsFor(payment).map(({ id, label, field }) => ({ id, label, ...(field ? { field } : {}) })),
  };
}

function statusOf({ order, captures, refunds, disputes }: SandboxPayment): string {
  return [
    order.status,
    ...captures.map((one) => `capture ${one.status}${one.reason === null ? "" : ` (${one.reason})`}`),
    ...refunds.map((one) => `refund ${one.status}`),
    ...disputes.map((one) => `dispute ${one.outcome ?? one.status}`),
  ].join(" · ");
}

function factsOf({ order, captures }: SandboxPayment): { label: Localized; value: string }[] {
  const facts: { label: Localized; value: string }[] = [];
  const category = order.unit.items?.[0]?.category;
  facts.push({
    label: { es: "Categoría", en: "Category", pt: "Categoria" },
    value: category ?? "—",
  });
  for (const { fee } of captures) {
    if (fee) {
      facts.push({
        label: { es: "Comisión", en: "Fee", pt: "Tarifa" },
        value: `${fee.value} ${fee.currency_code}`,
      });
    }
  }
  return facts;
}
