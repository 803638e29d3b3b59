import { z } from "zod";
import {
  address,
  email,
  expand,
  flag,
  integer,
  metadata,
  metadataChange,
  optionalText,
  text,
  url,
} from "./validate.ts";

/*
 * What the endpoints take, after Stripe OpenAPI 2022-11-15 and the parameter types of stripe 23.1.0. Closed at
 * every depth. Narrower than Stripe on purpose: a parameter of theirs whose effect is not simulated (Connect,
 * Radar, saved mandates) is refused like an unknown one, never taken and ignored.
 */

/** The types an account of this simulator can activate; the others of Stripe's list are known and inactive. */
export const simulatedTypes = [
  "card",
  "link",
  "oxxo",
  "boleto",
  "multibanco",
  "mb_way",
  "customer_balance",
  "us_bank_account",
  "sepa_debit",
  "bacs_debit",
  "acss_debit",
  "pay_by_bank",
  "revolut_pay",
  "amazon_pay",
  "crypto",
] as const;
export type SimulatedType = (typeof simulatedTypes)[number];
const otherTypes = [
  ..."affirm afterpay_clearpay alipay alma au_becs_debit bancontact".split(" "),
  ..."billie bizum blik cashapp eps fpx giropay grabpay ideal kakao_pay klarna konbini".split(" "),
  ..."kr_card mobilepay naver_pay nz_bank_account p24 payco paynow".split(" "),
  ..."paypal paypay payto pix promptpay samsung_pay satispay scalapay".split(" "),
  ..."sequra sofort sunbit swish twint upi wechat_pay zip".split(" "),
];
const typeName = z.enum([...simulatedTypes, ...otherTypes]);

const billingDetails = z.strictObject({
  address: address.optional(),
  email: email.optional(),
  name: optionalText.optional(),
  phone: optionalText.optional(),
});

const bankAccount = z.strictObject({
  account_holder_type: z.enum(["individual", "company"]).optional(),
  account_number: text.optional(),
  account_type: z.enum(["checking", "savings"]).optional(),
  financial_connections_account: text.optional(),
  routing_number: text.optional(),
});

const empty = z.strictObject({}).optional();
const methodFields = {
  billing_details: billingDetails.optional(),
  metadata: metadata.optional(),
  allow_redisplay: z.enum(["always", "limited", "unspecified"]).optional(),
  acss_debit: z
    .strictObject({ account_number: text, institution_number: text, transit_number: text })
    .optional(),
  amazon_pay: empty,
  bacs_debit: z.strictObject({ account_number: text.optional(), sort_code: text.optional() }).optional(),
  boleto: z.strictObject({ tax_id: text }).optional(),
  crypto: empty,
  customer_balance: empty,
  link: empty,
  mb_way: empty,
  multibanco: empty,
  oxxo: empty,
  pay_by_bank: empty,
  revolut_pay: empty,
  sepa_debit: z.strictObject({ iban: text }).optional(),
  us_bank_account: bankAccount.optional(),
};

/** A card as the browser sends it; `wallet` stands for what Apple's or Google's sheet would have put there. */
const rawCard = z.strictObject({
  number: text,
  exp_month: integer,
  exp_year: integer,
  cvc: text.optional(),
  wallet: z.enum(["apple_pay", "google_pay", "link"]).optional(),
});
export type RawCard = z.output<typeof rawCard>;

/** From a server: every type but `card`, whose numbers a server does not hold. */
export const serverMethodData = z.strictObject({ ...methodFields, type: typeName });
/** From the donor's browser (Stripe.js with the publishable key). */
export const browserMethodData = z.strictObject({
  ...methodFields,
  card: rawCard.optional(),
  type: typeName,
});
export type MethodData = z.output<typeof browserMethodData>;

const bankTransfer = z.strictObject({
  type: z.enum([
    "eu_bank_transfer",
    "gb_bank_transfer",
    "jp_bank_transfer",
    "mx_bank_transfer",
    "us_bank_transfer",
  ]),
  eu_bank_transfer: z.strictObject({ country: z.enum(["BE", "DE", "ES", "FR", "IE", "NL"]) }).optional(),
  requested_address_types: z
    .array(z.enum(["aba", "iban", "sepa", "sort_code", "spei", "swift", "zengin"]))
    .optional(),
});

export const oxxoOptions = z.strictObject({
  expires_after_days: integer.refine((days) => days >= 1 && days <= 7, "expires_after_days").optional(),
  setup_future_usage: z.literal("none").optional(),
});
export const balanceOptions = z.strictObject({
  funding_type: z.literal("bank_transfer").optional(),
  bank_transfer: bankTransfer.optional(),
  setup_future_usage: z.literal("none").optional(),
});
const never = { setup_future_usage: z.literal("none").optional() };
const later = { setup_future_usage: z.enum(["", "none", "off_session", "on_session"]).optional() };
const withReference = z.strictObject({
  ...later,
  mandate_options: z.strictObject({ reference_prefix: optionalText.optional() }).optional(),
  target_date: text.optional(),
});
/** Canada wants to know what a debit is for: how often, and whose money. */
export const canadianMandate = z
  .strictObject({
    custom_mandate_url: optionalText.optional(),
    interval_description: text.optional(),
    payment_schedule: z.enum(["combined", "interval", "sporadic"]).optional(),
    transaction_type: z.enum(["business", "personal"]).optional(),
  })
  .refine(
    (given) => given.payment_schedule === "sporadic" || !given.payment_schedule || given.interval_description,
    "interval_description",
  );
const verification = { verification_method: z.enum(["automatic", "instant", "microdeposits"]).optional() };
export const debitOptions = {
  acss_debit: z
    .strictObject({
      ...later,
      ...verification,
      mandate_options: canadianMandate.optional(),
      target_date: text.optional(),
    })
    .optional(),
  bacs_debit: withReference.optional(),
  sepa_debit: withReference.optional(),
};
export const boletoOptions = z.strictObject({
  expires_after_days: integer.refine((days) => days >= 0 && days <= 60, "expires_after_days").optional(),
  ...later,
});
export const connections = z.strictObject({
  permissions: z.array(z.enum(["balances", "ownership", "payment_method", "transactions"])).optional(),
  prefetch: z.array(z.enum(["balances", "ownership", "transactions"])).optional(),
});

const methodOptions = z.strictObject({
  card: z
    .strictObject({
      request_three_d_secure: z.enum(["any", "automatic", "challenge"]).optional(),
      capture_method: z.enum(["", "manual"]).optional(),
      setup_future_usage: z.enum(["", "none", "off_session", "on_session"]).optional(),
    })
    .optional(),
  ...debitOptions,
  amazon_pay: z.strictObject({ capture_method: z.enum(["", "manual"]).optional(), ...later }).optional(),
  boleto: boletoOptions.optional(),
  crypto: z.strictObject(never).optional(),
  customer_balance: balanceOptions.optional(),
  mb_way: z.strictObject(never).optional(),
  multibanco: z.strictObject(never).optional(),
  pay_by_bank: empty,
  revolut_pay: z
    .strictObject({
      capture_method: z.enum(["", "manual"]).optional(),
      setup_future_usage: z.enum(["", "none", "off_session"]).optional(),
    })
    .optional(),
  link: z.strictObject({ setup_future_usage: z.enum(["", "none", "off_session"]).optional() }).optional(),
  oxxo: oxxoOptions.optional(),
  us_bank_account: z
    .strictObject({
      financial_connections: connections.optional(),
      ...verification,
      ...later,
    })
    .optional(),
});

export const mandateData = z.strictObject({
  customer_acceptance: z
    .strictObject({
      type: z.enum(["offline", "online"]),
      accepted_at: integer.optional(),
      offline: z.strictObject({}).optional(),
      online: z.strictObject({ ip_address: text, user_agent: text }).optional(),
    })
    .refine((given) => given.type === "offline" || given.online !== undefined, "online"),
});

export const types = z.array(typeName).min(1);
export const captureMethod = z.enum(["automatic", "automatic_async", "manual"]);
export const futureUse = z.enum(["off_session", "on_session"]);

const confirming = {
  confirmation_token: text.optional(),
  error_on_requires_action: flag.optional(),
  mandate_data: mandateData.optional(),
  off_session: z.union([flag, z.enum(["one_off", "recurring"]).transform(() => true)]).optional(),
  payment_method: text.optional(),
  payment_method_options: methodOptions.optional(),
  return_url: url.optional(),
  use_stripe_sdk: flag.optional(),
  expand,
};

const intentFields = {
  description: optionalText.max(1000, "parameter_invalid_string_too_long").optional(),
  statement_descriptor: optionalText.optional(),
  statement_descriptor_suffix: optionalText.max(22, "parameter_invalid_string_too_long").optional(),
  transfer_group: optionalText.optional(),
};

export const createIntent = z.strictObject({
  ...confirming,
  ...intentFields,
  amount: integer,
  currency: text,
  allowed_payment_method_types: types.optional(),
  excluded_payment_method_types: types.optional(),
  automatic_payment_methods: z
    .strictObject({ enabled: flag, allow_redirects: z.enum(["always", "never"]).optional() })
    .optional(),
  capture_method: captureMethod.optional(),
  confirm: flag.default(false),
  confirmation_method: z.enum(["automatic", "manual"]).optional(),
  customer: text.optional(),
  metadata: metadata.optional(),
  payment_method_data: serverMethodData.optional(),
  receipt_email: email.optional(),
  setup_future_usage: futureUse.optional(),
});
export type CreateIntent = z.output<typeof createIntent>;

export const updateIntent = z.strictObject({
  ...intentFields,
  amount: integer.optional(),
  currency: text.optional(),
  customer: text.optional(),
  metadata: metadataChange.optional(),
  payment_method: text.optional(),
  payment_method_options: methodOptions.optional(),
  receipt_email: z.union([z.literal(""), email]).optional(),
  setup_future_usage: z.union([z.literal(""), futureUse]).optional(),
  expand,
});

const confirmFields = {
  ...confirming,
  allowed_payment_method_types: types.optional(),
  capture_method: captureMethod.optional(),
  receipt_email: email.optional(),
  setup_future_usage: futureUse.optional(),
};
export const confirmIntent = z.strictObject({
  ...confirmFields,
  payment_method_data: serverMethodData.optional(),
});
export const confirmInBrowser = z.strictObject({
  ...confirmFields,
  client_secret: text,
  payment_method_data: browserMethodData.optional(),
});
export type ConfirmIntent = Omit<z.output<typeof confirmInBrowser>, "client_secret">;

export const cancelIntent = z.strictObject({
  cancellation_reason: z.enum(["abandoned", "duplicate", "fraudulent", "requested_by_customer"]).optional(),
  expand,
});
export const captureIntent = z.strictObject({
  amount_to_capture: integer.optional(),
  final_capture: flag.optional(),
  metadata: metadataChange.optional(),
  expand,
});
export const verifyMicrodeposits = z.strictObject({
  amounts: z.array(integer).length(2, "amounts").optional(),
  descriptor_code: text.optional(),
  client_secret: text.optional(),
  expand,
});

export const createMethod = z.strictObject({
  ...methodFields,
  card: rawCard.optional(),
  type: typeName,
  expand,
});
export const createToken = z.strictObject({
  payment_method: text.optional(),
  payment_method_data: browserMethodData.optional(),
  return_url: url.optional(),
  setup_future_usage: futureUse.optional(),
  expand,
});
export const attachMethod = z.strictObject({ customer: text, expand });
