import { decimalText } from "../../../src/kernel/money.ts";
import { book, moneyOf } from "./balance.ts";
import { emit } from "./events.ts";
import { transferOf } from "./lent-accounts.ts";
import { invalid, missing } from "./refusal.ts";
import { day, type Scene } from "./scene.ts";
import { schedule, unschedule } from "./schedule.ts";
import type { CreateRefund } from "./schemas-around.ts";
import { isDebitType } from "./test-accounts.ts";
import { testCards } from "./test-values.ts";
import type { Charge, Refund } from "./wire.ts";

/** Refunds a charge, whole or in part; refuses what Stripe refuses (facts: methods §3.5). */
export async function createRefund(scene: Scene, asked: CreateRefund): Promise<Refund> {
  const charge = await chargeToRefund(scene, asked);
  const method = charge.payment_method_details?.type ?? "card";
  const amount = refundable(scene, charge, method, asked.amount);
  const instructions = asksForAccount(method) ? await emailFor(scene, charge, asked) : undefined;
  const fate = await fateOf(scene, charge, method);
  const id = scene.house.ids.id(method === "card" ? "re" : "pyr");
  const line = await book(scene, {
    amount: -amount,
    currency: charge.currency,
    type: method === "card" ? "refund" : "payment_refund",
    category: "refund",
    source: id,
    description: charge.description ? `REFUND FOR PAYMENT (${charge.description})` : "REFUND FOR PAYMENT",
  });
  const refund: Refund = {
    id,
    object: "refund",
    amount,
    balance_transaction: line.id,
    charge: charge.id,
    created: scene.now,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: destination(method, charge.currency),
    ...(instructions
      ? {
          instructions_email: instructions,
          next_action: {
            display_details: {
              email_sent: { email_sent_at: scene.now, email_sent_to: instructions },
              expires_at: scene.now + 45 * day,
            },
            type: "display_details",
          },
        }
      : {}),
    metadata: asked.metadata || {},
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    ...(fate === "pending" ? { pending_reason: "processing" as const } : {}),
    reason: asked.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: fate === "needs_bank_details" ? "requires_action" : fate === "pending" ? "pending" : "succeeded",
    transfer_reversal: null,
  };
  await scene.documents.put("refund", refund);
  const total = charge.amount_refunded + amount;
  const charged: Charge = { ...charge, amount_refunded: total, refunded: total === charge.amount_captured };
  await scene.documents.put("charge", charged);
  await emit(scene, "refund.created", refund);
  await emit(scene, "charge.refunded", charged, {
    amount_refunded: charge.amount_refunded,
    refunded: charge.refunded,
  });
  if (fate === "needs_bank_details") await schedule(scene, "refund_expires", id, scene.now + 45 * day);
  if (fate === "pending") await schedule(scene, "refund_succeeds", id, scene.now + pendingFor(method));
  if (fate === "fails_later") await schedule(scene, "refund_fails", id, scene.now);
  return refund;
}

const pendingFor = (method: string): number => (isDebitType(method) ? 4 * day : 0);

async function chargeToRefund(scene: Scene, asked: CreateRefund): Promise<Charge> {
  if (asked.charge && asked.payment_intent) {
    throw invalid("You may only specify one of these parameters: charge, payment_intent.");
  }
  if (asked.charge) {
    const charge = await scene.documents.get("charge", asked.charge);
    if (!charge) throw missing("charge", asked.charge, "charge");
    return charge;
  }
  if (!asked.payment_intent) {
    throw invalid(
      "One of the following params should be provided for this request: payment_intent or charge.",
    );
  }
  const intent = await scene.documents.get("payment_intent", asked.payment_intent);
  if (!intent) throw missing("payment_intent", asked.payment_intent, "payment_intent");
  const charge = await scene.documents.named("charge", intent.latest_charge);
  if (charge?.status !== "succeeded") {
    throw invalid(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, {
      param: "payment_intent",
    });
  }
  return charge;
}

/** For how long each method can be refunded (facts: methods §3.5); cards, Link and coins have no such end. */
const refundDays: Readonly<Record<string, number>> = {
  customer_balance: 180,
  us_bank_account: 180,
  sepa_debit: 180,
  bacs_debit: 180,
  acss_debit: 180,
  revolut_pay: 180,
  amazon_pay: 90,
  multibanco: 365,
  mb_way: 365,
  pay_by_bank: 730,
};

/** The amount to refund in minor units, default all that is left. */
function refundable(scene: Scene, charge: Charge, method: string, asked: number | undefined): number {
  if (charge.status !== "succeeded" || !charge.captured) {
    throw invalid(`Charge ${charge.id} is not refundable in its present state.`, {
      code: "charge_not_refundable",
    });
  }
  if (method === "oxxo" || method === "boleto") {
    throw invalid(`Refunds are not supported for ${method} payments.`, {
      code: "charge_not_refundable",
      charge: charge.id,
    });
  }
  if (charge.disputed) {
    throw invalid(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: "charge_disputed",
      charge: charge.id,
    });
  }
  const left = charge.amount_captured - charge.amount_refunded;
  if (left === 0) {
    throw invalid(`Charge ${charge.id} has already been refunded.`, {
      code: "charge_already_refunded",
      charge: charge.id,
    });
  }
  const allowed = refundDays[method];
  if (allowed !== undefined && scene.now > charge.created + allowed * day) {
    throw invalid(`Charge ${charge.id} is too old to be refunded: ${method} allows ${allowed} days.`, {
      code: "charge_not_refundable",
      charge: charge.id,
    });
  }
  const amount = asked ?? left;
  if (amount < 1)
    throw invalid("Invalid positive integer", { code: "parameter_invalid_integer", param: "amount" });
  if (amount > left) {
    const shown = (minor: number) => `$${decimalText(moneyOf(minor, charge.currency))}`;
    throw invalid(
      `Refund amount (${shown(amount)}) is greater than unrefunded amount on charge (${shown(left)})`,
      { param: "amount" },
    );
  }
  return amount;
}

/** Where Stripe writes to ask the donor for a bank account. */
async function emailFor(scene: Scene, charge: Charge, asked: CreateRefund): Promise<string> {
  const customer = await scene.documents.named("customer", charge.customer);
  const email = asked.instructions_email ?? customer?.email ?? charge.billing_details.email;
  if (email) return email;
  throw invalid("To refund a bank transfer, give `instructions_email` or a customer with an email address.", {
    code: "parameter_missing",
    param: "instructions_email",
  });
}

type Fate = "succeeds" | "pending" | "fails_later" | "needs_bank_details";

async function fateOf(scene: Scene, charge: Charge, method: string): Promise<Fate> {
  if (asksForAccount(method)) return "needs_bank_details";
  if (isDebitType(method) || method === "multibanco" || method === "crypto") return "pending";
  const instrument = await scene.documents.named("instrument", charge.payment_method);
  const habit = instrument ? testCards[instrument.number]?.refund : undefined;
  if (habit === "pending_then_succeeds") return "pending";
  return habit === "succeeds_then_fails" ? "fails_later" : "succeeds";
}

/** Where Stripe does not know the donor's own account and writes to ask for it. */
const asksForAccount = (method: string): boolean => method === "customer_balance";

function destination(method: string, currency: string): NonNullable<Refund["destination_details"]> {
  if (method === "card") {
    return {
      card: { reference_status: "pending", reference_type: "acquirer_reference_number", type: "refund" },
      type: "card",
    };
  }
  if (method === "customer_balance") {
    const reference = { reference: null, reference_status: "pending" };
    switch (transferOf[currency]) {
      case "us_bank_transfer":
        return { type: "us_bank_transfer", us_bank_transfer: reference };
      case "eu_bank_transfer":
        return { eu_bank_transfer: reference, type: "eu_bank_transfer" };
      case "gb_bank_transfer":
        return { gb_bank_transfer: reference, type: "gb_bank_transfer" };
      default:
        return { mx_bank_transfer: reference, type: "mx_bank_transfer" };
    }
  }
  if (method === "us_bank_account") {
    return { type: "us_bank_transfer", us_bank_transfer: { reference: null, reference_status: "pending" } };
  }
  return { type: method };
}

/** The refund reached the donor. */
export async function refundSucceeded(scene: Scene, refund: Refund): Promise<Refund> {
  if (refund.status !== "pending" && refund.status !== "requires_action") return refund;
  await forget(scene, refund.id);
  const { next_action: _asked, pending_reason: _waited, ...rest } = refund;
  const done: Refund = { ...rest, status: "succeeded" };
  await scene.documents.put("refund", done);
  await emit(scene, "refund.updated", done, { status: refund.status });
  return done;
}

/**
 * The refund could not be delivered: the money is back on our balance and the charge counts as not refunded by
 * that much (Stripe: `refund.failed`).
 */
export async function refundFailed(scene: Scene, refund: Refund, reason: string): Promise<Refund> {
  if (refund.status === "failed" || refund.status === "canceled") return refund;
  await forget(scene, refund.id);
  const line = await book(scene, {
    amount: refund.amount,
    currency: refund.currency,
    type: "refund_failure",
    category: "refund_failure",
    source: refund.id,
    description: "REFUND FAILURE",
  });
  const { next_action: _asked, pending_reason: _waited, ...rest } = refund;
  const failed: Refund = {
    ...rest,
    failure_balance_transaction: line.id,
    failure_reason: reason,
    status: "failed",
  };
  await scene.documents.put("refund", failed);
  const charge = await scene.documents.named("charge", refund.charge);
  if (charge) {
    const restored = { ...charge, amount_refunded: charge.amount_refunded - refund.amount, refunded: false };
    await scene.documents.put("charge", restored);
    await emit(scene, "charge.updated", restored, {
      amount_refunded: charge.amount_refunded,
      refunded: charge.refunded,
    });
  }
  await emit(scene, "refund.updated", failed, { status: refund.status });
  await emit(scene, "refund.failed", failed);
  return failed;
}

async function forget(scene: Scene, refundId: string): Promise<void> {
  await unschedule(scene, "refund_succeeds", refundId);
  await unschedule(scene, "refund_fails", refundId);
  await unschedule(scene, "refund_expires", refundId);
}
