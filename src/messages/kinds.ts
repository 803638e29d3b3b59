/**
 * Every message we send, and whether it may be left: `service` tells of what the donor has done or must know (a receipt,
 * a failed gift, a link they asked for); `reminder` is sent while the donor wants it.
 */
export const messageKinds = {
  thank_you: "service",
  voucher_waiting: "service",
  reminder: "reminder",
  reminder_nudge: "reminder",
  upcoming_charge: "service",
  payment_failed: "service",
  card_expiring: "service",
  mandate_ended: "service",
  recurring_started: "service",
  recurring_changed: "service",
  recurring_paused: "service",
  recurring_resuming: "reminder",
  recurring_ending: "reminder",
  recurring_canceled: "service",
  recurring_dormant: "service",
  receipt_ready: "service",
  refund_to_claim: "service",
  dispute: "service",
  portal_link: "service",
} as const satisfies Readonly<Record<string, "service" | "reminder">>;

export type MessageKind = keyof typeof messageKinds;
export type MessageCategory = (typeof messageKinds)[MessageKind];
