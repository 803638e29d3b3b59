import { z } from "zod";
import type { SimulatorPorts } from "../../../src/gateway/gateway-module.ts";
import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";

export const words = [
  "Pendiente",
  "Aceptada",
  "Rechazada",
  "Fallida",
  "Retenida",
  "Expirada",
  "Cancelada",
  "Antifraude",
  "Reversada",
] as const;
export type State = (typeof words)[number];

/** The confirmation's numbers for the states. */
export const codes: Readonly<Record<State, number>> = {
  Aceptada: 1,
  Rechazada: 2,
  Pendiente: 3,
  Fallida: 4,
  Reversada: 6,
  Retenida: 7,
  Expirada: 9,
  Cancelada: 11,
  Antifraude: 12,
};

const transactionDocument = z.object({
  reference: z.number(),
  account: z.string(),
  invoice: z.string(),
  donation: z.string(),
  description: z.string(),
  pesos: z.number(),
  franchise: z.enum(["BA", "GA", "SR"]),
  state: z.enum(words),
  pin: z.string(),
  agreement: z.string(),
  confirmationUrl: z.string(),
  /** Unix milliseconds. */
  createdAt: z.number(),
  movedAt: z.number(),
  expiresAt: z.number(),
  approval: z.string(),
});
export type Transaction = z.output<typeof transactionDocument>;

export async function transactionNumbered(
  documents: SandboxDocuments,
  reference: string,
): Promise<Transaction | undefined> {
  const found = await documents.get("transaction", reference);
  return found && transactionDocument.parse(found);
}

export const keep = (documents: SandboxDocuments, one: Transaction): Promise<void> =>
  documents.put("transaction", String(one.reference), one, [
    "all",
    one.account,
    `${one.account} ${one.invoice}`,
  ]);

/** Newest first, under `all`, an account, or an account and an invoice. */
export async function transactionsOf(
  documents: SandboxDocuments,
  key: string,
  limit: number,
): Promise<readonly Transaction[]> {
  const found = await documents.list("transaction", key, { order: "newest_first", limit });
  return found.map(({ document }) => transactionDocument.parse(document));
}

/** What every part of the simulator works with. */
export type House = SimulatorPorts & { readonly flush: () => Promise<void> };

/** `2026-07-02 19:50:07`, as Bogotá writes it. */
export const bogotaText = (ms: number): string =>
  new Date(ms - 5 * 3_600_000).toISOString().slice(0, 19).replace("T", " ");
