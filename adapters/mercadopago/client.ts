import { buildError, MercadoPagoConfig } from "mercadopago";
import { z } from "zod";
import type { GatewayCall, Transport } from "../../src/gateway/adapter.ts";
import type { Evidence } from "../../src/gateway/payment.ts";
import { untraced } from "../../src/gateway/untraced.ts";
import { assert } from "../../src/kernel/assert.ts";
import type { Account } from "./account.ts";
import type { DonorWords } from "./evidence.ts";
import { type Failure, failureOf } from "./translate-errors.ts";

/** A body that passed its schema, or the way the request failed. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T; readonly evidence: Evidence }
  | { readonly ok: false; readonly failure: Failure };

export type Ask = {
  readonly call: GatewayCall;
  /** Sent as `X-Idempotency-Key`; absent for reads, which carry none. */
  readonly key?: string;
  /** Taken out of whatever the gateway echoes. */
  readonly words?: DonorWords;
  readonly headers?: Readonly<Record<string, string>>;
};

/**
 * The idempotency key in the form the gateway's document asks for, a UUID: the one our key is made of, else the first
 * 128 bits of the SHA-256 of ours, marked as version 8 (RFC 9562). The same key always gives the same UUID.
 */
export async function idempotencyUuid(key: string): Promise<string> {
  const own = ofAnAttempt.exec(key)?.[1];
  if (own !== undefined) return own;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key)));
  const bytes = hash.slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Of an attempt or a refund, and of nothing else: `ofr-` and its UUID. */
const ofAnAttempt = /^ofr-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/**
 * Asks by the official SDK and reads the answer. Never throws for what the gateway or the network does. A fresh
 * configuration for each call: the SDK merges a call's options into the shared one, and would send the next
 * request under this one's idempotency key. Retries are off: repeating is the core's decision.
 */
export async function ask<S extends z.ZodType>(
  account: Account,
  schema: S,
  about: Ask,
  send: (config: MercadoPagoConfig) => Promise<unknown>,
): Promise<Answer<z.output<S>>> {
  const key = about.key === undefined ? undefined : await idempotencyUuid(about.key);
  const seen: Seen = {};
  const config = new MercadoPagoConfig({
    accessToken: account.accessToken,
    options: {
      timeout: Math.max(1, Math.floor(about.call.timeoutMs)),
      maxRetries: 0,
      ...(key === undefined ? {} : { idempotencyKey: key }),
    },
  });
  const transport: Transport = async (input, init) => {
    const { response, text } = await hear(account.transport, about, seen, { input, init });
    // What is read already is handed on as it is: a second Response around it costs more than all we translate.
    return Object.defineProperty(response, "json", { value: async () => JSON.parse(text) });
  };
  return read(schema, about, seen, () => sendThrough(transport, () => send(config)));
}

/** The same for what the SDK has no client for (reports, claims). `path` is the path with its query. */
export async function askPlainly<S extends z.ZodType>(
  account: Account,
  schema: S,
  about: Ask,
  request: { readonly method: "GET" | "POST"; readonly path: string; readonly body?: unknown },
): Promise<Answer<z.output<S>>> {
  const seen: Seen = {};
  const input = `https://api.mercadopago.com${request.path}`;
  const init: RequestInit = {
    method: request.method,
    headers: { authorization: `Bearer ${account.accessToken}`, "content-type": "application/json" },
    signal: AbortSignal.timeout(Math.max(1, Math.floor(about.call.timeoutMs))),
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  };
  return read(schema, about, seen, async () => {
    const { response, text } = await hear(account.transport, about, seen, { input, init });
    if (!response.ok) throw buildError(response.status, errorBody(text));
    return schema instanceof z.ZodString ? text : jsonOf(text);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const plainObject = z.record(z.string(), z.unknown());
const errorBody = (text: string) => plainObject.safeParse(jsonOf(text)).data ?? {};

/** What the SDK does not tell of an answer. */
type Seen = { httpStatus?: number; gatewayRequestId?: string };

type Request = { readonly input: Parameters<Transport>[0]; readonly init: RequestInit | undefined };

/**
 * Sends one request with our headers added, and reads the answer whole, so that the deadline covers its body too (the
 * SDK's own ends with the headers). Status and request id are noted.
 */
async function hear(transport: Transport, about: Ask, seen: Seen, { input, init }: Request) {
  const headers = about.headers && { ...asRecord(init?.headers), ...about.headers };
  const response = await transport(input, headers ? { ...init, headers } : init);
  seen.httpStatus = response.status;
  const requestId = response.headers.get("x-request-id");
  if (requestId !== null) seen.gatewayRequestId = requestId;
  return { response, text: await response.text() };
}

const asRecord = (headers: RequestInit["headers"]): Record<string, string> =>
  Object.fromEntries(new Headers(headers));

/**
 * Sends the SDK's one request through `transport`. The SDK knows no way out but the global `fetch`, and calls it
 * once, before its first `await`, when it does not retry. So `fetch` is ours for just that stretch of code, which
 * nothing else can enter: JavaScript runs it to its end before any other call of any account. Should a new version
 * of the SDK wait before it sends, the assertion says so and the request is not made through anything else of ours.
 */
function sendThrough<T>(transport: Transport, start: () => Promise<T>): Promise<T> {
  const own = globalThis.fetch;
  let sent = false;
  const once: Transport = async (input, init) => {
    sent = true;
    // By then `fetch` is itself again: the transport may well be built on it.
    await Promise.resolve();
    return transport(input, init);
  };
  let answer: Promise<T>;
  globalThis.fetch = once;
  try {
    answer = untraced(start);
  } finally {
    globalThis.fetch = own;
  }
  if (!sent) void answer.catch(() => undefined);
  assert(sent, "the SDK sends its request at once");
  return answer;
}

async function read<S extends z.ZodType>(
  schema: S,
  about: Ask,
  seen: Seen,
  send: () => Promise<unknown>,
): Promise<Answer<z.output<S>>> {
  let body: unknown;
  try {
    body = await send();
  } catch (error) {
    return { ok: false, failure: failureOf(error, seen, about.words ?? []) };
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return { ok: true, value: parsed.data, evidence: seen };
  // Only the places that failed are kept, never the values.
  const places = parsed.error.issues.map((issue) => issue.path.join(".")).join(" ");
  const excerpt = `the body fails its schema at: ${places}`.slice(0, 500);
  const failure = {
    kind: "in_doubt",
    cause: "unreadable_answer",
    evidence: { ...seen, excerpt },
  } as const;
  return { ok: false, failure };
}
