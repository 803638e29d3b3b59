import { z } from "zod";
import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";

/**
 * What goes wrong with a call. `refused_connection` and `lost_before`: PayPal never got it; `lost_after`: PayPal did
 * it and the answer was lost; `error_500`: PayPal broke before doing anything; `too_many`: turned away for its
 * rate; `not_json`: done, and answered with a proxy's page; `token_ended`: the access token is no longer good.
 */
export const faultKinds = [
  "refused_connection",
  "lost_before",
  "lost_after",
  "error_500",
  "too_many",
  "not_json",
  "token_ended",
] as const;
export type FaultKind = (typeof faultKinds)[number];

const planSchema = z.object({
  kind: z.enum(faultKinds),
  /** Only a call whose `METHOD /path` begins so; every call but those for a token where it is empty. */
  on: z.string(),
});
const plansSchema = z.object({ plans: z.array(planSchema) });
type Plan = z.output<typeof planSchema>;

async function planned(raw: SandboxDocuments): Promise<readonly Plan[]> {
  const kept = plansSchema.safeParse(await raw.get("control", "faults"));
  return kept.success ? kept.data.plans : [];
}

export async function planFault(raw: SandboxDocuments, plan: Plan): Promise<void> {
  await raw.put("control", "faults", { plans: [...(await planned(raw)), plan] }, []);
}

/** The fault meant for this call, which is then spent. */
export async function spendFault(raw: SandboxDocuments, call: string): Promise<FaultKind | undefined> {
  const plans = await planned(raw);
  const meant = plans.find(({ on }) => (on === "" ? !call.includes("/oauth2/") : call.startsWith(on)));
  if (!meant) return undefined;
  await raw.put("control", "faults", { plans: plans.filter((plan) => plan !== meant) }, []);
  return meant.kind;
}

/** What `fetch` throws when a connection fails. */
export function lostConnection(before: "never_made" | "broken"): Error {
  const code = before === "never_made" ? "ECONNREFUSED" : "ECONNRESET";
  return new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
}
