import { z } from "zod";
import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";

/** What goes wrong with the next call: no connection; gone before or after ePayco did it; broken; a proxy's page. */
const faults = ["refused", "lost_before", "lost_after", "500", "garbled"] as const;
export type Fault = (typeof faults)[number];

const plan = z.object({ fault: z.enum(faults), at: z.string() });

/** Breaks the next call whose `METHOD host/path` has `at` in it. */
export const planBreakdown = (documents: SandboxDocuments, fault: Fault, at: string): Promise<void> =>
  documents.put("breakdown", "next", { fault, at }, []);

/** The fault meant for this call, spent by asking. */
export async function breakdown(documents: SandboxDocuments, asked: string): Promise<Fault | undefined> {
  const next = plan.safeParse(await documents.get("breakdown", "next"));
  if (!next.success || !asked.includes(next.data.at)) return undefined;
  await documents.remove("breakdown", "next");
  return next.data.fault;
}
