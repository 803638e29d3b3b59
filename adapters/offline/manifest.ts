import type { GatewayManifest, MethodCapability } from "../../src/gateway/manifest.ts";
import type { MethodType } from "../../src/gateway/methods.ts";
import { type CurrencyCode, currencyCodes } from "../../src/kernel/currency.ts";
import { money } from "../../src/kernel/money.ts";

/** Hands take any money, and more of it than any gateway: the limit only keeps a slip of the pen out. */
const most = 100_000_000_000n;
const each = (minor: bigint) => currencyCodes.map((currency: CurrencyCode) => money(minor, currency));

const countries = [
  ...["mx", "co", "br", "ar", "us", "cl", "pe", "uy", "py", "bo"],
  ...["ec", "cr", "gt", "do", "pa", "ca", "es", "pt", "gb", "de"],
] as const;

const capability = (type: MethodType): MethodCapability => ({
  type,
  kind: "in_person",
  countries,
  currencies: currencyCodes,
  presentations: ["instructions"],
  requires: [],
  minimum: each(1n),
  maximum: each(most),
  // Nobody can be told to give cash back by a machine: a person pays, after two have agreed.
  refunds: "none",
  churches: "allowed",
  confidence: "high",
});

/** What is handed over in person, entered by those who counted it (facts: giving, cash and cheque entry). */
export const offlineManifest: GatewayManifest = {
  id: "offline",
  name: "Counted by hand",
  accountCountries: countries,
  amounts: { zeroDecimal: [], twoDecimalZeroed: [], threeDecimalRounded: false, maxDigits: 12 },
  methods: [capability("cash"), capability("cheque"), capability("card_terminal"), capability("in_kind")],
  fees: [],
  repeatsSafely: true,
  lookupSettlesAfterMs: 0,
  confirmedBy: "statement",
  barred: [],
  documents: ["facts: giving, cash and cheque entry"],
};
