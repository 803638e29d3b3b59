import { Hono } from "hono";
import { withoutGaps } from "../../../src/kernel/without-gaps.ts";
import { addBankPages } from "./bank-routes.tsx";
import { asset, assets } from "./generated/assets.ts";
import { addHostedPage, notHere } from "./hosted-routes.tsx";
import type { StripeSandbox } from "./index.ts";
import { languageOf, sandboxPage, words } from "./page-frame.tsx";
import { AccountFields, CardFields, fieldKind, QuickFill } from "./payment-fields.tsx";

const base = "/sandbox/stripe";

/**
 * What a donor's browser meets of Stripe, from the simulator: the stand-in for Stripe.js with its iframe, the
 * hosted Checkout page, 3-D Secure, vouchers, microdeposits. Mount at the root, and only where the sandbox is on.
 * Its `hostedPages` must be `{publicUrl}/sandbox/stripe`.
 */
export function stripeSandboxPages(sandbox: StripeSandbox, options: { readonly publicUrl: string }): Hono {
  const app = new Hono();
  app.get(`${base}/v3.js`, (c) =>
    c.body(asset("v3.js").body, 200, { "content-type": asset("v3.js").type, "cache-control": "no-cache" }),
  );
  for (const { path, type, body } of Object.values(assets)) {
    app.get(path, (c) =>
      c.body(body, 200, { "content-type": type, "cache-control": "public, max-age=31536000, immutable" }),
    );
  }
  addElements(app, sandbox);
  addBrowserApi(app, sandbox);
  addHostedPage(app, sandbox, base);
  addBankPages(app, sandbox, base, options.publicUrl);
  return app;
}

/** The API as a browser reaches it: publishable keys only, as nothing else belongs in a browser. */
function addBrowserApi(app: Hono, sandbox: StripeSandbox): void {
  app.all(`${base}/v1/*`, async (c) => {
    const key = c.req.header("authorization") ?? "";
    if (!key.startsWith("Bearer pk_test_")) {
      return c.json(
        { error: { type: "invalid_request_error", message: "A publishable test key is needed." } },
        401,
      );
    }
    const url = new URL(c.req.url);
    const body = c.req.method === "POST" ? await c.req.text() : undefined;
    return sandbox.fetch(
      new Request(`https://api.stripe.com${url.pathname.slice(base.length)}${url.search}`, {
        method: c.req.method,
        headers: {
          authorization: key,
          ...(body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
        },
        ...withoutGaps({ body }),
      }),
    );
  });
}

/** The page in the iframe: fields for what the payment can be made with. */
function addElements(app: Hono, { control }: StripeSandbox): void {
  app.get(`${base}/elements`, async (c) => {
    const secret = c.req.query("secret") ?? "";
    const id = secret.split("_secret_")[0] ?? "";
    const intent = id.startsWith("seti_") ? await control.setup(id) : (await control.payment(id))?.intent;
    if (!intent || intent.client_secret !== secret) return notHere(c);
    const language = languageOf(c);
    const w = words[language];
    const wallets = (c.req.query("wallets") ?? "").split(" ").filter(Boolean);
    const names: Readonly<Record<string, readonly [string, string]>> = {
      applePay: ["apple_pay", "Apple Pay"],
      googlePay: ["google_pay", "Google Pay"],
      link: ["link", "Link"],
    };
    const kind = fieldKind(intent.payment_method_types);
    return sandboxPage(c, {
      title: "Stripe (TEST MODE)",
      language,
      framed: true,
      script: "elements.js",
      body:
        c.req.query("show") === "expressCheckout" ? (
          wallets.map((wallet) => (
            <button type="button" class="wallet" data-wallet={names[wallet]?.[0]}>
              {names[wallet]?.[1]}
            </button>
          ))
        ) : (
          <form data-kind={kind} data-missing={w.missing}>
            {kind === "card" ? <CardFields w={w} full /> : <AccountFields w={w} kind={kind} whole />}
            <QuickFill kind={kind} />
          </form>
        ),
    });
  });
}
