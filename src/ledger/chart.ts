/**
 * The chart of accounts, as data (facts: intelligence, chart of accounts). Every church has the same one; an
 * account of it comes to life per legal entity, currency and, where `dimension` says so, per fund or gateway
 * account, with its first posting.
 *
 * `mayGoNegative` false is a limit the database keeps: the balance never passes zero to the other side. It is
 * for accounts where that could only be our error. Accounts that events of a gateway may reach in any order
 * (a refund ahead of the capture's fee, a transfer applied ahead of the news of it) are not limited: their sign
 * is a finding for reconciliation, not a reason to lose the event.
 *
 * `shards` over 1 marks the busy accounts: that many balance rows share the account, so that writers seldom
 * wait for each other. A limited account cannot be shared.
 */
export type ChartLine = {
  readonly name: string;
  readonly normalSide: "debit" | "credit";
  readonly mayGoNegative: boolean;
  readonly dimension: "none" | "fund" | "gateway_account";
  readonly shards: number;
};

/** How many rows share a busy account: measured, more gains nothing for 16 writers on a small machine. */
const busy = 8;

const line = (
  name: string,
  normalSide: ChartLine["normalSide"],
  dimension: ChartLine["dimension"],
  limit: "limited" | "free" | "busy",
): ChartLine => ({
  name,
  normalSide,
  dimension,
  mayGoNegative: limit !== "limited",
  shards: limit === "busy" ? busy : 1,
});

export const chart = {
  "1010": line("Bank", "debit", "none", "free"),
  "1020": line("Cash vouchers in transit", "debit", "gateway_account", "limited"),
  "1100": line("Gateway receivable, pending", "debit", "gateway_account", "busy"),
  "1110": line("Gateway balance, available", "debit", "gateway_account", "busy"),
  "1120": line("Gateway reserve and dispute hold", "debit", "gateway_account", "limited"),
  "1190": line("Payouts in transit", "debit", "gateway_account", "limited"),
  "1300": line("Gifts in kind", "debit", "none", "free"),
  "1900": line("Suspense, debit", "debit", "none", "free"),
  "2100": line("Refunds payable", "credit", "none", "limited"),
  "2200": line("Gifts held for others", "credit", "fund", "limited"),
  "2300": line("Platform fee payable", "credit", "none", "limited"),
  "2900": line("Suspense, credit: unidentified receipts", "credit", "gateway_account", "free"),
  "3100": line("Net assets, unrestricted", "credit", "none", "free"),
  "3200": line("Net assets, donor-restricted", "credit", "fund", "limited"),
  "4100": line("Gifts, unrestricted", "credit", "fund", "busy"),
  "4200": line("Gifts, restricted", "credit", "fund", "busy"),
  "4300": line("Fees covered by donors", "credit", "none", "busy"),
  "4900": line("Gifts refunded", "debit", "fund", "limited"),
  "5100": line("Gateway fees", "debit", "gateway_account", "busy"),
  "5110": line("Tax on gateway fees", "debit", "gateway_account", "busy"),
  "5120": line("Losses from disputes", "debit", "gateway_account", "limited"),
  "5130": line("Dispute fees", "debit", "gateway_account", "limited"),
  "5200": line("Platform fees", "debit", "none", "free"),
  "7100": line("Currency differences, realised", "debit", "none", "free"),
  "7110": line("Currency differences, unrealised", "debit", "none", "free"),
  "7190": line("Rounding", "debit", "none", "free"),
} as const satisfies Readonly<Record<string, ChartLine>>;

export type AccountCode = keyof typeof chart;

/** Whether `text` is a code of the chart. */
export function isAccountCode(text: string): text is AccountCode {
  return Object.hasOwn(chart, text);
}
