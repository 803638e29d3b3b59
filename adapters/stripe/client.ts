import Stripe from "stripe";
import type { z } from "zod";
import type { GatewayCall, Transport } from "../../src/gateway/adapter.ts";
import type { Evidence } from "../../src/gateway/payment.ts";
import { untraced } from "../../src/gateway/untraced.ts";
import { type DonorWords, evidence } from "./evidence.ts";
import { type Failure, failureOf } from "./translate-errors.ts";

/** A body that passed its schema, or the way the request failed. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T; readonly evidence: Evidence }
  | { readonly ok: false; readonly failure: Failure };

export type Ask = {
  readonly call: GatewayCall;
  /** Taken out of whatever Stripe echoes. */
  readonly words?: DonorWords;
};

/**
 * One SDK client per adapter, never per call. Retries are off: repeating is the core's decision, made with the
 * same key. Stripe's usage telemetry is off, because it would carry timings of one church's calls into another's.
 */
export function stripeClient(secretKey: string, transport: Transport): Stripe {
  return new Stripe(secretKey, {
    httpClient: exchange(transport),
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

type HttpClient = NonNullable<Stripe.StripeConfig["httpClient"]>;

/**
 * The SDK's way to the network. Its own builds and reads more than we need, and has two faults. It sends a request once
 * more by itself when the error says ECONNRESET or EPIPE, whatever the retry setting: hiding the code one level down
 * stops that, and `transportFailure` follows `cause` and still reads it. And a body that is JSON but no object throws
 * where nobody catches, which ends the process: here it is as unreadable as no JSON at all.
 */
const exchange = (transport: Transport): HttpClient => ({
  getClientName: () => "fetch",
  async makeRequest(host, _port, path, method, headers, data, _protocol, timeout) {
    try {
      const response = await transport(`https://${host}${path}`, {
        method,
        headers: inText(headers),
        signal: AbortSignal.timeout(timeout),
        ...(method === "POST" || data ? { body: data } : {}),
      });
      return new Heard(response, await response.text());
    } catch (cause) {
      throw new TypeError("the connection to Stripe failed", { cause });
    }
  },
});

/** The length is a number in the SDK's headers. */
const inText = (headers: Readonly<Record<string, string | number | string[]>>): Record<string, string> => {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) texts[name] = String(value);
  return texts;
};

/** An answer as the SDK wants it, with the one header that is read of it. */
class Heard extends Stripe.HttpClientResponse {
  readonly #text: string;

  constructor({ status, headers }: Response, text: string) {
    const requestId = headers.get("request-id");
    super(status, requestId === null ? {} : { "request-id": requestId });
    this.#text = text;
  }

  override getRawResponse(): object {
    return {};
  }

  override async toJSON(): Promise<unknown> {
    return JSON.parse(this.#text.trimStart().startsWith("{") ? this.#text : "");
  }
}

/** Options of a read: its deadline. */
export const reading = (call: GatewayCall): Stripe.RequestOptions => ({ timeout: deadline(call.timeoutMs) });

/** Options of a write: its deadline and the idempotency key of the call, with a suffix for a second object. */
export const writing = (call: GatewayCall, suffix = ""): Stripe.RequestOptions => ({
  timeout: deadline(call.timeoutMs),
  idempotencyKey: `${call.idempotencyKey}${suffix}`,
});

const deadline = (ms: number): number => Math.max(1, Math.floor(ms));

/**
 * Sends and reads one request. Never throws: SDK errors become a {@link Failure}, and so does a 2xx body that
 * does not have the shape we rely on (`in_doubt`: something happened, we cannot read what).
 */
export async function ask<S extends z.ZodType>(
  schema: S,
  about: Ask,
  send: () => PromiseLike<unknown>,
): Promise<Answer<z.output<S>>> {
  let body: unknown;
  try {
    body = await untraced(send);
  } catch (error) {
    return { ok: false, failure: failureOf(error, about.words ?? []) };
  }
  const seen = answered(body);
  const read = schema.safeParse(body);
  if (read.success) return { ok: true, value: read.data, evidence: seen };
  // Only the places that failed are kept, never the values.
  const places = read.error.issues.map((issue) => issue.path.join(".")).join(" ");
  return {
    ok: false,
    failure: {
      kind: "in_doubt",
      cause: "unreadable_answer",
      evidence: { ...seen, excerpt: `the body fails its schema at: ${places}`.slice(0, 500) },
    },
  };
}

/** The SDK hangs the response on the body as `lastResponse`. */
function answered(body: unknown): Evidence {
  if (typeof body !== "object" || body === null || !("lastResponse" in body)) return {};
  const last = body.lastResponse;
  if (typeof last !== "object" || last === null) return {};
  return evidence({
    httpStatus: "statusCode" in last && typeof last.statusCode === "number" ? last.statusCode : undefined,
    gatewayRequestId: "requestId" in last && typeof last.requestId === "string" ? last.requestId : undefined,
  });
}
