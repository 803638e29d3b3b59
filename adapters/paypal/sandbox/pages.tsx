import { type Context, Hono } from "hono";
import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import type { SandboxControl } from "./control.ts";
import type { Amount, Order, SetupToken } from "./documents.ts";
import { pendingTenders, refusedTenders, type TenderChoice, tenderNamed } from "./tenders.ts";

type Language = "es" | "en" | "pt";

const words = {
  es: {
    mark: "MODO DE PRUEBA · simulador de PayPal",
    pay: "Pagar",
    agree: "Dar permiso",
    back: "Volver sin pagar",
    outcome: "Qué pasará",
    well: "El pago sale bien",
    closed: "Esta página ya se cerró.",
    none: "No existe.",
    permission: "Una iglesia pide permiso para cobrar donaciones futuras.",
    guest: "Pagar con tarjeta, sin cuenta",
  },
  en: {
    mark: "TEST MODE · PayPal simulator",
    pay: "Pay now",
    agree: "Agree",
    back: "Go back without paying",
    outcome: "What will become of it",
    well: "The payment goes well",
    closed: "This page has closed.",
    none: "There is no such thing.",
    permission: "A church asks for permission to take later gifts.",
    guest: "Pay by card, without an account",
  },
  pt: {
    mark: "MODO DE TESTE · simulador do PayPal",
    pay: "Pagar",
    agree: "Dar permissão",
    back: "Voltar sem pagar",
    outcome: "O que vai acontecer",
    well: "O pagamento dá certo",
    closed: "Esta página já fechou.",
    none: "Não existe.",
    permission: "Uma igreja pede permissão para cobrar doações futuras.",
    guest: "Pagar com cartão, sem conta",
  },
} as const;

function languageOf(c: Context): Language {
  const wish = (c.req.query("lang") ?? c.req.header("accept-language") ?? "").slice(0, 2).toLowerCase();
  return wish === "es" || wish === "pt" ? wish : "en";
}

/** PayPal's pages as a donor meets them: approving a payment, and giving a standing permission. */
export function paypalPages(control: SandboxControl, base: string): Hono {
  const app = new Hono();
  const checkout = `${base}/checkoutnow`;
  app.get(checkout, async (c) => {
    const order = await control.order(c.req.query("token") ?? "");
    if (!order) return page(c, 404, <p>{words[languageOf(c)].none}</p>);
    const open = order.status === "CREATED" || order.status === "PAYER_ACTION_REQUIRED";
    if (!open) return page(c, 200, <p>{words[languageOf(c)].closed}</p>);
    return page(c, 200, <Approval order={order} action={checkout} language={languageOf(c)} />);
  });
  app.post(checkout, async (c) => {
    const form = await c.req.parseBody();
    const order = await control.order(text(form.token));
    if (!order) return page(c, 404, <p>{words[languageOf(c)].none}</p>);
    if (form.do !== "approve") return leave(c, order.cancelUrl, { token: order.id });
    const approved = await control.approve(order.id, tenderNamed(text(form.tender)));
    await control.flush();
    if (!approved.ok) return page(c, 422, <p>{approved.error}</p>);
    return leave(c, order.returnUrl, { token: order.id, PayerID: "QYR5Z8XDVJNXQ" });
  });
  addAgreement(app, control, `${base}/agreements/approve`);
  return app;
}

function addAgreement(app: Hono, control: SandboxControl, path: string): void {
  app.get(path, async (c) => {
    const token = await control.setupToken(c.req.query("approval_session_id") ?? "");
    const language = languageOf(c);
    if (!token) return page(c, 404, <p>{words[language].none}</p>);
    if (token.status !== "PAYER_ACTION_REQUIRED") return page(c, 200, <p>{words[language].closed}</p>);
    return page(c, 200, <Agreement token={token} action={path} language={language} />);
  });
  app.post(path, async (c) => {
    const form = await c.req.parseBody();
    const token = await control.setupToken(text(form.token));
    if (!token) return page(c, 404, <p>{words[languageOf(c)].none}</p>);
    const query = { approval_token_id: token.id, approval_session_id: token.id };
    if (form.do !== "approve") return leave(c, token.cancelUrl, query);
    const approved = await control.approveSetup(token.id);
    await control.flush();
    return approved.ok ? leave(c, token.returnUrl, query) : page(c, 422, <p>{approved.error}</p>);
  });
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Back to where the church's page asked for, with what PayPal hangs on the address. */
function leave(
  c: Context,
  address: string | null,
  query: Readonly<Record<string, string>>,
): Response | Promise<Response> {
  if (address === null) return page(c, 200, <p>{words[languageOf(c)].closed}</p>);
  const url = new URL(address);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return c.redirect(url.href, 303);
}

const shown = ({ value, currency_code }: Amount): string => `${value} ${currency_code}`;

function Approval({ order, action, language }: { order: Order; action: string; language: Language }) {
  const w = words[language];
  return (
    <form method="post" action={action}>
      <h1>{order.guest ? w.guest : order.source === "venmo" ? "Venmo" : "PayPal"}</h1>
      <p>{order.unit.description}</p>
      <p class="amount">{shown(order.unit.amount)}</p>
      <input type="hidden" name="token" value={order.id} />
      <label>
        {w.outcome}
        <select name="tender">
          <option value="">{w.well}</option>
          <Choices choices={refusedTenders} language={language} />
          <Choices choices={pendingTenders} language={language} />
        </select>
      </label>
      <button type="submit" name="do" value="approve">
        {w.pay}
      </button>
      <button type="submit" name="do" value="cancel" class="quiet">
        {w.back}
      </button>
    </form>
  );
}

function Choices({ choices, language }: { choices: readonly TenderChoice[]; language: Language }) {
  return (
    <optgroup label="·">
      {choices.map((one) => (
        <option value={one.id}>{one.label[language]}</option>
      ))}
    </optgroup>
  );
}

function Agreement({ token, action, language }: { token: SetupToken; action: string; language: Language }) {
  const w = words[language];
  return (
    <form method="post" action={action}>
      <h1>{token.wallet === "venmo" ? "Venmo" : "PayPal"}</h1>
      <p>{w.permission}</p>
      <input type="hidden" name="token" value={token.id} />
      <button type="submit" name="do" value="approve">
        {w.agree}
      </button>
      <button type="submit" name="do" value="cancel" class="quiet">
        {w.back}
      </button>
    </form>
  );
}

const style =
  "body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:26rem;padding:1rem}.mark{background:#fff3c4;border:1px solid #8a6d00;padding:.25rem .5rem}.amount{font-size:1.75rem}label,select,button{display:block;width:100%;margin:.5rem 0;font:inherit}button{padding:.75rem;background:#003087;color:#fff;border:0;border-radius:.5rem}.quiet{background:none;color:#003087}";

/** A page of the simulator, marked as such, with nothing from elsewhere. */
function page(c: Context, status: 200 | 404 | 422, body: Child): Response | Promise<Response> {
  const language = languageOf(c);
  c.header(
    "content-security-policy",
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  );
  c.header("cache-control", "no-store");
  c.header("referrer-policy", "no-referrer");
  return c.html(
    <>
      {raw("<!doctype html>")}
      <html lang={language}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>PayPal (TEST MODE)</title>
          <style>{raw(style)}</style>
        </head>
        <body>
          <p class="mark">{words[language].mark}</p>
          <main>{body}</main>
        </body>
      </html>
    </>,
    status,
  );
}
