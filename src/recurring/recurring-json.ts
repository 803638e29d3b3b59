import { z } from "@hono/zod-openapi";
import { methodTypes } from "../gateway/methods.ts";
import { nextAction, nextActionSchema } from "../giving/donation-json.ts";
import { moneyJson } from "../kernel/money.ts";
import { describeRule } from "./describe-rule.ts";
import { nextDates } from "./next-due.ts";
import type { Progress } from "./occurrence-store.ts";
import type { Mandate, Occurrence, RecurringGift } from "./recurring-gift.ts";
import { endSchema, ruleSchema } from "./rule.ts";
import { mandateStates, occurrenceStates, recurringStatuses } from "./states.ts";

/**
 * A recurring gift on the outside (CONTRACT): the API's answer, the stored idempotent answer and the announced event are
 * this one shape. It carries no donor's name or address; ask for the donor by id.
 */
const money = z.object({ amount: z.int(), currency: z.string() });
const instant = z.iso.datetime();

const paymentMethodSchema = z.object({
  type: z.enum(methodTypes),
  presentation: z.string(),
  display: z.string().nullable().openapi({ description: "What may be shown of it, such as `visa 4242`" }),
  expires: z.string().nullable().openapi({ description: "The month a card expires, `YYYY-MM`" }),
});

export const recurringGiftSchema = z
  .object({
    id: z.string(),
    object: z.literal("recurring_gift"),
    status: z.enum(recurringStatuses),
    mode: z.enum(["test", "live"]),
    collection: z.enum(["automatic", "reminder"]).openapi({
      description: "`automatic` pulls under a mandate; `reminder` sends a voucher or link and never pulls",
    }),
    amount: money,
    cover_fees: z.boolean(),
    country: z.string(),
    payment_method: paymentMethodSchema,
    frequency: ruleSchema,
    frequency_text: z.string().openapi({ description: "The frequency in the donor's language" }),
    starts_on: z.iso.date(),
    ends: endSchema,
    next_dates: z.array(z.iso.date()),
    next_due_on: z.iso.date().nullable(),
    time_zone: z.string(),
    resumes_on: z.iso.date().nullable(),
    catch_up: z.boolean(),
    failed_periods: z.int(),
    dormant_reason: z.string().nullable(),
    donor: z.string().openapi({ description: "Id of the donor" }),
    legal_entity: z.string(),
    allocations: z.array(z.object({ fund: z.string(), amount: z.int() })),
    anonymous: z.boolean(),
    locale: z.string(),
    mandate: z
      .object({
        id: z.string(),
        state: z.enum(mandateStates),
        ceiling: money.nullable().openapi({ description: "The most one charge may be" }),
        agreed_at: instant,
      })
      .nullable(),
    next_mandate: z
      .object({ id: z.string(), state: z.enum(mandateStates) })
      .nullable()
      .openapi({ description: "A permission asked for that takes over once the donor gives it" }),
    next_action: nextActionSchema,
    canceled_by: z.string().nullable(),
    created_at: instant,
    canceled_at: instant.nullable(),
  })
  .openapi("RecurringGift");

export type RecurringGiftJson = z.infer<typeof recurringGiftSchema>;

/** A recurring gift with what its view needs beside it. */
export type RecurringGiftView = {
  readonly gift: RecurringGift;
  readonly mandate: Mandate | undefined;
  readonly nextMandate: Mandate | undefined;
  readonly progress: Progress;
};

export function recurringJson({
  gift,
  mandate,
  nextMandate,
  progress,
}: RecurringGiftView): RecurringGiftJson {
  const asked = nextMandate ?? mandate;
  const action = asked?.state === "action_required" ? asked.action : undefined;
  const ended = gift.status === "canceled" || gift.status === "completed";
  return {
    id: gift.id,
    object: "recurring_gift",
    status: gift.status,
    mode: gift.mode,
    collection: gift.collection,
    amount: moneyJson(gift.amount),
    cover_fees: gift.coverFees,
    country: gift.country,
    payment_method: {
      type: gift.method,
      presentation: gift.presentation,
      display: mandate?.display ?? null,
      expires: mandate?.expiresOn ?? null,
    },
    frequency: gift.rule,
    frequency_text: describeRule(gift.rule, gift.anchor, gift.locale),
    starts_on: gift.anchor,
    ends: gift.ends,
    next_dates: ended ? [] : [...nextDates(gift, progress, 4)],
    next_due_on: ended ? null : (gift.nextDueOn ?? null),
    time_zone: gift.timeZone,
    resumes_on: gift.resumesOn ?? null,
    catch_up: gift.catchUp,
    failed_periods: gift.failedPeriods,
    dormant_reason: gift.dormantReason ?? null,
    donor: gift.donorId,
    legal_entity: gift.legalEntityId,
    allocations: allocationsJson(gift),
    anonymous: gift.anonymous,
    locale: gift.locale,
    mandate: mandate
      ? {
          id: mandate.id,
          state: mandate.state,
          ceiling: mandate.ceiling ? moneyJson(mandate.ceiling) : null,
          agreed_at: mandate.agreedAt.toISOString(),
        }
      : null,
    next_mandate: nextMandate ? { id: nextMandate.id, state: nextMandate.state } : null,
    next_action: action && asked ? nextAction(action, asked.gateway) : { type: "none" },
    canceled_by: gift.canceledBy ?? null,
    created_at: gift.createdAt.toISOString(),
    canceled_at: gift.status === "canceled" ? (gift.endedAt?.toISOString() ?? null) : null,
  };
}

/** Each fund's share of every gift. */
export const allocationsJson = ({ shares }: Pick<RecurringGift, "shares">) =>
  shares.map((share) => ({ fund: share.fundId, amount: moneyJson(share.amount).amount }));

export const occurrenceSchema = z
  .object({
    id: z.string(),
    object: z.literal("occurrence"),
    recurring_gift: z.string(),
    period: z.string().openapi({ description: "`2026-11`, `2026-W47` …: one gift per period, for good" }),
    due_on: z.iso.date(),
    state: z.enum(occurrenceStates),
    amount: money,
    donation: z.string().nullable(),
    tries: z.int(),
    reminders: z.int(),
    next_at: instant.nullable(),
    decline: z.object({ code: z.string(), next_step: z.string() }).nullable(),
    settled_at: instant.nullable(),
  })
  .openapi("Occurrence");

export const occurrenceJson = (occurrence: Occurrence): z.infer<typeof occurrenceSchema> => ({
  id: occurrence.id,
  object: "occurrence",
  recurring_gift: occurrence.recurringGiftId,
  period: occurrence.period,
  due_on: occurrence.dueOn,
  state: occurrence.state,
  amount: moneyJson(occurrence.amount),
  donation: occurrence.donationId ?? null,
  tries: occurrence.tries,
  reminders: occurrence.reminders,
  next_at: occurrence.nextAt?.toISOString() ?? null,
  decline: occurrence.decline
    ? { code: occurrence.decline.reason, next_step: occurrence.decline.retry }
    : null,
  settled_at: occurrence.settledAt?.toISOString() ?? null,
});
