import { z } from "zod";
import { bad, type Refusal } from "./refusal.ts";

/**
 * What each request may say (Mercado Pago OpenAPI, `PaymentRequest`, `PreferenceRequest`, `RefundRequest`, with the
 * fields of mercadopago 3.6.1 that the document leaves out). Anything beside is refused by name, as the gateway does.
 */
const text = z.string().min(1);
const email = z.email();
const webAddress = z.string().regex(/^https?:\/\/\S+$/);
const amount = z.number().positive();
/** Error 23: `yyyy-MM-dd'T'HH:mm:ss.SSSz`, with an offset. */
const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/);
const identification = z.strictObject({ type: text, number: text });
const phone = z.strictObject({ area_code: z.string().optional(), number: z.string().optional() });
const address = z.strictObject({
  zip_code: z.string().optional(),
  street_name: z.string().optional(),
  street_number: z.string().optional(),
  neighborhood: z.string().optional(),
  city: z.string().optional(),
  federal_unit: z.string().optional(),
});

export const createPayment = z.strictObject({
  transaction_amount: amount,
  description: z.string().optional(),
  external_reference: z.string().max(256).optional(),
  notification_url: webAddress.optional(),
  callback_url: webAddress.optional(),
  metadata: z.record(z.string(), z.unknown()).default({}),
  payment_method_id: text.optional(),
  token: text.optional(),
  installments: z.number().int().min(1).optional(),
  issuer_id: z.number().int().optional(),
  three_d_secure_mode: z.enum(["not_supported", "optional", "mandatory"]).optional(),
  date_of_expiration: instant.optional(),
  capture: z.boolean().optional(),
  binary_mode: z.boolean().optional(),
  statement_descriptor: z.string().max(22).optional(),
  transaction_details: z.strictObject({ financial_institution: text }).optional(),
  additional_info: z.strictObject({ ip_address: z.string().optional() }).optional(),
  payer: z.strictObject({
    email,
    first_name: z.string().max(32).optional(),
    last_name: z.string().max(32).optional(),
    entity_type: z.enum(["individual", "association"]).optional(),
    identification: identification.optional(),
    phone: phone.optional(),
    address: address.optional(),
  }),
});
export type CreatePayment = z.infer<typeof createPayment>;

export const updatePayment = z.strictObject({
  status: z.literal("cancelled").optional(),
  date_of_expiration: instant.optional(),
});

export const createRefund = z.strictObject({ amount: amount.optional() });

/** Reports are asked for in UTC, whole seconds (Mercado Pago Developers, Generate report). */
const utcSecond = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
export const orderReport = z.strictObject({ begin_date: utcSecond, end_date: utcSecond });

const paymentType = z.strictObject({ id: text });
export const createPreference = z.strictObject({
  items: z
    .array(
      z.strictObject({
        id: text,
        title: text.max(256),
        quantity: z.number().int().min(1),
        unit_price: amount,
        currency_id: z.string().optional(),
        category_id: z.string().optional(),
      }),
    )
    .min(1),
  external_reference: z.string().max(256).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  notification_url: webAddress.optional(),
  back_urls: z
    .strictObject({
      success: webAddress.optional(),
      pending: webAddress.optional(),
      failure: webAddress.optional(),
    })
    .optional(),
  auto_return: z.enum(["approved", "all"]).optional(),
  payment_methods: z
    .strictObject({
      excluded_payment_types: z.array(paymentType).optional(),
      excluded_payment_methods: z.array(paymentType).optional(),
      installments: z.number().int().optional(),
      default_payment_method_id: z.string().optional(),
    })
    .optional(),
  payer: z.strictObject({ email: email.optional() }).optional(),
  purpose: z.enum(["wallet_purchase", "onboarding_credits"]).optional(),
  expires: z.boolean().optional(),
  expiration_date_to: instant.optional(),
});
export type CreatePreference = z.infer<typeof createPreference>;

export const createCardToken = z.strictObject({
  card_number: z.string().regex(/^\d{13,19}$/),
  security_code: z.string().regex(/^\d{3,4}$/),
  expiration_month: z.number().int().min(1).max(12),
  expiration_year: z.number().int(),
  cardholder: z.strictObject({ name: text, identification: identification.optional() }),
});

export const createYapeToken = z.strictObject({
  phoneNumber: z.union([z.string(), z.number()]).transform(String),
  otp: z.union([z.string(), z.number()]).transform(String),
  requestId: z.string().optional(),
});

/** The request, or the gateway's refusal: an unknown field by name, anything else as a parameter error. */
export function checked<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  throw refusalFor(read.error.issues);
}

function refusalFor(issues: readonly z.core.$ZodIssue[]): Refusal {
  const [issue] = issues;
  const path = issue?.path.map(String) ?? [];
  if (issue?.code === "unrecognized_keys") {
    const names = issue.keys.map((key) => [...path, key].join("."));
    return bad(8, `The name of the following parameters is wrong : [${names.join(", ")}]`);
  }
  const name = path.join(".");
  if (name === "transaction_amount") return bad(4037, "Invalid transaction_amount");
  if (name === "payer.email") return bad(4050, "payer.email must be a valid email");
  if (name === "notification_url") return bad(4020, "notificaction_url attribute must be url valid");
  if (name.endsWith("date_of_expiration")) {
    return bad(
      23,
      "The following parameters must be valid date and format (yyyy-MM-dd'T'HH:mm:ssz) date_of_expiration",
    );
  }
  return bad(1, `Params Error: ${name === "" ? "body" : name}`);
}
