import type { MethodType } from "../../../src/gateway/methods.ts";
import type { Listed } from "./catalog.ts";
import type { PaymentBody, SimPayment } from "./documents.ts";
import type { CreatePayment } from "./requests.ts";
import { digits, type Scene } from "./state.ts";

/** The gateway writes instants with an offset. */
export const written = (at: Date): string => at.toISOString().replace("Z", "+00:00");

/** A payment nobody has paid yet, with everything a payment always says. */
export function blankPayment(
  scene: Scene,
  asked: CreatePayment,
  listed: Listed,
  ours: MethodType,
): SimPayment {
  const { payer } = asked;
  const at = written(scene.now);
  const body: PaymentBody = {
    id: Number(digits(12)),
    date_created: at,
    date_approved: null,
    date_last_updated: at,
    date_of_expiration: null,
    money_release_date: null,
    operation_type: "regular_payment",
    issuer_id: asked.issuer_id === undefined ? null : String(asked.issuer_id),
    payment_method_id: listed.id,
    payment_type_id: listed.type,
    payment_method: { id: listed.id, type: listed.type },
    status: "pending",
    status_detail: "pending_waiting_payment",
    currency_id: scene.seller.site.currency,
    description: asked.description ?? "",
    live_mode: false,
    collector_id: Number(scene.seller.userId),
    payer: {
      id: digits(9),
      email: payer.email,
      first_name: payer.first_name ?? null,
      last_name: payer.last_name ?? null,
      identification: payer.identification ?? {},
      type: "guest",
    },
    metadata: asked.metadata,
    additional_info: {},
    ...(asked.external_reference === undefined ? {} : { external_reference: asked.external_reference }),
    transaction_amount: asked.transaction_amount,
    transaction_amount_refunded: 0,
    coupon_amount: 0,
    transaction_details: {
      payment_method_reference_id: null,
      net_received_amount: 0,
      total_paid_amount: asked.transaction_amount,
      overpaid_amount: 0,
      installment_amount: 0,
      financial_institution: null,
    },
    fee_details: [],
    charges_details: [],
    captured: true,
    binary_mode: false,
    installments: 1,
    card: {},
    ...(asked.notification_url === undefined ? {} : { notification_url: asked.notification_url }),
    ...(asked.callback_url === undefined ? {} : { callback_url: asked.callback_url }),
    refunds: [],
    processing_mode: "aggregator",
    point_of_interaction: {},
  };
  return { seller: scene.seller.userId, accessToken: scene.seller.accessToken, method: ours, body };
}
