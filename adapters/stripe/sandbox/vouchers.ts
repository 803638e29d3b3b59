import { detailsOf } from "./charge-shapes.ts";
import { failed, succeed } from "./charges.ts";
import { emit } from "./events.ts";
import { notesOf } from "./notes.ts";
import { tenderById } from "./payment-methods.ts";
import { invalid } from "./refusal.ts";
import { day, type Scene } from "./scene.ts";
import { schedule, unschedule } from "./schedule.ts";
import type { Tender } from "./tenders.ts";
import { voucherHabit } from "./test-values.ts";
import { clockOf, newVoucher, type VoucherType, voucherOf } from "./voucher-shapes.ts";
import { idIn, type PaymentIntent } from "./wire.ts";

/** Hands out a voucher; the donor's e-mail address may decide what becomes of it (Stripe's test addresses). */
export async function issueVoucher(
  scene: Scene,
  intent: PaymentIntent,
  tender: Tender,
  type: VoucherType,
): Promise<PaymentIntent> {
  const { email, name } = tender.method.billing_details;
  if (!email || (!name && type !== "multibanco")) {
    throw invalid(`Missing required param: billing_details[name] and billing_details[email] for ${type}.`, {
      code: "parameter_missing",
      param: "payment_method_data[billing_details]",
    });
  }
  const { action, expiresAt: expires } = newVoucher(scene, intent, type);
  const open: PaymentIntent = {
    ...intent,
    last_payment_error: null,
    next_action: action,
    payment_method: tender.method.id,
    status: "requires_action",
  };
  await scene.documents.put("payment_intent", open);
  await emit(scene, "payment_intent.requires_action", open);
  const habit = voucherHabit(email);
  const early =
    habit === "expires_at_once" ? scene.now : habit === "expires_later" ? scene.now + 180 : expires;
  await schedule(scene, "voucher_expires", intent.id, early);
  if (habit === "pays_at_once") await schedule(scene, "voucher_paid", intent.id, scene.now);
  if (habit === "ordinary" && scene.house.vouchersPayThemselves) {
    await schedule(scene, "voucher_paid", intent.id, scene.now + 180);
  }
  return open;
}

/** Takes the voucher out of circulation (paid, cancelled, or replaced by another way to pay). */
export async function withdrawVoucher(scene: Scene, intent: PaymentIntent): Promise<void> {
  await unschedule(scene, "voucher_expires", intent.id);
  await unschedule(scene, "voucher_paid", intent.id);
  await unschedule(scene, "late_money_ends", intent.id);
}

/** The cashier (or the donor's bank) took the money and Stripe has been told. */
export async function voucherPaid(
  scene: Scene,
  intent: PaymentIntent,
  methodId: string,
): Promise<PaymentIntent> {
  const tender = await tenderById(scene, methodId, undefined);
  const voucher = voucherOf(intent)?.number;
  await withdrawVoucher(scene, intent);
  const details = detailsOf(scene, intent, tender, voucher ? { voucher } : {});
  return succeed(scene, intent, { tender, details });
}

/**
 * Nobody paid in time: `requires_payment_method`, with `payment_intent_payment_attempt_expired`. Payment made on
 * the last day may still be announced the next business day, so the notes keep until when. A Multibanco reference
 * first waits four days more in `processing` for money on its way.
 */
export async function voucherExpired(scene: Scene, intent: PaymentIntent): Promise<PaymentIntent> {
  const voucher = voucherOf(intent);
  if (intent.status !== "requires_action" || !voucher) return intent;
  await withdrawVoucher(scene, intent);
  if (voucher.type === "multibanco") return waitForLateMoney(scene, intent);
  const notes = await notesOf(scene, intent.id);
  const lateUntil = nextBusinessDayEnd(scene.now, clockOf(voucher.type));
  await scene.documents.put("intent_notes", { ...notes, lateUntil });
  return expired(scene, intent);
}

async function waitForLateMoney(scene: Scene, intent: PaymentIntent): Promise<PaymentIntent> {
  const waiting: PaymentIntent = { ...intent, next_action: null, status: "processing" };
  await scene.documents.put("payment_intent", waiting);
  await emit(scene, "payment_intent.processing", waiting);
  await schedule(scene, "late_money_ends", intent.id, scene.now + 4 * day);
  return waiting;
}

/** What comes after those four days is sent back to the payer's bank. */
export async function lateMoneyEnds(scene: Scene, intent: PaymentIntent): Promise<void> {
  if (intent.status === "processing") await expired(scene, intent);
}

async function expired(scene: Scene, intent: PaymentIntent): Promise<PaymentIntent> {
  const methodId = idIn(intent.payment_method);
  if (!methodId) return intent;
  const tender = await tenderById(scene, methodId, undefined);
  return failed(scene, intent, tender, attemptExpired);
}

/** How Stripe says that time ran out: no bank said no. */
export const attemptExpired = {
  code: "payment_intent_payment_attempt_expired",
  message: "The payment attempt for this PaymentIntent has expired.",
  type: "invalid_request_error",
} as const;

function nextBusinessDayEnd(now: number, clock: number): number {
  let at = now + clock;
  at = at - (at % day) + 2 * day - 1;
  while ([0, 6].includes(new Date(at * 1000).getUTCDay())) at += day;
  return at - clock;
}
