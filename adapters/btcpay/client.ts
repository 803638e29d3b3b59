import type { z } from "zod";
import type { GatewayCall, Transport } from "../../src/gateway/adapter.ts";
import type { Evidence } from "../../src/gateway/payment.ts";
import { transportFailure } from "../../src/gateway/transport-cause.ts";
import type { Network } from "./network.ts";
import { type Failure, failureOf } from "./translate-errors.ts";

/** One store on one server, ready to be asked. */
export type Store = {
  /** Without a slash at the end; may hold a path. */
  readonly url: string;
  readonly storeId: string;
  readonly apiKey: string;
  readonly network: Network;
  readonly transport: Transport;
};

/** A body that passed its schema, or the way the request failed. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T; readonly evidence: Evidence }
  | { readonly ok: false; readonly failure: Failure };

export type Request =
  | { readonly method: "GET"; readonly path: string }
  | { readonly method: "POST"; readonly path: string; readonly body: object };

/** Asks within the deadline of one call, however many requests it takes. */
export type Ask = <S extends z.ZodType>(schema: S, request: Request) => Promise<Answer<z.output<S>>>;

/** A body longer than this is no answer to anything we ask. */
const longestBody = 2_000_000;

/** One clock for all requests of a call: the whole of them has `timeoutMs`. */
export function asker(store: Store, call: GatewayCall): Ask {
  const signal = AbortSignal.timeout(Math.max(1, Math.floor(call.timeoutMs)));
  return (schema, request) => ask(store, schema, request, signal);
}

/** The path of something of this store. */
export const inStore = (store: Store, path: string): string =>
  `/api/v1/stores/${encodeURIComponent(store.storeId)}${path}`;

/** A page the server answered with, only where it is the server's own: a donor is sent nowhere else. */
export function pageAt(link: string | null | undefined, serverUrl: string): string | undefined {
  if (!link || !URL.canParse(link)) return undefined;
  return new URL(link).origin === new URL(serverUrl).origin ? link : undefined;
}

async function ask<S extends z.ZodType>(
  store: Store,
  schema: S,
  request: Request,
  signal: AbortSignal,
): Promise<Answer<z.output<S>>> {
  let status: number;
  let text: string;
  try {
    const response = await store.transport(`${store.url}${request.path}`, {
      method: request.method,
      headers: {
        authorization: `token ${store.apiKey}`,
        accept: "application/json",
        ...(request.method === "POST" ? { "content-type": "application/json" } : {}),
      },
      ...(request.method === "POST" ? { body: JSON.stringify(request.body) } : {}),
      // A login page is no answer, and the key must not follow a redirect to another house.
      redirect: "manual",
      signal,
    });
    status = response.status;
    text = await response.text();
  } catch (error) {
    return { ok: false, failure: { ...transportFailure(error), evidence: {} } };
  }
  const body = text.length > longestBody ? undefined : json(text);
  if (status < 200 || status > 299) return { ok: false, failure: failureOf(status, body) };
  const read = schema.safeParse(body);
  if (read.success) return { ok: true, value: read.data, evidence: { httpStatus: status } };
  // Only the places that failed are kept, never the values.
  const places = read.error.issues.map((issue) => issue.path.join(".")).join(" ");
  const evidence = {
    httpStatus: status,
    excerpt: `the body fails its schema at: ${places}`.slice(0, 500),
  };
  return { ok: false, failure: { kind: "in_doubt", cause: "unreadable_answer", evidence } };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
