import { Refusal } from "./refusal.ts";

/** A text is a file. */
export type Done = { readonly status: 200 | 201 | 202; readonly body: object | string };

/** An answer as the gateway sends it. */
export const reply = (status: number, body: Done["body"]): Response =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), {
    status,
    headers: {
      "content-type": typeof body === "string" ? "text/csv" : "application/json;charset=UTF-8",
      "x-request-id": crypto.randomUUID(),
    },
  });

/** What a handler threw, in the gateway's shape; anything but a refusal is a fault of ours. */
export function refusalAnswer(error: unknown): Response {
  if (error instanceof Refusal) return reply(error.status, error.body);
  throw error;
}
