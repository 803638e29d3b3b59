import type { CurrencyCode } from "../kernel/currency.ts";
import type { Money, Rate } from "../kernel/money.ts";
import type { DonorField, Localized } from "./country-profile.ts";
import type { MandateCadence } from "./mandate.ts";
import type { MethodKind, MethodType, Presentation } from "./methods.ts";

/** Facts about a gateway, as data. Nothing outside the adapter's folder knows more about it than this. */
export type GatewayManifest = {
  readonly id: string;
  readonly name: string;
  /** Countries (lower case) whose legal entities can hold an account. */
  readonly accountCountries: readonly string[];
  readonly amounts: AmountRules;
  readonly methods: readonly MethodCapability[];
  readonly fees: readonly FeeRule[];
  /** The gateway replays the first answer for a repeated idempotency key, so a lost send may be repeated. */
  readonly repeatsSafely: boolean;
  /** How long after a send a look-up by our own id can be believed when it finds nothing. */
  readonly lookupSettlesAfterMs: number;
  /**
   * Who tells us that money came: the gateway, or the church's own bank statement (then a look-up only repeats the
   * instructions, and an operator or a statement line confirms).
   */
  readonly confirmedBy: "gateway" | "statement";
  /** What the gateway has and a church may not use: never offered, kept so that the reason can be told. */
  readonly barred: readonly BarredMethod[];
  readonly documents: readonly string[];
};

export type BarredMethod = {
  /** The method's name as donors know it, e.g. `Bizum`. */
  readonly name: string;
  readonly countries: readonly string[];
  readonly why: Localized;
  readonly source: string;
};

/** How the gateway writes amounts where it differs from ISO 4217. */
export type AmountRules = {
  readonly zeroDecimal: readonly CurrencyCode[];
  /** Sent with two decimals that must be 00, though ISO has none. */
  readonly twoDecimalZeroed: readonly CurrencyCode[];
  /** Three-decimal currencies whose last digit must be 0. */
  readonly threeDecimalRounded: boolean;
  readonly maxDigits: number;
};

/** One method at this gateway, for accounts of the countries named. */
export type MethodCapability = {
  readonly type: MethodType;
  readonly kind: MethodKind;
  /** Where donors can pay so. */
  readonly countries: readonly string[];
  /** The account countries it works for; absent: only an account of the donor's own country. */
  readonly accounts?: readonly string[];
  readonly currencies: readonly CurrencyCode[];
  readonly presentations: readonly Presentation[];
  /**
   * Where tokens come from. `debit_account`: they are ids of donors' accounts that we hold sealed (`DebitFiles`).
   * `hosted_fields`: the gateway's fields in our own page make them (`BrowserSdk`). Absent: of the gateway's making.
   */
  readonly tokens?: "debit_account" | "hosted_fields";
  /** Donor fields the gateway itself insists on. */
  readonly requires: readonly DonorField[];
  readonly minimum: readonly Money[];
  readonly maximum: readonly Money[];
  readonly refunds: "partial" | "full" | "none";
  readonly refundWindowDays?: number;
  /** The gateway keeps an account per donor for this method: its name is stored and used again. */
  readonly remembersDonor?: true;
  /** Each donor can have a code of their own that never changes (`DonorCodes`). */
  readonly donorCode?: true;
  /** How long the donor has, in milliseconds. */
  readonly expiresAfterMs?: number;
  /** What a donor's standing permission for this method may be; absent: it reminds, and never pulls. */
  readonly mandate?: MandateTerms;
  /** Where refunded money goes when not back where it came from: the donor's balance at the gateway. */
  readonly refundsTo?: "gateway_balance";
  /** Whether a church may use it, as far as the gateway's own terms were read (facts: methods §0). */
  readonly churches: "allowed" | "approval_needed" | "not_stated";
  /** `high`: seen in the gateway's document or specification; `medium`: one indirect source; `low`: verify first. */
  readonly confidence: "high" | "medium" | "low";
};

/** The rules of a rail that pulls by itself. */
export type MandateTerms = {
  /** The rhythms it takes; `as_needed` takes any. */
  readonly cadences: readonly MandateCadence[];
  /** How a donor can be asked for the permission here. */
  readonly presentations: readonly Presentation[];
  /** A charge is sent so many calendar days before it is due: at least and at most. Zero where it is immediate. */
  readonly notice: { readonly leastDays: number; readonly mostDays: number };
  /** The day was fixed with the permission: another day or rhythm needs another one. */
  readonly fixedDay?: true;
  /** So was the amount of every charge. */
  readonly fixedAmount?: true;
  /** Tries of one due charge after the first, and the days they must lie in; the rail's own rule. */
  readonly retries?: { readonly most: number; readonly withinDays: number; readonly sameAmount: boolean };
  /** Where the rule stands. */
  readonly source: string;
};

/** What the gateway keeps: `percent` of the amount (at most `cap`) plus `fixed`, plus `taxOnFee` of that. */
export type FeeRule = {
  readonly country: string;
  readonly methods: readonly MethodType[];
  readonly percent: Rate;
  readonly fixed: Money;
  readonly cap?: Money;
  readonly taxOnFee?: Rate;
  /** Where the figure stands, and when it was read. */
  readonly source: string;
};
