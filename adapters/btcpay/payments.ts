import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type {
  AttemptHandle,
  CancelOutcome,
  CollectOrder,
  CollectOutcome,
  NeverSeen,
  Payments,
} from "../../src/gateway/payment.ts";
import { checkKey } from "./check-key.ts";
import { type Ask, asker, inStore, type Store } from "./client.ts";
import { isCoinMethod } from "./codes.ts";
import { type Found, findInvoice, readInvoice, withPrompt } from "./find-invoice.ts";
import { networkOf } from "./network.ts";
import { lookupRefund, refund } from "./refunds.ts";
import type { Failure } from "./translate-errors.ts";
import { invoiceBody, type ReadyOrder, readyToSend } from "./translate-order.ts";
import { invoiceOutcome } from "./translate-outcome.ts";
import { invoiceSchema } from "./wire.ts";

/** The payments side of the adapter. Stateless: everything comes from the store, the order and the call. */
export function btcpayPayments(store: Store): Payments {
  return {
    collect: (order, call) => collect(store, order, call),
    lookup: (handle, call) => lookup(store, handle, call),
    cancel: (handle, call) => cancel(store, handle, call),
    refund: (order, call) => refund(store, order, call),
    lookupRefund: (handle, call) => lookupRefund(store, handle, call),
    checkCredentials: (call) => checkKey(asker(store, call), store),
  };
}

async function collect(store: Store, order: CollectOrder, call: GatewayCall): Promise<CollectOutcome> {
  const ready = readyToSend(order);
  if (!ready.ok) return { kind: "refused", problem: ready.error, evidence: {} };
  const ask = asker(store, call);
  const earlier = await findInvoice(ask, store, order.attemptId);
  if (!earlier.ok) return earlier.failure;
  const made = earlier.invoice
    ? { ok: true as const, value: earlier.invoice }
    : await makeInvoice(ask, store, ready.value, call);
  if (!made.ok) return made.failure;
  const found = await withPrompt(ask, store, made.value, ready.value.coin);
  return collected(store, found, call);
}

const makeInvoice = (ask: Ask, store: Store, ready: ReadyOrder, call: GatewayCall) =>
  ask(invoiceSchema, {
    method: "POST",
    path: inStore(store, "/invoices"),
    body: invoiceBody(ready, call.idempotencyKey),
  });

/**
 * The answer to an order. An invoice that exists but must not be shown (wrong chain, no wallet) is a refusal: no donor
 * has seen an address, so no money can come of it.
 */
function collected(store: Store, found: Found, call: GatewayCall): CollectOutcome {
  switch (found.kind) {
    case "found":
      return wrongChain(store, found) ?? outcome(store, found, call);
    case "unpayable":
      return misconfigured(
        "payment_method_unavailable",
        "The store has no wallet or node for this way to pay.",
      );
    case "none":
      return misconfigured("invoice_not_found", "The invoice just made cannot be found.");
    case "failed":
      // The invoice is made; what the second question answered settles nothing about it.
      return { ...unknown(found.failure), ...(found.id ? { gatewayPaymentId: found.id } : {}) };
  }
}

function wrongChain(store: Store, { prompt }: Found & { kind: "found" }): CollectOutcome | undefined {
  const chain = prompt.destination ? networkOf(prompt.destination) : undefined;
  if (chain === undefined || chain === store.network) return undefined;
  return misconfigured(
    "network_mismatch",
    `The account is for ${store.network}, the store pays into ${chain}.`,
  );
}

const misconfigured = (rawCode: string, detail: string): CollectOutcome => ({
  kind: "refused",
  problem: { reason: "account_problem", rawCode, detail },
  evidence: { rawCode },
});

const outcome = (store: Store, found: Found & { kind: "found" }, call: GatewayCall): CollectOutcome =>
  invoiceOutcome(found.invoice, found.prompt, {
    asOf: call.now,
    evidence: found.evidence,
    serverUrl: store.url,
    network: store.network,
  });

type InDoubt = Extract<CollectOutcome, { kind: "in_doubt" }>;

/** A read that failed says nothing about the attempt, however definite it sounds. */
function unknown(failure: Failure): InDoubt {
  const cause = failure.kind === "refused" ? "gateway_error" : failure.cause;
  return { kind: "in_doubt", cause, evidence: failure.evidence };
}

async function lookup(
  store: Store,
  handle: AttemptHandle,
  call: GatewayCall,
): Promise<CollectOutcome | NeverSeen> {
  const found = await findAttempt(asker(store, call), store, handle);
  switch (found.kind) {
    case "found":
      return wrongChain(store, found)
        ? { ...doubtful("network_mismatch"), gatewayPaymentId: found.invoice.id }
        : outcome(store, found, call);
    case "none":
      return { kind: "never_seen", evidence: found.evidence };
    case "unpayable":
      return { ...doubtful("payment_method_unavailable"), gatewayPaymentId: found.id };
    case "failed":
      return { ...unknown(found.failure), ...(found.id ? { gatewayPaymentId: found.id } : {}) };
  }
}

const doubtful = (rawCode: string): InDoubt => ({
  kind: "in_doubt",
  cause: "unreadable_answer",
  evidence: { rawCode },
});

async function findAttempt(ask: Ask, store: Store, handle: AttemptHandle): Promise<Found> {
  const { method, gatewayPaymentId } = handle;
  if (!isCoinMethod(method)) return { kind: "unpayable", id: gatewayPaymentId ?? "", evidence: {} };
  if (gatewayPaymentId !== undefined) return readInvoice(ask, store, gatewayPaymentId, method);
  const earlier = await findInvoice(ask, store, handle.attemptId);
  if (!earlier.ok) return { kind: "failed", failure: earlier.failure };
  if (!earlier.invoice) return { kind: "none", evidence: earlier.evidence };
  return withPrompt(ask, store, earlier.invoice, method);
}

/**
 * Marks an open invoice invalid, so that BTCPay asks for no more money. Coins already under way cannot be stopped: what
 * has come, in full or in part, answers `too_late` with what is known of it afterwards.
 */
async function cancel(store: Store, handle: AttemptHandle, call: GatewayCall): Promise<CancelOutcome> {
  const ask = asker(store, call);
  const current = await lookup(store, handle, call);
  if (current.kind !== "action_required") return cancelAnswer(current);
  const id = current.gatewayPaymentId;
  const marked = await ask(invoiceSchema, {
    method: "POST",
    path: inStore(store, `/invoices/${encodeURIComponent(id)}/status`),
    body: { status: "Invalid" },
  });
  if (!marked.ok && marked.failure.kind !== "refused") return marked.failure;
  const now = await lookup(store, { ...handle, gatewayPaymentId: id }, call);
  if (now.kind !== "action_required") return cancelAnswer(now);
  // Still open although we asked: say what BTCPay said, or that nobody knows.
  return marked.ok ? { kind: "in_doubt", cause: "gateway_error", evidence: marked.evidence } : marked.failure;
}

/** What an attempt that waits for nobody any more means for its cancellation. */
function cancelAnswer(current: CollectOutcome | NeverSeen): CancelOutcome {
  switch (current.kind) {
    case "voided":
      return { kind: "voided", gatewayPaymentId: current.gatewayPaymentId, evidence: current.evidence };
    case "never_seen": {
      const detail = "BTCPay has no such invoice";
      const problem = { reason: "invalid_request", rawCode: "never_seen", detail } as const;
      return { kind: "refused", problem, evidence: current.evidence };
    }
    case "in_doubt":
    case "not_sent":
      return { kind: "in_doubt", cause: current.cause, evidence: current.evidence };
    case "refused":
      return { kind: "refused", problem: current.problem, evidence: current.evidence };
    default:
      return { kind: "too_late", current, evidence: current.evidence };
  }
}
