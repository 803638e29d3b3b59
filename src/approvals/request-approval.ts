import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { conflictedAttempt } from "../giving/attempt-history.ts";
import { loadGift } from "../giving/load-gift.ts";
import { lockRefund } from "../giving/refund-store.ts";
import type { CommandName } from "../idempotency/claim.ts";
import { runOnce } from "../idempotency/run-once.ts";
import { after, days } from "../kernel/clock.ts";
import { type ApiKeyId, type ChurchId, newId } from "../kernel/ids.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { type ApprovalJson, approvalJson, approvalSchema } from "./approval-json.ts";
import { booksOf } from "./books-of.ts";
import { type Examined, examine } from "./examine.ts";
import { type Asked, type Matter, subjectOf } from "./kinds.ts";
import { checkPayee, sealPayee } from "./payee.ts";
import { addStep, expireApprovals, insertApproval, lockApproval } from "./store.ts";

export type Parts = Pick<Deps, "db" | "vault" | "payments" | "clock" | "log" | "metrics" | "doorbell">;

export type Who = {
  readonly churchId: ChurchId;
  readonly keyId: ApiKeyId;
  /** The first of the keys by which theirs was made: of one root, one person. */
  readonly root: ApiKeyId;
  readonly mode: "test" | "live";
};
export type Decided = { readonly answer: ApprovalJson; readonly replayed: boolean };

/** How long the other person has to look at it. */
const approvalLivesMs = days(14);

/**
 * Asks for something that two must agree to. Refused at once where it could not be done as things stand, or while
 * another request about the same thing is open.
 */
export function requestApproval(
  parts: Parts,
  who: Who,
  asked: Asked,
  more: { readonly note: string | undefined; readonly idempotencyKey: string },
): Promise<Result<Decided, Problem>> {
  const name: CommandName = {
    principal: who.keyId,
    route: "POST /v1/approvals",
    key: more.idempotencyKey,
  };
  const order = {
    church: who.churchId,
    name,
    command: { ...asked, note: more.note },
    status: 201,
    now: parts.clock.now(),
    read: (body: unknown) => approvalSchema.parse(body),
  };
  return runOnce(parts.db, order, (tx) => request(parts, tx, who, asked, more.note));
}

async function request(
  parts: Parts,
  tx: Tx,
  who: Who,
  asked: Asked,
  note: string | undefined,
): Promise<Result<ApprovalJson, Problem>> {
  const church = who.churchId;
  const now = parts.clock.now();
  const dated = asked.kind === "confirm_transfer" ? checkDay(asked.receivedOn, now) : ok(undefined);
  if (!dated.ok) return dated;
  const payee = "payee" in asked ? checkPayee(asked.payee) : ok(undefined);
  if (!payee.ok) return payee;
  const matter = await matterOf(tx, church, asked);
  if (!matter.ok) return matter;
  const found = await examine(parts, tx, church, matter.value);
  if (!found.ok) return found;
  const books = await booksOf(tx, who, accountOf(found.value));
  if (!books.ok) return books;
  const id = newId("approval");
  const subject = subjectOf(matter.value);
  for (const old of await expireApprovals(tx, church, subject, now)) {
    await addStep(tx, church, old, { what: "expired", by: undefined, note: undefined, at: now });
  }
  const kept = await insertApproval(tx, church, {
    id,
    matter: matter.value,
    gatewayAccountId: accountOf(found.value),
    donationId: "gift" in found.value ? found.value.gift.donation.id : undefined,
    amount: found.value.amount,
    payee: payee.value && (await sealPayee(parts.vault, tx, church, id, payee.value)),
    requestedBy: who.keyId,
    requestedRoot: who.root,
    requestedAt: now,
    expiresAt: after(now, approvalLivesMs),
  });
  if (!kept) return err({ code: "conflict", detail: "a request about this is waiting to be decided" });
  await addStep(tx, church, id, { what: "requested", by: who.keyId, note, at: now });
  const written = await lockApproval(tx, church, id);
  if (!written) throw new Error("an approval that was written is there");
  return ok(approvalJson(written, now));
}

const accountOf = (found: Examined) =>
  "gift" in found ? found.gift.attempt.gatewayAccountId : found.line.gatewayAccountId;

/** Tomorrow's money cannot have come; a day's grace for who lives ahead of UTC. */
function checkDay(receivedOn: string, now: Date): Result<undefined, Problem> {
  if (Date.parse(receivedOn) <= after(now, days(1)).getTime()) return ok(undefined);
  return err(fieldProblem("invalid_request", "/received_on", "is a day that has not come yet"));
}

async function matterOf(tx: Tx, church: ChurchId, asked: Asked): Promise<Result<Matter, Problem>> {
  if (asked.kind === "return_unmatched_line") return ok({ kind: asked.kind, lineId: asked.lineId });
  if (asked.kind === "manual_payout") {
    const refund = await lockRefund(tx, church, { refundId: asked.refundId });
    if (!refund) return err({ code: "not_found", detail: "there is no such refund" });
    return ok({ kind: asked.kind, refundId: refund.id, attemptId: refund.attemptId });
  }
  const gift = await loadGift(tx, church, { donationId: asked.donationId }, true);
  if (!gift) return err({ code: "not_found", detail: "there is no such donation" });
  const attemptId = gift.attempt.id;
  switch (asked.kind) {
    case "confirm_transfer": {
      const { receivedOn, bankReference } = asked;
      return ok({
        kind: asked.kind,
        attemptId,
        receivedOn,
        ...(bankReference === undefined ? {} : { bankReference }),
      });
    }
    case "assign_unmatched_line":
      return ok({ kind: asked.kind, attemptId, lineId: asked.lineId });
    case "accept_conflicted":
    case "return_conflicted": {
      // What came a second time stands by an attempt the donation has moved on from.
      const conflicted = await conflictedAttempt(tx, church, asked.donationId);
      return ok({ kind: asked.kind, attemptId: conflicted ?? attemptId });
    }
  }
}
