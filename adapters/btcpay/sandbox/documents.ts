import { z } from "zod";
import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";
import { isCurrency } from "../../../src/kernel/currency.ts";
import type { Scene } from "./house.ts";

/** What the simulator keeps, as JSON: satoshis and minor units are whole numbers as text. */
const whole = z.string().regex(/^-?\d+$/);
const coinMethod = z.enum(["BTC-CHAIN", "BTC-LN"]);
export type CoinCode = z.output<typeof coinMethod>;

const paymentDocument = z.object({
  id: z.string(),
  method: coinMethod,
  sats: whole,
  receivedDate: z.number(),
  status: z.enum(["Processing", "Settled", "Invalid"]),
});
export type PaymentDocument = z.output<typeof paymentDocument>;

const invoiceDocument = z.object({
  id: z.string(),
  storeId: z.string(),
  minor: whole,
  currency: z.string().refine(isCurrency),
  /** One bitcoin in whole currency, fixed at creation. */
  rate: whole,
  dueSats: whole,
  prompts: z.array(z.object({ method: coinMethod, destination: z.string() })),
  metadata: z.record(z.string(), z.json()),
  redirectUrl: z.string().nullable(),
  createdTime: z.number(),
  expirationTime: z.number(),
  monitoringExpiration: z.number(),
  status: z.enum(["New", "Processing", "Settled", "Expired", "Invalid"]),
  additionalStatus: z.enum(["None", "PaidLate", "PaidPartial", "Marked", "PaidOver"]),
  payments: z.array(paymentDocument),
});
export type InvoiceDocument = z.output<typeof invoiceDocument>;

const pullDocument = z.object({
  id: z.string(),
  storeId: z.string(),
  invoiceId: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  amount: z.string(),
  currency: z.string(),
  archived: z.boolean(),
  /** Unix seconds after which it cannot be claimed; null where there is no end, as with a refund. */
  expiresAt: z.number().nullable(),
  payouts: z.array(
    z.object({
      id: z.string(),
      amount: z.string(),
      date: z.number(),
      state: z.enum(["AwaitingApproval", "AwaitingPayment", "InProgress", "Completed", "Cancelled"]),
    }),
  ),
});
export type PullDocument = z.output<typeof pullDocument>;

const everything = { order: "newest_first", limit: 500 } as const;

export async function invoiceNamed(
  documents: SandboxDocuments,
  id: string,
): Promise<InvoiceDocument | undefined> {
  const found = await documents.get("invoice", id);
  return found ? invoiceDocument.parse(found) : undefined;
}

export function putInvoice(scene: Scene, invoice: InvoiceDocument): Promise<void> {
  const order = typeof invoice.metadata.orderId === "string" ? invoice.metadata.orderId : "";
  const keys = ["all", invoice.storeId, `${invoice.storeId} ${order}`];
  return scene.documents.put("invoice", invoice.id, invoice, keys);
}

/** Newest first. `key`: `all`, a store's id, or the store's id and an order's. */
export async function invoicesUnder(
  documents: SandboxDocuments,
  key: string,
  limit: number,
): Promise<readonly InvoiceDocument[]> {
  const entries = await documents.list("invoice", key, { order: "newest_first", limit });
  return entries.map(({ document }) => invoiceDocument.parse(document));
}

export async function pullNamed(documents: SandboxDocuments, id: string): Promise<PullDocument | undefined> {
  const found = await documents.get("pull_payment", id);
  return found ? pullDocument.parse(found) : undefined;
}

export const putPull = (scene: Scene, pull: PullDocument): Promise<void> =>
  scene.documents.put("pull_payment", pull.id, pull, [pull.storeId, pull.invoiceId]);

/** `key`: a store's id or an invoice's. */
export async function pullsUnder(documents: SandboxDocuments, key: string): Promise<readonly PullDocument[]> {
  const entries = await documents.list("pull_payment", key, everything);
  return entries.map(({ document }) => pullDocument.parse(document));
}
