import { z } from "zod";

/**
 * What we read of Stripe's bodies (Stripe API 2026-10-28, as typed by stripe 23.1.0): only the fields the
 * adapter uses, everything else is dropped. Stripe's field names live in this folder and nowhere else. Status
 * and type words stay open strings here; `codes.ts` closes them. A 2xx body that fails its schema is `in_doubt`.
 */
const integer = z.number().int();
export const metadataWords = z
  .record(z.string(), z.string())
  .nullish()
  .transform((m) => m ?? {});

/** A reference that Stripe writes as an id, or as the object when it was expanded. */
export const idOf = z
  .union([z.string(), z.object({ id: z.string() })])
  .nullish()
  .transform((ref) =>
    ref === null || ref === undefined ? undefined : typeof ref === "string" ? ref : ref.id,
  );

const feeDetail = z.object({ amount: integer, currency: z.string(), type: z.string() });

export const balanceTransactionSchema = z.object({
  id: z.string(),
  object: z.literal("balance_transaction"),
  amount: integer,
  fee: integer,
  net: integer,
  currency: z.string(),
  fee_details: z.array(feeDetail).default([]),
  type: z.string(),
  reporting_category: z.string().optional(),
  source: idOf,
  created: integer,
  available_on: integer,
});
export type WireBalanceTransaction = z.infer<typeof balanceTransactionSchema>;

export const chargeSchema = z.object({
  id: z.string(),
  object: z.literal("charge"),
  status: z.string(),
  created: integer,
  balance_transaction: z.union([z.string(), balanceTransactionSchema]).nullish(),
  payment_intent: idOf,
  metadata: metadataWords,
  payment_method_details: z
    .object({
      type: z.string(),
      card: z.object({ capture_before: integer.optional() }).nullish(),
      crypto: z
        .object({
          network: z.string().nullish(),
          token_currency: z.string().nullish(),
          transaction_hash: z.string().nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

export const paymentErrorSchema = z.object({
  type: z.string(),
  code: z.string().nullish(),
  decline_code: z.string().nullish(),
  advice_code: z.string().nullish(),
  network_advice_code: z.string().nullish(),
  network_decline_code: z.string().nullish(),
});

const holder = { account_holder_name: z.string().nullish() };
const bank = { ...holder, bank_name: z.string().nullish() };
/** One of the accounts lent to a donor; which one by `type`, tolerating those this adapter does not know. */
const financialAddress = z.object({
  type: z.string(),
  spei: z.object({ ...bank, clabe: z.string(), bank_name: z.string() }).nullish(),
  aba: z.object({ ...bank, account_number: z.string(), routing_number: z.string() }).nullish(),
  iban: z.object({ ...holder, iban: z.string(), bic: z.string(), country: z.string().nullish() }).nullish(),
  sort_code: z.object({ ...holder, account_number: z.string(), sort_code: z.string() }).nullish(),
});
export type WireFinancialAddress = z.infer<typeof financialAddress>;

export const nextActionSchema = z.object({
  type: z.string(),
  redirect_to_url: z.object({ url: z.string().nullable() }).nullish(),
  oxxo_display_details: z
    .object({
      number: z.string().nullable(),
      expires_after: integer.nullable(),
      hosted_voucher_url: z.string().nullish(),
    })
    .nullish(),
  boleto_display_details: z
    .object({
      number: z.string().nullable(),
      expires_at: integer.nullable(),
      hosted_voucher_url: z.string().nullish(),
      pdf: z.string().nullish(),
    })
    .nullish(),
  multibanco_display_details: z
    .object({
      entity: z.string().nullable(),
      reference: z.string().nullable(),
      expires_at: integer.nullable(),
      hosted_voucher_url: z.string().nullish(),
    })
    .nullish(),
  display_bank_transfer_instructions: z
    .object({
      amount_remaining: integer.nullable(),
      currency: z.string().nullable(),
      reference: z.string().nullish(),
      hosted_instructions_url: z.string().nullish(),
      financial_addresses: z.array(financialAddress).default([]),
    })
    .nullish(),
  verify_with_microdeposits: z
    .object({ hosted_verification_url: z.string(), arrival_date: integer })
    .nullish(),
});
export type WireNextAction = z.infer<typeof nextActionSchema>;

export const paymentIntentSchema = z.object({
  id: z.string(),
  object: z.literal("payment_intent"),
  status: z.string(),
  amount: integer,
  amount_received: integer.default(0),
  currency: z.string(),
  client_secret: z.string().nullish(),
  created: integer,
  canceled_at: integer.nullish(),
  cancellation_reason: z.string().nullish(),
  customer: idOf,
  latest_charge: z.union([z.string(), chargeSchema]).nullish(),
  last_payment_error: paymentErrorSchema.nullish(),
  next_action: nextActionSchema.nullish(),
  payment_method_types: z.array(z.string()).default([]),
  metadata: metadataWords,
});
export type WirePaymentIntent = z.infer<typeof paymentIntentSchema>;

export const sessionSchema = z.object({
  id: z.string(),
  object: z.literal("checkout.session"),
  status: z.string().nullable(),
  payment_status: z.string(),
  url: z.string().nullish(),
  created: integer,
  expires_at: integer,
  amount_total: integer.nullish(),
  currency: z.string().nullish(),
  payment_intent: z.union([z.string(), paymentIntentSchema]).nullish(),
  payment_method_types: z
    .array(z.string())
    .nullish()
    .transform((types) => types ?? []),
  client_reference_id: z.string().nullish(),
  metadata: metadataWords,
});
export type WireSession = z.infer<typeof sessionSchema>;

export const customerSchema = z.object({ id: z.string(), object: z.literal("customer") });

export const refundSchema = z.object({
  id: z.string(),
  object: z.literal("refund"),
  status: z.string().nullable(),
  amount: integer,
  currency: z.string(),
  payment_intent: idOf,
  failure_reason: z.string().nullish(),
  metadata: metadataWords,
});
export type WireRefund = z.infer<typeof refundSchema>;

export const disputeSchema = z.object({
  id: z.string(),
  object: z.literal("dispute"),
  status: z.string(),
  amount: integer,
  currency: z.string(),
  reason: z.string(),
  payment_intent: idOf,
  balance_transactions: z.array(balanceTransactionSchema).default([]),
  evidence_details: z.object({ due_by: integer.nullish() }).nullish(),
});
export type WireDispute = z.infer<typeof disputeSchema>;

export const cashTransactionSchema = z.object({
  id: z.string(),
  object: z.literal("customer_cash_balance_transaction"),
  type: z.string(),
  net_amount: integer,
  currency: z.string(),
  customer: z
    .union([z.string(), z.object({ id: z.string() })])
    .transform((c) => (typeof c === "string" ? c : c.id)),
});

export const accountSchema = z.object({
  id: z.string(),
  object: z.literal("account"),
  country: z.string().nullish(),
});

export const eventSchema = z.object({
  id: z.string().startsWith("evt_"),
  object: z.literal("event"),
  type: z.string(),
  created: integer,
  data: z.object({ object: z.record(z.string(), z.unknown()) }),
});
export type WireEvent = z.infer<typeof eventSchema>;

export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), has_more: z.boolean() });

/** The names we write into Stripe's metadata and read back (the keys are ours, the place is Stripe's). */
export const metadataKeys = {
  attempt: "attempt_id",
  donation: "donation_id",
  refund: "refund_id",
  method: "method",
  presentation: "presentation",
  recurring: "recurring_reference",
} as const;
