import type { Context, Hono } from "hono";
import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";
import type { Clock } from "../../../src/kernel/clock.ts";
import type { Site } from "../sites.ts";
import { siteOfKey } from "./accounts.ts";
import { methodOf } from "./catalog.ts";
import { documentTypesOf } from "./identity.ts";
import { Refusal } from "./refusal.ts";
import { type Done, refusalAnswer, reply } from "./replies.ts";
import { checked, createCardToken, createYapeToken } from "./requests.ts";
import { brandOf, codeLength, makeCardToken, makeYapeToken } from "./tokens.ts";

type Parts = { readonly documents: SandboxDocuments; readonly clock: Clock };
/** Whose page asks: all that a public key tells. */
type Asked = { readonly publicKey: string; readonly site: Site };

/** What a donor's browser asks of `api.mercadopago.com`, with nothing but the church's public key. */
export function addBrowserApi(app: Hono, { documents, clock }: Parts): void {
  const route = (
    method: "GET" | "POST",
    path: string,
    handler: (asked: Asked, c: Context) => Done | Promise<Done>,
  ) =>
    app.on(method, path, async (c) => {
      try {
        const done = await handler(askedWith(c.req.query("public_key")), c);
        return reply(done.status, done.body);
      } catch (error) {
        return refusalAnswer(error);
      }
    });
  const body = (c: Context): Promise<unknown> => c.req.json().catch(() => undefined);
  route("POST", "/v1/card_tokens", async (asked, c) => {
    const card = checked(createCardToken, await body(c));
    return { status: 201, body: await makeCardToken({ documents, now: clock.now() }, asked, card) };
  });
  route("POST", "/platforms/pci/yape/v1/payment", async ({ publicKey }, c) => {
    const phone = checked(createYapeToken, await body(c));
    return { status: 201, body: await makeYapeToken({ documents, now: clock.now() }, publicKey, phone) };
  });
  route("GET", "/v1/identification_types", ({ site }) => {
    const types = documentTypesOf(site);
    // Mexico's answer (sdk-js, getIdentificationTypes): no documents are asked for there.
    if (types.length === 0) throw new Refusal(404, "not_found", "resource not found");
    return { status: 200, body: types };
  });
  route("GET", "/v1/payment_methods/search", ({ site }, c) => ({
    status: 200,
    body: cardsLike(site, c.req.query("bins") ?? ""),
  }));
  route("GET", "/v1/payment_methods/card_issuers", ({ site }, c) => ({
    status: 200,
    body: methodOf(site, c.req.query("payment_method_id") ?? "") ? issuers : [],
  }));
  route("GET", "/v1/payment_methods/installments", (_, c) => {
    const amount = Number(c.req.query("amount"));
    const once = { installments: 1, installment_rate: 0, installment_amount: amount, total_amount: amount };
    return { status: 200, body: [{ payer_costs: [once] }] };
  });
}

function askedWith(publicKey = ""): Asked {
  const site = siteOfKey(publicKey);
  if (!site) throw new Refusal(401, "unauthorized", "invalid public key");
  return { publicKey, site };
}

/** Banks whose cards begin alike; the donor says which. */
const issuers = [
  { id: "310", name: "Banco de Prueba" },
  { id: "311", name: "Otro banco de prueba" },
] as const;

/** The brand a number begins like, as far as the site knows it (sdk-js, getPaymentMethods). */
function cardsLike(site: Site, bin: string): object {
  const brand = /^\d{6,8}$/.test(bin) ? brandOf(bin) : undefined;
  const listed = brand && methodOf(site, brand);
  const results = listed
    ? [
        {
          id: listed.id,
          name: listed.name,
          payment_type_id: listed.type,
          site_id: site.id,
          status: "active",
          issuer: { id: 25, name: listed.name, default: true },
          // Where one brand's numbers do not tell the bank.
          additional_info_needed: site.country === "ar" && brand === "master" ? ["issuer_id"] : [],
          settings: [
            {
              card_number: { length: brand === "amex" ? 15 : 16, validation: "standard" },
              security_code: { length: codeLength(brand), mode: "mandatory", card_location: "back" },
            },
          ],
        },
      ]
    : [];
  return { paging: { total: results.length, limit: 30, offset: 0 }, results };
}
