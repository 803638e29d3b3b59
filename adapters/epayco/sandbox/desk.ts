import type { Localized } from "../../../src/gateway/country-profile.ts";
import type { DeskAction, DeskPayment, SandboxDesk } from "../../../src/gateway/sandbox-desk.ts";
import { money } from "../../../src/kernel/money.ts";
import { err, ok } from "../../../src/kernel/result.ts";
import { type Route, routes, setRoute } from "./confirmations.ts";
import {
  bogotaText,
  type House,
  type State,
  type Transaction,
  transactionNumbered,
  transactionsOf,
} from "./documents.ts";
import { canBecome, move } from "./transactions.ts";

/** The till's side of ePayco, for `/sandbox`. */
export const epaycoDesk = (house: House): SandboxDesk => ({
  name: "ePayco",
  payments: async () => (await transactionsOf(house.store, "all", 60)).map(shown),
  play: async ({ payment, action, fields }) => {
    const one = await transactionNumbered(house.store, payment);
    if (!one) return err("There is no such voucher.");
    if (action === "pay_other") return otherAmount(one, fields.amount);
    const button = buttons(one).find(({ id }) => id === action);
    if (!button) return err(`Nothing of the kind happens to a voucher that is ${one.state}.`);
    const moved = await move(house, payment, button.state);
    await house.flush();
    return moved.ok ? ok(undefined) : moved;
  },
  delivery: {
    modes: routes.map((id) => ({ id, label: routeLabels[id] })),
    choose: async (id) => {
      const route = routes.find((known) => known === id);
      if (route) await setRoute(house.store, route);
      await house.flush();
    },
    deliverNow: async () => {
      await setRoute(house.store, "normal");
      await house.flush();
    },
  },
});

const routeLabels: Readonly<Record<Route, Localized>> = {
  normal: { es: "normales", en: "normal", pt: "normais" },
  duplicated: { es: "tres veces cada una", en: "three times each", pt: "três vezes cada uma" },
  late: { es: "retenidas", en: "held back", pt: "retidas" },
  out_of_order: { es: "la más nueva primero", en: "newest first", pt: "a mais nova primeiro" },
  lost: { es: "perdidas", en: "lost", pt: "perdidas" },
};

type Button = { readonly id: string; readonly state: State; readonly label: Localized };
const all: readonly Button[] = [
  {
    id: "pay",
    state: "Aceptada",
    label: { es: "Pagar en el punto", en: "Pay at the till", pt: "Pagar no caixa" },
  },
  {
    id: "hold",
    state: "Retenida",
    label: { es: "Retener para revisión", en: "Hold for review", pt: "Reter para análise" },
  },
  { id: "refuse", state: "Rechazada", label: { es: "Rechazar", en: "Refuse", pt: "Recusar" } },
  { id: "fail", state: "Fallida", label: { es: "Fallar", en: "Fail", pt: "Falhar" } },
  {
    id: "fraud",
    state: "Antifraude",
    label: { es: "Marcar como fraude", en: "Call it fraud", pt: "Marcar como fraude" },
  },
  { id: "expire", state: "Expirada", label: { es: "Dejar vencer", en: "Let it lapse", pt: "Deixar vencer" } },
  {
    id: "cancel",
    state: "Cancelada",
    label: { es: "Cancelar en ePayco", en: "Cancel at ePayco", pt: "Cancelar na ePayco" },
  },
  { id: "reverse", state: "Reversada", label: { es: "Reversar", en: "Reverse", pt: "Estornar" } },
];
const late: Localized = {
  es: "Avisar un pago del último día",
  en: "Announce a payment of the last day",
  pt: "Avisar um pagamento do último dia",
};

/** What can happen to it as it stands. */
const buttons = (one: Transaction): readonly Button[] =>
  all
    .filter(({ state }) => canBecome(one, state))
    .map((button) =>
      button.id === "pay" && one.state === "Expirada" ? { ...button, id: "pay_late", label: late } : button,
    );

/** Short, over and twice: the till knows the number's amount and takes nothing else, once. */
function otherAmount(one: Transaction, amount: string | undefined) {
  const same = amount === String(one.pesos * 100);
  return err(
    same
      ? "That is the voucher's amount: pay it with the other button."
      : "The cashier's screen shows the amount of the number and takes no other.",
  );
}

function shown(one: Transaction): DeskPayment {
  const amount = money(BigInt(one.pesos) * 100n, "COP");
  const other: readonly DeskAction[] =
    one.state === "Pendiente"
      ? [
          {
            id: "pay_other",
            label: { es: "Pagar otra cantidad", en: "Pay another amount", pt: "Pagar outro valor" },
            field: { kind: "amount", label: { es: "Cantidad", en: "Amount", pt: "Valor" }, value: amount },
          },
        ]
      : [];
  return {
    id: String(one.reference),
    amount,
    method: one.franchise,
    status: one.state,
    donation: one.donation || undefined,
    createdAt: new Date(one.createdAt),
    facts: [
      { label: { es: "Convenio", en: "Agreement", pt: "Convênio" }, value: one.agreement },
      { label: { es: "Número", en: "Number", pt: "Número" }, value: one.pin },
      { label: { es: "Vence", en: "Lapses", pt: "Vence" }, value: bogotaText(one.expiresAt) },
    ],
    actions: [...buttons(one).map(({ id, label }) => ({ id, label })), ...other],
  };
}
