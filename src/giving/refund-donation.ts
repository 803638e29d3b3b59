import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { callGateway } from "../gateway/call-gateway.ts";
import type { RefundOutcome, RefundReason } from "../gateway/payment.ts";
import { awaitAnswer } from "../idempotency/await-answer.ts";
import { type ClaimOrder, type CommandName, claim, finish, release } from "../idempotency/claim.ts";
import { fingerprintOf } from "../idempotency/fingerprint.ts";
import { present } from "../kernel/assert.ts";
import { after, days } from "../kernel/clock.ts";
import { type ChurchId, type DonationId, newId, parseId, type RefundId, uuidOf } from "../kernel/ids.ts";
import { add, formatMoney, isPositive, type Money } from "../kernel/money.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { applyRefund, openRefund, type RefundNews } from "./apply-refund.ts";
import { refundable } from "./decide.ts";
import type { Gift } from "./gift.ts";
import { loadGift } from "./load-gift.ts";
import { claimsOf, sealedClaim } from "./refund-claim.ts";
import { type RefundJson, refundJson } from "./refund-json.ts";
import { claimRefund, insertRefund, lockRefund, type RefundRecord } from "./refund-store.ts";

export type RefundRequest = {
  readonly churchId: ChurchId;
  readonly principal: string;
  readonly idempotencyKey: string;
  readonly donationId: DonationId;
  /** Absent: all that is left. */
  readonly amount?: Money;
  readonly reason: RefundReason;
  readonly traceId: string;
};

export type Refunded = { readonly refund: RefundJson; readonly replayed: boolean };

type Begun =
  | { readonly kind: "replay"; readonly body: unknown }
  | { readonly kind: "go"; readonly gift: Gift; readonly refund: RefundRecord };

/**
 * Gives money back, in the same three steps as a gift: claim the amount and write the refund, call the gateway
 * with no transaction open, write its answer. The claim is what makes concurrent refunds safe: the sum asked
 * back can never pass what was captured, whoever asks and however often.
 *
 * Where the method gives nothing back the gateway is not asked: the refund waits for its payee, for two people to
 * agree and for the bank's reference (src/approvals).
 */
export async function refundDonation(deps: Deps, request: RefundRequest): Promise<Result<Refunded, Problem>> {
  const name: CommandName = {
    principal: request.principal,
    route: "POST /v1/donations/{id}/refunds",
    key: request.idempotencyKey,
  };
  const church = request.churchId;
  const { churchId: _, idempotencyKey: __, principal: ___, traceId: ____, ...command } = request;
  const refundId = newId("refund");
  const fingerprint = fingerprintOf(command);
  const order = {
    church,
    name,
    fingerprint,
    resourceId: refundId,
    now: deps.clock.now(),
  };
  const begun = await deps.db
    .inChurch(church, (tx) => begin(deps, tx, request, order, refundId))
    .catch(undone);
  if (!begun.ok) {
    const inFlight = begun.error.code === "idempotency_in_flight";
    const first = inFlight ? await awaitAnswer(deps.db, order) : undefined;
    if (first?.ok && first.value.kind === "replay") {
      return ok({ refund: await shown(deps, church, first.value.body as RefundJson), replayed: true });
    }
    return begun;
  }
  if (begun.value.kind === "replay") {
    return ok({ refund: await shown(deps, church, begun.value.body as RefundJson), replayed: true });
  }
  const { gift, refund } = begun.value;
  const outcome = refund.state === "submitted" ? await send(deps, gift, refund, request.traceId) : undefined;
  const { body, settled } = await deps.db.inChurch(church, async (tx) => {
    const current = present(await loadGift(tx, church, { attemptId: refund.attemptId }, true), "it exists");
    const held = present(await lockRefund(tx, church, { refundId: refund.id }), "it exists");
    const claim = outcome ? await sealedClaim(deps, tx, church, held.id, outcome) : {};
    const news = outcome && { ...newsOf(outcome), ...claim };
    const settled = news ? await applyRefund(deps, tx, current, held, news) : held;
    const body = refundJson(settled);
    if (settled.state === "refused") await release(tx.sql, church, name);
    else await finish(tx.sql, church, [{ name, status: 201, body }]);
    return { body, settled };
  });
  deps.doorbell.ring("outbox");
  if (settled.state === "refused" && outcome) return err(refusedBy(outcome));
  return ok({ refund: await shown(deps, church, body), replayed: false });
}

/** The answer with where the donor claims the refund, which is not kept with the answers for replay. */
async function shown(deps: Deps, church: ChurchId, refund: RefundJson): Promise<RefundJson> {
  const donation = parseId("donation", refund.donation);
  if (refund.status !== "action_required" || !donation) return refund;
  const claims = await claimsOf(deps, church, donation);
  const claim = claims.find((one) => one.refund === refund.id);
  return claim ? { ...refund, claim_url: claim.url } : refund;
}

/** A refusal after the claim rolls the claim back with the transaction, so that the key is free again. */
class Undo extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.code);
    this.problem = problem;
  }
}
function undone(error: unknown): Result<never, Problem> {
  if (error instanceof Undo) return err(error.problem);
  throw error;
}

async function begin(
  deps: Deps,
  tx: Tx,
  request: RefundRequest,
  order: ClaimOrder,
  refundId: RefundId,
): Promise<Result<Begun, Problem>> {
  const { church, now } = order;
  const claimed = await claim(tx, order);
  if (!claimed.ok) return claimed;
  if (claimed.value.kind === "replay") return ok({ kind: "replay", body: claimed.value.body });
  const gift = await loadGift(tx, church, { donationId: request.donationId }, true);
  if (!gift) throw new Undo({ code: "not_found", detail: "there is no such donation" });
  if (claimed.value.kind === "take_over") {
    const made = present(parseId("refund", claimed.value.resourceId), "the claim names a refund");
    const refund = await lockRefund(tx, church, { refundId: made });
    return ok({ kind: "go", gift, refund: present(refund, "a claimed refund exists") });
  }
  const amount = request.amount ?? refundable(gift.attempt);
  const problem = objection(deps, gift, amount, now);
  if (problem) throw new Undo(problem);
  if (!(await claimRefund(tx, church, gift.attempt.id, amount))) throw new Undo(tooMuch(gift));
  const claimedGift = withClaim(gift, amount);
  const byHand = capabilityOf(deps, gift)?.refunds === "none";
  const refund = openRefund(
    claimedGift,
    { id: refundId, amount, reason: request.reason, gatewayKey: `ofr-${uuidOf(refundId)}` },
    now,
    byHand ? "awaiting_payout" : "submitted",
  );
  await insertRefund(tx, church, refund);
  return ok({ kind: "go", gift: claimedGift, refund });
}

/** The gift once this much more of it has been asked back. */
const withClaim = (gift: Gift, amount: Money): Gift => ({
  ...gift,
  attempt: { ...gift.attempt, refundClaimed: add(gift.attempt.refundClaimed, amount) },
});

const capabilityOf = (deps: Deps, { attempt, donation }: Gift) =>
  deps.payments.manifests
    .get(attempt.gateway)
    ?.methods.find((m) => m.type === donation.method && m.countries.includes(donation.country));

/** Why this donation cannot be refunded by its method, before any money is claimed. */
function objection(deps: Deps, gift: Gift, amount: Money, now: Date): Problem | undefined {
  const { attempt, donation } = gift;
  if (attempt.state !== "captured") {
    return { code: "donation_not_refundable", detail: "only a donation that has succeeded can be refunded" };
  }
  const method = capabilityOf(deps, gift);
  if (!method) {
    const detail = `${attempt.gateway} does not carry ${donation.method} in ${donation.country}`;
    return { code: "donation_not_refundable", detail };
  }
  const window = method.refundWindowDays;
  if (window !== undefined && attempt.capturedAt && after(attempt.capturedAt, days(window)) < now) {
    return {
      code: "donation_not_refundable",
      detail: `${donation.method} can be refunded for ${window} days`,
    };
  }
  if (amount.currency !== attempt.amount.currency) {
    return fieldProblem("currency_unknown", "/amount", `the donation is in ${attempt.amount.currency}`);
  }
  if (!isPositive(amount)) return tooMuch(gift);
  if (method.refunds === "full" && amount.minor !== attempt.captured.minor) {
    return fieldProblem(
      "donation_not_refundable",
      "/amount",
      `${donation.method} can only be refunded whole`,
    );
  }
  return undefined;
}

function tooMuch(gift: Gift): Problem {
  const left = formatMoney(refundable(gift.attempt), "en");
  return fieldProblem("refund_exceeds_remaining", "/amount", `at most ${left} is left to refund`);
}

async function send(deps: Deps, gift: Gift, refund: RefundRecord, traceId: string): Promise<RefundOutcome> {
  const { donation, attempt } = gift;
  const ready = await deps.payments.ready(donation.churchId, attempt.gatewayAccountId);
  if (!ready) {
    const detail = "the gateway account is disabled, or cannot be served here";
    const problem = { reason: "account_problem", rawCode: "account_unavailable", detail } as const;
    return { kind: "refused", problem, evidence: {} };
  }
  const gatewayPaymentId = present(attempt.gatewayPaymentId, "a captured attempt has the gateway's id");
  const names = {
    gateway: attempt.gateway,
    operation: "refund",
    idempotencyKey: refund.gatewayKey,
    traceId,
  } as const;
  return callGateway<RefundOutcome>(deps, names, (call) =>
    ready.adapter.payments.refund(
      {
        refundId: refund.id,
        gatewayPaymentId,
        amount: refund.amount,
        // This refund's own claim is in the sum already.
        refundable: add(refundable(attempt), refund.amount),
        method: donation.method,
        reason: refund.reason,
      },
      call,
    ),
  );
}

export function newsOf(outcome: RefundOutcome): RefundNews {
  const id = "gatewayRefundId" in outcome ? outcome.gatewayRefundId : undefined;
  return {
    event: outcome.kind,
    evidence: outcome.evidence,
    ...(id === undefined ? {} : { gatewayRefundId: id }),
  };
}

function refusedBy(outcome: RefundOutcome): Problem {
  if (outcome.kind === "not_sent") {
    return {
      code: "gateway_unavailable",
      detail: "the gateway could not be reached; nothing was refunded: try again",
      retryAfterSeconds: 5,
    };
  }
  const said = outcome.kind === "refused" ? outcome.problem.detail : outcome.kind;
  return { code: "gateway_refused", detail: `nothing was refunded; the gateway said: ${said}` };
}
