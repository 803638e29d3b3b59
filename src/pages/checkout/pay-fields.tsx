import { compare, type Money } from "../../kernel/money.ts";
import type { OfferedMethod } from "../../routing/offered-methods.ts";
import { amountText } from "../i18n/format.ts";
import type { Translate } from "../i18n/language.ts";
import { type DonorField, documentName, noteMost } from "./check-form.ts";
import { controlId, FaultLine, type Faults, faultAttributes, TextField } from "./form-fields.tsx";
import type { FormValues } from "./form-values.ts";
import type { Offer } from "./offer.ts";

type Props = {
  readonly offer: Offer;
  readonly values: FormValues;
  readonly faults: Faults;
  readonly t: Translate;
};

/** Who gives: the union of what the methods ask, each field with its reason. */
export function DonorFields(props: Props) {
  const fields: readonly DonorField[] = ["name", "email", "phone", "tax_id"];
  return (
    <>
      {fields.map((field) => (
        <DonorFieldLine {...props} field={field} />
      ))}
    </>
  );
}

function DonorFieldLine({ field, offer, values, faults, t }: Props & { readonly field: DonorField }) {
  const rules = offer.methods.flatMap((method) =>
    method.donorFields.filter((rule) => rule.field === field).map((rule) => ({ method: method.type, rule })),
  );
  const [first] = rules;
  if (!first) return null;
  const requiredBy = rules.filter(({ rule }) => rule.required).map(({ method }) => method);
  const chosen = rules.find(({ method }) => method === values.method) ?? first;
  const everywhere = requiredBy.length === offer.methods.length;
  return (
    <TextField
      place={field}
      label={field === "tax_id" ? documentName(offer) : t(`give.${field}`)}
      value={values[field]}
      faults={faults}
      optional={everywhere ? undefined : t("give.optional")}
      hint={field === "tax_id" ? taxIdHint(offer, t) : undefined}
      type={field === "email" ? "email" : field === "phone" ? "tel" : "text"}
      autocomplete={field === "phone" ? "tel" : field === "tax_id" ? "off" : field}
      askedBy={rules.map(({ method }) => method).join(" ")}
      requiredBy={requiredBy.join(" ")}
      why={
        <details>
          <summary>{t("give.why")}</summary>
          <p class="hint">{chosen.rule.why[offer.language]}</p>
        </details>
      }
    />
  );
}

function taxIdHint(offer: Offer, t: Translate): string {
  return t("give.tax_id_hint", {
    example: offer.country.donorDocuments.map((document) => document.example).join(" / "),
  });
}

/** How to pay: the country's methods in its order, each with what happens next. */
export function MethodFields({
  offer,
  values,
  faults,
  t,
  amount,
}: Props & { readonly amount: Money | undefined }) {
  return (
    <fieldset id={controlId("method")} tabindex={-1} {...faultAttributes("method", faults)}>
      <legend>{t("give.method")}</legend>
      <div class="choices">
        {offer.methods.map((method) => (
          <label class="choice" data-wallet={method.kind === "wallet" ? method.type : undefined}>
            <input type="radio" name="method" value={method.type} checked={values.method === method.type} />
            <span>
              <strong>{method.label[offer.language]}</strong>
              <span class="hint">{method.hint[offer.language]}</span>
              <span class="hint">{limitsText(method, offer, t)}</span>
              <span class="error" data-outside={method.type} hidden={fits(method, amount)}>
                {t("give.not_for_amount")}
              </span>
            </span>
          </label>
        ))}
      </div>
      <FaultLine place="method" faults={faults} />
    </fieldset>
  );
}

/** Whether the gift is within the method's limits; an amount not known yet fits. */
export function fits(method: OfferedMethod, amount: Money | undefined): boolean {
  if (!amount) return true;
  const low = method.minimum && compare(amount, method.minimum) < 0;
  const high = method.maximum && compare(amount, method.maximum) > 0;
  return !low && !high;
}

/**
 * The limits a donor might meet: a floor above the smallest suggested amount, a ceiling within twenty times the
 * largest. Others are still checked, but not worth a line on a phone.
 */
function limitsText(method: OfferedMethod, { locale, country }: Offer, t: Translate): string {
  const amounts = country.suggestedAmounts;
  const smallest = amounts[0] ?? 0n;
  const largest = amounts.at(-1) ?? 0n;
  const { minimum, maximum } = method;
  const low = minimum && minimum.minor > smallest ? amountText(minimum, locale) : undefined;
  const high = maximum && maximum.minor <= largest * 20n ? amountText(maximum, locale) : undefined;
  if (low && high) return t("give.limits_between", { minimum: low, maximum: high });
  if (low) return t("give.limits_minimum", { minimum: low });
  return high ? t("give.limits_maximum", { maximum: high }) : "";
}

/** The choices that are nobody's business but the donor's: covering the fee, anonymity, a message. */
export function OtherFields({ values, faults, t }: Props) {
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          name="cover_fees"
          value="1"
          checked={values.cover_fees}
          aria-describedby="cover-amount"
        />
        <span>
          {t("give.cover")}
          <span class="hint" id="cover-amount" aria-live="polite" data-cover>
            {t("give.cover_later")}
          </span>
        </span>
      </label>
      <label class="check">
        <input
          type="checkbox"
          name="anonymous"
          value="1"
          checked={values.anonymous}
          aria-describedby="anonymous-hint"
        />
        <span>
          {t("give.anonymous")}
          <span class="hint" id="anonymous-hint">
            {t("give.anonymous_hint")}
          </span>
        </span>
      </label>
      <div class="field">
        <label for={controlId("note")}>
          {t("give.note")} <i>({t("give.optional")})</i>
        </label>
        <textarea
          id={controlId("note")}
          name="note"
          rows={2}
          maxlength={noteMost}
          {...faultAttributes("note", faults, "note-hint")}
        >
          {values.note}
        </textarea>
        <p class="hint" id="note-hint">
          {t("give.note_hint", { count: noteMost })}
        </p>
        <FaultLine place="note" faults={faults} />
      </div>
    </>
  );
}
