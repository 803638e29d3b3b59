import type { FeeRule } from "../../src/gateway/manifest.ts";
import type { MethodType } from "../../src/gateway/methods.ts";
import type { CurrencyCode } from "../../src/kernel/currency.ts";
import { money } from "../../src/kernel/money.ts";

type Price = {
  readonly country: string;
  readonly methods: readonly MethodType[];
  /** In hundred-thousandths: 3490 is 3.49 %. */
  readonly percent: bigint;
  readonly fixed: readonly [bigint, CurrencyCode];
  readonly source: string;
};

const wallet = ["paypal", "card"] as const;
const unverified =
  "unverified: the country's price page could not be read on 2026-11-21, the figure is from memory";

/** One price for all the countries that are paid in dollars: PayPal's rate for receiving, with USD's fixed fee. */
const inDollars = ["ar", "cl", "co", "cr", "do", "ec", "gt", "pa", "pe"].map(
  (country): Price => ({
    country,
    methods: ["paypal"],
    percent: 5400n,
    fixed: [30n, "USD"],
    source: `PayPal merchant fees, 5.40 % + 0.30 USD; ${unverified}, and local tax on it is not in it`,
  }),
);

const euro = (country: string, percent: bigint, fixed: bigint): Price => ({
  country,
  methods: wallet,
  percent,
  fixed: [fixed, "EUR"],
  source: `PayPal merchant fees, commercial transactions of the European Economic Area; ${unverified}`,
});

const prices: readonly Price[] = [
  {
    country: "us",
    methods: ["paypal", "venmo"],
    percent: 3490n,
    fixed: [49n, "USD"],
    source: `paypal.com/us merchant fees, 3.49 % + 0.49 USD for PayPal and Venmo; ${unverified}. A confirmed charity pays 1.99 % + 0.49 USD, on application`,
  },
  {
    country: "us",
    methods: ["card"],
    percent: 2990n,
    fixed: [49n, "USD"],
    source: `paypal.com/us merchant fees, 2.99 % + 0.49 USD for standard card payments; ${unverified}`,
  },
  {
    // PayPal tells one fee, its VAT included: 3.95 % and 4.00 MXN, each with 16 % on top.
    country: "mx",
    methods: wallet,
    percent: 4582n,
    fixed: [464n, "MXN"],
    source:
      "paypal.com/mx merchant fees: 3.95 % for domestic commercial transactions and donations, and 4.00 MXN, both before 16 % VAT (a stored copy of the page, read 2026-11-21)",
  },
  {
    country: "br",
    methods: ["paypal"],
    percent: 4790n,
    fixed: [60n, "BRL"],
    source: `PayPal Brasil merchant fees, 4.79 % + 0.60 BRL; ${unverified}`,
  },
  {
    country: "ca",
    methods: wallet,
    percent: 2900n,
    fixed: [30n, "CAD"],
    source: `PayPal Canada merchant fees, 2.90 % + 0.30 CAD; ${unverified}`,
  },
  {
    country: "gb",
    methods: wallet,
    percent: 2900n,
    fixed: [30n, "GBP"],
    source: `PayPal UK merchant fees, 2.90 % + 0.30 GBP; ${unverified}. A charity pays less, on application`,
  },
  euro("es", 2900n, 35n),
  euro("pt", 3400n, 35n),
  euro("de", 2990n, 39n),
  ...inDollars,
];

/** List prices for payments within one country; a church's own price is what `captured.fee` says afterwards. */
export const paypalFees: readonly FeeRule[] = prices.map(({ country, methods, percent, fixed, source }) => ({
  country,
  methods,
  percent: { numerator: percent, scale: 5 },
  fixed: money(...fixed),
  source,
}));
