import type Stripe from "stripe";
import type { DonorField } from "../../src/gateway/country-profile.ts";
import type { MethodCapability } from "../../src/gateway/manifest.ts";
import type { CollectDonor, CollectOrder, RefundOrder, Refusal } from "../../src/gateway/payment.ts";
import { compare, type Money } from "../../src/kernel/money.ts";
import { err, exhaustive, type Result } from "../../src/kernel/result.ts";
import { withoutGaps } from "../../src/kernel/without-gaps.ts";
import { type StripeAmount, toStripeAmount } from "./amounts.ts";
import { isDebit, isRedirect, stripeTypesOf } from "./carried.ts";
import { stripeManifest } from "./manifest.ts";
import { confirmationParams, isConfirmationToken } from "./order-methods.ts";
import { metadataKeys } from "./wire.ts";

/**
 * Our order as Stripe's parameters: pure, and a function of the order alone. Nothing here may depend on the
 * time of the call, because a repeat with the same key must carry the same parameters or Stripe refuses it.
 */

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
  if (presentation === "instructions") {
    const missing = capability.requires.find((field) => !has(order.donor, field));
    if (missing) {
      return err(refusal("invalid_request", "donor_missing", `${type} needs the donor's ${missing}`));
    }
  }
  const needsMandate = isDebit(type) && presentation === "token" && !isConfirmationToken(token);
  if (needsMandate && !order.mandateAcceptance) {
    return err(
      refusal(
        "invalid_request",
        "mandate_missing",
        "a bank debit by token needs the donor's mandate acceptance",
      ),
    );
  }
  const limit = overLimit(order.amount, capability);
  if (limit) return err(refusal("invalid_request", "amount_out_of_limits", limit));
  const amount = toStripeAmount(order.amount);
  return amount.ok ? amount : err(refusal("invalid_request", "amount_unrepresentable", amount.error));
}

const has = (donor: CollectDonor, field: DonorField): boolean => {
  switch (field) {
    case "name":
      return !!donor.name;
    case "email":
      return !!donor.email;
    case "phone":
      return !!donor.phone;
    case "tax_id":
      return !!donor.taxId;
    case "address":
      return !!donor.address;
    case "bank":
      return false;
    default:
      return exhaustive(field);
  }
};

/** The core keeps to the limits; an order past them is a mistake of ours and never leaves. */
function overLimit(amount: Money, capability: MethodCapability): string | undefined {
  const of = (limits: readonly Money[]) => limits.find(({ currency }) => currency === amount.currency);
  const [least, most] = [of(capability.minimum), of(capability.maximum)];
  if (least && compare(amount, least) < 0) return `${capability.type} takes no less than ${least.minor}`;
  return most && compare(amount, most) > 0
    ? `${capability.type} takes no more than ${most.minor}`
    : undefined;
}

/** Set on the session, the intent and (by Stripe, which copies an intent's) the charge. */
function metadataOf(order: CollectOrder): Record<string, string> {
  return {
    [metadataKeys.attempt]: order.attemptId,
    [metadataKeys.donation]: order.donationId,
    [metadataKeys.method]: order.method.type,
    // An intent confirmed at once is answered by itself, without a page of Stripe's around it.
    [metadataKeys.presentation]: isRedirect(order.method.type) ? "redirect" : order.method.presentation,
  };
}

/** `POST /v1/payment_intents` for everything but the hosted page. `customer` only for bank transfers. */
export function intentParams(
  order: CollectOrder,
  amount: StripeAmount,
  customer?: string,
): Stripe.PaymentIntentCreateParams {
  return {
    ...amount,
    allowed_payment_method_types: stripeTypesOf(order.method.type),
    description: order.description,
    metadata: metadataOf(order),
    expand: [...intentExpand],
    ...withoutGaps({ customer }),
    ...confirmationParams(order),
  };
}

/** `POST /v1/customers`: made once per donor, because the account lent to the donor is the customer's for good. */
export const customerParams = (order: CollectOrder): Stripe.CustomerCreateParams => customerOf(order.donor);

export function customerOf({ name, email, phone, reference }: CollectDonor): Stripe.CustomerCreateParams {
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
    allowed_payment_method_types: stripeTypesOf(order.method.type),
    success_url: order.returnUrl,
    cancel_url: order.cancelUrl,
    client_reference_id: order.attemptId,
    locale: checkoutLocale(order.locale),
    metadata,
    payment_intent_data: { metadata, description: order.description },
    expand: [...sessionExpand],
    ...(order.donor.email ? { customer_email: order.donor.email } : {}),
    ...sessionOptions(order),
  };
}

/** Canadian debits must say what they are for, on Stripe's page too. */
function sessionOptions(
  order: CollectOrder,
): Pick<Stripe.Checkout.SessionCreateParams, "payment_method_options"> {
  if (order.method.type !== "acss_debit") return {};
  const mandate_options = { payment_schedule: "sporadic", transaction_type: "personal" } as const;
  return { payment_method_options: { acss_debit: { mandate_options } } };
}

const checkoutLocales = ["en", "es", "pt", "fr", "de", "it"] as const;

/** Latin American Spanish and Brazilian Portuguese have names of their own at Stripe; the rest go by language. */
export function checkoutLocale(locale: string): Stripe.Checkout.SessionCreateParams.Locale {
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

/** `POST /v1/refunds`. Without `instructions_email` Stripe writes to the customer's own address (bank transfers). */
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
