import { type Context, Hono } from "hono";
import { z } from "zod";
import type { SandboxDocuments, SandboxStore } from "../../../src/gateway/sandbox.ts";
import type { Clock } from "../../../src/kernel/clock.ts";
import { sellerOf } from "./accounts.ts";
import { lapseIfDue } from "./bank-side.ts";
import { addBrowserApi } from "./browser-api.ts";
import { listing } from "./catalog.ts";
import { chargebackDocument, claimDocument, preferenceDocument, type SimPayment } from "./documents.ts";
import { makePayment } from "./make-payment.ts";
import { tellPayment } from "./notices.ts";
import { written } from "./payment-shape.ts";
import { changedPreference, makePreference } from "./preferences.ts";
import { makeRefund } from "./refunds.ts";
import { bad, missing, Refusal } from "./refusal.ts";
import { type Done, refusalAnswer, reply } from "./replies.ts";
import { listReports, makeReport, reportConfig, reportFile, reportKinds } from "./reports.ts";
import * as requests from "./requests.ts";
import {
  paymentById,
  paymentsUnder,
  preferenceById,
  referenceKey,
  type Scene,
  savePayment,
  savePreference,
} from "./state.ts";

export type Api = {
  readonly store: SandboxStore;
  readonly clock: Clock;
  readonly pagesUrl: string;
  /** Called after every call that may have left notifications to send. */
  readonly wake: () => void;
};

type Handler = (scene: Scene, c: Context, body: unknown) => Promise<Done>;

const idIn = (c: Context): string => c.req.param("id") ?? "";

const ok = (body: Done["body"]): Done => ({ status: 200, body });
const created = (body: object): Done => ({ status: 201, body });

/** `api.mercadopago.com`, as far as Ofrenda uses it. */
export function apiRoutes(api: Api): Hono {
  const { store, clock } = api;
  const app = new Hono({ strict: false });
  const route = (method: "GET" | "POST" | "PUT", path: string, handler: Handler) =>
    app.on(method, path, (c) => answer(api, c, handler));
  route("POST", "/v1/payments", createPayment);
  route("GET", "/v1/payments/search", searchPayments);
  route("GET", "/v1/payments/:id", async (scene, c) => ok((await ownPayment(scene, c)).body));
  route("PUT", "/v1/payments/:id", updatePayment);
  route("POST", "/v1/payments/:id/refunds", createRefund);
  route("GET", "/v1/payments/:id/refunds", async (scene, c) => ok((await ownPayment(scene, c)).body.refunds));
  route("GET", "/v1/payments/:id/refunds/:refund", async (scene, c) => {
    const { refunds } = (await ownPayment(scene, c)).body;
    const found = refunds.find((one) => String(one.id) === c.req.param("refund"));
    if (!found) throw missing("Refund");
    return ok(found);
  });
  route("POST", "/checkout/preferences", async (scene, _c, body) => {
    const preference = makePreference(scene, requests.checked(requests.createPreference, body));
    await savePreference(scene.documents, preference);
    return created(preference.body);
  });
  route("GET", "/checkout/preferences/search", searchPreferences);
  route("GET", "/checkout/preferences/:id", async (scene, c) => ok((await ownPreference(scene, c)).body));
  route("PUT", "/checkout/preferences/:id", async (scene, c, body) => {
    const before = await ownPreference(scene, c);
    const after = changedPreference(scene, before, requests.checked(requests.createPreference, body));
    await savePreference(scene.documents, after);
    return ok(after.body);
  });
  route("GET", "/users/me", async ({ seller }) =>
    ok({
      id: Number(seller.userId),
      nickname: `TEST${seller.userId}`,
      site_id: seller.site.id,
      country_id: seller.site.country.toUpperCase(),
      email: `test_user_${seller.userId}@testuser.com`,
      user_type: "normal",
    }),
  );
  route("GET", "/v1/payment_methods", async ({ seller }) => ok(listing(seller.site)));
  route("GET", "/v1/chargebacks/:id", async (scene, c) => {
    const found = await scene.documents.get("chargeback", idIn(c));
    const chargeback = found && chargebackDocument.parse(found);
    if (chargeback?.seller !== scene.seller.userId) throw missing("Chargeback");
    return ok(chargeback.body);
  });
  route("GET", "/post-purchase/v1/claims/:id", async (scene, c) => {
    const found = await scene.documents.get("claim", idIn(c));
    const claim = found && claimDocument.parse(found);
    if (claim?.seller !== scene.seller.userId) throw missing("Claim");
    return ok(claim.body);
  });
  for (const kind of reportKinds) {
    const path = `/v1/account/${kind}`;
    route("POST", path, async (scene, _c, body) => ({
      status: 202,
      body: await makeReport(scene, kind, body),
    }));
    route("GET", `${path}/list`, async (scene) => ok(await listReports(scene, kind)));
    route("GET", `${path}/config`, async () => ok(reportConfig(kind)));
    route("GET", `${path}/:file`, async (scene, c) =>
      ok(await reportFile(scene, kind, c.req.param("file") ?? "")),
    );
  }
  addBrowserApi(app, { documents: store, clock });
  app.notFound((c) => c.json(new Refusal(404, "not_found", "resource not found").body, 404));
  return app;
}

/** One call: who asks, the key it is kept under, all or nothing. */
async function answer(api: Api, c: Context, handler: Handler): Promise<Response> {
  const { store, clock, pagesUrl } = api;
  try {
    const [, accessToken = ""] = /^Bearer (\S+)$/.exec(c.req.header("authorization") ?? "") ?? [];
    const seller = sellerOf(accessToken);
    if (!seller) throw new Refusal(401, "unauthorized", "invalid access token");
    const writes = c.req.method !== "GET";
    const text = writes ? await c.req.text() : "";
    const body = writes ? parsed(text) : undefined;
    const key = c.req.header("x-idempotency-key");
    // Reports are ordered without one, and as often as one likes.
    const keyed = writes && !c.req.path.startsWith("/v1/account/");
    if (keyed && key === undefined) throw bad(4292, "Header X-Idempotency-Key can't be null");
    const done = await store.atomically(seller.userId, async (documents) => {
      const scene: Scene = { seller, now: clock.now(), pagesUrl, documents };
      if (!keyed || key === undefined) return handler(scene, c, body);
      const print = `${c.req.method} ${c.req.path} ${text}`;
      return onceUnder(documents, `${seller.userId} ${key}`, print, () => handler(scene, c, body));
    });
    api.wake();
    return reply(done.status, done.body);
  } catch (error) {
    return refusalAnswer(error);
  }
}

function parsed(text: string): unknown {
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw bad(1, "Params Error: the body is not JSON");
  }
}

const keptDocument = z.object({
  print: z.string(),
  status: z.literal([200, 201, 202]),
  body: z.string(),
});

/** The first answer under a key is every answer under it; another request under the same key is a conflict. */
async function onceUnder(
  documents: SandboxDocuments,
  id: string,
  print: string,
  work: () => Promise<Done>,
): Promise<Done> {
  const found = await documents.get("key", id);
  const kept = found && keptDocument.parse(found);
  if (kept && kept.print !== print) {
    throw new Refusal(409, "idempotency_key_already_used", "The key was used with another request");
  }
  if (kept) return { status: kept.status, body: JSON.parse(kept.body) };
  const done = await work();
  await documents.put("key", id, { print, status: done.status, body: JSON.stringify(done.body) }, []);
  return done;
}

async function createPayment(scene: Scene, _c: Context, body: unknown): Promise<Done> {
  const payment = await makePayment(scene, requests.checked(requests.createPayment, body));
  await savePayment(scene.documents, payment);
  await tellPayment(scene.documents, payment, "payment.created", scene.now);
  return created(payment.body);
}

async function ownPayment(scene: Scene, c: Context): Promise<SimPayment> {
  const payment = await paymentById(scene.documents, idIn(c));
  if (payment?.seller !== scene.seller.userId) throw missing("Payment");
  return lapseIfDue(scene.documents, payment, scene.now);
}

async function searchPayments(scene: Scene, c: Context): Promise<Done> {
  const { sort, criteria, external_reference = "", limit = "30", offset = "0" } = c.req.query();
  if (!sort || !["asc", "desc"].includes(criteria ?? "")) throw bad(1, "Params Error: sort and criteria");
  const found = await paymentsUnder(
    scene.documents,
    referenceKey(scene.seller.userId, external_reference),
    1000,
  );
  const live = [];
  for (const payment of found) live.push((await lapseIfDue(scene.documents, payment, scene.now)).body);
  const ordered = criteria === "asc" ? live.reverse() : live;
  const page = ordered.slice(Number(offset), Number(offset) + Number(limit));
  const paging = { total: live.length, limit: Number(limit), offset: Number(offset) };
  return ok({ results: page, paging });
}

/** Cancelling, or giving a slip more time: only while there is no money. */
async function updatePayment(scene: Scene, c: Context, body: unknown): Promise<Done> {
  const asked = requests.checked(requests.updatePayment, body);
  const payment = await ownPayment(scene, c);
  if (!["pending", "in_process", "authorized"].includes(payment.body.status)) {
    throw bad(2063, "The action requested is not valid for the current payment state");
  }
  const { date_of_expiration = payment.body.date_of_expiration } = asked;
  const closed = asked.status ? { status: "cancelled", status_detail: "by_collector" } : {};
  const changed: SimPayment = {
    ...payment,
    body: { ...payment.body, ...closed, date_of_expiration, date_last_updated: written(scene.now) },
  };
  await savePayment(scene.documents, changed);
  await tellPayment(scene.documents, changed, "payment.updated", scene.now);
  return ok(changed.body);
}

async function createRefund(scene: Scene, c: Context, body: unknown): Promise<Done> {
  const asked = requests.checked(requests.createRefund, body);
  const mayWait = c.req.header("x-render-in-process-refunds") === "true";
  const { payment, refund } = await makeRefund(scene, await ownPayment(scene, c), asked, mayWait);
  await savePayment(scene.documents, payment);
  await tellPayment(scene.documents, payment, "payment.updated", scene.now);
  return created(refund);
}

async function ownPreference(scene: Scene, c: Context) {
  const preference = await preferenceById(scene.documents, idIn(c));
  if (preference?.seller !== scene.seller.userId) throw missing("Preference");
  return preference;
}

async function searchPreferences(scene: Scene, c: Context): Promise<Done> {
  const key = referenceKey(scene.seller.userId, c.req.query("external_reference") ?? "");
  const found = await scene.documents.list("preference", key, { order: "newest_first", limit: 50 });
  const elements = found.map(({ document }) => {
    const { body } = preferenceDocument.parse(document);
    return { id: body.id, external_reference: body.external_reference, expires: body.expires };
  });
  return ok({ elements, next_offset: elements.length, total: elements.length });
}
