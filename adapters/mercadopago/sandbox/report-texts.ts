import type { CurrencyCode } from "../../../src/kernel/currency.ts";
import {
  add,
  decimalText,
  isPositive,
  type Money,
  money,
  negate,
  subtract,
} from "../../../src/kernel/money.ts";
import type { Books, Entry } from "./books.ts";
import { written } from "./payment-shape.ts";

/** From the first instant to before the second. */
export type ReportSpan = { readonly from: Date; readonly to: Date };

/** The account balance report, set up to have withdrawals in it. */
export function settlementText({ balance }: Books, { from, to }: ReportSpan): string {
  const heading =
    "EXTERNAL_REFERENCE;SOURCE_ID;TRANSACTION_TYPE;TRANSACTION_AMOUNT;TRANSACTION_CURRENCY;TRANSACTION_DATE;FEE_AMOUNT;SETTLEMENT_NET_AMOUNT;SETTLEMENT_CURRENCY;SETTLEMENT_DATE";
  const rows = balance
    .filter(({ at }) => at >= from && at < to)
    .map(({ at, source, reference, word, gross, net }) => [
      cell(reference),
      source,
      word,
      decimalText(gross),
      gross.currency,
      written(at),
      decimalText(subtract(net, gross)),
      decimalText(net),
      net.currency,
      written(at),
    ]);
  return [heading, ...rows.map((row) => row.join(";")), ""].join("\n");
}

/**
 * The release report: what was at hand before, every movement with the balance after it, and at the end the balance
 * as the total, which has no date, as files of accounts have it.
 */
export function releaseText({ release }: Books, { from, to }: ReportSpan, currency: CurrencyCode): string {
  const heading =
    "DATE;SOURCE_ID;EXTERNAL_REFERENCE;RECORD_TYPE;DESCRIPTION;NET_CREDIT_AMOUNT;NET_DEBIT_AMOUNT;GROSS_AMOUNT;MP_FEE_AMOUNT;BALANCE_AMOUNT";
  const none = money(0n, currency);
  const netOf = (entries: readonly Entry[]) => entries.reduce((total, { net }) => add(total, net), none);
  const opening = netOf(release.filter(({ at }) => at < from));
  let balance = opening;
  const rows = release
    .filter(({ at }) => at >= from && at < to)
    .map(({ at, source, reference, word, gross, net }) => {
      balance = add(balance, net);
      const fee = subtract(net, gross);
      return [written(at), source, cell(reference), "release", word, ...sides(net), gross, fee, balance];
    });
  const all = [
    [written(from), "", "", "initial_available_balance", "", ...sides(opening), opening, none, opening],
    ...rows,
    ["", "", "", "total", "", ...sides(balance), balance, none, ""],
  ];
  const text = all.map((row) =>
    row.map((value) => (typeof value === "string" ? value : decimalText(value))).join(";"),
  );
  return [heading, ...text, ""].join("\n");
}

/** What comes stands in one column, what goes in another. */
function sides(amount: Money): readonly [Money, Money] {
  const none = money(0n, amount.currency);
  return isPositive(amount) ? [amount, none] : [none, negate(amount)];
}

const cell = (text: string): string => (/[;"\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
