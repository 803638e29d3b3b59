import { equals, subtract, sum } from "../../../src/kernel/money.ts";
import type { Capture, Order, Refund, Tender } from "./documents.ts";
import { emit } from "./events.ts";
import { feeFor, reread, written } from "./money.ts";
import { notFound, unprocessable } from "./refusal.ts";
import { type Scene, stamp } from "./scene.ts";
import { book } from "./transactions.ts";
import { captureView } from "./views.ts";

export const capturesOf = (scene: Scene, order: Order): Promise<readonly Capture[]> =>
  scene.documents.list("capture", `order=${order.id}`);

export const refundsOf = (scene: Scene, capture: Capture): Promise<readonly Refund[]> =>
  scene.documents.list("refund", `capture=${capture.id}`);

export async function captureById(scene: Scene, id: string): Promise<Capture> {
  const found = await scene.documents.get("capture", id);
  if (!found) throw notFound();
  return found;
}

/** Writes a capture and tells of it when it has changed for the donor or the church. */
async function saveCapture(scene: Scene, capture: Capture): Promise<void> {
  const invoice = capture.invoiceId === null ? [] : [`invoice=${capture.invoiceId}`];
  await scene.documents.put("capture", capture, `order=${capture.orderId}`, ...invoice);
}

/** The one capture of an order: paid, pending or declined, as the donor's tender has it. */
export async function makeCapture(scene: Scene, order: Order, tender: Tender): Promise<Capture> {
  const { account, house, now } = scene;
  const method = order.guest ? "card" : order.source === "venmo" ? "venmo" : "paypal";
  const amount = reread(order.unit.amount);
  const paid = tender.code === undefined && tender.pending === undefined;
  const { currency_code, value } = order.unit.amount;
  const capture: Capture = {
    id: house.ids.payment(),
    account: account.id,
    orderId: order.id,
    status: tender.code !== undefined ? "DECLINED" : paid ? "COMPLETED" : "PENDING",
    reason: tender.pending ?? null,
    code: tender.code ?? null,
    method,
    amount: { currency_code, value },
    fee: paid ? written(feeFor(scene, method, amount)) : null,
    customId: order.unit.custom_id ?? null,
    invoiceId: order.unit.invoice_id ?? null,
    createdAt: stamp(now),
    updatedAt: stamp(now),
  };
  await saveCapture(scene, capture);
  if (paid) return announcePaid(scene, capture);
  const type = capture.status === "PENDING" ? "PAYMENT.CAPTURE.PENDING" : "PAYMENT.CAPTURE.DECLINED";
  await emit(scene, type, captureView(capture, true));
  return capture;
}

async function announcePaid(scene: Scene, capture: Capture): Promise<Capture> {
  const amount = reread(capture.amount);
  await book(scene, {
    id: capture.id,
    code: "T0006",
    amount,
    ...(capture.fee === null ? {} : { fee: reread(capture.fee) }),
    customId: capture.customId,
    invoiceId: capture.invoiceId,
  });
  await emit(scene, "PAYMENT.CAPTURE.COMPLETED", captureView(capture, true));
  return capture;
}

/** Ends a pending capture: the bank's money came, or the review let it pass; or it did not. */
export async function settleCapture(scene: Scene, id: string, paid: boolean): Promise<Capture> {
  const pending = await captureById(scene, id);
  if (pending.status !== "PENDING") throw unprocessable("CAPTURE_STATUS_NOT_VALID");
  const updatedAt = stamp(scene.now);
  if (paid) {
    const fee = written(feeFor(scene, pending.method, reread(pending.amount)));
    const settled: Capture = { ...pending, status: "COMPLETED", reason: null, fee, updatedAt };
    await saveCapture(scene, settled);
    return announcePaid(scene, settled);
  }
  const denied: Capture = { ...pending, status: "DECLINED", updatedAt };
  await saveCapture(scene, denied);
  await emit(scene, "PAYMENT.CAPTURE.DENIED", captureView(denied, true));
  return denied;
}

/** What is left of a capture after the refunds that have not failed. */
export async function leftOf(scene: Scene, capture: Capture) {
  const amount = reread(capture.amount);
  const given = (await refundsOf(scene, capture))
    .filter((refund) => refund.status === "COMPLETED" || refund.status === "PENDING")
    .map((refund) => reread(refund.amount));
  return subtract(amount, sum(given, amount.currency));
}

/** The status a capture has by what is left of it. */
export async function followRefunds(scene: Scene, capture: Capture): Promise<Capture> {
  const amount = reread(capture.amount);
  const left = await leftOf(scene, capture);
  const status = left.minor === 0n ? "REFUNDED" : equals(left, amount) ? "COMPLETED" : "PARTIALLY_REFUNDED";
  const changed: Capture = { ...capture, status, updatedAt: stamp(scene.now) };
  await saveCapture(scene, changed);
  return changed;
}
