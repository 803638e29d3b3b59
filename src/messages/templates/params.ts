import { z } from "zod";
import { methodTypes } from "../../gateway/methods.ts";
import { declineReasons } from "../../gateway/payment.ts";
import { isCurrency } from "../../kernel/currency.ts";
import { money as moneyOf } from "../../kernel/money.ts";
import type { MessageKind } from "../kinds.ts";

/**
 * What each kind of message shows, as `enqueue` keeps it: money as `{amount, currency}` in minor units, days as
 * `YYYY-MM-DD`, instants as ISO 8601. What a caller does not know it leaves out or gives as null, and the message
 * reads well without. What is there beyond this is not shown. What does not parse is a bug, and throws.
 */
const money = z
  .object({ amount: z.int(), currency: z.string().refine(isCurrency) })
  .transform(({ amount, currency }) => moneyOf(BigInt(amount), currency));
const link = z.url({ protocol: /^https?$/ });
const day = z.iso.date();
const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/);
const instant = z.iso.datetime({ offset: true });
const method = z.enum(methodTypes);
/** Text of ours or of the church's: short, and never markup. */
const line = z.string().max(500);
const dates = z.array(day).max(12).default([]);

const text = z.string().optional();
/** The number money is sent to, by its kind, and what finds its bank. */
const numbers = z.object({ clabe: text, account: text, iban: text, phone: text });
const routes = z.object({ bic: text, aba: text, sort_code: text, branch: text });

/** What is still to be done to pay, as a donation's `next_action` tells it; what no mail can carry is `none`. */
const action = z
  .discriminatedUnion("type", [
    z.object({
      type: z.literal("display_voucher"),
      reference: z.string(),
      barcode: z.string().nullish(),
      barcode_format: z.enum(["code128", "itf"]).nullish(),
      payee: z.string().nullish(),
      expires_at: instant.nullish(),
    }),
    z.object({ type: z.literal("display_qr"), payload: z.string(), expires_at: instant.nullish() }),
    z.object({
      type: z.literal("display_bank_transfer"),
      ...numbers.shape,
      ...routes.shape,
      bank: z.string(),
      beneficiary: z.string(),
      reference: z.string().nullish(),
      amount: money.nullish(),
      expires_at: instant.nullish(),
      qr_payload: z.string().nullish(),
    }),
    z.object({ type: z.enum(["redirect", "use_sdk", "none"]) }),
  ])
  .nullish();
export type PayAction = NonNullable<z.output<typeof action>>;

const reminder = z.object({
  donation: line.nullish(),
  amount: money,
  due_on: day,
  method: method.nullish(),
  action,
  /** The donor's own code, which they may pay every time, and which their bank can pay by itself. */
  own_code: line.nullish(),
  url: link.nullish(),
  expires_at: instant.nullish(),
});
const funds = z
  .array(z.object({ name: line.nullish(), code: line.nullish(), amount: money.nullish() }))
  .max(50);
const terms = z.object({
  amount: money,
  frequency_text: line.nullish(),
  method: method.nullish(),
  display: line.nullish(),
  funds: funds.default([]),
});
export type Terms = z.output<typeof terms>;

export const paramSchemas = {
  thank_you: z.object({
    donation: line.nullish(),
    amount: money,
    funds: funds.default([]),
    recurring_gift: line.nullish(),
    url: link.nullish(),
    next_due_on: day.nullish(),
  }),
  voucher_waiting: z.object({
    donation: line.nullish(),
    amount: money,
    method: method.nullish(),
    action,
    url: link.nullish(),
    expires_at: instant.nullish(),
  }),
  reminder,
  reminder_nudge: reminder.extend({ days_left: z.int() }),
  upcoming_charge: z.object({
    amount: money,
    previous_amount: money.nullish(),
    due_on: day,
    display: line.nullish(),
    why: z.enum(["yearly", "amount_changed"]),
  }),
  payment_failed: z.object({
    amount: money,
    due_on: day,
    reason: z.enum(declineReasons).nullish(),
    next_try_on: day.nullish(),
    /** The last day on which it can still be mended. */
    until: day.nullish(),
    ask: z.enum(["new_method", "authenticate", "none"]),
    url: link.nullish(),
  }),
  card_expiring: z.object({
    display: line.nullish(),
    expires_on: month,
    days: z.int(),
    gifts: z.int().min(1).default(1),
  }),
  mandate_ended: z.object({
    by: z.enum(["donor", "bank", "church", "gateway"]),
    display: line.nullish(),
    method: method.nullish(),
    amount: money,
  }),
  recurring_started: z.object({
    amount: money,
    frequency_text: line.nullish(),
    collection: z.enum(["automatic", "reminder"]),
    next_dates: dates,
    display: line.nullish(),
    agreement_text: z.string().max(5000).nullish(),
  }),
  recurring_changed: z.object({
    before: terms,
    after: terms,
    next_dates: dates,
    by: z.enum(["donor", "church"]),
    /** How it is collected from now on, where that is another way than before. */
    now: z.enum(["automatic", "reminder"]).nullish(),
  }),
  recurring_paused: z.object({ resumes_on: day.nullish() }),
  recurring_resuming: z.object({ resumes_on: day, amount: money }),
  recurring_ending: z.object({ due_on: day, amount: money }),
  recurring_canceled: z.object({
    by: z.enum(["donor", "church", "bank", "gateway", "job"]),
    reason: line.nullish(),
  }),
  recurring_dormant: z.object({ amount: money, restart_url: link.nullish() }),
  receipt_ready: z.object({ url: link, amount: money }),
  /** The page of the gift, where the refund is claimed: the claim's own address is never in a letter. */
  refund_to_claim: z.object({ donation: line.nullish(), amount: money, url: link }),
  dispute: z.object({
    donation: line.nullish(),
    amount: money,
    reason: line.nullish(),
    due_at: instant.nullish(),
  }),
  portal_link: z.object({ url: link, expires_at: instant }),
} as const satisfies Readonly<Record<MessageKind, z.ZodType>>;

/** A kind's parameters as its template reads them. */
export type ParamsOf<K extends MessageKind> = z.output<(typeof paramSchemas)[K]>;
