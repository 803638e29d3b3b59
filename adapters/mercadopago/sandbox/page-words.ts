import type { Context } from "hono";
import { html } from "hono/html";

const es = {
  mark: "MODO DE PRUEBA · simulador de Mercado Pago",
  pay: "Pagar",
  back: "Volver sin pagar",
  means: "Con qué pagas",
  holder: "Nombre de prueba en la tarjeta (APRO aprueba)",
  declined: "El pago fue rechazado. Puedes intentarlo otra vez.",
  closed: "Esta página ya no recibe pagos.",
  bank: "Tu banco",
  approve: "Aprobar",
  refuse: "Rechazar",
  leave: "Cerrar sin responder",
  slip: "Ficha de pago",
  desk: "Abrir el simulador",
  challenge: "Tu banco pregunta: ¿eres tú?",
  none: "No existe.",
};
export type PageWords = typeof es;

/** What the pages of the simulator say; they are a tool, so they say little. */
export const words: Readonly<Record<"es" | "en" | "pt", PageWords>> = {
  es,
  en: {
    mark: "TEST MODE · Mercado Pago simulator",
    pay: "Pay",
    back: "Go back without paying",
    means: "What you pay with",
    holder: "Test name on the card (APRO approves)",
    declined: "The payment was declined. You can try again.",
    closed: "This page no longer takes payments.",
    bank: "Your bank",
    approve: "Approve",
    refuse: "Refuse",
    leave: "Close without answering",
    slip: "Payment slip",
    desk: "Open the simulator",
    challenge: "Your bank asks: is it you?",
    none: "There is no such thing.",
  },
  pt: {
    mark: "MODO DE TESTE · simulador do Mercado Pago",
    pay: "Pagar",
    back: "Voltar sem pagar",
    means: "Com que você paga",
    holder: "Nome de teste no cartão (APRO aprova)",
    declined: "O pagamento foi recusado. Você pode tentar de novo.",
    closed: "Esta página não recebe mais pagamentos.",
    bank: "O seu banco",
    approve: "Aprovar",
    refuse: "Recusar",
    leave: "Fechar sem responder",
    slip: "Guia de pagamento",
    desk: "Abrir o simulador",
    challenge: "Seu banco pergunta: é você?",
    none: "Não existe.",
  },
};

/** `lang` of the address, else the browser's first wish, else English. */
export function languageOf(c: Context): "es" | "en" | "pt" {
  const wish = (c.req.query("lang") ?? c.req.header("accept-language") ?? "").slice(0, 2).toLowerCase();
  return wish === "es" || wish === "pt" ? wish : "en";
}

/** Buttons as wide and as high as a thumb needs them, in the gateway's colours. */
const style =
  "body{font:1rem/1.5 system-ui,sans-serif;max-width:26rem;margin:0 auto;padding:1rem}.mark{background:#fff3c4;border:1px solid #8a6d00;padding:.25rem .5rem}h1{font-size:1.5rem}strong{font-size:1.75rem}label,select,button{display:block;width:100%;margin:.75rem 0;font:inherit}select{padding:.6rem;margin-top:.25rem}button{padding:.75rem;background:#0a5cc2;color:#fff;border:0;border-radius:.5rem}button[value=leave],button[value=decline]{background:none;color:#0a5cc2;border:1px solid}code{overflow-wrap:anywhere}";

/** A page of the simulator, marked as such; no script, nothing from elsewhere. */
export function framed(
  c: Context,
  title: string,
  body: ReturnType<typeof html>,
  status: 200 | 404 | 422 = 200,
): Response | Promise<Response> {
  const language = languageOf(c);
  c.header(
    "content-security-policy",
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  );
  c.header("cache-control", "no-store");
  c.header("referrer-policy", "no-referrer");
  return c.html(
    html`<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · ${words[language].mark}</title><style>${style}</style></head><body><p class="mark">${words[language].mark}</p><main>${body}</main></body></html>`,
    status,
  );
}
