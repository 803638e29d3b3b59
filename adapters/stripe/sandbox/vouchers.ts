import { detailsOf } from "./charge-shapes.ts";
import { failed, succeed } from "./charges.ts";
import { emit } from "./events.ts";
import { notesOf } from "./notes.ts";
import { type Tender, tenderById } from "./payment-methods.ts";
import { invalid } from "./refusal.ts";
import { day, type Scene } from "./scene.ts";
import { schedule, unschedule } from "./schedule.ts";
import { voucherHabit } from "./test-values.ts";
import { idIn, type PaymentIntent } from "./wire.ts";

// Mexico City has kept UTC-6 all year since October 2022.
const mexicoCity = -6 * 3600;

/** 23:59:59 in Mexico City, `days` calendar days after the day it is there now (Stripe: `expires_after_days`). */
export function voucherExpiry(now: number, days: number): number {
  const local = now + mexicoCity;
  const midnight = local - (local % day);
  return midnight + (days + 1) * day - 1 - mexicoCity;
}

/** Hands out an OXXO voucher; its e-mail address may decide what becomes of it (Stripe's test addresses). */
export async function issueVoucher(
  scene: Scene,
  intent: PaymentIntent,
  tender: Tender,
): Promise<PaymentIntent> {
  const { email, name } = tender.method.billing_details;
  if (!email || !name) {
    throw invalid("Missing required param: billing_details[name] and billing_details[email] for oxxo.", {
      code: "parameter_missing",
      param: "payment_method_data[billing_details]",
    });
  }
  const days = intent.payment_method_options?.oxxo?.expires_after_days ?? 3;
  const expires = voucherExpiry(scene.now, days);
  const open: PaymentIntent = {
    ...intent,
    last_payment_error: null,
    next_action: {
      oxxo_display_details: {
        expires_after: expires,
        hosted_voucher_url: `${scene.house.hostedPages}/vouchers/${intent.id}`,
        number: scene.house.ids.digits(20),
      },
      type: "oxxo_display_details",
    },
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
}

/** The cashier took the money and OXXO told Stripe. */
export async function voucherPaid(
  scene: Scene,
  intent: PaymentIntent,
  methodId: string,
): Promise<PaymentIntent> {
  const tender = await tenderById(scene, methodId, undefined);
  const voucher = intent.next_action?.oxxo_display_details?.number;
  await withdrawVoucher(scene, intent);
  const details = detailsOf(scene, intent, tender, voucher ? { voucher } : {});
  return succeed(scene, intent, { tender, details });
}

/**
 * Nobody paid in time: `requires_payment_method`, with `payment_intent_payment_attempt_expired`. Payment made on
 * the last day may still be announced the next business day, so the notes keep until when.
 */
export async function voucherExpired(scene: Scene, intent: PaymentIntent): Promise<PaymentIntent> {
  const methodId = idIn(intent.payment_method);
  if (intent.status !== "requires_action" || !intent.next_action?.oxxo_display_details || !methodId)
    return intent;
  const tender = await tenderById(scene, methodId, undefined);
  await withdrawVoucher(scene, intent);
  const notes = await notesOf(scene, intent.id);
  await scene.documents.put("intent_notes", { ...notes, lateUntil: nextBusinessDayEnd(scene.now) });
  return failed(scene, intent, tender, {
    code: "payment_intent_payment_attempt_expired",
    message: "The payment attempt for this PaymentIntent has expired.",
    type: "invalid_request_error",
  });
}

function nextBusinessDayEnd(now: number): number {
  let at = now + mexicoCity;
  at = at - (at % day) + 2 * day - 1;
  while ([0, 6].includes(new Date(at * 1000).getUTCDay())) at += day;
  return at - mexicoCity;
}
