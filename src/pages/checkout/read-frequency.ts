import type { DayOfMonth, Rule } from "../../recurring/rule.ts";

/** The words of the choice, in the order they are shown. `once` is no recurring gift. */
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
export type FrequencyWord = (typeof frequencyWords)[number];

/** What a form says of how often, as text. */
export type FrequencyValues = {
  readonly frequency: string;
  /** `1` (Monday) to `7`, or empty: the day it starts on. */
  readonly weekday: string;
  /** `1` to `31`, `last`, `1.7` (first Sunday) … `last.7`, or empty: the day it starts on. */
  readonly month_day: string;
};

export const isFrequency = (text: string): text is FrequencyWord =>
  frequencyWords.some((word) => word === text);

/** The rule a form asks for; `undefined` where it is no choice of ours. */
export function readRule({ frequency, weekday, month_day }: FrequencyValues): Rule | undefined {
  if (!isFrequency(frequency)) return undefined;
  switch (frequency) {
    case "weekly":
    case "biweekly":
      return /^[1-7]$/.test(weekday)
        ? { cadence: frequency, weekday: Number(weekday) }
        : { cadence: frequency };
    case "twice_monthly":
      return { cadence: "twice_monthly", days: [1, 15] };
    case "quincena":
      return { cadence: "twice_monthly", days: [15, "last"] };
    default: {
      const on = readDay(month_day);
      return on ? { cadence: frequency, on } : { cadence: frequency };
    }
  }
}

function readDay(text: string): DayOfMonth | undefined {
  const [first = "", weekday] = text.split(".");
  if (weekday !== undefined) {
    const nth = ([1, 2, 3, 4, "last"] as const).find((each) => String(each) === first);
    return nth && /^[1-7]$/.test(weekday) ? { nth, weekday: Number(weekday) } : undefined;
  }
  if (first === "last") return { day: "last" };
  const day = /^\d{1,2}$/.test(first) ? Number(first) : 0;
  return day >= 1 && day <= 31 ? { day } : undefined;
}

/** A rule as the form shows it. */
export function frequencyOf(rule: Rule): FrequencyValues {
  const none = { weekday: "", month_day: "" };
  switch (rule.cadence) {
    case "weekly":
    case "biweekly":
      return { ...none, frequency: rule.cadence, weekday: String(rule.weekday ?? "") };
    case "twice_monthly":
      return { ...none, frequency: rule.days[0] === 1 ? "twice_monthly" : "quincena" };
    default:
      return { ...none, frequency: rule.cadence, month_day: rule.on ? dayText(rule.on) : "" };
  }
}

const dayText = (on: DayOfMonth): string => ("day" in on ? String(on.day) : `${on.nth}.${on.weekday}`);
