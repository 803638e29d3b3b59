import { z } from "@hono/zod-openapi";
import { money } from "../../kernel/money.ts";
import { withoutGaps } from "../../kernel/without-gaps.ts";
import type { ChangeWish } from "../../recurring/decide-change.ts";
import type { MethodWish } from "../../recurring/mandate-for-gift.ts";
import type { Agreement, StartRequest } from "../../recurring/plan-start.ts";
import { endSchema, frequencyWords, ruleOfWord, ruleSchema } from "../../recurring/rule.ts";
import { amountSchema } from "../router.ts";
import { deviceOf, deviceSchema, giftOf, giveBody } from "./donations.ts";

/** What the recurring gifts' routes are sent, and what it is in the house's words. */
const civilDate = z.string().max(10).openapi({ format: "date", example: "2026-12-01" });

const frequencySchema = z
  .union([z.enum(frequencyWords).transform((word) => ruleOfWord[word]), ruleSchema])
  .openapi({ description: "a word, such as `monthly` or `quincena`, or a rule, such as the first Sunday" });

const agreementSchema = z
  .object({
    text: z.string().min(20).max(5000).optional(),
    version: z.string().min(1).max(60).optional(),
    ip_address: deviceSchema.shape.ip_address.optional(),
    user_agent: deviceSchema.shape.user_agent.optional(),
    ceiling: amountSchema.optional().openapi({ description: "the most one charge may be, in minor units" }),
  })
  .strict()
  .openapi({
    description: "what the donor agreed to on the caller's own page; absent: our words, recorded now",
  });

export const startBody = giveBody
  .extend({
    frequency: frequencySchema,
    starts_on: civilDate.optional(),
    ends: endSchema.default({ kind: "never" }),
    collection: z.enum(["automatic", "reminder"]).optional(),
    agreement: agreementSchema.default({}),
  })
  .strict()
  .openapi("NewRecurringGift");

export function startOf(
  body: z.output<typeof startBody>,
): Omit<StartRequest, "churchId" | "mode" | "principal" | "idempotencyKey" | "traceId"> {
  return {
    ...giftOf(body),
    rule: body.frequency,
    ends: body.ends,
    ...withoutGaps({ startsOn: body.starts_on, collection: body.collection }),
    agreement: agreementOf(body.agreement, body.currency),
  };
}

type AgreementBody = z.output<typeof agreementSchema>;

function agreementOf(
  { text, version, ip_address, user_agent, ceiling }: AgreementBody,
  currency: z.output<typeof giveBody>["currency"],
): Agreement {
  return {
    ...withoutGaps({ text, version }),
    ...(ip_address === undefined || user_agent === undefined
      ? {}
      : { device: deviceOf({ ip_address, user_agent }) }),
    ...(ceiling === undefined ? {} : { ceiling: money(ceiling, currency) }),
  };
}

const allocationsSchema = z
  .array(z.object({ fund: z.string().min(1).max(64), amount: amountSchema }).strict())
  .min(1)
  .max(20);

export const changeBody = z
  .object({
    amount: amountSchema.optional(),
    allocations: allocationsSchema.optional(),
    frequency: frequencySchema.optional(),
    starts_on: civilDate.optional(),
    ends: endSchema.optional(),
    cover_fees: z.boolean().optional(),
  })
  .strict()
  .openapi("RecurringGiftChange");

export function changeOf(body: z.output<typeof changeBody>): ChangeWish {
  return {
    amount: body.amount === undefined ? undefined : Number(body.amount),
    allocations: body.allocations?.map(({ fund, amount }) => ({ fund, amount: Number(amount) })),
    rule: body.frequency,
    startsOn: body.starts_on,
    ends: body.ends,
    coverFees: body.cover_fees,
  };
}

export const pauseBody = z
  .object({
    resumes_on: civilDate.nullable().optional().openapi({
      description: "the day it goes on by itself, at most a year ahead; absent: a year from today",
    }),
    catch_up: z.boolean().optional(),
  })
  .strict()
  .openapi("RecurringGiftPause");

export const resumeBody = z
  .object({ catch_up: z.boolean().optional() })
  .strict()
  .openapi("RecurringGiftResume");
export const snoozeBody = z
  .object({ days: z.literal([3, 7]) })
  .strict()
  .openapi("RecurringGiftSnooze");
export const cancelBody = z
  .object({ reason: z.string().min(1).max(200).optional() })
  .strict()
  .openapi("RecurringGiftCancel");

export const methodBody = z
  .object({
    payment_method: giveBody.shape.payment_method,
    collection: z.enum(["automatic", "reminder"]).default("automatic").openapi({
      description: "`reminder` ends the permission at once, and nothing is charged by itself any more",
    }),
    agreement: agreementSchema.default({}),
    device: deviceSchema.optional(),
    amount: amountSchema.optional(),
    allocations: allocationsSchema.optional(),
    return_url: giveBody.shape.return_url,
  })
  .strict()
  .openapi("RecurringGiftMethod");

export function methodOf(
  body: z.output<typeof methodBody>,
  currency: z.output<typeof giveBody>["currency"],
): Omit<MethodWish, "traceId"> {
  const { type, presentation, token, bank, mandate_acceptance: accepted } = body.payment_method;
  const device = body.device ?? accepted;
  const change = changeOf({ amount: body.amount, allocations: body.allocations });
  const changes = body.amount !== undefined || body.allocations !== undefined;
  return {
    method: {
      type,
      ...withoutGaps({ presentation, token, bank }),
    },
    agreement: agreementOf(body.agreement, currency),
    ...(device ? { device: deviceOf(device) } : {}),
    ...(changes ? { change } : {}),
    ...withoutGaps({ returnUrl: body.return_url }),
  };
}
