import { type AttemptId, type DebitAccountId, parseId, uuidOf } from "../kernel/ids.ts";
import type { Money } from "../kernel/money.ts";
import type { Result } from "../kernel/result.ts";
import type { Decline } from "./payment.ts";

/**
 * How a debit by file is named: a reference of 15 characters, all that an entry's identification number holds, made of
 * the attempt's id alone (its 75 bits hold every random bit of the id), and which sealed account is to be debited.
 */
export function debitPaymentId(attempt: AttemptId, account: DebitAccountId): string {
  const number = BigInt(`0x${uuidOf(attempt).replaceAll("-", "")}`) & ((1n << 75n) - 1n);
  return `${number.toString(32).toUpperCase().padStart(15, "0")}.${account}`;
}

/** The parts of such a name; `undefined` for a payment id of any other gateway. */
export function readDebitPaymentId(
  id: string,
): { readonly reference: string; readonly account: DebitAccountId } | undefined {
  const account = parseId("debitAccount", id.slice(16));
  return id.charAt(15) === "." && account ? { reference: id.slice(0, 15), account } : undefined;
}

/**
 * Debits that go to the church's own bank as a file, and come back as files of returns. The adapter writes and reads
 * the files and keeps nothing: the core holds the donors' accounts, sealed, and opens them only while a file is
 * being built. A gift names its account by `CollectMethod.token`, the id of the sealed account.
 */
export type DebitFiles = {
  /**
   * One file of all the orders given, in their order. `Err` is a sentence for the operator and nothing was built:
   * nothing to debit, a number that is not right, a sum beyond the format, too many files in a day.
   */
  build(request: DebitFileRequest): Result<DebitFile, string>;
  /** The bank's day at an instant, `YYYY-MM-DD`: files are numbered within it. */
  dayOf(at: Date): string;
  /**
   * What the bank sent back. `Err` where it is no such file, or one whose counts and sums do not agree: half a file
   * must not be half applied.
   */
  readReturns(text: string): Result<ReturnsRead, string>;
};

/** An account to be debited, in the clear: never stored, logged or put into a URL in this form. */
export type AccountToDebit = {
  readonly routing: string;
  readonly number: string;
  readonly kind: "checking" | "savings";
  readonly holder: string;
};

export type DebitOrder = {
  /** What the bank carries and brings back with a return: the part of the payment id before the dot. */
  readonly reference: string;
  readonly amount: Money;
  readonly account: AccountToDebit;
  /** How the holder said yes: on our page, or on paper. The rail names the two apart. */
  readonly authorization: "online" | "written";
  readonly occurrence: "single" | "recurring";
};

export type DebitFileRequest = {
  readonly orders: readonly DebitOrder[];
  readonly now: Date;
  /** 0 for the first file of the day, as the bank counts days. */
  readonly sequenceOfDay: number;
};

export type DebitFile = {
  readonly name: string;
  readonly text: string;
  readonly total: Money;
  /** The day the bank moves the money, `YYYY-MM-DD`. */
  readonly effectiveOn: string;
  /** When nothing has come back until then, the money is the church's; what comes back later is a dispute. */
  readonly silentAfter: Date;
};

/** One debit the donor's bank gave back. */
export type DebitReturn = {
  readonly reference: string;
  /** The bank's own name of the return: a second arrival is known by it. */
  readonly returnId: string;
  readonly amount: Money;
  readonly decline: Decline;
  /** The holder says they never agreed: it may come long after the money did. */
  readonly unauthorized: boolean;
  /** The day of the file it came in, `YYYY-MM-DD`. */
  readonly returnedOn: string;
};

/** The bank debited all the same and asks that the account be written so from now on. */
export type DebitCorrection = {
  readonly reference: string;
  readonly code: string;
  /** May hold an account number: sealed like the account itself. */
  readonly corrected: string;
};

export type ReturnsRead = {
  readonly returns: readonly DebitReturn[];
  readonly corrections: readonly DebitCorrection[];
  /** Entries that are neither: a file of another purpose, or the bank's own disputes about returns. */
  readonly others: number;
};
