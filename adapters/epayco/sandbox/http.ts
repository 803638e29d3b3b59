import { z } from "zod";
import { accountOfKey, privateKeyOf } from "./accounts.ts";
import { type House, transactionNumbered, transactionsOf } from "./documents.ts";
import { breakdown, type Fault } from "./faults.ts";
import { create, line, readOrder, view } from "./transactions.ts";

type Reply = { readonly status: number; readonly body: object };
const reply = (status: number, body: object): Reply => ({ status, body });
const worked = (data: object): Reply =>
  reply(200, { success: true, message: "Transacción creada exitosamente", data });
const refused = (message: string, code: string, status = 200): Reply =>
  reply(status, {
    success: false,
    message: "Transaction request",
    data: { errorType: "ValidationException", errors: [{ code, message }] },
  });
const unauthorized = reply(401, { success: false, message: "Unauthorized", data: [] });

type Asked = {
  readonly house: House;
  readonly request: Request;
  /** The account whose token came along; empty for the two log-ins. */
  readonly account: string;
  readonly body: unknown;
  readonly id: string;
};
type Handler = (asked: Asked) => Promise<Reply>;

const login = z.object({
  client_id: z.string(),
  client_secret: z.string(),
  grant_type: z.literal("client_credentials"),
});
const search = z.object({
  pagination: z.object({ page: z.number(), limit: z.number().max(100) }),
  filter: z.strictObject({ referenceClient: z.string() }),
});

const handlers: readonly (readonly [RegExp, Handler])[] = [
  [
    /^POST apiflow\.epayco\.io\/authentication\/api\/v2\/login$/,
    async ({ body }) => {
      const given = login.safeParse(body);
      const account = given.success ? accountOfKey(given.data.client_id) : undefined;
      return account !== undefined && given.data?.client_secret === privateKeyOf(account)
        ? reply(200, { success: true, data: { token: `flow.${account}` } })
        : unauthorized;
    },
  ],
  [
    /^POST apify\.epayco\.co\/login$/,
    async ({ request }) => {
      const basic = /^Basic ([A-Za-z0-9+/=]+)$/.exec(request.headers.get("authorization") ?? "")?.[1];
      const [key = "", secret] = basic ? atob(basic).split(":") : [];
      const account = accountOfKey(key);
      return account !== undefined && secret === privateKeyOf(account)
        ? reply(200, { token: `apify.${account}` })
        : unauthorized;
    },
  ],
  [
    /^POST apiflow\.epayco\.io\/payment\/api\/v1\/transactions$/,
    async ({ house, account, body }) => {
      const given = await readOrder(body, account);
      if (!given.ok) return refused(`El campo ${given.error} no es válido`, "A001", 422);
      const made = await create(house, account, given.value);
      if (!made.ok) return refused(made.error.message, made.error.code);
      house.background(house.flush);
      return worked(view(made.value));
    },
  ],
  [
    /^GET apiflow\.epayco\.io\/payment\/api\/v1\/transactions\/(\d+)$/,
    async ({ house, account, id }) => {
      const found = await transactionNumbered(house.store, id);
      return found?.account === account
        ? worked(view(found))
        : refused(`Transaction # ${id} no encontrada.`, "A005");
    },
  ],
  [
    /^POST apify\.epayco\.co\/transaction$/,
    async ({ house, account, body }) => {
      const given = search.safeParse(body);
      if (!given.success) return refused("El filtro no es válido", "500");
      const { filter, pagination } = given.data;
      const found = await transactionsOf(
        house.store,
        `${account} ${filter.referenceClient}`,
        pagination.limit,
      );
      const { page, limit } = pagination;
      return worked({ pagination: { totalCount: found.length, limit, page }, data: found.map(line) });
    },
  ],
];

/** Answers as ePayco's two hosts do; throws as a failed `fetch` when told to. */
export async function answer(house: House, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const asked = `${request.method} ${url.host}${url.pathname}`;
  const fault = await breakdown(house.store, asked);
  if (fault === "refused" || fault === "lost_before") throw failure(fault);
  if (fault === "500") return Response.json({ message: "Server Error" }, { status: 500 });
  const { status, body } = await handled(house, request, asked);
  if (fault === "lost_after") throw failure(fault);
  return fault === "garbled" ? new Response("<html>502</html>") : Response.json(body, { status });
}

async function handled(house: House, request: Request, asked: string): Promise<Reply> {
  const found = handlers.find(([shape]) => shape.test(asked));
  if (!found) return reply(404, { message: "Not Found" });
  const [shape, handler] = found;
  const host = asked.includes("apiflow") ? "flow" : "apify";
  const bearer = new RegExp(`^Bearer ${host}\\.(\\d{8})$`).exec(request.headers.get("authorization") ?? "");
  const account = bearer?.[1] ?? "";
  if (!asked.endsWith("/login") && account === "") return unauthorized;
  const sent = request.method === "POST" ? await request.json().catch(() => undefined) : undefined;
  return handler({ house, request, account, body: sent, id: shape.exec(asked)?.[1] ?? "" });
}

const failure = (fault: Fault): Error =>
  new TypeError("fetch failed", {
    cause: Object.assign(new Error(fault), { code: fault === "refused" ? "ECONNREFUSED" : "ETIMEDOUT" }),
  });
