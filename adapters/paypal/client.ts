import {
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
    unstable_httpClientOptions: { adapter: exchange(transport), transformRequest: [] },
  });
  return {
    orders: new OrdersController(client),
    payments: new PaymentsController(client),
    vault: new VaultController(client),
    transactions: new TransactionSearchController(client),
  };
}

/** What of a request of the SDK's is sent: axios's own names. */
type SdkRequest = {
  readonly url: string;
  readonly method: string;
  readonly headers: { toJSON(): Record<string, string> };
  readonly data?: string;
  readonly cancelToken: { toAbortSignal(): AbortSignal };
};

/** An answer on its way out of the SDK; see {@link exchange}. */
class Heard {
  readonly seen: HttpSeen;

  constructor(seen: HttpSeen) {
    this.seen = seen;
  }
}

/**
 * The SDK's way to the network. The answer is thrown, so that it leaves the SDK unread: mapping a body there costs more
 * than all we translate, nothing of the result is used, and of an answer that is no JSON even the status is lost.
 */
const exchange = (transport: Transport) => async (request: SdkRequest) => {
  const { url, method, data } = request;
  let seen: HttpSeen;
  try {
    const response = await transport(url, {
      method: method.toUpperCase(),
      headers: request.headers.toJSON(),
      signal: request.cancelToken.toAbortSignal(),
      ...(data === undefined ? {} : { body: data }),
    });
    seen = await seenIn(response);
  } catch (cause) {
    throw new TypeError("the connection to PayPal failed", { cause });
  }
  throw new Heard(seen);
};

/** A body that is no JSON object is as good as an empty one: no schema of ours accepts it. */
const seenIn = async (response: Response): Promise<HttpSeen> => ({
  status: response.status,
  debugId: response.headers.get("paypal-debug-id") ?? undefined,
  body: objectIn(await response.text()) ?? {},
});

function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

type Send = (api: PaypalApi, options: { readonly abortSignal: AbortSignal }) => Promise<unknown>;

/**
 * Sends and reads one request through the SDK. Never throws: a failure becomes a {@link Failure}, and so does a
 * 2xx body that does not have the shape we rely on (`in_doubt`: something happened, we cannot read what).
 */
export function ask<S extends z.ZodType>(
  account: PaypalAccount,
  schema: S,
  about: Ask,
  send: Send,
): Promise<Answer<z.output<S>>> {
  return withAccess(account, schema, about, async (access, signal) => {
    try {
      await send(account.api(access), { abortSignal: signal });
    } catch (thrown) {
      if (thrown instanceof Heard) return thrown.seen;
      throw thrown;
    }
    throw new TypeError("the SDK ended without asking");
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
    const response = await account.transport(`${account.baseUrl}${path}`, {
      method,
      headers: {
        accept: "application/json",
        authorization: `Bearer ${access.token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body }),
      signal,
    });
    return seenIn(response);
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

/** Arguments the SDK refuses never leave the building; everything else is the transport's. */
function thrown(error: unknown, signal: AbortSignal): Failure {
  if (error instanceof Error && "errors" in error) {
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
