import type { z } from "zod";
import type { GatewayCall, Transport } from "../../src/gateway/adapter.ts";
import type { Evidence } from "../../src/gateway/payment.ts";
import { transportFailure } from "../../src/gateway/transport-cause.ts";
import type { Sealable } from "./seal.ts";
import { type Failure, refusedByStatus, refusedInBody } from "./translate-errors.ts";
import { refusedSchema, searchTokenSchema, tokenSchema } from "./wire.ts";

/** One ePayco account, ready to be asked. */
export type Account = {
  readonly publicKey: string;
  readonly privateKey: string;
  /** A transaction's fields as its server reads them; see `seal.ts`. */
  readonly seal: (own: { readonly [field: string]: Sealable }) => Promise<object>;
  /** P_CUST_ID_CLIENTE */
  readonly customerId: string;
  readonly test: boolean;
  readonly transport: Transport;
};

export type Answer<T> =
  | { readonly ok: true; readonly value: T; readonly evidence: Evidence }
  | { readonly ok: false; readonly failure: Failure };

const transactionsApi = "https://apiflow.epayco.io";
const searchApi = "https://apify.epayco.co";
const longestBody = 1_000_000;

type Wire = { readonly url: string; readonly headers: Record<string, string>; readonly body?: object };

/** What can be asked, all within the deadline of one call. Tokens live for minutes; each call takes its own. */
export type Desk = ReturnType<typeof openDesk>;

export function openDesk(account: Account, call: GatewayCall) {
  const signal = AbortSignal.timeout(Math.max(1, Math.floor(call.timeoutMs)));
  const ask = <S extends z.ZodType>(schema: S, wire: Wire) =>
    exchange(account.transport, schema, wire, signal);
  const opened = new Map<string, Promise<Answer<string>>>();
  const once = (name: string, open: () => Promise<Answer<string>>) => {
    const known = opened.get(name) ?? open();
    opened.set(name, known);
    return known;
  };
  /** A token of the transactions API (OAuth client credentials). */
  const token = () =>
    once("transactions", async () => {
      const answer = await ask(tokenSchema, {
        url: `${transactionsApi}/authentication/api/v2/login`,
        headers: {},
        body: {
          client_id: account.publicKey,
          client_secret: account.privateKey,
          grant_type: "client_credentials",
        },
      });
      return answer.ok ? { ...answer, value: answer.value.data.token } : answer;
    });
  /** A token of the older API, where searches are. */
  const searchToken = () =>
    once("search", async () => {
      const basic = btoa(`${account.publicKey}:${account.privateKey}`);
      const headers = { authorization: `Basic ${basic}` };
      const answer = await ask(searchTokenSchema, { url: `${searchApi}/login`, headers, body: {} });
      return answer.ok ? { ...answer, value: answer.value.token } : answer;
    });
  const with_ = async <S extends z.ZodType>(
    opening: Promise<Answer<string>>,
    schema: S,
    url: string,
    body?: object,
  ): Promise<Answer<z.output<S>>> => {
    const key = await opening;
    if (!key.ok) return key;
    const headers = { authorization: `Bearer ${key.value}` };
    return ask(schema, { url, headers, ...(body ? { body } : {}) });
  };
  return {
    token,
    read: <S extends z.ZodType>(schema: S, path: string) =>
      with_(token(), schema, `${transactionsApi}/payment/api/v1/${path}`),
    write: <S extends z.ZodType>(schema: S, path: string, body: object) =>
      with_(token(), schema, `${transactionsApi}/payment/api/v1/${path}`, body),
    search: <S extends z.ZodType>(schema: S, path: string, body: object) =>
      with_(searchToken(), schema, `${searchApi}/${path}`, body),
  };
}

async function exchange<S extends z.ZodType>(
  transport: Transport,
  schema: S,
  wire: Wire,
  signal: AbortSignal,
): Promise<Answer<z.output<S>>> {
  const came = await sent(transport, wire, signal).catch(transportFailure);
  if ("kind" in came) return { ok: false, failure: { ...came, evidence: {} } };
  const { status, text } = came;
  const told = parsed(text);
  if (status < 200 || status > 299) {
    return { ok: false, failure: refusedByStatus(status, refusedSchema.safeParse(told).data) };
  }
  const read = schema.safeParse(told);
  if (read.success) return { ok: true, value: read.data, evidence: { httpStatus: status } };
  const refused = refusedSchema.safeParse(told);
  if (refused.success) return { ok: false, failure: refusedInBody(status, refused.data) };
  return { ok: false, failure: unreadable(status, read.error) };
}

async function sent(transport: Transport, { url, headers, body }: Wire, signal: AbortSignal) {
  const response = await transport(url, {
    method: body ? "POST" : "GET",
    headers: { accept: "application/json", "content-type": "application/json", ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
    redirect: "manual",
    signal,
  });
  return { status: response.status, text: await response.text() };
}

/** Only the places that failed are kept, never the values: the donor's document may be among them. */
function unreadable(status: number, error: z.ZodError): Failure {
  const places = error.issues.map(({ path }) => path.join(".")).join(" ");
  const excerpt = `not as documented at: ${places}`.slice(0, 500);
  return { kind: "in_doubt", cause: "unreadable_answer", evidence: { httpStatus: status, excerpt } };
}

function parsed(text: string): unknown {
  try {
    return text.length > longestBody ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
