import { z } from "zod";
import { browserMethodData, canadianMandate, mandateData, serverMethodData, types } from "./schemas.ts";
import { expand, flag, integer, metadata, optionalText, paging, text, url } from "./validate.ts";

/* Saving a means of payment for later; the same sources and the same strictness as `schemas.ts`. */

const setupOptions = z.strictObject({
  acss_debit: z
    .strictObject({
      currency: z.enum(["cad", "usd"]).optional(),
      mandate_options: canadianMandate.optional(),
      verification_method: z.enum(["automatic", "instant", "microdeposits"]).optional(),
    })
    .optional(),
  card: z
    .strictObject({ request_three_d_secure: z.enum(["any", "automatic", "challenge"]).optional() })
    .optional(),
});
const confirming = {
  confirmation_token: text.optional(),
  mandate_data: mandateData.optional(),
  payment_method: text.optional(),
  payment_method_options: setupOptions.optional(),
  return_url: url.optional(),
  use_stripe_sdk: flag.optional(),
  expand,
};

export const createSetup = z.strictObject({
  ...confirming,
  allowed_payment_method_types: types.optional(),
  confirm: flag.default(false),
  customer: text.optional(),
  description: optionalText.optional(),
  metadata: metadata.optional(),
  payment_method_data: serverMethodData.optional(),
  usage: z.enum(["off_session", "on_session"]).optional(),
});
export const confirmSetup = z.strictObject({
  ...confirming,
  payment_method_data: serverMethodData.optional(),
});
export const confirmSetupInBrowser = z.strictObject({
  ...confirming,
  client_secret: text,
  payment_method_data: browserMethodData.optional(),
});
export const cancelSetup = z.strictObject({
  cancellation_reason: z.enum(["abandoned", "duplicate", "requested_by_customer"]).optional(),
  expand,
});
export const verifySetup = z.strictObject({
  amounts: z.array(integer).length(2, "amounts").optional(),
  descriptor_code: text.optional(),
  client_secret: text.optional(),
  expand,
});
export const listSetups = z.strictObject({
  ...paging,
  customer: text.optional(),
  payment_method: text.optional(),
});
