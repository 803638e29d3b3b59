/** `requested`: about to be asked for; the rest is what the gateway said (`MandateOutcome`). */
export const mandateStates = ["requested", "action_required", "pending", "active", "ended"] as const;

/** `pending`: waits for the donor's permission. `dormant`: three periods failed; it is asked for nothing more. */
export const recurringStatuses = ["pending", "active", "paused", "dormant", "completed", "canceled"] as const;

/** `open`: not yet asked for. `collecting`: an attempt is on its way. `retrying`: declined, another try is planned. */
export const occurrenceStates = [
  "open",
  "collecting",
  "retrying",
  "succeeded",
  "failed",
  "skipped",
  "canceled",
] as const;
