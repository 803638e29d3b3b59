import type { Secret } from "../kernel/secret.ts";
import type { ClaimedDelivery } from "./delivery-store.ts";
import { webhookHeaders } from "./sign.ts";
import { checkTarget, type TargetPolicy } from "./ssrf-guard.ts";
import type { Answer } from "./verdict.ts";

/**
 * The way out, in the shape of `fetch`. On Node it pins the address that was checked (platform/pinned-transport).
 * In Workers it is the global `fetch`: names cannot be resolved or pinned there, and need not be, since Workers
 * reach the public internet only and no private range; `checkTarget` still refuses literal addresses.
 */
export type WebhookTransport = (url: string, init: WebhookRequest) => Promise<WebhookAnswer>;

/** The part of a `Response` that is read. */
type WebhookAnswer = {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: { get(name: string): string | null };
  readonly body: {
    getReader(): {
      read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>;
      cancel(): Promise<void>;
    };
  } | null;
};

type WebhookRequest = {
  readonly method: "POST";
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly redirect: "manual";
  readonly signal: AbortSignal;
};

/** Standard Webhooks 1.0.0 asks for 15 to 30 seconds. */
export const answerTimeoutMs = 20_000;
const excerptBytes = 2048;
const excerptCharacters = 500;

/** The body of an event, the same bytes on every try: the object as it then was, its id, our event id and number. */
function eventBody(event: ClaimedDelivery["event"]): string {
  return JSON.stringify({
    type: event.type,
    timestamp: event.createdAt.toISOString(),
    data: { ...event.data, id: event.objectId, event_id: event.id, sequence: event.sequence },
  });
}

export type Sending = {
  readonly url: string;
  readonly event: ClaimedDelivery["event"];
  readonly secrets: readonly Secret[];
  readonly at: Date;
};

/** Sends one try and reads the answer. Never throws: what goes wrong on the way is an answer too. */
export async function sendTry(
  deps: { readonly transport: WebhookTransport; readonly targets: TargetPolicy; readonly timeoutMs: number },
  sending: Sending,
): Promise<Answer> {
  const target = checkTarget(sending.url, deps.targets);
  if (!target.ok) return { kind: "unreachable", error: `blocked: the address ${target.error}` };
  const body = eventBody(sending.event);
  const signal = AbortSignal.timeout(deps.timeoutMs);
  try {
    const response = await deps.transport(target.value.href, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "Ofrenda-Webhooks/1",
        ...webhookHeaders({ id: sending.event.id, at: sending.at, body }, sending.secrets),
      },
      body,
      redirect: "manual",
      signal,
    });
    const excerpt = await readExcerpt(response);
    return {
      kind: "answered",
      status: response.status,
      retryAfter: response.headers.get("retry-after"),
      excerpt: response.ok || excerpt === "" ? null : excerpt,
    };
  } catch (error) {
    return { kind: "unreachable", error: sentenceFor(error, signal.aborted) };
  }
}

/** The first bytes of the answer: bounded, and without characters that PostgreSQL or a terminal would choke on. */
async function readExcerpt(response: WebhookAnswer): Promise<string> {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let read = 0;
  try {
    while (read < excerptBytes) {
      const { done, value } = await reader.read();
      if (done || value === undefined) break;
      text += decoder.decode(value.subarray(0, excerptBytes - read), { stream: true });
      read += value.length;
    }
    if (read >= excerptBytes) await reader.cancel();
  } catch {
    // The status came; a body that breaks off or hangs changes nothing about it.
  }
  return text
    .replace(/[\p{Cc}\p{Cs}\uFFFD]+/gu, " ")
    .trim()
    .slice(0, excerptCharacters);
}

const sentences: Readonly<Record<string, string>> = {
  EBLOCKED: "blocked: the name leads to an address that is not public",
  ENOTFOUND: "unknown host: the name does not resolve",
  EAI_AGAIN: "unknown host: the name could not be resolved now",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection lost before the answer",
  UND_ERR_SOCKET: "connection lost before the answer",
  UND_ERR_CONNECT_TIMEOUT: "timeout: no connection",
  CERT_HAS_EXPIRED: "TLS: the certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "TLS: the certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "TLS: the certificate is self-signed",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "TLS: the certificate's chain is incomplete",
  ERR_TLS_CERT_ALTNAME_INVALID: "TLS: the certificate is for another name",
};

function sentenceFor(error: unknown, timedOut: boolean): string {
  if (timedOut) return "timeout: no answer in time";
  let link: unknown = error;
  for (let depth = 0; depth < 5 && typeof link === "object" && link !== null; depth++) {
    if ("code" in link && typeof link.code === "string") {
      const sentence = sentences[link.code];
      if (sentence) return sentence;
    }
    link = "cause" in link ? link.cause : undefined;
  }
  return "no connection";
}
