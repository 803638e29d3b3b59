import { Chargeback, Payment } from "mercadopago";
import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type { EventSubject, GatewayEvent, RawDelivery } from "../../src/gateway/webhook.ts";
import { parseId } from "../../src/kernel/ids.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import type { Account } from "./account.ts";
import { fromDecimal } from "./amounts.ts";
import { type Answer, ask, askPlainly } from "./client.ts";
import { refundStage } from "./codes.ts";
import { readNotification } from "./notification.ts";
import {
  chargebackSchema,
  claimSchema,
  paymentSchema,
  type WireChargeback,
  type WirePayment,
} from "./wire.ts";

type Events = Result<readonly GatewayEvent[], string>;

/**
 * What a notification means, asked at the gateway: where the payment stands is left to a look-up, but its refunds
 * (also those made in the gateway's panel), chargebacks and complaints are told by nothing else. `Err`: could not be
 * asked, to be tried again later.
 */
export async function inquire(account: Account, delivery: RawDelivery, call: GatewayCall): Promise<Events> {
  const read = readNotification(delivery, account);
  if (!read.ok) return read;
  const { topic, id, type } = read.value;
  switch (topic) {
    case "payment":
      return aboutPayment(account, id, call, undefined);
    case "chargeback": {
      const chargeback = await ask(account, chargebackSchema, { call }, (config) =>
        new Chargeback(config).get({ id }),
      );
      if (!chargeback.ok) return unasked("chargeback", chargeback);
      const paymentId = chargeback.value.payment_id ?? chargeback.value.payments[0];
      if (!paymentId) return err("the chargeback names no payment");
      return aboutPayment(account, paymentId, call, chargeback.value);
    }
    case "claim":
      return aboutClaim(account, id, type, call);
    case "other":
      return ok([{ kind: "ignored", type }]);
  }
}

const unasked = (what: string, answer: Answer<unknown> & { ok: false }): Result<never, string> =>
  err(`the ${what} could not be read: ${answer.failure.kind}`);

type Found = { readonly payment: WirePayment; readonly subject: EventSubject };

/** The payment, or `undefined` for one that is not ours: a church may use its account for other things too. */
async function paymentNamed(
  account: Account,
  id: string,
  call: GatewayCall,
): Promise<Result<Found | undefined, string>> {
  const answer = await ask(account, paymentSchema, { call }, (config) => new Payment(config).get({ id }));
  if (!answer.ok) return unasked("payment", answer);
  const attemptId = parseId("attempt", answer.value.external_reference);
  if (!attemptId) return ok(undefined);
  return ok({ payment: answer.value, subject: { gatewayPaymentId: answer.value.id, attemptId } });
}

const notOurs: GatewayEvent = { kind: "ignored", type: "a payment without a reference of ours" };

async function aboutPayment(
  account: Account,
  id: string,
  call: GatewayCall,
  chargeback: WireChargeback | undefined,
): Promise<Events> {
  const found = await paymentNamed(account, id, call);
  if (!found.ok) return found;
  if (!found.value) return ok([notOurs]);
  const { payment, subject } = found.value;
  return ok([hintAt(subject), ...refundsIn(payment, subject), ...disputeIn(payment, subject, chargeback)]);
}

const hintAt = (subject: EventSubject): GatewayEvent => ({ kind: "attempt_hint", subject });

function refundsIn(payment: WirePayment, subject: EventSubject): readonly GatewayEvent[] {
  return (payment.refunds ?? []).flatMap((refund): GatewayEvent[] => {
    const amount = fromDecimal(refund.amount, payment.currency_id);
    if (!amount) return [];
    const status = refundStage(refund.status ?? "") ?? "processing";
    return [{ kind: "refund_changed", subject, gatewayRefundId: refund.id, amount, status }];
  });
}

type DisputeStatus = Extract<GatewayEvent, { kind: "dispute_changed" }>["status"];

/**
 * The payment itself says how a chargeback went: `settled` the church lost, `reimbursed` it won, anything else is
 * open. Named after the payment, so that payment and chargeback tell of one dispute. The gateway withholds the money
 * from the first day, and gives it back with `reimbursed` or when its own protection covers it.
 */
function disputeIn(
  payment: WirePayment,
  subject: EventSubject,
  chargeback: WireChargeback | undefined,
): readonly GatewayEvent[] {
  const amount = fromDecimal(chargeback?.amount ?? payment.transaction_amount, payment.currency_id);
  if (!amount) return [];
  const shared = { kind: "dispute_changed", subject, amount } as const;
  if (payment.status === "in_mediation") {
    const gatewayDisputeId = claimOf(payment.id);
    const rawReason = payment.status_detail || "in_mediation";
    return [{ ...shared, gatewayDisputeId, status: "needs_response", fundsWithdrawn: false, rawReason }];
  }
  if (payment.status !== "charged_back") return [];
  const status = chargebackStatus(payment, chargeback);
  const due = chargeback?.date_documentation_deadline;
  return [
    {
      ...shared,
      gatewayDisputeId: `chargeback-${payment.id}`,
      status,
      fundsWithdrawn: status !== "won",
      ...(due ? { evidenceDueAt: new Date(due) } : {}),
      rawReason: chargeback?.reason ?? payment.status_detail,
    },
  ];
}

const claimOf = (paymentId: string): string => `claim-${paymentId}`;

function chargebackStatus(payment: WirePayment, chargeback: WireChargeback | undefined): DisputeStatus {
  if (payment.status_detail === "reimbursed" || chargeback?.coverage_applied) return "won";
  if (payment.status_detail === "settled") return "lost";
  const answered = chargeback?.documentation_status && chargeback.documentation_status !== "not_supplied";
  const asked = chargeback === undefined || chargeback.documentation_required !== false;
  return asked && !answered ? "needs_response" : "under_review";
}

/**
 * A complaint at Mercado Pago. While it is open the gift is in dispute; once closed nothing more is withheld for it,
 * and money given back to the donor is a refund of the payment, which is told as such.
 */
async function aboutClaim(account: Account, id: string, type: string, call: GatewayCall): Promise<Events> {
  const path = `/post-purchase/v1/claims/${encodeURIComponent(id)}`;
  const claim = await askPlainly(account, claimSchema, { call }, { method: "GET", path });
  if (!claim.ok) return unasked("claim", claim);
  const { resource, resource_id, status } = claim.value;
  if (resource && resource !== "payment") return ok([{ kind: "ignored", type }]);
  const found = await paymentNamed(account, resource_id, call);
  if (!found.ok) return found;
  if (!found.value) return ok([notOurs]);
  const { payment, subject } = found.value;
  const rest = [hintAt(subject), ...refundsIn(payment, subject)];
  const amount = fromDecimal(payment.transaction_amount, payment.currency_id);
  if (status !== "closed" || !amount) return ok([...rest, ...disputeIn(payment, subject, undefined)]);
  const gatewayDisputeId = claimOf(payment.id);
  const rawReason = claim.value.type ?? "claim";
  const closed = { status: "won", fundsWithdrawn: false, rawReason } as const;
  return ok([...rest, { kind: "dispute_changed", subject, gatewayDisputeId, amount, ...closed }]);
}
