import { type CurrencyCode, exponentOf } from "../../../src/kernel/currency.ts";
import { type Money, money } from "../../../src/kernel/money.ts";
import { newHash } from "./accounts.ts";

/**
 * What one bitcoin costs at this server, in whole currency: made up, round, and never moving, so that every test and
 * every visitor can follow the sums.
 */
const rates: Partial<Record<CurrencyCode, bigint>> = {
  USD: 80_000n,
  EUR: 74_000n,
  GBP: 63_000n,
  CHF: 70_000n,
  CAD: 112_000n,
  PLN: 320_000n,
  MXN: 1_500_000n,
  BRL: 430_000n,
  COP: 320_000_000n,
  ARS: 110_000_000n,
  CLP: 76_000_000n,
  PEN: 300_000n,
  UYU: 3_200_000n,
  PYG: 600_000_000n,
  BOB: 550_000n,
  CRC: 41_000_000n,
  GTQ: 620_000n,
  DOP: 4_800_000n,
};

/** One bitcoin in a currency; `undefined` where the server has no rate for it. */
export const rateOf = (currency: CurrencyCode): bigint | undefined => rates[currency];

const satsPerCoin = 100_000_000n;

/** The price in satoshis, rounded up as BTCPay rounds. */
export function priceInSats(price: Money, rate: bigint): bigint {
  const perCoin = rate * 10n ** BigInt(exponentOf(price.currency));
  return (price.minor * satsPerCoin + perCoin - 1n) / perCoin;
}

/** What satoshis are worth, rounded half up. */
export function worthOfSats(sats: bigint, rate: bigint, currency: CurrencyCode): Money {
  const perCoin = rate * 10n ** BigInt(exponentOf(currency));
  return money((sats * perCoin + satsPerCoin / 2n) / satsPerCoin, currency);
}

/** Satoshis as BTCPay writes coins: `7765` is "0.00007765". */
export function coinText(sats: bigint): string {
  const size = (sats < 0n ? -sats : sats).toString().padStart(9, "0");
  const text = `${size.slice(0, -8)}.${size.slice(-8)}`.replace(/\.?0+$/, "");
  return sats < 0n ? `-${text}` : text;
}

/** A regtest address, in form only. */
export const newAddress = (): string => `bcrt1q${newHash().slice(0, 38)}`;
/** A regtest Lightning invoice for the amount, in form only. */
export const newBolt11 = (sats: bigint): string => `lnbcrt${sats * 10n}n1p${newHash()}`;
