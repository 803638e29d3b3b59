import { z } from "zod";

/**
 * What we read of PayPal's bodies (Orders v2, Payments v2, Vault v3, Transaction Search v1, Disputes v1 and
 * Webhooks v1 specifications): only the fields the adapter uses. PayPal's field names live in this folder and
 * nowhere else. Status and code words stay open here; `codes.ts` closes them.
 */
const amount = z.object({ currency_code: z.string(), value: z.string() });
export type WireAmount = z.infer<typeof amount>;

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const links = z
  .array(z.object({ href: z.string(), rel: z.string() }))
  .nullish()
  .transform((given) => given ?? []);
export type WireLinks = z.infer<typeof links>;

const reason = z.object({ reason: z.string().optional() }).nullish();

export const captureSchema = z.object({
  id: z.string().min(1),
  status: z.string(),
  status_details: reason,
  amount,
  custom_id: z.string().optional(),
  create_time: instant.optional(),
  update_time: instant.optional(),
  seller_receivable_breakdown: z.object({ paypal_fee: amount.optional() }).nullish(),
  processor_response: z
    .object({ response_code: z.string().optional(), payment_advice_code: z.string().optional() })
    .nullish(),
  supplementary_data: z
    .object({ related_ids: z.object({ order_id: z.string().optional() }).optional() })
    .nullish(),
  links,
});
export type WireCapture = z.infer<typeof captureSchema>;

export const refundSchema = z.object({
  id: z.string().min(1),
  status: z.string(),
  status_details: reason,
  amount: amount.optional(),
  custom_id: z.string().optional(),
  links,
});
export type WireRefund = z.infer<typeof refundSchema>;

const purchaseUnit = z.object({
  amount: amount.optional(),
  custom_id: z.string().optional(),
  payments: z
    .object({ captures: z.array(captureSchema).default([]), refunds: z.array(refundSchema).default([]) })
    .nullish(),
});

const vaulted = z.object({
  attributes: z
    .object({ vault: z.object({ customer: z.object({ id: z.string().optional() }).optional() }).nullish() })
    .nullish(),
});

export const orderSchema = z.object({
  id: z.string().min(1),
  status: z.string(),
  intent: z.string().optional(),
  create_time: instant.optional(),
  update_time: instant.optional(),
  purchase_units: z.array(purchaseUnit).default([]),
  payment_source: z.record(z.string(), vaulted.catch({ attributes: null })).nullish(),
  links,
});
export type WireOrder = z.infer<typeof orderSchema>;

export const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

export const errorSchema = z.object({
  name: z.string().optional(),
  message: z.string().optional(),
  debug_id: z.string().optional(),
  details: z
    .array(
      z.object({
        issue: z.string().optional(),
        description: z.string().optional(),
        field: z.string().optional(),
      }),
    )
    .nullish(),
  /** The OAuth server answers in its own words. */
  error: z.string().optional().catch(undefined),
  error_description: z.string().optional(),
});

const walletShown = z.object({ email_address: z.string().optional(), user_name: z.string().optional() });
const vaultSource = z.object({ paypal: walletShown.optional(), venmo: walletShown.optional() }).nullish();

export const setupTokenSchema = z.object({
  id: z.string().min(1),
  status: z.string().optional(),
  customer: z.object({ id: z.string().optional() }).nullish(),
  links,
});
export type WireSetupToken = z.infer<typeof setupTokenSchema>;

export const paymentTokenSchema = z.object({
  id: z.string().min(1),
  customer: z.object({ id: z.string().optional(), merchant_customer_id: z.string().optional() }).nullish(),
  payment_source: vaultSource,
});
export type WirePaymentToken = z.infer<typeof paymentTokenSchema>;
export const paymentTokensSchema = z.object({ payment_tokens: z.array(paymentTokenSchema).default([]) });

/** A body without anything we read: deleting answers with none. */
export const emptySchema = z.object({});

const transaction = z.object({
  transaction_id: z.string().min(1),
  paypal_reference_id: z.string().optional(),
  transaction_event_code: z.string(),
  transaction_status: z.string().optional(),
  transaction_initiation_date: z.string(),
  transaction_updated_date: z.string().optional(),
  transaction_amount: amount,
  fee_amount: amount.optional(),
  custom_field: z.string().optional(),
});
export type WireTransaction = z.infer<typeof transaction>;

export const transactionsSchema = z.object({
  transaction_details: z.array(z.object({ transaction_info: transaction })).default([]),
  total_pages: z.number().int().nonnegative().optional(),
});

export const disputeSchema = z.object({
  dispute_id: z.string().min(1),
  status: z.string(),
  reason: z.string().default("OTHER"),
  dispute_amount: amount,
  dispute_life_cycle_stage: z.string().optional(),
  dispute_outcome: z.object({ outcome_code: z.string().optional() }).nullish(),
  seller_response_due_date: instant.optional(),
  disputed_transactions: z
    .array(z.object({ seller_transaction_id: z.string().optional(), custom: z.string().optional() }))
    .default([]),
  money_movements: z
    .array(z.object({ affected_party: z.string(), type: z.string(), amount: amount.optional() }))
    .optional(),
});
export type WireDispute = z.infer<typeof disputeSchema>;

export const disputeListSchema = z.object({
  items: z.array(z.object({ dispute_id: z.string().min(1) })).default([]),
  links,
});

/** Approval taken back before we captured: the order by name only. */
export const approvalReversedSchema = z.object({
  order_id: z.string().min(1),
  purchase_units: z.array(z.object({ custom_id: z.string().optional() })).default([]),
});

export const verificationSchema = z.object({ verification_status: z.string() });

export const eventSchema = z.object({
  id: z.string().startsWith("WH-"),
  event_type: z.string().min(1),
  create_time: instant,
  resource: z.record(z.string(), z.unknown()),
});
export type WireEvent = z.infer<typeof eventSchema>;
