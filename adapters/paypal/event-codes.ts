import type { SettlementLine } from "../../src/gateway/settlement.ts";

type Kind = SettlementLine["kind"];

/** A code for money that came in; the same code with a negative amount is money the church sent somewhere. */
type Meaning = Kind | "payment";

/**
 * Transaction event codes (PayPal docs "Transaction event codes"; the Transaction Search v1 specification only
 * points there). The first three characters are the group, used for a code of it that has no line of its own;
 * codes of a group nobody knows are `other`, with the code kept in `rawType`.
 */
const groups: Readonly<Record<string, Meaning>> = {
  T00: "payment",
  T01: "fee",
  T02: "adjustment",
  T03: "other",
  T04: "payout",
  T05: "other",
  T06: "other",
  T07: "other",
  T08: "other",
  T09: "other",
  T10: "other",
  T11: "refund",
  T12: "adjustment",
  T13: "other",
  T14: "other",
  T15: "other",
  T16: "other",
  T17: "payout",
  T18: "other",
  T19: "adjustment",
  T20: "other",
  T21: "other",
  T22: "other",
  T30: "payment",
  T50: "other",
  T97: "other",
  T98: "other",
  T99: "other",
};

const codes: Readonly<Record<string, Meaning>> = {
  // Mass payments and postage go out; what comes in by them is no gift of ours.
  T0001: "other",
  T0008: "other",
  T0015: "other",
  T0016: "other",
  T0017: "other",
  T0106: "fee",
  T1100: "refund",
  T1101: "payout_failed",
  T1102: "other",
  T1103: "other",
  T1104: "other",
  T1105: "other",
  // Taken back by PayPal: a claim that was lost, or a bank that returned the money.
  T1106: "dispute",
  T1107: "refund",
  T1108: "fee",
  T1109: "fee",
  T1110: "dispute",
  T1111: "dispute_reversal",
  T1112: "other",
  T1113: "refund",
  T1114: "payout_failed",
  T1115: "other",
  T1116: "dispute",
  T1117: "other",
  T1118: "refund",
  T1119: "refund",
  T1201: "dispute",
  T1202: "dispute_reversal",
  T1205: "dispute_reversal",
  T1207: "dispute",
  T1208: "dispute_reversal",
};

const byCode: ReadonlyMap<string, Meaning> = new Map(Object.entries(codes));
const byGroup: ReadonlyMap<string, Meaning> = new Map(Object.entries(groups));

/** Which kind of settlement line a booking is. `comesIn`: its amount is positive. */
export function lineKind(code: string, comesIn: boolean): Kind {
  const meaning = byCode.get(code) ?? byGroup.get(code.slice(0, 3)) ?? "other";
  if (meaning === "payment") return comesIn ? "capture" : "other";
  // A refund that comes back in is one that failed.
  if (meaning === "refund" && comesIn) return "refund_failed";
  return meaning;
}

/** Whether the line is about another booking, which `paypal_reference_id` then names. */
export const isAboutAnother = (kind: Kind): boolean => kind === "dispute" || kind === "dispute_reversal";
