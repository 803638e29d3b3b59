import type { Transport } from "../../src/gateway/adapter.ts";

/** One request an adapter sent, as it went over the wire. */
export type Recorded = {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
};

/** What a gateway answers: a body (made JSON unless it is text already), or a fault of the connection. */
export type HttpAnswer =
  | { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }
  | { readonly fails: "before_send" | "after_send" | "never_answers" };

export const answers = (status: number, body: unknown): HttpAnswer => ({ status, body });

/** A transport that keeps every request and answers from a function of it. */
export function recording(answer: (request: Recorded) => HttpAnswer): {
  readonly transport: Transport;
  readonly requests: Recorded[];
} {
  const requests: Recorded[] = [];
  const transport: Transport = async (input, init) => {
    const request = new Request(input, init);
    const recorded = {
      method: request.method,
      url: new URL(request.url),
      headers: request.headers,
      body: await request.clone().text(),
    };
    requests.push(recorded);
    const given = answer(recorded);
    if ("fails" in given) return fail(given.fails, init?.signal ?? undefined);
    const text = typeof given.body === "string" ? given.body : JSON.stringify(given.body);
    return new Response(text, {
      status: given.status,
      headers: { "content-type": "application/json", ...given.headers },
    });
  };
  return { transport, requests };
}

function fail(how: "before_send" | "after_send" | "never_answers", signal?: AbortSignal): Promise<never> {
  const fetchFailed = (code: string) =>
    new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
  if (how === "before_send") return Promise.reject(fetchFailed("ECONNREFUSED"));
  if (how === "after_send") return Promise.reject(fetchFailed("ECONNRESET"));
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
}
