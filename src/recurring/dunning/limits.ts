import { days, hours } from "../../kernel/clock.ts";
import { fieldProblem, type Problem } from "../../kernel/problem.ts";
import { err, ok, type Result } from "../../kernel/result.ts";
import type { Rail } from "./rails.ts";

/**
 * How often may be asked again. `retries` are tries after the first. `per`: those of one occurrence, or all under one
 * saved instrument, whoever's gift they were for.
 */
export type Limit = {
  readonly id: string;
  readonly rail: Rail;
  /** Absent: every network of the rail. */
  readonly network?: string;
  /** ISO country the rule is for; such a row stands in the place of the one without. */
  readonly country?: string;
  readonly per: "occurrence" | "instrument";
  readonly retries: number;
  readonly withinMs: number;
  readonly source: string;
};

const read = "facts: intelligence §4, network limits";
const period = days(400);

/** The networks' and schemes' own limits. A row of ours lies below each (see the tests). */
export const networkLimits: readonly Limit[] = [
  {
    id: "visa_30_days",
    rail: "card",
    network: "visa",
    per: "instrument",
    retries: 15,
    withinMs: days(30),
    source: read,
  },
  {
    id: "visa_30_days_br",
    rail: "card",
    network: "visa",
    country: "br",
    per: "instrument",
    retries: 20,
    withinMs: days(30),
    source: `${read} (Cielo from 25 May 2025)`,
  },
  {
    id: "mastercard_24_hours",
    rail: "card",
    network: "mastercard",
    per: "instrument",
    retries: 10,
    withinMs: hours(24),
    source: read,
  },
  {
    id: "mastercard_24_hours_br",
    rail: "card",
    network: "mastercard",
    country: "br",
    per: "instrument",
    retries: 7,
    withinMs: hours(24),
    source: `${read} (a fee from the 8th in Brazil)`,
  },
  {
    id: "mastercard_30_days",
    rail: "card",
    network: "mastercard",
    per: "instrument",
    retries: 35,
    withinMs: days(30),
    source: read,
  },
  {
    id: "ach_180_days",
    rail: "ach",
    per: "occurrence",
    retries: 2,
    withinMs: days(180),
    source: "Nacha: two re-presentments within 180 days, R01 and R09 only (facts: intelligence §4)",
  },
  {
    id: "sepa_period",
    rail: "sepa",
    per: "occurrence",
    retries: 2,
    withinMs: period,
    source: "ours: the rulebook names no number; two as for ACH",
  },
  {
    id: "bacs_period",
    rail: "bacs",
    per: "occurrence",
    retries: 1,
    withinMs: days(30),
    source: "Bacs: an unpaid debit may be presented again within a month [K]",
  },
  {
    id: "acss_period",
    rail: "acss",
    per: "occurrence",
    retries: 1,
    withinMs: days(30),
    source: "Payments Canada rule H1: once more within 30 days for missing funds [K]",
  },
  {
    id: "pix_7_days",
    rail: "pix_automatico",
    per: "occurrence",
    retries: 3,
    withinMs: days(7),
    source: "API Pix 2.9.0, politicaRetentativa PERMITE_3R_7D",
  },
];

/** What we allow ourselves, well below: a church may lower them, and raise none above its network's. */
export const ourLimits: readonly Limit[] = [
  {
    id: "retries_per_occurrence",
    rail: "card",
    per: "occurrence",
    retries: 4,
    withinMs: period,
    source: "ours: facts giving §4.3 (at most four card tries again per occurrence)",
  },
  {
    id: "retries_per_card_30_days",
    rail: "card",
    per: "instrument",
    retries: 8,
    withinMs: days(30),
    source: "ours: facts intelligence §4 (policy)",
  },
  {
    id: "retries_per_card_24_hours",
    rail: "card",
    per: "instrument",
    retries: 3,
    withinMs: hours(24),
    source: "ours: so that a technical failure cannot use up a day's allowance (Brazil charges from the 8th)",
  },
];

/** A church's own numbers, by the id of the limit. */
export type DunningOverrides = Readonly<Record<string, number>>;

/** Every limit that holds for a rail, a network and a country, with the church's numbers where it set lower ones. */
export function limitsFor(
  about: { readonly rail: Rail; readonly network: string | undefined; readonly country: string },
  overrides: DunningOverrides,
): readonly Limit[] {
  const fitting = [...networkLimits, ...ourLimits].filter(
    ({ rail, network, country }) =>
      rail === about.rail &&
      (network === undefined || network === about.network) &&
      (country === undefined || country === about.country),
  );
  const special = (limit: Limit) =>
    fitting.some((other) => other.country !== undefined && other.id === `${limit.id}_${other.country}`);
  return fitting
    .filter((limit) => limit.country !== undefined || !special(limit))
    .map((limit) => ({ ...limit, retries: Math.min(limit.retries, overrides[limit.id] ?? limit.retries) }));
}

/**
 * A church's numbers, if each is a limit there is and at or below it: ours and the networks' are lowered, never raised.
 */
export function checkOverrides(overrides: DunningOverrides): Result<DunningOverrides, Problem> {
  for (const [id, retries] of Object.entries(overrides)) {
    const limit = [...networkLimits, ...ourLimits].find((one) => one.id === id);
    const pointer = `/dunning/${id}`;
    if (!limit) {
      const known = [...networkLimits, ...ourLimits].map((one) => one.id).join(", ");
      return err(fieldProblem("invalid_request", pointer, `is no limit: use one of ${known}`));
    }
    if (retries > limit.retries) {
      const detail = `may be lowered and never raised: at most ${limit.retries} (${limit.source})`;
      return err(fieldProblem("amount_out_of_range", pointer, detail));
    }
  }
  return ok(overrides);
}
