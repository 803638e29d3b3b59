import { newId, storeOfKey } from "./accounts.ts";
import { invoicesUnder, pullNamed, pullsUnder } from "./documents.ts";
import { takeFault, transportError } from "./faults.ts";
import { type House, inTurn, problem, Refusal, type Scene } from "./house.ts";
import { createInvoice, current, markInvoice } from "./invoices.ts";
import { refundInvoice } from "./pull-payments.ts";
import { readInvoiceRequest, readMarkRequest, readRefundRequest } from "./requests.ts";
import { invoiceView, payoutsView, promptsView, pullView } from "./views.ts";

type Call = {
  readonly line: string;
  readonly query: URLSearchParams;
  readonly store: string | undefined;
  readonly body: () => unknown;
};
type Route = {
  readonly shape: RegExp;
  /** Pull payments are read without a key: whoever holds the link may claim. */
  readonly open?: true;
  answer(scene: Scene, call: Call, ids: readonly string[]): Promise<object>;
};

const invoice = "/api/v1/stores/[^/]+/invoices/([^/]+)";

const routes: readonly Route[] = [
  {
    shape: /^GET \/api\/v1\/api-keys\/current$/,
    answer: async (_, { store }) => ({
      apiKey: "hidden",
      label: "Ofrenda",
      permissions: [
        "btcpay.store.cancreateinvoice",
        "btcpay.store.canviewinvoices",
        "btcpay.store.canmodifyinvoices",
        "btcpay.store.cancreatenonapprovedpullpayments",
        "btcpay.store.canviewpullpayments",
      ].map((permission) => `${permission}:${store}`),
    }),
  },
  {
    shape: /^GET \/api\/v1\/stores\/[^/]+\/invoices$/,
    answer: async (scene, { query, store }) => {
      const order = query.get("orderId");
      const key = order === null ? `${store}` : `${store} ${order}`;
      const take = Math.min(Number(query.get("take") ?? 50) || 50, 500);
      const found = await invoicesUnder(scene.documents, key, take);
      const views = await Promise.all(
        found.map(async ({ id }) => invoiceView(await invoiceOf(scene, id), scene.house.pagesUrl)),
      );
      return views;
    },
  },
  {
    shape: /^POST \/api\/v1\/stores\/[^/]+\/invoices$/,
    answer: async (scene, { store, body }) => {
      const made = await createInvoice(scene, store ?? "", newId(), readInvoiceRequest(body()));
      return invoiceView(made, scene.house.pagesUrl);
    },
  },
  {
    shape: new RegExp(`^GET ${invoice}$`),
    answer: async (scene, _, [id]) => invoiceView(await invoiceOf(scene, id), scene.house.pagesUrl),
  },
  {
    shape: new RegExp(`^GET ${invoice}/payment-methods$`),
    answer: async (scene, { query }, [id]) =>
      promptsView(await invoiceOf(scene, id), query.get("onlyAccountedPayments") !== "false"),
  },
  {
    shape: new RegExp(`^POST ${invoice}/status$`),
    answer: async (scene, { body }, [id]) => {
      const { status } = readMarkRequest(body());
      return invoiceView(await markInvoice(scene, await invoiceOf(scene, id), status), scene.house.pagesUrl);
    },
  },
  {
    shape: new RegExp(`^POST ${invoice}/refund$`),
    answer: async (scene, { body }, [id]) => {
      const request = readRefundRequest(body());
      return pullView(await refundInvoice(scene, await invoiceOf(scene, id), request), scene.house.pagesUrl);
    },
  },
  {
    shape: /^GET \/api\/v1\/stores\/[^/]+\/pull-payments$/,
    answer: async (scene, { query, store }) => {
      const all = await pullsUnder(scene.documents, store ?? "");
      const shown = all.filter(({ archived }) => !archived || query.get("includeArchived") === "true");
      return shown.map((pull) => pullView(pull, scene.house.pagesUrl));
    },
  },
  {
    shape: /^GET \/api\/v1\/pull-payments\/([^/]+)$/,
    open: true,
    answer: async (scene, _, [id]) => pullView(await pullOf(scene, id), scene.house.pagesUrl),
  },
  {
    shape: /^GET \/api\/v1\/pull-payments\/([^/]+)\/payouts$/,
    open: true,
    answer: async (scene, { query }, [id]) => {
      const pull = await pullOf(scene, id);
      const payouts = pull.payouts.filter(
        ({ state }) => state !== "Cancelled" || query.get("includeCancelled") === "true",
      );
      return payoutsView({ ...pull, payouts });
    },
  },
];

async function invoiceOf(scene: Scene, id = "") {
  const found = await current(scene, decodeURIComponent(id));
  if (!found) throw problem(404, "invoice-not-found", "The invoice was not found");
  return found;
}

async function pullOf(scene: Scene, id = "") {
  const found = await pullNamed(scene.documents, decodeURIComponent(id));
  if (!found) throw problem(404, "pullpayment-not-found", "The pull payment was not found");
  return found;
}

/** Answers one request as the church's own server would; throws as a failed `fetch` does when told to. */
export async function answer(house: House, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const base = new URL(house.pagesUrl).pathname.replace(/\/$/, "");
  const path = url.pathname.startsWith(`${base}/`) ? url.pathname.slice(base.length) : url.pathname;
  const line = `${request.method} ${path}`;
  const fault = await takeFault(house.store, line);
  if (fault === "connection_refused" || fault === "timeout_before") throw transportError(fault);
  if (fault === "500") return shown(500, { code: "internal-error", message: "An error occurred" });
  if (fault === "429") return shown(429, { code: "rate-limited", message: "Too many requests" });
  let reply: Response;
  try {
    reply = shown(200, await performed(house, request, line, url.searchParams));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    reply = shown(error.status, error.body);
  }
  if (fault === "timeout_after") throw transportError("timeout_after");
  return fault === "malformed" ? new Response("<html>nginx</html>", { status: reply.status }) : reply;
}

const shown = (status: number, body: object): Response => Response.json(body, { status });

async function performed(
  house: House,
  request: Request,
  line: string,
  query: URLSearchParams,
): Promise<object> {
  const route = routes.find(({ shape }) => shape.test(line));
  if (!route) throw problem(404, "not-found", "There is no such endpoint");
  const store = storeOfKey(request.headers.get("authorization"));
  const asked = /\/stores\/([^/]+)/.exec(line)?.[1];
  if (!route.open) {
    if (store === undefined) throw problem(401, "unauthenticated", "Authentication is required");
    if (asked !== undefined && asked !== store) {
      throw problem(403, "missing-permission", "Insufficient API Permissions for this store");
    }
  }
  const text = request.method === "POST" ? await request.text() : "";
  if (text !== "" && !request.headers.get("content-type")?.startsWith("application/json")) {
    throw problem(415, "unsupported-media-type", "application/json is expected");
  }
  const body = () => parsed(text);
  const ids = route.shape.exec(line)?.slice(1) ?? [];
  return inTurn(house, store ?? "public", (scene) => route.answer(scene, { line, query, store, body }, ids));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw problem(400, "invalid-json", "The body is not JSON");
  }
}
