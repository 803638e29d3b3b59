import { exponentOf, isCurrency } from "../../../src/kernel/currency.ts";
import type { AccountCurrency } from "./accounts.ts";
import { invalid } from "./refusal.ts";

/** Hundredths of each currency for one dollar: round figures that never move, so that tests can be read. */
const perDollar: Readonly<Record<string, bigint>> = {
  usd: 100n,
  mxn: 1800n,
  brl: 550n,
  cad: 140n,
  eur: 90n,
  gbp: 80n,
  cop: 400_000n,
  clp: 95_000n,
  pen: 370n,
  uyu: 4000n,
  ars: 140_000n,
  gtq: 770n,
  crc: 51_000n,
  dop: 6200n,
  pyg: 750_000n,
  bob: 690n,
};

/**
 * An amount of Stripe's in the minor units of what an account settles in, at the simulator's own rate, rounded
 * half away from zero. Currencies of ISO exponents only, as every one in the table.
 */
export function inCurrency(amount: number, from: string, to: AccountCurrency): number {
  if (from === to) return amount;
  const scaled = BigInt(amount) * rateOf(to) * 10n ** BigInt(exponent(to));
  const unit = rateOf(from) * 10n ** BigInt(exponent(from));
  const half = scaled < 0n ? -unit / 2n : unit / 2n;
  return Number((scaled + half) / unit);
}

/** Units of `to` for one of `from`, as Stripe shows it on a balance line. */
export const exchangeRate = (from: string, to: AccountCurrency): number =>
  Number((rateOf(to) * 1_000_000n) / rateOf(from)) / 1_000_000;

function rateOf(currency: string): bigint {
  const rate = perDollar[currency];
  if (rate === undefined) {
    throw invalid(`This simulator has no rate for ${currency}; it presents the currencies that are served.`, {
      param: "currency",
    });
  }
  return rate;
}

function exponent(currency: string): number {
  const code = currency.toUpperCase();
  return isCurrency(code) ? exponentOf(code) : 2;
}
