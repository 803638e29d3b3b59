import { bookCharge } from "./balance.ts";
import { approved, draft, testCard } from "./charge-shapes.ts";
import { emit } from "./events.ts";
import type { Scene } from "./scene.ts";
import { schedule } from "./schedule.ts";
import type { Tender } from "./tenders.ts";
import type { CardDecline, TestCard } from "./test-values.ts";
import type { Charge, PaymentDetails, PaymentIntent } from "./wire.ts";

type ChargeOptions = {
  readonly details: PaymentDetails;
  readonly tender: Tender;
  /** Held on the card, to be captured later. */
  readonly hold?: boolean;
  /** The charge already stands as `pending` (bank debits). */
  readonly pending?: Charge;
};

/** The money is there: charge and PaymentIntent succeed, the balance line is booked, both events are sent. */
export async function succeed(
  scene: Scene,
  intent: PaymentIntent,
  options: ChargeOptions,
): Promise<PaymentIntent> {
  const card = testCard(options.tender);
  const base = options.pending ?? draft(scene, intent, options.tender, options.details);
  const charge = await withBalance(scene, card, {
    ...base,
    amount_captured: intent.amount,
    captured: true,
    outcome: approved(card),
    paid: true,
    receipt_url: `https://pay.stripe.com/receipts/payment/${base.id}`,
    status: "succeeded",
  });
  const done: PaymentIntent = {
    ...intent,
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: options.tender.method.id,
    status: "succeeded",
  };
  await scene.documents.put("payment_intent", done);
  await emit(scene, "charge.succeeded", charge);
  await emit(scene, "payment_intent.succeeded", done);
  if (card?.dispute) await schedule(scene, "dispute_opens", charge.id, scene.now);
  return done;
}

/** Writes the charge with its balance line, or schedules the line where the option says it comes later. */
async function withBalance(scene: Scene, card: TestCard | undefined, charge: Charge): Promise<Charge> {
  if (scene.house.balanceTransactions === "later") {
    await scene.documents.put("charge", charge);
    await schedule(scene, "charge_gets_balance_transaction", charge.id, scene.now);
    return charge;
  }
  const line = await bookCharge(scene, charge, card?.availableAtOnce === true);
  const booked = { ...charge, balance_transaction: line.id };
  await scene.documents.put("charge", booked);
  return booked;
}

/** The balance line of a charge that first came without one. */
export async function bringBalance(scene: Scene, chargeId: string): Promise<void> {
  const charge = await scene.documents.get("charge", chargeId);
  if (!charge || charge.balance_transaction) return;
  const line = await bookCharge(scene, charge);
  const booked = { ...charge, balance_transaction: line.id };
  await scene.documents.put("charge", booked);
  await emit(scene, "charge.updated", booked, { balance_transaction: null });
}

/** The bank said yes but the money is only held until captured (`capture_method=manual`). */
export async function hold(
  scene: Scene,
  intent: PaymentIntent,
  options: ChargeOptions,
): Promise<PaymentIntent> {
  const charge: Charge = {
    ...draft(scene, intent, options.tender, options.details),
    outcome: approved(testCard(options.tender)),
    paid: true,
    status: "succeeded",
  };
  const held: PaymentIntent = {
    ...intent,
    amount_capturable: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: options.tender.method.id,
    status: "requires_capture",
  };
  await scene.documents.put("charge", charge);
  await scene.documents.put("payment_intent", held);
  await emit(scene, "charge.succeeded", charge);
  await emit(scene, "payment_intent.amount_capturable_updated", held);
  return held;
}

/** Captures a hold, whole or in part; the rest goes back to the donor. */
export async function capture(
  scene: Scene,
  intent: PaymentIntent,
  charge: Charge,
  amount: number,
): Promise<PaymentIntent> {
  const captured = await withBalance(scene, undefined, {
    ...charge,
    amount_captured: amount,
    amount_refunded: charge.amount - amount,
    captured: true,
  });
  const done: PaymentIntent = {
    ...intent,
    amount_capturable: 0,
    amount_received: amount,
    status: "succeeded",
  };
  await scene.documents.put("payment_intent", done);
  await emit(scene, "charge.captured", captured);
  await emit(scene, "payment_intent.succeeded", done);
  return done;
}

/** A bank debit on its way: a pending charge, the intent `processing`. */
export async function begin(
  scene: Scene,
  intent: PaymentIntent,
  options: ChargeOptions,
): Promise<PaymentIntent> {
  const charge = draft(scene, intent, options.tender, options.details);
  const going: PaymentIntent = {
    ...intent,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: options.tender.method.id,
    status: "processing",
  };
  await scene.documents.put("charge", charge);
  await scene.documents.put("payment_intent", going);
  await emit(scene, "charge.pending", charge);
  await emit(scene, "payment_intent.processing", going);
  return going;
}

/** The bank said no: a failed charge; the intent waits for another payment method and keeps the reason. */
export async function decline(
  scene: Scene,
  intent: PaymentIntent,
  options: ChargeOptions,
  reason: CardDecline,
): Promise<PaymentIntent> {
  const risk = testCard(options.tender)?.riskLevel;
  const charge: Charge = {
    ...(options.pending ?? draft(scene, intent, options.tender, options.details)),
    failure_code: reason.code,
    failure_message: reason.message,
    outcome: {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: null,
      network_status: risk === "highest" ? "not_sent_to_network" : "declined_by_network",
      reason: risk === "highest" ? "highest_risk_level" : (reason.declineCode ?? reason.code),
      risk_level: risk ?? "normal",
      seller_message: "The bank did not return any further details with this decline.",
      type: risk === "highest" ? "blocked" : "issuer_declined",
    },
    status: "failed",
  };
  await scene.documents.put("charge", charge);
  await emit(scene, "charge.failed", charge);
  return failed(scene, intent, options.tender, {
    ...reason,
    charge: charge.id,
    type: options.tender.instrument.type === "card" ? "card_error" : "invalid_request_error",
  });
}

type Failure = CardDecline & {
  readonly charge?: string;
  readonly type: "card_error" | "invalid_request_error";
};

/** The attempt failed: `requires_payment_method`, with the reason in `last_payment_error`. */
export async function failed(
  scene: Scene,
  intent: PaymentIntent,
  tender: Tender,
  failure: Failure,
): Promise<PaymentIntent> {
  const open: PaymentIntent = {
    ...intent,
    last_payment_error: {
      ...(failure.charge ? { charge: failure.charge } : {}),
      code: failure.code,
      ...(failure.declineCode ? { decline_code: failure.declineCode } : {}),
      doc_url: `https://stripe.com/docs/error-codes/${failure.code.replaceAll("_", "-")}`,
      message: failure.message,
      payment_method: tender.method,
      payment_method_type: tender.instrument.type,
      type: failure.type,
    },
    latest_charge: failure.charge ?? intent.latest_charge,
    next_action: null,
    payment_method: null,
    status: "requires_payment_method",
  };
  await scene.documents.put("payment_intent", open);
  await emit(scene, "payment_intent.payment_failed", open);
  return open;
}
