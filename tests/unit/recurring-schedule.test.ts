import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { countries } from "../../countries/index.ts";
import { describeRule } from "../../src/recurring/describe-rule.ts";
import type { Rule } from "../../src/recurring/rule.ts";
import {
  civilDate,
  datesFrom,
  indexAfter,
  indexFrom,
  instantAt,
  instantOf,
  occurrenceAt,
} from "../../src/recurring/schedule.ts";

const dates = (rule: Rule, anchor: string, count: number) =>
  datesFrom(rule, anchor, anchor, count).map(({ dueOn }) => dueOn);

const steps = { monthly: 1, quarterly: 3, half_yearly: 6, yearly: 12 } as const;
const byMonth = ["monthly", "quarterly", "half_yearly", "yearly"] as const;
/** Every rhythm with every day it can name. */
const rules: readonly Rule[] = [
  ...(["weekly", "biweekly"] as const).flatMap((cadence): Rule[] => [
    { cadence },
    ...[1, 2, 3, 4, 5, 6, 7].map((weekday): Rule => ({ cadence, weekday })),
  ]),
  { cadence: "twice_monthly", days: [1, 15] },
  { cadence: "twice_monthly", days: [15, "last"] },
  ...byMonth.flatMap((cadence): Rule[] => [
    { cadence },
    { cadence, on: { day: "last" } },
    ...Array.from({ length: 31 }, (_, day): Rule => ({ cadence, on: { day: day + 1 } })),
    ...([1, 2, 3, 4, "last"] as const).flatMap((nth) =>
      [1, 2, 3, 4, 5, 6, 7].map((weekday): Rule => ({ cadence, on: { nth, weekday } })),
    ),
  ]),
];

/** Every day of twenty years, with what a calendar says of it; made by counting, not by the rules under test. */
const first = Date.UTC(2026, 0, 1);
const calendar = Array.from({ length: 7_305 }, (_, at) => {
  const day = new Date(first + at * 86_400_000);
  const length = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
  return {
    text: day.toISOString().slice(0, 10),
    month: day.getUTCFullYear() * 12 + day.getUTCMonth(),
    day: day.getUTCDate(),
    weekday: ((day.getUTCDay() + 6) % 7) + 1,
    length,
    at,
  };
});
type Day = (typeof calendar)[number];

/** Whether a rule means a day, told day by day: the oracle. `start` is the first day it was found to mean. */
function means(rule: Rule, anchor: Day, start: Day | undefined, day: Day): boolean {
  switch (rule.cadence) {
    case "weekly":
    case "biweekly": {
      const every = rule.cadence === "weekly" ? 7 : 14;
      return (
        day.weekday === (rule.weekday ?? anchor.weekday) && (!start || (day.at - start.at) % every === 0)
      );
    }
    case "twice_monthly":
      return rule.days.some((each) => day.day === (each === "last" ? day.length : each));
    default: {
      if (start && (day.month - start.month) % steps[rule.cadence] !== 0) return false;
      const on = rule.on ?? { day: anchor.day };
      if ("day" in on) return day.day === (on.day === "last" ? day.length : Math.min(on.day, day.length));
      const place = on.nth === "last" ? day.day + 7 > day.length : Math.ceil(day.day / 7) === on.nth;
      return day.weekday === on.weekday && place;
    }
  }
}

function expected(rule: Rule, anchor: Day): readonly string[] {
  const found: string[] = [];
  let start: Day | undefined;
  for (const day of calendar) {
    if (day.at < anchor.at || !means(rule, anchor, start, day)) continue;
    start ??= day;
    found.push(day.text);
  }
  return found;
}

describe("twenty years of every rhythm and every day it can name", () => {
  const anchors = [30, 58, 789, 319].map((at) => calendar[at]).filter((day) => day !== undefined);
  test.each(anchors)(
    "from $text: nothing is lost, doubled or drifts, and no two share a period",
    (anchor) => {
      for (const rule of rules) {
        const wanted = expected(rule, anchor);
        const made = wanted.map((_, index) => occurrenceAt(rule, anchor.text, index));
        expect(
          made.map(({ dueOn }) => dueOn),
          JSON.stringify(rule),
        ).toEqual(wanted);
        expect(new Set(made.map(({ period }) => period)).size, JSON.stringify(rule)).toBe(made.length);
      }
    },
  );

  test("an occurrence is the same whichever others were asked for, and is found again by its date", () => {
    const anyRule = fc.constantFrom(...rules);
    const anyDay = fc.constantFrom(...calendar.slice(0, 1_500));
    fc.assert(
      fc.property(anyRule, anyDay, fc.nat(400), (rule, anchor, index) => {
        const { dueOn } = occurrenceAt(rule, anchor.text, index);
        expect(dueOn >= anchor.text).toBe(true);
        expect(indexFrom(rule, anchor.text, dueOn)).toBe(index);
        const dayAfter = Temporal.PlainDate.from(dueOn).add({ days: 1 }).toString();
        expect(indexFrom(rule, anchor.text, dayAfter)).toBe(index + 1);
      }),
      { numRuns: 300 },
    );
  });
});

describe("days that not every month has", () => {
  test("the 31st falls on the last day of a shorter month, and comes back", () => {
    expect(dates({ cadence: "monthly" }, "2027-01-31", 5)).toEqual([
      "2027-01-31",
      "2027-02-28",
      "2027-03-31",
      "2027-04-30",
      "2027-05-31",
    ]);
  });
  test("29 February falls on the 28th until the next leap year", () => {
    expect(dates({ cadence: "yearly" }, "2028-02-29", 5)).toEqual([
      "2028-02-29",
      "2029-02-28",
      "2030-02-28",
      "2031-02-28",
      "2032-02-29",
    ]);
  });
  test("quincena: the 15th and the last, whatever the month", () => {
    expect(dates({ cadence: "twice_monthly", days: [15, "last"] }, "2028-02-16", 3)).toEqual([
      "2028-02-29",
      "2028-03-15",
      "2028-03-31",
    ]);
  });
  test("the first Sunday", () => {
    const rule: Rule = { cadence: "monthly", on: { nth: 1, weekday: 7 } };
    expect(dates(rule, "2026-11-02", 3)).toEqual(["2026-12-06", "2027-01-03", "2027-02-07"]);
  });
});

describe("when it is asked for", () => {
  const zones = [
    ...new Set([
      ...[...countries.values()].map(({ timeZone }) => timeZone),
      ...["America/Sao_Paulo", "America/Santiago", "America/Asuncion", "Europe/Lisbon", "America/Chihuahua"],
      ...["America/Tijuana", "America/Los_Angeles", "America/Havana", "Atlantic/Azores", "Pacific/Easter"],
    ]),
  ];
  test.each(zones)(
    "%s: every morning of twenty years, once, between six and ten of that very day",
    (zone) => {
      // Every fifth day of the months in which clocks change, and one in twenty-three of the others.
      const changes = (at: number) => /-(0[2349]|1[01])-/.test(calendar[at]?.text ?? "") && at % 5 === 0;
      let before = 0;
      for (const { text, at } of calendar) {
        if (!changes(at) && at % 23 !== 0) continue;
        const instant = instantOf(text, zone, `rcg_${at}`);
        const local = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone);
        if (local.toPlainDate().toString() !== text || local.hour < 6 || local.hour > 9) {
          expect.fail(`${text} in ${zone} was asked for at ${local.toString()}`);
        }
        expect(instant.getTime()).toBeGreaterThan(before);
        before = instant.getTime();
      }
    },
  );

  test.each([
    ["New York, spring", "America/New_York", "2026-03-08T02:30", "2026-03-08T07:00:00.000Z"],
    ["Santiago, at midnight", "America/Santiago", "2026-09-06T00:30", "2026-09-06T04:00:00.000Z"],
    [
      "New York, autumn: the first of the two",
      "America/New_York",
      "2026-11-01T01:30",
      "2026-11-01T05:30:00.000Z",
    ],
    ["Santiago, autumn", "America/Santiago", "2026-04-04T23:30", "2026-04-05T02:30:00.000Z"],
  ])("%s: a time that is not there is the next there is", (_, zone, civil, instant) => {
    expect(instantAt(Temporal.PlainDateTime.from(civil), zone).toISOString()).toBe(instant);
  });

  test("a church's gifts are spread over the morning, each always at its own minute", () => {
    const at = (seed: number) => instantOf("2026-12-01", "America/Bogota", `rcg_${seed}`).toISOString();
    const minutes = new Set(Array.from({ length: 2_000 }, (_, seed) => at(seed).slice(0, 16)));
    expect(minutes.size).toBeGreaterThan(230);
    expect(at(7)).toBe(at(7));
  });

  test("the day is the church's, not the server's", () => {
    expect(civilDate(new Date("2026-12-01T03:00:00Z"), "America/Mexico_City")).toBe("2026-11-30");
  });
});

describe("a rule put in another's place", () => {
  const opened = (rule: Rule, period: string, dueOn: string) => ({ rule, period, dueOn });
  test.each<readonly [string, Rule, ReturnType<typeof opened>, string]>([
    [
      "another day of a month given for: the next month",
      on(20),
      opened(on(5), "2026-11", "2026-11-05"),
      "2026-12-20",
    ],
    ["an earlier day: still the next month", on(2), opened(on(5), "2026-11", "2026-11-05"), "2026-12-02"],
    [
      "another weekday of a week given for: the next week",
      { cadence: "weekly", weekday: 5 },
      opened({ cadence: "weekly", weekday: 2 }, "2026-W46", "2026-11-10"),
      "2026-11-20",
    ],
    [
      "yearly to monthly: the next month, not the next year",
      on(1),
      opened({ cadence: "yearly" }, "2026", "2026-11-05"),
      "2026-12-01",
    ],
    [
      "weekly to monthly: this month's day, after the week given for",
      on(20),
      opened({ cadence: "weekly" }, "2026-W46", "2026-11-10"),
      "2026-11-20",
    ],
  ])("%s", (_, rule, last, dueOn) => {
    const index = indexAfter(rule, "2026-11-03", "2026-11-11", last);
    expect(occurrenceAt(rule, "2026-11-03", index).dueOn).toBe(dueOn);
  });
});

function on(day: number): Rule {
  return { cadence: "monthly", on: { day } };
}

test.each<readonly [Rule, string, string, string]>([
  [
    { cadence: "monthly", on: { nth: 1, weekday: 7 } },
    "cada mes, el primer domingo",
    "todo mês, no primeiro domingo",
    "every month, on the first Sunday",
  ],
  [{ cadence: "weekly" }, "cada semana, el lunes", "toda semana, na segunda-feira", "every week, on Monday"],
  [
    { cadence: "twice_monthly", days: [15, "last"] },
    "cada quincena, el día 15 y el último del mes",
    "duas vezes por mês, no dia 15 e no último dia",
    "twice a month, on the 15th and the last day",
  ],
  [
    { cadence: "yearly", on: { day: 22 } },
    "cada año, el día 22 de noviembre",
    "todo ano, no dia 22 de novembro",
    "every year, on the 22nd of November",
  ],
  [
    { cadence: "quarterly", on: { day: "last" } },
    "cada tres meses, el último día",
    "a cada três meses, no último dia",
    "every three months, on the last day",
  ],
])("a rule is said as its donor would say it: %j", (rule, es, pt, en) => {
  const say = (locale: string) => describeRule(rule, "2026-11-02", locale);
  expect([say("es-MX"), say("pt-BR"), say("en-US")]).toEqual([es, pt, en]);
});
