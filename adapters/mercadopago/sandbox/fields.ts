import { type Context, Hono } from "hono";
import { html } from "hono/html";
import { siteOfKey } from "./accounts.ts";
import { pay, refuse } from "./bank-side.ts";
import type { Control } from "./control.ts";
import { type AssetName, asset, assets } from "./generated/assets.ts";
import { languageOf, words } from "./page-words.ts";

type Parts = {
  /** The path of the pages, no slash at the end. */
  readonly base: string;
  readonly control: Control;
  /** `api.mercadopago.com`, as a browser may ask it. */
  readonly api: Hono;
};

/**
 * What our own page loads of Mercado Pago: the stand-in for its browser library, the frames with its fields, and the
 * frame in which a card's bank asks whether it is the donor.
 */
export function fieldRoutes({ base, control, api }: Parts): Hono {
  const app = new Hono();
  app.get(`${base}/js/v2`, (c) =>
    c.body(asset("v2.js").body, 200, { "content-type": asset("v2.js").type, "cache-control": "no-cache" }),
  );
  for (const { path, type, body } of Object.values(assets)) {
    app.get(path, (c) =>
      c.body(body, 200, { "content-type": type, "cache-control": "public, max-age=31536000, immutable" }),
    );
  }
  app.get(`${base}/field`, (c) => {
    if (!siteOfKey(c.req.query("key") ?? "")) return c.text("invalid public key", 401);
    const label = c.req.query("label") ?? "";
    const input = html`<input aria-label="${label}" placeholder="${c.req.query("placeholder") ?? ""}" inputmode="numeric" autocomplete="off" aria-required="true">`;
    return frame(c, label, input, "field.js");
  });
  // A browser has a public key and nothing else: whatever else it brings stays behind.
  app.all(`${base}/v1/*`, async (c) => {
    const { pathname, search } = new URL(c.req.url);
    const body = c.req.method === "POST" ? await c.req.text() : null;
    return api.request(`${pathname.slice(base.length)}${search}`, { method: c.req.method, body });
  });
  app.post(`${base}/challenge/:id`, (c) => challenge(c, control, c.req.param("id")));
  return app;
}

/** The bank's question, opened with what the payment told of it; answered, it says that it is over. */
async function challenge(c: Context, control: Control, id: string): Promise<Response> {
  const w = words[languageOf(c)];
  const payment = await control.payment(id);
  const sent = new URLSearchParams(await c.req.text());
  const creq = payment?.body.three_ds_info?.creq;
  if (!payment || creq !== sent.get("creq")) return c.text(w.none, 404);
  if (payment.body.status !== "pending") return frame(c, w.bank, html`<p>${w.closed}</p>`, "challenge.js");
  const answer = sent.get("do");
  if (answer === "approve") await control.play(id, (play) => pay(play));
  if (answer === "decline") await control.play(id, (play) => refuse(play, "cc_rejected_3ds_challenge"));
  if (answer === null) {
    const question = html`<form method="post"><h1>${w.challenge}</h1><input type="hidden" name="creq" value="${creq}"><button name="do" value="approve">${w.approve}</button><button name="do" value="decline">${w.refuse}</button></form>`;
    return frame(c, w.bank, question);
  }
  await control.flush();
  return frame(c, w.bank, html`<p>…</p>`, "challenge.js");
}

function frame(
  c: Context,
  title: string,
  body: ReturnType<typeof html>,
  script?: AssetName,
): Response | Promise<Response> {
  c.header(
    "content-security-policy",
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'",
  );
  c.header("cache-control", "no-store");
  const code = script ? html`<script type="module" src="${asset(script).path}"></script>` : "";
  return c.html(
    html`<!doctype html><html lang="${languageOf(c)}"><head><meta charset="utf-8"><title>${title} (TEST MODE)</title><link rel="stylesheet" href="${asset("field.css").path}">${code}</head><body>${body}</body></html>`,
  );
}
