import type { AttemptId, BankLineId, DonationId, RefundId } from "../kernel/ids.ts";
import type { Payee } from "./payee.ts";

/**
 * What one person asks for and another must agree to:
 *
 * - `confirm_transfer`: the transfer came, by hand and before its statement line;
 * - `assign_unmatched_line`: a movement nobody could place is for this gift;
 * - `accept_conflicted`: what arrived, another amount than agreed, becomes the gift;
 * - `return_conflicted`, `return_unmatched_line`: it goes back to who sent it;
 * - `manual_payout`: a refund of a method that gives nothing back is paid by hand.
 */
export const approvalKinds = [
  "confirm_transfer",
  "assign_unmatched_line",
  "accept_conflicted",
  "return_conflicted",
  "return_unmatched_line",
  "manual_payout",
] as const;

/** As it is asked for, by donation. */
export type Asked =
  | {
      readonly kind: "confirm_transfer";
      readonly donationId: DonationId;
      /** The bank's day. */
      readonly receivedOn: string;
      readonly bankReference?: string;
    }
  | {
      readonly kind: "assign_unmatched_line";
      readonly lineId: BankLineId;
      readonly donationId: DonationId;
    }
  | { readonly kind: "accept_conflicted"; readonly donationId: DonationId }
  | { readonly kind: "return_conflicted"; readonly donationId: DonationId; readonly payee: Payee }
  | { readonly kind: "return_unmatched_line"; readonly lineId: BankLineId; readonly payee: Payee }
  | { readonly kind: "manual_payout"; readonly refundId: RefundId; readonly payee: Payee };

/** As it is kept: the attempt instead of the donation, the payee sealed apart. */
export type Matter =
  | {
      readonly kind: "confirm_transfer";
      readonly attemptId: AttemptId;
      readonly receivedOn: string;
      readonly bankReference?: string;
    }
  | { readonly kind: "assign_unmatched_line"; readonly lineId: BankLineId; readonly attemptId: AttemptId }
  | { readonly kind: "accept_conflicted" | "return_conflicted"; readonly attemptId: AttemptId }
  | { readonly kind: "return_unmatched_line"; readonly lineId: BankLineId }
  | { readonly kind: "manual_payout"; readonly refundId: RefundId; readonly attemptId: AttemptId };

/** One thing may have one request open: the attempt, the movement or the refund. */
export function subjectOf(matter: Matter): AttemptId | BankLineId | RefundId {
  if ("lineId" in matter) return matter.lineId;
  return matter.kind === "manual_payout" ? matter.refundId : matter.attemptId;
}
