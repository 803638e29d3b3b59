import type { SettlementLine } from "../../src/gateway/settlement.ts";
import type { CurrencyCode } from "../../src/kernel/currency.ts";
import { add, equals, isPositive, isZero, type Money, subtract, sum, zero } from "../../src/kernel/money.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { type ReportRow, reportAmount, reportInstant } from "./report-lines.ts";

/** What the release report (available money) tells beyond the account balance report. */
export type Released = {
  /** Payouts, and what belongs to no payment, in the report's order. */
  readonly lines: readonly SettlementLine[];
  /** When the money of a payment became available, by the payment's id. */
  readonly availableSince: ReadonlyMap<string, Date>;
};

/** Why a report is refused as a whole: a column that cannot be read, by its row, or sums of its own that differ. */
export type Unreadable = { readonly reason: "unreadable" | "sums_differ"; readonly place: string };

/** `RECORD_TYPE`: what moves the available balance, what the balance was, and what the report says of its own sums. */
const recordTypes = {
  initial_available_balance: "opening",
  release: "movement",
  block: "movement",
  unblock: "movement",
  subtotal: "subtotal",
  total: "total",
  // Before and after a withdrawal: "purely informational … not to be considered for proof of balance".
  available_balance: "remark",
  // A restriction on the whole account; it stands in none of the documented sums.
  fullblock: "remark",
} as const;
type RecordType = keyof typeof recordTypes;

/**
 * `DESCRIPTION` of money that the account balance report tells of under its own types, or that only moves between
 * what is available and what is held. Reservations of every kind (`reserve_…`) come and go in pairs.
 */
const toldElsewhere: readonly string[] = [
  "payment",
  "refund",
  "chargeback",
  "dispute",
  "mediation",
  "mediation_cancel",
  "cashback",
  "shipping",
  "shipping_cancel",
  "shipping_return",
  "restriction",
  "judgment_bacen",
  "fraud",
];

function kindOf(description: string, moved: Money): SettlementLine["kind"] {
  if (description === "payout" || description === "withdrawal") {
    return isPositive(moved) ? "payout_failed" : "payout";
  }
  if (description.startsWith("tax_") || /^fee[_-]release_in_advance$/.test(description)) return "fee";
  return description.startsWith("asset_management_") ? "adjustment" : "other";
}

type Row = {
  readonly type: RecordType;
  readonly description: string;
  readonly moved: Money;
  readonly gross: Money;
  readonly balance: Money | undefined;
  /** Sums may stand without a date, movements never. */
  readonly at: Date | undefined;
  readonly sourceId: string;
};
type Movement = Row & { readonly at: Date };

/**
 * Reads the report whole or not at all (Mercado Pago Developers, Releases report: use and glossary). A description
 * nobody knows is told as `other` under its own word, for a person; a record type nobody knows refuses the report,
 * since it may be money and no sum could be trusted.
 */
export function readReleases(
  rows: readonly ReportRow[],
  currency: CurrencyCode,
): Result<Released, Unreadable> {
  const read: Row[] = [];
  for (const [i, raw] of rows.entries()) {
    const row = rowOf(raw, currency);
    if (!row.ok)
      return err({ reason: "unreadable", place: `row ${i + 1} of the release report at ${row.error}` });
    read.push(row.value);
  }
  const differs = sumThatDiffers(read, currency);
  if (differs !== undefined) return err({ reason: "sums_differ", place: differs });
  const released = read.filter((row): row is Movement => row.type === "release" && row.at !== undefined);
  const availableSince = new Map<string, Date>();
  for (const { description, moved, sourceId, at } of released) {
    const before = availableSince.get(sourceId);
    if (description !== "payment" || sourceId === "" || !isPositive(moved)) continue;
    if (!before || before < at) availableSince.set(sourceId, at);
  }
  const own = released.filter(
    ({ description, moved }) =>
      !isZero(moved) && !toldElsewhere.includes(description) && !description.startsWith("reserve_"),
  );
  return ok({ lines: own.map(lineOf), availableSince });
}

/** `Err` names the column. Accounts choose their columns; without one of these there is nothing to be read. */
function rowOf(row: ReportRow, currency: CurrencyCode): Result<Row, string> {
  const type = (row.RECORD_TYPE ?? "").trim().toLowerCase();
  if (!isRecordType(type)) return err("RECORD_TYPE");
  if (row.DESCRIPTION === undefined) return err("DESCRIPTION");
  const amount = (column: string): Money | undefined =>
    row[column]?.trim() === "" ? zero(currency) : reportAmount(row[column] ?? "", currency);
  const credit = amount("NET_CREDIT_AMOUNT");
  if (!credit) return err("NET_CREDIT_AMOUNT");
  const debit = amount("NET_DEBIT_AMOUNT");
  if (!debit) return err("NET_DEBIT_AMOUNT");
  const at = reportInstant(row.DATE);
  if (!at && recordTypes[type] === "movement") return err("DATE");
  if (row.CURRENCY?.trim() && row.CURRENCY.trim() !== currency) return err("CURRENCY");
  const moved = subtract(credit, debit);
  const gross = row.GROSS_AMOUNT?.trim() ? amount("GROSS_AMOUNT") : moved;
  if (!gross) return err("GROSS_AMOUNT");
  const balance = row.BALANCE_AMOUNT?.trim() ? amount("BALANCE_AMOUNT") : undefined;
  if (row.BALANCE_AMOUNT?.trim() && !balance) return err("BALANCE_AMOUNT");
  const description = row.DESCRIPTION.trim().toLowerCase();
  const sourceId = (row.SOURCE_ID ?? "").trim();
  return ok({ type, description, moved, gross, balance, at, sourceId });
}

const isRecordType = (word: string): word is RecordType => Object.hasOwn(recordTypes, word);

/**
 * The first of the report's own sums that does not hold, by its name: each subtotal is the sum of its rows, the total
 * the sum of all, and the balance after the last row what was there before and all that moved. Documents and files
 * disagree whether what was there before counts as released: either is taken.
 */
function sumThatDiffers(rows: readonly Row[], currency: CurrencyCode): string | undefined {
  const all = (of: (row: Row) => boolean) =>
    sum(
      rows.filter(of).map(({ moved }) => moved),
      currency,
    );
  const opening = all(({ type }) => recordTypes[type] === "opening");
  const moved = all(({ type }) => recordTypes[type] === "movement");
  const holds = (said: Money, total: Money, withOpening = true) =>
    equals(said, total) || (withOpening && equals(said, add(total, opening)));
  for (const { type, description, moved: said } of rows) {
    if (recordTypes[type] === "total" && !holds(said, moved)) return "total";
    if (recordTypes[type] !== "subtotal") continue;
    const part = all((row) => recordTypes[row.type] === "movement" && row.type === description);
    if (!holds(said, part, description === "release")) return `subtotal of ${description}`;
  }
  const last = rows.findLast(({ type }) => recordTypes[type] === "movement");
  return last?.balance && !equals(last.balance, add(opening, moved)) ? "BALANCE_AMOUNT" : undefined;
}

/** The fee is what the row kept beyond its gross amount, e.g. for a withdrawal. */
function lineOf({ description, moved, gross, at, sourceId }: Movement): SettlementLine {
  return {
    gatewayLineId: `release.${description}.${sourceId}.${at.toISOString()}`,
    kind: kindOf(description, moved),
    rawType: `release.${description}`,
    gross,
    fee: { amount: subtract(gross, moved), tax: zero(moved.currency) },
    net: moved,
    ...(sourceId === "" ? {} : { sourceId }),
    occurredAt: at,
    availableOn: at,
  };
}
