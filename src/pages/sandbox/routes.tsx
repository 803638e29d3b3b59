import { Hono } from "hono";
import type { DeskPayment, SandboxDesk } from "../../gateway/sandbox-desk.ts";
import type { Ctx, HonoEnv } from "../../http/context.ts";
import { inForm } from "../asked.ts";
import { htmlAnswer, visitOf } from "../checkout/page-visit.ts";
import { parseAmount } from "../checkout/parse-amount.ts";
import { failedPage, notFoundPage } from "../checkout/problem-page.tsx";
import { DeskPage, type ShownDesk } from "./desk-page.tsx";

/**
 * `/sandbox`: play the bank. Mount only where the sandbox is on; `desks` by gateway id. An empty map answers 404
 * everywhere, so that a live service shows nothing here.
 */
export function sandboxRoutes(desks: ReadonlyMap<string, SandboxDesk>): Hono<HonoEnv> {
  const app = new Hono<HonoEnv>();
  app.onError(failedPage);
  app.get("/sandbox", (c) => (desks.size === 0 ? notFoundPage(c) : showDesks(c, desks)));
  app.post("/sandbox/:gateway/play", (c) => play(c, desks.get(c.req.param("gateway"))));
  app.post("/sandbox/:gateway/delivery", (c) => chooseDelivery(c, desks.get(c.req.param("gateway"))));
  return app;
}

async function showDesks(c: Ctx, desks: ReadonlyMap<string, SandboxDesk>): Promise<Response> {
  const visit = visitOf(c);
  const shown: ShownDesk[] = await Promise.all(
    [...desks].map(async ([gateway, desk]) => ({ gateway, desk, payments: await desk.payments() })),
  );
  const text = c.req.query("said");
  const message =
    text === undefined ? undefined : { text: text.slice(0, 500), good: c.req.query("no") === undefined };
  return htmlAnswer(c, visit, <DeskPage frame={visit.frame} desks={shown} message={message} />);
}

async function play(c: Ctx, desk: SandboxDesk | undefined): Promise<Response> {
  if (!desk) return notFoundPage(c);
  const form = new URLSearchParams(await c.req.text());
  const [id, action] = [inForm(form, "payment"), inForm(form, "action")];
  const payment = (await desk.payments()).find((known) => known.id === id);
  const button = payment?.actions.find((known) => known.id === action);
  const fields = payment && minorFields(payment, Object.fromEntries(form));
  if (!fields || !button) return backToDesk(c, visitOf(c).frame.t("desk.not_possible"), false, id);
  const done = await desk.play({ payment: id, action, fields });
  return backToDesk(c, done.ok ? button.label[visitOf(c).language] : done.error, done.ok, id);
}

/** The amount field as minor units of the payment's currency; `undefined` when it is no amount. */
function minorFields(payment: DeskPayment, fields: Record<string, string>) {
  const typed = fields.amount;
  if (typed === undefined) return fields;
  const read = parseAmount(typed, payment.amount.currency, "en-US");
  return read.ok ? { ...fields, amount: String(read.value.minor) } : undefined;
}

async function chooseDelivery(c: Ctx, desk: SandboxDesk | undefined): Promise<Response> {
  if (!desk?.delivery) return notFoundPage(c);
  const form = new URLSearchParams(await c.req.text());
  const mode = inForm(form, "mode");
  if (form.has("now")) await desk.delivery.deliverNow();
  else await desk.delivery.choose(mode);
  return backToDesk(c, form.has("now") ? "OK" : mode, true, "");
}

function backToDesk(c: Ctx, said: string, good: boolean, payment: string): Response {
  const query = new URLSearchParams({ lang: visitOf(c).language, said, ...(good ? {} : { no: "1" }) });
  return c.redirect(`/sandbox?${query}${payment ? `#${encodeURIComponent(payment)}` : ""}`, 303);
}
