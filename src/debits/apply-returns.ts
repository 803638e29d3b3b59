import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import type { DebitReturn } from "../gateway/debit-files.ts";
import type { GatewayEvent } from "../gateway/webhook.ts";
import { applyGatewayEvent } from "../giving/apply-gateway-event.ts";
import { attemptsByReference } from "../giving/find-by-reference.ts";
import type { Gift } from "../giving/gift.ts";
import { loadGift } from "../giving/load-gift.ts";
import type { ChurchId, GatewayAccountId } from "../kernel/ids.ts";
import { equals } from "../kernel/money.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import type { OpenedAccount } from "../routing/gateway-accounts.ts";
import { findEntry, forgetAccount, insertReturn, moveEntry } from "./store.ts";
import { writerOf } from "./writer-of.ts";

type Parts = Pick<Deps, "db" | "payments" | "clock" | "log" | "metrics" | "doorbell">;

/** What became of each return in a file. */
export type ReturnResult = "declined" | "disputed" | "already" | "unknown" | "other_amount";
export type AppliedReturns = {
  readonly results: Readonly<Record<ReturnResult, number>>;
  /** Notices of change, by reference and code; what they say of the account is not repeated. */
  readonly corrections: readonly { readonly reference: string; readonly code: string }[];
  /** Entries in the file that are neither. */
  readonly others: number;
};

/**
 * Applies a bank's file of returns. A gift that waited is declined; one that had been counted becomes a dispute that is
 * lost. Each return counts once however often it comes, in a transaction of its own, so a file that broke off is simply
 * brought again.
 */
export async function applyReturns(
  parts: Parts,
  church: ChurchId,
  account: GatewayAccountId,
  text: string,
): Promise<Result<AppliedReturns, Problem>> {
  const writer = await writerOf(parts, church, account);
  if (!writer.ok) return writer;
  const read = writer.value.files.readReturns(text);
  if (!read.ok) return err({ code: "invalid_request", detail: `not a whole file of returns: ${read.error}` });
  const results = { declined: 0, disputed: 0, already: 0, unknown: 0, other_amount: 0 };
  for (const returned of read.value.returns) {
    const result = await parts.db.inChurch(church, (tx) =>
      applyReturn(parts, tx, writer.value.account, returned),
    );
    if (result === "unknown" || result === "other_amount") {
      parts.log.warn(
        { reference: returned.reference, code: returned.decline.rawCode, result },
        "a return waits for a person",
      );
    }
    results[result] += 1;
  }
  parts.doorbell.ring("outbox");
  const corrections = read.value.corrections.map(({ reference, code }) => ({ reference, code }));
  return ok({ results, corrections, others: read.value.others });
}

async function applyReturn(
  parts: Parts,
  tx: Tx,
  account: OpenedAccount,
  returned: DebitReturn,
): Promise<ReturnResult> {
  const church = account.churchId;
  const found = await attemptsByReference(tx, church, account.id, [returned.reference]);
  const [attemptId] = found.get(returned.reference) ?? [];
  const gift = attemptId && (await loadGift(tx, church, { attemptId }, true));
  const entry = gift && (await findEntry(tx, church, gift.attempt.id));
  if (!gift || !entry) return "unknown";
  if (!equals(gift.attempt.amount, returned.amount)) return "other_amount";
  const now = parts.clock.now();
  if (!(await insertReturn(tx, church, account.id, gift.attempt.id, returned, now))) return "already";
  const event = eventOf(gift, returned);
  await applyGatewayEvent(parts, tx, account, { event, answer: undefined });
  await moveEntry(tx, church, entry, "returned");
  await forgetAccount(tx, church, entry.debitAccountId, now);
  return event.kind === "dispute_changed" ? "disputed" : "declined";
}

/** The money had been counted, or had not. */
function eventOf({ attempt }: Gift, returned: DebitReturn): GatewayEvent {
  const gatewayPaymentId = attempt.gatewayPaymentId ?? "";
  const subject = { gatewayPaymentId, attemptId: attempt.id };
  const { decline } = returned;
  const evidence = { rawCode: decline.rawCode, rawStatus: `returned on ${returned.returnedOn}` };
  if (attempt.state !== "captured") {
    return {
      kind: "attempt_changed",
      subject,
      outcome: { kind: "declined", gatewayPaymentId, decline, evidence },
    };
  }
  return {
    kind: "dispute_changed",
    subject,
    gatewayDisputeId: returned.returnId,
    amount: returned.amount,
    status: "lost",
    fundsWithdrawn: true,
    rawReason: decline.rawCode,
  };
}
