import type { DonorAction, GatewayFee } from "../gateway/payment.ts";
import { after, days, hours, minutes } from "../kernel/clock.ts";
import type { AttemptState } from "./attempt-state.ts";

/**
 * When the sweeper asks the gateway again (facts: orchestration §10.1). An unknown outcome is asked after 5 min,
 * 1 h, then daily five times, then a person looks; it never fails by itself.
 */
const unknownWaits = [minutes(5), hours(1), days(1), days(1), days(1), days(1), days(1)] as const;
/** Past its promised date, an answer is asked for daily; a voucher's money may take three banking days. */
const overdueWaits = [days(1), days(1), days(1), days(1), days(1)] as const;
/**
 * An answer that was promised and is not there: twice more soon, because a bank redirect is settled within the half
 * hour (PSE is asked at 5, 15 and 30 minutes, facts: methods §10), and then as anything that is overdue.
 */
const promisedWaits = [minutes(10), minutes(15), ...overdueWaits] as const;
/** Money that came without its fee: some gateways know it later, and the look-up for it may have failed. */
const feeWaits = [minutes(10), hours(6), days(1), days(3), days(7)] as const;
/** A form nobody finished is closed at the gateway after a day; an open bank transfer after thirty. */
export const abandonedAfter = { form: days(1), transfer: days(30) } as const;

export type CheckInput = {
  readonly state: AttemptState;
  readonly checks: number;
  readonly now: Date;
  readonly createdAt: Date;
  readonly action: DonorAction | undefined;
  readonly expiresAt: Date | undefined;
  /** For `processing`: when the gateway said the answer is due. */
  readonly answerDueAt?: Date;
  /** For `captured`: what the gateway kept, once known. */
  readonly fee?: GatewayFee | undefined;
};

/** The next look-up: a date, `never` when nothing is awaited, or `give_up` when a person must look. */
export function nextCheck(input: CheckInput): Date | "never" | "give_up" {
  const { state, checks, now } = input;
  switch (state) {
    case "submitted":
    case "in_doubt":
    // What is authorized is taken by the very look-up that sees it: still here, it is tried again soon.
    case "authorized":
      return later(now, unknownWaits, checks);
    case "processing":
      if (checks === 0) return input.answerDueAt ?? after(now, days(1));
      return later(now, promisedWaits, checks - 1);
    case "action_required":
      if (checks === 0) return firstLookAtOpen(input);
      return later(now, overdueWaits, checks - 1);
    case "captured":
      return feeCheck(input);
    case "created":
    case "declined":
    case "refused":
    case "voided":
    case "expired":
    case "conflicted":
    case "needs_review":
      return "never";
  }
}

/** A fee nobody ever tells is left to the settlement lines: no person is called for it. */
function feeCheck({ fee, checks, now }: CheckInput): Date | "never" {
  const wait = fee ? undefined : feeWaits[checks];
  return wait === undefined ? "never" : after(now, wait);
}

function firstLookAtOpen(input: CheckInput): Date {
  if (input.expiresAt) return after(input.expiresAt, hours(1));
  return after(input.createdAt, abandonedAfter[isTransfer(input.action) ? "transfer" : "form"]);
}

/**
 * Whether an open attempt has been left so long that we close it at the gateway: one without an end of its own, or one
 * that the gateway still holds open when we have asked as often after its end as we will (some vouchers never close
 * by themselves). Money that comes after all is a late settlement.
 */
export function isAbandoned(
  input: Pick<CheckInput, "state" | "action" | "expiresAt" | "createdAt" | "now" | "checks">,
): boolean {
  if (input.state !== "action_required") return false;
  if (input.expiresAt) return input.checks >= overdueWaits.length && input.now > input.expiresAt;
  const most = abandonedAfter[isTransfer(input.action) ? "transfer" : "form"];
  return input.now.getTime() - input.createdAt.getTime() >= most;
}

const isTransfer = (action: DonorAction | undefined) => action?.type === "display_bank_transfer";

function later(now: Date, waits: readonly number[], index: number): Date | "give_up" {
  const wait = waits[index];
  return wait === undefined ? "give_up" : after(now, wait);
}
