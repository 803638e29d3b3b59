import canonicalize from "canonicalize";
import { z } from "zod";
import {
  type Decline,
  type DonorAction,
  declineReasons,
  type Evidence,
  type Refusal,
} from "../gateway/payment.ts";
import { isCurrency } from "../kernel/currency.ts";
import { money } from "../kernel/money.ts";

/** What an attempt keeps as JSON, and how it is read back: a row that does not fit is a bug and throws. */
const storedMoney = z
  .object({ minor: z.string().regex(/^-?\d+$/), currency: z.string().refine(isCurrency) })
  .transform((m) => money(BigInt(m.minor), m.currency));
const storedInstant = z.iso.datetime().transform((text) => new Date(text));
const optional = <T extends z.ZodType>(schema: T) => schema.optional();

const storedAction = z.discriminatedUnion("type", [
  z.object({ type: z.literal("redirect"), url: z.string(), expiresAt: optional(storedInstant) }),
  z.object({
    type: z.literal("display_voucher"),
    reference: z.string(),
    payee: optional(z.string()),
    barcode: optional(z.object({ format: z.enum(["code128", "itf"]), text: z.string() })),
    url: optional(z.string()),
    expiresAt: storedInstant,
  }),
  z.object({
    type: z.literal("display_qr"),
    payload: z.string(),
    url: optional(z.string()),
    expiresAt: storedInstant,
  }),
  z.object({
    type: z.literal("display_bank_transfer"),
    account: z.object({ kind: z.enum(["clabe", "account", "iban", "phone"]), number: z.string() }),
    route: optional(z.object({ kind: z.enum(["bic", "aba", "sort_code", "branch"]), number: z.string() })),
    bank: z.string(),
    beneficiary: z.string(),
    reference: optional(z.string()),
    amountRemaining: storedMoney,
    expiresAt: optional(storedInstant),
    url: optional(z.string()),
  }),
  z.object({ type: z.literal("use_sdk"), clientToken: z.string(), publishableKey: z.string() }),
]);
const storedDecline = z.object({
  reason: z.enum(declineReasons),
  retry: z.enum(["never", "new_method", "fix_details", "later", "authenticate"]),
  adviceCode: optional(z.string()),
  networkCode: optional(z.string()),
  rawCode: z.string(),
});
const storedRefusal = z.object({
  reason: z.enum(["invalid_request", "authentication", "account_problem", "rate_limited", "unsupported"]),
  rawCode: z.string(),
  detail: z.string(),
});
const storedEvidence = z.object({
  httpStatus: optional(z.number()),
  gatewayRequestId: optional(z.string()),
  rawStatus: optional(z.string()),
  rawCode: optional(z.string()),
  unrecognized: optional(z.string()),
  excerpt: optional(z.string()),
});

const read = <T>(schema: z.ZodType<T>, stored: unknown): T | undefined =>
  stored === null || stored === undefined ? undefined : schema.parse(stored);

export const readAction = (stored: unknown): DonorAction | undefined =>
  read(storedAction, stored) as DonorAction | undefined;
export const readDecline = (stored: unknown): Decline | undefined =>
  read(storedDecline, stored) as Decline | undefined;
export const readRefusal = (stored: unknown): Refusal | undefined => read(storedRefusal, stored);
export const readEvidence = (stored: unknown): Evidence | undefined =>
  read(storedEvidence, stored) as Evidence | undefined;

/** JSON text for a jsonb column; money's bigints become digits, dates RFC 3339. `null` where there is nothing. */
export function storedText(value: object | undefined): string | null {
  if (value === undefined) return null;
  return JSON.stringify(value, (_, field: unknown) => (typeof field === "bigint" ? field.toString() : field));
}

/** Whether two values would be stored alike, whatever the order of their keys. */
export function sameStored(a: object | undefined, b: object | undefined): boolean {
  const spelled = (value: object | undefined) => canonicalize(JSON.parse(storedText(value) ?? "null"));
  return spelled(a) === spelled(b);
}
