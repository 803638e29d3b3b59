import {
  CheckoutPaymentIntent,
  ItemCategory,
  type ItemRequest,
  OrderApplicationContextShippingPreference,
  OrderApplicationContextUserAction,
  type OrderRequest,
  type Patch,
  PatchOp,
  PaymentInitiator,
  type PaymentSource,
  PaypalExperienceLandingPage,
  PaypalExperienceUserAction,
  PaypalWalletContextShippingPreference,
  StoredPaymentSourceUsageType,
  UsagePattern,
  VenmoWalletExperienceContextShippingPreference,
} from "@paypal/paypal-server-sdk";
import type { MandateCharge } from "../../src/gateway/mandate.ts";
import type { MethodType, Presentation } from "../../src/gateway/methods.ts";
import type { CollectOrder, Refusal } from "../../src/gateway/payment.ts";
import type { CurrencyCode } from "../../src/kernel/currency.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { type PaypalAmount, toPaypalAmount } from "./amounts.ts";
import { paypalManifest } from "./manifest.ts";

/** The methods PayPal's page can be opened for. */
export type PaypalMethod = "paypal" | "venmo" | "card";

/** What of an order decides whether it can be sent at all. */
type Asked = {
  readonly method: MethodType;
  readonly presentation: Presentation;
  readonly country: string;
  readonly currency: CurrencyCode;
};

/** The capability this account has for what is asked, or the refusal that saves the request. */
export function supported(asked: Asked, account: string): Result<PaypalMethod, Refusal> {
  const { method, presentation, country, currency } = asked;
  const capability = paypalManifest.methods.find(
    (one) =>
      one.type === method &&
      one.countries.includes(country) &&
      (one.accounts ?? [country]).includes(account) &&
      one.currencies.includes(currency) &&
      one.presentations.includes(presentation),
  );
  if (capability && (method === "paypal" || method === "venmo" || method === "card")) return ok(method);
  const detail = `${method} (${presentation}) in ${country} and ${currency} is not offered by a PayPal account of ${account}`;
  return err({ reason: "unsupported", rawCode: "method_not_supported", detail });
}

/** An order checked against the manifest, with its amount as PayPal writes it. */
export type ReadyOrder = { readonly method: PaypalMethod; readonly amount: PaypalAmount };

export function readyToSend(order: CollectOrder, account: string): Result<ReadyOrder, Refusal> {
  const { type, presentation } = order.method;
  const { currency } = order.amount;
  const method = supported({ method: type, presentation, country: order.country, currency }, account);
  if (!method.ok) return method;
  const amount = writtenAmount(order.amount);
  return amount.ok ? ok({ method: method.value, amount: amount.value }) : amount;
}

/** {@link toPaypalAmount} with its sentence as a refusal. */
export function writtenAmount(amount: CollectOrder["amount"]): Result<PaypalAmount, Refusal> {
  const written = toPaypalAmount(amount);
  if (written.ok) return written;
  return err({ reason: "invalid_request", rawCode: "amount_unrepresentable", detail: written.error });
}

/** Whether the gift is sent as an item of the category DONATION, which PayPal may refuse a church. */
export type Category = "donation" | "plain";

/**
 * The body of `POST /v2/checkout/orders`. `custom_id` is the attempt, by which every later event finds its way
 * home; `invoice_id` is the donation, so that an account which wants each invoice once refuses a second payment
 * of the same gift. Nothing of the donor is sent: PayPal knows them better.
 */
export function orderRequest(order: CollectOrder, ready: ReadyOrder, category: Category): OrderRequest {
  return {
    intent: CheckoutPaymentIntent.Capture,
    purchaseUnits: [
      purchaseUnit({
        amount: ready.amount,
        attempt: order.attemptId,
        invoice: order.donationId,
        description: order.description,
        category,
      }),
    ],
    ...paidWith(order, ready.method),
  };
}

/** The body for one charge of a stored permission; such an order is captured as soon as it is made. */
export function chargeRequest(charge: MandateCharge, amount: PaypalAmount, category: Category): OrderRequest {
  return {
    intent: CheckoutPaymentIntent.Capture,
    purchaseUnits: [
      purchaseUnit({
        amount,
        attempt: charge.attempt.attemptId,
        invoice: charge.attempt.attemptId,
        description: charge.description,
        category,
      }),
    ],
    paymentSource: storedSource(charge.mandate.method, charge.mandate.gatewayMandateId),
  };
}

function storedSource(method: MethodType, vaultId: string): PaymentSource {
  if (method === "venmo") return { venmo: { vaultId } };
  return {
    paypal: {
      vaultId,
      storedCredential: {
        paymentInitiator: PaymentInitiator.Merchant,
        usage: StoredPaymentSourceUsageType.Subsequent,
        usagePattern: UsagePattern.RecurringPrepaid,
      },
    },
  };
}

type Unit = {
  readonly amount: PaypalAmount;
  readonly attempt: string;
  readonly invoice: string;
  readonly description: string;
  readonly category: Category;
};

function purchaseUnit(unit: Unit) {
  const description = shortened(unit.description);
  return {
    referenceId: unitName,
    amount: { ...unit.amount, breakdown: { itemTotal: { ...unit.amount } } },
    customId: unit.attempt,
    invoiceId: unit.invoice,
    description,
    items: [giftItem(unit.amount, description, unit.category)],
  };
}

const unitName = "default";

const giftItem = (amount: PaypalAmount, name: string, category: Category): ItemRequest => ({
  name,
  quantity: "1",
  unitAmount: { ...amount },
  ...(category === "donation" ? { category: ItemCategory.Donation } : {}),
});

/** PayPal's limit for a description or a name, in characters; never cut through one. */
const shortened = (text: string): string => [...text.trim()].slice(0, 127).join("") || "Donation";

/**
 * `PATCH /v2/checkout/orders/{id}`: the same gift without its category, for an account that is told only at the
 * capture that it may not send donations.
 */
export function withoutCategory(amount: PaypalAmount, description: string): Patch[] {
  const path = `/purchase_units/@reference_id=='${unitName}'/items`;
  return [{ op: PatchOp.Replace, path, value: [itemOnWire(amount, shortened(description))] }];
}

/** A patch's value is sent as it is: PayPal's own spelling. */
const itemOnWire = (amount: PaypalAmount, name: string) => ({
  name,
  quantity: "1",
  unit_amount: { currency_code: amount.currencyCode, value: amount.value },
});

/** BCP 47 as PayPal takes it; another spelling is left out and PayPal picks the language. */
const language = /^[a-z]{2}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?$/;
export const paypalLocale = (locale: string): { locale?: string } =>
  language.test(locale) ? { locale } : {};

function paidWith(
  order: CollectOrder,
  method: PaypalMethod,
): Pick<OrderRequest, "paymentSource" | "applicationContext"> {
  const { returnUrl, cancelUrl } = order;
  const brandName = shortened(order.description);
  if (method === "venmo") {
    // Venmo's own context knows no return address: the order's older one carries it.
    return {
      paymentSource: {
        venmo: {
          experienceContext: {
            brandName,
            shippingPreference: VenmoWalletExperienceContextShippingPreference.NoShipping,
          },
        },
      },
      applicationContext: {
        returnUrl,
        cancelUrl,
        userAction: OrderApplicationContextUserAction.PayNow,
        shippingPreference: OrderApplicationContextShippingPreference.NoShipping,
      },
    };
  }
  return {
    paymentSource: {
      paypal: {
        experienceContext: {
          brandName,
          ...paypalLocale(order.locale),
          returnUrl,
          cancelUrl,
          userAction: PaypalExperienceUserAction.PayNow,
          shippingPreference: PaypalWalletContextShippingPreference.NoShipping,
          landingPage:
            method === "card"
              ? PaypalExperienceLandingPage.GuestCheckout
              : PaypalExperienceLandingPage.NoPreference,
        },
      },
    },
  };
}
