import { z } from "zod";
import { idOf, metadataWords, nextActionSchema, paymentErrorSchema } from "./wire.ts";

/** What we read of saved means of payment and of the donor's permission to use them (see `wire.ts`). */
const last4 = z.string().nullish();
const bank = z.object({ bank_name: z.string().nullish(), last4 }).nullish();

export const paymentMethodSchema = z.object({
  id: z.string(),
  object: z.literal("payment_method"),
  type: z.string(),
  /** Whose it is; nobody's once it has been detached. */
  customer: idOf,
  card: z
    .object({
      brand: z.string(),
      last4,
      exp_month: z.number().int().nullish(),
      exp_year: z.number().int().nullish(),
    })
    .nullish(),
  us_bank_account: bank,
  acss_debit: bank,
  sepa_debit: z.object({ last4 }).nullish(),
  bacs_debit: z.object({ last4 }).nullish(),
});
export type WirePaymentMethod = z.infer<typeof paymentMethodSchema>;

export const mandateSchema = z.object({
  id: z.string(),
  object: z.literal("mandate"),
  status: z.string(),
  payment_method: idOf,
});
export type WireMandate = z.infer<typeof mandateSchema>;

export const setupIntentSchema = z.object({
  id: z.string(),
  object: z.literal("setup_intent"),
  status: z.string(),
  client_secret: z.string().nullish(),
  customer: idOf,
  payment_method: z.union([z.string(), paymentMethodSchema]).nullish(),
  mandate: z.union([z.string(), mandateSchema]).nullish(),
  last_setup_error: paymentErrorSchema.nullish(),
  next_action: nextActionSchema.nullish(),
  cancellation_reason: z.string().nullish(),
  metadata: metadataWords,
});
export type WireSetupIntent = z.infer<typeof setupIntentSchema>;

/** Stripe's page in its mode for saving. */
export const setupSessionSchema = z.object({
  id: z.string(),
  object: z.literal("checkout.session"),
  status: z.string().nullable(),
  url: z.string().nullish(),
  expires_at: z.number().int(),
  setup_intent: z.union([z.string(), setupIntentSchema]).nullish(),
  metadata: metadataWords,
});
export type WireSetupSession = z.infer<typeof setupSessionSchema>;
