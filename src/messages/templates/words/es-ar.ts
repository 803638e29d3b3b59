import { es } from "./es.ts";
import type { Words } from "./shape.ts";

/** Argentina says `vos`: the verbs change, and some words. */
export const esAR: Words = {
  ...es,
  why_you: "Recibís este correo porque das a {{church}}.",
  label: { ...es.label, amount: "Monto", reference_number: "Número de cupón", account: "CBU o cuenta" },
  pay: {
    ...es.pay,
    exact: "Pagá el monto exacto; así se reconoce tu ofrenda.",
    own_code:
      "También tenés un código Pix tuyo que no cambia nunca. Pagalo cuando quieras, o programalo en tu banco (Pix programado): reconocemos que es tuyo y ya no te recordamos esa fecha.",
    already: "Si ya pagaste, no hace falta que hagas nada: la confirmación puede demorar un poco.",
  },
  thank_you: {
    ...es.thank_you,
    acknowledgment: "En la página de tu ofrenda podés descargar tu comprobante.",
  },
  voucher_waiting: {
    ...es.voucher_waiting,
    text: "Gracias por querer dar a {{church}}. Con estos datos podés pagar tu ofrenda.",
    text_link: "Gracias por querer dar a {{church}}. Con este botón podés terminar de pagar tu ofrenda.",
  },
  reminder: {
    ...es.reminder,
    text: "Nos pediste recordarte tu ofrenda a {{church}}. Nada se cobra sin vos: si querés darla, acá está cómo.",
    preheader: "Tu ofrenda de {{amount}} a {{church}}: acá está cómo darla.",
    no_worry: "¿Esta vez no podés? No pasa nada. Te escribimos para la próxima fecha.",
  },
  reminder_nudge: {
    ...es.reminder_nudge,
    text_ahead: "Te recordamos tu ofrenda a {{church}}. Si querés darla, acá está cómo.",
    subject_behind: "Recordatorio: todavía podés dar tu ofrenda del {{date}}",
    text_behind: "La fecha de tu ofrenda a {{church}} ya pasó, pero todavía podés darla.",
  },
  upcoming_charge: {
    ...es.upcoming_charge,
    amount_changed: "El monto de tu ofrenda a {{church}} cambió, así que te avisamos antes de cobrarla.",
    until_then: "Antes de esa fecha podés cambiarla, pausarla o cancelarla.",
  },
  payment_failed: {
    ...es.payment_failed,
    next_try: "Lo vamos a intentar otra vez el {{date}}. No hace falta que hagas nada.",
    next_try_or_change:
      "Lo vamos a intentar otra vez el {{date}}. Si preferís otra forma de pago, podés cambiarla antes.",
    new_method: "Para seguir dando, elegí otra forma de pago. En cuanto la cambies se cobra esta ofrenda.",
    authenticate: "Tu banco quiere confirmar que sos vos. Lleva un minuto y después se cobra esta ofrenda.",
    no_more: "No lo vamos a intentar otra vez por esta fecha. Tu próxima ofrenda sigue como siempre.",
  },
  card_expiring: {
    ...es.card_expiring,
    preheader: "Cambiala y tu ofrenda a {{church}} sigue igual.",
    text_other:
      "La tarjeta con la que das a {{church}} vence en {{month}}. La usás en {{count}} ofrendas que se repiten.",
    change_one: "Si ya tenés la nueva, cambiala acá y todo sigue igual.",
    change_other: "Si ya tenés la nueva, cambiala acá una sola vez: sirve para todas.",
  },
  mandate_ended: {
    ...es.mandate_ended,
    subject: "Elegí otra forma de pago para tu ofrenda",
    next: "Ya no se va a cobrar nada con ella. Si querés seguir dando, elegí otra forma de pago.",
  },
  recurring_started: {
    ...es.recurring_started,
    preheader_automatic: "Tu ofrenda de {{amount}} se va a cobrar en cada fecha.",
    preheader_reminder: "Te vamos a mandar un recordatorio de tu ofrenda de {{amount}} antes de cada fecha.",
    reminder:
      "Tu ofrenda a {{church}} quedó programada. Antes de cada fecha te mandamos un recordatorio con los datos para pagar; nada se cobra sin vos.",
    free: "Podés cambiarla, pausarla o cancelarla cuando quieras.",
  },
  recurring_changed: { ...es.recurring_changed, unexpected: "Si no lo esperabas, respondé a este correo." },
  recurring_paused: {
    ...es.recurring_paused,
    until: "Sigue el {{date}}, y te avisamos una semana antes. Si querés seguir antes, un toque basta.",
  },
  recurring_resuming: {
    ...es.recurring_resuming,
    longer: "Si necesitás más tiempo, podés alargar la pausa o cambiar el monto.",
  },
  recurring_ending: {
    ...es.recurring_ending,
    longer: "Si querés seguir dando, podés quitarle el final o poner otro.",
  },
  recurring_canceled: {
    ...es.recurring_canceled,
    preheader: "No se va a cobrar ni pedir nada más.",
    by_donor: "Cancelamos tu ofrenda a {{church}} como pediste. No se va a cobrar ni pedir nada más.",
    by_church: "{{church}} canceló tu ofrenda que se repite. No se va a cobrar ni pedir nada más.",
    by_other: "Tu ofrenda que se repite a {{church}} quedó cancelada. No se va a cobrar ni pedir nada más.",
    thanks: "Gracias por todo lo que diste. Si algún día querés volver, la puerta está abierta.",
  },
  recurring_dormant: {
    ...es.recurring_dormant,
    subject: "Pensamos en vos: tu ofrenda a {{church}}",
    heading: "Pensamos en vos",
    text: "Las últimas veces tu ofrenda a {{church}} no se pudo completar, así que la detuvimos. No debés nada y no hace falta explicar nada.",
    preheader: "Detuvimos tu ofrenda. No debés nada.",
    care: "Si querés seguir, un toque basta. Y si ahora no es el momento, también está bien: gracias por lo que diste.",
  },
  receipt_ready: {
    ...es.receipt_ready,
    preheader: "Ya podés descargar el comprobante de tu ofrenda a {{church}}.",
    text: "Ya podés descargar el comprobante de tu ofrenda a {{church}}.",
  },
  refund_to_claim: {
    ...es.refund_to_claim,
    preheader: "{{church}} te devuelve tu ofrenda: decinos a dónde enviarla.",
    text: "{{church}} te devuelve tu ofrenda. Diste con criptomonedas, que no vuelven solas: en la página de tu ofrenda indicás la dirección de tu billetera y se te envía.",
    yours: "El enlace es solo tuyo: no lo compartas.",
  },
  portal_link: {
    ...es.portal_link,
    heading: "Entrá a tus ofrendas",
    text: "Con este botón entrás a tus ofrendas a {{church}}.",
  },
  why: { ...es.why, mandate_invalid: "El banco no aceptó la autorización de débito." },
};
