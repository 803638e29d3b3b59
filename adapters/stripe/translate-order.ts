import type Stripe from "stripe";
import type { CollectOrder, RefundOrder, Refusal } from "../../src/gateway/adapter.ts";
import type { MethodType } from "../../src/gateway/methods.ts";
import { err, type Result } from "../../src/kernel/result.ts";
import { type StripeAmount, toStripeAmount } from "./amounts.ts";
import { oxxoExpiresAfterDays, stripeManifest } from "./manifest.ts";
import { metadataKeys } from "./wire.ts";

/**
 * Our order as Stripe's parameters: pure, and a function of the order alone. Nothing here may depend on the
 * time of the call, because a repeat with the same key must carry the same parameters or Stripe refuses it.
 */

type IntentTypes = NonNullable<Stripe.PaymentIntentCreateParams["allowed_payment_method_types"]>;
type SessionTypes = NonNullable<Stripe.Checkout.SessionCreateParams["allowed_payment_method_types"]>;

/** Stripe's type words per method: wallets ride on `card`, Link needs `card` beside it (Stripe docs "Link"). */
const stripeTypes = {
  card: ["card"],
  apple_pay: ["card"],
  google_pay: ["card"],
  link: ["link", "card"],
  oxxo: ["oxxo"],
  spei: ["customer_balance"],
  ach_debit: ["us_bank_account"],
} as const satisfies Record<MethodType, IntentTypes & SessionTypes>;

/** What every create, retrieve and confirm expands, so that the fee comes along when it is already known. */
export const intentExpand = ["latest_charge.balance_transaction"];
export const sessionExpand = ["payment_intent", "payment_intent.latest_charge.balance_transaction"];

const refusal = (reason: Refusal["reason"], rawCode: string, detail: string): Refusal => ({
  reason,
  rawCode,
  detail,
});

/** What must be right before anything is sent: the amount in Stripe's spelling, or why Stripe is not asked. */
export function readyToSend(order: CollectOrder): Result<StripeAmount, Refusal> {
  const { type, presentation, token } = order.method;
  const capability = stripeManifest.methods.find(
    (m) =>
      m.type === type && m.countries.includes(order.country) && m.currencies.includes(order.amount.currency),
  );
  if (!capability?.presentations.includes(presentation)) {
    return err(
      refusal(
        "unsupported",
        "method_unsupported",
        `${type} as ${presentation} in ${order.amount.currency} is not carried for ${order.country}`,
      ),
    );
  }
  if (presentation === "token" && !token) {
    return err(refusal("invalid_request", "token_missing", "a token presentation needs a token"));
  }
  if (presentation === "instructions" && !(order.donor.name && order.donor.email)) {
    return err(refusal("invalid_request", "donor_missing", `${type} needs the donor's name and e-mail`));
  }
  if (
    type === "ach_debit" &&
    presentation === "token" &&
    !isConfirmationToken(token) &&
    !order.mandateAcceptance
  ) {
    return err(
      refusal(
        "invalid_request",
        "mandate_missing",
        "a bank debit by token needs the donor's mandate acceptance",
      ),
    );
  }
  const amount = toStripeAmount(order.amount);
  return amount.ok ? amount : err(refusal("invalid_request", "amount_unrepresentable", amount.error));
}

const isConfirmationToken = (token: string | undefined): boolean => token?.startsWith("ctoken_") ?? false;

/** Set on the session, the intent and (by Stripe, which copies an intent's) the charge. */
function metadataOf(order: CollectOrder): Record<string, string> {
  return {
    [metadataKeys.attempt]: order.attemptId,
    [metadataKeys.donation]: order.donationId,
    [metadataKeys.method]: order.method.type,
    [metadataKeys.presentation]: order.method.presentation,
  };
}

/** `POST /v1/payment_intents` for everything but the hosted page. `customer` only for SPEI. */
export function intentParams(
  order: CollectOrder,
  amount: StripeAmount,
  customer?: string,
): Stripe.PaymentIntentCreateParams {
  return {
    ...amount,
    allowed_payment_method_types: [...stripeTypes[order.method.type]],
    description: order.description,
    metadata: metadataOf(order),
    expand: [...intentExpand],
    ...(customer === undefined ? {} : { customer }),
    ...confirmation(order),
  };
}

function confirmation(order: CollectOrder): Partial<Stripe.PaymentIntentCreateParams> {
  if (order.method.type === "oxxo") return oxxo(order);
  if (order.method.type === "spei") return spei();
  const { token, presentation } = order.method;
  if (presentation !== "token" || token === undefined) return {};
  const instrument = isConfirmationToken(token) ? { confirmation_token: token } : { payment_method: token };
  return { confirm: true, return_url: order.returnUrl, ...instrument, ...mandate(order) };
}

function mandate(order: CollectOrder): Pick<Stripe.PaymentIntentCreateParams, "mandate_data"> {
  if (order.method.type !== "ach_debit" || !order.mandateAcceptance) return {};
  const { ipAddress, userAgent } = order.mandateAcceptance;
  return {
    mandate_data: {
      customer_acceptance: { type: "online", online: { ip_address: ipAddress, user_agent: userAgent } },
    },
  };
}

function oxxo(order: CollectOrder): Partial<Stripe.PaymentIntentCreateParams> {
  const { name, email } = order.donor;
  return {
    confirm: true,
    payment_method_data: {
      type: "oxxo",
      billing_details: { ...(name ? { name } : {}), ...(email ? { email } : {}) },
    },
    payment_method_options: { oxxo: { expires_after_days: oxxoExpiresAfterDays } },
  };
}

function spei(): Partial<Stripe.PaymentIntentCreateParams> {
  return {
    confirm: true,
    payment_method_data: { type: "customer_balance" },
    payment_method_options: {
      customer_balance: { funding_type: "bank_transfer", bank_transfer: { type: "mx_bank_transfer" } },
    },
  };
}

/** `POST /v1/customers`: made once per donor, because the CLABE belongs to the customer for good. */
export function customerParams(order: CollectOrder): Stripe.CustomerCreateParams {
  const { name, email, phone, reference } = order.donor;
  return {
    ...(name ? { name } : {}),
    ...(email ? { email } : {}),
    ...(phone ? { phone } : {}),
    metadata: { donor_reference: reference },
  };
}

/** `POST /v1/checkout/sessions`: Stripe's page. It expires after 24 h unless told otherwise; we do not tell. */
export function sessionParams(
  order: CollectOrder,
  amount: StripeAmount,
): Stripe.Checkout.SessionCreateParams {
  const metadata = metadataOf(order);
  return {
    mode: "payment",
    submit_type: "donate",
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: amount.currency,
          unit_amount: amount.amount,
          product_data: { name: order.description },
        },
      },
    ],
    allowed_payment_method_types: [...stripeTypes[order.method.type]],
    success_url: order.returnUrl,
    cancel_url: order.cancelUrl,
    client_reference_id: order.attemptId,
    locale: checkoutLocale(order.locale),
    metadata,
    payment_intent_data: { metadata, description: order.description },
    expand: [...sessionExpand],
    ...(order.donor.email ? { customer_email: order.donor.email } : {}),
  };
}

const checkoutLocales = ["en", "es", "pt", "fr", "de", "it"] as const;

/** Latin American Spanish and Brazilian Portuguese have names of their own at Stripe; the rest go by language. */
function checkoutLocale(locale: string): Stripe.Checkout.SessionCreateParams.Locale {
  const [language, region] = locale.split("-");
  if (language === "es" && region !== undefined && region !== "ES") return "es-419";
  if (language === "pt" && region === "BR") return "pt-BR";
  return checkoutLocales.find((known) => known === language) ?? "auto";
}

const refundReasons = {
  requested_by_donor: "requested_by_customer",
  duplicate: "duplicate",
  fraudulent: "fraudulent",
} as const satisfies Record<RefundOrder["reason"], Stripe.RefundCreateParams["reason"]>;

/** `POST /v1/refunds`. Without `instructions_email` Stripe writes to the customer's own address (SPEI). */
export function refundParams(
  order: RefundOrder,
  amount: StripeAmount,
  intent: string,
): Stripe.RefundCreateParams {
  return {
    payment_intent: intent,
    amount: amount.amount,
    reason: refundReasons[order.reason],
    metadata: { [metadataKeys.refund]: order.refundId },
  };
}
