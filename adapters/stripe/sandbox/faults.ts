import { z } from "zod";
import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";

/**
 * What goes wrong with the next call. `connection_refused` and `timeout_before`: Stripe never got it;
 * `timeout_after`: Stripe did it and the answer was lost; `500`: Stripe broke before doing anything (and keeps
 * that answer under the idempotency key); `429`: refused for its rate; `malformed`: done, and answered with
 * something that is not JSON.
 */
const faultKinds = [
  "connection_refused",
  "timeout_before",
  "timeout_after",
  "500",
  "429",
  "malformed",
] as const;
export type FaultKind = (typeof faultKinds)[number];

const faultSchema = z.object({ kind: z.enum(faultKinds), on: z.string().nullable() });
const queueSchema = z.object({ faults: z.array(faultSchema) });
type Fault = z.output<typeof faultSchema>;

/** Adds a fault for the next call, or the next whose `METHOD /path` begins with `on`. */
export async function addFault(raw: SandboxDocuments, fault: Fault): Promise<void> {
  const { faults } = await queue(raw);
  await raw.put("control", "faults", { faults: [...faults, fault] }, []);
}

/** The fault meant for this call, which is then spent. */
export async function takeFault(raw: SandboxDocuments, call: string): Promise<FaultKind | undefined> {
  const kept = await raw.get("control", "faults");
  if (!kept) return undefined;
  const { faults } = await queue(raw);
  const at = faults.findIndex((fault) => fault.on === null || call.startsWith(fault.on));
  if (at < 0) return undefined;
  const left = faults.filter((_, i) => i !== at);
  if (left.length > 0) await raw.put("control", "faults", { faults: left }, []);
  else await raw.remove("control", "faults");
  return faults[at]?.kind;
}

async function queue(raw: SandboxDocuments): Promise<z.output<typeof queueSchema>> {
  const kept = await raw.get("control", "faults");
  return kept ? queueSchema.parse(kept) : { faults: [] };
}

/** The error a failed `fetch` throws, with the code where Node and workerd leave it. */
export function transportError(kind: "connection_refused" | "timeout"): Error {
  const refused = kind === "connection_refused";
  const cause = Object.assign(new Error(refused ? "connect ECONNREFUSED" : "read ETIMEDOUT"), {
    code: refused ? "ECONNREFUSED" : "ETIMEDOUT",
  });
  return Object.assign(new TypeError("fetch failed", { cause }), { code: cause.code });
}
