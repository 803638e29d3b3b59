import type Stripe from "stripe";
import type { MandateCharge, MandateOrder } from "../../src/gateway/mandate.ts";
import type { Refusal } from "../../src/gateway/payment.ts";
import type { StripeAmount } from "./amounts.ts";
import { isDebit, stripeTypesOf } from "./carried.ts";
import { isConfirmationToken, mandateOf } from "./order-methods.ts";
import { checkoutLocale, customerOf, intentExpand } from "./translate-order.ts";
import { metadataKeys } from "./wire.ts";

/** Everything about saving and charging what was saved, as Stripe's parameters: functions of the order alone. */
export const setupExpand = ["mandate", "payment_method"];
export const setupSessionExpand = ["setup_intent", "setup_intent.mandate", "setup_intent.payment_method"];

/** What can be charged later without the donor: cards, the wallets that hold them, and bank debits. */
const reusable = ["card", "apple_pay", "google_pay", "ach_debit", "sepa_debit", "bacs_debit", "acss_debit"];

/** Why Stripe is not asked, or nothing. */
export function notReady(order: MandateOrder): Refusal | undefined {
  const { type, presentation, token } = order.method;
  if (!reusable.includes(type) || presentation === "instructions") {
    const detail = `${type} as ${presentation} cannot be saved at Stripe`;
    return { reason: "unsupported", rawCode: "method_unsupported", detail };
  }
  if (presentation !== "token") return undefined;
  if (!token) {
    const detail = "a token presentation needs a token";
    return { reason: "invalid_request", rawCode: "token_missing", detail };
  }
  if (isDebit(type) && !isConfirmationToken(token) && !order.donor.device) {
    const detail = "a bank debit by token needs to know from where the donor accepted its mandate";
    return { reason: "invalid_request", rawCode: "mandate_missing", detail };
  }
  return undefined;
}

const metadataFor = (order: MandateOrder): Record<string, string> => ({
  [metadataKeys.recurring]: order.reference,
  [metadataKeys.method]: order.method.type,
  [metadataKeys.presentation]: order.method.presentation,
});

/** `POST /v1/setup_intents`. */
export function setupParams(order: MandateOrder, customer: string): Stripe.SetupIntentCreateParams {
  return {
    customer,
    usage: "off_session",
    allowed_payment_method_types: stripeTypesOf(order.method.type),
    description: order.description,
    metadata: metadataFor(order),
    expand: [...setupExpand],
    ...canadian(order),
    ...byToken(order),
  };
}

function byToken(order: MandateOrder): Partial<Stripe.SetupIntentCreateParams> {
  const { type, token, presentation } = order.method;
  if (presentation !== "token" || token === undefined) return {};
  const instrument = isConfirmationToken(token) ? { confirmation_token: token } : { payment_method: token };
  const { device } = order.donor;
  const acceptance = isDebit(type) && device ? mandateOf(device) : {};
  return { confirm: true, return_url: order.returnUrl, ...instrument, ...acceptance };
}

const rhythms = {
  weekly: "every week",
  monthly: "every month",
  quarterly: "every three months",
  half_yearly: "every six months",
  yearly: "every year",
  as_needed: undefined,
} as const satisfies Record<MandateOrder["cadence"], string | undefined>;

/** A Canadian mandate must say how often it is used. */
function canadian(order: MandateOrder) {
  if (order.method.type !== "acss_debit") return {};
  const interval = rhythms[order.cadence];
  const mandate_options = interval
    ? ({
        payment_schedule: "interval",
        interval_description: interval,
        transaction_type: "personal",
      } as const)
    : ({ payment_schedule: "sporadic", transaction_type: "personal" } as const);
  return { payment_method_options: { acss_debit: { currency: "cad", mandate_options } } } as const;
}

/** `POST /v1/checkout/sessions` in its mode for saving: Stripe's page. */
export function setupSessionParams(
  order: MandateOrder,
  customer: string,
): Stripe.Checkout.SessionCreateParams {
  const metadata = metadataFor(order);
  const currency = (order.amount ?? order.ceiling)?.currency.toLowerCase();
  return {
    mode: "setup",
    customer,
    allowed_payment_method_types: stripeTypesOf(order.method.type),
    success_url: order.returnUrl,
    cancel_url: order.returnUrl,
    locale: checkoutLocale(order.locale),
    metadata,
    setup_intent_data: { metadata, description: order.description },
    expand: [...setupSessionExpand],
    ...(currency ? { currency } : {}),
    ...canadian(order),
  };
}

/** `POST /v1/customers`, the same as for a gift. */
export const mandateCustomer = (order: MandateOrder): Stripe.CustomerCreateParams => customerOf(order.donor);

/** `POST /v1/payment_intents` with what was saved, the donor being elsewhere. */
export function chargeParams(
  order: MandateCharge,
  amount: StripeAmount,
  customer: string,
): Stripe.PaymentIntentCreateParams {
  return {
    ...amount,
    customer,
    payment_method: order.mandate.gatewayMandateId,
    allowed_payment_method_types: stripeTypesOf(order.mandate.method),
    confirm: true,
    off_session: true,
    description: order.description,
    metadata: {
      [metadataKeys.attempt]: order.attempt.attemptId,
      [metadataKeys.method]: order.mandate.method,
      [metadataKeys.presentation]: "off_session",
    },
    expand: [...intentExpand],
  };
}
