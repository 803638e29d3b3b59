import type { AttemptId } from "../../src/kernel/ids.ts";
import { newId } from "../../src/kernel/ids.ts";

/** The one attempt that the handmade answers are about. */
export const attemptId: AttemptId = newId("attempt");
export const paymentId = "81968653106";

/** A payment as the gateway answers it, with something to show for every method. */
export const payment = (fields: object = {}): Record<string, unknown> => ({
  id: Number(paymentId),
  date_created: "2026-11-20T08:00:00.000-04:00",
  date_approved: null,
  date_of_expiration: "2026-11-23T23:59:59.000-04:00",
  payment_method_id: "pix",
  status: "pending",
  status_detail: "pending_waiting_transfer",
  currency_id: "BRL",
  transaction_amount: 500,
  transaction_amount_refunded: 0,
  coupon_amount: 0,
  external_reference: attemptId,
  transaction_details: {
    net_received_amount: 0,
    total_paid_amount: 500,
    overpaid_amount: 0,
    external_resource_url: "https://www.mercadopago.com.br/payments/81968653106/ticket",
    payment_method_reference_id: "9876543210",
    barcode: { content: "23793380296060089105409000063305596310000050000" },
  },
  charges_details: [],
  point_of_interaction: { transaction_data: { qr_code: "00020126", ticket_url: "https://mp.example/t" } },
  refunds: [],
  ...fields,
});

export const approved = (fields: object = {}): Record<string, unknown> =>
  payment({
    status: "approved",
    status_detail: "accredited",
    date_approved: "2026-11-20T08:00:05.000-04:00",
    transaction_details: { net_received_amount: 475.1, total_paid_amount: 500, overpaid_amount: 0 },
    ...fields,
  });

export const problem = (status: number, code: number, description: string): object => ({
  message: description,
  error: "bad_request",
  status,
  cause: [{ code, description, data: null }],
});
