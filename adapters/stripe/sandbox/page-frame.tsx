import type { Context } from "hono";
import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import { decimalText } from "../../../src/kernel/money.ts";
import { moneyOf } from "./balance.ts";
import { asset } from "./generated/assets.ts";

export type PageLanguage = "es" | "en" | "pt";

/** What the pages of the simulator say; they are a tool, so they say little. */
export const words = {
  es: {
    mark: "MODO DE PRUEBA · simulador de Stripe",
    pay: "Pagar",
    save: "Guardar",
    back: "Volver sin pagar",
    name: "Nombre",
    email: "Correo",
    number: "Número de tarjeta",
    expiry: "Vencimiento (MM/AA)",
    cvc: "CVC",
    routing: "Routing number",
    account: "Número de cuenta",
    linked: "Verificar al momento (sin microdepósitos)",
    missing: "Completa todos los campos.",
    with: "Pagar con",
    challenge: "Tu banco pregunta: ¿eres tú?",
    pass: "Sí, aprobar",
    fail: "No, rechazar",
    iban: "IBAN",
    phone: "Teléfono con código de país",
    elsewhere: "¿Apruebas este pago?",
    voucher: "Ficha de pago",
    transfer: "Transferencia bancaria",
    verify: "Verifica tu cuenta",
    verify_how: "Escribe el código de seis letras del depósito (en pruebas: SM11AA).",
    code: "Código",
    send: "Verificar",
    closed: "Esta página de pago ya se cerró.",
    desk: "Abrir el simulador",
    none: "No existe.",
  },
  en: {
    mark: "TEST MODE · Stripe simulator",
    pay: "Pay",
    save: "Save",
    back: "Go back without paying",
    name: "Name",
    email: "E-mail",
    number: "Card number",
    expiry: "Expiry (MM/YY)",
    cvc: "CVC",
    routing: "Routing number",
    account: "Account number",
    linked: "Verify at once (no microdeposits)",
    missing: "Fill in every field.",
    with: "Pay with",
    challenge: "Your bank asks: is it you?",
    pass: "Yes, approve",
    fail: "No, refuse",
    iban: "IBAN",
    phone: "Telephone with country code",
    elsewhere: "Do you approve this payment?",
    voucher: "Voucher",
    transfer: "Bank transfer",
    verify: "Verify your account",
    verify_how: "Write the six-letter code of the deposit (in tests: SM11AA).",
    code: "Code",
    send: "Verify",
    closed: "This payment page has closed.",
    desk: "Open the simulator",
    none: "There is no such thing.",
  },
  pt: {
    mark: "MODO DE TESTE · simulador da Stripe",
    pay: "Pagar",
    save: "Salvar",
    back: "Voltar sem pagar",
    name: "Nome",
    email: "E-mail",
    number: "Número do cartão",
    expiry: "Validade (MM/AA)",
    cvc: "CVC",
    routing: "Routing number",
    account: "Número da conta",
    linked: "Verificar na hora (sem microdepósitos)",
    missing: "Preencha todos os campos.",
    with: "Pagar com",
    challenge: "Seu banco pergunta: é você?",
    pass: "Sim, aprovar",
    fail: "Não, recusar",
    iban: "IBAN",
    phone: "Telefone com código do país",
    elsewhere: "Você aprova este pagamento?",
    voucher: "Guia de pagamento",
    transfer: "Transferência bancária",
    verify: "Verifique sua conta",
    verify_how: "Escreva o código de seis letras do depósito (em testes: SM11AA).",
    code: "Código",
    send: "Verificar",
    closed: "Esta página de pagamento já fechou.",
    desk: "Abrir o simulador",
    none: "Isto não existe.",
  },
} as const;

export type Words = (typeof words)[PageLanguage];

/** `lang` of the address, else the browser's first wish, else English. */
export function languageOf(c: Context, given?: string | null): PageLanguage {
  const wish = c.req.query("lang") ?? given ?? c.req.header("accept-language") ?? "";
  const code = wish.slice(0, 2).toLowerCase();
  return code === "es" || code === "pt" ? code : "en";
}

type PageOptions = {
  readonly title: string;
  readonly language: PageLanguage;
  /** Drawn inside the checkout's iframe. */
  readonly framed?: boolean;
  readonly script?: "elements.js";
  readonly status?: 200 | 404 | 422;
  readonly body: Child;
};

/** A page of the simulator, marked as such, with our own files only. */
export function sandboxPage(c: Context, options: PageOptions): Response | Promise<Response> {
  const { language, framed } = options;
  const page = (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{options.title}</title>
        <link rel="stylesheet" href={asset("sandbox.css").path} />
        {options.script ? <script type="module" src={asset(options.script).path}></script> : null}
      </head>
      <body class={framed ? "frame" : undefined}>
        <p class="mark">{words[language].mark}</p>
        <main>{options.body}</main>
      </body>
    </html>
  );
  const ancestors = framed ? "'self'" : "'none'";
  c.header(
    "content-security-policy",
    `default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors ${ancestors}`,
  );
  c.header("cache-control", "no-store");
  c.header("referrer-policy", "no-referrer");
  return c.html(
    <>
      {raw("<!doctype html>")}
      {page}
    </>,
    options.status ?? 200,
  );
}

/** Minor units as they are read: `500.00 MXN`, `5000 CLP`. */
export const amountShown = (minor: number, currency: string): string =>
  `${decimalText(moneyOf(minor, currency))} ${currency.toUpperCase()}`;
