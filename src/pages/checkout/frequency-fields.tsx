import type { Child } from "hono/jsx";
import { describeRule } from "../../recurring/describe-rule.ts";
import type { Language, Translate } from "../i18n/language.ts";
import { controlId, FaultLine, type Faults, faultAttributes } from "./form-fields.tsx";
import { type FrequencyValues, frequencyWords, readRule } from "./read-frequency.ts";

type Props = {
  readonly values: FrequencyValues;
  readonly t: Translate;
  readonly language: Language;
  /** Giving once is a choice too. */
  readonly withOnce: boolean;
  /** The day may stay that of the date it starts on. */
  readonly dayFromStart: boolean;
  readonly faults: Faults;
  readonly children?: Child;
};

/** How often, and on which day: radio buttons, with the day's list beside those that have one. */
export function FrequencyFields(props: Props) {
  const { values, t, withOnce, faults } = props;
  return (
    <fieldset
      class="often"
      id={controlId("frequency")}
      tabindex={-1}
      {...faultAttributes("frequency", faults)}
    >
      <legend>{t("often.question")}</legend>
      <div class="amounts">
        {withOnce ? <Choice word="once" label={t("often.once")} chosen={values.frequency} /> : null}
        {frequencyWords.map((word) => (
          <Choice word={word} label={t(`often.${word}`)} chosen={values.frequency} />
        ))}
      </div>
      <DayOfWeek {...props} />
      <DayOfMonth {...props} />
      {props.children}
      <FaultLine place="frequency" faults={faults} />
    </fieldset>
  );
}

function Choice(props: { readonly word: string; readonly label: string; readonly chosen: string }) {
  return (
    <label class="chip">
      <input type="radio" name="frequency" value={props.word} checked={props.chosen === props.word} />
      <span>{props.label}</span>
    </label>
  );
}

function DayOfWeek({ values, t, language, dayFromStart }: Props) {
  return (
    <div class="field reveal reveal-weekday">
      <label for="f-weekday">{t("often.weekday")}</label>
      <select id="f-weekday" name="weekday">
        {dayFromStart ? <option value="">{t("often.from_start")}</option> : null}
        {weekdayNames(language).map((name, at) => (
          <option value={String(at + 1)} selected={values.weekday === String(at + 1)}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

const anyMonday = "2024-01-01";
const sundays = ["1", "2", "3", "4", "last"] as const;
const monthDays = Array.from({ length: 31 }, (_, at) => String(at + 1));

function DayOfMonth({ values, t, language, dayFromStart }: Props) {
  const is = (value: string) => ({ value, selected: values.month_day === value });
  // What the API asked for may be a day this list has not: it stays choosable.
  const asked = readRule(values);
  const [, weekday = "7"] = values.month_day.split(".");
  return (
    <div class="field reveal reveal-month-day">
      <label for="f-month-day">{t("often.month_day")}</label>
      <select id="f-month-day" name="month_day" aria-describedby="h-month-day">
        {dayFromStart ? <option value="">{t("often.from_start")}</option> : null}
        {monthDays.map((day) => (
          <option {...is(day)}>{t("often.day", { day })}</option>
        ))}
        <option {...is("last")}>{t("often.last_day")}</option>
        {sundays.map((place) => (
          <option {...is(`${place}.7`)}>{t(`often.sunday_${place}`)}</option>
        ))}
        {weekday !== "7" && asked ? (
          <option {...is(values.month_day)}>{describeRule(asked, anyMonday, language)}</option>
        ) : null}
      </select>
      <p class="hint" id="h-month-day">
        {t("often.short_months")}
      </p>
    </div>
  );
}

/** Monday first. 2024 began on a Monday. */
function weekdayNames(language: Language): readonly string[] {
  const format = new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" });
  return Array.from({ length: 7 }, (_, at) => format.format(new Date(Date.UTC(2024, 0, 1 + at))));
}
