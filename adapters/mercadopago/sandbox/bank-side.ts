import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";
import { after, days } from "../../../src/kernel/clock.ts";
import { compare, isPositive, type Money, zero } from "../../../src/kernel/money.ts";
import { err, ok, type Result } from "../../../src/kernel/result.ts";
import {
  chargebackDocument,
  claimDocument,
  type SimChargeback,
  type SimClaim,
  type SimPayment,
} from "./documents.ts";
import { inDecimal, inMoney, paidAgain, settled } from "./money-kept.ts";
import { tellPayment, tellSeller } from "./notices.ts";
import { written } from "./payment-shape.ts";
import { addRefund, refundable, withRefunds } from "./refunds.ts";
import { digits, savePayment } from "./state.ts";

/** What the bank's side of one payment is played with. */
export type Play = { readonly documents: SandboxDocuments; readonly payment: SimPayment; readonly now: Date };
export type Played = Promise<Result<void, string>>;

async function changed({ documents, now }: Play, payment: SimPayment): Played {
  await savePayment(documents, payment);
  await tellPayment(documents, payment, "payment.updated", now);
  return ok(undefined);
}

const turned = (payment: SimPayment, status: string, status_detail: string, now: Date): SimPayment => ({
  ...payment,
  body: { ...payment.body, status, status_detail, date_last_updated: written(now) },
});

export const isWaiting = ({ body }: SimPayment): boolean =>
  body.status === "pending" || body.status === "in_process";
const isLost = ({ body }: SimPayment): boolean =>
  body.status === "cancelled" || (body.status === "rejected" && body.payment_type_id !== "credit_card");

/** Money comes: in time, or after the gateway had given the payment up; as much as was asked, or not. */
export async function pay(play: Play, amount?: Money): Played {
  const { payment, now } = play;
  if (!isWaiting(payment) && !isLost(payment)) return err("It is not waiting for money.");
  if (amount && !isPositive(amount)) return err("An amount must be positive.");
  return changed(play, settled(payment, now, amount));
}

/** The same slip is paid once more. */
export async function payAgain(play: Play): Played {
  const { payment, now } = play;
  if (payment.body.status !== "approved") return err("It has not been paid yet.");
  return changed(play, paidAgain(payment, now));
}

export async function refuse(play: Play, detail: string): Played {
  if (!isWaiting(play.payment)) return err("It is not waiting.");
  return changed(play, turned(play.payment, "rejected", detail, play.now));
}

export async function expire(play: Play): Played {
  if (!isWaiting(play.payment)) return err("It is not waiting.");
  return changed(play, turned(play.payment, "cancelled", "expired", play.now));
}

/** Somebody gives money back in the gateway's own panel. */
export async function refundInPanel(play: Play, amount: Money): Played {
  const { payment, now } = play;
  if (payment.body.status !== "approved") return err("Only a paid one can be given back.");
  const left = refundable(payment);
  if (!isPositive(amount) || compare(amount, left) > 0) return err("That is more than is left.");
  return changed(play, addRefund(payment, amount, now, "approved").payment);
}

/** A refund that was on its way arrives, or does not. */
export async function endRefund(play: Play, refundId: number, status: "approved" | "rejected"): Played {
  const { payment, now } = play;
  const { refunds } = payment.body;
  if (!refunds.some((one) => one.id === refundId && one.status === "in_process")) {
    return err("There is no such refund on its way.");
  }
  const ended = refunds.map((one) => (one.id === refundId ? { ...one, status } : one));
  return changed(play, withRefunds(payment, ended, now));
}

const underPayment = (payment: SimPayment): string => `payment ${payment.body.id}`;

export async function chargebackOf(
  documents: SandboxDocuments,
  payment: SimPayment,
): Promise<SimChargeback | undefined> {
  const [found] = await documents.list("chargeback", underPayment(payment), {
    order: "newest_first",
    limit: 1,
  });
  return found && chargebackDocument.parse(found.document);
}

/** The donor disowns the payment at their bank; the gateway withholds the money. */
export async function openChargeback(play: Play): Played {
  const { documents, payment, now } = play;
  const { body } = payment;
  if (body.status !== "approved" || (await chargebackOf(documents, payment)))
    return err("It cannot be disowned now.");
  const chargeback: SimChargeback = {
    seller: payment.seller,
    body: {
      id: digits(18),
      payments: [{ id: body.id }],
      currency: body.currency_id,
      amount: inDecimal(refundable(payment)),
      coverage_applied: false,
      coverage_elegible: true,
      documentation_required: true,
      documentation_status: "not_supplied",
      date_documentation_deadline: written(after(now, days(10))),
      date_created: written(now),
      date_last_updated: written(now),
    },
  };
  await documents.put("chargeback", chargeback.body.id, chargeback, [underPayment(payment)]);
  await tellSeller(documents, payment, "topic_chargebacks_wh", chargeback.body.id, now);
  return changed(play, turned(payment, "charged_back", "in_process", now));
}

export async function closeChargeback(play: Play, won: boolean): Played {
  const { documents, payment, now } = play;
  const chargeback = await chargebackOf(documents, payment);
  if (!chargeback || payment.body.status_detail !== "in_process") return err("There is no open chargeback.");
  const body = {
    ...chargeback.body,
    documentation_status: "valid",
    date_last_updated: written(now),
  } as const;
  await documents.put("chargeback", body.id, { ...chargeback, body }, [underPayment(payment)]);
  await tellSeller(documents, payment, "topic_chargebacks_wh", body.id, now);
  return changed(play, turned(payment, "charged_back", won ? "reimbursed" : "settled", now));
}

export async function claimOf(
  documents: SandboxDocuments,
  payment: SimPayment,
): Promise<SimClaim | undefined> {
  const [found] = await documents.list("claim", underPayment(payment), { order: "newest_first", limit: 1 });
  return found && claimDocument.parse(found.document);
}

/** The donor complains at Mercado Pago itself. */
export async function openClaim(play: Play): Played {
  const { documents, payment, now } = play;
  if (payment.body.status !== "approved") return err("It cannot be complained about now.");
  const at = written(now);
  const body = { id: Number(digits(10)), resource_id: payment.body.id, date_created: at, last_updated: at };
  const fixed = { resource: "payment", status: "opened", type: "mediations", stage: "claim" } as const;
  const claim: SimClaim = { seller: payment.seller, body: { ...body, ...fixed } };
  await documents.put("claim", String(body.id), claim, [underPayment(payment)]);
  await tellSeller(documents, payment, "topic_claims_integration_wh", String(body.id), now);
  return changed(play, turned(payment, "in_mediation", "pending", now));
}

/** The complaint ends: for the church, or with all of it given back to the donor. */
export async function closeClaim(play: Play, forChurch: boolean): Played {
  const { documents, payment, now } = play;
  const claim = await claimOf(documents, payment);
  if (payment.body.status !== "in_mediation" || !claim) return err("There is no open complaint.");
  const body = { ...claim.body, status: "closed", last_updated: written(now) } as const;
  await documents.put("claim", String(body.id), { ...claim, body }, [underPayment(payment)]);
  const back = turned(payment, "approved", "accredited", now);
  const left = refundable(back);
  const ended =
    forChurch || left.minor <= zero(left.currency).minor
      ? back
      : addRefund(back, left, now, "approved").payment;
  const done = await changed(play, ended);
  await tellSeller(documents, payment, "topic_claims_integration_wh", String(body.id), now);
  return done;
}

/** Codes and bank pages end by themselves; slips stay open until somebody cancels them (facts: payment-methods). */
export async function lapseIfDue(
  documents: SandboxDocuments,
  payment: SimPayment,
  now: Date,
): Promise<SimPayment> {
  const { body } = payment;
  if (body.status !== "pending") return payment;
  const bank = body.payment_method_id === "pse" ? 15 : body.payment_method_id === "fintoc" ? 10 : undefined;
  const created = Date.parse(body.date_created);
  const bankOver = bank !== undefined && now.getTime() >= created + bank * 60_000;
  const codeOver =
    body.payment_method_id === "pix" &&
    body.date_of_expiration !== null &&
    Date.parse(body.date_of_expiration) <= now.getTime();
  // "Canceled after 24 hours in pending status."
  const challengeOver = body.status_detail === "pending_challenge" && now.getTime() >= created + days(1);
  if (!bankOver && !codeOver && !challengeOver) return payment;
  const over = bankOver
    ? turned(payment, "rejected", "bank_error", now)
    : turned(payment, "cancelled", "expired", now);
  await changed({ documents, payment, now }, over);
  return over;
}

export const askedFor = ({ body }: SimPayment): Money => inMoney(body.transaction_amount, body.currency_id);
