import { type Context, Hono } from "hono";
import { html } from "hono/html";
import type { MethodType } from "../../../src/gateway/methods.ts";
import type { Clock } from "../../../src/kernel/clock.ts";
import { formatMoney } from "../../../src/kernel/money.ts";
import { askedFor, isWaiting, pay, refuse } from "./bank-side.ts";
import type { Control } from "./control.ts";
import type { SimPayment, SimPreference } from "./documents.ts";
import { fieldRoutes } from "./fields.ts";
import { inMoney } from "./money-kept.ts";
import { framed, languageOf, type PageWords, words } from "./page-words.ts";
import { isOpen, onlyItem } from "./preferences.ts";
import { holderNames } from "./tokens.ts";

/**
 * The pages a donor is sent to, standing in for Mercado Pago's own: Checkout Pro, a bank, a slip. They work without
 * script, and say on top that nothing here is real.
 */
export function pageRoutes(control: Control, clock: Clock, pagesUrl: string, api: Hono): Hono {
  const app = new Hono();
  const base = new URL(pagesUrl).pathname;
  app.route("/", fieldRoutes({ base, control, api }));
  app.get(`${base}/checkout/:id`, (c) => checkout(c, control, clock, c.req.param("id")));
  app.post(`${base}/checkout/:id`, (c) => checkoutPaid(c, control, clock, c.req.param("id")));
  app.get(`${base}/bank/:id`, (c) => bankPage(c, control, c.req.param("id")));
  app.post(`${base}/bank/:id`, (c) => bankAnswered(c, control, c.req.param("id")));
  app.get(`${base}/ticket/:id`, (c) => ticket(c, control, c.req.param("id")));
  app.notFound((c) => nothing(c));
  return app;
}

const nothing = (c: Context) =>
  framed(c, words[languageOf(c)].none, html`<p>${words[languageOf(c)].none}</p>`, 404);

async function checkout(
  c: Context,
  control: Control,
  clock: Clock,
  id: string,
  refused?: string,
): Promise<Response> {
  const found = await control.page(id);
  if (!found) return nothing(c);
  const { preference, offered, currency } = found;
  const w = words[languageOf(c)];
  const item = onlyItem(preference);
  const amount = inMoney(item.unit_price * item.quantity, currency);
  const body = html`
    <h1>${item.title}</h1>
    <p><strong>${formatMoney(amount, languageOf(c))}</strong></p>
    ${refused ? html`<p role="alert">${w.declined} (${refused})</p>` : ""}
    ${isOpen(preference, clock.now()) ? checkoutForm(w, offered) : html`<p>${w.closed}</p>`}`;
  return framed(c, "Checkout Pro", body, refused ? 422 : 200);
}

const checkoutForm = (w: PageWords, offered: readonly MethodType[]) => html`
  <form method="post">
    <label>${w.means}
      <select name="type">${offered.map((type) => html`<option value="${type}">${type.replaceAll("_", " ")}</option>`)}</select>
    </label>
    <label>${w.holder}
      <select name="holder">${holderNames.map((name) => html`<option>${name}</option>`)}</select>
    </label>
    <button name="do" value="pay">${w.pay}</button>
    <button name="do" value="leave">${w.back}</button>
  </form>`;

async function checkoutPaid(c: Context, control: Control, clock: Clock, id: string): Promise<Response> {
  const found = await control.page(id);
  if (!found) return nothing(c);
  const form = new URLSearchParams(await c.req.text());
  const { back_urls } = found.preference.body;
  if (form.get("do") === "leave") return c.redirect(back_urls.failure ?? "/", 303);
  const type = found.offered.find((offered) => offered === form.get("type"));
  if (!type) return checkout(c, control, clock, id, "type");
  const done = await control.payPage(id, type, form.get("holder") ?? "APRO");
  await control.flush();
  if (!done.ok) return checkout(c, control, clock, id, done.error);
  const { status, status_detail } = done.value.body;
  if (status === "rejected") return checkout(c, control, clock, id, status_detail);
  const to = status === "approved" ? back_urls.success : (back_urls.pending ?? back_urls.success);
  return c.redirect(to ? returned(to, found.preference, done.value) : "/", 303);
}

/** What the gateway adds to the address it takes the donor back to; nothing of it is believed. */
function returned(to: string, preference: SimPreference, payment: SimPayment): string {
  const url = new URL(to);
  const { body } = payment;
  url.searchParams.set("collection_id", String(body.id));
  url.searchParams.set("collection_status", body.status);
  url.searchParams.set("payment_id", String(body.id));
  url.searchParams.set("status", body.status);
  url.searchParams.set("preference_id", preference.body.id);
  return url.href;
}

async function bankPage(c: Context, control: Control, id: string): Promise<Response> {
  const payment = await control.payment(id);
  if (!payment) return nothing(c);
  const w = words[languageOf(c)];
  const body = html`
    <h1>${payment.method === "nequi" ? "Nequi" : w.bank}</h1>
    <p><strong>${formatMoney(askedFor(payment), languageOf(c))}</strong></p>
    ${
      isWaiting(payment)
        ? html`<form method="post">
            <button name="do" value="approve">${w.approve}</button>
            <button name="do" value="decline">${w.refuse}</button>
            <button name="do" value="leave">${w.leave}</button>
          </form>`
        : html`<p>${w.closed}</p>`
    }`;
  return framed(c, w.bank, body);
}

async function bankAnswered(c: Context, control: Control, id: string): Promise<Response> {
  const payment = await control.payment(id);
  if (!payment) return nothing(c);
  const answer = new URLSearchParams(await c.req.text()).get("do");
  if (answer === "approve") await control.play(id, (play) => pay(play));
  if (answer === "decline") await control.play(id, (play) => refuse(play, "rejected_by_bank"));
  await control.flush();
  return c.redirect(payment.body.callback_url ?? "/", 303);
}

async function ticket(c: Context, control: Control, id: string): Promise<Response> {
  const payment = await control.payment(id);
  if (!payment) return nothing(c);
  const w = words[languageOf(c)];
  const { transaction_details: told, payment_method, point_of_interaction } = payment.body;
  const number =
    told.digitable_line ??
    payment_method.data?.reference_id ??
    point_of_interaction.transaction_data?.qr_code ??
    told.payment_method_reference_id ??
    "";
  const body = html`
    <h1>${w.slip}</h1>
    <p><strong>${formatMoney(askedFor(payment), languageOf(c))}</strong></p>
    <p><code>${number}</code></p>
    <p>${payment.body.status}</p>
    <p><a href="/sandbox#${String(payment.body.id)}">${w.desk}</a></p>`;
  return framed(c, w.slip, body);
}
