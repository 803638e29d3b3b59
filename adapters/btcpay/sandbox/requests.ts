import { z } from "zod";
import { isCurrency } from "../../../src/kernel/currency.ts";
import type { Money } from "../../../src/kernel/money.ts";
import { fromBtcpayAmount } from "../amounts.ts";
import { invalid } from "./house.ts";

/** `POST` bodies as the OpenAPI document closes them: an unknown field is refused here, so that none is ever sent. */
const decimalText = z.string().regex(/^\d{1,20}(\.\d{1,18})?$/);
/** `LanguageService`: the checkout's files that matter here. */
const languages = ["en", "es-ES", "pt-BR", "pt-PT", "fr-FR", "de-DE", "it-IT", "nl-NL", "pl"] as const;

const checkout = z.strictObject({
  speedPolicy: z.enum(["HighSpeed", "MediumSpeed", "LowSpeed", "LowMediumSpeed"]).nullish(),
  paymentMethods: z
    .array(z.enum(["BTC-CHAIN", "BTC-LN"]))
    .min(1)
    .nullish(),
  defaultPaymentMethod: z.enum(["BTC-CHAIN", "BTC-LN"]).nullish(),
  lazyPaymentMethods: z.boolean().nullish(),
  expirationMinutes: z.number().positive().nullish(),
  monitoringMinutes: z.number().nonnegative().nullish(),
  paymentTolerance: z.number().min(0).max(100).nullish(),
  redirectURL: z.url().nullish(),
  redirectAutomatically: z.boolean().nullish(),
  defaultLanguage: z.enum(languages).nullish(),
});

const invoiceRequest = z.strictObject({
  amount: decimalText,
  currency: z.string(),
  additionalSearchTerms: z.array(z.string()).nullish(),
  metadata: z.record(z.string(), z.json()).nullish(),
  checkout: checkout.default({}),
  receipt: z
    .strictObject({
      enabled: z.boolean().nullish(),
      showQR: z.boolean().nullish(),
      showPayments: z.boolean().nullish(),
    })
    .nullish(),
});
export type InvoiceRequest = z.output<typeof invoiceRequest>;

const markRequest = z.strictObject({ status: z.enum(["Invalid", "Settled"]) });

const refundRequest = z.strictObject({
  name: z.string().max(50).nullish(),
  description: z.string().nullish(),
  payoutMethodId: z.enum(["BTC-CHAIN", "BTC-LN"]).nullish(),
  refundVariant: z.enum(["RateThen", "CurrentRate", "OverpaidAmount", "Fiat", "Custom"]),
  subtractPercentage: decimalText.nullish(),
  customAmount: decimalText.nullish(),
  customCurrency: z.string().nullish(),
});
export type RefundRequest = z.output<typeof refundRequest>;

export const readInvoiceRequest = (body: unknown): InvoiceRequest => read(invoiceRequest, body);
export const readMarkRequest = (body: unknown) => read(markRequest, body);
export const readRefundRequest = (body: unknown): RefundRequest => read(refundRequest, body);

function read<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const given = schema.safeParse(body);
  if (given.success) return given.data;
  const [issue] = given.error.issues;
  throw invalid(issue?.path.join(".") ?? "", issue?.message ?? "The body is not valid.");
}

/** The invoice's price in minor units. */
export function priceOf(request: InvoiceRequest): Money {
  const { amount, currency } = request;
  if (!isCurrency(currency)) throw invalid("Currency", "Invalid currency");
  const price = fromBtcpayAmount(amount, currency);
  if (!price) throw invalid("Amount", `${currency} does not have that many decimals`);
  if (price.minor <= 0n) throw invalid("Amount", "The amount should be above 0.");
  return price;
}
