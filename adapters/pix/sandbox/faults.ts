import { z } from "zod";
import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";

/**
 * What goes wrong with the next call. `connection_refused`: the provider never got it; `answer_lost`: it did it and
 * the answer was lost; `never_answers`: nothing comes; `500` and `503`: broken or in maintenance before anything was
 * done; `429`: refused for its rate; `malformed`: done, and answered with something that is not JSON.
 */
const kinds = [
  "connection_refused",
  "answer_lost",
  "never_answers",
  "500",
  "503",
  "429",
  "malformed",
] as const;
export type FaultKind = (typeof kinds)[number];

const queueSchema = z.object({ faults: z.array(z.object({ kind: z.enum(kinds), on: z.string() })) });
type Fault = z.output<typeof queueSchema>["faults"][number];

const queue = async (raw: SandboxDocuments): Promise<readonly Fault[]> =>
  queueSchema.catch({ faults: [] }).parse(await raw.get("pix.control", "faults")).faults;

/** Adds a fault for the next call whose `METHOD /path` begins with `on` (empty: any). */
export async function addFault(raw: SandboxDocuments, fault: Fault): Promise<void> {
  await raw.put("pix.control", "faults", { faults: [...(await queue(raw)), fault] }, []);
}

/** The fault meant for this call, which is then spent. */
export async function takeFault(raw: SandboxDocuments, call: string): Promise<FaultKind | undefined> {
  const faults = await queue(raw);
  const at = faults.findIndex(({ on }) => call.startsWith(on));
  if (at < 0) return undefined;
  await raw.put("pix.control", "faults", { faults: faults.filter((_, i) => i !== at) }, []);
  return faults[at]?.kind;
}

/** The error a failed `fetch` throws, with the code where Node and workerd leave it. */
export function connectionError(code: "ECONNREFUSED" | "ECONNRESET"): Error {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
}
