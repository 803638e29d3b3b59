import { z } from "zod";

/**
 * What is read of Mercado Pago's bodies (OpenAPI 2026-06-24, types of mercadopago 3.6.1): only the fields used,
 * everything else is dropped. Status words stay open here; `codes.ts` closes them. A 2xx body that fails its
 * schema is `in_doubt`.
 */
const text = z.string().nullish();
/** Ids come as numbers from one operation and as text from another. */
const id = z.union([z.string().min(1), z.number().int().nonnegative()]).transform(String);
const amount = z.number().nullish();
const instant = z.string().refine((at) => !Number.isNaN(Date.parse(at)), "no date");

export const refundSchema = z.object({
  id,
  payment_id: id.nullish(),
  amount: z.number(),
  status: text,
  date_created: instant.nullish(),
});
export type WireRefund = z.infer<typeof refundSchema>;
export const refundsSchema = z.array(refundSchema);

const transactionDetails = z.object({
  net_received_amount: amount,
  total_paid_amount: amount,
  overpaid_amount: amount,
  external_resource_url: text,
  payment_method_reference_id: text,
  verification_code: text,
  digitable_line: text,
  barcode: z.object({ content: text }).nullish(),
});

const charge = z.object({
  type: text,
  accounts: z.object({ from: text }).nullish(),
  amounts: z.object({ original: amount }).nullish(),
});

export const paymentSchema = z.object({
  id,
  status: z.string(),
  status_detail: z
    .string()
    .nullish()
    .transform((detail) => detail ?? ""),
  currency_id: z.string(),
  transaction_amount: z.number(),
  transaction_amount_refunded: amount,
  coupon_amount: amount,
  date_created: instant.nullish(),
  date_approved: instant.nullish(),
  date_last_updated: instant.nullish(),
  date_of_expiration: instant.nullish(),
  payment_method_id: text,
  external_reference: text,
  transaction_details: transactionDetails.nullish(),
  charges_details: z.array(charge).nullish(),
  payment_method: z
    .object({ data: z.object({ reference_id: text, external_resource_url: text }).nullish() })
    .nullish(),
  point_of_interaction: z
    .object({ transaction_data: z.object({ qr_code: text, ticket_url: text }).nullish() })
    .nullish(),
  three_ds_info: z.object({ external_resource_url: text, creq: text }).nullish(),
  refunds: refundsSchema.nullish(),
});
export type WirePayment = z.infer<typeof paymentSchema>;

export const paymentSearchSchema = z.object({ results: z.array(paymentSchema) });

export const preferenceSchema = z.object({
  id: z.string().min(1),
  init_point: z.string().min(1),
  external_reference: text,
  expires: z.boolean().nullish(),
  expiration_date_to: instant.nullish(),
  items: z
    .array(z.object({ title: z.string(), quantity: z.number(), unit_price: z.number(), currency_id: text }))
    .default([]),
});
export type WirePreference = z.infer<typeof preferenceSchema>;

/** The search answers summaries: the id is all that is needed of one. */
export const preferenceSearchSchema = z.object({
  elements: z.array(z.object({ id: z.string().min(1), external_reference: text })).default([]),
});

export const userSchema = z.object({ id, site_id: text, country_id: text });

export const paymentMethodsSchema = z.array(
  z.object({
    id: z.string(),
    status: text,
    financial_institutions: z
      .array(z.object({ id, description: text }))
      .nullish()
      .transform((banks) => banks ?? []),
  }),
);

export const chargebackSchema = z.object({
  payment_id: id.nullish(),
  payments: z.array(z.union([id, z.object({ id }).transform((payment) => payment.id)])).default([]),
  amount: z.number(),
  currency: text,
  currency_id: text,
  reason: text,
  coverage_applied: z.boolean().nullish(),
  documentation_required: z.boolean().nullish(),
  documentation_status: text,
  date_documentation_deadline: instant.nullish(),
});
export type WireChargeback = z.infer<typeof chargebackSchema>;

/** A complaint of the donor's at Mercado Pago itself; `resource_id` is the payment's. */
export const claimSchema = z.object({ id, resource: text, resource_id: id, status: z.string(), type: text });

/** Ids of chargebacks are longer than a JSON number keeps: such a one is left out, and read from the address. */
const safeId = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (typeof value === "number" && !Number.isSafeInteger(value) ? undefined : value))
  .transform((value) => (value === undefined || value === null ? undefined : String(value)));

/** A notification's body. It is not signed: nothing of it is believed but what it points at, which is asked for. */
export const notificationSchema = z.object({
  id,
  type: z.string().min(1),
  action: text,
  date_created: instant.nullish(),
  user_id: id.nullish(),
  live_mode: z.boolean().nullish(),
  data: z.object({ id: safeId, payment_id: safeId }),
});
