import type { z } from "zod";
import type { MessageKind } from "../kinds.ts";
import { button, type Draft, paragraphs } from "./blocks.ts";
import { dispute, receiptReady, refundToClaim, thankYou, voucherWaiting } from "./giving.ts";
import { type ParamsOf, paramSchemas } from "./params.ts";
import {
  recurringCanceled,
  recurringChanged,
  recurringEnding,
  recurringPaused,
  recurringResuming,
  recurringStarted,
} from "./promises.ts";
import { reminder, reminderNudge, upcomingCharge } from "./reminders.ts";
import { cardExpiring, mandateEnded, paymentFailed, recurringDormant } from "./setbacks.ts";
import type { Tongue } from "./tongue.ts";

/** A template behind its door: parameters that are not what it shows throw. */
const told =
  <S extends z.ZodType>(schema: S, template: (tongue: Tongue, params: z.output<S>) => Draft) =>
  (tongue: Tongue, params: unknown): Draft =>
    template(tongue, schema.parse(params));

/** What each kind says of its stored parameters. Throws where they do not fit. */
export const draftOf: Readonly<Record<MessageKind, (tongue: Tongue, params: unknown) => Draft>> = {
  thank_you: told(paramSchemas.thank_you, thankYou),
  voucher_waiting: told(paramSchemas.voucher_waiting, voucherWaiting),
  reminder: told(paramSchemas.reminder, reminder),
  reminder_nudge: told(paramSchemas.reminder_nudge, reminderNudge),
  upcoming_charge: told(paramSchemas.upcoming_charge, upcomingCharge),
  payment_failed: told(paramSchemas.payment_failed, paymentFailed),
  card_expiring: told(paramSchemas.card_expiring, cardExpiring),
  mandate_ended: told(paramSchemas.mandate_ended, mandateEnded),
  recurring_started: told(paramSchemas.recurring_started, recurringStarted),
  recurring_changed: told(paramSchemas.recurring_changed, recurringChanged),
  recurring_paused: told(paramSchemas.recurring_paused, recurringPaused),
  recurring_resuming: told(paramSchemas.recurring_resuming, recurringResuming),
  recurring_ending: told(paramSchemas.recurring_ending, recurringEnding),
  recurring_canceled: told(paramSchemas.recurring_canceled, recurringCanceled),
  recurring_dormant: told(paramSchemas.recurring_dormant, recurringDormant),
  receipt_ready: told(paramSchemas.receipt_ready, receiptReady),
  refund_to_claim: told(paramSchemas.refund_to_claim, refundToClaim),
  dispute: told(paramSchemas.dispute, dispute),
  portal_link: told(paramSchemas.portal_link, portalLink),
};

function portalLink({ fill, words, instant }: Tongue, link: ParamsOf<"portal_link">): Draft {
  const own = words.portal_link;
  const until = instant(link.expires_at);
  return {
    subject: own.subject,
    preheader: fill(own.preheader, { until }),
    heading: own.heading,
    blocks: [
      ...paragraphs(fill(own.text)),
      ...button(own.button, link.url),
      { type: "small", text: fill(own.once, { until }) },
      { type: "small", text: own.not_you },
    ],
  };
}
