import { z } from "zod";
import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";

/**
 * What goes wrong with the next call. The first two: the server never got it; `timeout_after`: it did it and the
 * answer was lost; `500` and `429`: it turned it away; `malformed`: it did it, and a proxy answered.
 */
const faults = ["connection_refused", "timeout_before", "timeout_after", "500", "429", "malformed"] as const;
export type Fault = (typeof faults)[number];

const planned = z.object({ fault: z.enum(faults), on: z.string() });

/** Plans a fault for the next call whose `METHOD /path` begins with `on`. */
export const planFault = (documents: SandboxDocuments, fault: Fault, on: string): Promise<void> =>
  documents.put("fault", crypto.randomUUID(), { fault, on }, ["planned"]);

/** The fault meant for this call, which is then spent. */
export async function takeFault(documents: SandboxDocuments, line: string): Promise<Fault | undefined> {
  const entries = await documents.list("fault", "planned", { order: "oldest_first", limit: 100 });
  for (const { id, document } of entries) {
    const { fault, on } = planned.parse(document);
    if (!line.startsWith(on)) continue;
    await documents.remove("fault", id);
    return fault;
  }
  return undefined;
}

/** What a failed `fetch` throws. */
export function transportError(fault: "connection_refused" | "timeout_before" | "timeout_after"): Error {
  const code = fault === "connection_refused" ? "ECONNREFUSED" : "ETIMEDOUT";
  return new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
}
