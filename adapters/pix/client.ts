import { z } from "zod";
import type { GatewayCall, Transport } from "../../src/gateway/adapter.ts";
import type { CollectOutcome, Evidence } from "../../src/gateway/payment.ts";
import { transportFailure } from "../../src/gateway/transport-cause.ts";
import { seconds } from "../../src/kernel/clock.ts";
import { type PixCredentials, scopesOf } from "./credentials.ts";
import { type DonorWords, evidence } from "./evidence.ts";
import {
  codeOf,
  isUnknownProblem,
  type Problem,
  readProblem,
  reasonFor,
  saysNotFound,
  sentenceOf,
} from "./problems.ts";

/** How a request failed: in each case, where that leaves the money. */
export type Failure = Extract<CollectOutcome, { kind: "refused" | "not_sent" | "in_doubt" }> & {
  /** The API itself says that there is no such thing. */
  readonly absent?: true;
  /** The API looked at the request and refuses it; not a matter of who asks, or how often. */
  readonly objected?: true;
};

/** A body that passed its schema, or the way the request failed. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T; readonly evidence: Evidence }
  | { readonly ok: false; readonly failure: Failure };

/** One operation: everything it asks for shares its deadline. */
export type Asking = { readonly now: Date; readonly signal: AbortSignal; readonly words: DonorWords };

export type PixRequest = {
  readonly method: "GET" | "PUT" | "POST" | "PATCH";
  /** Beginning with `/`; ids inside are checked by whoever builds it. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
};

export type PixClient = {
  /** Sends and reads one request. Never throws. */
  ask<S extends z.ZodType>(schema: S, request: PixRequest, asking: Asking): Promise<Answer<z.output<S>>>;
};

export const beginAsking = (
  call: Pick<GatewayCall, "now" | "timeoutMs">,
  words: DonorWords = [],
): Asking => ({
  now: call.now,
  signal: AbortSignal.timeout(Math.max(1, Math.floor(call.timeoutMs))),
  words,
});

/** Larger answers are not read: a thousand Pix are about a megabyte. */
const longestBody = 8_000_000;

/**
 * The API's client for one account. It keeps the OAuth token and nothing else; nothing is sent twice, except after a
 * 401, which says that the first was not carried out.
 */
export function pixClient(credentials: PixCredentials, transport: Transport): PixClient {
  const tokens = tokenKeeper(credentials, transport);
  const base = credentials.base_url.replace(/\/$/, "");
  return {
    ask: async (schema, request, asking) => {
      const token = await tokens.get(asking);
      if (!token.ok) return token;
      const sent = await send(transport, requestFor(base, request, token.value.text), asking);
      if (sent.ok && sent.value.status === 401 && token.value.kept) {
        tokens.drop(token.value.text);
        const fresh = await tokens.get(asking);
        if (!fresh.ok) return fresh;
        return answerOf(
          schema,
          await send(transport, requestFor(base, request, fresh.value.text), asking),
          asking,
        );
      }
      return answerOf(schema, sent, asking);
    },
  };
}

type Sendable = { readonly url: string; readonly init: RequestInit };
type Got = { readonly status: number; readonly text: string; readonly requestId: string | undefined };

function requestFor(base: string, request: PixRequest, token: string): Sendable {
  const query = request.query ? `?${new URLSearchParams(request.query)}` : "";
  const headers = { authorization: `Bearer ${token}`, accept: "application/json, application/problem+json" };
  const init: RequestInit = request.body
    ? { headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(request.body) }
    : { headers };
  return { url: `${base}${request.path}${query}`, init: { ...init, method: request.method } };
}

async function send(
  transport: Transport,
  { url, init }: Sendable,
  asking: Asking,
): Promise<{ ok: true; value: Got } | { ok: false; failure: Failure }> {
  try {
    // A redirect is never followed: it would carry the token and the order to somebody else.
    const response = await transport(url, { ...init, redirect: "manual", signal: asking.signal });
    const text = await response.text();
    const requestId =
      response.headers.get("x-request-id") ?? response.headers.get("x-correlation-id") ?? undefined;
    return { ok: true, value: { status: response.status, text, requestId } };
  } catch (error) {
    return { ok: false, failure: { ...transportFailure(error), evidence: {} } };
  }
}

function answerOf<S extends z.ZodType>(
  schema: S,
  sent: Awaited<ReturnType<typeof send>>,
  asking: Asking,
): Answer<z.output<S>> {
  if (!sent.ok) return sent;
  const { status, text, requestId } = sent.value;
  const body = json(text);
  const seen = { httpStatus: status, gatewayRequestId: requestId };
  if (status >= 200 && status < 300) {
    const read = schema.safeParse(body);
    if (read.success) return { ok: true, value: read.data, evidence: evidence(seen) };
    // Only the places that failed are kept, never the values.
    const places = read.error.issues.map((issue) => issue.path.join(".")).join(" ");
    const excerpt = `the body fails its schema at: ${places}`.slice(0, 500);
    return unreadable(evidence({ ...seen, excerpt }));
  }
  return { ok: false, failure: refusalOf(readProblem(body), seen, asking.words) };
}

const unreadable = (about: Evidence): { ok: false; failure: Failure } => ({
  ok: false,
  failure: { kind: "in_doubt", cause: "unreadable_answer", evidence: about },
});

function json(text: string): unknown {
  if (text.length > longestBody) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Seen = { readonly httpStatus: number; readonly gatewayRequestId: string | undefined };

function refusalOf(problem: Problem, seen: Seen, words: DonorWords): Failure {
  const rawCode = codeOf(problem, seen.httpStatus);
  const detail = sentenceOf(problem, words);
  const about = evidence({
    httpStatus: seen.httpStatus,
    gatewayRequestId: problem.correlationId ?? seen.gatewayRequestId,
    rawCode,
    excerpt: detail,
    unrecognized: isUnknownProblem(problem) ? rawCode : undefined,
  });
  const reason = reasonFor(seen.httpStatus);
  if (reason === undefined) return { kind: "in_doubt", cause: "gateway_error", evidence: about };
  return {
    kind: "refused",
    problem: { reason, rawCode, detail },
    evidence: about,
    ...(seen.httpStatus === 404 && saysNotFound(problem) ? { absent: true } : {}),
    ...(reason === "invalid_request" ? { objected: true } : {}),
  };
}

/** The `Failure` as one of the contract's answers: our own marks left out. */
export function asOutcome(failure: Failure): Extract<CollectOutcome, { kind: Failure["kind"] }> {
  const { absent: _, objected: __, ...outcome } = failure;
  return outcome;
}

const tokenSchema = z.object({
  access_token: z.string().min(1).max(8000),
  expires_in: z.coerce.number().int().positive().default(300),
});
type Token = { readonly text: string; readonly staleAt: number };

/** Asked for a minute before the old one ends. */
const margin = seconds(60);

/**
 * The token of the client-credentials grant, kept until it ends. Not shared while it is being asked for: on Workers
 * one request may not wait for another's. Whatever becomes of the asking, no payment has been asked for yet, so a
 * lost answer here is `not_sent`.
 */
function tokenKeeper(credentials: PixCredentials, transport: Transport) {
  let held: Token | undefined;
  return {
    drop: (text: string) => {
      if (held?.text === text) held = undefined;
    },
    get: async (asking: Asking): Promise<Answer<{ text: string; kept: boolean }>> => {
      if (held && held.staleAt > asking.now.getTime()) {
        return { ok: true, value: { text: held.text, kept: true }, evidence: {} };
      }
      const sent = await send(transport, tokenRequest(credentials), asking);
      const answer = answerOf(tokenSchema, sent, { ...asking, words: [credentials.client_secret] });
      if (!answer.ok) return { ok: false, failure: withoutToken(answer.failure) };
      const { access_token: text, expires_in } = answer.value;
      const life = seconds(expires_in);
      held = { text, staleAt: asking.now.getTime() + (life > 2 * margin ? life - margin : life / 2) };
      return { ok: true, value: { text, kept: false }, evidence: {} };
    },
  };
}

function withoutToken(failure: Failure): Failure {
  switch (failure.kind) {
    case "in_doubt":
    case "not_sent":
      return { kind: "not_sent", cause: failure.cause, evidence: failure.evidence };
    case "refused": {
      const reason = failure.problem.reason === "rate_limited" ? "rate_limited" : "authentication";
      const { rawCode } = failure.problem;
      const detail = "the provider gave no access token: check client id, secret and certificate";
      return { kind: "refused", problem: { reason, rawCode, detail }, evidence: failure.evidence };
    }
  }
}

function tokenRequest(credentials: PixCredentials): Sendable {
  const { client_id, client_secret } = credentials;
  const scope = scopesOf(credentials);
  const inBody = credentials.token_auth === "body";
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    ...(scope === "" ? {} : { scope }),
    ...(inBody ? { client_id, client_secret } : {}),
  });
  const headers: Record<string, string> = {
    "content-type": "application/x-www-form-urlencoded",
    accept: "application/json",
    ...(inBody ? {} : { authorization: `Basic ${base64(`${client_id}:${client_secret}`)}` }),
  };
  return { url: credentials.token_url, init: { method: "POST", headers, body: form.toString() } };
}

/** Of the UTF-8 bytes: secrets may have letters that `btoa` does not take. */
const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
