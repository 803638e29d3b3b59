import { debit } from "./bank-debits.ts";
import { awaitTransfer, unapply } from "./cash.ts";
import { detailsOf, testCard } from "./charge-shapes.ts";
import { decline, hold, succeed } from "./charges.ts";
import { redeem } from "./confirmation-tokens.ts";
import { answeredElsewhere, isElsewhere, sendAway, sendPush, withdrawPush } from "./elsewhere.ts";
import { emit } from "./events.ts";
import { optionsFor } from "./method-options.ts";
import { typesFor } from "./methods-on-offer.ts";
import { attach, tenderById, tenderFrom } from "./payment-methods.ts";
import { invalid, Refusal } from "./refusal.ts";
import type { Scene } from "./scene.ts";
import { unschedule } from "./schedule.ts";
import type { ConfirmIntent } from "./schemas.ts";
import type { Tender } from "./tenders.ts";
import type { CardDecline } from "./test-values.ts";
import { voucherOf } from "./voucher-shapes.ts";
import { issueVoucher, withdrawVoucher } from "./vouchers.ts";
import { idIn, type PaymentIntent } from "./wire.ts";

type Confirming = Pick<
  ConfirmIntent,
  | "allowed_payment_method_types"
  | "confirmation_token"
  | "error_on_requires_action"
  | "mandate_data"
  | "off_session"
  | "payment_method"
  | "payment_method_data"
  | "payment_method_options"
  | "return_url"
  | "use_stripe_sdk"
>;

/**
 * Confirms a PaymentIntent: the one place where a payment starts, whoever asks (server, browser, hosted page).
 * A decline comes back as the intent in `requires_payment_method` with `last_payment_error`; what Stripe refuses
 * is thrown and leaves no trace.
 */
export async function confirm(
  scene: Scene,
  before: PaymentIntent,
  asked: Confirming,
): Promise<PaymentIntent> {
  checkState(before, asked);
  const { tender, asked: now } = await tenderFor(scene, before, asked);
  return confirmWith(scene, before, now, tender);
}

async function confirmWith(
  scene: Scene,
  before: PaymentIntent,
  asked: Confirming,
  tender: Tender,
): Promise<PaymentIntent> {
  const intent = await readied(scene, before, asked, tender);
  if (!intent.payment_method_types.includes(tender.instrument.type)) {
    throw invalid(
      `The PaymentMethod provided (${tender.instrument.type}) is not allowed for this PaymentIntent. Please attach a PaymentMethod of one of the following types: ${intent.payment_method_types.join(", ")}.`,
      { code: "payment_intent_incompatible_payment_method", param: "payment_method" },
    );
  }
  if (intent.automatic_payment_methods?.enabled) checkReturnUrl(scene, intent, asked);
  switch (tender.instrument.type) {
    case "card":
    case "link":
      return chargeCard(scene, intent, tender, asked);
    case "oxxo":
    case "boleto":
    case "multibanco":
      return issueVoucher(scene, intent, tender, tender.instrument.type);
    case "customer_balance":
      return awaitTransfer(scene, intent, tender);
    case "us_bank_account":
    case "sepa_debit":
    case "bacs_debit":
    case "acss_debit":
      return debit(scene, intent, tender, asked);
    case "mb_way":
      return sendPush(scene, intent, tender);
    case "pay_by_bank":
    case "revolut_pay":
    case "amazon_pay":
    case "crypto":
      return sendAway(scene, intent, tender, asked.return_url);
  }
}

function checkState(intent: PaymentIntent, asked: Confirming): void {
  const code = "payment_intent_unexpected_state";
  switch (intent.status) {
    case "requires_payment_method":
    case "requires_confirmation":
      return;
    case "requires_action":
      if (asked.payment_method || asked.payment_method_data || asked.confirmation_token) return;
      break;
    case "succeeded":
      throw invalid(
        "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.",
        { code, payment_intent: intent },
      );
  }
  throw invalid(
    `You cannot confirm this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, requires_action.`,
    { code, payment_intent: intent },
  );
}

type Tendered = { readonly tender: Tender; readonly asked: Confirming };

/** What is paid with; a confirmation token also brings its return address and the mandate its maker accepted. */
async function tenderFor(scene: Scene, intent: PaymentIntent, asked: Confirming): Promise<Tendered> {
  const { payment_method, payment_method_data, confirmation_token } = asked;
  if ([payment_method, payment_method_data, confirmation_token].filter(Boolean).length > 1) {
    throw invalid(
      "You may only specify one of these parameters: confirmation_token, payment_method, payment_method_data.",
    );
  }
  if (confirmation_token) {
    const { tender, token } = await redeem(scene, confirmation_token, intent.id);
    const mandate_data = asked.mandate_data ?? (token.mandate_data ? accepted : undefined);
    return {
      tender,
      asked: { ...asked, mandate_data, return_url: asked.return_url ?? token.return_url ?? undefined },
    };
  }
  if (payment_method_data) {
    return { tender: await tenderFrom(scene, payment_method_data, "payment_method_data"), asked };
  }
  const id = payment_method ?? idIn(intent.payment_method);
  if (id) return { tender: await tenderById(scene, id, "payment_method"), asked };
  throw invalid(
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
    { code: "payment_intent_unexpected_state", payment_intent: intent },
  );
}

const accepted = { customer_acceptance: { type: "online" as const } };

/** The intent with this confirmation's parameters, free of what an earlier attempt left open. */
async function readied(
  scene: Scene,
  before: PaymentIntent,
  asked: Confirming,
  tender: Tender,
): Promise<PaymentIntent> {
  const customer = idIn(before.customer);
  const owner = idIn(tender.method.customer);
  if (owner && owner !== customer) {
    throw invalid(
      "The provided PaymentMethod belongs to a Customer. You must supply that Customer to use this PaymentMethod.",
      { param: "payment_method" },
    );
  }
  if (tender.instrument.detached) {
    throw invalid("The provided PaymentMethod was detached from a Customer. It may not be used again.", {
      param: "payment_method",
    });
  }
  if (before.next_action) await leaveOpenAttempt(scene, before);
  const types = asked.allowed_payment_method_types
    ? typesFor(scene, {
        allowed_payment_method_types: asked.allowed_payment_method_types,
        amount: before.amount,
        currency: before.currency,
        customer,
        capture_method: before.capture_method === "manual" ? "manual" : "automatic",
      })
    : before.payment_method_types;
  return {
    ...before,
    next_action: null,
    payment_method_options: optionsFor(types, asked.payment_method_options, before.payment_method_options),
    payment_method_types: types,
  };
}

/** Another way to pay was chosen, or the intent is cancelled: the voucher or transfer of before is void. */
export async function leaveOpenAttempt(scene: Scene, intent: PaymentIntent): Promise<void> {
  if (voucherOf(intent)) await withdrawVoucher(scene, intent);
  if (intent.payment_method_types.includes("mb_way")) await withdrawPush(scene, intent);
  if (intent.next_action?.display_bank_transfer_instructions) await unapply(scene, intent);
  if (intent.next_action?.verify_with_microdeposits)
    await unschedule(scene, "microdeposits_expire", intent.id);
}

function checkReturnUrl(scene: Scene, intent: PaymentIntent, asked: Confirming): void {
  if (intent.automatic_payment_methods?.allow_redirects === "never" || asked.return_url) return;
  if (scene.caller === "publishable" || asked.use_stripe_sdk) return;
  throw invalid(
    "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
    { param: "return_url" },
  );
}

async function chargeCard(
  scene: Scene,
  intent: PaymentIntent,
  tender: Tender,
  asked: Confirming,
): Promise<PaymentIntent> {
  const card = testCard(tender);
  const wallet = tender.method.card?.wallet;
  const wish = intent.payment_method_options?.card?.request_three_d_secure;
  // A wallet has already made the donor prove who they are.
  const challenged =
    !wallet &&
    (card?.challenge === "always" ||
      (card?.challenge === "unless_set_up" && !(tender.instrument.setUp && asked.off_session)) ||
      (card?.challenge === "if_asked" && (wish === "any" || wish === "challenge")));
  if (!challenged) return authorize(scene, intent, tender, false);
  if (asked.off_session || asked.error_on_requires_action) {
    return decline(scene, intent, { tender, details: detailsOf(scene, intent, tender) }, needsDonor);
  }
  return challenge(scene, intent, tender, asked.return_url);
}

const needsDonor: CardDecline = {
  code: "authentication_required",
  declineCode: "authentication_required",
  message: "Your card was declined. This transaction requires authentication.",
};

/** Sends the donor to the bank's 3-D Secure page, or leaves it to Stripe.js when there is nowhere to return to. */
async function challenge(
  scene: Scene,
  intent: PaymentIntent,
  tender: Tender,
  returnUrl: string | undefined,
): Promise<PaymentIntent> {
  const url = `${scene.house.hostedPages}/3d_secure/${intent.id}`;
  const asked: PaymentIntent = {
    ...intent,
    last_payment_error: null,
    next_action:
      returnUrl && scene.caller === "secret"
        ? { redirect_to_url: { return_url: returnUrl, url }, type: "redirect_to_url" }
        : { type: "use_stripe_sdk", use_stripe_sdk: { type: "three_d_secure_redirect", stripe_js: url } },
    payment_method: tender.method.id,
    status: "requires_action",
  };
  await scene.documents.put("payment_intent", asked);
  await emit(scene, "payment_intent.requires_action", asked);
  return asked;
}

/** The bank's yes or no to a card whose holder need not (or did) prove who they are. */
async function authorize(
  scene: Scene,
  intent: PaymentIntent,
  tender: Tender,
  authenticated: boolean,
): Promise<PaymentIntent> {
  const card = testCard(tender);
  const options = { tender, details: detailsOf(scene, intent, tender, { authenticated }) };
  if (card?.decline) return decline(scene, intent, options, card.decline);
  const customer = idIn(intent.customer);
  if (customer && intent.setup_future_usage) await attach(scene, tender.method, customer);
  return intent.capture_method === "manual" ? hold(scene, intent, options) : succeed(scene, intent, options);
}

/** The donor came back from the bank's or the wallet's page, or answered in an app: yes, or no. */
export async function challengeAnswered(
  scene: Scene,
  intent: PaymentIntent,
  passed: boolean,
): Promise<PaymentIntent> {
  const methodId = idIn(intent.payment_method);
  const asked = intent.next_action?.type;
  if (
    intent.status !== "requires_action" ||
    !methodId ||
    (asked !== "redirect_to_url" && asked !== "use_stripe_sdk")
  ) {
    throw new Refusal(400, {
      type: "invalid_request_error",
      message: "No challenge is waiting on this payment.",
    });
  }
  const tender = await tenderById(scene, methodId, undefined);
  if (isElsewhere(tender.instrument.type)) return answeredElsewhere(scene, intent, tender, passed);
  if (passed) return authorize(scene, intent, tender, true);
  return decline(scene, intent, { tender, details: detailsOf(scene, intent, tender) }, notProven);
}

const notProven: CardDecline = {
  code: "payment_intent_authentication_failure",
  message:
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
};
