import type { Translate } from "../i18n/language.ts";
import { controlId, FaultLine, type Faults, faultAttributes } from "./form-fields.tsx";
import type { FormValues } from "./form-values.ts";
import type { Offer } from "./offer.ts";

type Props = {
  readonly offer: Offer;
  readonly values: FormValues;
  readonly faults: Faults;
  readonly t: Translate;
};

const lines = ["account_holder", "account_routing", "account_number"] as const;

/**
 * The donor's own bank account, where the church debits it by a file to its bank, and the words by which the donor
 * allows that. The number is not written back into the page after a fault: it is typed again.
 */
export function AccountFields({ offer, values, faults, t }: Props) {
  const askedBy = offer.methods.filter((method) => method.takesAccount).map(({ type }) => type);
  if (askedBy.length === 0) return null;
  return (
    <fieldset class="field" data-asked-by={askedBy.join(" ")} data-required-by={askedBy.join(" ")}>
      <legend>{t("give.account")}</legend>
      {lines.map((place) => (
        <div class="field">
          <label for={controlId(place)}>{t(`give.${place}`)}</label>
          <input
            id={controlId(place)}
            name={place}
            type="text"
            inputmode={place === "account_holder" ? undefined : "numeric"}
            autocomplete="off"
            maxlength={place === "account_holder" ? 100 : 40}
            value={place === "account_number" ? "" : values[place]}
            {...faultAttributes(place, faults)}
          />
          <FaultLine place={place} faults={faults} />
        </div>
      ))}
      <div class="field">
        <label for="f-account_type">{t("give.account_type")}</label>
        <select id="f-account_type" name="account_type">
          {(["checking", "savings"] as const).map((type) => (
            <option value={type} selected={type === values.account_type}>
              {t(`give.account_${type}`)}
            </option>
          ))}
        </select>
      </div>
      <label class="check">
        <input
          id={controlId("account_agreed")}
          type="checkbox"
          name="account_agreed"
          value="1"
          checked={values.account_agreed}
          {...faultAttributes("account_agreed", faults)}
        />
        <span>{t("give.account_agreed", { church: offer.church.name })}</span>
      </label>
      <FaultLine place="account_agreed" faults={faults} />
    </fieldset>
  );
}
