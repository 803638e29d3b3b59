import type { Tx } from "../db/client.ts";
import { applyRefund } from "../giving/apply-refund.ts";
import { loadGift } from "../giving/load-gift.ts";
import { lockRefund } from "../giving/refund-store.ts";
import { runOnce } from "../idempotency/run-once.ts";
import { present } from "../kernel/assert.ts";
import { after, days } from "../kernel/clock.ts";
import { type ApprovalId, type LegalEntityId, newId } from "../kernel/ids.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { returnPaidEntry } from "../ledger/entries.ts";
import { postEntries } from "../ledger/post-entry.ts";
import { type ApprovalJson, approvalJson, approvalSchema } from "./approval-json.ts";
import { booksOf } from "./books-of.ts";
import type { Decided, Parts, Who } from "./request-approval.ts";
import { type ApprovalRecord, addStep, lockApproval, savePaid } from "./store.ts";

export type Payment = {
  readonly id: ApprovalId;
  readonly paidOn: string;
  /** What the bank calls the payment. */
  readonly bankReference: string;
  readonly idempotencyKey: string;
};

/** What two agreed to pay has been paid at the bank: the refund or the return is done, and booked out of 1010. */
export async function markPaid(parts: Parts, who: Who, payment: Payment): Promise<Result<Decided, Problem>> {
  const { idempotencyKey, ...command } = payment;
  const order = {
    church: who.churchId,
    name: { principal: who.keyId, route: "POST /v1/approvals/{id}/paid", key: idempotencyKey },
    command,
    status: 200,
    now: parts.clock.now(),
    read: (body: unknown) => approvalSchema.parse(body),
  };
  const done = await runOnce(parts.db, order, (tx) => pay(parts, tx, who, payment));
  if (done.ok && !done.value.replayed) parts.doorbell.ring("outbox");
  return done;
}

async function pay(
  parts: Parts,
  tx: Tx,
  who: Who,
  { id, paidOn, bankReference }: Payment,
): Promise<Result<ApprovalJson, Problem>> {
  const now = parts.clock.now();
  const approval = await lockApproval(tx, who.churchId, id);
  if (!approval) return err({ code: "not_found", detail: "there is no such request" });
  if (approval.state !== "approved" || !approval.payee) {
    return err({ code: "conflict", detail: "nothing was agreed to be paid here" });
  }
  if (approval.paid) return err({ code: "conflict", detail: `it was paid on ${approval.paid.on}` });
  if (Date.parse(paidOn) > after(now, days(1)).getTime()) {
    return err(fieldProblem("invalid_request", "/paid_on", "is a day that has not come yet"));
  }
  const books = await booksOf(tx, who, approval.gatewayAccountId);
  if (!books.ok) return books;
  await savePaid(tx, who.churchId, id, { by: who.keyId, at: now, on: paidOn, reference: bankReference });
  await addStep(tx, who.churchId, id, { what: "paid", by: who.keyId, note: undefined, at: now });
  await settle(parts, tx, who, approval, books.value, now);
  return ok(approvalJson(present(await lockApproval(tx, who.churchId, id), "it is held"), now));
}

async function settle(
  parts: Parts,
  tx: Tx,
  who: Who,
  approval: ApprovalRecord,
  legalEntityId: LegalEntityId,
  now: Date,
): Promise<void> {
  const { matter } = approval;
  if (matter.kind === "manual_payout") {
    const gift = await loadGift(tx, who.churchId, { attemptId: matter.attemptId }, true);
    const refund = await lockRefund(tx, who.churchId, { refundId: matter.refundId });
    await applyRefund(parts, tx, present(gift, "it exists"), present(refund, "it exists"), {
      event: "paid_out",
    });
    return;
  }
  const entry = returnPaidEntry({
    entryId: newId("entry"),
    legalEntityId,
    gatewayAccountId: approval.gatewayAccountId,
    occurredAt: now,
    approvalId: approval.id,
    amount: approval.amount,
  });
  await postEntries(tx, who.churchId, [entry], now);
}
