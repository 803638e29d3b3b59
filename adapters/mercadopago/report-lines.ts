import type { SettlementLine } from "../../src/gateway/settlement.ts";
import type { CurrencyCode } from "../../src/kernel/currency.ts";
import { isZero, type Money, negate, subtract, zero } from "../../src/kernel/money.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { readDecimal } from "./amounts.ts";

/** One line of a report by its column names, as the CSV reader gives it. */
export type ReportRow = Readonly<Record<string, string>>;

type Kind = SettlementLine["kind"];

/**
 * `TRANSACTION_TYPE` of the account balance report (Mercado Pago Developers, Account balance: use and glossary). The
 * glossary says `…_CANCEL`, other pages `…_CANCELLATION`, and files of accounts have `PAYOUTS`.
 */
const kinds: Readonly<Record<string, Kind>> = {
  SETTLEMENT: "capture",
  REFUND: "refund",
  REFUND_CANCEL: "refund_failed",
  REFUND_CANCELLATION: "refund_failed",
  CHARGEBACK: "dispute",
  DISPUTE: "dispute",
  CHARGEBACK_CANCEL: "dispute_reversal",
  CHARGEBACK_CANCELLATION: "dispute_reversal",
  DISPUTE_CANCEL: "dispute_reversal",
  DISPUTE_CANCELLATION: "dispute_reversal",
  WITHDRAWAL: "payout",
  PAYOUT: "payout",
  PAYOUTS: "payout",
  WITHDRAWAL_CANCEL: "payout_failed",
  WITHDRAWAL_CANCELLATION: "payout_failed",
  CASHBACK: "adjustment",
  TAX: "fee",
  FEE: "fee",
};

const kindOf = (rawType: string): Kind =>
  Object.hasOwn(kinds, rawType) ? (kinds[rawType] ?? "other") : "other";

/**
 * Amounts of a report are written in the account's own way: a point or a comma before the decimals, the other or
 * nothing between thousands. With one mark only, three digits after it are thousands where the currency has no
 * decimals, and cannot be told where it has two: then the row is refused rather than guessed at.
 */
export function reportAmount(text: string, currency: CurrencyCode): Money | undefined {
  const plain = text.trim();
  const marks = plain.replace(/[^.,]/g, "");
  if (marks === "") return readDecimal(plain, currency);
  const last = marks.at(-1) ?? "";
  const thousands = /^-?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*$/.test(plain);
  if (marks.length === 1 && thousands) {
    return zero(currency).minor === 0n && currency === "CLP"
      ? readDecimal(plain.replaceAll(last, ""), currency)
      : undefined;
  }
  if (thousands) return readDecimal(plain.replaceAll(last, ""), currency);
  const grouped = new RegExp(`^-?\\d{1,3}(?:\\${last === "." ? "," : "."}\\d{3})*\\${last}\\d+$`);
  const simple = new RegExp(`^-?\\d+\\${last}\\d+$`);
  if (!grouped.test(plain) && !simple.test(plain)) return undefined;
  const other = last === "." ? "," : ".";
  return readDecimal(plain.replaceAll(other, "").replace(last, "."), currency);
}

/**
 * A row as a settlement line. `Err` names the column that cannot be read. The fee is what the row says was kept,
 * else what gross and net leave; taxes stand in it and are not told apart. Withdrawals have no id but their own.
 */
export function lineOf(row: ReportRow, currency: CurrencyCode): Result<SettlementLine, string> {
  const rawType = (row.TRANSACTION_TYPE ?? "").trim();
  if (rawType === "") return err("TRANSACTION_TYPE");
  const stated = (row.SETTLEMENT_CURRENCY || row.TRANSACTION_CURRENCY || currency).trim();
  if (stated !== currency) return err("SETTLEMENT_CURRENCY");
  const net = reportAmount(row.SETTLEMENT_NET_AMOUNT ?? "", currency);
  if (!net) return err("SETTLEMENT_NET_AMOUNT");
  const toldFee = row.FEE_AMOUNT ? reportAmount(row.FEE_AMOUNT, currency) : undefined;
  if (row.FEE_AMOUNT && !toldFee) return err("FEE_AMOUNT");
  const gross = row.TRANSACTION_AMOUNT
    ? reportAmount(row.TRANSACTION_AMOUNT, currency)
    : subtract(net, negate(toldFee ? positive(toldFee) : zero(currency)));
  if (!gross) return err("TRANSACTION_AMOUNT");
  const booked = reportInstant(row.TRANSACTION_DATE) ?? reportInstant(row.SETTLEMENT_DATE);
  if (!booked) return err("TRANSACTION_DATE");
  const sourceId = (row.SOURCE_ID ?? "").trim();
  return ok({
    gatewayLineId: `${rawType}.${sourceId}.${booked.toISOString()}`,
    kind: kindOf(rawType),
    rawType,
    gross,
    fee: { amount: subtract(gross, net), tax: zero(currency) },
    net,
    ...(sourceId === "" ? {} : { sourceId }),
    occurredAt: booked,
    availableOn: reportInstant(row.MONEY_RELEASE_DATE) ?? reportInstant(row.SETTLEMENT_DATE) ?? booked,
  });
}

/** Reports write the fee as what it does to the balance. */
const positive = (fee: Money): Money => (isZero(fee) || fee.minor > 0n ? fee : negate(fee));

/**
 * An instant as reports write it. One without an offset is in the zone reports have unless the account chose another,
 * GMT-04 (Mercado Pago Developers, Generate report), never in this machine's.
 */
export function reportInstant(text: string | undefined): Date | undefined {
  const unzoned = text !== undefined && /[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/.test(text);
  const at = text ? Date.parse(unzoned ? `${text}-04:00` : text) : Number.NaN;
  return Number.isNaN(at) ? undefined : new Date(at);
}
