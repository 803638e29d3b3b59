import { z } from "zod";
import { Refusal } from "./refusal.ts";

/** The request bodies the simulator takes, as strict about shape as the published specifications. */
const amount = z.object({
  currency_code: z.string().length(3),
  value: z
    .string()
    .max(32)
    .regex(/^((-?[0-9]+)|(-?([0-9]+)?[.][0-9]+))$/),
});
const name127 = z.string().min(1).max(127);
const address = z
  .string()
  .max(4000)
  .regex(/^https?:\/\/\S+$/);
const locale = z
  .string()
  .min(2)
  .max(10)
  .regex(/^[a-z]{2}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?$/);
const shipping = z.enum(["GET_FROM_FILE", "NO_SHIPPING", "SET_PROVIDED_ADDRESS"]).optional();
const userAction = z.enum(["CONTINUE", "PAY_NOW"]).optional();
const returns = { return_url: address.optional(), cancel_url: address.optional() };

const item = z.object({
  name: name127,
  unit_amount: amount,
  quantity: z
    .string()
    .max(10)
    .regex(/^[1-9][0-9]{0,9}$/),
  description: z.string().max(127).optional(),
  category: z.enum(["DIGITAL_GOODS", "PHYSICAL_GOODS", "DONATION"]).optional(),
});
export const items = z.array(item).min(1);

const unit = z.object({
  reference_id: z.string().min(1).max(256).default("default"),
  amount: amount.extend({ breakdown: z.object({ item_total: amount.optional() }).optional() }),
  description: name127.optional(),
  custom_id: name127.optional(),
  invoice_id: name127.optional(),
  items: items.optional(),
});

const vaultId = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[0-9a-zA-Z_-]+$/);
const usagePattern = z.enum([
  "IMMEDIATE",
  "DEFERRED",
  "RECURRING_PREPAID",
  "RECURRING_POSTPAID",
  "THRESHOLD_PREPAID",
  "THRESHOLD_POSTPAID",
]);
const attributes = z
  .object({
    vault: z
      .object({
        store_in_vault: z.enum(["ON_SUCCESS"]).optional(),
        usage_type: z.enum(["MERCHANT", "PLATFORM"]),
      })
      .optional(),
  })
  .optional();

const paypalSource = z.object({
  vault_id: vaultId.optional(),
  attributes,
  stored_credential: z
    .object({
      payment_initiator: z.enum(["CUSTOMER", "MERCHANT"]),
      usage: z.enum(["FIRST", "SUBSEQUENT", "DERIVED"]).optional(),
      usage_pattern: usagePattern.optional(),
    })
    .optional(),
  experience_context: z
    .object({
      ...returns,
      brand_name: name127.optional(),
      locale: locale.optional(),
      shipping_preference: shipping,
      landing_page: z.enum(["LOGIN", "GUEST_CHECKOUT", "NO_PREFERENCE"]).optional(),
      user_action: userAction,
      payment_method_preference: z.enum(["UNRESTRICTED", "IMMEDIATE_PAYMENT_REQUIRED"]).optional(),
    })
    .optional(),
});
const venmoSource = z.object({
  vault_id: vaultId.optional(),
  attributes,
  experience_context: z.object({ brand_name: name127.optional(), shipping_preference: shipping }).optional(),
});

export const orderBody = z.object({
  intent: z.enum(["CAPTURE", "AUTHORIZE"]),
  purchase_units: z.array(unit).min(1).max(10),
  payment_source: z.object({ paypal: paypalSource.optional(), venmo: venmoSource.optional() }).optional(),
  application_context: z
    .object({
      ...returns,
      brand_name: name127.optional(),
      locale: locale.optional(),
      shipping_preference: shipping,
      user_action: userAction,
      landing_page: z.enum(["LOGIN", "BILLING", "NO_PREFERENCE"]).optional(),
    })
    .optional(),
});
export type OrderBody = z.output<typeof orderBody>;

export const patchBody = z
  .array(
    z.object({
      op: z.enum(["add", "remove", "replace", "move", "copy", "test"]),
      path: z.string().optional(),
      value: z.unknown().optional(),
    }),
  )
  .min(1);

export const refundBody = z.object({
  amount: amount.optional(),
  custom_id: name127.optional(),
  invoice_id: name127.optional(),
  note_to_payer: z.string().min(1).max(255).optional(),
});
export type RefundBody = z.output<typeof refundBody>;

const wallet = z.object({
  description: z
    .string()
    .min(1)
    .max(128)
    .regex(/^[a-zA-Z0-9_'\-., :;!?"]*$/)
    .optional(),
  usage_type: z.enum(["MERCHANT", "PLATFORM"]).optional(),
  usage_pattern: usagePattern.optional(),
  customer_type: z.enum(["CONSUMER", "BUSINESS"]).optional(),
  permit_multiple_payment_tokens: z.boolean().optional(),
  experience_context: z
    .object({
      ...returns,
      brand_name: z.string().min(1).max(300).optional(),
      locale: locale.optional(),
      shipping_preference: shipping,
    })
    .optional(),
});

export const setupBody = z.object({
  customer: z
    .object({
      id: z.string().min(1).max(22).optional(),
      merchant_customer_id: z.string().min(1).max(64).optional(),
    })
    .optional(),
  payment_source: z.object({ paypal: wallet.optional(), venmo: wallet.optional() }),
});
export type SetupBody = z.output<typeof setupBody>;

export const keepBody = z.object({
  payment_source: z.object({
    token: z.object({ id: vaultId, type: z.enum(["SETUP_TOKEN", "BILLING_AGREEMENT"]) }),
  }),
});

export const verifyBody = z.object({
  auth_algo: z
    .string()
    .max(100)
    .regex(/^[a-zA-Z0-9]+$/),
  cert_url: z.string().max(500),
  transmission_id: z.string().max(50),
  transmission_sig: z.string().max(500),
  transmission_time: z.string().max(100),
  webhook_id: z
    .string()
    .max(50)
    .regex(/^[a-zA-Z0-9]+$/),
  webhook_event: z.record(z.string(), z.unknown()),
});

/** A request's text as its schema types it, or PayPal's refusal of what is wrong with it. */
export function validated<T>(schema: z.ZodType<T>, text: string): T {
  let given: unknown;
  try {
    given = text === "" ? {} : JSON.parse(text);
  } catch {
    throw new Refusal(400, { issue: "MALFORMED_REQUEST_JSON" });
  }
  return shaped(schema, given);
}

/** The same for a value that was read already. */
export function shaped<T>(schema: z.ZodType<T>, given: unknown): T {
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const details = read.error.issues.map((issue) => ({
    field: `/${issue.path.map(String).join("/")}`,
    issue: issueFor(issue),
  }));
  throw new Refusal(400, ...details);
}

function issueFor(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "MISSING_REQUIRED_PARAMETER" : "INVALID_PARAMETER_SYNTAX";
    case "too_big":
      return issue.origin === "array" ? "INVALID_ARRAY_MAX_ITEMS" : "INVALID_STRING_LENGTH";
    case "too_small":
      return issue.origin === "array" ? "INVALID_ARRAY_MIN_ITEMS" : "INVALID_STRING_LENGTH";
    case "invalid_value":
      return "INVALID_PARAMETER_VALUE";
    default:
      return "INVALID_PARAMETER_SYNTAX";
  }
}
