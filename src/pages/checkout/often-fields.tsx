import type { Language, Translate } from "../i18n/language.ts";
import { controlId, FaultLine, type Faults, faultAttributes } from "./form-fields.tsx";
import type { FormValues } from "./form-values.ts";
import { FrequencyFields } from "./frequency-fields.tsx";
import type { Offer } from "./offer.ts";

type Props = {
  readonly offer: Offer;
  readonly values: FormValues;
  readonly faults: Faults;
  readonly t: Translate;
  readonly language: Language;
};

/** Once, or again and again from a date. Absent where no method of the church can do so. */
export function OftenFields({ offer, values, faults, t, language }: Props) {
  if (offer.standing.length === 0) return <input type="hidden" name="frequency" value="once" />;
  return (
    <FrequencyFields values={values} t={t} language={language} faults={faults} withOnce dayFromStart>
      <div class="field reveal reveal-start">
        <label for={controlId("starts_on")}>{t("often.starts_on")}</label>
        <input
          id={controlId("starts_on")}
          name="starts_on"
          type="date"
          value={values.starts_on}
          {...faultAttributes("starts_on", faults)}
        />
        <FaultLine place="starts_on" faults={faults} />
      </div>
    </FrequencyFields>
  );
}
