import { z } from "zod";
import type { MandateCadence } from "../gateway/mandate.ts";

/**
 * When a recurring gift falls due, as data (facts: giving §4.3). Together with the anchor, the civil date it starts
 * from in the church's zone, a rule says everything: occurrence `n` is computed from rule, anchor and `n`, never from
 * the one before. Months of a quarter, half-year or year count from the anchor's.
 */
export const ruleSchema = z.discriminatedUnion("cadence", [
  /** On the anchor's weekday unless another is named. 1 is Monday, 7 Sunday (ISO 8601). */
  z.object({ cadence: z.literal("weekly"), weekday: z.int().min(1).max(7).optional() }).strict(),
  z.object({ cadence: z.literal("biweekly"), weekday: z.int().min(1).max(7).optional() }).strict(),
  /** Two days of each month: 1 and 15, or the quincena, 15 and last. */
  z
    .object({
      cadence: z.literal("twice_monthly"),
      days: z.union([z.tuple([z.literal(1), z.literal(15)]), z.tuple([z.literal(15), z.literal("last")])]),
    })
    .strict(),
  ...(["monthly", "quarterly", "half_yearly", "yearly"] as const).map((cadence) =>
    z.object({ cadence: z.literal(cadence), on: z.lazy(() => dayOfMonthSchema).optional() }).strict(),
  ),
]);

/**
 * A day of the month: by number (29 to 31 fall on the last day of a shorter month and return in the next), the last,
 * or a weekday by its place, such as the first Sunday. Absent in a rule: the anchor's own day.
 */
const dayOfMonthSchema = z.union([
  z.object({ day: z.int().min(1).max(31) }).strict(),
  z.object({ day: z.literal("last") }).strict(),
  z
    .object({
      nth: z.literal([1, 2, 3, 4, "last"]),
      weekday: z.int().min(1).max(7),
    })
    .strict(),
]);

export type Rule = z.infer<typeof ruleSchema>;
export type DayOfMonth = z.infer<typeof dayOfMonthSchema>;
export type Cadence = Rule["cadence"];

/** The rhythm a rail is told; a rail that does not know ours is asked to take charges as they come. */
export const mandateCadenceOf: Readonly<Record<Cadence, MandateCadence>> = {
  weekly: "weekly",
  biweekly: "as_needed",
  twice_monthly: "as_needed",
  monthly: "monthly",
  quarterly: "quarterly",
  half_yearly: "half_yearly",
  yearly: "yearly",
};

/** When it ends: never, after a date, after so many gifts, when a total is reached, or with its campaign. */
export const endSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("never") }).strict(),
  z.object({ kind: z.literal("on_date"), date: z.iso.date() }).strict(),
  z.object({ kind: z.literal("after_gifts"), gifts: z.int().min(1).max(1000) }).strict(),
  /** Minor units of the gift's currency; the last gift is what is left of it. */
  z.object({ kind: z.literal("at_total"), amount: z.int().min(1) }).strict(),
  /** The campaign's last day, as it was when the gift was made or last changed. */
  z
    .object({ kind: z.literal("with_campaign"), campaign: z.string().min(1).max(64), date: z.iso.date() })
    .strict(),
]);
export type End = z.infer<typeof endSchema>;

/** The words a frequency may be asked for by; the day is then the first gift's. */
export const frequencyWords = [
  "weekly",
  "biweekly",
  "twice_monthly",
  "quincena",
  "monthly",
  "quarterly",
  "half_yearly",
  "yearly",
] as const;

export const ruleOfWord: Readonly<Record<(typeof frequencyWords)[number], Rule>> = {
  weekly: { cadence: "weekly" },
  biweekly: { cadence: "biweekly" },
  twice_monthly: { cadence: "twice_monthly", days: [1, 15] },
  quincena: { cadence: "twice_monthly", days: [15, "last"] },
  monthly: { cadence: "monthly" },
  quarterly: { cadence: "quarterly" },
  half_yearly: { cadence: "half_yearly" },
  yearly: { cadence: "yearly" },
};
