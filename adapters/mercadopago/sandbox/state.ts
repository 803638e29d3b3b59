import { z } from "zod";
import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";
import type { Seller } from "./accounts.ts";
import {
  paymentDocument,
  payoutDocument,
  preferenceDocument,
  type SimPayment,
  type SimPayout,
  type SimPreference,
} from "./documents.ts";

/** One call or one control action on one seller: all a handler knows of the world. */
export type Scene = {
  readonly seller: Seller;
  readonly now: Date;
  readonly pagesUrl: string;
  readonly documents: SandboxDocuments;
};

const all = "all";

export async function paymentById(documents: SandboxDocuments, id: string): Promise<SimPayment | undefined> {
  const found = await documents.get("payment", id);
  return found && paymentDocument.parse(found);
}

export async function savePayment(documents: SandboxDocuments, payment: SimPayment): Promise<void> {
  const keys = [
    all,
    sellerKey(payment.seller),
    `reference ${payment.seller} ${payment.body.external_reference ?? ""}`,
  ];
  await documents.put("payment", String(payment.body.id), payment, keys);
}

/** Newest first. */
export async function paymentsUnder(
  documents: SandboxDocuments,
  key: string,
  limit: number,
): Promise<SimPayment[]> {
  const found = await documents.list("payment", key, { order: "newest_first", limit });
  return found.map(({ document }) => paymentDocument.parse(document));
}

export const allPayments = (documents: SandboxDocuments, limit: number): Promise<SimPayment[]> =>
  paymentsUnder(documents, all, limit);

/** Everything of one seller's, of whatever kind. */
export const sellerKey = (seller: string): string => `seller ${seller}`;

export const referenceKey = (seller: string, reference: string): string => `reference ${seller} ${reference}`;

export async function preferenceById(
  documents: SandboxDocuments,
  id: string,
): Promise<SimPreference | undefined> {
  const found = await documents.get("preference", id);
  return found && preferenceDocument.parse(found);
}

export async function savePreference(documents: SandboxDocuments, preference: SimPreference): Promise<void> {
  const { body, seller } = preference;
  await documents.put("preference", body.id, preference, [
    referenceKey(seller, body.external_reference ?? ""),
  ]);
}

/** Oldest first. */
export async function payoutsOf(documents: SandboxDocuments, seller: string): Promise<SimPayout[]> {
  const page = { order: "oldest_first", limit: 1000 } as const;
  const found = await documents.list("payout", sellerKey(seller), page);
  return found.map(({ document }) => payoutDocument.parse(document));
}

export const savePayout = (documents: SandboxDocuments, payout: SimPayout): Promise<void> =>
  documents.put("payout", payout.id, payout, [sellerKey(payout.seller)]);

/** Random digits, the first never 0. */
export function digits(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return [...bytes].map((byte, i) => (i === 0 ? 1 + (byte % 9) : byte % 10)).join("");
}

/** Where a seller's notifications go that belong to no payment of their own address. */
const endpointDocument = z.object({ url: z.string() });

export async function endpointOf(documents: SandboxDocuments, seller: string): Promise<string | undefined> {
  const found = await documents.get("endpoint", seller);
  return found && endpointDocument.parse(found).url;
}

export const saveEndpoint = (documents: SandboxDocuments, seller: string, url: string): Promise<void> =>
  documents.put("endpoint", seller, { url }, []);
