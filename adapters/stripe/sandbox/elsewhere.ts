import { detailsOf } from "./charge-shapes.ts";
import { decline, failed, succeed } from "./charges.ts";
import { emit } from "./events.ts";
import { tenderById } from "./payment-methods.ts";
import { invalid } from "./refusal.ts";
import type { Scene } from "./scene.ts";
import { schedule, unschedule } from "./schedule.ts";
import type { Tender } from "./tenders.ts";
import { approvingPhone } from "./test-accounts.ts";
import { attemptExpired } from "./vouchers.ts";
import { idIn, type PaymentIntent } from "./wire.ts";

/** What the donor approves elsewhere: at a wallet's or a bank's own page, or in an app on their telephone. */
const elsewhereTypes = ["pay_by_bank", "revolut_pay", "amazon_pay", "crypto", "mb_way"] as const;
type ElsewhereType = (typeof elsewhereTypes)[number];
export const isElsewhere = (type: string): type is ElsewhereType =>
  elsewhereTypes.some((known) => known === type);

/** Sends the donor to the wallet or the bank. */
export async function sendAway(
  scene: Scene,
  intent: PaymentIntent,
  tender: Tender,
  returnUrl: string | undefined,
): Promise<PaymentIntent> {
  if (!returnUrl) {
    throw invalid(
      `A \`return_url\` must be specified because this PaymentIntent is confirmed with a payment method that redirects (${tender.instrument.type}).`,
      { code: "parameter_missing", param: "return_url" },
    );
  }
  const url = `${scene.house.hostedPages}/authorize/${intent.id}`;
  return wait(scene, intent, tender, {
    redirect_to_url: { return_url: returnUrl, url },
    type: "redirect_to_url",
  });
}

const answerWithin = 240;

/** Sends a request to the MB WAY app; the donor has some four minutes to answer. */
export async function sendPush(scene: Scene, intent: PaymentIntent, tender: Tender): Promise<PaymentIntent> {
  const waiting = await wait(scene, intent, tender, {
    type: "use_stripe_sdk",
    use_stripe_sdk: { type: "mb_way_await_authorization" },
  });
  await schedule(scene, "push_expires", intent.id, scene.now + answerWithin);
  if (tender.instrument.number === approvingPhone) {
    await schedule(scene, "push_approved", intent.id, scene.now);
  }
  return waiting;
}

async function wait(
  scene: Scene,
  intent: PaymentIntent,
  tender: Tender,
  next_action: NonNullable<PaymentIntent["next_action"]>,
): Promise<PaymentIntent> {
  const waiting: PaymentIntent = {
    ...intent,
    last_payment_error: null,
    next_action,
    payment_method: tender.method.id,
    status: "requires_action",
  };
  await scene.documents.put("payment_intent", waiting);
  await emit(scene, "payment_intent.requires_action", waiting);
  return waiting;
}

export async function withdrawPush(scene: Scene, intent: PaymentIntent): Promise<void> {
  await unschedule(scene, "push_expires", intent.id);
  await unschedule(scene, "push_approved", intent.id);
}

/** The donor's yes or no over there. */
export async function answeredElsewhere(
  scene: Scene,
  intent: PaymentIntent,
  tender: Tender,
  yes: boolean,
): Promise<PaymentIntent> {
  await withdrawPush(scene, intent);
  const options = { tender, details: detailsOf(scene, intent, tender) };
  return yes ? succeed(scene, intent, options) : decline(scene, intent, options, refusedByDonor);
}

const refusedByDonor = {
  code: "payment_method_customer_decline",
  message: "The customer declined this payment.",
};

/** Nobody answered the push. */
export async function pushExpired(scene: Scene, intent: PaymentIntent): Promise<void> {
  const methodId = idIn(intent.payment_method);
  if (intent.status !== "requires_action" || !methodId) return;
  await withdrawPush(scene, intent);
  await failed(scene, intent, await tenderById(scene, methodId, undefined), attemptExpired);
}
