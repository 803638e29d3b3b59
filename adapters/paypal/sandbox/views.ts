import { withoutGaps } from "../../../src/kernel/without-gaps.ts";
import { apiUrl, donorPages } from "./addresses.ts";
import type {
  Capture,
  Dispute,
  Link,
  Order,
  PaymentToken,
  Refund,
  SetupToken,
  Transaction,
} from "./documents.ts";
import { breakdown } from "./money.ts";
import type { Scene } from "./scene.ts";

/** Documents as PayPal's API shows them (the published specifications' response schemas). */
const link = (href: string, rel: string, method = "GET"): Link => ({ href, rel, method });

/** The donor every approval comes from, with no name of anybody's. */
const donor = { name: { given_name: "Dora", surname: "Donante" }, email_address: "donante@example.org" };

/** What belongs to an order besides itself. */
export type OrderParts = {
  readonly captures: readonly Capture[];
  readonly refunds: readonly Refund[];
  readonly token: PaymentToken | undefined;
};

export function orderView(scene: Scene, order: Order, parts: OrderParts): object {
  const payments = {
    ...(parts.captures.length > 0 ? { captures: parts.captures.map((one) => captureView(one, false)) } : {}),
    ...(parts.refunds.length > 0 ? { refunds: parts.refunds.map(refundView) } : {}),
  };
  return {
    ...orderSummary(scene, order, parts.token),
    intent: "CAPTURE",
    purchase_units: [
      {
        ...order.unit,
        payee: { merchant_id: payeeOf(scene) },
        ...(Object.keys(payments).length > 0 ? { payments } : {}),
      },
    ],
    create_time: order.createdAt,
    update_time: order.updatedAt,
  };
}

/** The short answer: id, status and links. */
export function orderSummary(scene: Scene, order: Order, token: PaymentToken | undefined): object {
  return {
    id: order.id,
    status: order.status,
    ...(order.source === "none" ? {} : { payment_source: sourceView(order, token) }),
    links: orderLinks(scene, order),
  };
}

function sourceView(order: Order, token: PaymentToken | undefined): object {
  const known = order.status === "APPROVED" || order.status === "COMPLETED";
  const vault = token && {
    id: token.id,
    status: "VAULTED",
    customer: { id: token.customerId },
    links: [link(apiUrl(`/v3/vault/payment-tokens/${token.id}`), "self")],
  };
  const shown = known ? { ...donor, account_id: "QYR5Z8XDVJNXQ" } : {};
  return { [order.source]: vault ? { ...shown, attributes: { vault } } : shown };
}

const payeeOf = (scene: Scene): string =>
  `${scene.account.country.toUpperCase()}CHURCH`.padEnd(13, "X").slice(0, 13);

function orderLinks(scene: Scene, order: Order): Link[] {
  const self = apiUrl(`/v2/checkout/orders/${order.id}`);
  const page = donorPages(scene.house).approve(order.id);
  switch (order.status) {
    case "PAYER_ACTION_REQUIRED":
      return [link(self, "self"), link(page, "payer-action")];
    case "CREATED":
      return [
        link(self, "self"),
        link(page, "approve"),
        link(self, "update", "PATCH"),
        link(`${self}/capture`, "capture", "POST"),
      ];
    case "APPROVED":
      return [link(self, "self"), link(self, "update", "PATCH"), link(`${self}/capture`, "capture", "POST")];
    case "COMPLETED":
    case "VOIDED":
      return [link(self, "self")];
  }
}

/** A capture; by itself it names its order, inside an order it need not. */
export function captureView(capture: Capture, alone: boolean): object {
  const self = apiUrl(`/v2/payments/captures/${capture.id}`);
  const order = apiUrl(`/v2/checkout/orders/${capture.orderId}`);
  return {
    id: capture.id,
    status: capture.status,
    ...(capture.reason === null ? {} : { status_details: { reason: capture.reason } }),
    amount: capture.amount,
    final_capture: true,
    seller_protection: { status: "NOT_ELIGIBLE" },
    ...(capture.fee === null ? {} : { seller_receivable_breakdown: breakdown(capture.amount, capture.fee) }),
    ...(capture.code === null ? {} : { processor_response: { response_code: capture.code } }),
    ...withoutGaps({ invoice_id: capture.invoiceId, custom_id: capture.customId }),
    ...(alone ? { supplementary_data: { related_ids: { order_id: capture.orderId } } } : {}),
    links: [link(self, "self"), link(`${self}/refund`, "refund", "POST"), link(order, "up")],
    create_time: capture.createdAt,
    update_time: capture.updatedAt,
  };
}

export function refundView(refund: Refund): object {
  return {
    id: refund.id,
    status: refund.status,
    ...(refund.status === "PENDING" ? { status_details: { reason: "ECHECK" } } : {}),
    amount: refund.amount,
    seller_payable_breakdown: {
      gross_amount: refund.amount,
      net_amount: refund.amount,
      total_refunded_amount: refund.amount,
    },
    ...withoutGaps({ invoice_id: refund.invoiceId, custom_id: refund.customId }),
    links: [
      link(apiUrl(`/v2/payments/refunds/${refund.id}`), "self"),
      link(apiUrl(`/v2/payments/captures/${refund.captureId}`), "up"),
    ],
    create_time: refund.createdAt,
    update_time: refund.updatedAt,
  };
}

/** `full`: with what only the single dispute shows. */
export function disputeView(dispute: Dispute, full: boolean): object {
  const self = link(apiUrl(`/v1/customer/disputes/${dispute.id}`), "self");
  const transaction = {
    seller_transaction_id: dispute.captureId,
    create_time: dispute.createdAt,
    ...withoutGaps({ custom: dispute.orderCustomId }),
    seller: { merchant_id: "CHURCH" },
  };
  return {
    dispute_id: dispute.id,
    create_time: dispute.createdAt,
    update_time: dispute.updatedAt,
    reason: dispute.reason,
    status: dispute.status,
    dispute_amount: dispute.amount,
    dispute_life_cycle_stage: dispute.stage,
    ...(full
      ? {
          disputed_transactions: [transaction],
          seller_response_due_date: dispute.dueAt,
          ...(dispute.outcome === null ? {} : { dispute_outcome: { outcome_code: dispute.outcome } }),
        }
      : {}),
    links: [self],
  };
}

export function setupTokenView(scene: Scene, token: SetupToken): object {
  const open = token.status === "PAYER_ACTION_REQUIRED";
  const self = apiUrl(`/v3/vault/setup-tokens/${token.id}`);
  return {
    id: token.id,
    status: token.status,
    customer: customerView(token),
    payment_source: { [token.wallet]: {} },
    links: [
      ...(open ? [link(donorPages(scene.house).agree(token.id), "approve")] : []),
      link(apiUrl("/v3/vault/payment-tokens"), "confirm", "POST"),
      link(self, "self"),
    ],
  };
}

const customerView = (token: SetupToken | PaymentToken): object => ({
  id: token.customerId,
  ...withoutGaps({ merchant_customer_id: token.merchantCustomerId }),
});

export function paymentTokenView(token: PaymentToken): object {
  const self = apiUrl(`/v3/vault/payment-tokens/${token.id}`);
  const shown =
    token.wallet === "venmo"
      ? { venmo: { user_name: "donante", email_address: donor.email_address } }
      : { paypal: { email_address: donor.email_address } };
  return {
    id: token.id,
    customer: customerView(token),
    payment_source: shown,
    links: [link(self, "self"), link(self, "delete", "DELETE")],
  };
}

export function transactionView(booked: Transaction): object {
  return {
    transaction_info: {
      transaction_id: booked.id,
      ...(booked.reference === null
        ? {}
        : { paypal_reference_id: booked.reference, paypal_reference_id_type: "TXN" }),
      transaction_event_code: booked.code,
      transaction_initiation_date: booked.at,
      transaction_updated_date: booked.at,
      transaction_amount: booked.amount,
      ...withoutGaps({ fee_amount: booked.fee }),
      transaction_status: booked.status,
      ...withoutGaps({ invoice_id: booked.invoiceId, custom_field: booked.customId }),
      protection_eligibility: "02",
    },
  };
}
