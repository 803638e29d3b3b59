import type { CollectOrder, RefundOrder, Refusal } from "../../src/gateway/payment.ts";
import { minutes } from "../../src/kernel/clock.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { toBtcpayAmount } from "./amounts.ts";
import { type CoinMethod, coinMethods, isCoinMethod } from "./codes.ts";
import { btcpayManifest, expiresAfterMs, watchedForMs } from "./manifest.ts";
import { metadataKeys } from "./wire.ts";

/** An order BTCPay can carry. */
export type ReadyOrder = { readonly order: CollectOrder; readonly coin: CoinMethod; readonly amount: string };

/** Whether BTCPay can carry this order at all; asked before anything is sent. */
export function readyToSend(order: CollectOrder): Result<ReadyOrder, Refusal> {
  const { type, presentation } = order.method;
  const able = btcpayManifest.methods.some(
    (method) =>
      method.type === type &&
      method.countries.includes(order.country) &&
      method.presentations.includes(presentation),
  );
  if (!able || !isCoinMethod(type)) {
    const detail = `BTCPay does not carry ${type} as ${presentation} in ${order.country}`;
    return err({ reason: "unsupported", rawCode: "unsupported", detail });
  }
  const amount = toBtcpayAmount(order.amount);
  if (!amount.ok) {
    return err({ reason: "invalid_request", rawCode: "amount_unrepresentable", detail: amount.error });
  }
  return ok({ order, coin: type, amount: amount.value });
}

/**
 * `POST /invoices` (OpenAPI `CreateInvoiceRequest`): a function of the order and its key alone. Nothing of the donor is sent:
 * the coins need no name, and a gift tells what its giver believes. The public receipt page is off for the same
 * reason.
 */
export function invoiceBody({ order, coin, amount }: ReadyOrder, key: string): object {
  const code = coinMethods[coin];
  return {
    amount,
    currency: order.amount.currency,
    metadata: {
      [metadataKeys.attempt]: order.attemptId,
      [metadataKeys.donation]: order.donationId,
      [metadataKeys.presentation]: order.method.presentation,
      [metadataKeys.description]: order.description,
      [metadataKeys.key]: key,
    },
    checkout: {
      paymentMethods: [code],
      defaultPaymentMethod: code,
      lazyPaymentMethods: false,
      expirationMinutes: expiresAfterMs / minutes(1),
      monitoringMinutes: watchedForMs / minutes(1),
      // The core compares amounts: a store's own tolerance must not call a short gift whole.
      paymentTolerance: 0,
      redirectURL: order.returnUrl,
      redirectAutomatically: true,
      defaultLanguage: checkoutLanguage(order.locale),
    },
    receipt: { enabled: false },
  };
}

/** BTCPay refuses a language it has no file for, so only those it is known to have are named. */
export function checkoutLanguage(locale: string): string {
  const [language = "", region = ""] = locale.toLowerCase().split("-");
  if (language === "es") return "es-ES";
  if (language === "pt") return region === "pt" ? "pt-PT" : "pt-BR";
  return "en";
}

/**
 * `POST /invoices/{id}/refund`: a pull payment worth the amount in the gift's currency when it is claimed. Our refund
 * id is its name, by which it is found again. `undefined` where the method or the amount is none of BTCPay's.
 */
export function refundBody(order: RefundOrder): object | undefined {
  const amount = toBtcpayAmount(order.amount);
  if (!isCoinMethod(order.method) || !amount.ok) return undefined;
  return {
    name: order.refundId,
    payoutMethodId: coinMethods[order.method],
    refundVariant: "Custom",
    customAmount: amount.value,
    customCurrency: order.amount.currency,
  };
}
