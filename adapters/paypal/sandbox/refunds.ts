import { days } from "../../../src/kernel/clock.ts";
import { compare, equals, negate } from "../../../src/kernel/money.ts";
import { captureById, followRefunds, leftOf } from "./captures.ts";
import { openDisputeOf } from "./disputes.ts";
import type { Capture, Refund } from "./documents.ts";
import { emit } from "./events.ts";
import { amountIn, reread, written } from "./money.ts";
import { notFound, unprocessable } from "./refusal.ts";
import { type Scene, stamp } from "./scene.ts";
import type { RefundBody } from "./schemas.ts";
import { settingsOf } from "./settings.ts";
import { book } from "./transactions.ts";
import { refundView } from "./views.ts";

/** `POST /v2/payments/captures/{id}/refund`; also what the church does in PayPal's own pages (an empty body). */
export async function refundCapture(scene: Scene, captureId: string, body: RefundBody): Promise<Refund> {
  const capture = await captureById(scene, captureId);
  const left = await leftOf(scene, capture);
  if (capture.status === "PENDING") throw unprocessable("PENDING_CAPTURE");
  if (capture.status === "DECLINED") throw unprocessable("REFUND_NOT_ALLOWED");
  if (left.minor === 0n) throw unprocessable("CAPTURE_FULLY_REFUNDED");
  if (scene.now.getTime() - Date.parse(capture.createdAt) > days(180)) {
    throw unprocessable("REFUND_TIME_LIMIT_EXCEEDED");
  }
  const amount = body.amount ? amountIn(body.amount, scene, "/amount") : left;
  if (amount.currency !== left.currency) throw unprocessable("REFUND_CAPTURE_CURRENCY_MISMATCH");
  if (compare(amount, left) > 0) throw unprocessable("REFUND_AMOUNT_EXCEEDED", "/amount/value");
  if (!equals(amount, left) && (await openDisputeOf(scene, capture.id))) {
    throw unprocessable("TRANSACTION_DISPUTED");
  }
  if (body.invoice_id !== undefined && (await isUsed(scene, body.invoice_id))) {
    throw unprocessable("DUPLICATE_INVOICE_ID", "/invoice_id");
  }
  const { refunds } = await settingsOf(scene);
  if (refunds === "no_balance") throw unprocessable("REFUND_FAILED_INSUFFICIENT_FUNDS");
  const refund: Refund = {
    id: scene.house.ids.payment(),
    account: scene.account.id,
    captureId: capture.id,
    status: refunds === "pending" ? "PENDING" : "COMPLETED",
    amount: written(amount),
    customId: body.custom_id ?? capture.customId,
    invoiceId: body.invoice_id ?? null,
    createdAt: stamp(scene.now),
    updatedAt: stamp(scene.now),
  };
  await save(scene, refund);
  await followRefunds(scene, capture);
  if (refund.status === "COMPLETED") await announceRefunded(scene, capture, refund);
  return refund;
}

async function isUsed(scene: Scene, invoiceId: string): Promise<boolean> {
  return (await scene.documents.list("refund", `invoice=${invoiceId}`)).some(
    (refund) => refund.status !== "FAILED",
  );
}

async function save(scene: Scene, refund: Refund): Promise<void> {
  const invoice = refund.invoiceId === null ? [] : [`invoice=${refund.invoiceId}`];
  await scene.documents.put("refund", refund, `capture=${refund.captureId}`, ...invoice);
}

async function announceRefunded(scene: Scene, capture: Capture, refund: Refund): Promise<void> {
  await book(scene, {
    id: refund.id,
    code: "T1107",
    amount: negate(reread(refund.amount)),
    reference: capture.id,
    customId: refund.customId,
    invoiceId: refund.invoiceId,
  });
  await emit(scene, "PAYMENT.CAPTURE.REFUNDED", refundView(refund));
}

/** Ends a refund that was on its way through the donor's bank. */
export async function settleRefund(scene: Scene, id: string, arrived: boolean): Promise<Refund> {
  const pending = await refundById(scene, id);
  if (pending.status !== "PENDING") throw unprocessable("REFUND_NOT_ALLOWED");
  const capture = await captureById(scene, pending.captureId);
  const settled: Refund = {
    ...pending,
    status: arrived ? "COMPLETED" : "FAILED",
    updatedAt: stamp(scene.now),
  };
  await save(scene, settled);
  if (arrived) await announceRefunded(scene, capture, settled);
  else {
    await followRefunds(scene, capture);
    await emit(scene, "PAYMENT.REFUND.FAILED", refundView(settled));
  }
  return settled;
}

export async function refundById(scene: Scene, id: string): Promise<Refund> {
  const found = await scene.documents.get("refund", id);
  if (!found) throw notFound();
  return found;
}
