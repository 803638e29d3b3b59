import { Hono } from "hono";
import { html } from "hono/html";
import { siteOfKey } from "./accounts.ts";
import { asset, assets } from "./generated/assets.ts";

type Parts = {
  /** The path of the pages, no slash at the end. */
  readonly base: string;
  /** `api.mercadopago.com`, as a browser may ask it. */
  readonly api: Hono;
};

/** What our own page loads of Mercado Pago: the stand-in for its browser library, and the frames it opens. */
export function fieldRoutes({ base, api }: Parts): Hono {
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
    c.header(
      "content-security-policy",
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    );
    c.header("cache-control", "no-store");
    const label = c.req.query("label") ?? "";
    return c.html(
      html`<!doctype html><html lang="und"><head><meta charset="utf-8"><title>${label} (TEST MODE)</title><link rel="stylesheet" href="${asset("field.css").path}"><script type="module" src="${asset("field.js").path}"></script></head><body><input aria-label="${label}" placeholder="${c.req.query("placeholder") ?? ""}" inputmode="numeric" autocomplete="off" aria-required="true"></body></html>`,
    );
  });
  // A browser has a public key and nothing else: whatever else it brings stays behind.
  app.all(`${base}/v1/*`, async (c) => {
    const { pathname, search } = new URL(c.req.url);
    const body = c.req.method === "POST" ? await c.req.text() : null;
    return api.request(`${pathname.slice(base.length)}${search}`, { method: c.req.method, body });
  });
  return app;
}
