import { es } from "./es.ts";
import type { Words } from "./shape.ts";

/** Mexico says `tú` as the master list does, and has words of its own. */
export const esMX: Words = {
  ...es,
  label: { ...es.label, amount: "Monto", pay_before: "Pagar a más tardar el" },
  pay: { ...es.pay, exact: "Paga el monto exacto; así se reconoce tu ofrenda." },
  upcoming_charge: {
    ...es.upcoming_charge,
    amount_changed: "El monto de tu ofrenda a {{church}} cambió, así que te avisamos antes de cobrarla.",
  },
  recurring_resuming: {
    ...es.recurring_resuming,
    longer: "Si necesitas más tiempo, puedes alargar la pausa o cambiar el monto.",
  },
  why: { ...es.why, mandate_invalid: "El banco no aceptó la domiciliación." },
};
