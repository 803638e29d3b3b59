import {
  type ApiResponse,
  Client,
  Environment,
  OrdersController,
  PaymentsController,
  TransactionSearchController,
  VaultController,
} from "@paypal/paypal-server-sdk";
import type { z } from "zod";
import type { GatewayCall, Transport } from "../../src/gateway/adapter.ts";
import type { Evidence } from "../../src/gateway/payment.ts";
import { transportFailure } from "../../src/gateway/transport-cause.ts";
import { type DonorWords, evidence } from "./evidence.ts";
import { type Access, type AccessTokens, accessTokens } from "./token.ts";
import { type Failure, failureFrom, type HttpSeen } from "./translate-errors.ts";

/** What one PayPal app (a client id and secret) belongs to. */
export type PaypalCredentials = {
  readonly client_id: string;
  readonly client_secret: string;
  readonly environment: "sandbox" | "live";
  readonly country: string;
};

/** A body that passed its schema, or the way the request failed. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T; readonly evidence: Evidence }
  | { readonly ok: false; readonly failure: Failure };

export type Ask = {
  readonly call: GatewayCall;
  /** Taken out of whatever PayPal echoes. */
  readonly words?: DonorWords;
  /** The deadline of a call that makes several requests; absent: the call's own, for this one. */
  readonly signal?: AbortSignal;
};

/** One deadline for all the requests of a call. */
export const deadline = (call: Pick<GatewayCall, "timeoutMs">): AbortSignal =>
  AbortSignal.timeout(Math.max(1, Math.floor(call.timeoutMs)));

/** PayPal's controllers, with an access token that is good for the call at hand. */
export type PaypalApi = {
  readonly orders: OrdersController;
  readonly payments: PaymentsController;
  readonly vault: VaultController;
  readonly transactions: TransactionSearchController;
};

/** A request the SDK has no controller for: raw REST over the same transport. */
export type RawRequest = {
  readonly method: "GET" | "POST";
  /** With its query. */
  readonly path: string;
  /** The exact text to send, JSON. */
  readonly body?: string;
};

/** One gateway account, ready to call. Nothing is asked of PayPal before the first request. */
export type PaypalAccount = {
  readonly country: string;
  readonly tokens: AccessTokens;
  readonly transport: Transport;
  readonly baseUrl: string;
  api(access: Access): PaypalApi;
};

export const baseUrls = {
  sandbox: "https://api-m.sandbox.paypal.com",
  live: "https://api-m.paypal.com",
} as const;

/**
 * The account over the official SDK. Its own token handling is left out (it reads the machine's clock and cannot
 * be given a deadline): the client is made anew when the token changes, which is a few times a day.
 */
export function paypalAccount(credentials: PaypalCredentials, transport: Transport): PaypalAccount {
  const baseUrl = baseUrls[credentials.environment];
  let made: { readonly token: string; readonly api: PaypalApi } | undefined;
  return {
    country: credentials.country,
    tokens: accessTokens(credentials, baseUrl, transport),
    transport,
    baseUrl,
    api(access) {
      if (made?.token !== access.token) {
        made = { token: access.token, api: controllers(credentials, access.token, transport) };
      }
      return made.api;
    },
  };
}

function controllers(credentials: PaypalCredentials, token: string, transport: Transport): PaypalApi {
  const { environment, client_id, client_secret } = credentials;
  const client = new Client({
    environment: environment === "live" ? Environment.Production : Environment.Sandbox,
    clientCredentialsAuthCredentials: {
      oAuthClientId: client_id,
      oAuthClientSecret: client_secret,
      oAuthToken: { accessToken: token, tokenType: "Bearer" },
    },
    httpClientOptions: { retryConfig: { maxNumberOfRetries: 0, retryOnTimeout: false } },
    unstable_httpClientOptions: { adapter: "fetch", env: { fetch: guarded(transport) } },
  });
  return {
    orders: new OrdersController(client),
    payments: new PaymentsController(client),
    vault: new VaultController(client),
    transactions: new TransactionSearchController(client),
  };
}

/**
 * The SDK throws away the status of an answer that is not JSON. Such a body is emptied to `{}`, which no schema of
 * ours accepts: a 2xx of it is unreadable, and an error keeps its status.
 */
function guarded(transport: Transport): Transport {
  return async (input, init) => {
    // The SDK keeps the deadline inside the request; a transport that wraps another one looks for it beside.
    const signal = init?.signal ?? (input instanceof Request ? input.signal : null);
    const response = await transport(input, { ...init, signal });
    if (response.status === 204) return response;
    const text = await response.text();
    const body = objectIn(text) === undefined ? "{}" : text;
    return new Response(body, { status: response.status, headers: response.headers });
  };
}

function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

type Send = (api: PaypalApi, options: { readonly abortSignal: AbortSignal }) => Promise<ApiResponse<unknown>>;

/**
 * Sends and reads one request through the SDK. Never throws: a failure becomes a {@link Failure}, and so does a
 * 2xx body that does not have the shape we rely on (`in_doubt`: something happened, we cannot read what). What the
 * SDK makes of the body is not used: the text itself is parsed, so that a new word of PayPal's is no exception.
 */
export function ask<S extends z.ZodType>(
  account: PaypalAccount,
  schema: S,
  about: Ask,
  send: Send,
): Promise<Answer<z.output<S>>> {
  return withAccess(account, schema, about, async (access, signal) => {
    try {
      return seenBy(await send(account.api(access), { abortSignal: signal }));
    } catch (error) {
      if (isAnswer(error)) return seenBy(error);
      throw error;
    }
  });
}

/** The same for what the SDK has no controller for (disputes, webhook verification). */
export function askRaw<S extends z.ZodType>(
  account: PaypalAccount,
  schema: S,
  about: Ask,
  request: RawRequest,
): Promise<Answer<z.output<S>>> {
  const { method, path, body } = request;
  return withAccess(account, schema, about, async (access, signal) => {
    const response = await guarded(account.transport)(`${account.baseUrl}${path}`, {
      method,
      headers: {
        accept: "application/json",
        authorization: `Bearer ${access.token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body }),
      signal,
    });
    return {
      status: response.status,
      debugId: response.headers.get("paypal-debug-id") ?? undefined,
      body: objectIn(await response.text()) ?? {},
    };
  });
}

/**
 * Gets a token, asks, and asks once more with a fresh one when a remembered token is no longer good: PayPal turns
 * such a request away before it reads it, so nothing is sent twice.
 */
async function withAccess<S extends z.ZodType>(
  account: PaypalAccount,
  schema: S,
  about: Ask,
  send: (access: Access, signal: AbortSignal) => Promise<HttpSeen>,
): Promise<Answer<z.output<S>>> {
  const signal = about.signal ?? deadline(about.call);
  for (;;) {
    const access = await account.tokens.current(about.call.now, signal);
    // Nothing of the request itself has left yet, whatever became of the token's.
    if (!access.ok) return { ok: false, failure: access.error };
    let seen: HttpSeen;
    try {
      seen = await send(access.value, signal);
    } catch (error) {
      return { ok: false, failure: thrown(error, signal) };
    }
    if (seen.status === 401 && access.value.remembered) {
      account.tokens.forget(access.value);
      continue;
    }
    return readAnswer(schema, seen, about);
  }
}

function readAnswer<S extends z.ZodType>(schema: S, seen: HttpSeen, about: Ask): Answer<z.output<S>> {
  if (seen.status < 200 || seen.status >= 300) {
    return { ok: false, failure: failureFrom(seen, about.words ?? []) };
  }
  const proof = evidence({ httpStatus: seen.status, gatewayRequestId: seen.debugId });
  const read = schema.safeParse(seen.body);
  if (read.success) return { ok: true, value: read.data, evidence: proof };
  // Only the places that failed are kept, never the values.
  const places = read.error.issues.map((issue) => issue.path.join(".")).join(" ");
  const excerpt = `the body fails its schema at: ${places}`.slice(0, 500);
  return {
    ok: false,
    failure: { kind: "in_doubt", cause: "unreadable_answer", evidence: { ...proof, excerpt } },
  };
}

/** The SDK's answers and its errors with an answer look alike. */
type Answered = Pick<ApiResponse<unknown>, "statusCode" | "headers" | "body">;

const isAnswer = (error: unknown): error is Answered =>
  error instanceof Error && "statusCode" in error && "headers" in error && "body" in error;

const seenBy = (answer: Answered): HttpSeen => ({
  status: answer.statusCode,
  debugId: answer.headers["paypal-debug-id"],
  body: typeof answer.body === "string" ? (objectIn(answer.body) ?? {}) : {},
});

/** Arguments the SDK refuses never leave the building; everything else is the transport's. */
function thrown(error: unknown, signal: AbortSignal): Failure {
  if (error instanceof Error && "errors" in error && !("isAxiosError" in error)) {
    const problem = {
      reason: "invalid_request",
      rawCode: "arguments_validation",
      detail: "the SDK refused the request before sending it",
    } as const;
    return { kind: "refused", problem, evidence: { rawCode: "arguments_validation" } };
  }
  // The SDK's error for it says nothing a machine can read.
  if (signal.aborted) return { kind: "in_doubt", cause: "timeout", evidence: {} };
  return { ...transportFailure(error), evidence: {} };
}
