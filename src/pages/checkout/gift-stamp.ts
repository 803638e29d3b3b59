import type { DonationView } from "../../giving/donation-view.ts";

/** Changes whenever something the donor would see has changed: the page asks for it and loads itself again. */
export function giftStamp(view: DonationView): string {
  const { action } = view;
  const remaining = action?.type === "display_bank_transfer" ? action.amountRemaining.minor : "";
  return [
    view.status,
    view.attempt.number,
    view.attempt.state,
    action?.type ?? "",
    remaining,
    view.decline?.reason ?? "",
    view.refunded.minor,
    view.disputed ? "disputed" : "",
  ].join(".");
}
