import { z } from "zod";

/**
 * What the simulator keeps, in the very shape the gateway answers: Mercado Pago OpenAPI, `Payment`, `Refund`,
 * `Preference`, and the fields types and examples of mercadopago 3.6.1 know beside.
 */
const text = z.string().nullable();
const identification = z.object({ type: z.string().optional(), number: z.string().optional() });

const refund = z.object({
  id: z.number(),
  payment_id: z.number(),
  amount: z.number(),
  metadata: z.object({}),
  source: z.object({ id: z.string(), name: z.string(), type: z.string() }),
  date_created: z.string(),
  unique_sequence_number: text.optional(),
  refund_mode: z.enum(["standard", "instant"]),
  adjustment_amount: z.number(),
  status: z.enum(["approved", "in_process", "rejected"]),
  reason: text,
});
export type SimRefund = z.infer<typeof refund>;

const payment = z.object({
  id: z.number(),
  date_created: z.string(),
  date_approved: text,
  date_last_updated: z.string(),
  date_of_expiration: text,
  money_release_date: text,
  operation_type: z.literal("regular_payment"),
  issuer_id: text,
  payment_method_id: z.string(),
  payment_type_id: z.string(),
  payment_method: z.object({
    id: z.string(),
    type: z.string(),
    data: z.object({ reference_id: z.string(), external_resource_url: z.string() }).optional(),
  }),
  status: z.string(),
  status_detail: z.string(),
  currency_id: z.string(),
  description: z.string(),
  live_mode: z.boolean(),
  collector_id: z.number(),
  payer: z.object({
    id: z.string(),
    email: z.string(),
    first_name: text,
    last_name: text,
    identification,
    type: z.literal("guest"),
  }),
  metadata: z.record(z.string(), z.unknown()),
  additional_info: z.object({}),
  order: z.object({ id: z.number(), type: z.literal("mercadopago") }).optional(),
  external_reference: z.string().optional(),
  transaction_amount: z.number(),
  transaction_amount_refunded: z.number(),
  coupon_amount: z.number(),
  transaction_details: z.object({
    payment_method_reference_id: text,
    net_received_amount: z.number(),
    total_paid_amount: z.number(),
    overpaid_amount: z.number(),
    external_resource_url: z.string().optional(),
    installment_amount: z.number(),
    financial_institution: text,
    digitable_line: z.string().optional(),
    barcode: z.object({ content: z.string() }).optional(),
  }),
  fee_details: z.array(z.object({ type: z.string(), amount: z.number(), fee_payer: z.string() })),
  charges_details: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      type: z.string(),
      accounts: z.object({ from: z.string(), to: z.string() }),
      amounts: z.object({ original: z.number(), refunded: z.number() }),
    }),
  ),
  captured: z.boolean(),
  binary_mode: z.boolean(),
  installments: z.number(),
  card: z.object({
    first_six_digits: z.string().optional(),
    last_four_digits: z.string().optional(),
    cardholder: z.object({ name: z.string() }).optional(),
  }),
  three_ds_info: z.object({ external_resource_url: z.string(), creq: z.string() }).optional(),
  notification_url: z.string().optional(),
  callback_url: z.string().optional(),
  refunds: z.array(refund),
  processing_mode: z.literal("aggregator"),
  point_of_interaction: z.object({
    type: z.string().optional(),
    transaction_data: z
      .object({ qr_code: z.string(), qr_code_base64: z.string(), ticket_url: z.string() })
      .optional(),
  }),
});
export type PaymentBody = z.infer<typeof payment>;

export const paymentDocument = z.object({
  seller: z.string(),
  accessToken: z.string(),
  /** Our own name of the method, for what it costs. */
  method: z.string(),
  body: payment,
});
export type SimPayment = z.infer<typeof paymentDocument>;

const item = z.object({
  id: z.string(),
  title: z.string(),
  quantity: z.number(),
  unit_price: z.number(),
  currency_id: z.string().optional(),
  category_id: z.string().optional(),
});

export const preferenceDocument = z.object({
  seller: z.string(),
  accessToken: z.string(),
  order: z.number(),
  body: z.object({
    id: z.string(),
    init_point: z.string(),
    sandbox_init_point: z.string(),
    items: z.array(item),
    external_reference: z.string().optional(),
    metadata: z.record(z.string(), z.unknown()),
    notification_url: z.string().optional(),
    back_urls: z.object({
      success: z.string().optional(),
      pending: z.string().optional(),
      failure: z.string().optional(),
    }),
    auto_return: z.enum(["approved", "all"]).optional(),
    payment_methods: z.object({
      excluded_payment_types: z.array(z.object({ id: z.string() })),
      installments: z.number().optional(),
      default_payment_method_id: z.string().optional(),
    }),
    payer: z.object({ email: z.string().optional() }),
    purpose: z.string().optional(),
    date_created: z.string(),
    expires: z.boolean(),
    expiration_date_to: z.string().optional(),
    collector_id: z.number(),
    site_id: z.string(),
    operation_type: z.literal("regular_payment"),
  }),
});
export type SimPreference = z.infer<typeof preferenceDocument>;

export const tokenDocument = z.object({
  hash: z.string(),
  holder: z.string(),
  firstSix: z.string(),
  lastFour: z.string(),
  method: z.string(),
  expiresAt: z.string(),
  used: z.boolean(),
});
export type SimToken = z.infer<typeof tokenDocument>;

export const chargebackDocument = z.object({
  seller: z.string(),
  body: z.object({
    id: z.string(),
    payments: z.array(z.object({ id: z.number() })),
    currency: z.string(),
    amount: z.number(),
    coverage_applied: z.boolean(),
    coverage_elegible: z.boolean(),
    documentation_required: z.boolean(),
    documentation_status: z.enum(["valid", "invalid", "not_supplied"]),
    date_documentation_deadline: z.string(),
    date_created: z.string(),
    date_last_updated: z.string(),
  }),
});
export type SimChargeback = z.infer<typeof chargebackDocument>;

export const claimDocument = z.object({
  seller: z.string(),
  body: z.object({
    id: z.number(),
    resource: z.literal("payment"),
    resource_id: z.number(),
    status: z.enum(["opened", "closed"]),
    type: z.literal("mediations"),
    stage: z.literal("claim"),
    date_created: z.string(),
    last_updated: z.string(),
  }),
});
export type SimClaim = z.infer<typeof claimDocument>;

/** Money taken out to the church's bank; `date_returned` where the bank sent it back. */
export const payoutDocument = z.object({
  id: z.string(),
  seller: z.string(),
  amount: z.number(),
  date_created: z.string(),
  date_returned: text,
});
export type SimPayout = z.infer<typeof payoutDocument>;
