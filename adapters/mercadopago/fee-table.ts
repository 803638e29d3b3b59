import type { FeeRule } from "../../src/gateway/manifest.ts";
import type { MethodType } from "../../src/gateway/methods.ts";
import { money, type Rate } from "../../src/kernel/money.ts";
import { capabilities } from "./capabilities.ts";

type Price = Pick<FeeRule, "percent" | "fixed" | "taxOnFee" | "source">;

/** `hundredths(349)` is 3.49 %. */
const hundredths = (n: bigint): Rate => ({ numerator: n, scale: 4 });
const percent = (n: bigint): Rate => ({ numerator: n, scale: 2 });

const unread = "Mercado Pago shows prices only to the account that asks";

/** What everything costs in a country unless {@link apart} says otherwise: money at once, one instalment. */
const usual: Readonly<Record<string, Price>> = {
  mx: {
    percent: hundredths(349n),
    fixed: money(400n, "MXN"),
    taxOnFee: percent(16n),
    source: `3.49 % + 4.00 MXN + IVA, as a public integrator's help page quotes it (read 2026-11-21); unverified: ${unread}`,
  },
  co: {
    percent: hundredths(329n),
    fixed: money(80_000n, "COP"),
    taxOnFee: percent(19n),
    source: `3.29 % + 800 COP + IVA, as a public page of 2019 quotes it (read 2026-11-21); unverified: ${unread}`,
  },
  ar: {
    percent: hundredths(599n),
    fixed: money(0n, "ARS"),
    taxOnFee: percent(21n),
    source: `5.99 % + IVA at once, Mercado Libre's page for sellers in Argentina (read 2026-11-21, undated); withheld provincial taxes come on top; unverified: ${unread}`,
  },
  br: {
    percent: hundredths(498n),
    fixed: money(0n, "BRL"),
    source: `4.98 % at once, from memory; a help page of Mercado Pago Brasil says 4.74 % for cards in person (read 2026-11-21); unverified: ${unread}`,
  },
  cl: {
    percent: hundredths(319n),
    fixed: money(0n, "CLP"),
    taxOnFee: percent(19n),
    source: `3.19 % + IVA at once, from memory; unverified on 2026-11-21: ${unread}`,
  },
  pe: {
    percent: hundredths(399n),
    fixed: money(100n, "PEN"),
    taxOnFee: percent(18n),
    source: `3.99 % + 1.00 PEN + IGV at once, from memory; unverified on 2026-11-21: ${unread}`,
  },
  uy: {
    percent: hundredths(523n),
    fixed: money(0n, "UYU"),
    taxOnFee: percent(22n),
    source: `5.23 % + IVA at once, from memory; unverified on 2026-11-21: ${unread}`,
  },
};

const apart: Readonly<Partial<Record<MethodType, Price>>> = {
  pix: {
    percent: hundredths(99n),
    fixed: money(0n, "BRL"),
    source: `Pix 0.99 %, from memory; unverified on 2026-11-21: ${unread}`,
  },
  boleto: {
    percent: percent(0n),
    fixed: money(349n, "BRL"),
    source: `Boleto 3.49 BRL each, from memory; unverified on 2026-11-21: ${unread}`,
  },
  loterica: {
    percent: percent(0n),
    fixed: money(349n, "BRL"),
    source: `Lotérica priced as a boleto, 3.49 BRL each, from memory; unverified on 2026-11-21: ${unread}`,
  },
};

/**
 * List prices, for quoting only: what was really kept is what each payment says afterwards. One rule per method and
 * country, grouped where the price is the same.
 */
export const mercadoPagoFees: readonly FeeRule[] = Object.entries(usual).flatMap(([country, price]) => {
  const here = [
    ...new Set(capabilities.filter((one) => one.countries.includes(country)).map((one) => one.type)),
  ];
  const own = here.flatMap((type) => {
    const special = apart[type];
    return special ? [{ ...special, country, methods: [type] }] : [];
  });
  const shared = here.filter((type) => apart[type] === undefined);
  return [{ ...price, country, methods: shared }, ...own];
});
