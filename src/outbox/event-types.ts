import { z } from "zod";

/** Everything we announce (CONTRACT, outbound event types). Receivers switch on these: never rename one. */
export const eventTypes = [
  "donation.created",
  "donation.requires_action",
  "donation.processing",
  "donation.succeeded",
  "donation.failed",
  "donation.expired",
  "donation.canceled",
  "donation.needs_review",
  "donation.refunded",
  "donation.refund_claimable",
  "donation.disputed",
  "recurring_gift.created",
  "recurring_gift.updated",
  "recurring_gift.paused",
  "recurring_gift.canceled",
  "recurring_gift.payment_failed",
  "receipt.issued",
  "receipt.voided",
  "payout.reconciled",
  "reconciliation.break_opened",
  "reconciliation.break_resolved",
  "risk.review_opened",
] as const;

export type EventType = (typeof eventTypes)[number];

export const eventTypeSchema = z.enum(eventTypes);
