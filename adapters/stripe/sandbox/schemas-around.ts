import { z } from "zod";
import {
  balanceOptions,
  boletoOptions,
  canadianMandate,
  captureMethod,
  connections,
  debitOptions,
  futureUse,
  oxxoOptions,
  types,
} from "./schemas.ts";
import {
  address,
  email,
  expand,
  flag,
  integer,
  metadata,
  metadataChange,
  optionalText,
  paging,
  text,
  url,
} from "./validate.ts";

/* The endpoints around payments; the same sources and the same strictness as `schemas.ts`. */

export const getOne = z.strictObject({ expand });
export const getIntent = z.strictObject({ client_secret: text.optional(), expand });
export const searchQuery = z.strictObject({
  query: text,
  limit: paging.limit,
  page: text.optional(),
  expand,
});
export const listIntents = z.strictObject({ ...paging, customer: text.optional() });

const customerFields = {
  address: z.union([z.literal(""), address]).optional(),
  description: optionalText.optional(),
  email: z.union([z.literal(""), email]).optional(),
  name: optionalText.optional(),
  phone: optionalText.optional(),
  preferred_locales: z.array(text).optional(),
  metadata: metadataChange.optional(),
  expand,
};
/** Made and changed by the same fields. */
export const createCustomer = z.strictObject({
  ...customerFields,
  cash_balance: z
    .strictObject({
      settings: z
        .strictObject({ reconciliation_mode: z.enum(["automatic", "manual", "merchant_default"]).optional() })
        .optional(),
    })
    .optional(),
});
export const listCustomers = z.strictObject({ ...paging, email: text.optional() });
export const fundCash = z.strictObject({
  amount: integer,
  currency: text,
  reference: text.optional(),
  expand,
});

export const createRefund = z.strictObject({
  amount: integer.optional(),
  charge: text.optional(),
  payment_intent: text.optional(),
  instructions_email: email.optional(),
  metadata: metadataChange.optional(),
  reason: z.enum(["duplicate", "fraudulent", "requested_by_customer"]).optional(),
  expand,
});
export type CreateRefund = z.output<typeof createRefund>;
export const byPayment = z.strictObject({
  ...paging,
  charge: text.optional(),
  payment_intent: text.optional(),
});
export const listCharges = z.strictObject({
  ...paging,
  customer: text.optional(),
  payment_intent: text.optional(),
});
export const updateDispute = z.strictObject({
  evidence: z
    .strictObject({
      customer_communication: optionalText.optional(),
      customer_email_address: optionalText.optional(),
      customer_name: optionalText.optional(),
      product_description: optionalText.optional(),
      receipt: optionalText.optional(),
      refund_policy_disclosure: optionalText.optional(),
      refund_refusal_explanation: optionalText.optional(),
      service_date: optionalText.optional(),
      uncategorized_text: optionalText.optional(),
    })
    .optional(),
  metadata: metadataChange.optional(),
  submit: flag.optional(),
  expand,
});
export const listBalance = z.strictObject({
  ...paging,
  currency: text.optional(),
  source: text.optional(),
  type: text.optional(),
  payout: text.optional(),
});
export const listEvents = z.strictObject({
  ...paging,
  type: text.optional(),
  types: z.array(text).max(20).optional(),
  delivery_success: flag.optional(),
});

export const createEndpoint = z.strictObject({
  url,
  enabled_events: z.array(text).min(1),
  api_version: text.optional(),
  description: optionalText.optional(),
  metadata: metadataChange.optional(),
  expand,
});

/** On Stripe's page a Canadian debit also says its currency, where nothing else does. */
const canadianSession = z
  .strictObject({
    currency: z.enum(["cad", "usd"]).optional(),
    mandate_options: canadianMandate.optional(),
    verification_method: z.enum(["automatic", "instant", "microdeposits"]).optional(),
  })
  .optional();

const lineItem = z.strictObject({
  quantity: integer.refine((n) => n >= 1, "parameter_invalid_integer").default(1),
  price: text.optional(),
  price_data: z
    .strictObject({
      currency: text,
      unit_amount: integer.refine((n) => n >= 0, "parameter_invalid_integer"),
      product_data: z.strictObject({
        name: text,
        description: text.optional(),
        images: z.array(url).max(8).optional(),
        metadata: metadata.optional(),
      }),
    })
    .optional(),
});
const locales =
  "auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW".split(
    " ",
  );

export const createSession = z.strictObject({
  allowed_payment_method_types: types.optional(),
  excluded_payment_method_types: types.optional(),
  billing_address_collection: z.enum(["auto", "required"]).optional(),
  cancel_url: url.optional(),
  client_reference_id: text.max(200, "parameter_invalid_string_too_long").optional(),
  currency: text.optional(),
  customer: text.optional(),
  customer_creation: z.enum(["always", "if_required"]).optional(),
  customer_email: email.optional(),
  expires_at: integer.optional(),
  line_items: z.array(lineItem).min(1).max(100).optional(),
  locale: z.enum(locales).optional(),
  metadata: metadata.optional(),
  mode: z.enum(["payment", "setup", "subscription"]).default("payment"),
  payment_intent_data: z
    .strictObject({
      capture_method: captureMethod.optional(),
      description: text.optional(),
      metadata: metadata.optional(),
      receipt_email: email.optional(),
      setup_future_usage: futureUse.optional(),
      statement_descriptor: text.optional(),
      statement_descriptor_suffix: text.optional(),
    })
    .optional(),
  payment_method_options: z
    .strictObject({
      card: z
        .strictObject({ request_three_d_secure: z.enum(["any", "automatic", "challenge"]).optional() })
        .optional(),
      ...debitOptions,
      acss_debit: canadianSession,
      boleto: boletoOptions.optional(),
      customer_balance: balanceOptions.optional(),
      oxxo: oxxoOptions.optional(),
      us_bank_account: z
        .strictObject({
          financial_connections: connections.optional(),
          verification_method: z.enum(["automatic", "instant"]).optional(),
        })
        .optional(),
    })
    .optional(),
  setup_intent_data: z
    .strictObject({ description: text.optional(), metadata: metadata.optional() })
    .optional(),
  phone_number_collection: z.strictObject({ enabled: flag }).optional(),
  submit_type: z.enum(["auto", "book", "donate", "pay", "subscribe"]).optional(),
  success_url: url.optional(),
  ui_mode: z.enum(["elements", "embedded_page", "form", "hosted_page"]).default("hosted_page"),
  expand,
});
export type CreateSession = z.output<typeof createSession>;
export const listSessions = z.strictObject({
  ...paging,
  payment_intent: text.optional(),
  customer: text.optional(),
  status: z.enum(["open", "complete", "expired"]).optional(),
});
