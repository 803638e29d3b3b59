import type { TransportCause } from "./payment.ts";

/** Where a transport failure leaves the money: provably nothing left the building, or nobody knows. */
export type TransportFailure =
  | { readonly kind: "not_sent"; readonly cause: TransportCause }
  | { readonly kind: "in_doubt"; readonly cause: TransportCause };

const notSent: Readonly<Record<string, TransportCause>> = {
  ECONNREFUSED: "connection_refused",
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  UND_ERR_CONNECT_TIMEOUT: "connection_refused",
};
const timedOut = new Set(["ETIMEDOUT", "TimeoutError", "AbortError", "UND_ERR_HEADERS_TIMEOUT"]);

/**
 * Reads a thrown transport error, following `cause` and an SDK's `detail`. Only failures that happen before a
 * connection exists are `not_sent`; anything after bytes may have left is `in_doubt`, and so is what we do
 * not recognise (the rule of ActiveMerchant's network retries, facts: orchestration §4).
 */
export function transportFailure(error: unknown): TransportFailure {
  for (const link of chain(error)) {
    for (const name of names(link)) {
      const cause = notSent[name];
      if (cause) return { kind: "not_sent", cause };
      if (timedOut.has(name)) return { kind: "in_doubt", cause: "timeout" };
    }
  }
  return { kind: "in_doubt", cause: "connection_lost" };
}

function* chain(error: unknown): Generator<object> {
  let link: unknown = error;
  for (let depth = 0; depth < 6 && typeof link === "object" && link !== null; depth++) {
    yield link;
    link = "cause" in link && link.cause ? link.cause : "detail" in link ? link.detail : undefined;
  }
}

function names(link: object): string[] {
  const found: string[] = [];
  if ("code" in link && typeof link.code === "string") found.push(link.code);
  if ("name" in link && typeof link.name === "string") found.push(link.name);
  return found;
}
