import type { Stripe } from "stripe";

/**
 * Stripe's own response types of API version 2026-10-28.endive (stripe 23.1.0): an object literal of ours that
 * lacks a field of theirs does not compile. Amounts inside are Stripe's wire form, integer minor units.
 */
export type PaymentIntent = Stripe.PaymentIntent;
export type IntentOptions = Stripe.PaymentIntent.PaymentMethodOptions;
export type PaymentMethod = Stripe.PaymentMethod;
export type Charge = Stripe.Charge;
export type Mandate = Stripe.Mandate;
export type SetupIntent = Stripe.SetupIntent;
export type PaymentDetails = Stripe.Charge.PaymentMethodDetails;
export type CardDetails = Stripe.Charge.PaymentMethodDetails.Card;
export type Outcome = Stripe.Charge.Outcome;
export type ConfirmationToken = Stripe.ConfirmationToken;
export type Refund = Stripe.Refund;
export type Dispute = Stripe.Dispute;
export type BalanceTransaction = Stripe.BalanceTransaction;
export type Customer = Stripe.Customer;
export type CashBalance = Stripe.CashBalance;
export type CashTransaction = Stripe.CustomerCashBalanceTransaction;
export type CheckoutSession = Stripe.Checkout.Session;
export type WebhookEndpoint = Stripe.WebhookEndpoint & { readonly secret: string };

export const apiVersion = "2026-10-28.endive";

/** The event types this simulator sends. */
export type EventType =
  | "payment_intent.created"
  | "payment_intent.processing"
  | "payment_intent.requires_action"
  | "payment_intent.amount_capturable_updated"
  | "payment_intent.partially_funded"
  | "payment_intent.succeeded"
  | "payment_intent.payment_failed"
  | "payment_intent.canceled"
  | "charge.pending"
  | "charge.succeeded"
  | "charge.captured"
  | "charge.updated"
  | "charge.failed"
  | "charge.refunded"
  | "refund.created"
  | "refund.updated"
  | "refund.failed"
  | "charge.dispute.created"
  | "charge.dispute.updated"
  | "charge.dispute.closed"
  | "charge.dispute.funds_withdrawn"
  | "charge.dispute.funds_reinstated"
  | "checkout.session.completed"
  | "checkout.session.async_payment_succeeded"
  | "checkout.session.async_payment_failed"
  | "checkout.session.expired"
  | "setup_intent.created"
  | "setup_intent.requires_action"
  | "setup_intent.succeeded"
  | "setup_intent.setup_failed"
  | "setup_intent.canceled"
  | "mandate.updated"
  | "payment_method.attached"
  | "payment_method.detached"
  | "customer.created"
  | "customer.updated"
  | "cash_balance.funds_available"
  | "customer_cash_balance_transaction.created";

/** Stripe's event envelope, with the object as it stood when the event was made. */
export type SandboxEvent = {
  readonly id: string;
  readonly object: "event";
  readonly api_version: typeof apiVersion;
  readonly created: number;
  readonly data: { readonly object: object; readonly previous_attributes?: object };
  readonly livemode: false;
  readonly pending_webhooks: number;
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null };
  readonly type: EventType;
};

/** The id in a field that may hold either an id or, when expanded, the object. Stored objects hold ids. */
export function idIn(field: string | { readonly id: string }): string;
export function idIn(field: string | { readonly id: string } | null | undefined): string | undefined;
export function idIn(field: string | { readonly id: string } | null | undefined): string | undefined {
  if (field === null || field === undefined) return undefined;
  return typeof field === "string" ? field : field.id;
}
