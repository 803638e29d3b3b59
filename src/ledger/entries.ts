import { assert } from "../kernel/assert.ts";
import type {
  ApprovalId,
  AttemptId,
  BankLineId,
  DisputeId,
  EntryId,
  FundId,
  GatewayAccountId,
  LegalEntityId,
  RefundId,
} from "../kernel/ids.ts";
import {
  add,
  allocate,
  equals,
  isPositive,
  type Money,
  negate,
  subtract,
  sum,
  zero,
} from "../kernel/money.ts";
import { type AccountAddress, credit, debit, draft, type EntryDraft, type Posting } from "./entry-draft.ts";

/**
 * From event to journal entry: pure, one function per event (facts: intelligence, chart of accounts, events).
 *
 * Everything a gateway owes or takes moves through 1100, the pending receivable, refunds and disputes included,
 * though the chart's own events name 1110, the available balance, for those. Gateways tell us at capture,
 * refund and dispute only that the money moved, not out of which of their pots; that stands in their settlement
 * lines. Whatever reads those will move 1100 to 1110, and until then one account per gateway account holds
 * exactly what the gateway owes.
 */

/** Where and when: common to every event at a gateway. */
export type EventAt = {
  readonly entryId: EntryId;
  readonly legalEntityId: LegalEntityId;
  readonly gatewayAccountId: GatewayAccountId;
  readonly occurredAt: Date;
};

/** The share of one fund in a gift, in the gift's currency; positive. */
export type FundShare = { readonly fundId: FundId; readonly restricted: boolean; readonly amount: Money };

/** What a donor paid: shares for the funds, plus what covers the fee (zero when the donor does not). */
export type GiftParts = { readonly shares: readonly FundShare[]; readonly cover: Money };

/** The amount the donor paid: all shares and the cover. Throws when currencies differ. */
export const giftTotal = (gift: GiftParts): Money =>
  sum([...gift.shares.map((share) => share.amount), gift.cover], gift.cover.currency);

/** The church's own account. */
const bank: AccountAddress = { code: "1010" };
/** Things, at their fair value. */
const inKind: AccountAddress = { code: "1300" };
const receivable = (at: EventAt): AccountAddress => atGateway(at, "1100");
const atGateway = (at: EventAt, code: AccountAddress["code"]): AccountAddress => ({
  code,
  gatewayAccountId: at.gatewayAccountId,
});
const common = (at: EventAt) => ({
  id: at.entryId,
  legalEntityId: at.legalEntityId,
  occurredAt: at.occurredAt,
});

/**
 * Captured: Dr 1100 (or Dr 2900 when the money had arrived before and waited unassigned, or Dr 1300 for a thing), Cr 4100 or 4200 per
 * fund, Cr 4300 for the fee the donor covers. `gift` must add up to what was captured.
 */
export function captureEntry(
  at: EventAt & {
    readonly attemptId: AttemptId;
    readonly gift: GiftParts;
    readonly funding: "direct" | "balance" | "in_kind";
  },
): EntryDraft {
  const from = { direct: receivable(at), balance: atGateway(at, "2900"), in_kind: inKind }[at.funding];
  return draft({
    ...common(at),
    source: { kind: "attempt", id: at.attemptId },
    purpose: "capture",
    memo: "Gift captured",
    postings: [
      debit(from, giftTotal(at.gift)),
      ...at.gift.shares.map((share) =>
        credit({ code: share.restricted ? "4200" : "4100", fundId: share.fundId }, share.amount),
      ),
      credit({ code: "4300" }, at.gift.cover),
    ],
  });
}

/**
 * The gateway's fee: Dr 5100 fee without tax, Dr 5110 tax on it, Cr 1100 the whole. `fee` is all the gateway
 * kept, positive; `tax` the part of it that is tax, possibly zero.
 */
export function feeEntry(
  at: EventAt & { readonly attemptId: AttemptId; readonly fee: Money; readonly tax: Money },
): EntryDraft {
  return draft({
    ...common(at),
    source: { kind: "attempt", id: at.attemptId },
    purpose: "fee",
    memo: "Gateway fee",
    postings: [
      debit(atGateway(at, "5100"), subtract(at.fee, at.tax)),
      debit(atGateway(at, "5110"), at.tax),
      credit(receivable(at), at.fee),
    ],
  });
}

/**
 * What is still with each fund and with the cover after the refunds (and refund reversals) already booked, in
 * the order of `gift`. `earlier` are all booked entries of the attempt's refunds.
 */
function partsLeft(gift: GiftParts, earlier: readonly EntryDraft[]): Money[] {
  const taken = new Map<string, Money>();
  for (const { account, amount } of earlier.flatMap((entry) => entry.postings)) {
    const part = account.code === "4900" ? account.fundId : account.code === "4300" ? "cover" : undefined;
    if (part) taken.set(part, add(taken.get(part) ?? zero(amount.currency), amount));
  }
  const take = (part: string, amount: Money): Money => {
    // Two shares of one fund: the first gives before the second.
    const owed = taken.get(part) ?? zero(amount.currency);
    const here = owed.minor < amount.minor ? owed : amount;
    taken.set(part, subtract(owed, here));
    return subtract(amount, here);
  };
  return [...gift.shares.map((share) => take(share.fundId, share.amount)), take("cover", gift.cover)];
}

/**
 * Refunded: Dr 4900 per fund and Dr 4300 for the covered fee, Cr 1100. A partial refund is spread over what is
 * still there in proportion to it, so that refunds that add up to the gift take exactly each fund's share,
 * whatever their number and sizes, and none ever takes more than a fund received.
 *
 * `amount` is positive and at most what is left, else it throws: the attempt's row refuses such a refund first.
 */
export function refundEntry(
  at: EventAt & {
    readonly refundId: RefundId;
    readonly amount: Money;
    readonly gift: GiftParts;
    readonly earlier: readonly EntryDraft[];
    /** `bank`: paid by hand out of the church's own account (1010), the gateway giving nothing back. */
    readonly paidFrom?: "gateway" | "bank";
  },
): EntryDraft {
  const left = partsLeft(at.gift, at.earlier);
  const rest = sum(left, at.amount.currency);
  assert(
    isPositive(at.amount) && at.amount.minor <= rest.minor,
    "a refund is at most what is left of the gift",
  );
  const shares = allocate(
    at.amount,
    left.map((part) => part.minor),
  );
  const accounts: AccountAddress[] = [
    ...at.gift.shares.map((share): AccountAddress => ({ code: "4900", fundId: share.fundId })),
    { code: "4300" },
  ];
  const debits = accounts.map((account, index): Posting => {
    const share = shares[index];
    assert(share, "one share for each part");
    return debit(account, share);
  });
  return draft({
    ...common(at),
    source: { kind: "refund", id: at.refundId },
    purpose: "refund",
    memo: "Gift refunded",
    postings: [...debits, credit(at.paidFrom === "bank" ? bank : receivable(at), at.amount)],
  });
}

/** A refund the gateway failed after it had succeeded: each posting of the refund's entry, the other way. */
export function refundReversedEntry(
  refund: EntryDraft,
  reversal: { readonly entryId: EntryId; readonly occurredAt: Date },
): EntryDraft {
  assert(refund.purpose === "refund", "only a refund is reversed so");
  return draft({
    id: reversal.entryId,
    legalEntityId: refund.legalEntityId,
    occurredAt: reversal.occurredAt,
    source: refund.source,
    purpose: "refund_reversal",
    memo: "Refund failed at the gateway, money back",
    postings: opposite(refund.postings),
  });
}

type DisputeAt = EventAt & { readonly disputeId: DisputeId; readonly amount: Money };

/** The gateway withdrew the contested amount: Dr 1120, Cr 1100. */
export const disputeOpenedEntry = (at: DisputeAt): EntryDraft =>
  draft({
    ...common(at),
    source: { kind: "dispute", id: at.disputeId },
    purpose: "dispute_opened",
    memo: "Dispute: amount withheld",
    postings: [debit(atGateway(at, "1120"), at.amount), credit(receivable(at), at.amount)],
  });

/** The gateway's charge for handling the dispute, whenever it becomes known: Dr 5130, Cr 1100. */
export const disputeFeeEntry = (at: DisputeAt): EntryDraft =>
  draft({
    ...common(at),
    source: { kind: "dispute", id: at.disputeId },
    purpose: "dispute_fee",
    memo: "Dispute fee",
    postings: [debit(atGateway(at, "5130"), at.amount), credit(receivable(at), at.amount)],
  });

/** Won: the withheld amount comes back, Dr 1100, Cr 1120, with the dispute's fee (Cr 5130) if that does too. */
export function disputeWonEntry(at: DisputeAt & { readonly feeReturned?: Money }): EntryDraft {
  const fee = at.feeReturned ?? zero(at.amount.currency);
  return draft({
    ...common(at),
    source: { kind: "dispute", id: at.disputeId },
    purpose: "dispute_won",
    memo: "Dispute won",
    postings: [
      debit(receivable(at), add(at.amount, fee)),
      credit(atGateway(at, "1120"), at.amount),
      credit(atGateway(at, "5130"), fee),
    ],
  });
}

/** Lost: Dr 5120, Cr 1120. The withheld amount must have been booked (opened) before or in the same batch. */
export const disputeLostEntry = (at: DisputeAt): EntryDraft =>
  draft({
    ...common(at),
    source: { kind: "dispute", id: at.disputeId },
    purpose: "dispute_lost",
    memo: "Dispute lost",
    postings: [debit(atGateway(at, "5120"), at.amount), credit(atGateway(at, "1120"), at.amount)],
  });

type FundsAt = EventAt & { readonly gatewayTransactionId: string; readonly amount: Money };

/** A donor's transfer arrived at the gateway before any gift claimed it: Dr 1100, Cr 2900. */
export const fundsReceivedEntry = (at: FundsAt): EntryDraft =>
  draft({
    ...common(at),
    source: { kind: "funds", id: at.gatewayTransactionId },
    purpose: "received",
    memo: "Transfer received, not yet assigned",
    postings: [debit(receivable(at), at.amount), credit(atGateway(at, "2900"), at.amount)],
  });

/** Unassigned money went back to the donor's bank: Dr 2900, Cr 1100. */
export const fundsReturnedEntry = (at: FundsAt): EntryDraft =>
  draft({
    ...common(at),
    source: { kind: "funds", id: at.gatewayTransactionId },
    purpose: "returned",
    memo: "Unassigned transfer returned",
    postings: [debit(atGateway(at, "2900"), at.amount), credit(receivable(at), at.amount)],
  });

type BankAt = EventAt & { readonly valueDate?: string; readonly amount: Money };

/**
 * The bank's statement shows the money: Dr 1010, Cr 1100. What was taken for a gift by hand stands in 1100 until its
 * line comes; what is there for long was never seen by the bank. `amount` is positive.
 */
export const bankedEntry = (at: BankAt & { readonly bankLineId: BankLineId }): EntryDraft =>
  draft({
    ...common(at),
    ...(at.valueDate === undefined ? {} : { valueDate: at.valueDate }),
    source: { kind: "funds", id: at.bankLineId },
    purpose: "banked",
    memo: "Seen on the bank's statement",
    postings: [debit(bank, at.amount), credit(receivable(at), at.amount)],
  });

type ApprovedAt = EventAt & { readonly approvalId: ApprovalId; readonly amount: Money };

/** Two people agreed to send unassigned money back: Dr 2900, Cr 2100. It is owed until it is paid. */
export const returnOwedEntry = (at: ApprovedAt): EntryDraft =>
  draft({
    ...common(at),
    source: { kind: "funds", id: at.approvalId },
    purpose: "returned",
    memo: "Unassigned money to be returned",
    postings: [debit(atGateway(at, "2900"), at.amount), credit({ code: "2100" }, at.amount)],
  });

/** What was owed so has been paid at the bank: Dr 2100, Cr 1010. */
export const returnPaidEntry = (at: ApprovedAt): EntryDraft =>
  draft({
    ...common(at),
    source: { kind: "funds", id: at.approvalId },
    purpose: "paid_out",
    memo: "Returned from the church's own account",
    postings: [debit({ code: "2100" }, at.amount), credit(bank, at.amount)],
  });

/** Takes a wrong entry back, whole; what should have been booked follows as an entry of its own. */
export const correctionEntry = (
  wrong: EntryDraft,
  correction: { readonly entryId: EntryId; readonly occurredAt: Date; readonly memo: string },
): EntryDraft =>
  draft({
    id: correction.entryId,
    legalEntityId: wrong.legalEntityId,
    occurredAt: correction.occurredAt,
    source: { kind: "correction", id: wrong.id },
    purpose: "reversal",
    memo: correction.memo,
    corrects: wrong.id,
    postings: opposite(wrong.postings),
  });

const opposite = (postings: readonly Posting[]): Posting[] =>
  postings.map((posting) => ({ account: posting.account, amount: negate(posting.amount) }));

/** Whether the parts add up to `captured`: what must hold before {@link captureEntry}. */
export const addsUpTo = (gift: GiftParts, captured: Money): boolean => equals(giftTotal(gift), captured);
