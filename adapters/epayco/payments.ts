import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type {
  AttemptHandle,
  CancelOutcome,
  CollectOrder,
  CollectOutcome,
  NeverSeen,
  Payments,
  RefundOutcome,
} from "../../src/gateway/payment.ts";
import { err, ok } from "../../src/kernel/result.ts";
import { type Account, type Answer, type Desk, openDesk } from "./client.ts";
import type { Failure } from "./translate-errors.ts";
import { orderFields, readyToSend } from "./translate-order.ts";
import { transactionOutcome } from "./translate-outcome.ts";
import { searchSchema, transactionSchema } from "./wire.ts";

/** The payments side of the adapter. Stateless: everything comes from the account, the order and the call. */
export function epaycoPayments(account: Account): Payments {
  return {
    collect: (order, call) => collect(account, order, call),
    lookup: (handle, call) => lookup(account, handle, call),
    cancel: (handle, call) => cancel(account, handle, call),
    refund: async () => cashIsNotGivenBack,
    lookupRefund: async () => ({ kind: "never_seen", evidence: {} }),
    checkCredentials: async (call) => {
      const answer = await openDesk(account, call).token();
      if (answer.ok) return ok({ country: "co" });
      const { failure } = answer;
      return err(
        failure.kind === "refused"
          ? `ePayco refused the keys: ${failure.problem.detail}`
          : `ePayco could not be asked (${failure.cause}).`,
      );
    },
  };
}

/** ePayco has no way back to a cashier's drawer: the manifest says `none`, and the core pays out by hand. */
const cashIsNotGivenBack: RefundOutcome = {
  kind: "refused",
  problem: { reason: "unsupported", rawCode: "cash", detail: "a cash voucher cannot be refunded at ePayco" },
  evidence: {},
};

async function collect(account: Account, order: CollectOrder, call: GatewayCall): Promise<CollectOutcome> {
  const ready = readyToSend(order);
  if (!ready.ok) return { kind: "refused", problem: ready.error, evidence: {} };
  const desk = openDesk(account, call);
  const earlier = await search(desk, order.attemptId);
  if (!earlier.ok) return earlier.failure;
  if (earlier.value !== undefined) return read(account, desk, earlier.value, call);
  const body = await account.seal(orderFields(ready.value, call.idempotencyKey));
  const answer = await desk.write(transactionSchema, "transactions", body);
  return answer.ok ? told(account, answer, call) : answer.failure;
}

const told = (
  account: Account,
  answer: Extract<Awaited<ReturnType<typeof readTransaction>>, { ok: true }>,
  call: GatewayCall,
): CollectOutcome =>
  transactionOutcome(answer.value.data, {
    asOf: call.now,
    evidence: answer.evidence,
    test: account.test,
  });

/** A transaction by ePayco's reference. */
export const readTransaction = (desk: Desk, reference: string) =>
  desk.read(transactionSchema, `transactions/${encodeURIComponent(reference)}`);

/** ePayco's reference of an attempt; it knows no idempotency keys, so this is asked before one is made as well. */
async function search(desk: Desk, attempt: string): Promise<Answer<string | undefined>> {
  const answer = await desk.search(searchSchema, "transaction", {
    pagination: { page: 1, limit: 20 },
    filter: { referenceClient: attempt },
  });
  if (!answer.ok) return answer;
  // A server that did not understand the question would answer with everything.
  const ours = answer.value.data.data.filter(({ referenceClient }) => referenceClient === attempt);
  const [first] = ours.map(({ referencePayco }) => referencePayco).sort((a, b) => Number(a) - Number(b));
  return { ...answer, value: first };
}

type InDoubt = Extract<CollectOutcome, { kind: "in_doubt" }>;

async function read(
  account: Account,
  desk: Desk,
  reference: string,
  call: GatewayCall,
): Promise<CollectOutcome> {
  const answer = await readTransaction(desk, reference);
  return answer.ok
    ? told(account, answer, call)
    : { ...nothingLearnt(answer.failure), gatewayPaymentId: reference };
}

/** A read that failed says nothing about the attempt, however definite it sounds. */
const nothingLearnt = (failure: Failure): InDoubt => ({
  kind: "in_doubt",
  cause: failure.kind === "refused" ? "gateway_error" : failure.cause,
  evidence: failure.evidence,
});

async function lookup(
  account: Account,
  handle: AttemptHandle,
  call: GatewayCall,
): Promise<CollectOutcome | NeverSeen> {
  const desk = openDesk(account, call);
  const known = handle.gatewayPaymentId;
  if (known !== undefined) return read(account, desk, known, call);
  const found = await search(desk, handle.attemptId);
  if (!found.ok) return nothingLearnt(found.failure);
  if (found.value === undefined) return { kind: "never_seen", evidence: found.evidence };
  return read(account, desk, found.value, call);
}

/**
 * A voucher cannot be called back: ePayco offers nothing for it, and the donor may stand at the till. One that has ended
 * by itself is `voided`; an open one is refused, and lapses by time.
 */
async function cancel(account: Account, handle: AttemptHandle, call: GatewayCall): Promise<CancelOutcome> {
  const current = await lookup(account, handle, call);
  const { evidence } = current;
  switch (current.kind) {
    case "voided":
      return { kind: "voided", gatewayPaymentId: current.gatewayPaymentId, evidence };
    case "declined":
      return { kind: "voided", gatewayPaymentId: current.gatewayPaymentId ?? "", evidence };
    case "in_doubt":
    case "not_sent":
      return { kind: "in_doubt", cause: current.cause, evidence };
    case "captured":
    case "processing":
    case "authorized":
      return { kind: "too_late", current, evidence };
    case "never_seen":
      return no("never_seen", "ePayco has no such transaction");
    case "refused":
      return { kind: "refused", problem: current.problem, evidence };
    case "action_required":
      return no("voucher_open", "ePayco cannot call back a voucher; it lapses by itself");
  }
}

const no = (rawCode: string, detail: string): CancelOutcome => ({
  kind: "refused",
  problem: { reason: rawCode === "never_seen" ? "invalid_request" : "unsupported", rawCode, detail },
  evidence: {},
});
