import { type AttemptId, type DonorId, parseId, type RefundId, toId } from "../../src/kernel/ids.ts";

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

/** A Pix by itself is named as the payment system names it; a txid of ours is in lower case and cannot be taken for one. */
export const isEndToEndId = (id: string): boolean => /^E[0-9A-Za-z]{31}$/.test(id);

/** Where a payment of ours is kept: a claim, or (paid by a donor's own code) a Pix that no claim asked for. */
export type PaymentKind = ClaimKind | "pix";
export const kindOf = (gatewayPaymentId: string): PaymentKind =>
  isEndToEndId(gatewayPaymentId) ? "pix" : (readTxid(gatewayPaymentId)?.kind ?? "cob");

/** Letters and digits in the txid of a static code, at most (Manual do BR Code, tag 62-05). */
const staticTxid = 25;

/** The txid of a donor's own static code: the 128 bits of their id, written with letters and digits in 25 places. */
export const donorTxidOf = (donor: DonorId): string =>
  BigInt(`0x${donor.slice(donor.indexOf("_") + 1)}`)
    .toString(36)
    .toUpperCase()
    .padStart(staticTxid, "0");

/** Whose static code a txid is; `undefined` for all that is no donor's. Banks may change the case of its letters. */
export function readDonorTxid(txid: string): DonorId | undefined {
  if (!/^[0-9A-Za-z]{25}$/.test(txid)) return undefined;
  let bits = 0n;
  for (const digit of txid) bits = bits * 36n + BigInt(Number.parseInt(digit, 36));
  const hex = bits.toString(16).padStart(32, "0");
  // Ids are UUIDs of version 7 (RFC 9562): another system's txid hardly ever reads as one.
  return /^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/.test(hex) ? toId("donor", hex) : undefined;
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
