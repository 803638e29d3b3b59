import { Temporal } from "temporal-polyfill";
import { inLanguage, type Localized } from "../gateway/country-profile.ts";
import { exhaustive } from "../kernel/result.ts";
import type { DayOfMonth, Rule } from "./rule.ts";
import { occurrenceAt } from "./schedule.ts";

/**
 * A rule as its donor would say it: `cada mes, el primer domingo`; `every week, on Friday`. `locale` is a BCP 47 tag;
 * Spanish where we do not speak its language. Where the rule leaves the day open the anchor tells it.
 */
export function describeRule(rule: Rule, anchor: string, locale: string): string {
  const start = Temporal.PlainDate.from(anchor);
  const say = (words: Localized) => inLanguage(words, locale);
  switch (rule.cadence) {
    case "weekly":
    case "biweekly": {
      const weekday = weekdays[(rule.weekday ?? start.dayOfWeek) - 1] ?? sunday;
      return `${say(everyTime[rule.cadence])}, ${say(onWeekday(weekday))}`;
    }
    case "twice_monthly":
      return say(rule.days[0] === 1 ? firstAndFifteenth : quincena);
    case "monthly":
      return `${say(everyTime.monthly)}, ${say(onDay(rule.on ?? { day: start.day }))}`;
    case "quarterly":
    case "half_yearly":
      return `${say(everyTime[rule.cadence])}, ${say(onDay(rule.on ?? { day: start.day }))}`;
    case "yearly":
      return `${say(everyTime.yearly)}, ${say(onDay(rule.on ?? { day: start.day }, monthOfYear(rule, anchor)))}`;
    default:
      return exhaustive(rule);
  }
}

/** The month a yearly gift comes in: the first date's, since a day gone by in the anchor's month moves it on by one. */
function monthOfYear(rule: Rule, anchor: string): Localized | undefined {
  return months[Temporal.PlainDate.from(occurrenceAt(rule, anchor, 0).dueOn).month - 1];
}

const everyTime = {
  weekly: { es: "cada semana", pt: "toda semana", en: "every week" },
  biweekly: { es: "cada dos semanas", pt: "a cada duas semanas", en: "every two weeks" },
  monthly: { es: "cada mes", pt: "todo mês", en: "every month" },
  quarterly: { es: "cada tres meses", pt: "a cada três meses", en: "every three months" },
  half_yearly: { es: "cada seis meses", pt: "a cada seis meses", en: "every six months" },
  yearly: { es: "cada año", pt: "todo ano", en: "every year" },
} as const satisfies Record<string, Localized>;

const firstAndFifteenth: Localized = {
  es: "dos veces al mes, los días 1 y 15",
  pt: "duas vezes por mês, nos dias 1 e 15",
  en: "twice a month, on the 1st and the 15th",
};
const quincena: Localized = {
  es: "cada quincena, el día 15 y el último del mes",
  pt: "duas vezes por mês, no dia 15 e no último dia",
  en: "twice a month, on the 15th and the last day",
};

const sunday: Localized = { es: "domingo", pt: "domingo", en: "Sunday" };
/** Monday first, as ISO 8601 counts. */
const weekdays: readonly Localized[] = [
  { es: "lunes", pt: "segunda-feira", en: "Monday" },
  { es: "martes", pt: "terça-feira", en: "Tuesday" },
  { es: "miércoles", pt: "quarta-feira", en: "Wednesday" },
  { es: "jueves", pt: "quinta-feira", en: "Thursday" },
  { es: "viernes", pt: "sexta-feira", en: "Friday" },
  { es: "sábado", pt: "sábado", en: "Saturday" },
  sunday,
];

const months: readonly Localized[] = [
  { es: "enero", pt: "janeiro", en: "January" },
  { es: "febrero", pt: "fevereiro", en: "February" },
  { es: "marzo", pt: "março", en: "March" },
  { es: "abril", pt: "abril", en: "April" },
  { es: "mayo", pt: "maio", en: "May" },
  { es: "junio", pt: "junho", en: "June" },
  { es: "julio", pt: "julho", en: "July" },
  { es: "agosto", pt: "agosto", en: "August" },
  { es: "septiembre", pt: "setembro", en: "September" },
  { es: "octubre", pt: "outubro", en: "October" },
  { es: "noviembre", pt: "novembro", en: "November" },
  { es: "diciembre", pt: "dezembro", en: "December" },
];

/** In Portuguese Monday to Friday are feminine, Saturday and Sunday masculine. */
const onWeekday = (weekday: Localized): Localized => ({
  es: `el ${weekday.es}`,
  pt: `${weekday.pt.endsWith("feira") ? "na" : "no"} ${weekday.pt}`,
  en: `on ${weekday.en}`,
});

function onDay(on: DayOfMonth, month?: Localized): Localized {
  const of = {
    es: month ? ` de ${month.es}` : "",
    pt: month ? ` de ${month.pt}` : "",
    en: month ? ` of ${month.en}` : "",
  };
  if ("day" in on) {
    if (on.day === "last") {
      return { es: `el último día${of.es}`, pt: `no último dia${of.pt}`, en: `on the last day${of.en}` };
    }
    return {
      es: `el día ${on.day}${of.es}`,
      pt: `no dia ${on.day}${of.pt}`,
      en: `on the ${nth(on.day)}${of.en}`,
    };
  }
  const place = places[on.nth];
  const weekday = weekdays[on.weekday - 1] ?? sunday;
  const feminine = weekday.pt.endsWith("feira");
  return {
    es: `el ${place.es} ${weekday.es}${of.es}`,
    pt: `${feminine ? "na" : "no"} ${feminine ? place.ptFeminine : place.pt} ${weekday.pt}${of.pt}`,
    en: `on the ${place.en} ${weekday.en}${of.en}`,
  };
}

const places = {
  1: { es: "primer", pt: "primeiro", ptFeminine: "primeira", en: "first" },
  2: { es: "segundo", pt: "segundo", ptFeminine: "segunda", en: "second" },
  3: { es: "tercer", pt: "terceiro", ptFeminine: "terceira", en: "third" },
  4: { es: "cuarto", pt: "quarto", ptFeminine: "quarta", en: "fourth" },
  last: { es: "último", pt: "último", ptFeminine: "última", en: "last" },
} as const;

function nth(day: number): string {
  const tail = day % 100 >= 11 && day % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][day % 10] ?? "th");
  return `${day}${tail}`;
}
