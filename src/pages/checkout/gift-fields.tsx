import { exponentOf } from "../../kernel/currency.ts";
import { formatMoney, type Money, money } from "../../kernel/money.ts";
import type { Translate } from "../i18n/language.ts";
import { controlId, FaultLine, type Faults, faultAttributes } from "./form-fields.tsx";
import { type FormValues, partField } from "./form-values.ts";
import type { Offer } from "./offer.ts";
import { exampleAmount } from "./read-amounts.ts";

type Props = {
  readonly offer: Offer;
  readonly values: FormValues;
  readonly faults: Faults;
  readonly t: Translate;
};

/** How much: suggested amounts first, then any other. */
export function AmountFields({ offer, values, faults, t }: Props) {
  const wrong = faults.some((fault) => fault.place === "amount");
  return (
    <fieldset
      class="amount-part"
      id={controlId("amount")}
      tabindex={-1}
      {...faultAttributes("amount", faults)}
    >
      <legend>{t("give.amount")}</legend>
      <div class="amounts">
        {offer.suggestedAmounts.map((minor) => (
          <label class="chip">
            <input
              type="radio"
              name="amount"
              value={String(minor)}
              checked={values.amount === String(minor)}
            />
            <ChipAmount amount={money(minor, offer.currency)} locale={offer.locale} />
          </label>
        ))}
        <label class="chip">
          <input
            type="radio"
            name="amount"
            value="other"
            id="amount-other"
            checked={values.amount === "other"}
          />
          <span>{t("give.amount_other")}</span>
        </label>
      </div>
      <div class="field reveal reveal-other">
        <label for="amount-typed">{t("give.amount_other_label", { currency: offer.currency })}</label>
        <input
          id="amount-typed"
          name="amount_other"
          type="text"
          inputmode="decimal"
          autocomplete="off"
          maxlength={40}
          value={values.amount_other}
          aria-describedby={wrong ? "e-amount amount-hint" : "amount-hint"}
          {...(wrong ? { "aria-invalid": "true" } : {})}
        />
        <p class="hint" id="amount-hint">
          {t("give.amount_other_hint", { example: exampleAmount(offer) })}
        </p>
      </div>
      <FaultLine place="amount" faults={faults} />
    </fieldset>
  );
}

/** What for: one fund, or a share for each. Absent where the church has a single fund. */
export function FundFields({ offer, values, faults, t }: Props) {
  const [only] = offer.funds;
  if (offer.funds.length < 2) return <input type="hidden" name="fund" value={only?.code ?? ""} />;
  return (
    <div class="fund-part field">
      <div class="field hide-split">
        <label for={controlId("fund")}>{t("give.fund")}</label>
        <select id={controlId("fund")} name="fund" {...faultAttributes("fund", faults)}>
          {offer.funds.map((fund) => (
            <option value={fund.code} selected={fund.code === values.fund}>
              {fund.name}
            </option>
          ))}
        </select>
        <FaultLine place="fund" faults={faults} />
      </div>
      <label class="check">
        <input type="checkbox" name="split" id="split" value="1" checked={values.split} />
        <span>{t("give.split")}</span>
      </label>
      <fieldset class="reveal reveal-split">
        <legend class="hint">{t("give.split_hint")}</legend>
        {offer.funds.map((fund) => (
          <SplitRow offer={offer} fund={fund} values={values} faults={faults} t={t} />
        ))}
        <p class="hint" aria-live="polite" data-split-left></p>
      </fieldset>
    </div>
  );
}

function SplitRow({ fund, values, faults }: Props & { readonly fund: Offer["funds"][number] }) {
  const place = `part_${fund.code}` as const;
  return (
    <div>
      <div class="split-row">
        <label for={controlId(place)}>{fund.name}</label>
        <input
          id={controlId(place)}
          name={partField(fund.code)}
          type="text"
          inputmode="decimal"
          autocomplete="off"
          maxlength={40}
          value={values.parts[fund.code] ?? ""}
          {...faultAttributes(place, faults)}
        />
      </div>
      <FaultLine place={place} faults={faults} />
    </div>
  );
}

/** A suggested amount, short: whole units without decimals, the currency's code small. */
function ChipAmount({ amount, locale }: { readonly amount: Money; readonly locale: string }) {
  return (
    <span>
      {shortAmount(amount, locale)} <small>{amount.currency}</small>
    </span>
  );
}

function shortAmount(amount: Money, locale: string): string {
  const { currency, minor } = amount;
  const unit = 10n ** BigInt(exponentOf(currency));
  if (minor % unit !== 0n) return formatMoney(amount, locale);
  const options = {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    maximumFractionDigits: 0,
  } as const;
  return new Intl.NumberFormat(locale, options).format(minor / unit);
}
