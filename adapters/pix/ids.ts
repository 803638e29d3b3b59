import { type AttemptId, parseId, type RefundId } from "../../src/kernel/ids.ts";

/** The three kinds of claim for money in the API: for now, with a due date, and under a recurrence. */
export type ClaimKind = "cob" | "cobv" | "cobr";

const marks: Readonly<Record<ClaimKind, string>> = { cob: "", cobv: "v", cobr: "r" };

/**
 * The txid of an attempt: the 32 digits of its id, and for two of the kinds a letter, so that a lost answer is found
 * again and a webhook says by itself what it is about. The API takes 26 to 35 letters and digits.
 */
export const txidOf = (attempt: AttemptId, kind: ClaimKind): string =>
  `${attempt.slice(attempt.indexOf("_") + 1)}${marks[kind]}`;

/** What a txid of ours names; `undefined` for anybody else's (a static code's, another system's). */
export function readTxid(
  txid: string,
): { readonly attemptId: AttemptId; readonly kind: ClaimKind } | undefined {
  const attemptId = parseId("attempt", `att_${txid.slice(0, 32)}`);
  const mark = txid.slice(32);
  const kind = (["cob", "cobv", "cobr"] as const).find((one) => marks[one] === mark);
  return attemptId && kind ? { attemptId, kind } : undefined;
}

/** The id of a devolução of ours: the digits of the refund's id. */
export const returnIdOf = (refund: RefundId): string => refund.slice(refund.indexOf("_") + 1);

/** Ours, when the devolução was asked for by us; `undefined` for one made in the bank's app or by the bank. */
export const refundIdIn = (returnId: string): RefundId | undefined => parseId("refund", `rfd_${returnId}`);

/** A devolução is only unique within its Pix, so both name it. */
export const refundReference = (endToEndId: string, returnId: string): string => `${endToEndId}.${returnId}`;

export function readRefundReference(
  reference: string,
): { readonly endToEndId: string; readonly returnId: string } | undefined {
  const [, endToEndId, returnId] = /^([A-Za-z0-9]{32})\.([A-Za-z0-9]{1,35})$/.exec(reference) ?? [];
  return endToEndId && returnId ? { endToEndId, returnId } : undefined;
}

/** Our name of a recurring gift as a contract number: at most 35 letters and digits, its prefix left out. */
export const contractOf = (reference: string): string =>
  reference
    .slice(reference.indexOf("_") + 1)
    .replaceAll(/[^A-Za-z0-9]/g, "")
    .slice(-35);
