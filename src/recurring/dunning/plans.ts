import type { DeclineReason } from "../../gateway/payment.ts";
import { days, hours, minutes } from "../../kernel/clock.ts";
import type { Rail } from "./rails.ts";

/** Why a try brought no money: the bank's reason, or `technical` where nothing reached it. */
export type FailureReason = DeclineReason | "technical";

/** When the next try goes, counted from the failed one. */
export type Wait =
  | { readonly kind: "after"; readonly ms: number }
  /** So many days later, at the hour this donor's gifts usually succeed. */
  | { readonly kind: "days"; readonly days: number }
  /** The next day on which people are likely to have been paid. */
  | { readonly kind: "payday" };

export type PlanName = "hard" | "final" | "funds" | "soft" | "technical" | "authenticate";

/** What a bank's no means for the next try: one row per reason (facts: intelligence §4, giving §4.3). */
export const planOf: Readonly<Record<FailureReason, PlanName>> = {
  insufficient_funds: "funds",
  limit_exceeded: "funds",
  call_issuer: "soft",
  declined_generic: "soft",
  provider_unavailable: "technical",
  technical: "technical",
  authentication_required: "authenticate",
  card_expired: "hard",
  invalid_card_data: "hard",
  blocked_fraud: "hard",
  method_not_allowed: "hard",
  mandate_invalid: "hard",
  account_invalid: "hard",
  // The rail has done all the tries it allows, or has the money already: another try would be a second charge.
  expired: "final",
  duplicate: "final",
};

const after = (ms: number): Wait => ({ kind: "after", ms });
const inDays = (count: number): Wait => ({ kind: "days", days: count });
const payday: Wait = { kind: "payday" };

const soon: readonly Wait[] = [after(minutes(15)), after(hours(2)), after(days(1))];
const onCards: Readonly<Record<"funds" | "soft" | "technical", readonly Wait[]>> = {
  funds: [inDays(1), payday, inDays(3), inDays(7)],
  soft: [inDays(1), inDays(3), inDays(7)],
  technical: soon,
};
/** A debit that was returned is only presented again where the money was missing: R01 and R09 (Nacha), and their like. */
const onDebits = (funds: readonly Wait[]) => ({ funds, soft: [], technical: soon });

/** The steps of each plan that tries again, by rail. An empty row: not asked again in this period. */
export const stepsOf: Readonly<
  Record<Rail, Readonly<Record<"funds" | "soft" | "technical", readonly Wait[]>>>
> = {
  card: onCards,
  ach: onDebits([payday, inDays(7)]),
  sepa: onDebits([payday, inDays(7)]),
  bacs: onDebits([payday]),
  acss: onDebits([payday]),
  // Its own three tries in seven days are asked for on the same charge (`pix-tries.ts`); a fresh one only where the
  // bank refused the charge before it was due.
  pix_automatico: { funds: [], soft: [inDays(2)], technical: soon },
};

/** How long a donor who must prove it is them, or give another method, is waited for, in days. */
export const holdDays = { authenticate: 7, hard: 21 } as const;
