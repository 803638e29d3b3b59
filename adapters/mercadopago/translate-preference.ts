import type { Preference } from "mercadopago";
import type { CollectOrder } from "../../src/gateway/payment.ts";
import { checkoutLastsMs, type Flow, paymentTypes } from "./method-codes.ts";
import { gatewayInstant, lapsesAt, notificationUrl } from "./translate-order.ts";
import type { WirePreference } from "./wire.ts";

export type PreferenceBody = Parameters<Preference["create"]>[0]["body"];
type CheckoutPro = Extract<Flow, { kind: "checkout_pro" }>;

/**
 * `POST /checkout/preferences`: the gateway's own page, showing nothing but what the donor chose. The wallet is
 * asked for by purpose; what else an account could take is hidden by type. It closes a day after the attempt began.
 */
export function preferenceBody(order: CollectOrder, amount: number, flow: CheckoutPro): PreferenceBody {
  const { donor, returnUrl, cancelUrl } = order;
  const hidden = paymentTypes.filter((type) => !flow.only.includes(type));
  const wallet = flow.only.includes("account_money");
  return {
    items: [
      {
        id: order.donationId,
        title: order.description.slice(0, 256),
        quantity: 1,
        currency_id: order.amount.currency,
        unit_price: amount,
        category_id: "donations",
      },
    ],
    external_reference: order.attemptId,
    metadata: { donation_id: order.donationId },
    notification_url: notificationUrl(order),
    back_urls: { success: returnUrl, pending: returnUrl, failure: cancelUrl },
    // The gateway takes the donor back by itself only to a page it could reach; the test kitchen has none.
    ...(returnUrl.startsWith("https://") ? { auto_return: "approved" } : {}),
    payment_methods: {
      installments: 1,
      // A page of the wallet's is made so by its purpose; hiding types there would hide the cards saved in it.
      ...(wallet ? {} : { excluded_payment_types: hidden.map((id) => ({ id })) }),
      ...(flow.code ? { default_payment_method_id: flow.code } : {}),
    },
    ...(wallet ? { purpose: "wallet_purchase" } : {}),
    ...(donor.email ? { payer: { email: donor.email } } : {}),
    expires: true,
    expiration_date_to: gatewayInstant(lapsesAt(order.attemptId, checkoutLastsMs)),
  };
}

/** The same page, closed as of `now`: the gateway wants the items again with every change. */
export function closedPreference(open: WirePreference, now: Date): PreferenceBody {
  return {
    items: open.items.map((item, i) => ({
      id: String(i + 1),
      title: item.title,
      quantity: item.quantity,
      unit_price: item.unit_price,
      ...(item.currency_id ? { currency_id: item.currency_id } : {}),
    })),
    expires: true,
    expiration_date_to: gatewayInstant(now),
  };
}
