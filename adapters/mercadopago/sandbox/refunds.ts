import { z } from "zod";
import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";
import { days } from "../../../src/kernel/clock.ts";
import { add, compare, type Money, subtract, sum } from "../../../src/kernel/money.ts";
import type { SimPayment, SimRefund } from "./documents.ts";
import { inDecimal, inMoney } from "./money-kept.ts";
import { written } from "./payment-shape.ts";
import { bad, Refusal } from "./refusal.ts";
import { digits, type Scene } from "./state.ts";

/** What a tester has switched on for a seller. */
const moodDocument = z.object({ emptyBalance: z.boolean(), slowRefunds: z.boolean() });
export type Mood = z.infer<typeof moodDocument>;

export async function moodOf(documents: SandboxDocuments, seller: string): Promise<Mood> {
  const found = await documents.get("mood", seller);
  return found ? moodDocument.parse(found) : { emptyBalance: false, slowRefunds: false };
}

/** At most this many parts (facts: methods §4). */
const most = 20;

const counted = (payment: SimPayment): Money => {
  const { currency_id, refunds } = payment.body;
  const live = refunds.filter((one) => one.status !== "rejected");
  return sum(
    live.map((one) => inMoney(one.amount, currency_id)),
    inMoney(0, currency_id).currency,
  );
};

/** What the donor handed over and has not been given back. */
export function refundable(payment: SimPayment): Money {
  const { currency_id, transaction_amount } = payment.body;
  return subtract(inMoney(transaction_amount, currency_id), counted(payment));
}

/** `POST /v1/payments/{id}/refunds`. Without an amount all that is left goes back. */
export async function makeRefund(
  scene: Scene,
  payment: SimPayment,
  asked: { readonly amount?: number | undefined },
  inProcess: boolean,
): Promise<{ readonly payment: SimPayment; readonly refund: SimRefund }> {
  const { body } = payment;
  const { site } = scene.seller;
  if (body.status !== "approved")
    throw bad(2063, "The action requested is not valid for the current payment state");
  if (body.payment_method_id === "fintoc") throw bad(4298, "Refunds of this method are made in the panel");
  const approved = Date.parse(body.date_approved ?? body.date_created);
  if (scene.now.getTime() > approved + days(site.refundWindowDays))
    throw bad(2024, "Payment too old to be refunded");
  if (body.refunds.length >= most) throw bad(4295, "Too many refunds of one payment");
  const left = refundable(payment);
  const amount = asked.amount === undefined ? left : readAmount(asked.amount, body.currency_id);
  if (compare(amount, left) > 0) throw bad(4296, "Amount to refund is bigger than the amount paid");
  if (site.refunds === "full" && compare(amount, left) < 0)
    throw bad(4297, "Partial refunds are not available");
  const mood = await moodOf(scene.documents, scene.seller.userId);
  if (mood.emptyBalance)
    throw new Refusal(400, "bad_request", "Collector has not enough money available", []);
  const slow = mood.slowRefunds && inProcess;
  return addRefund(payment, amount, scene.now, slow ? "in_process" : "approved");
}

function readAmount(amount: number, currency: string): Money {
  const wholeOnly = currency === "COP" || currency === "CLP";
  if (wholeOnly && !Number.isInteger(amount)) throw bad(4296, "Invalid amount");
  return inMoney(amount, currency);
}

/** Writes a refund into its payment, whoever asked for it. */
export function addRefund(
  payment: SimPayment,
  amount: Money,
  now: Date,
  status: SimRefund["status"],
): { readonly payment: SimPayment; readonly refund: SimRefund } {
  const { body } = payment;
  const refund: SimRefund = {
    id: Number(digits(10)),
    payment_id: body.id,
    amount: inDecimal(amount),
    metadata: {},
    source: { id: payment.seller, name: "Seller", type: "collector" },
    date_created: written(now),
    refund_mode: "standard",
    adjustment_amount: 0,
    status,
    reason: null,
  };
  return { payment: withRefunds(payment, [...body.refunds, refund], now), refund };
}

/** What the payment says of itself with these refunds. */
export function withRefunds(payment: SimPayment, refunds: readonly SimRefund[], now: Date): SimPayment {
  const { body } = payment;
  const currency = inMoney(0, body.currency_id).currency;
  const given = refunds
    .filter((one) => one.status === "approved")
    .map((one) => inMoney(one.amount, body.currency_id))
    .reduce(add, inMoney(0, currency));
  const whole = compare(given, inMoney(body.transaction_amount, body.currency_id)) >= 0;
  const partly = given.minor > 0n;
  return {
    ...payment,
    body: {
      ...body,
      refunds: [...refunds],
      transaction_amount_refunded: inDecimal(given),
      status: whole ? "refunded" : "approved",
      status_detail: whole ? "refunded" : partly ? "partially_refunded" : "accredited",
      date_last_updated: written(now),
    },
  };
}
