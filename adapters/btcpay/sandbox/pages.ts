import { html } from "hono/html";
import { coinText } from "./coins.ts";
import type { BtcpayControl } from "./control.ts";
import { type InvoiceDocument, invoiceNamed, pullNamed } from "./documents.ts";
import { type House, inTurn } from "./house.ts";
import { current, dueSats } from "./invoices.ts";
import { linkOf } from "./views.ts";

/** BTCPay's pages as a donor meets them, without their looks: `/i/{invoice}` and `/pull-payments/{pull payment}`. */
export function donorPage(house: House, control: BtcpayControl, request: Request): Promise<Response> {
  const path = new URL(request.url).pathname;
  return path.includes("/pull-payments/")
    ? claimPage(house, control, request, path)
    : checkoutPage(house, control, request, path);
}

/** A refund waits here for the donor's address; whoever has the link may give one. */
async function claimPage(
  house: House,
  control: BtcpayControl,
  request: Request,
  path: string,
): Promise<Response> {
  const [, id = "", pressed] = /\/pull-payments\/([^/]+)(\/claim)?$/.exec(path) ?? [];
  if (pressed !== undefined && request.method === "POST") {
    await control.claim(id);
    await control.flush();
    return new Response(null, {
      status: 303,
      headers: { location: `${house.pagesUrl}/pull-payments/${id}` },
    });
  }
  const pull = await pullNamed(house.store, id);
  if (!pull) return page(404, "BTCPay", html`<p>404</p>`);
  const state = pull.archived ? "Archived" : (pull.payouts.at(-1)?.state ?? "Open");
  return page(
    200,
    "BTCPay",
    html`
      <h1>${pull.amount} ${pull.currency}</h1>
      <p>${state}</p>
      ${
        state === "Open"
          ? html`<form method="post" action="${house.pagesUrl}/pull-payments/${id}/claim">
              <button type="submit">Claim / Reclamar / Resgatar</button>
            </form>`
          : ""
      }
    `,
  );
}

async function checkoutPage(
  house: House,
  control: BtcpayControl,
  request: Request,
  path: string,
): Promise<Response> {
  const [, id = "", pressed] = /\/i\/([^/]+)(\/pay)?$/.exec(path) ?? [];
  const known = await invoiceNamed(house.store, id);
  if (!known) return page(404, "BTCPay", html`<p>404</p>`);
  if (pressed !== undefined && request.method === "POST") {
    await control.pay(id);
    await control.confirm(id);
    await control.flush();
    // Not `Response.redirect`: whoever serves this page adds headers of its own, and that one's are immutable.
    const location = known.redirectUrl ?? `${house.pagesUrl}/i/${id}`;
    return new Response(null, { status: 303, headers: { location } });
  }
  const invoice = (await inTurn(house, known.storeId, (scene) => current(scene, id))) ?? known;
  return page(200, "BTCPay", body(house, invoice));
}

function body(house: House, invoice: InvoiceDocument) {
  const prompt = invoice.prompts[0];
  const due = dueSats(invoice);
  const back = invoice.redirectUrl;
  return html`
    <h1>${coinText(due)} BTC</h1>
    <p>${invoice.status} · ${invoice.additionalStatus}</p>
    ${
      invoice.status === "New" && prompt
        ? html`<p><code>${linkOf(prompt.method, prompt.destination, due)}</code></p>
            <form method="post" action="${house.pagesUrl}/i/${invoice.id}/pay">
              <button type="submit" name="pay" value="1">Pay / Pagar</button>
            </form>`
        : ""
    }
    ${back ? html`<p><a href="${back}" rel="noreferrer">Return / Volver / Voltar</a></p>` : ""}
  `;
}

function page(status: number, title: string, content: ReturnType<typeof body>): Response {
  const text = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} (TEST MODE)</title>
      </head>
      <body>
        <p>TEST MODE · BTCPay Server</p>
        <main>${content}</main>
      </body>
    </html>`;
  return new Response(String(text), {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy":
        "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
    },
  });
}
