import { z } from "zod";
import { decimalShape } from "./amounts.ts";

/**
 * BTCPay's field names, as its OpenAPI document ("BTCPay Greenfield API v1") writes them: only what we rely on. A 2xx
 * body that does not fit is `in_doubt`.
 */
const amount = z.string().regex(decimalShape);
const unixSeconds = z.number().int().min(0).max(253_402_300_799);
const identifier = z.string().min(1).max(200);

/** What we hang on an invoice; `orderId` is the one BTCPay indexes and searches by. */
export const metadataKeys = {
  attempt: "orderId",
  donation: "donationId",
  presentation: "presentation",
  description: "itemDesc",
  /** The call's key, for people: BTCPay makes nothing of it. */
  key: "requestKey",
} as const;

const metadataSchema = z
  .looseObject({
    orderId: z.string().nullish(),
    donationId: z.string().nullish(),
    presentation: z.string().nullish(),
  })
  .nullish();

export const invoiceSchema = z.object({
  id: identifier,
  storeId: identifier,
  amount,
  currency: z.string(),
  checkoutLink: z.string().nullish(),
  createdTime: unixSeconds,
  expirationTime: unixSeconds,
  monitoringExpiration: unixSeconds,
  status: z.string(),
  additionalStatus: z.string(),
  metadata: metadataSchema,
});
export type WireInvoice = z.output<typeof invoiceSchema>;
export const invoicesSchema = z.array(invoiceSchema).max(1_000);

const paymentSchema = z.object({
  /** On the chain `{transaction id}-{output}`; on Lightning the payment hash. */
  id: z.string().max(200),
  receivedDate: unixSeconds,
  value: amount,
  fee: amount,
  status: z.string(),
});
export type WirePayment = z.output<typeof paymentSchema>;

export const promptSchema = z.object({
  paymentMethodId: z.string(),
  destination: z.string().nullish(),
  paymentLink: z.string().nullish(),
  rate: amount,
  /** What is left to be paid in the coin: 0 when exact, negative when more came. */
  due: amount,
  payments: z.array(paymentSchema).max(1_000),
  activated: z.boolean(),
});
export type WirePrompt = z.output<typeof promptSchema>;
export const promptsSchema = z.array(promptSchema).max(100);

export const pullPaymentSchema = z.object({
  id: identifier,
  name: z.string().nullish(),
  currency: z.string(),
  amount,
  archived: z.boolean(),
  /** After it nobody can claim; absent where there is no end. */
  expiresAt: unixSeconds.nullish(),
  viewLink: z.string().nullish(),
});
export type WirePullPayment = z.output<typeof pullPaymentSchema>;
export const pullPaymentsSchema = z.array(pullPaymentSchema).max(100_000);

export const payoutsSchema = z
  .array(z.object({ id: identifier, originalAmount: amount, state: z.string() }))
  .max(1_000);
export type WirePayout = z.output<typeof payoutsSchema>[number];

export const apiKeySchema = z.object({ permissions: z.array(z.string()) });

/** Every refusal has one of these two shapes: one problem, or a list of fields. */
export const problemSchema = z.union([
  z.object({ code: z.string().nullish(), message: z.string().nullish() }),
  z.array(z.object({ path: z.string().nullish(), message: z.string().nullish() })),
]);

export const eventSchema = z.object({
  deliveryId: identifier,
  /** The same on every redelivery; missing in hand-made tests of the dashboard. */
  originalDeliveryId: z.string().nullish(),
  type: z.string().min(1).max(100),
  timestamp: unixSeconds,
  storeId: identifier,
  invoiceId: z.string().max(200).nullish(),
  /** Of a payout: the pull payment it is a claim of; missing where the church paid out by itself. */
  pullPaymentId: z.string().max(200).nullish(),
  metadata: metadataSchema,
});
export type WireEvent = z.output<typeof eventSchema>;
