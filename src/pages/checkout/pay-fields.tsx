import type { DonorField } from "../../gateway/country-profile.ts";
import { amountText } from "../../kernel/format.ts";
import { compare, type Money } from "../../kernel/money.ts";
import type { OfferedMethod } from "../../routing/offered-methods.ts";
import type { Translate } from "../i18n/language.ts";
import { documentName, type LineField, noteMost } from "./check-form.ts";
import { controlId, FaultLine, type Faults, faultAttributes, TextField } from "./form-fields.tsx";
import type { FormValues } from "./form-values.ts";
import { everyMethod, type Offer } from "./offer.ts";

type Props = {
  readonly offer: Offer;
  readonly values: FormValues;
  readonly faults: Faults;
  readonly t: Translate;
};

/** Who gives: the union of what the methods ask, each field with its reason. */
export function DonorFields(props: Props) {
  const lines: readonly LineField[] = ["name", "email", "phone", "tax_id"];
  return (
    <>
      {lines.map((field) => (
        <DonorFieldLine {...props} field={field} />
      ))}
      <AddressFields {...props} />
      <BankField {...props} />
    </>
  );
}

/** Which methods ask for a field, which insist, and why the chosen one does; `undefined` when none asks. */
function askingFor(field: DonorField, { offer, values }: Props) {
  const methods = everyMethod(offer);
  const rules = methods.flatMap((method) =>
    method.donorFields.filter((rule) => rule.field === field).map((rule) => ({ method: method.type, rule })),
  );
  const chosen = rules.find(({ method }) => method === values.method) ?? rules[0];
  if (!chosen) return undefined;
  const requiredBy = rules.filter(({ rule }) => rule.required).map(({ method }) => method);
  return {
    why: chosen.rule.why[offer.language],
    everywhere: requiredBy.length === methods.length,
    askedBy: rules.map(({ method }) => method).join(" "),
    requiredBy: requiredBy.join(" "),
  };
}

function Why({ t, why }: { readonly t: Translate; readonly why: string }) {
  return (
    <details>
      <summary>{t("give.why")}</summary>
      <p class="hint">{why}</p>
    </details>
  );
}

function DonorFieldLine(props: Props & { readonly field: LineField }) {
  const { field, offer, values, faults, t } = props;
  const asking = askingFor(field, props);
  if (!asking) return null;
  const several = field === "tax_id" && offer.country.donorDocuments.length > 1;
  return (
    <TextField
      place={field}
      before={several ? <DocumentChoice {...props} /> : undefined}
      label={field !== "tax_id" ? t(`give.${field}`) : several ? t("give.tax_id") : documentName(offer)}
      value={values[field]}
      faults={faults}
      optional={asking.everywhere ? undefined : t("give.optional")}
      hint={field === "tax_id" ? taxIdHint(offer, t) : undefined}
      type={field === "email" ? "email" : field === "phone" ? "tel" : "text"}
      autocomplete={field === "phone" ? "tel" : field === "tax_id" ? "off" : field}
      askedBy={asking.askedBy}
      requiredBy={asking.requiredBy}
      why={<Why t={t} why={asking.why} />}
    />
  );
}

/** Which of the country's documents the number is of: some of them look alike. */
function DocumentChoice({ offer, values, t }: Props) {
  return (
    <select name="tax_id_type" aria-label={t("give.tax_id_type")}>
      {offer.country.donorDocuments.map((document) => (
        <option value={document.type} selected={document.type === values.tax_id_type}>
          {document.label[offer.language]}
        </option>
      ))}
    </select>
  );
}

const addressLines = [
  ["street", "address-line1"],
  ["street_number", "off"],
  ["district", "address-level3"],
  ["city", "address-level2"],
  ["region", "address-level1"],
  ["postal_code", "postal-code"],
] as const;

function AddressFields(props: Props) {
  const { values, faults, t } = props;
  const asking = askingFor("address", props);
  if (!asking) return null;
  return (
    <fieldset
      class="field"
      id={controlId("address")}
      tabindex={-1}
      data-asked-by={asking.askedBy}
      data-required-by={asking.requiredBy}
      {...faultAttributes("address", faults)}
    >
      <legend>
        {t("give.address")} <i data-optional>{asking.everywhere ? "" : `(${t("give.optional")})`}</i>
      </legend>
      <div class="two">
        {addressLines.map(([line, autocomplete]) => (
          <div class="field">
            <label for={`f-${line}`}>{t(`give.${line}`)}</label>
            <input
              id={`f-${line}`}
              name={line}
              type="text"
              value={values[line]}
              autocomplete={autocomplete}
              maxlength={200}
            />
          </div>
        ))}
      </div>
      <FaultLine place="address" faults={faults} />
      <Why t={t} why={asking.why} />
    </fieldset>
  );
}

/** The banks of every method that asks for one: the first that could tell its list speaks for all. */
function BankField(props: Props) {
  const { offer, values, faults, t } = props;
  const asking = askingFor("bank", props);
  const banks = offer.methods.find((method) => method.banks.length > 0)?.banks;
  if (!asking || !banks) return null;
  return (
    <div class="field" data-asked-by={asking.askedBy} data-required-by={asking.requiredBy}>
      <label for={controlId("bank")}>
        {t("give.bank")} <i data-optional>{asking.everywhere ? "" : `(${t("give.optional")})`}</i>
      </label>
      <select id={controlId("bank")} name="bank" {...faultAttributes("bank", faults)}>
        <option value="">{t("give.bank_choose")}</option>
        {banks.map((bank) => (
          <option value={bank.code} selected={bank.code === values.bank}>
            {bank.name}
          </option>
        ))}
      </select>
      <FaultLine place="bank" faults={faults} />
      <Why t={t} why={asking.why} />
    </div>
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
        {everyMethod(offer).map((method) => (
          <label
            class={offer.methods.includes(method) ? "choice" : "choice when-often"}
            data-wallet={method.kind === "wallet" ? method.type : undefined}
          >
            <input type="radio" name="method" value={method.type} checked={values.method === method.type} />
            <span>
              <strong>{method.label[offer.language]}</strong>
              <span class="hint">{method.hint[offer.language]}</span>
              <span class="hint when-often" data-recurs={method.type}>
                {t(`often.${standingOf(offer, method.type)?.recurring ?? "only_once"}`)}
              </span>
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

const standingOf = (offer: Offer, type: string) => offer.standing.find((method) => method.type === type);

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
function limitsText(method: OfferedMethod, { locale, suggestedAmounts }: Offer, t: Translate): string {
  const smallest = suggestedAmounts[0] ?? 0n;
  const largest = suggestedAmounts.at(-1) ?? 0n;
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
