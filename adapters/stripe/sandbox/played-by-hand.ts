import { openDispute } from "./disputes.ts";
import { unplayable } from "./refusal.ts";
import type { Scene } from "./scene.ts";
import { isDebitType } from "./test-accounts.ts";
import { voucherOf, voucherTypes } from "./voucher-shapes.ts";
import { voucherPaid } from "./vouchers.ts";
import { type Charge, type Dispute, idIn, type PaymentIntent } from "./wire.ts";

/** The till takes a voucher, or says why not. */
export async function payVoucher(
  scene: Scene,
  intent: PaymentIntent,
  how: { readonly late?: boolean; readonly amount?: number },
): Promise<PaymentIntent> {
  if (how.amount !== undefined && how.amount !== intent.amount) {
    throw unplayable("The till takes exactly the amount of the voucher.");
  }
  if (intent.status === "succeeded")
    throw unplayable("This voucher is paid; the till refuses it a second time.");
  if (intent.status === "canceled")
    throw unplayable("This payment is cancelled; the till refuses its voucher.");
  const open = voucherOf(intent);
  const methodId = idIn(intent.payment_method);
  const onItsWay = intent.status === "processing" && intent.payment_method_types.includes("multibanco");
  if (onItsWay && methodId) return voucherPaid(scene, intent, methodId);
  if (open && methodId) {
    if (!how.late && scene.now > open.expiresAt) {
      throw unplayable("This voucher has expired; the till refuses it.");
    }
    return voucherPaid(scene, intent, methodId);
  }
  const notes = await scene.documents.get("intent_notes", intent.id);
  const last = intent.last_payment_error?.payment_method?.id;
  if (how.late && last && notes?.lateUntil !== undefined && scene.now <= notes.lateUntil) {
    return voucherPaid(scene, intent, last);
  }
  throw unplayable("This payment has no voucher that a till would take.");
}

/** What has no disputes at Stripe (facts: methods §3.5). */
export const undisputed: ReadonlySet<string> = new Set([
  ...voucherTypes,
  "customer_balance",
  "crypto",
  "pay_by_bank",
  "mb_way",
]);

/** The donor's bank disputes a charge, where there is such a thing. */
export async function disputeCharge(
  scene: Scene,
  charge: Charge | undefined,
  how: { readonly reason?: string; readonly inquiry?: boolean; readonly amount?: number },
): Promise<Dispute> {
  if (charge?.status !== "succeeded") throw unplayable("There is no successful charge to dispute.");
  const type = charge.payment_method_details?.type;
  if (!type || undisputed.has(type)) {
    throw unplayable("Vouchers, transfers and coins cannot be disputed.");
  }
  if (charge.disputed) throw unplayable("This charge is disputed already.");
  const left = charge.amount_captured - charge.amount_refunded;
  if (left <= 0) throw unplayable("This charge is refunded in full; nothing is left to dispute.");
  return openDispute(scene, charge, {
    reason: how.reason ?? "fraudulent",
    inquiry: how.inquiry ?? false,
    final: isDebitType(type),
    amount: Math.min(how.amount ?? left, left),
  });
}
