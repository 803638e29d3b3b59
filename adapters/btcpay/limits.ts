import type { CurrencyCode } from "../../src/kernel/currency.ts";
import { exponentOf } from "../../src/kernel/currency.ts";
import { type Money, money } from "../../src/kernel/money.ts";

/**
 * BTCPay itself sets no limits; these are ours. A `unit` is a round amount of the currency worth roughly one US
 * dollar, in whole currency. On the chain a gift below a few dollars is eaten by the network's fee (and below 546
 * satoshis is refused as dust); on Lightning a payment must fit through the church's channels.
 */
type Place = { readonly country: string; readonly currency: CurrencyCode; readonly unit: bigint };

export const places: readonly Place[] = [
  { country: "mx", currency: "MXN", unit: 20n },
  { country: "co", currency: "COP", unit: 4_000n },
  { country: "br", currency: "BRL", unit: 5n },
  { country: "ar", currency: "ARS", unit: 1_500n },
  { country: "us", currency: "USD", unit: 1n },
  { country: "cl", currency: "CLP", unit: 1_000n },
  { country: "pe", currency: "PEN", unit: 4n },
  { country: "uy", currency: "UYU", unit: 40n },
  { country: "py", currency: "PYG", unit: 8_000n },
  { country: "bo", currency: "BOB", unit: 7n },
  { country: "ec", currency: "USD", unit: 1n },
  { country: "cr", currency: "CRC", unit: 500n },
  { country: "gt", currency: "GTQ", unit: 8n },
  { country: "do", currency: "DOP", unit: 60n },
  { country: "pa", currency: "USD", unit: 1n },
  { country: "ca", currency: "CAD", unit: 1n },
  { country: "es", currency: "EUR", unit: 1n },
  { country: "pt", currency: "EUR", unit: 1n },
  { country: "gb", currency: "GBP", unit: 1n },
  { country: "de", currency: "EUR", unit: 1n },
  { country: "nl", currency: "EUR", unit: 1n },
  { country: "be", currency: "EUR", unit: 1n },
  { country: "at", currency: "EUR", unit: 1n },
  { country: "it", currency: "EUR", unit: 1n },
  { country: "fr", currency: "EUR", unit: 1n },
  { country: "ie", currency: "EUR", unit: 1n },
  { country: "ch", currency: "CHF", unit: 1n },
  { country: "pl", currency: "PLN", unit: 4n },
];

/** So many units in a place's currency. */
export const units = ({ currency, unit }: Place, count: bigint): Money =>
  money(count * unit * 10n ** BigInt(exponentOf(currency)), currency);
