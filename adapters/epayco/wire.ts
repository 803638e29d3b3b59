import { z } from "zod";

/** ePayco's field names, only those we rely on. What is written inconsistently (numbers as text) is taken both ways. */
const reference = z
  .union([z.number().int().positive(), z.string()])
  .transform(String)
  .pipe(z.string().regex(/^[1-9]\d{0,14}$/));
const amount = z.union([z.number(), z.string()]);

/** Whether a transaction is a test: booleans, 1 (pruebas) and 2 (producción), "TRUE" and "FALSE". */
const testFlag = z.union([z.boolean(), z.number(), z.string()]).transform((flag, context) => {
  switch (String(flag).toLowerCase()) {
    case "true":
    case "1":
    case "si":
      return true;
    case "false":
    case "2":
    case "no":
      return false;
    default:
      context.addIssue({ code: "custom", message: "neither test nor live" });
      return z.NEVER;
  }
});

export const tokenSchema = z.object({ data: z.object({ token: z.string().min(1).max(8_192) }) });
export const searchTokenSchema = z.object({ token: z.string().min(1).max(8_192) });

/** Every answer says in its body whether it worked; the status is 200 either way. */
export const refusedSchema = z.object({
  success: z.literal(false),
  message: z.string().nullish(),
  data: z.unknown(),
});
export const refusalDataSchema = z.object({
  errors: z.array(
    z.object({ code: z.union([z.string(), z.number()]).nullish(), message: z.string().nullish() }),
  ),
});

export const transactionSchema = z.object({
  success: z.literal(true),
  data: z.object({
    refPayco: reference,
    invoice: z.string(),
    amount,
    currency: z.string(),
    status: z.string(),
    testMode: testFlag,
    /** When it was made or last moved, Bogotá time. */
    date: z.string().nullish(),
    paymentProviderData: z
      .object({
        /** What the cashier types. */
        pin: z.union([z.string(), z.number()]).transform(String).nullish(),
        /** The convenio, looked up first. */
        agreementCode: z.union([z.string(), z.number()]).transform(String).nullish(),
        expirationDate: z.string().nullish(),
      })
      // PHP writes an empty object as an empty list.
      .or(z.array(z.unknown()).transform(() => undefined))
      .nullish(),
  }),
});
export type WireTransaction = z.output<typeof transactionSchema>["data"];

/** The search by our own reference, at the older API. */
export const searchSchema = z.object({
  success: z.literal(true),
  data: z.object({
    data: z.array(z.object({ referencePayco: reference, referenceClient: z.string() })).max(1_000),
  }),
});

/** A confirmation: a form, of which only four values and the two secrets are signed. */
export const confirmationSchema = z.object({
  x_cust_id_cliente: z.string().min(1).max(20),
  x_ref_payco: z.string().regex(/^[1-9]\d{0,14}$/),
  x_id_invoice: z.string().max(200),
  x_transaction_id: z.string().max(100),
  x_amount: z.string().max(30),
  x_currency_code: z.string().max(10),
  x_signature: z.string().regex(/^[0-9a-f]{64}$/i),
  x_cod_transaction_state: z.string().max(10).optional(),
  x_cod_response: z.string().max(10).optional(),
  x_approval_code: z.string().max(100).optional(),
  x_transaction_date: z.string().max(40).optional(),
  x_extra1: z.string().max(200).optional(),
});
export type WireConfirmation = z.output<typeof confirmationSchema>;
