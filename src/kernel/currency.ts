import * as iso from "dinero.js/bigint/currencies";

/**
 * The only exponent table: ISO 4217 list one, as dinero.js ships it. Funds codes and units of account that no
 * donor can pay in (CHE, CLF, UYI …) stay in: an exponent is a fact of the currency, what is offered is a fact
 * of the country. Ariary and ouguiya have fifths in law but two decimals in ISO 4217, and gateways follow ISO.
 */
export type CurrencyCode = keyof typeof iso;

const exponents: ReadonlyMap<string, number> = new Map(
  Object.values(iso).map((c) => [c.code, c.base === 10n ? Number(c.exponent) : 2]),
);

/** Whether `code` is a current ISO 4217 alphabetic code (upper case). */
export function isCurrency(code: string): code is CurrencyCode {
  return exponents.has(code);
}

/** How many decimals the currency has: 2 for MXN, 0 for CLP, 3 for KWD. */
export function exponentOf(code: CurrencyCode): number {
  return exponents.get(code) ?? 2;
}

export const currencyCodes: readonly CurrencyCode[] = [...exponents.keys()].filter(isCurrency);
