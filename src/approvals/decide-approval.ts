import type { Tx } from "../db/client.ts";
import { applyRefund } from "../giving/apply-refund.ts";
import { runOnce } from "../idempotency/run-once.ts";
import { present } from "../kernel/assert.ts";
import type { ApprovalId } from "../kernel/ids.ts";
import { equals } from "../kernel/money.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { type ApprovalJson, approvalJson, approvalSchema } from "./approval-json.ts";
import { booksOf } from "./books-of.ts";
import { examine } from "./examine.ts";
import { execute } from "./execute.ts";
import type { Decided, Parts, Who } from "./request-approval.ts";
import { type ApprovalRecord, addStep, lockApproval, saveDecision } from "./store.ts";

export type Decision = {
  readonly id: ApprovalId;
  readonly verdict: "approve" | "reject";
  readonly note: string | undefined;
  readonly idempotencyKey: string;
};

/**
 * Agrees or refuses, as another than who asked. Agreeing does what was asked in the same transaction: once, or, where
 * things have changed meanwhile, not at all, and the request stays open.
 */
export async function decideApproval(
  parts: Parts,
  who: Who,
  decision: Decision,
): Promise<Result<Decided, Problem>> {
  const { id, verdict, note, idempotencyKey } = decision;
  const order = {
    church: who.churchId,
    name: { principal: who.keyId, route: `POST /v1/approvals/{id}/${verdict}`, key: idempotencyKey },
    command: { id, verdict, note },
    status: 200,
    now: parts.clock.now(),
    read: (body: unknown) => approvalSchema.parse(body),
  };
  const done = await runOnce(parts.db, order, (tx) => decide(parts, tx, who, decision));
  if (done.ok && !done.value.replayed) parts.doorbell.ring("outbox");
  return done;
}

async function decide(
  parts: Parts,
  tx: Tx,
  who: Who,
  { id, verdict, note }: Decision,
): Promise<Result<ApprovalJson, Problem>> {
  const church = who.churchId;
  const now = parts.clock.now();
  const approval = await lockApproval(tx, church, id);
  const objection = objectionTo(approval, who, now);
  if (!approval || objection) return err(objection ?? notFound);
  const books = await booksOf(tx, who, approval.gatewayAccountId);
  if (!books.ok) return books;
  const state = verdict === "approve" ? "approved" : "rejected";
  // The database itself refuses who asked and decides in one: before anything is done.
  await saveDecision(tx, church, id, { state, by: who.keyId, root: who.root, at: now });
  await addStep(tx, church, id, { what: state, by: who.keyId, note, at: now });
  if (verdict === "reject") await closePayout(parts, tx, who, approval);
  else {
    const found = await examine(parts, tx, church, approval.matter);
    if (!found.ok) return found;
    if (!equals(found.value.amount, approval.amount)) {
      return err({ code: "conflict", detail: "the amount is another than when it was asked: ask again" });
    }
    await execute(parts, tx, { churchId: church, legalEntityId: books.value }, approval, found.value);
  }
  return ok(approvalJson(present(await lockApproval(tx, church, id), "it is held"), now));
}

const oneHand =
  "this key and the one that asked were made or rotated by one key, whose holder has had both: " +
  "let the operator (ofrenda key create) or the platform make each person's key";

const notFound: Problem = { code: "not_found", detail: "there is no such request" };

function objectionTo(approval: ApprovalRecord | undefined, who: Who, now: Date): Problem | undefined {
  if (!approval) return notFound;
  if (approval.requestedBy === who.keyId) {
    return { code: "forbidden", detail: "who asked cannot agree: another person's key must decide" };
  }
  if (approval.requestedRoot === who.root) return { code: "forbidden", detail: oneHand };
  if (approval.state !== "pending") return { code: "conflict", detail: `the request is ${approval.state}` };
  if (approval.expiresAt <= now) return { code: "conflict", detail: "the request has expired: ask again" };
  return undefined;
}

/** A payout that is refused closes its refund, so that the money may be asked back in another way. */
async function closePayout(parts: Parts, tx: Tx, who: Who, { matter }: ApprovalRecord): Promise<void> {
  if (matter.kind !== "manual_payout") return;
  const found = await examine(parts, tx, who.churchId, matter);
  if (!found.ok || found.value.kind !== "manual_payout") return;
  await applyRefund(parts, tx, found.value.gift, found.value.refund, { event: "payout_rejected" });
}
