import { assert } from "../kernel/assert.ts";
import type { EntryId, FundId, GatewayAccountId, LegalEntityId } from "../kernel/ids.ts";
import { isZero, type Money, negate } from "../kernel/money.ts";
import type { AccountCode } from "./chart.ts";

/** An account of the chart, with the fund or the gateway account its line asks for. */
export type AccountAddress = {
  readonly code: AccountCode;
  readonly fundId?: FundId;
  readonly gatewayAccountId?: GatewayAccountId;
};

/** One side of an entry. The amount is signed: debit positive, credit negative; never zero. */
export type Posting = { readonly account: AccountAddress; readonly amount: Money };

/** What was booked, from whom: with {@link EntryPurpose} unique per church, so that an event books once. */
export type EntrySource = {
  readonly kind: "attempt" | "refund" | "dispute" | "funds" | "correction";
  /**
   * Prefixed id of ours; for `funds` the gateway's transaction id, the line of the bank's statement or the approval;
   * for `correction` the entry corrected.
   */
  readonly id: string;
};

export type EntryPurpose =
  | "capture"
  | "fee"
  | "refund"
  | "refund_reversal"
  | "dispute_opened"
  | "dispute_fee"
  | "dispute_won"
  | "dispute_lost"
  | "received"
  | "banked"
  | "returned"
  | "paid_out"
  | "reversal";

/** An entry ready to be booked by `postEntries`. At least two postings that add up to zero in each currency. */
export type EntryDraft = {
  readonly id: EntryId;
  readonly legalEntityId: LegalEntityId;
  readonly source: EntrySource;
  readonly purpose: EntryPurpose;
  /** When it happened in the world: the date of the books. */
  readonly occurredAt: Date;
  /** Civil date (`2026-03-01`) on which the bank counts it, where that is another day. */
  readonly valueDate?: string;
  /** For the treasurer; never a donor's data. */
  readonly memo: string;
  /** The entry this one takes back; exactly on entries whose source is a correction. */
  readonly corrects?: EntryId;
  readonly postings: readonly Posting[];
};

export const debit = (account: AccountAddress, amount: Money): Posting => ({ account, amount });
export const credit = (account: AccountAddress, amount: Money): Posting => ({
  account,
  amount: negate(amount),
});

/** The draft without its zero sides; throws where it does not balance, which is a bug of the caller. */
export function draft(entry: EntryDraft): EntryDraft {
  const postings = entry.postings.filter((posting) => !isZero(posting.amount));
  const totals = new Map<string, bigint>();
  for (const { amount } of postings) {
    totals.set(amount.currency, (totals.get(amount.currency) ?? 0n) + amount.minor);
  }
  assert(postings.length >= 2, `an entry has two postings or more (${entry.source.kind}, ${entry.purpose})`);
  assert(
    [...totals.values()].every((total) => total === 0n),
    `an entry balances in every currency (${entry.source.kind}, ${entry.purpose})`,
  );
  return { ...entry, postings };
}
