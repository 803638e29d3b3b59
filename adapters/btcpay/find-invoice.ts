import type { Evidence } from "../../src/gateway/payment.ts";
import type { AttemptId } from "../../src/kernel/ids.ts";
import { type Ask, inStore, type Store } from "./client.ts";
import { type CoinMethod, coinMethods } from "./codes.ts";
import type { Failure } from "./translate-errors.ts";
import { invoiceSchema, invoicesSchema, promptsSchema, type WireInvoice, type WirePrompt } from "./wire.ts";

/** An invoice together with the one way it can be paid by. */
export type Found =
  | {
      readonly kind: "found";
      readonly invoice: WireInvoice;
      readonly prompt: WirePrompt;
      readonly evidence: Evidence;
    }
  | { readonly kind: "none"; readonly evidence: Evidence }
  /** The invoice is there, but cannot be paid as asked: the store's wallet or node is off. */
  | { readonly kind: "unpayable"; readonly id: string; readonly evidence: Evidence }
  | { readonly kind: "failed"; readonly id?: string; readonly failure: Failure };

/** An invoice by its id. */
export async function readInvoice(ask: Ask, store: Store, id: string, coin: CoinMethod): Promise<Found> {
  const answer = await ask(invoiceSchema, {
    method: "GET",
    path: inStore(store, `/invoices/${encodeURIComponent(id)}`),
  });
  if (!answer.ok) return { kind: "failed", id, failure: answer.failure };
  return withPrompt(ask, store, answer.value, coin);
}

/**
 * The invoice of an attempt. BTCPay knows no idempotency keys, so this is asked before one is made as well as after an
 * answer was lost: the search runs over an index that is written with the invoice. The oldest counts.
 */
export async function findInvoice(
  ask: Ask,
  store: Store,
  attempt: AttemptId,
): Promise<
  | { readonly ok: true; readonly invoice: WireInvoice | undefined; readonly evidence: Evidence }
  | { readonly ok: false; readonly failure: Failure }
> {
  const answer = await ask(invoicesSchema, {
    method: "GET",
    path: inStore(store, `/invoices?orderId=${encodeURIComponent(attempt)}&includeArchived=true&take=20`),
  });
  if (!answer.ok) return answer;
  // A server that did not understand the question would answer with everything.
  const ours = answer.value.filter((one) => one.metadata?.orderId === attempt);
  const [oldest] = ours.sort((a, b) => a.createdTime - b.createdTime || (a.id < b.id ? -1 : 1));
  return { ok: true, invoice: oldest, evidence: answer.evidence };
}

/** Adds how the invoice is paid: address or Lightning invoice, rate, and the payments that came. */
export async function withPrompt(
  ask: Ask,
  store: Store,
  invoice: WireInvoice,
  coin: CoinMethod,
): Promise<Found> {
  const path = inStore(store, `/invoices/${encodeURIComponent(invoice.id)}/payment-methods`);
  const answer = await ask(promptsSchema, {
    method: "GET",
    path: `${path}?onlyAccountedPayments=false`,
  });
  if (!answer.ok) return { kind: "failed", id: invoice.id, failure: answer.failure };
  const prompt = answer.value.find(({ paymentMethodId }) => paymentMethodId === coinMethods[coin]);
  if (!prompt) return { kind: "unpayable", id: invoice.id, evidence: answer.evidence };
  return { kind: "found", invoice, prompt, evidence: answer.evidence };
}
