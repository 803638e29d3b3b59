import { debitPaymentId } from "../../src/gateway/debit-files.ts";
import type {
  AttemptHandle,
  CollectOrder,
  CollectOutcome,
  Payments,
  Refusal,
} from "../../src/gateway/payment.ts";
import { type DebitAccountId, parseId } from "../../src/kernel/ids.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import type { Originator } from "./credentials.ts";
import { achFileManifest } from "./manifest.ts";
import { answerDueFor, nextLook } from "./windows.ts";

const evidence = {};
const refused = (rawCode: string, detail: string, reason: Refusal["reason"] = "invalid_request") =>
  ({ kind: "refused", problem: { reason, rawCode, detail }, evidence }) as const;

/**
 * Nothing leaves the house when a donor gives: the debit waits for the next file (`debitFiles`), and no answer is to
 * be had from the rail but returns. So a gift is `processing` until the days are over in which a return may come, and
 * who keeps the books of the files says then that it was paid.
 */
export function achPayments(originator: Originator): Payments {
  return {
    collect: async (order, call) => {
      const account = accountIn(order);
      if (!account.ok) return account.error;
      return waiting(debitPaymentId(order.attemptId, account.value), answerDueFor(call.now));
    },
    lookup: async (handle, call) => current(handle, call.now),
    // The file may be at the bank already, and only who built it knows: taking back is not ours to promise.
    cancel: async (handle, call) => ({ kind: "too_late", current: current(handle, call.now), evidence }),
    refund: async () =>
      refused(
        "manual_payout",
        "a debit by file is given back by hand: pay it from the bank, agreed by two",
        "unsupported",
      ),
    lookupRefund: async () => ({ kind: "never_seen", evidence }),
    checkCredentials: async () => ok({ country: originator.odfi === "" ? undefined : "us" }),
  };
}

/** The sealed account the order names, or why it is refused. */
function accountIn(order: CollectOrder): Result<DebitAccountId, ReturnType<typeof refused>> {
  const problem = problemOf(order);
  if (problem) return err(problem);
  const account = parseId("debitAccount", order.method.token);
  return account
    ? ok(account)
    : err(refused("token", "the token is not one of an account we hold", "unsupported"));
}

function problemOf(order: CollectOrder) {
  const [method] = achFileManifest.methods;
  const { type, presentation } = order.method;
  const isOurs = type === method?.type && method.presentations.includes(presentation);
  if (!isOurs || order.country !== "us") {
    return refused("method", "only accounts of the United States, given on our own page", "unsupported");
  }
  if (order.amount.currency !== "USD")
    return refused("currency", "only dollars are debited by file", "unsupported");
  const [minimum] = method.minimum;
  const [maximum] = method.maximum;
  if (!minimum || !maximum || order.amount.minor < minimum.minor || order.amount.minor > maximum.minor) {
    return refused("amount", "an entry holds at least 1.00 and at most 99,999,999.99 dollars");
  }
  if (!order.donor.name?.trim()) return refused("name", "an entry names the account's holder");
  if (!order.mandateAcceptance) {
    return refused("authorization", "a debit needs the holder's yes: none came with the order");
  }
  return undefined;
}

const waiting = (gatewayPaymentId: string, answerDueAt: Date): CollectOutcome => ({
  kind: "processing",
  gatewayPaymentId,
  answerDueAt,
  evidence,
});

/** The same as when it was collected; past that, the end of the next banking day. */
function current(handle: AttemptHandle, now: Date): CollectOutcome {
  const due = answerDueFor(handle.createdAt);
  // Collecting calls nobody, so no answer is ever lost: an attempt without its name was never collected.
  return handle.gatewayPaymentId === undefined
    ? refused("token", "the order never came here")
    : waiting(handle.gatewayPaymentId, due > now ? due : nextLook(now));
}
